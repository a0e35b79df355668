"""Publish a locked year (P7.2): bonuses and consequences by the grades that stand, proposals, and word to everybody."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from calibration.models import ReviewStep
from calibration.permissions import is_over, keeps_year
from calibration.services.steps import locked_board, raise_revision, refuse_unless, standing_now, waiting_moves
from common.errors import RuleError
from notices.log import tell
from people.models import Employee
from people.selectors import offices_on
from scoring.models import AnnualResult, AnnualReview
from scoring.services.proposals import propose_for_year
from scoring.services.years import freeze_year
from scoring.states import ReviewState


@transaction.atomic(durable=True)
def publish_year(year: int, *, by: Employee) -> AnnualReview:
    """Freeze every factor, make the year's proposals, tell everybody that his year is there (without saying the grade).

    HR alone, from the lock on; once; when the year is over, and after the year before, whose grades it counts on.
    ``RuleError`` while a grade, a base salary or a month published since is missing, or somebody is barred from the
    grade he holds.
    """
    review = locked_board(year)
    refuse_unless(keeps_year(standing_now(by)))
    if review.state != ReviewState.LOCKED:
        words = _("%(year)s年现在是“%(state)s”，组长锁定等级后才能公布，公布只有一次。")
        raise RuleError(words % {"year": year, "state": review.get_state_display()}, code="not_now")
    if not is_over(year, timezone.localdate()):
        words = _("%(year)s年还没有过完，%(next)s年1月1日起才能公布。")
        raise RuleError(words % {"year": year, "next": year + 1}, code="year_runs")
    if waiting_moves(review):
        raise RuleError(_("还有移动在等授权，答复后才能公布。"), code="waiting")
    if AnnualReview.objects.filter(year=year - 1).exclude(state=ReviewState.PUBLISHED).exists():
        words = _("%(year)s年还没有公布，两年连着看的奖惩要以公布的等级为准，先公布它。")
        raise RuleError(words % {"year": year - 1}, code="year_before")
    results = freeze_year(review)
    now = timezone.now()
    _step_to_published(review, by=by, now=now)
    propose_for_year(review, by=by)
    _tell(review, results)
    graded = sum(1 for row in results if row.grade)
    record("year.published", review, by=by, after={"people": len(results), "graded": graded})
    return review


def _step_to_published(review: AnnualReview, *, by: Employee, now: datetime) -> None:
    before, review.state, review.published_at = review.state, ReviewState.PUBLISHED, now
    raise_revision(review, "state", "published_at")
    step = ReviewStep(review=review, before=before, after=review.state, by=by, at=now)
    step.full_clean()
    step.save()


def _tell(review: AnnualReview, results: Iterable[AnnualResult]) -> None:
    year, key = {"year": str(review.year)}, f"review:{review.pk}:published"
    tell([row.employee_id for row in results], "year_published", path=own_path(review.year), key=key, detail=year)
    offices = offices_on(timezone.localdate())
    told = [pk for pk, one in offices.items() if one.is_department or one.is_leader or one.is_general_manager]
    tell(told, "year_closed", path=f"/year/{review.year}/", key=f"{key}:all", detail=year)


def own_path(year: int) -> str:
    """Where a person reads his own year."""
    return f"/year/mine/{year}/"
