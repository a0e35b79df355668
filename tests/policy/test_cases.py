"""The worked examples in ``cases/*.yaml``, which HR reads and may add to."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from policy import distribution as year
from policy.export import explain_line, to_json
from policy.facts import KPI, Entry, FormFacts, ItemFacts
from policy.forms import build_scorecard
from policy.items import figure_problem
from policy.parameters import params_of, read_params
from policy.pay import performance_pay, year_end_bonus
from policy.reminders import next_in_line, told_on
from policy.schemes import SCHEME_1_0
from policy.triggers import MonthResult, counters, fired, gravest_first
from policy.workdays import Anchors, Calendar, due_on, nth_working_day, working_day_after

CASES = Path(__file__).parent / "cases"


def load(name):
    return yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))


def each(cases):
    return [pytest.param(case, id=case["case"]) for case in cases]


def scheme_of(case):
    return SCHEME_1_0.changed(case.get("scheme", {}))


def D(value):  # noqa: N802 - reads like the class it makes
    return None if value is None else Decimal(str(value))


@pytest.mark.parametrize("case", each(load("items")))
def test_an_item_is_scored_as_the_example_says(case):
    params, points, figure = params_of(case["method"], case["params"]), D(case["points"]), D(case["figure"])

    problem = figure_problem(params, points, figure)

    if "refused" in case:
        assert problem is not None
        assert problem.code == case["refused"]
    else:
        assert problem is None
        assert str(params.score(points, figure)) == case["score"]


@pytest.mark.parametrize("case", each(load("parameters")))
def test_a_parameter_text_is_read_or_all_its_faults_are_named(case):
    reading = read_params(case["method"], case["text"])

    assert [problem.code for problem in reading.problems] == case.get("problems", [])
    if reading.params is None:
        assert all("%(" not in str(problem) for problem in reading.problems)
    else:
        assert reading.params.text() == case["written"]
        assert read_params(case["method"], reading.params.text()).params == reading.params


def item_of(place, row):
    ratings = [D(rating) for rating in row.get("upward", [])]
    return ItemFacts(
        key=place,
        part=row["part"],
        name=row["name"],
        points=D(row["points"]),
        params=params_of(row["method"], row["params"]) if row["part"] == KPI else None,
        figure=D(row.get("figure")),
        self_score=D(row.get("self")),
        review_score=D(row.get("review")),
        upward_sum=sum(ratings, Decimal(0)),
        upward_count=len(ratings),
        not_applicable=row.get("not_applicable"),
    )


def entry_of(place, row):
    """Points alone, or with what else the standard says of it."""
    if not isinstance(row, dict):
        return Entry(place, D(row))
    more = {name: row[name] for name in ("ref", "kind", "month") if name in row}
    entry = Entry(**{"ref": place, "points": D(row["points"]), **more})
    return entry._replace(cap=D(row.get("cap")), voids_bonus=row.get("voids_bonus", False))


def form_of(case):
    entries = {
        name: [entry_of(place, row) for place, row in enumerate(case.get(name, []))]
        for name in ("incidents", "bonuses", "adjustments")
    }
    return FormFacts([item_of(place, row) for place, row in enumerate(case["items"])], **entries)


@pytest.mark.parametrize("case", each(load("forms")))
def test_a_form_is_scored_as_the_example_says(case):
    card = build_scorecard(form_of(case), scheme_of(case))

    expect = dict(case["expect"])
    assert card.status == expect.pop("status")
    assert [[item.kind, item.name] for item in card.missing] == expect.pop("missing", [])
    cuts = [[cut.reason, cut.month or cut.kind or cut.ref, str(cut.points)] for cut in card.cuts]
    assert cuts == expect.pop("cuts", [])
    assert [cut["points"] for cut in to_json(card)["cuts"]] == [points for _reason, _what, points in cuts]
    shares = expect.pop("shares", None)
    if shares:
        assert [str(share) for share in card.lines[0].shares or ()] == shares
    for name, value in expect.items():
        assert getattr(card, name) == D(value), name
    for line in card.lines:
        assert explain_line(line).values["points"] == line.points
    assert to_json(card)["coefficient"] == (None if card.coefficient is None else str(card.coefficient))


@pytest.mark.parametrize("case", each(load("triggers")))
def test_the_rules_fire_as_the_example_says(case):
    scheme = scheme_of(case)
    history = [MonthResult(month, D(value)) for month, value in case["history"].items()]

    events = fired(history, scheme)

    found: dict[str, dict[str, list[str]]] = {}
    for event in events:
        found.setdefault(event.month, {})[event.rule.code] = [result.month for result in event.evidence]
    assert found == case["fired"]
    for month, codes in case.get("gravest", {}).items():
        of_month = [event for event in events if event.month == month]
        assert [event.rule.code for event in gravest_first(of_month, scheme)] == codes
    if "counters" in case:
        standing = counters(history, scheme, month=history[-1].month)
        assert {counter.rule.code: counter.have for counter in standing} == case["counters"]


@pytest.mark.parametrize("case", each(load("pay")))
def test_money_is_reckoned_as_the_example_says(case):
    scheme = scheme_of(case)

    if "cap" in case:
        amount = performance_pay(D(case["cap"]), D(case["coefficient"]), scheme).amount
    else:
        amount = year_end_bonus(
            completion=D(case["completion"]),
            coefficient=D(case["annual"]),
            factor=scheme.grade(case["grade"]).bonus_factor,
            base_salary=D(case["base"]),
        ).amount

    assert str(amount) == case["amount"]


YEAR = load("year")


@pytest.mark.parametrize("case", YEAR["quotas"], ids=lambda case: str(case["count"]))
def test_places_are_cut_as_the_example_says(case):
    assert list(year.quotas(case["count"], SCHEME_1_0)) == case["places"]


@pytest.mark.parametrize("case", each(YEAR["distributions"]))
def test_people_are_ranked_and_graded_as_the_example_says(case):
    candidates = [
        year.Candidate(key, D(coefficient), months, D(deducted), D(added), barred=key in case.get("barred", []))
        for key, (coefficient, months, deducted, added) in case["people"].items()
    ]

    placings = year.distribute(candidates, SCHEME_1_0)

    found = {key: [placing.rank, placing.grade or year.STATE_NAMES[placing.state]] for key, placing in placings.items()}
    assert found == case["result"]


@pytest.mark.parametrize(("last", "grade", "names"), YEAR["consequences"])
def test_a_grade_leads_to_what_the_example_says(last, grade, names):
    assert [year.CONSEQUENCE_NAMES[code] for code in year.consequences(grade, last)] == names


@pytest.mark.parametrize("case", each(YEAR["annual"]))
def test_the_annual_coefficient_follows_the_schemes_mode(case):
    months = [D(value) for value in case["months"]]

    assert year.annual_coefficient(months, scheme_of(case), annual_form=D(case.get("form"))) == D(case["expect"])


TERMS = load("terms")
CALENDAR = Calendar.of(TERMS["calendar"]["holidays"], TERMS["calendar"]["makeup_days"])


def anchors_of(month, **events):
    start = date.fromisoformat(f"{month}-01")
    following = (start + timedelta(days=32)).replace(day=1)
    return Anchors(start, following - timedelta(days=1), **events)


@pytest.mark.parametrize(("month", "due"), TERMS["data_due"].items())
def test_data_are_due_on_the_third_working_day_of_the_following_month(month, due):
    anchors = anchors_of(month)
    following = anchors.period_end + timedelta(days=1)

    assert due_on("data", anchors, SCHEME_1_0, CALENDAR) == due
    assert nth_working_day(following.year, following.month, 3, CALENDAR) == due


@pytest.mark.parametrize(("received", "until"), TERMS["appeal_until"].items())
def test_an_appeal_may_be_made_until_the_fifth_working_day_after_receipt(received, until):
    anchors = anchors_of("2026-01", received_on=received)

    assert due_on("appeal", anchors, SCHEME_1_0, CALENDAR) == until
    assert working_day_after(received, 5, CALENDAR) == until


@pytest.mark.parametrize(("month", "due"), TERMS["targets_due"].items())
def test_targets_are_due_on_the_last_working_day_before_the_month(month, due):
    assert due_on("target", anchors_of(month), SCHEME_1_0, CALENDAR) == due


@pytest.mark.parametrize("case", each(load("reminders")["cases"]))
def test_people_are_told_of_a_term_on_the_days_of_the_example(case):
    step = SCHEME_1_0.step(case["step"])
    found = {}
    for day in case["told"]:
        told = told_on(day, case["due"], step, CALENDAR)
        marks = {"remind": told.is_reminder, "late": told.is_late, "escalate": told.is_escalated}
        found[day] = [name for name, is_so in marks.items() if is_so]

    assert found == case["told"]
    assert list(next_in_line(case["step"], case["by"])) == case["next"]
