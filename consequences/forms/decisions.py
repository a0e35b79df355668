"""What HR types when deciding a proposal and keeping its checklist."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import StyledForm, version_seen
from consequences.services.checking import NOTE_LIMIT
from consequences.services.deciding import Verdict
from consequences.services.steps import REASON_LIMIT


class DecideForm(StyledForm):
    """The choice with its reason, amount or last day; which of them a choice needs, the service says."""

    choice = forms.CharField(label=_("怎么定"), required=False, max_length=12)
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不采纳必须写；其余写在通知书上，本人看得到。"),
    )
    amount = forms.DecimalField(
        label=_("金额（元）"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("优异奖金要填；年度优秀员工奖可以不发奖金。"),
    )
    leaves_on = forms.DateField(label=_("最后工作日"), required=False)

    def verdict(self) -> Verdict:
        """The decision as typed, of valid input."""
        data = self.cleaned_data
        return Verdict(choice=data["choice"], reason=data["reason"], amount=data["amount"], leaves_on=data["leaves_on"])


class CheckForm(StyledForm):
    """A point of the checklist; ``sign`` is the button that was pressed."""

    note = forms.CharField(required=False, max_length=NOTE_LIMIT)
    signed_for = forms.CharField(required=False, max_length=60)
    sign = forms.BooleanField(required=False)
    version = forms.CharField(required=False, max_length=20)

    def clean_version(self) -> int | None:
        """The version the writer saw."""
        return version_seen(self.cleaned_data["version"])


class LastDayForm(StyledForm):
    """Another last day of a dismissal that is prepared."""

    day = forms.DateField(required=False)
    version = forms.CharField(required=False, max_length=20)

    def clean_version(self) -> int | None:
        """The version the writer saw."""
        return version_seen(self.cleaned_data["version"])
