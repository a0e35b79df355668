"""Which years there are, by which numbers they are graded, and into which pools their people fall."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from appraisals.selectors.schemes import rules_of, scheme_in_force
from common.errors import RuleError
from people.models import Region
from people.states import PositionClass
from policy.schemes import POOL_REGION, Scheme
from scoring.models import AnnualReview


class Pool(NamedTuple):
    """A pool of the distribution: its code ("" the company as a whole), its name, and how many are graded in it."""

    code: str
    name: str
    people: int


def review_of(year: int) -> AnnualReview | None:
    """The review of that year, if it was closed once."""
    return AnnualReview.objects.filter(year=year).first()


def reviews_by_year() -> dict[int, AnnualReview]:
    """Every year that was closed once; few, so all are read at once."""
    return {review.year: review for review in AnnualReview.objects.all()}


def years_with_board() -> list[int]:
    """The years that were closed once, newest first."""
    return list(AnnualReview.objects.order_by("-year").values_list("year", flat=True))


def rules_of_year(year: int) -> Scheme:
    """The scheme in force at the start of the year, as for every period (P9)."""
    scheme = scheme_in_force(date(year, 1, 1))
    if scheme is None:
        raise RuleError(_("%(year)s年初没有生效的考核方案。") % {"year": year}, code="no_scheme")
    return rules_of(scheme)


def pool_names(codes: Collection[str], rules: Scheme) -> dict[str, str]:
    """Code → name of the pools: regions or classes of posts by the scheme; one statement at most."""
    names = {"": _("全公司")}
    if rules.pool == POOL_REGION and any(codes):
        names |= dict(Region.objects.filter(code__in=codes).values_list("code", "name"))
    labels = {value: str(label) for value, label in PositionClass.choices}
    return {code: names.get(code) or labels.get(code, code) for code in codes}
