"""What the publication of a year will bring, told before it is done."""

from dataclasses import dataclass

from appraisals.models import Form
from appraisals.states import RESULT_STATES, CycleKind
from calibration.selectors.year_lines import consequence_name
from calibration.selectors.yearly import YearPage
from policy.distribution import NO_ANNUAL_BONUS, earns_career_plan
from scoring.models import AnnualReview


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """``proposals``: what will be put to HR, and how often; ``unfinished`` forms of the year have no result yet."""

    people: int
    proposals: list[tuple[str, int]]
    careers: int
    unfinished: int


def following_of(review: AnnualReview, page: YearPage) -> Following:
    """Counted from the rows one sees; one statement."""
    counts: dict[str, int] = {}
    for row in page.rows:
        for code in row.consequences:
            if code != NO_ANNUAL_BONUS:
                counts[code] = counts.get(code, 0) + 1
    careers = sum(1 for row in page.rows if earns_career_plan(row.grade, row.factors.get("last_grade")))
    year = {"cycle__kind": CycleKind.MONTH, "cycle__starts_on__year": review.year}
    return Following(
        people=len(page.rows),
        proposals=[(consequence_name(code), n) for code, n in counts.items()],
        careers=careers,
        unfinished=Form.objects.filter(**year).exclude(state__in=RESULT_STATES).count(),
    )
