"""What a snapshot holds is enough to score a form under any other numbers, as if its facts were read anew."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from appraisals.facts import FormRecord, ItemRecord, entries_of
from incidents.selectors.counting import Counting
from policy.facts import BEHAVIOUR, GOAL, KPI, MANAGEMENT, Entry, FormFacts, ItemFacts
from policy.forms import COMPLETE, build_scorecard
from policy.items import Direct
from policy.rounding import ZERO
from policy.schemes import SCHEME_1_0, Scheme, UpwardShares
from scoring.facts.replays import scored_anew, with_promised_floor
from scoring.facts.snapshots import Head, snapshot_text
from tests.policy.strategies import amounts

DAY = date(2026, 10, 12)
HEAD = Head("2026-10", "month", DAY, DAY, "1.0", "E1", "某人", "华东", "客服", "managerial", "E2", "周敏", 1)


@st.composite
def item_facts(draw: st.DrawFn) -> ItemFacts:
    worth = draw(amounts(1, 60))
    item = ItemFacts(0, draw(st.sampled_from((KPI, GOAL, BEHAVIOUR, MANAGEMENT))), "项", worth)
    if draw(st.integers(0, 7)) == 0:
        return item._replace(not_applicable="休假", params=Direct() if item.part == KPI else None)
    scores = amounts(0, worth)
    if item.part == KPI:
        return item._replace(params=Direct(), figure=draw(scores))
    item = item._replace(self_score=draw(st.none() | scores), review_score=draw(scores))
    ratings = draw(st.lists(scores, max_size=7)) if item.part == MANAGEMENT else []
    return item._replace(upward_sum=sum(ratings, ZERO), upward_count=len(ratings))


def event(number: int, points: Decimal, kind: str, cap: Decimal | None, voids: int) -> Counting:
    return Counting(0, 0, f"N{number}", DAY, None, points, "事", "甲", "乙", kind, cap, voids == 0)


events = st.lists(
    st.builds(
        event,
        st.integers(0, 99),
        amounts("0.5", 20, 1),
        st.sampled_from(("", "B01", "B02")),
        st.none() | amounts("0.5", 8, 1),
        st.integers(0, 9),
    ),
    max_size=4,
)
gains = st.lists(st.builds(Entry, st.just("SS-1"), amounts("0.1", 5), st.just("申诉")), max_size=2)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    below = draw(st.integers(1, 60))
    own = draw(st.integers(0, 30))
    return replace(
        SCHEME_1_0,
        upward=UpwardShares(Decimal(below), Decimal(own), Decimal(100 - below - own)),
        min_raters=draw(st.integers(3, 6)),
        coefficient_ceiling=draw(st.none() | st.just(Decimal(100))),
        bonus_limit=draw(st.none() | amounts(1, 6)),
        deduction_limit=draw(st.none() | amounts(1, 20)),
    )


def record_of(
    facts: list[ItemFacts], incidents: list[Counting], bonuses: list[Counting], gained: list[Entry]
) -> FormRecord:
    items = tuple(
        ItemRecord(
            *(
                one,
                "标准",
                "",
                "direct" if one.part == KPI else "",
                "",
                "manual",
                None,
                "甲",
                DAY,
                "",
                "",
                0,
                0,
                None,
                None,
            )
        )
        for one in facts
    )
    whole = FormFacts(
        items=tuple(facts),
        incidents=entries_of(incidents, by_month=False),
        bonuses=entries_of(bonuses, by_month=False),
        adjustments=tuple(gained),
    )
    return FormRecord(whole, items, tuple(incidents), tuple(bonuses), 0, 0)


@settings(max_examples=300, deadline=None)
@given(st.lists(item_facts(), min_size=1, max_size=8), events, events, gains, schemes(), schemes())
def test_a_form_scored_from_its_snapshot_is_scored_as_from_its_facts(items, incidents, bonuses, gained, then, draft):
    keyed = [one._replace(key=place) for place, one in enumerate(items)]
    record = record_of(keyed, incidents, bonuses, gained)
    text = snapshot_text(HEAD, build_scorecard(record.facts, then), record)
    rules = with_promised_floor(draft, then)

    again, actual = scored_anew(text, rules), build_scorecard(record.facts, rules)

    assert actual.status == again.status
    figures = ("coefficient", "deducted", "added", "adjusted", "total", "full_marks")
    assert [getattr(again, name) for name in figures] == [getattr(actual, name) for name in figures]
    assert actual.status == COMPLETE or actual.coefficient is None
    assert rules.min_raters == max(then.min_raters, draft.min_raters)
