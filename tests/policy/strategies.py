"""Hypothesis strategies for the policy core: sound parameters, items and forms."""

from decimal import Decimal

from hypothesis import strategies as st

from policy.facts import BEHAVIOUR, GOAL, KPI, MANAGEMENT, Entry, FormFacts, ItemFacts
from policy.items import Deduct, Direct, InverseRatio, Linear, Ratio, Tiers

ZERO = Decimal(0)


def amounts(low, high, places=2):
    return st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False)


points = amounts("0.1", 100, 1)
figures = amounts(0, 2000)
caps = amounts("0.1", 2)
ratios = st.builds(Ratio, amounts("0.01", 1000), caps)
inverse_ratios = st.builds(InverseRatio, amounts("0.01", 1000), caps)
deducts = st.builds(Deduct, amounts("0.01", 50), amounts(0, 50))
linears = st.builds(Linear, amounts(-100, 1000), amounts(-100, 1000)).filter(lambda p: p.zero != p.full)


@st.composite
def tiers(draw):
    bounds = sorted(draw(st.sets(amounts(0, 1000), min_size=1, max_size=6)), reverse=True)
    worths = sorted(
        draw(st.lists(amounts(0, 100), min_size=len(bounds), max_size=len(bounds))),
        reverse=True,
    )
    at_least = draw(st.booleans())
    return Tiers(at_least, tuple(zip(bounds if at_least else reversed(bounds), worths, strict=True)))


parameters = st.one_of(ratios, inverse_ratios, deducts, linears, tiers(), st.just(Direct()))


def better_first(params, one, other):
    """The two figures, the better one first."""
    low, high = sorted((one, other))
    less_is_better = (
        isinstance(params, InverseRatio | Deduct)
        or (isinstance(params, Linear) and params.zero > params.full)
        or (isinstance(params, Tiers) and not params.at_least)
    )
    return (low, high) if less_is_better else (high, low)


@st.composite
def items(draw):
    worth = draw(points)
    item = ItemFacts(0, draw(st.sampled_from((KPI, GOAL, BEHAVIOUR, MANAGEMENT))), "x", worth)
    if draw(st.integers(0, 9)) == 0:
        return item._replace(not_applicable="休假")
    if item.part == KPI:
        params = draw(st.one_of(ratios, inverse_ratios, deducts, linears, st.just(Direct())))
        figure = draw(st.none() | (amounts(0, worth) if isinstance(params, Direct) else figures))
        return item._replace(params=params, figure=figure)
    scores = amounts(0, worth)
    item = item._replace(self_score=draw(st.none() | scores), review_score=draw(st.none() | scores))
    ratings = draw(st.lists(scores, max_size=6))
    return item._replace(upward_sum=sum(ratings, ZERO), upward_count=len(ratings))


kinds = st.sampled_from(("", "B01", "B02", "B03"))
months = st.sampled_from(("", "2026-10", "2026-11"))
critical = st.integers(0, 9).map(lambda chance: chance == 0)
incidents = st.lists(
    st.builds(Entry, st.integers(0, 99), amounts("0.5", 20, 1), voids_bonus=critical, month=months), max_size=3
)
bonuses = st.lists(
    st.builds(
        Entry,
        st.integers(0, 99),
        amounts("0.5", 20, 1),
        kind=kinds,
        cap=st.none() | amounts("0.5", 10, 1),
        month=months,
    ),
    max_size=6,
)
entries = st.lists(st.builds(Entry, st.integers(0, 99), amounts("0.5", 20, 1)), max_size=3)
limits = st.none() | amounts(0, 30, 1)


@st.composite
def forms(draw):
    drawn = draw(st.lists(items(), min_size=1, max_size=14))
    keyed = [item._replace(key=place) for place, item in enumerate(drawn)]
    return FormFacts(keyed, draw(incidents), draw(bonuses), draw(entries))
