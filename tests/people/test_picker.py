"""The person field: anybody finds a colleague by name or number, and sees nothing more than that."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.forms import PersonField
from people.models import Employee
from people.states import Role
from tests import world
from tests.counting import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(db) -> Employee:
    return world.person("陈思雨", number="E0105", account=True)


def found(me: Employee, **asked: str) -> str:
    client = Client(headers={"HX-Request": "true"})
    assert me.account is not None
    client.force_login(me.account)
    return client.get(reverse("people:find"), asked).content.decode()


@pytest.mark.parametrize("text", ["王鹏", "王", "E0299", "e029", " E0299 "])
def test_a_name_or_a_number_finds_the_person_with_post_and_region(me, text):
    world.person("王鹏", number="E0299")

    page = found(me, q=text)

    assert 'data-pick="王鹏 E0299"' in page
    assert "坐席" in page or "客服" in page
    assert "华东区域" in page


def test_a_field_is_asked_under_its_own_name(me):
    world.person("王鹏", number="E0299")

    assert "E0299" in found(me, field="person", person="王鹏")
    assert "E0299" not in found(me, field="person", q="王鹏")


def test_pay_roles_and_those_who_left_are_not_shown(me):
    world.with_role(world.graded(world.person("王鹏", base_salary="7777")), Role.HR)
    world.person("王远", number="E0300", left_on=date(2026, 1, 31))
    world.person("王来", number="E0301", hired_on=world.days_after(timezone.localdate(), 1))

    page = found(me, q="王")

    assert "王鹏" in page
    assert not any(hidden in page for hidden in ("7777", "1400", "人力", "E0300", "E0301"))


def test_eight_hits_and_no_more_statements_for_a_thousand_people(me):
    Employee.objects.bulk_create(Employee(number=f"W{n:04d}", name=f"王{n}") for n in range(1000))

    assert found(me, q="王").count("data-pick") == 8
    client = Client(headers={"HX-Request": "true"})
    client.force_login(me.account)
    assert statements(lambda: client.get(reverse("people:find"), {"q": "王"})) <= 5


def test_nothing_typed_finds_nobody_and_nobody_found_is_said(me):
    assert "data-pick" not in found(me, q=" ")
    assert "没有这个人" in found(me, q="赵钱孙")


@pytest.mark.parametrize("text", ["E0105", "e0105", "陈思雨 E0105", "E0105 陈思雨", " 陈思雨 "])
def test_the_field_takes_a_number_a_picked_hit_or_an_only_name(me, text):
    assert PersonField().clean(text) == me


def test_a_name_that_two_have_and_one_that_nobody_has_are_refused(me):
    world.person("陈思雨", number="E0106")

    for text in ("陈思雨", "E9999", "E0105 E0106"):
        with pytest.raises(ValidationError):
            PersonField().clean(text)


def test_a_number_still_finds_who_has_left_for_what_happened_before(me):
    gone = world.person("王远", number="E0300", left_on=date(2026, 1, 31))

    assert PersonField().clean("E0300") == gone
    assert PersonField(required=False).clean("") is None
    with pytest.raises(ValidationError):
        PersonField().clean("王远")
