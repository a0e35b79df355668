"""Laws of the policy core that hold for every form, figure and pool."""

import json
from dataclasses import replace
from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from policy.distribution import Candidate, distribute, quotas
from policy.events import DEDUCTION_LIMIT
from policy.export import explain_line, to_json
from policy.facts import FormFacts
from policy.forms import COMPLETE, NOTHING, WAITING, build_scorecard
from policy.items import InverseRatio, Ratio, Tiers
from policy.parameters import params_of
from policy.schemes import SCHEME_1_0
from policy.triggers import MonthResult, counters, fired
from tests.policy import strategies as make

HALF_CENT = Decimal("0.005")
ZERO = Decimal(0)


@given(make.parameters, make.points, make.figures, make.figures)
def test_a_better_figure_never_scores_less(params, points, one, other):
    better, worse = make.better_first(params, one, other)

    assert params.score(points, better) >= params.score(points, worse)


@given(make.parameters, make.points, make.figures)
def test_a_score_lies_between_zero_and_what_the_item_can_give(params, points, figure):
    if isinstance(params, Tiers):
        most = params.bands[0][1]
    elif isinstance(params, Ratio | InverseRatio):
        most = points * params.cap
    elif params.method == "direct":
        figure = min(figure, points)
        most = points
    else:
        most = points

    assert 0 <= params.score(points, figure) <= most + HALF_CENT


@given(make.parameters)
def test_parameters_survive_being_written_and_read(params):
    assert params_of(params.method, params.text()) == params


