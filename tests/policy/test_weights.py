"""A form leaves target setting only when its weights fill what the class of post demands."""

from decimal import Decimal

import pytest

from policy.facts import BEHAVIOUR, GOAL, KPI, MANAGEMENT
from policy.schemes import SCHEME_1_0
from policy.weights import PartFill, Weight, check_weights, fills


def weights(**parts):
    return [Weight(part, f"{part}{place}", Decimal(str(w))) for part, ws in parts.items() for place, w in enumerate(ws)]


AGENT = weights(kpi=[30, 20], goal=[30], behaviour=[12, 8])
SUPERVISOR = weights(kpi=[60], goal=[20], behaviour=[10], management=[6, 4])


@pytest.mark.parametrize(("items", "managerial"), [(AGENT, False), (SUPERVISOR, True)])
def test_full_weights_are_accepted(items, managerial):
    assert check_weights(items, SCHEME_1_0, managerial=managerial) == []


def test_the_owner_splits_the_eighty_as_he_likes():
    assert check_weights(weights(kpi=[80], behaviour=[20]), SCHEME_1_0, managerial=False) == []


def test_every_gap_is_named_at_once():
    items = weights(kpi=[60], behaviour=[25])

    problems = check_weights(items, SCHEME_1_0, managerial=False)

    assert [problem.code for problem in problems] == ["weights_do_not_fill"] * 2
    assert [(p.values["word"], p.values["gap"]) for p in problems] == [("还差", "20"), ("多了", "5")]


def test_a_part_without_items_is_missed_too():
    problems = check_weights(weights(kpi=[80], behaviour=[10]), SCHEME_1_0, managerial=True)

    assert [problem.values["part"] for problem in problems] == ["管理行为与能力"]


def test_management_behaviour_is_not_for_non_managerial_posts():
    items = [*AGENT, Weight(MANAGEMENT, "团队建设", Decimal(2))]

    (problem,) = check_weights(items, SCHEME_1_0, managerial=False)

    assert (problem.code, problem.values["name"]) == ("part_not_for_class", "团队建设")


def test_weights_of_nothing_repeated_names_and_unknown_parts_are_named():
    items = [
        *AGENT,
        Weight(KPI, "空", Decimal(0)),
        Weight(GOAL, "kpi0", Decimal("0.5")),
        Weight(KPI, "减", Decimal("-0.5")),
        Weight("luck", "运气", Decimal(1)),
    ]

    codes = [problem.code for problem in check_weights(items, SCHEME_1_0, managerial=False)]

    assert codes == ["weight_not_positive", "repeated_item", "weight_not_positive", "unknown_part"]


def test_the_meter_counts_kpis_and_goals_together():
    first, second = fills(AGENT, SCHEME_1_0, managerial=False)

    assert first == PartFill((KPI, GOAL), "关键业绩指标、工作目标", Decimal(80), Decimal(80))
    assert first.gap == 0
    assert (second.parts, second.label) == ((BEHAVIOUR,), "工作行为与态度")
