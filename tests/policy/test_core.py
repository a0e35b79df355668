"""What the worked examples do not show: refusals, calendars, the exported reasons."""

from datetime import date
from decimal import Decimal

import pytest

from policy.distribution import Candidate, distribute, earns_career_plan
from policy.export import explain_line, to_json, upward_mean
from policy.facts import KPI, MANAGEMENT, Entry, FormFacts, ItemFacts
from policy.forms import build_scorecard
from policy.items import METHOD_NAMES, Tiers, check_item, explain, figure_problem
from policy.parameters import params_of
from policy.pay import base_pay
from policy.problems import PolicyError
from policy.rounding import cents, percent, plain, quotient
from policy.schemes import SCHEME_1_0
from policy.triggers import MonthResult, fired_in
from policy.workdays import (
    Anchors,
    Calendar,
    due_on,
    remind_on,
    working_day_after,
    working_day_before,
    working_days_left,
)

D = Decimal


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.005", "0.01"), ("0.0049999", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01")]
)
def test_halves_are_rounded_up(value, rounded):
    assert str(cents(D(value))) == rounded


def test_quotients_and_percentages_are_rounded_once():
    assert str(quotient(D(2), D(3))) == "0.67"
    assert str(percent(D("87.445"), D(100))) == "87.45"


@pytest.mark.parametrize(("value", "text"), [("1.50", "1.5"), ("1E+2", "100"), ("-0.0", "0"), ("0", "0"), ("10", "10")])
def test_a_decimal_is_written_as_a_person_types_it(value, text):
    assert plain(D(value)) == text


def test_parameters_that_cannot_be_read_raise_with_their_problems():
    with pytest.raises(PolicyError) as refusal:
        params_of("达成率", "目标=0;上限=0")
    assert len(refusal.value.problems) == 2


def test_methods_are_known_by_word_and_by_code():
    assert params_of("ratio", "目标=95") is not None
    assert params_of("ratio", "目标=95") == params_of("达成率", "目标=95")
    assert len(METHOD_NAMES) == 6


def test_a_tier_may_not_give_more_than_the_item_has():
    tiers = params_of("分档", ">=95:20;>=90:15")

    assert [problem.code for problem in check_item(tiers, D(18))] == ["tier_above_points"]
    assert check_item(tiers, D(20)) == []
    assert check_item(params_of("达成率", "目标=1"), D(1)) == []


def test_a_figure_must_be_a_finite_number():
    problem = figure_problem(params_of("达成率", "目标=1"), D(1), D("NaN"))

    assert problem is not None
    assert problem.code == "not_a_number"


@pytest.mark.parametrize(
    ("method", "text", "figure", "expect"),
    [
        ("达成率", "目标=95;上限=1.2", "76", {"target": D(95), "cap": D("1.2"), "capped": None, "score": D("8.00")}),
        ("达成率", "目标=95;上限=1.2", "190", {"capped": D("1.2"), "score": D("12.00")}),
        ("反向达成率", "目标=100", "50", {"target": D(100), "capped": D(1), "score": D("10.00")}),
        ("分档", ">=95:10;>=90:8", "91", {"operator": ">=", "bound": D(90), "band_points": D(8)}),
        ("分档", "<=1:10", "91", {"operator": "<=", "bound": None, "band_points": D(0), "score": D("0.00")}),
        ("扣减", "每次=2;容许=1", "3", {"per": D(2), "allowed": D(1), "over": D(2), "minus": D(4)}),
        ("线性", "零分=60;满分=90", "75", {"zero": D(60), "full": D(90), "score": D("5.00")}),
        ("直接计分", "", "7", {"figure": D(7), "score": D("7.00")}),
    ],
)
def test_a_score_is_explained_by_the_figures_of_its_formula(method, text, figure, expect):
    reason = explain(params_of(method, text), D(10), D(figure))

    assert METHOD_NAMES[reason.code] == method
    assert expect.items() <= reason.values.items()


MANAGER_ITEM = ItemFacts(
    1, MANAGEMENT, "团队建设", D(10), self_score=D(9), review_score=D(8), upward_sum=D(21), upward_count=3
)


def card_of(*items, **entries):
    return build_scorecard(FormFacts(items, **entries), SCHEME_1_0)


def test_the_export_holds_the_subordinates_mean_and_no_more():
    (line,) = to_json(card_of(MANAGER_ITEM))["lines"]

    assert (line["below"], line["shares"], line["score"]) == ("7", ["20", "20", "60"], "8.00")
    assert not {"upward_sum", "upward_count", "ratings"} & set(line)


def test_ratings_of_too_few_leave_no_trace_in_result_reason_or_export():
    few = card_of(MANAGER_ITEM._replace(upward_sum=D(14), upward_count=2))
    none = card_of(MANAGER_ITEM._replace(upward_sum=D(0), upward_count=0))

    assert to_json(few) == to_json(none)
    assert explain_line(few.lines[0]) == explain_line(none.lines[0])
    assert upward_mean(few.lines[0]) is None


