"""Shapes of what HR types about people; the rules are in the services."""

from typing import TYPE_CHECKING

from allauth.account.forms import ChangePasswordForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import StyledForm
from people.models import Employee, Position
from people.selectors import all_grades, all_positions, all_regions, employee_meant
from people.services.accounts import note_own_password
from people.services.staff import EmployeeFacts
from people.states import Duty, Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class PersonField(forms.CharField):
    """A person, as ``components/person_field.html`` sends one: number, name and number, or a name only one has."""

    def __init__(
        self, *, label: "str | _StrPromise" = "", required: bool = True, missing: "str | _StrPromise" = ""
    ) -> None:
        """``missing`` is what is said when nothing is typed into a required one."""
        words = {"required": missing or _("写上姓名或工号。")}
        super().__init__(label=label or _("姓名或工号"), required=required, max_length=90, error_messages=words)

    def clean(self, value: object) -> Employee | None:
        """The person; who nobody knows is refused with what was typed."""
        text = super().clean(value)
        if not text:
            return None
        found = employee_meant(text, timezone.localdate())
        if found is None:
            words = gettext("找不到“%(text)s”，从列表里选，或填工号。")
            raise ValidationError(words % {"text": text}, code="unknown_person")
        return found


class PostField(forms.ModelChoiceField[Position]):
    """A post, by its name in the language of the page."""

    def label_from_instance(self, obj: Position) -> str:
        return obj.display_name


class EmployeeForm(StyledForm):
    """The facts of one person."""

    number = forms.CharField(label=_("工号"), max_length=20)
    name = forms.CharField(label=_("姓名"), max_length=60)
    region = forms.ModelChoiceField(label=_("区域"), queryset=all_regions(), required=False)
    position = PostField(
        label=_("岗位"),
        queryset=all_positions(),
        required=False,
        help_text=_("总部人员不选区域和岗位，就不参加考核。"),
    )
    grade = forms.ModelChoiceField(label=_("等级"), queryset=all_grades(), required=False)
    base_salary = forms.DecimalField(
        label=_("基本工资（元）"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("算年终奖用；空着就按岗位工资。"),
    )
    email = forms.EmailField(label=_("邮箱"), required=False)
    hired_on = forms.DateField(label=_("入职日期"), required=False)
    left_on = forms.DateField(label=_("离职日期"), required=False)

    def facts(self) -> EmployeeFacts:
        """The typed facts of valid input."""
        data = self.cleaned_data
        region, position, grade = data["region"], data["position"], data["grade"]
        return EmployeeFacts(
            number=data["number"],
            name=data["name"],
            region_id=region.pk if region else None,
            position_id=position.pk if position else None,
            grade_id=grade.pk if grade else None,
            base_salary=data["base_salary"],
            email=data["email"],
            hired_on=data["hired_on"],
            left_on=data["left_on"],
        )


class SuperiorForm(StyledForm):
    """Who is the superior from when on."""

    superior = forms.CharField(label=_("直接上级工号"), max_length=20)
    starts_on = forms.DateField(label=_("从哪天起"))


class OwnerForm(StyledForm):
    """Another appraisal owner than the superior; empty goes back to the superior."""

    owner = forms.CharField(label=_("考核负责人工号"), max_length=20, required=False)
    starts_on = forms.DateField(label=_("从哪天起"))
    reason = forms.CharField(label=_("原因"), max_length=200)


class RoleForm(StyledForm):
    """A role to grant or to revoke."""

    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    revoke = forms.BooleanField(required=False)


class MembershipForm(StyledForm):
    """A seat in the group; no duty means leaving it."""

    number = forms.CharField(label=_("工号"), max_length=20)
    duty = forms.ChoiceField(label=_("职责"), choices=[*Duty.choices, ("", _("退出小组"))], required=False)


class DayForm(StyledForm):
    """A day of the calendar."""

    date = forms.DateField(label=_("日期"))


class CalendarDayForm(DayForm):
    """A day that differs from the plain week."""

    is_workday = forms.TypedChoiceField(
        label=_("这天"), choices=(("0", _("放假")), ("1", _("上班"))), coerce=lambda value: value == "1"
    )
    name = forms.CharField(label=_("名称"), max_length=60, required=False)


def employee_initial(employee: Employee) -> dict[str, object]:
    """What the form shows of an existing person."""
    names = ("number", "name", "region", "position", "grade", "base_salary", "email", "hired_on", "left_on")
    return {name: getattr(employee, name) for name in names}


class OwnPasswordForm(ChangePasswordForm):  # type: ignore[misc]  # the library ships no types
    """The library's form; afterwards the password counts as the person's own."""

    def save(self) -> None:
        """Store the password as the library does, then note that HR no longer knows it."""
        super().save()
        note_own_password(self.user.pk)
