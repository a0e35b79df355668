"""The agent takes note of his call or disputes it item by item; somebody else rules, the old score is kept (A2)."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from common.wording import short
from people.models import Employee
from policy.monitoring import NOTHING
from quality.models import Assessment, Dispute, RubricItem, RubricLevel
from quality.permissions import Lines, can_rule, can_see_total
from quality.selectors.assessments import is_month_counted
from quality.selectors.faults import denied_at, is_objected
from quality.services.filling import Level, check_level
from quality.services.marking import (
    allow,
    check_month,
    checked_text,
    ear_of,
    locked_assessment,
    tell_agent,
    tell_of_call,
    total_again,
)
from quality.states import AssessmentKind, AssessmentState, DisputeState


@transaction.atomic(durable=True)
def acknowledge_assessment(assessment_id: int, *, by: Employee) -> Assessment:
    """The agent has seen how his call was scored. It takes no right away: he may still dispute until the term ends."""
    seen = _own_call(assessment_id, by)
    if seen.acknowledged_at is not None:
        return seen
    seen.acknowledged_at = timezone.now()
    seen.full_clean()
    seen.save(update_fields=["acknowledged_at"])
    record("assessment.acknowledged", seen, by=by, after={"call": seen.call.number})
    return seen


@transaction.atomic(durable=True)
def raise_dispute(assessment_id: int, item_id: int | None, *, reason: str, by: Employee) -> Dispute:
    """The agent objects to one item, or (None) to the fatal fault, with the reason, until the term's last day.

    Once per item. To the fatal fault once more, and without a term, after the incident it filed was found untrue.
    Refused once the month's figure has been consolidated.
    """
    seen = _own_call(assessment_id, by)
    text = checked_text(reason, _("写一句为什么有异议，裁定的人看得到。"), field="reason")
    denied = denied_at(seen.call) if item_id is None else None
    if denied is None and (seen.dispute_until is None or timezone.localdate() > seen.dispute_until):
        raise RuleError(_("提异议的期限已经过了。"), code="too_late")
    check_month(seen.call)
    disputed = Dispute(assessment=seen, reason=text)
    if item_id is None:
        if seen.fatal_fault is None:
            raise RuleError(_("这一通没有一票否决。"), code="no_fatal_fault")
        disputed.old_fault = seen.fatal_fault
    else:
        disputed.item = seen.rubric.items.get(pk=item_id)
        disputed.old_points = seen.scores.get(item_id=item_id).points
    if is_objected(Dispute.objects.filter(assessment=seen, item_id=item_id), denied):
        raise RuleError(_("这一项已经提过异议，等裁定。"), code="already_disputed")
    disputed.full_clean()
    disputed.save()
    told = {"item": disputed.item.name if disputed.item else None, "points": _text(disputed.old_points)}
    record("dispute.raised", disputed, by=by, after={"call": seen.call.number, **told}, reason=text)
    return disputed


@transaction.atomic(durable=True)
def rule_dispute(
    dispute_id: int,
    *,
    upheld: bool,
    points: Decimal | None = None,
    is_not_applicable: bool = False,
    ruling: str,
    by: Employee,
) -> Dispute:
    """Neither listener nor agent rules: dismissed, or upheld with the right level. The call's total follows.

    An objection never costs the agent: between two levels the right one is higher, and the call's total never falls,
    whether by an item that now applies or by one that does so no more. An upheld one to the fatal fault
    takes it away; the incident filed from it stays with its verifier. Once the month has been consolidated nothing is
    upheld: it is dismissed, or left to an appeal (``refer_dispute``).
    """
    disputed = _open_dispute(dispute_id, by)
    text = checked_text(ruling, _("写一句裁定的理由，坐席和监听人都看得到。"), field="ruling")
    if upheld:
        check_month(disputed.assessment.call)
        _put_right(disputed, Level(points=points, is_not_applicable=is_not_applicable))
    return _answer(disputed, DisputeState.UPHELD if upheld else DisputeState.DISMISSED, text, by)


@transaction.atomic(durable=True)
def refer_dispute(dispute_id: int, *, ruling: str, by: Employee) -> Dispute:
    """The answer to what holds but came too late: the month is consolidated, no score changes, the agent may appeal."""
    disputed = _open_dispute(dispute_id, by)
    text = checked_text(ruling, _("写一句裁定的理由，坐席和监听人都看得到。"), field="ruling")
    if not is_month_counted(disputed.assessment.call):
        raise RuleError(_("这个月还没有汇总，直接裁定。"), code="not_counted", field="upheld")
    return _answer(disputed, DisputeState.REFERRED, text, by)


def _open_dispute(dispute_id: int, by: Employee) -> Dispute:
    """The dispute with its scoring and call, locked, if it is his to rule on."""
    seen = locked_assessment(Dispute.objects.values_list("assessment_id", flat=True).get(pk=dispute_id))
    disputed = Dispute.objects.select_for_update(of=("self",)).select_related("item").get(pk=dispute_id)
    disputed.assessment, ear = seen, ear_of(by)
    allow(can_rule(ear, disputed, Lines.of([seen.call])) and can_see_total(ear, seen.call))
    disputed.old_total, disputed.new_points = seen.total, disputed.old_points
    return disputed


def _answer(disputed: Dispute, state: DisputeState, text: str, by: Employee) -> Dispute:
    seen = disputed.assessment
    disputed.state, disputed.ruled_by, disputed.ruled_at, disputed.ruling = state, by, timezone.now(), text
    disputed.full_clean()
    fields = ("state", "ruled_by", "ruled_at", "ruling", "old_total", "new_points")
    disputed.save(update_fields=fields)
    before = {"points": _text(disputed.old_points), "total": _text(disputed.old_total)}
    after = {"state": state, "points": _text(disputed.new_points), "total": _text(seen.total)}
    record("dispute.ruled", disputed, by=by, before=before, after=after, reason=text)
    told = "dispute_referred" if state == DisputeState.REFERRED else "dispute_ruled"
    tell_agent(seen.call, told, key=f"{disputed.pk}")
    if state == DisputeState.UPHELD:
        tell_of_call(seen.call, [seen.listener_id], "call_overruled", key=f"{disputed.pk}")
    return disputed


def _own_call(assessment_id: int, by: Employee) -> Assessment:
    """The submitted first scoring of the person's own call, locked."""
    seen = locked_assessment(assessment_id)
    is_first = seen.kind == AssessmentKind.FIRST and seen.state == AssessmentState.SUBMITTED
    allow(is_first and seen.call.employee_id == by.pk)
    return seen