def test_the_reason_of_a_management_line_names_the_shares_that_counted():
    reason = explain_line(card_of(MANAGER_ITEM).lines[0])

    assert reason.code == "upward"
    assert (reason.values["below"], reason.values["share_superior"]) == (D(7), D(60))


def test_what_does_not_apply_says_why_and_what_is_missing_says_so():
    idle = ItemFacts(1, KPI, "外呼量", D(10), not_applicable="休假")
    owed = ItemFacts(2, KPI, "接通率", D(10), params=params_of("达成率", "目标=95"))
    card = card_of(idle, owed)

    assert explain_line(card.lines[0]) == ("not_applicable", {"points": D(10), "reason": "休假"})
    assert explain_line(card.lines[1]).code == "missing"
    data = to_json(card)
    assert data["lines"][0]["reason"] == "休假"
    assert data["lines"][1]["params"] == "目标=95"
    assert data["missing"] == [{"kind": "figure", "key": 2, "name": "接通率", "refused": False}]


def test_a_kpi_without_parameters_waits_instead_of_failing():
    card = card_of(ItemFacts(1, KPI, "接通率", D(10), figure=D(5)))

    assert [item.kind for item in card.missing] == ["figure"]
    assert to_json(card)["lines"][0]["figure"] == "5"


def test_a_part_a_form_does_not_have_totals_nothing():
    card = card_of(MANAGER_ITEM, bonuses=[Entry("JF1", D(1))])

    assert card.part(MANAGEMENT).score == D(8)
    assert (card.part(KPI).score, card.part(KPI).full_marks) == (0, 0)
    assert card.lines[0].clause == "P4.4"


def test_only_the_rules_that_fired_with_the_month_are_reported():
    history = [MonthResult("2026-01", D(40)), MonthResult("2026-02", D(40)), MonthResult("2026-03", D(40))]

    assert [event.rule.consequence for event in fired_in(history, "2026-03", SCHEME_1_0)] == ["辞退", "下调绩效上限"]
    assert [event.rule.consequence for event in fired_in(history, "2026-02", SCHEME_1_0)] == ["警告"]
    assert fired_in(history, "2026-01", SCHEME_1_0) == ()


def test_each_pool_is_distributed_for_itself():
    candidates = [Candidate(f"{pool}{n}", D(n), 12, pool=pool) for pool in "xy" for n in range(10)]

    placings = distribute(candidates, SCHEME_1_0)

    assert [placings[f"{pool}9"].grade for pool in "xy"] == ["A", "A"]
    assert placings["x0"].rank == placings["y0"].rank == 10


def test_base_pay_is_post_wage_and_performance_pay():
    assert base_pay(D(5800), D("552.73")) == D("6352.73")


def test_two_excellent_years_earn_a_career_plan():
    assert earns_career_plan("A", "A")
    assert not earns_career_plan("A", "B")
    assert not earns_career_plan(None, None)


HOLIDAY = Calendar.of([(date(2026, 10, 1), date(2026, 10, 7))], [date(2026, 10, 10)])


def test_make_up_days_are_worked_and_holidays_are_not():
    assert HOLIDAY.is_working(date(2026, 10, 10))
    assert not HOLIDAY.is_working(date(2026, 10, 1))
    assert not HOLIDAY.is_working(date(2026, 10, 11))


@pytest.mark.parametrize(
    ("today", "last", "left"),
    [
        (date(2026, 10, 8), date(2026, 10, 10), 3),
        (date(2026, 10, 10), date(2026, 10, 10), 1),
        (date(2026, 10, 11), date(2026, 10, 10), 0),
        (date(2026, 10, 13), date(2026, 10, 10), -2),
    ],
)
def test_the_days_left_count_today_and_the_days_late_are_negative(today, last, left):
    assert working_days_left(today, last, HOLIDAY) == left


def test_days_are_counted_backwards_too():
    assert working_day_before(date(2026, 10, 8), 1, HOLIDAY) == date(2026, 9, 30)


def test_a_term_has_no_end_before_it_begins():
    anchors = Anchors(date(2026, 9, 1), date(2026, 9, 30))

    assert due_on("sign", anchors, SCHEME_1_0, HOLIDAY) is None
    assert due_on("file", anchors, SCHEME_1_0, HOLIDAY) is None
    closed = anchors._replace(appeal_closed_on=date(2026, 10, 9))
    assert due_on("file", closed, SCHEME_1_0, HOLIDAY) == date(2026, 10, 10)


def test_reminders_are_in_working_days_before_the_due_date():
    assert remind_on("data", date(2026, 10, 10), SCHEME_1_0, HOLIDAY) == (
        date(2026, 10, 8),
        date(2026, 10, 9),
        date(2026, 10, 10),
    )


def test_a_count_of_nothing_and_an_endless_holiday_are_refused():
    with pytest.raises(ValueError, match="0"):
        working_day_after(date(2026, 1, 1), 0, HOLIDAY)
    endless = Calendar.of([(date(2026, 1, 1), date(2026, 12, 31))])
    with pytest.raises(ValueError, match="2026"):
        working_day_after(date(2026, 1, 1), 1, endless)


def test_tiers_know_which_one_was_reached():
    assert Tiers(True, ((D(95), D(20)),)).band(D(94)) is None
