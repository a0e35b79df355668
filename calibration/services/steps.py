"""Steps that the acts on a board share: the year locked before its results, who may, what was said."""

from django.utils import timezone
from django.utils.translation import gettext as _

from calibration.models import Move
from calibration.permissions import hidden_from, sits_on_board
from calibration.states import MoveState
from common.db import require_transaction
from common.errors import RuleError, check_length
from people.facts import Standing
from people.models import Employee
from people.selectors import standing_of
from scoring.models import AnnualResult, AnnualReview
from scoring.states import ReviewState

REASON = 300


def locked_board(year: int) -> AnnualReview:
    """The year's review, locked before any of its results; refused if the year was never closed."""
    require_transaction()
    review = AnnualReview.objects.select_for_update().filter(year=year).first()
    if review is None:
        raise RuleError(_("%(year)s年还没有算过。") % {"year": year}, code="no_such_year")
    return review


def locked_place(result_id: int) -> AnnualResult:
    """Somebody's place in a year, with the year locked first."""
    require_transaction()
    year = AnnualResult.objects.values_list("review__year", flat=True).get(pk=result_id)
    review = locked_board(year)
    place = AnnualResult.objects.select_for_update(of=("self",)).select_related("employee").get(pk=result_id)
    place.review = review
    return place


def standing_now(by: Employee) -> Standing:
    """What the person is to the company today."""
    return standing_of(by, timezone.localdate())


def refuse_unless(allowed: bool) -> None:
    """What the rules of who may do not allow; it doesn't say whether there is such a person."""
    if not allowed:
        raise RuleError(_("这一步不归你办，刷新看看。"), code="not_allowed")


def refuse_stranger(place: AnnualResult, by: Employee) -> None:
    """Only the group moves and notes, and nobody himself or his own line upwards."""
    standing = standing_now(by)
    refuse_unless(sits_on_board(standing) and place.employee_id not in hidden_from(by, standing))


def refuse_unless_in(review: AnnualReview, *states: ReviewState) -> None:
    """The state says what may be done."""
    if review.state not in states:
        words = {
            ReviewState.PREPARING: _("年度结果还在准备，组长开始预览后才能看。"),
            ReviewState.PREVIEW: _("校准还没有开始，组长开始后才能移动。"),
            ReviewState.LOCKED: _("等级已锁定，要改先请组长退回校准。"),
            ReviewState.PUBLISHED: _("年度已公布，等级不能再移动。"),
        }
        said = words.get(ReviewState(review.state), _("现在是“%(state)s”，不能这样做。"))
        raise RuleError(said % {"state": review.get_state_display()}, code="not_now")


def words_of(text: str, *, field: str, missing: str = "") -> str:
    """The text, trimmed; refused if it is too long, or empty where ``missing`` says what to write."""
    words = text.strip()
    if missing and not words:
        raise RuleError(missing, code=f"{field}_missing", field=field)
    check_length(words, REASON, field=field)
    return words


def waiting_moves(review: AnnualReview) -> int:
    """How many moves of the year have no answer from their authoriser."""
    return Move.objects.filter(result__review=review, state=MoveState.WAITING).count()


def raise_revision(review: AnnualReview, *fields: str) -> None:
    """Write ``fields`` of the year; whoever looks at its board hears of it with the next question."""
    review.revision += 1
    review.full_clean()
    review.save(update_fields=["revision", *fields])


def board_path(review: AnnualReview) -> str:
    """Where the board is."""
    return f"/calibration/{review.year}/"
