"""Steps that refuse a change of the standards: who may, whether somebody else changed it first, whether it fits."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import ConflictError, RuleError
from common.wording import day, points
from incidents.models import BonusKind, EventRules, IncidentKind, Severity
from incidents.permissions import can_edit_standards
from incidents.services.steps import check_points, judge_of
from people.models import Employee

MOST_DAYS = 30
MOST_MONTHS = 60
MOST_STEPS = 8


def check_may(by: Employee) -> None:
    """The leader, the department's manager and HR keep the standards (P5.2)."""
    if not can_edit_standards(judge_of(by).standing):
        raise RuleError(_("标准由考核小组组长、客服管理部或人力资源部维护。"), code="not_allowed")


def check_version(row: IncidentKind | BonusKind | Severity, version: int | None, *, theirs: str) -> None:
    """Refuse to overwrite what somebody else saved since the page was opened; a new entry has no version."""
    if row.pk and version != row.version:
        raise ConflictError(_("刚有人改过这一条，对照现在的内容再保存。"), theirs=theirs)


def check_name(model: type[IncidentKind | BonusKind], kind: IncidentKind | BonusKind, name: str) -> None:
    """A name, and no other entry in use of that name."""
    if not name.strip():
        raise RuleError(_("写名称。"), code="name_missing", field="name")
    same = model._default_manager.filter(name=name.strip(), is_active=True).exclude(pk=kind.pk).first()
    if same is not None:
        words = _("%(code)s已经叫这个名称。")
        raise RuleError(words % {"code": same.code}, code="name_taken", field="name")


def check_within(severity: Severity, kind: IncidentKind) -> None:
    """An entry's points lie in the range of its severity."""
    check_points(kind.points)
    if not severity.low <= kind.points <= severity.high:
        words = _("%(severity)s扣 %(low)s 到 %(high)s 分，这一条的分数要在这个范围内。")
        values = {"severity": severity.display_name, "low": points(severity.low), "high": points(severity.high)}
        raise RuleError(words % values, code="outside_range", field="points")


def check_range(severity: Severity, every: Sequence[Severity]) -> None:
    """From low to high, a graver one never below a lighter one, and every entry in use inside."""
    check_points(severity.low)
    check_points(severity.high)
    if severity.low > severity.high:
        raise RuleError(_("最少扣分不能大于最多扣分。"), code="wrong_order", field="low")
    for other in every:
        if (other.rank < severity.rank and other.high > severity.low) or (
            other.rank > severity.rank and other.low < severity.high
        ):
            words = _("和%(other)s的范围（%(low)s 到 %(high)s 分）重叠了。")
            values = {"other": other.display_name, "low": points(other.low), "high": points(other.high)}
            raise RuleError(words % values, code="overlaps", field="low")
    kinds = IncidentKind.objects.filter(severity=severity, is_active=True).exclude(
        points__range=(severity.low, severity.high)
    )
    if outside := [f"{kind.code} {kind.display_name} {points(kind.points)}" for kind in kinds]:
        words = _("这些条目会落在范围外，先改它们的分数或停用：")
        raise RuleError(words, code="excludes_kinds", problems=tuple(outside))


def check_steps(steps: Sequence[tuple[str, Decimal]], cap: Decimal | None) -> None:
    """At least one; several have each its own label; the cap is at least the highest."""
    if not steps or len(steps) > MOST_STEPS:
        words = _("写 1 到 %(n)s 档分数。") % {"n": MOST_STEPS}
        raise RuleError(words, code="steps_missing", field="steps")
    for _label, given in steps:
        check_points(given)
    labels = [label for label, _given in steps]
    if len(steps) > 1 and (not all(labels) or len(set(labels)) < len(labels)):
        raise RuleError(_("几档分数要各有名次，不能重复。"), code="labels_missing", field="steps")
    if cap is None:
        return
    check_points(cap)
    if cap < max(given for _label, given in steps):
        raise RuleError(_("每月最多不能小于一次的分数。"), code="cap_below_points", field="cap")


def check_rules(starts_on: date, statement_days: int, repeat_months: int, last: EventRules | None) -> None:
    """Not into the past, and not under rules that were set for later."""
    first = max(timezone.localdate(), last.starts_on) if last else timezone.localdate()
    if starts_on < first:
        words = _("生效日期最早是%(day)s，以前的规则不改。")
        raise RuleError(words % {"day": day(first, "year")}, code="too_early", field="starts_on")
    if not 0 <= statement_days <= MOST_DAYS:
        words = _("填 0 到 %(n)s。") % {"n": MOST_DAYS}
        raise RuleError(words, code="out_of_range", field="statement_days")
    if not 0 <= repeat_months <= MOST_MONTHS:
        words = _("填 0 到 %(n)s。") % {"n": MOST_MONTHS}
        raise RuleError(words, code="out_of_range", field="repeat_months")
