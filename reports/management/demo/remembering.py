"""The grades of the year before the demo's first whole one, as a company brings them in from its old files."""

from policy.distribution import quotas
from policy.schemes import SCHEME_1_0
from reports.management.demo.months import Troupe
from scoring.models import AnnualReview, PastGrade

LEAP = 0.02
"""How far a year may lie from what somebody is able to: last year's order is not quite this year's."""


def remember(troupe: Troupe) -> None:
    """Last year's grades of everybody who was here, so that two years running shows (P7.2)."""
    review = AnnualReview.objects.earliest("year")
    people = [one for one in troupe.people if one.hired_on is None or one.hired_on.year < review.year]
    ordered = sorted(people, key=lambda one: -(troupe.ability[one.pk] + troupe.luck.uniform(-LEAP, LEAP)))
    codes = [rule.code for rule in SCHEME_1_0.grades]
    places = [code for code, n in zip(codes, quotas(len(ordered), SCHEME_1_0), strict=True) for _place in range(n)]
    PastGrade.objects.bulk_create(
        PastGrade(year=review.year - 1, employee=one, grade=grade) for one, grade in zip(ordered, places, strict=True)
    )
