"""Who sits on the board of a year, who reads it, and whom nobody sees there (P7.2)."""

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from people.facts import Standing
from people.models import Employee
from people.selectors import superiors_on
from scoring.models import AnnualResult, AnnualReview
from scoring.states import ReviewState


def sits_on_board(standing: Standing) -> bool:
    """Move and note: the appraisal group with its leader (P5.2)."""
    return standing.is_member or standing.is_leader


def reads_board(standing: Standing) -> bool:
    """Read: the group, the department's manager, HR and the auditor."""
    return sits_on_board(standing) or standing.is_department or standing.is_hr or standing.is_auditor


def can_step_review(standing: Standing) -> bool:
    """Preview, open, lock and open again: the group's leader."""
    return standing.is_leader


def can_authorise(standing: Standing) -> bool:
    """Answer for a move against the order of scores: a member, the leader or the department's manager."""
    return sits_on_board(standing) or standing.is_department


def can_view_board(standing: Standing, review: AnnualReview) -> bool:
    """Row rule; twin of ``visible_boards``: from the preview on; while it is prepared nobody has the board."""
    return reads_board(standing) and review.state != ReviewState.PREPARING


def visible_boards(standing: Standing) -> QuerySet[AnnualReview]:
    """List rule; twin of ``can_view_board``."""
    if not reads_board(standing):
        return AnnualReview.objects.none()
    return AnnualReview.objects.exclude(state=ReviewState.PREPARING)


def hidden_from(person: Employee, _standing: Standing) -> set[int]:
    """The employees a person neither sees nor moves on a board: himself and everybody in his own line upwards.

    The same for every office: whoever reads a board reads it without himself.
    """
    return line_upwards(person, timezone.localdate())


def line_upwards(person: Employee, day: date) -> set[int]:
    """The person, his superior on ``day``, that one's superior, and so on; one statement."""
    return line_from(person.pk, superiors_on(day))


def line_from(pk: int, above: Mapping[int, int]) -> set[int]:
    """As ``line_upwards``, from superiors that were read before."""
    found: set[int] = set()
    one: int | None = pk
    while one is not None and one not in found:
        found.add(one)
        one = above.get(one)
    return found


def can_view_place(result: AnnualResult, standing: Standing, hidden: set[int]) -> bool:
    """Row rule; twin of ``visible_places``: somebody on a board one may see, and not hidden from one."""
    return can_view_board(standing, result.review) and result.employee_id not in hidden


def visible_places(standing: Standing, hidden: set[int]) -> QuerySet[AnnualResult]:
    """List rule; twin of ``can_view_place``."""
    return AnnualResult.objects.filter(review__in=visible_boards(standing)).exclude(employee_id__in=hidden)


def reads_year(standing: Standing) -> bool:
    """The year as a whole: HR, the department's and the general manager, the group's leader, the auditor."""
    return (
        standing.is_hr
        or standing.is_department
        or standing.is_general_manager
        or standing.is_leader
        or standing.is_auditor
    )


def visible_years(standing: Standing) -> QuerySet[AnnualReview]:
    """List rule; twin of ``reads_year``: every year, newest first."""
    years = AnnualReview.objects.order_by("-year")
    return years if reads_year(standing) else years.none()


def keeps_year(standing: Standing) -> bool:
    """Reckon, refresh, publish and correct: HR."""
    return standing.is_hr


def is_over(year: int, today: date) -> bool:
    """Whether a year may be published: its last day has gone by, what comes of December counts in it."""
    return today > date(year, 12, 31)


def sees_bonuses(standing: Standing) -> bool:
    """What others are paid for the year: HR alone."""
    return standing.is_hr


def sees_replay_sums(standing: Standing) -> bool:
    """What a draft would cost in all (P8): HR, and who approves it and drafts none himself.

    By drafts of one's own one could reckon single people's caps from sums.
    """
    approves = standing.is_department or standing.is_general_manager
    return sees_bonuses(standing) or (approves and not standing.is_member)


def unseen_in_year(person: Employee, standing: Standing, review: AnnualReview) -> set[int]:
    """Whose rows a reader of the year is not shown: before it is published the same as on the board."""
    return set() if review.state == ReviewState.PUBLISHED else hidden_from(person, standing)


def can_correct_year(person: Employee, result: AnnualResult, standing: Standing) -> bool:
    """Row rule: a published result, by HR or the group's leader; nobody his own or that of his line upwards."""
    if result.review.state != ReviewState.PUBLISHED or not (keeps_year(standing) or standing.is_leader):
        return False
    return result.employee_id not in hidden_from(person, standing)


def can_view_own_year(person: Employee, result: AnnualResult) -> bool:
    """Row rule; twin of ``visible_own_years``: one's own once it is published."""
    return result.employee_id == person.pk and result.review.state == ReviewState.PUBLISHED


def visible_own_years(person: Employee) -> QuerySet[AnnualResult]:
    """List rule; twin of ``can_view_own_year``, the newest first."""
    mine = AnnualResult.objects.filter(employee=person, review__state=ReviewState.PUBLISHED)
    return mine.select_related("review").order_by("-review__year")
