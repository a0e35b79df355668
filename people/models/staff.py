"""Regions, positions with their ladders, and people (P2)."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.wording import in_language
from people.models.accounts import Account
from people.states import PayStepKind, PositionClass


class Region(models.Model):
    """A regional company."""

    code = models.CharField(_("区域编码"), max_length=20, unique=True)
    name = models.CharField(_("区域名称"), max_length=60)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Position(models.Model):
    """A post. Its class decides the weights of the form's parts (P2, P4)."""

    code = models.CharField(_("岗位编码"), max_length=20, unique=True)
    name = models.CharField(_("岗位名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    position_class = models.CharField(_("类别"), max_length=20, choices=PositionClass)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.name, self.name_en)

    @property
    def is_managerial(self) -> bool:
        return self.position_class == PositionClass.MANAGERIAL


class Grade(models.Model):
    """A rung of a post's ladder with its post wage and performance-pay cap in yuan (P7.1)."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="grades")
    name = models.CharField(_("等级"), max_length=20)
    rank = models.PositiveSmallIntegerField(help_text=_("从低到高"))
    post_wage = models.DecimalField(_("岗位工资"), max_digits=12, decimal_places=2)
    pay_cap = models.DecimalField(_("绩效上限额"), max_digits=12, decimal_places=2)

    class Meta:
        ordering = ("position", "rank")
        constraints = (
            models.UniqueConstraint(fields=("position", "name"), name="one_grade_per_name_and_position"),
            models.CheckConstraint(condition=Q(post_wage__gte=0, pay_cap__gte=0), name="grade_money_not_negative"),
        )

    def __str__(self) -> str:
        return self.name

    def pays(self, kind: str) -> Decimal:
        """What the rung pays of that kind, yuan a month: the wage, or else the cap."""
        return self.post_wage if kind == PayStepKind.WAGE else self.pay_cap

    def outlasts(self, then: "Grade", kind: str, *, rises: bool) -> bool:
        """Whether a cap or wage decided by itself at this rung stays when the whole grade becomes ``then`` (P7).

        A promotion takes nothing that was won before, a demotion gives nothing back that was lost.
        """
        held, given = self.pays(kind), then.pays(kind)
        return held > given if rises else held < given


class Employee(models.Model):
    """A person. Without a position they are head-office staff: they act, but are not appraised."""

    number = models.CharField(_("工号"), max_length=20, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    account = models.OneToOneField(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="employee")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="employees")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, blank=True, related_name="employees")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, null=True, blank=True, related_name="employees")
    base_salary = models.DecimalField(
        _("基本工资"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=_("空着就用岗位工资")
    )
    email = models.EmailField(_("邮箱"), blank=True)
    hired_on = models.DateField(_("入职日期"), null=True, blank=True)
    left_on = models.DateField(_("离职日期"), null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(hired_on__isnull=True) | Q(left_on__gte=F("hired_on")),
                name="leaves_after_being_hired",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    def works_on(self, day: date) -> bool:
        """Employed on ``day``: the last day counts."""
        return (self.hired_on is None or self.hired_on <= day) and (self.left_on is None or day <= self.left_on)
