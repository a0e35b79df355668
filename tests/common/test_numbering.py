"""Running numbers go on past four digits, and a number somebody else was quicker with is not broken by the try."""

from datetime import date

import pytest

from common.numbering import free_numbers, is_stored
from incidents.models import Incident
from tests import world

pytestmark = pytest.mark.django_db
HEAD = "BL-2026-"


def filed(number: str) -> Incident:
    finder = world.person("刘凯")
    return Incident(
        number=number, occurred_on=date(2026, 10, 9), description="漏回访", found_by=finder, filed_by=finder
    )


def test_the_first_of_a_year_is_one_and_the_next_follows():
    assert next(free_numbers(Incident, HEAD)) == "BL-2026-0001"
    filed("BL-2026-0001").save()
    assert next(free_numbers(Incident, HEAD)) == "BL-2026-0002"
    assert next(free_numbers(Incident, "BL-2027-")) == "BL-2027-0001"


def test_after_9999_comes_10000_and_then_10001():
    filed("BL-2026-9999").save()
    assert next(free_numbers(Incident, HEAD)) == "BL-2026-10000"
    filed("BL-2026-10000").save()
    assert next(free_numbers(Incident, HEAD)) == "BL-2026-10001"


def test_a_number_that_is_taken_is_not_stored_and_the_next_try_gets_another():
    tries = free_numbers(Incident, HEAD)
    first = next(tries)
    assert is_stored(filed(first))
    assert not is_stored(filed(first))
    assert is_stored(filed(next(tries)))
    assert Incident.objects.count() == 2
