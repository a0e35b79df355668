"""The total of a monitored call: the examples of ``cases/monitoring.yaml``, and laws that hold for every rubric."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.monitoring import Mark, explain_call, score_call
from tests.policy.test_cases import D, each, load

NOT_APPLICABLE, UNSCORED = "不适用", "未评"
HALF_CENT = Decimal("0.005")


def mark_of(place, text):
    points, level = text.split(":")
    if level == NOT_APPLICABLE:
        return Mark(place, D(points), is_not_applicable=True)
    return Mark(place, D(points), None if level == UNSCORED else D(level))


@pytest.mark.parametrize("case", each(load("monitoring")))
def test_a_call_is_scored_as_the_example_says(case):
    marks = [mark_of(place, text) for place, text in enumerate(case["items"])]

    score = score_call(marks, is_fatal=case.get("fatal", False))

    assert (score.total if score.total is None else str(score.total)) == case["total"]
    if "so_far" in case:
        assert score.so_far == D(case["so_far"])
    assert score.code == case["rule"]
    assert [mark.key for mark in marks if mark.is_open] == list(score.open)
    assert explain_call(score) == (
        case["rule"],
        {
            "given": score.given,
            "applying": score.applying,
            "full": score.full,
            "left_out": score.left_out,
            "total": score.total,
        },
    )


@st.composite
def scored(draw, *, may_be_open=False):
    points = draw(st.decimals("0.5", 60, places=1))
    if draw(st.integers(0, 4)) == 0:
        return Mark(0, points, is_not_applicable=True)
    if may_be_open and draw(st.integers(0, 4)) == 0:
        return Mark(0, points)
    return Mark(0, points, draw(st.decimals(0, points, places=2)))


def calls(**how):
    drawn = st.lists(scored(**how), min_size=1, max_size=20)
    return drawn.map(lambda marks: [mark._replace(key=place) for place, mark in enumerate(marks)])


@given(calls(may_be_open=True), st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(marks, random):
    shuffled = list(marks)
    random.shuffle(shuffled)

    one, other = score_call(marks), score_call(shuffled)

    assert one._replace(open=()) == other._replace(open=())
    assert sorted(one.open) == sorted(other.open)


@given(calls(may_be_open=True))
def test_a_total_lies_between_zero_and_full_marks(marks):
    score = score_call(marks)

    if score.so_far is not None:
        assert 0 <= score.so_far <= score.full + HALF_CENT
    assert score.applying + score.left_out <= score.full


@given(calls())
def test_full_levels_give_full_marks_whatever_does_not_apply(marks):
    score = score_call([mark if mark.is_not_applicable else mark._replace(given=mark.points) for mark in marks])

    assert score.total in {None, score.full}
    assert (score.total is None) == all(mark.is_not_applicable for mark in marks)


@given(calls(), st.data())
def test_a_higher_level_never_lowers_the_total(marks, data):
    scored_places = [place for place, mark in enumerate(marks) if mark.given is not None]
    if not scored_places:
        return
    place = data.draw(st.sampled_from(scored_places))
    better = data.draw(st.decimals(marks[place].given, marks[place].points, places=2))

    raised = [mark._replace(given=better) if at == place else mark for at, mark in enumerate(marks)]

    before, after = score_call(marks).total, score_call(raised).total
    assert before is not None
    assert after is not None
    assert after >= before


@given(calls())
def test_without_items_left_out_the_total_is_the_sum(marks):
    marks = [mark._replace(given=mark.given or Decimal(0), is_not_applicable=False) for mark in marks]

    score = score_call(marks)

    assert score.total == score.given
    assert score.code == "plain"


@given(calls(may_be_open=True))
def test_a_fatal_fault_gives_zero_as_soon_as_all_is_scored(marks):
    score = score_call(marks, is_fatal=True)

    assert score.so_far == 0
    assert score.total == (None if any(mark.is_open for mark in marks) else 0)


@given(calls(may_be_open=True))
def test_the_total_is_the_running_one_once_nothing_is_open(marks):
    score = score_call(marks)

    assert score.total == (None if score.open else score.so_far)
