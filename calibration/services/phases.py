"""The steps of a year up to the lock, taken by the group's leader (P7.2): preview, open, lock, and back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from calibration.models import Move, ReviewStep
from calibration.permissions import can_step_review, hidden_from
from calibration.selectors.board import seats_of
from calibration.selectors.years import rules_of_year
from calibration.services.steps import (
    board_path,
    locked_board,
    raise_revision,
    refuse_unless,
    refuse_unless_in,
    standing_now,
    waiting_moves,
    words_of,
)
from common.errors import RuleError
from common.wording import listed
from notices.log import tell
from people.models import Employee
from people.selectors import group_members_on, offices_on
from policy.calibration import Lane, lane_of, lanes_of
from policy.schemes import Scheme
from scoring.models import AnnualResult, AnnualReview
from scoring.services.years import refuse_barred
from scoring.states import ReviewState


@transaction.atomic(durable=True)
def preview_year(year: int, *, by: Employee) -> AnnualReview:
    """Show the group what the year came to; from now on it isn't reckoned anew."""
    review = _locked(year, by, ReviewState.PREPARING)
    if not review.results.filter(rank__isnull=False).exists():
        raise RuleError(_("这一年没有人参评，先由人力资源部结算年度。"), code="nobody")
    _step(review, ReviewState.PREVIEW, by=by)
    _tell_group(review, "board_preview", by=by)
    return review


@transaction.atomic(durable=True)
def open_board(year: int, *, by: Employee) -> AnnualReview:
    """Let the group move: every member hears of it."""
    review = _locked(year, by, ReviewState.PREVIEW)
    _step(review, ReviewState.OPEN, by=by)
    _tell_group(review, "board_opened", by=by)
    return review


@transaction.atomic(durable=True)
def lock_board(year: int, *, reason: str = "", by: Employee) -> AnnualReview:
    """Fix the grades: no move may wait for its answer, and every lane holds its places, or ``reason`` says why not.

    A tie that nobody decided stays in its lane; that needs words as well, and stands as a move of its own.
    """
    review = _locked(year, by, ReviewState.OPEN)
    if waiting_moves(review):
        raise RuleError(_("还有移动在等授权，答复后才能锁定。"), code="waiting")
    rules = rules_of_year(year)
    refuse_barred(review, rules)
    uneven = uneven_lanes(review, rules)
    ties = list(review.results.select_for_update(of=("self",)).filter(is_undecided=True).order_by("pk"))
    missing = _lock_needs(review, uneven, ties, by) if uneven or ties else ""
    words = words_of(reason, field="reason", missing=missing)
    now = timezone.now()
    _settle_ties(ties, words, by=by, at=now)
    review.excess_reason = words if uneven else ""
    review.locked_at = now
    _step(review, ReviewState.LOCKED, by=by, reason=words, fields=("excess_reason", "locked_at"))
    _tell_group(review, "board_locked", by=by, also=_hr())
    return review


@transaction.atomic(durable=True)
def reopen_board(year: int, *, reason: str, by: Employee) -> AnnualReview:
    """Back from locked to open, with a reason; decided ties stay decided."""
    review = _locked(year, by, ReviewState.LOCKED)
    words = words_of(reason, field="reason", missing=_("写一句为什么退回校准。"))
    review.excess_reason, review.locked_at = "", None
    _step(review, ReviewState.OPEN, by=by, reason=words, fields=("excess_reason", "locked_at"))
    _tell_group(review, "board_reopened", by=by, also=_hr())
    return review


def uneven_lanes(review: AnnualReview, rules: Scheme) -> dict[str, list[Lane]]:
    """Pool → the lanes that hold more or fewer than their places; pools where all is even are left out."""
    pools = review.results.filter(rank__isnull=False).order_by("pool").values_list("pool", flat=True).distinct()
    found = {pool: [lane for lane in lanes_of(seats_of(review, pool), rules) if lane.over] for pool in pools}
    return {pool: lanes for pool, lanes in found.items() if lanes}


def _lock_needs(review: AnnualReview, uneven: dict[str, list[Lane]], ties: Iterable[AnnualResult], by: Employee) -> str:
    """What the lock still needs words for, in no more detail than the leader may know of these pools."""
    hidden = hidden_from(by, standing_now(by))
    partial = set(review.results.filter(rank__isnull=False, employee_id__in=hidden).values_list("pool", flat=True))
    if partial & (uneven.keys() | {row.pool for row in ties}):
        return _("有等级人数不合比例，或有并列没有定：写明理由才能锁定。")
    parts = []
    for lanes in uneven.values():
        parts += [
            (_("%(grade)s多%(n)d人") if lane.over > 0 else _("%(grade)s少%(n)d人"))
            % {"grade": lane.grade, "n": abs(lane.over)}
            for lane in lanes
        ]
    if any(True for _row in ties):
        parts.append(_("还有并列没有定"))
    return _("%(what)s：再移动，或写明理由才能锁定。") % {"what": listed(parts)}


def _settle_ties(ties: Iterable[AnnualResult], words: str, *, by: Employee, at: datetime) -> None:
    for row in ties:
        lane = lane_of("", row.factors["choices"])
        move = Move(result=row, from_grade="", to_grade=lane, reason=words, by=by, at=at)
        move.full_clean()
        move.save()
        row.grade, row.is_undecided = lane, False
        row.version += 1
        row.save(update_fields=["grade", "is_undecided", "version"])
        record("board.moved", row, by=by, before={"grade": ""}, after={"grade": lane}, reason=words)


def _locked(year: int, by: Employee, state: ReviewState) -> AnnualReview:
    review = locked_board(year)
    refuse_unless(can_step_review(standing_now(by)))
    refuse_unless_in(review, state)
    return review


def _step(
    review: AnnualReview, after: ReviewState, *, by: Employee, reason: str = "", fields: tuple[str, ...] = ()
) -> None:
    before, review.state = review.state, after
    raise_revision(review, "state", *fields)
    step = ReviewStep(review=review, before=before, after=after, by=by, at=timezone.now(), reason=reason)
    step.full_clean()
    step.save()
    record("year.stepped", review, by=by, before={"state": before}, after={"state": after}, reason=reason)


def _tell_group(review: AnnualReview, kind: str, *, by: Employee, also: Iterable[int] = ()) -> None:
    members = group_members_on(timezone.localdate()).values_list("employee_id", flat=True)
    people = {*members, *also} - {by.pk}
    key = f"review:{review.pk}:{kind}:{review.revision}"
    tell(people, kind, path=board_path(review), key=key, detail={"year": str(review.year)})


def _hr() -> list[int]:
    return [pk for pk, standing in offices_on(timezone.localdate()).items() if standing.is_hr]
