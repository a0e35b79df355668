"""The shapes of what is typed on the pages of the year."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisals.models import Scheme
from common.forms import MonthField, StyledForm
from common.wording import month
from policy.schemes import Scheme as Rules
from scoring.models import AnnualResult

MOST = 1000


class CompletionForm(StyledForm):
    """The company's completion rate of the year, in percent."""

    completion = forms.DecimalField(
        label=_("公司任务完成率（%）"),
        min_value=Decimal(0),
        max_value=Decimal(MOST),
        max_digits=6,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal", "class": "inp num"}),
        error_messages={
            "required": _("先填公司任务完成率。"),
            "invalid": _("完成率写成百分数，例如96.5。"),
            "min_value": _("完成率不能小于0。"),
            "max_value": _("完成率不能大于1000。"),
            "max_decimal_places": _("完成率最多两位小数。"),
            "max_digits": _("完成率最多两位小数。"),
        },
    )


class CorrectionForm(StyledForm):
    """Why a published year is corrected; the leader may give a better grade, nobody a worse one."""

    new_grade = forms.ChoiceField(label=_("等级"), required=False)
    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会写进记录，本人看得到。"),
        error_messages={"required": _("写一句为什么更正，本人看得到。")},
    )

    def __init__(self, *args: Any, result: AnnualResult, rules: Rules, is_leader: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stood = result.grade
        codes = [rule.code for rule in rules.grades]
        better = codes[: codes.index(result.grade)] if result.grade in codes else codes
        if not is_leader:
            del self.fields["new_grade"]
            return
        field = self.fields["new_grade"]
        stays = (result.grade, _("%(grade)s，不变") % {"grade": result.grade or _("不参评")})
        field.choices = [stays, *((code, code) for code in better)]  # type: ignore[attr-defined]  # a ChoiceField
        field.initial = result.grade

    @property
    def grade(self) -> str:
        """The grade that shall stand."""
        return str(self.cleaned_data.get("new_grade") or self.stood)


class ReplayForm(StyledForm):
    """A question: which version, over one year with its completion rate or over some months."""

    YEAR, MONTHS = "year", "months"

    scheme = forms.TypedChoiceField(
        label=_("方案"), coerce=int, error_messages={"required": _("选一版方案。"), "invalid_choice": _("选一版方案。")}
    )
    span = forms.ChoiceField(
        choices=((YEAR, _("一整年")), (MONTHS, _("几个月"))), error_messages={"required": _("选一整年或几个月。")}
    )
    year = forms.TypedChoiceField(label=_("年份"), coerce=int, empty_value=None, required=False)
    completion = forms.DecimalField(
        label=_("公司任务完成率（%）"),
        required=False,
        max_digits=6,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal", "class": "inp num"}),
        error_messages={
            "invalid": _("完成率写成百分数，例如96.5。"),
            "max_decimal_places": _("完成率最多两位小数。"),
            "max_digits": _("完成率最多两位小数。"),
        },
    )
    first_month = MonthField(label=_("从"), required=False)
    last_month = MonthField(label=_("到"), required=False)

    def __init__(self, *args: Any, schemes: Iterable[Scheme], months: Iterable[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(months)
        self.has_months = bool(known)
        keys = [(f"{one:%Y-%m}", month(one, "year")) for one in known]
        for name in ("first_month", "last_month"):
            self.fields[name].widget = forms.Select(choices=keys, attrs={"class": "inp"})
        years = sorted({one.year for one in known}, reverse=True)
        self.fields["year"].choices = [(one, str(one)) for one in years]  # type: ignore[attr-defined]  # a ChoiceField
        listed = [(one.pk, f"{one.version} · {one.get_state_display()}") for one in schemes]
        self.fields["scheme"].choices = listed  # type: ignore[attr-defined]  # a ChoiceField

    def asked(self) -> dict[str, Any]:
        """What the service is asked: a year with its rate, or months."""
        told = self.cleaned_data
        names = ("year", "completion") if told["span"] == self.YEAR else ("first_month", "last_month")
        return {name: told.get(name) for name in names}
