"""What is typed to raise a bonus claim, and what the ledger is asked for."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import MonthField, StyledForm, whole_number
from common.uploads import Checked
from common.wording import signed
from incidents.models import BonusKind, BonusStep
from incidents.selectors.claims import LedgerFilter
from incidents.services.bonuses import BonusDraft
from people.forms import PersonField


class BonusForm(StyledForm):
    """Who, which entry of the standard, when, on what grounds. The points follow from the entry."""

    employee = PersonField(label=gettext_lazy("给谁加分"))
    step = forms.ChoiceField(label=gettext_lazy("加分标准"))
    occurred_on = forms.DateField(label=gettext_lazy("发生日期"))
    text = forms.CharField(
        label=gettext_lazy("依据"), max_length=500, widget=forms.Textarea({"rows": 3, "class": "inp"})
    )

    def __init__(self, *args: Any, kinds: Sequence[BonusKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = cast(forms.ChoiceField, self.fields["step"])
        rows = [(kind, row) for kind in kinds for row in kind.steps.all()]
        self.kinds = {str(row.pk): (kind, row) for kind, row in rows}
        step.choices = [("", _("选一条")), *((row.pk, _step_words(kind, row)) for kind, row in rows)]
        step.error_messages |= {
            "required": _("选一条加分标准。"),
            "invalid_choice": _("加分标准刚改过，重新选一次。"),
        }

    def entry(self) -> tuple[BonusKind, BonusStep] | None:
        """The entry chosen so far, whether the rest is right or not."""
        return self.kinds.get(str(self["step"].value() or ""))

    def draft(self, files: tuple[Checked, ...]) -> BonusDraft:
        """The claim; only of a form that is valid."""
        typed = self.cleaned_data
        kind, step = self.kinds[typed["step"]]
        return BonusDraft(
            employee_id=typed["employee"].pk,
            kind_id=kind.pk,
            step_id=step.pk,
            occurred_on=typed["occurred_on"],
            grounds=typed["text"],
            same_event_as=whole_number(self.data.get("same", "")),
            files=files,
        )


class LedgerForm(forms.Form):
    """The ledger's filters; what makes no sense filters nothing."""

    state = forms.CharField(required=False, max_length=20)
    kind = forms.CharField(required=False, max_length=10)
    side = forms.CharField(required=False, max_length=10)
    text = forms.CharField(required=False, max_length=40)
    month = MonthField(required=False)

    def wanted(self) -> LedgerFilter:
        """As the ledger reads it."""
        self.is_valid()
        return LedgerFilter(**{name: value for name, value in self.cleaned_data.items() if value})


def _step_words(kind: BonusKind, step: BonusStep) -> str:
    """The points first: a phone cuts off the end of a line."""
    return " ".join(part for part in (signed(step.points), kind.display_name, step.display_label) if part)
