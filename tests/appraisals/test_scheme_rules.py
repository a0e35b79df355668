"""What a rule of the scheme leads to is one of the policy's outcomes: no dismissal under another name (P7.1)."""

from typing import Any

import pytest

from appraisals.selectors.scheme_problems import scheme_problems
from policy.schemes import SCHEME_1_0
from policy.triggers import leads_to

NEW = {"code": "R5", "kind": "cumulative", "side": "above", "threshold": "95", "times": 2, "consequence": "警告"}


def draft(place: int | None = None, **changed: Any) -> dict[str, Any]:
    """The scheme with one rule changed, or (None) with a new one of these facts."""
    data = SCHEME_1_0.to_dict()
    rules = [dict(rule) for rule in data["triggers"]]
    if place is None:
        rules.append(NEW | changed)
    else:
        rules[place] |= changed
    return data | {"triggers": rules, "gravity": [rule["code"] for rule in rules]}


@pytest.mark.parametrize(
    ("data", "path"),
    [
        pytest.param(draft(1, consequence="约谈"), "triggers.R2.consequence", id="other words"),
        pytest.param(draft(2, side="below"), "triggers.R3.side", id="other side"),
        pytest.param(draft(consequence="发优异奖金"), "triggers.R5.consequence", id="an outcome of its own"),
        pytest.param(draft(consequence="辞退"), "triggers.R5.side", id="dismissed for high months"),
        pytest.param(
            draft(side="below", consequence="上调绩效上限或优异奖金"), "triggers.R5.side", id="rewarded for low ones"
        ),
    ],
)
def test_a_rule_keeps_what_its_code_leads_to(data, path):
    assert [one.path for one in scheme_problems(data)] == [path]


@pytest.mark.parametrize("data", [draft(1, threshold="45", times=4), SCHEME_1_0.to_dict()], ids=["numbers", "as it is"])
def test_numbers_are_free(data):
    assert scheme_problems(data) == []


def test_who_is_graded_e_gets_no_bonus_by_any_version():
    data = SCHEME_1_0.to_dict()
    grades = [{**rule, "bonus_factor": "0.5"} if rule["code"] in "DE" else rule for rule in data["grades"]]

    assert [str(one) for one in scheme_problems(data | {"grades": grades})] == [
        "E · 奖金系数：评为E的没有年终奖金（七.2），只能是0"
    ]


@pytest.mark.parametrize(
    ("side", "outcome", "like"),
    [
        ("below", "警告", "R1"),
        ("below", "辞退", "R2"),
        ("above", "上调绩效上限或优异奖金", "R3"),
        ("below", "下调绩效上限", "R4"),
    ],
)
def test_an_added_rule_leads_to_any_outcome_of_the_policy(side, outcome, like):
    data = draft(side=side, consequence=outcome)

    assert scheme_problems(data) == []
    assert leads_to(SCHEME_1_0.from_dict(data).triggers[-1]) == like


def test_what_the_program_does_not_know_only_warns_and_the_policys_own_stay_what_they_are():
    rule = SCHEME_1_0.triggers[1]

    assert leads_to(rule._replace(code="R9", consequence="约谈")) == "R1"
    assert leads_to(rule._replace(consequence="约谈")) == "R2"
