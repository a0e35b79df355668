"""What a rule of the scheme leads to goes by its code: no version makes a dismissal under another name (P7.1)."""

from typing import Any

import pytest

from appraisals.selectors.scheme_problems import scheme_problems
from policy.schemes import SCHEME_1_0

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
        pytest.param(draft(1, code="R9"), "triggers.R9.consequence", id="renamed"),
        pytest.param(draft(1, consequence="约谈"), "triggers.R2.consequence", id="other words"),
        pytest.param(draft(2, side="below"), "triggers.R3.side", id="other side"),
        pytest.param(draft(consequence="发优异奖金"), "triggers.R5.consequence", id="a new one that rewards"),
        pytest.param(draft(code="R2a", consequence="辞退"), "triggers.R2a.consequence", id="a second dismissal"),
    ],
)
def test_a_rule_keeps_what_its_code_leads_to(data, path):
    assert [one.path for one in scheme_problems(data)] == [path]


@pytest.mark.parametrize(
    "data", [draft(), draft(1, threshold="45", times=4), SCHEME_1_0.to_dict()], ids=["a warning", "numbers", "as it is"]
)
def test_numbers_are_free_and_an_added_rule_warns(data):
    assert scheme_problems(data) == []
