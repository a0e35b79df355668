"""What is typed to file an incident, and what the ledger is asked for; the rules are in the services."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import RuleError
from common.forms import MonthField, StyledForm, whole_number
from common.uploads import Checked
from incidents.models import IncidentKind
from incidents.selectors.ledger import Asked
from incidents.services.filing import IncidentDraft, Share
from incidents.states import EventState
from people.forms import PersonField
from people.models import Employee

MOST_ROWS = 20


class ShareForm(StyledForm):
    """One person concerned and his points; left empty, those of the standard. Repeated under the same names."""

    person = PersonField(label=gettext_lazy("当事人"), missing=gettext_lazy("写上当事人。"))
    points = forms.DecimalField(label=gettext_lazy("扣分"), required=False, max_digits=6, decimal_places=2)


class IncidentForm(StyledForm):
    """When, where, which entry of the standard, what happened, who found it; who is concerned stands in ``shares``."""

    occurred_on = forms.DateField(label=gettext_lazy("发生日期"))
    occurred_time = forms.TimeField(
        label=gettext_lazy("几点"), required=False, widget=forms.TimeInput({"type": "time", "class": "inp"}, "%H:%M")
    )
    text = forms.CharField(
        label=gettext_lazy("发生了什么"),
        max_length=500,
        widget=forms.Textarea({"rows": 3, "class": "inp"}),
        error_messages={"required": gettext_lazy("写清楚发生了什么。")},
    )
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    found_by = PersonField(label=gettext_lazy("发现人"), required=False)

    def __init__(self, *args: Any, kinds: Sequence[IncidentKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {str(kind.pk): kind for kind in kinds}
        self.fields["kind"] = forms.ChoiceField(
            label=gettext_lazy("考核标准"),
            choices=[(pk, one.display_name) for pk, one in self.kinds.items()],
            error_messages={"required": _("选一条标准。"), "invalid_choice": _("这一条标准已停用，换一条。")},
        )
        data = self.data if isinstance(self.data, MultiValueDict) else MultiValueDict()
        self.shares = share_forms(data)

    def is_valid(self) -> bool:
        """Every part is looked at, so that all faults show at once."""
        shares = [one.is_valid() for one in self.shares]
        return super().is_valid() and all(shares)

    def chosen(self) -> IncidentKind | None:
        """The entry chosen so far, whether the rest is right or not."""
        return self.kinds.get(str(self["kind"].value() or ""))

    def named(self) -> list[Employee]:
        """The people named so far, each once."""
        found = [one.cleaned_data.get("person") for one in self.shares if one.is_bound]
        return list(dict.fromkeys(person for person in found if person is not None))

    def refuse(self, refusal: RuleError) -> None:
        """Put what the service said where it belongs: at a person's points, at a field, else on top."""
        about = getattr(refusal, "employee_id", None)
        for one in self.shares if about is not None else ():
            if one.cleaned_data["person"].pk == about:
                one.add_error("points", str(refusal))
                return
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))

    def draft(self, files: tuple[Checked, ...]) -> IncidentDraft:
        """The record; only of a form that is valid."""
        typed = self.cleaned_data
        people = [(one.cleaned_data["person"].pk, one.cleaned_data["points"]) for one in self.shares]
        return IncidentDraft(
            kind_id=self.kinds[typed["kind"]].pk,
            occurred_on=typed["occurred_on"],
            occurred_time=typed["occurred_time"],
            place=typed["place"],
            description=typed["text"],
            found_by_id=typed["found_by"].pk if typed["found_by"] else None,
            people=tuple(Share(pk, points) for pk, points in people),
            files=files,
        )


def share_forms(data: MultiValueDict[str, Any]) -> list[ShareForm]:
    """A form for each person typed; an empty one where there is none."""
    people, points = data.getlist("person")[:MOST_ROWS], data.getlist("points")
    points += [""] * (len(people) - len(points))
    typed = [{"person": str(one), "points": str(n)} for one, n in zip(people, points, strict=False)]
    filled = [row for row in typed if any(value.strip() for value in row.values())] or typed[:1]
    return [ShareForm(row) for row in filled] or [ShareForm()]


class LedgerForm(forms.Form):
    """The ledger's filters; what makes no sense filters nothing."""

    state = forms.ChoiceField(required=False, choices=EventState.choices)
    month = MonthField(required=False)
    kind = forms.CharField(required=False, max_length=18)
    person = forms.CharField(required=False, max_length=60)

    def wanted(self) -> Asked:
        """What was asked for."""
        self.is_valid()
        typed = self.cleaned_data
        return Asked(
            state=typed.get("state", ""),
            month=typed.get("month"),
            kind_id=whole_number(typed.get("kind", "")),
            person=typed.get("person", ""),
        )
