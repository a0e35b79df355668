"""The scheme as data: it survives its own text, and its faults are named all at once."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.parameters import number
from policy.problems import MESSAGES, PolicyError
from policy.schemes import CHOICES, SCHEME_1_0, Scheme, problems_of
from tests.policy.strategies import amounts


def codes_of(data):
    return [problem.code for problem in problems_of(data)]


def test_the_default_scheme_survives_being_written_and_read():
    text = json.dumps(SCHEME_1_0.to_dict(), ensure_ascii=False)

    assert Scheme.from_dict(json.loads(text)) == SCHEME_1_0


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "version": st.text(min_size=1, max_size=9),
            "coefficient_ceiling": st.none() | amounts(1, 200).map(str),
            "pay_ceiling": st.none() | amounts(1, 200).map(str),
            "bonus_limit": st.none() | amounts(0, 50).map(str),
            "min_raters": st.integers(1, 9),
            "min_months": st.integers(1, 12),
            **{name: st.sampled_from(allowed) for name, allowed in CHOICES.items()},
        },
    )
)
def test_any_scheme_survives_being_written_and_read(changes):
    scheme = SCHEME_1_0.changed(changes)

    assert Scheme.from_dict(json.loads(json.dumps(scheme.to_dict()))) == scheme


def test_an_empty_scheme_is_the_default_one():
    assert Scheme.from_dict({}) == SCHEME_1_0


def test_a_number_from_a_spreadsheet_is_taken_as_it_was_typed():
    assert str(Scheme.from_dict({"pay_ceiling": 110.1, "min_months": 4.0}).pay_ceiling) == "110.1"


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        pytest.param({"min_rater": 3}, ["unknown_field"], id="a name that does not exist"),
        pytest.param({"min_raters": "三", "pool": 3}, ["bad_value", "bad_value"], id="two wrong kinds"),
        pytest.param({"min_raters": 2.5}, ["bad_value"], id="half a rater"),
        pytest.param({"min_raters": True}, ["bad_value"], id="yes is no number"),
        pytest.param({"min_raters": None}, ["bad_value"], id="nothing where a number must be"),
        pytest.param({"pay_ceiling": "NaN"}, ["bad_value"], id="not finite"),
        pytest.param({"pay_ceiling": [1]}, ["bad_value"], id="a list for a number"),
        pytest.param({"gravity": "R1"}, ["bad_value"], id="a text for a list"),
        pytest.param({"upward": {"own": 20}}, ["bad_value"], id="a record with fields missing"),
        pytest.param({"levels": [dict.fromkeys(("code", "name", "share", "needs_evidence"), 1)]}, ["bad_value"]),
        pytest.param(
            {"pool": "city", "min_months": 13, "min_raters": 0},
            ["unknown_choice", "out_of_range", "out_of_range"],
            id="all contradictions at once",
        ),
        pytest.param(
            {"upward": {"subordinates": 30, "own": 20, "superior": 60}}, ["shares_not_whole"], id="shares above 100"
        ),
        pytest.param(
            {"managerial": {"kpi_and_goals": 120, "behaviour": -20, "management": 0}},
            ["out_of_range", "out_of_range"],
            id="a part below nothing",
        ),
        pytest.param({"grades": []}, ["shares_not_whole", "bad_value"], id="no grades"),
        pytest.param({"gravity": ["R1"]}, ["bad_value"], id="rules without a place in the order"),
    ],
)
def test_a_scheme_that_cannot_be_used_is_refused_with_all_its_faults(data, codes):
    assert codes_of(data) == codes
    with pytest.raises(PolicyError) as refusal:
        Scheme.from_dict(data)
    assert [problem.code for problem in refusal.value.problems] == codes


def changed_rule(**changes):
    rules = SCHEME_1_0.to_dict()["triggers"]
    return {"triggers": [{**rules[0], **changes}, *rules[1:]]}


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (changed_rule(kind="sometimes"), ["unknown_choice"]),
        (changed_rule(side="near"), ["unknown_choice"]),
        (changed_rule(times=0), ["out_of_range"]),
        (changed_rule(threshold=None), ["bad_value"]),
        (changed_rule(code="R2"), ["repeated_code", "bad_value"]),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(data, codes):
    assert codes_of(data) == codes


@pytest.mark.parametrize("word", ["1E3", "9" * 13, "1,000", "٣"])
def test_a_number_nobody_would_type_is_not_taken(word):
    assert number(word) is None


def test_a_sound_scheme_has_no_problems_and_a_level_says_whether_it_needs_evidence():
    levels = SCHEME_1_0.to_dict()["levels"]

    assert codes_of(SCHEME_1_0.to_dict()) == []
    assert codes_of({"levels": [{**levels[0], "needs_evidence": "yes"}]}) == ["bad_value"]


def test_a_step_with_an_unknown_anchor_is_refused():
    steps = SCHEME_1_0.to_dict()["month_timeline"]

    assert codes_of({"month_timeline": [{**steps[0], "anchor": "someday"}]}) == ["unknown_choice"]


def test_every_refusal_can_be_read_by_a_person():
    faults = problems_of({"pool": "city", "min_months": 13, "min_rater": 1}) + problems_of({"pool": "city"})

    assert all(problem.message in MESSAGES.values() for problem in faults)
    assert "“pool”" in str(problems_of({"pool": "city"})[0])


def test_grades_and_steps_are_found_by_their_codes():
    assert SCHEME_1_0.grade("A").name == "优秀"
    assert SCHEME_1_0.step("appeal").days == 5
    with pytest.raises(KeyError):
        SCHEME_1_0.grade("F")
    with pytest.raises(KeyError):
        SCHEME_1_0.step("party")


def test_the_scheme_says_when_an_improvement_plan_is_obligatory():
    rules = SCHEME_1_0
    assert (str(rules.improvement_below), rules.improvement_days) == ("60", 60)
    assert (rules.improvement_rules, rules.improvement_grades) == (("R1", "R4"), ("D", "E"))
    assert codes_of({"improvement_below": None, "improvement_rules": [], "improvement_grades": []}) == []
    assert codes_of({"improvement_below": "1001"}) == ["out_of_range"]
    assert codes_of({"improvement_days": 0}) == ["out_of_range"]
    assert codes_of({"improvement_grades": ["F"]}) == ["bad_value"]
