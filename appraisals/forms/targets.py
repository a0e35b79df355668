"""Shapes of what is typed about cycles, targets and libraries; the rules are in the services."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from appraisals.models import Item, LibraryItem
from appraisals.selectors.methods import method_choices
from appraisals.services.library import LibraryFacts
from appraisals.services.targets import ItemInput
from appraisals.states import CycleKind, DataSource, DraftSource, Part
from common.forms import StyledForm
from common.problems import sentence
from common.wording import listed
from people.models import Employee
from people.selectors import employees_numbered
from policy.items import DEDUCT, DIRECT, INVERSE_RATIO, LINEAR, RATIO, TIERS
from policy.parameters import read_params

PAIRS = {
    RATIO: (("target", "目标"), ("cap", "上限")),
    INVERSE_RATIO: (("target", "目标"), ("cap", "上限")),
    DEDUCT: (("per", "每次"), ("allowed", "容许")),
    LINEAR: (("zero", "零分"), ("full", "满分")),
}


class MonthField(forms.DateField):
    """A month as the browser's month picker sends it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d"], **kwargs)


class OpenCycleForm(StyledForm):
    """Which period to open, for whom, with which drafts."""

    kind = forms.ChoiceField(label=gettext_lazy("周期"), choices=CycleKind.choices, initial=CycleKind.MONTH)
    month = MonthField(label=gettext_lazy("月份"))
    numbers = forms.CharField(label=gettext_lazy("只给这些工号开"), required=False, widget=forms.Textarea({"rows": 2}))
    draft = forms.ChoiceField(
        label=pgettext_lazy("page", "目标"), choices=DraftSource.choices, initial=DraftSource.LAST
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].widget = forms.DateInput(format="%Y-%m", attrs={"type": "month", "class": "inp"})

    def clean_numbers(self) -> list[int] | None:
        """Ids of the people named by number; None means everybody."""
        typed = self.cleaned_data["numbers"].replace("，", " ").replace(",", " ").split()
        if not typed:
            return None
        found = employees_numbered(typed)
        unknown = [number for number in typed if number not in found]
        if unknown:
            raise ValidationError(_("没有这些工号：%(numbers)s") % {"numbers": listed(unknown)})
        return [person.pk for person in found.values()]


class MethodForm(StyledForm):
    """A scoring method with one field per parameter; what is posted of the other methods is ignored."""

    method = forms.ChoiceField(label=gettext_lazy("评分方式"), required=False)
    target = forms.CharField(label=gettext_lazy("目标"), required=False, max_length=20)
    cap = forms.CharField(label=gettext_lazy("上限倍数"), required=False, max_length=20)
    per = forms.CharField(label=gettext_lazy("每次扣"), required=False, max_length=20)
    allowed = forms.CharField(label=gettext_lazy("不扣的次数"), required=False, max_length=20)
    zero = forms.CharField(label=gettext_lazy("0分"), required=False, max_length=20)
    full = forms.CharField(label=gettext_lazy("满分"), required=False, max_length=20)
    tiers = forms.CharField(label=gettext_lazy("各档"), required=False, max_length=180)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [("", _("选评分方式")), *method_choices()]  # type: ignore[attr-defined]  # a choice field
        for name in ("target", "cap", "per", "allowed", "zero", "full"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "class": "inp s"}
        for name in ("method", "tiers"):
            self.fields[name].widget.attrs["class"] = "inp s"
        self.fields["tiers"].widget.attrs["placeholder"] = ">=95:20;>=90:15"

    def parameters(self) -> str:
        """The parameter text of the chosen method."""
        code, data = self.cleaned_data.get("method", ""), self.cleaned_data
        if code == TIERS:
            return str(data.get("tiers", "")).strip()
        pairs = ((word, str(data.get(name, "")).strip()) for name, word in PAIRS.get(code, ()))
        return ";".join(f"{word}={value}" for word, value in pairs if value)

    def check_method(self) -> None:
        """Put what is wrong with the parameters next to the method."""
        code = self.cleaned_data.get("method", "")
        if not code:
            return
        text = self.parameters()
        reading = read_params(code, text)
        for problem in reading.problems:
            self.add_error("method", sentence(problem))
        if reading.params is not None:
            self.cleaned_data["parameters"] = reading.params.text()