def _put_right(disputed: Dispute, level: Level) -> None:
    """What the listener gave is replaced by what is right, and the total reckoned anew."""
    seen = disputed.assessment
    if disputed.item is None:
        seen.fatal_fault = None
    else:
        _set_level(disputed, disputed.item, level)
        disputed.new_points = level.points
    score = total_again(seen)
    if score.code == NOTHING:
        raise RuleError(_("这样就没有一项适用了，算不出分。"), code="nothing_applies", field="points")
    if disputed.old_total is not None and score.total is not None and score.total < disputed.old_total:
        words = _("这样改总分会从%(old)s降到%(new)s，异议不能让坐席吃亏：选别的等级，或者不成立。")
        values = {"old": short(disputed.old_total), "new": short(score.total)}
        raise RuleError(words % values, code="not_better", field="points")
    seen.full_clean()
    seen.save(update_fields=["fatal_fault", "total", "version"])
    seen.call.full_clean(exclude=["audio"])
    seen.call.save(update_fields=["total"])


def _set_level(disputed: Dispute, item: RubricItem, level: Level) -> None:
    allowed = set(RubricLevel.objects.filter(item=item).values_list("item_id", "points"))
    check_level(item, level, allowed)
    old = disputed.old_points
    if level.points == old or (level.points is not None and old is not None and level.points < old):
        words = _("异议成立的，选一个比原来高的等级，或者不适用。")
        raise RuleError(words, code="not_better", field="points")
    score = next(one for one in disputed.assessment.scores.all() if one.item_id == item.pk)
    score.points, score.is_not_applicable = level.points, level.is_not_applicable
    score.full_clean()
    score.save(update_fields=["points", "is_not_applicable"])


def _text(points: Decimal | None) -> str | None:
    return None if points is None else str(points)
