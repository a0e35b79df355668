"""What is typed to change the standards; whether it fits is the services' to say."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import StyledForm
from common.wording import short
from incidents.models import BonusKind, EventRules, IncidentKind, Severity
from incidents.selectors.catalogue import every_severity
from incidents.services.standards import BonusKindFacts, IncidentKindFacts, RulesFacts, StepFacts

SPARE_STEPS = 2
MOST_STEPS = 8


def _points(label: Any, *, required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=6, decimal_places=2, min_value=0, required=required)


class IncidentKindForm(StyledForm):
    """An entry of the incident standard."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    category = forms.CharField(label=gettext_lazy("类别"), max_length=20)
    category_en = forms.CharField(label=gettext_lazy("类别的英文"), max_length=40, required=False)
    severity: forms.ModelChoiceField[Severity] = forms.ModelChoiceField(label=gettext_lazy("严重程度"), queryset=None)
    points = _points(gettext_lazy("扣分"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["severity"]
        field.queryset = every_severity()  # type: ignore[attr-defined]
        field.label_from_instance = _severity_words  # type: ignore[attr-defined]
        self.fields["category"].widget.attrs["list"] = "categories"

    def facts(self) -> IncidentKindFacts:
        """The entry; only of a form that is valid."""
        typed = dict(self.cleaned_data)
        return IncidentKindFacts(severity_id=typed.pop("severity").pk, **typed)


class BonusKindForm(StyledForm):
    """An entry of the bonus standard; its points, by place if there are several, are ``rows``."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    cap = _points(gettext_lazy("每月最多"), required=False)

    def __init__(self, *args: Any, rows: list[dict[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = rows if rows is not None else self._typed_rows()
        spare = [{"label": "", "label_en": "", "points": ""}] * max(0, min(SPARE_STEPS, MOST_STEPS - len(given)))
        self.rows = [*given, *spare]
        self.steps: tuple[StepFacts, ...] = ()

    def clean(self) -> dict[str, Any]:
        """The points of each row that has any."""
        try:
            self.steps = tuple(
                StepFacts(points=Decimal(row["points"]), label=row["label"], label_en=row["label_en"])
                for row in self._typed_rows()
            )
        except InvalidOperation:
            self.add_error(None, _("加分填数字，比如 1 或 0.5。"))
        return self.cleaned_data

    def facts(self) -> BonusKindFacts:
        """The entry; only of a form that is valid."""
        return BonusKindFacts(**self.cleaned_data, steps=self.steps)

    def _typed_rows(self) -> list[dict[str, str]]:
        rows = []
        for place in range(MOST_STEPS):
            names = ("label", "label_en", "points")
            row = {name: str(self.data.get(f"{name}-{place}", "")).strip()[:40] for name in names}
            if any(row.values()):
                rows.append(row)
        return rows


class SeverityForm(StyledForm):
    """The range of points of a severity."""

    low = _points(gettext_lazy("最少扣分"))
    high = _points(gettext_lazy("最多扣分"))


class RulesForm(StyledForm):
    """Rules from a day on."""

    starts_on = forms.DateField(label=gettext_lazy("生效日期"))
    statement_days = forms.IntegerField(label=gettext_lazy("当事人陈述期限（工作日）"), min_value=0, max_value=30)
    repeat_months = forms.IntegerField(label=gettext_lazy("同类事故往前看几个月"), min_value=0, max_value=60)
    repeat_moves_up = forms.BooleanField(label=gettext_lazy("同类再犯按上一档扣分"), required=False)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)

    def facts(self) -> RulesFacts:
        """The rules; only of a form that is valid."""
        return RulesFacts(**self.cleaned_data)


def initial_of(row: IncidentKind | BonusKind | Severity | EventRules) -> dict[str, Any]:
    """What an editor starts from."""
    names = {
        IncidentKind: ("name", "name_en", "category", "category_en", "severity", "points"),
        BonusKind: ("name", "name_en", "cap"),
        Severity: ("low", "high"),
        EventRules: ("statement_days", "repeat_months", "repeat_moves_up"),
    }[type(row)]
    values = {name: getattr(row, name) for name in names}
    return {name: short(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def rows_of(kind: BonusKind) -> list[dict[str, str]]:
    """The steps of an entry as rows of the editor."""
    return [{"label": one.label, "label_en": one.label_en, "points": short(one.points)} for one in kind.steps.all()]


def _severity_words(severity: Severity) -> str:
    low, high = short(severity.low), short(severity.high)
    return f"{severity.display_name} {low}" if low == high else f"{severity.display_name} {low}–{high}"