def method_initial(method: str, parameters: str) -> dict[str, str]:
    """The fields of a stored parameter text."""
    found = {"method": method}
    if method in {"", DIRECT}:
        return found
    if method == TIERS:
        return found | {"tiers": parameters}
    values = dict(piece.partition("=")[::2] for piece in parameters.split(";") if piece)
    return found | {name: values.get(word, "") for name, word in PAIRS.get(method, ())}


class ItemForm(MethodForm):
    """One row of the target table. A row without name, standard and weight is an empty one and ignored."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    part = forms.ChoiceField(choices=Part.choices, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("指标名称"), max_length=60, required=False)
    standard = forms.CharField(label=gettext_lazy("标准"), max_length=200, required=False)
    points = forms.DecimalField(label=gettext_lazy("权重"), max_digits=6, decimal_places=2, required=False)
    unit = forms.CharField(label=gettext_lazy("单位"), max_length=10, required=False)
    data_source = forms.ChoiceField(label=gettext_lazy("数据来源"), choices=DataSource.choices, required=False)
    provider = forms.CharField(label=gettext_lazy("信息提供人"), max_length=90, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"].widget = forms.TextInput({"class": "inp n", "inputmode": "decimal", "data-weight": ""})
        self.fields["name"].widget.attrs |= {"placeholder": _("名称"), "class": "inp s strong"}
        self.fields["standard"].widget.attrs |= {"placeholder": _("标准：做到什么程度"), "class": "inp s"}
        self.fields["unit"].widget.attrs |= {"placeholder": _("单位"), "class": "inp s w-72"}
        self.fields["provider"].widget.attrs |= {"placeholder": _("姓名 工号"), "class": "inp s", "list": "people"}
        self.fields["data_source"].widget.attrs["class"] = "inp s"

    @property
    def is_blank(self) -> bool:
        """Nothing was typed."""
        data = self.cleaned_data
        return not (data.get("name") or data.get("standard") or data.get("points"))

    def clean(self) -> dict[str, Any]:
        """Name and weight are wanted as soon as anything is there."""
        data = self.cleaned_data
        if self.is_blank or data.get("DELETE"):
            return data
        if not data.get("name"):
            self.add_error("name", _("写上名称"))
        if "points" in data and not data["points"]:
            self.add_error("points", _("写上权重"))
        if data.get("part") == Part.KPI:
            self.check_method()
        return data


class ItemFormSet(forms.BaseFormSet[ItemForm]):
    """The whole target table; deleted and empty rows are left out."""

    def inputs(self) -> list[ItemInput]:
        """The typed items in order, once valid; names of unknown providers are put on their rows as errors."""
        rows = [form for form in self.forms if not form.is_blank and not form.cleaned_data.get("DELETE")]
        typed = {form: number_in(form.cleaned_data.get("provider", "")) for form in rows}
        people = employees_numbered([number for number in typed.values() if number])
        for form, number in typed.items():
            if number and number not in people:
                form.add_error("provider", _("没有这个工号"))
        return [_input(form, people.get(typed[form] or "")) for form in rows]

    def weights(self) -> list[tuple[str, str, Decimal]]:
        """(part, name, weight) as typed, for the meter; what is not a number yet counts as nothing."""
        rows = ((form, decimal_in(form["points"].value())) for form in self.forms if not form["DELETE"].value())
        return [(form["part"].value(), str(form["name"].value()), weight) for form, weight in rows if weight]


def decimal_in(text: object) -> Decimal | None:
    """A typed weight, or None."""
    try:
        weight: Decimal | None = forms.DecimalField(required=False, max_digits=6, decimal_places=2).clean(text)
    except ValidationError:
        return None
    return weight


def number_in(text: str) -> str:
    """The employee number at the end of “name number”, or the number alone."""
    return text.split()[-1] if text.split() else ""


def _input(form: ItemForm, provider: Employee | None) -> ItemInput:
    data = form.cleaned_data
    return ItemInput(
        id=data.get("id"),
        part=data["part"],
        name=data["name"].strip(),
        standard=data["standard"].strip(),
        points=data["points"] or Decimal(0),
        unit=data["unit"].strip(),
        method=data.get("method", ""),
        parameters=data.get("parameters", ""),
        data_source=data["data_source"] or DataSource.MANUAL,
        provider_id=provider.pk if provider else None,
    )


TargetFormSet = forms.formset_factory(ItemForm, formset=ItemFormSet, extra=0, can_delete=True, max_num=120)


def item_initial(item: Item) -> dict[str, Any]:
    """A stored item as its row shows it."""
    plain = {name: getattr(item, name) for name in ("id", "part", "name", "standard", "unit", "data_source")}
    provider = str(item.provider) if item.provider else ""
    weight = f"{item.points.normalize():f}"
    return plain | {"points": weight, "provider": provider} | method_initial(item.method, item.parameters)


class ReasonForm(StyledForm):
    """A reason, where the workflow asks for one."""

    reason = forms.CharField(max_length=200, required=False)


class ChosenForms(forms.Form):
    """Which forms of a list were ticked."""

    form = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: Any, allowed: Iterable[int]) -> None:
        super().__init__(data)
        self.fields["form"].choices = [(str(pk), "") for pk in allowed]  # type: ignore[attr-defined]  # a choice field

    def ids(self) -> list[int]:
        """The ticked ones among those the person may see; the rest does not exist for him."""
        return self.cleaned_data.get("form", []) if self.is_valid() else []


class LibraryForm(MethodForm):
    """A library item."""

    name = forms.CharField(label=gettext_lazy("指标名称"), max_length=60)
    standard = forms.CharField(label=gettext_lazy("标准"), max_length=200, required=False)
    points = forms.DecimalField(
        label=gettext_lazy("权重"), min_value=Decimal("0.01"), max_value=100, max_digits=6, decimal_places=2
    )
    unit = forms.CharField(label=gettext_lazy("单位"), max_length=10, required=False)
    data_source = forms.ChoiceField(label=gettext_lazy("数据来源"), choices=DataSource.choices, required=False)
    raw_data = forms.CharField(label=gettext_lazy("原始记录"), max_length=60, required=False)
    provider_hint = forms.CharField(label=gettext_lazy("信息提供人"), max_length=60, required=False)
    part = forms.ChoiceField(label=gettext_lazy("部分"), choices=Part.choices)

    def clean(self) -> dict[str, Any]:
        """A KPI needs its method."""
        if self.cleaned_data.get("part") == Part.KPI:
            if not self.cleaned_data.get("method"):
                self.add_error("method", _("选评分方式"))
            self.check_method()
        return self.cleaned_data

    def facts(self) -> LibraryFacts:
        """The typed facts of valid input."""
        data = self.cleaned_data
        names = ("part", "name", "points", "standard", "unit", "method", "raw_data", "provider_hint")
        plain = {name: data[name] for name in names}
        source = data["data_source"] or DataSource.MANUAL
        return LibraryFacts(**plain, parameters=data.get("parameters", ""), data_source=source)


def library_initial(item: LibraryItem) -> dict[str, Any]:
    """A stored library item as its sheet shows it."""
    names = ("part", "name", "standard", "unit", "data_source", "raw_data", "provider_hint")
    plain = {name: getattr(item, name) for name in names}
    return plain | {"points": f"{item.points.normalize():f}"} | method_initial(item.method, item.parameters)
