"""An empty database after ``migrate`` holds the policy and nobody's data."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from appraisals.models import LibraryItem, Scheme
from appraisals.selectors.schemes import rules_of, scheme_in_force
from appraisals.selectors.terms import period_of, terms_of
from appraisals.states import ItemSource, Part
from common.models import CalendarDay
from common.selectors import calendar_between, working_days_until
from people.models import Employee, Position
from policy.items import check_item
from policy.parameters import read_params
from policy.schemes import SCHEME_1_0
from policy.weights import Weight, check_weights
from quality.models import Rubric, RubricItem, RubricLevel

pytestmark = pytest.mark.django_db


def test_scheme_1_0_is_in_force_as_the_core_knows_it():
    scheme = scheme_in_force(date(2026, 10, 1))

    assert scheme is not None
    assert (scheme.version, scheme.effective_on, scheme.drafted_by, scheme.note) == (
        "1.0",
        date(2011, 5, 31),
        "姜丽华",
        "新发布",
    )
    assert rules_of(scheme) == SCHEME_1_0
    assert scheme_in_force(date(2011, 5, 30)) is None


def test_a_draft_scheme_is_not_in_force():
    Scheme.objects.create(version="2.0", effective_on=date(2026, 1, 1), parameters={})

    found = scheme_in_force(date(2026, 10, 1))

    assert found is not None
    assert found.version == "1.0"


def test_the_seven_posts_are_there_and_nobody_holds_them():
    classes = dict(Position.objects.values_list("code", "position_class"))

    assert [code for code, kind in classes.items() if kind == "managerial"] == ["KFZG", "JSZG", "PXZG", "SCZG"]
    assert [code for code, kind in classes.items() if kind == "non_managerial"] == ["KFZY", "KFXZ", "JSZY"]
    assert not Employee.objects.exists()


@pytest.mark.parametrize("code", ["KFZG", "JSZG", "PXZG", "SCZG", "KFZY", "KFXZ", "JSZY"])
def test_each_library_is_a_form_that_could_be_submitted(code):
    post = Position.objects.get(code=code)
    items = list(LibraryItem.objects.filter(position=post))

    weights = [Weight(item.part, item.name, item.points) for item in items]
    assert check_weights(weights, SCHEME_1_0, managerial=post.is_managerial) == []
    for item in items:
        assert item.source in ItemSource.values
        if item.part == Part.KPI:
            params = read_params(item.method, item.parameters).params
            assert params is not None, item
            assert check_item(params, item.points) == [], item


def test_managers_behaviour_counts_half():
    def total(code):
        return LibraryItem.objects.filter(position__code=code, part="behaviour").aggregate(n=Sum("points"))["n"]

    assert (total("KFZY"), total("KFZG")) == (Decimal(20), Decimal(10))


def test_only_the_agents_own_calls_are_read_from_monitoring():
    found = LibraryItem.objects.filter(data_source="monitoring")

    assert [(item.position.code, item.code) for item in found] == [("KFZY", "QA_AVG")]


def test_the_rubric_sums_to_100_and_each_item_has_its_full_level():
    rubric = Rubric.objects.get()

    assert rubric.items.aggregate(n=Sum("points"))["n"] == 100
    for item in RubricItem.objects.all():
        levels = list(item.levels.values_list("points", flat=True))
        assert (levels[0], levels[-1]) == (item.points, Decimal(0))
    assert set(RubricLevel.objects.values_list("source", flat=True)) == {"policy", "proposed"}


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        pytest.param(date(2026, 10, 7), False, id="holiday"),
        pytest.param(date(2026, 10, 8), True, id="plain day"),
        pytest.param(date(2026, 10, 10), True, id="make-up Saturday"),
        pytest.param(date(2026, 10, 11), False, id="Sunday"),
        pytest.param(date(2024, 10, 12), True, id="make-up day of a computed year"),
        pytest.param(date(2024, 10, 1), False, id="holiday of a computed year"),
    ],
)
def test_the_calendar_knows_holidays_and_make_up_days(day, worked):
    assert calendar_between(day, day).is_working(day) is worked


def test_a_day_set_by_the_administrator_wins_over_a_computed_year():
    day = date(2027, 10, 1)
    CalendarDay.objects.create(date=day, is_workday=True, source="administrator")

    calendar = calendar_between(day, day)

    assert calendar.is_working(day)
    assert not calendar.is_working(date(2027, 10, 4))


def test_terms_step_over_the_national_holiday():
    starts_on, ends_on = period_of("month", date(2026, 9, 15))

    terms = terms_of(starts_on, ends_on, SCHEME_1_0)

    assert terms.targets_due_on == date(2026, 8, 31)
    assert [terms.self_due_on, terms.data_due_on, terms.review_due_on, terms.publish_due_on] == [
        date(2026, 10, 8),
        date(2026, 10, 10),
        date(2026, 10, 12),
        date(2026, 10, 13),
    ]


def test_working_days_left_count_today():
    assert working_days_until(date(2026, 11, 27), date(2026, 11, 24)) == 4
    assert working_days_until(date(2026, 11, 24), date(2026, 11, 24)) == 1
    assert working_days_until(date(2026, 11, 20), date(2026, 11, 24)) == -2


@pytest.mark.parametrize(
    ("kind", "period"),
    [
        ("month", (date(2026, 11, 1), date(2026, 11, 30))),
        ("quarter", (date(2026, 10, 1), date(2026, 12, 31))),
        ("year", (date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_a_period_is_the_one_its_day_lies_in(kind, period):
    assert period_of(kind, date(2026, 11, 9)) == period