@given(make.forms(), st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(form, random):
    shuffled = list(form.items)
    random.shuffle(shuffled)

    one, other = build_scorecard(form, SCHEME_1_0), build_scorecard(form._replace(items=shuffled), SCHEME_1_0)

    assert one.parts == other.parts
    assert one[3:-1] == other[3:-1]
    assert sorted(one.missing) == sorted(other.missing)


@given(make.forms())
def test_replaying_a_form_gives_the_same_data_to_the_letter(form):
    first = json.dumps(to_json(build_scorecard(form, SCHEME_1_0)))

    with localcontext(prec=30, rounding="ROUND_DOWN"):
        again = json.dumps(to_json(build_scorecard(form, SCHEME_1_0)))

    assert first == again


def limited(bonus, deduction):
    return replace(SCHEME_1_0, bonus_limit=bonus, deduction_limit=deduction)


@given(make.forms(), make.incidents, make.bonuses, make.limits, make.limits)
def test_incidents_never_add_and_bonuses_never_take(form, incidents, bonuses, bonus_limit, deduction_limit):
    scheme = limited(bonus_limit, deduction_limit)
    before = build_scorecard(form, scheme)

    worse = build_scorecard(form._replace(incidents=[*form.incidents, *incidents]), scheme)
    better = build_scorecard(form._replace(bonuses=[*form.bonuses, *bonuses]), scheme)

    assert 0 <= worse.total <= before.total <= better.total


@given(make.incidents, make.bonuses, make.limits, make.limits)
def test_what_is_claimed_is_what_counts_and_what_is_cut_to_the_letter(incidents, bonuses, bonus_limit, deduction_limit):
    scheme = limited(bonus_limit, deduction_limit)

    card = build_scorecard(FormFacts([], incidents, bonuses), scheme)

    cut = {side: sum((one.points for one in card.cuts if (one.reason == DEDUCTION_LIMIT) == side), ZERO)
           for side in (True, False)}  # fmt: skip
    assert sum((entry.points for entry in incidents), ZERO) == card.deducted + cut[True]
    assert sum((entry.points for entry in bonuses), ZERO) == card.added + cut[False]
    assert card.deducted >= 0
    assert card.added >= 0
    for one in card.cuts:
        assert one.points == one.claimed - one.limit > 0


@given(make.incidents, make.bonuses, make.limits, make.limits)
def test_no_month_counts_more_than_its_limits_allow(incidents, bonuses, bonus_limit, deduction_limit):
    scheme = limited(bonus_limit, deduction_limit)
    for month in {entry.month for entry in (*incidents, *bonuses)}:
        own = [[entry for entry in entries if entry.month == month] for entries in (incidents, bonuses)]

        counted = build_scorecard(FormFacts([], *own), scheme)

        assert bonus_limit is None or counted.added <= bonus_limit
        assert deduction_limit is None or counted.deducted <= deduction_limit
        if any(entry.voids_bonus for entry in own[0]):
            assert counted.added == 0
        for kind in {entry.kind for entry in own[1]} - {""}:
            same = [entry for entry in own[1] if entry.kind == kind]
            alone = build_scorecard(FormFacts([], (), same), SCHEME_1_0)
            if None not in (caps := [entry.cap for entry in same]):
                assert alone.added <= max(caps)


@given(make.incidents, make.bonuses, make.limits, st.randoms(use_true_random=False))
def test_the_order_of_incidents_and_bonuses_does_not_matter(incidents, bonuses, limit, random):
    scheme = limited(limit, limit)
    card = build_scorecard(FormFacts([], incidents, bonuses), scheme)
    random.shuffle(incidents)
    random.shuffle(bonuses)

    assert build_scorecard(FormFacts([], incidents, bonuses), scheme) == card


@given(make.forms())
def test_a_form_is_complete_exactly_when_nothing_is_missing_and_something_counts(form):
    card = build_scorecard(form, SCHEME_1_0)

    unscored = [line for line in card.lines if line.state == "missing"]
    assert len(unscored) == len(card.missing)
    assert card.status == (WAITING if card.missing else COMPLETE if card.full_marks else NOTHING)
    assert (card.coefficient is not None) == (card.status == COMPLETE)
    assert card.counted <= card.full_marks
    for line in card.lines:
        assert explain_line(line).values.get("score") == line.score


@given(make.forms(), st.data())
def test_what_does_not_apply_changes_nothing_but_the_marks(form, data):
    place = data.draw(st.integers(0, len(form.items) - 1))
    without = [item for item in form.items if item.key != place]
    marked = [item._replace(not_applicable="休假") if item.key == place else item for item in form.items]

    left_out = build_scorecard(form._replace(items=without), SCHEME_1_0)
    not_applicable = build_scorecard(form._replace(items=marked), SCHEME_1_0)

    assert left_out[2:] == not_applicable[2:]


@given(make.forms(), st.data())
def test_a_missing_thing_never_counts_as_zero(form, data):
    item = data.draw(st.sampled_from(form.items))
    emptied = FormFacts([item._replace(figure=None, review_score=None, not_applicable=None)])

    card = build_scorecard(emptied, SCHEME_1_0)

    assert (card.status, card.coefficient, card.provisional) == (WAITING, None, None)
    assert card.lines[0].score is None


def test_quotas_sum_to_the_pool_and_no_grade_shrinks_when_somebody_joins():
    before = quotas(0, SCHEME_1_0)
    for count in range(1, 2001):
        places = quotas(count, SCHEME_1_0)

        assert sum(places) == count
        assert all(now >= then for now, then in zip(places, before, strict=True)), count
        before = places


people = st.lists(
    st.tuples(make.amounts(0, 110, 0), st.integers(5, 12), make.amounts(0, 3, 0), make.amounts(0, 3, 0)),
    max_size=40,
)


@given(people, st.randoms(use_true_random=False))
def test_grades_follow_merit_and_never_the_order_of_the_list(rows, random):
    candidates = [Candidate(key, *row) for key, row in enumerate(rows)]
    candidates_by_key = {candidate.key: candidate for candidate in candidates}
    placings = distribute(candidates, SCHEME_1_0)
    random.shuffle(candidates)

    assert distribute(candidates, SCHEME_1_0) == placings
    ranked = [(placing.rank, placing.grade, key) for key, placing in placings.items() if placing.rank]
    for rank, grade, key in ranked:
        assert rank == 1 + sum(other < rank for other, _grade, _key in ranked)
        for _rank, below, other in ranked:
            if grade and below and candidates_by_key[key].coefficient > candidates_by_key[other].coefficient:
                assert grade <= below


barred_people = st.lists(
    st.tuples(make.amounts(0, 110, 0), st.integers(6, 12), make.amounts(0, 3, 0), make.amounts(0, 3, 0)).flatmap(
        lambda row: st.booleans().map(lambda barred: (*row, "", barred))
    ),
    max_size=60,
)


@given(barred_people, st.randoms(use_true_random=False))
def test_nobody_barred_takes_the_best_grade_and_no_place_is_lost(rows, random):
    candidates = [Candidate(key, *row) for key, row in enumerate(rows)]
    placings = distribute(candidates, SCHEME_1_0)
    random.shuffle(candidates)

    assert distribute(candidates, SCHEME_1_0) == placings
    barred = {one.key for one in candidates if one.barred}
    for placing in placings.values():
        assert placing.key not in barred or "A" not in (placing.grade, *placing.choices)
    free = len(candidates) - len(barred)
    wanted = list(quotas(len(candidates), SCHEME_1_0))
    spare = max(0, wanted[0] - free)
    wanted[0], wanted[1] = wanted[0] - spare, wanted[1] + spare
    for grade, places in zip("ABCDE", wanted, strict=True):
        sure = sum(placing.grade == grade for placing in placings.values())
        open_ones = sum(grade in placing.choices for placing in placings.values())
        assert sure <= places <= sure + open_ones


@given(barred_people)
def test_without_anybody_barred_the_years_grades_are_as_ever(rows):
    nobody = [Candidate(key, *row)._replace(barred=False) for key, row in enumerate(rows)]
    placings = distribute(nobody, SCHEME_1_0)
    places = [grade for grade, n in zip("ABCDE", quotas(len(nobody), SCHEME_1_0), strict=True) for _place in range(n)]

    for placing in placings.values():
        assert placing.rank is not None
        tied = sum(other.rank == placing.rank for other in placings.values())
        mine = tuple(dict.fromkeys(places[placing.rank - 1 : placing.rank - 1 + tied]))
        assert (placing.grade,) == mine if placing.grade else placing.choices == mine


histories = st.lists(make.amounts(30, 100, 0), max_size=30).map(
    lambda values: [
        MonthResult(f"{2025 + place // 12}-{place % 12 + 1:02}", value) for place, value in enumerate(values)
    ]
)


@given(histories, st.sampled_from(("year", "rolling_12", "ever")))
def test_a_month_is_used_once_by_a_rule_and_later_months_change_nothing_earlier(history, window):
    scheme = SCHEME_1_0.changed({"counting_window": window})
    events = fired(history, scheme)

    for rule in scheme.triggers:
        used = [result.month for event in events if event.rule == rule for result in event.evidence]
        assert len(used) == len(set(used))
    for event in events:
        assert event.evidence[-1].month == event.month
        assert len(event.evidence) == event.rule.times
    cut = history[: len(history) // 2]
    assert fired(cut, scheme) == tuple(event for event in events if cut and event.month <= cut[-1].month)
    for counter in counters(history, scheme, month="2027-06"):
        assert 0 <= counter.have < counter.need
