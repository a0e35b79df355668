"""The inbox: one's own messages, read by a click that posts, and the count in the frame."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from notices.log import tell
from notices.models import Message
from people.models import Account
from tests import world
from tests.counting import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return world.person("陈思雨", account=True)


@pytest.fixture
def reader(person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


def told(person, *keys: str, path: str = "/scheme/") -> list[Message]:
    with transaction.atomic():
        for key in keys:
            tell([person.pk], "nudged", path=path, key=key, detail={"who": "郑洁", "month": "2026-10", "step": "self"})
    return list(Message.objects.filter(recipient=person).order_by("pk"))


def test_an_empty_inbox_says_what_will_be_there(reader):
    assert "还没有消息" in reader.get("/inbox/").content.decode()
    assert "都看过了" in reader.get("/inbox/?show=unread").content.decode()


def test_a_click_marks_the_message_read_and_leads_to_its_place(reader, person):
    message, other = told(person, "a", "b")

    answer = reader.post(reverse("notices:open", args=[message.pk]))

    assert (answer.status_code, answer.headers["Location"]) == (302, "/scheme/")
    message.refresh_from_db()
    other.refresh_from_db()
    assert message.read_at is not None
    assert other.read_at is None
    read_at = message.read_at
    reader.post(reverse("notices:open", args=[message.pk]))
    message.refresh_from_db()
    assert message.read_at == read_at  # when it was first read


def test_looking_marks_nothing(reader, person):
    [message] = told(person, "a")
    reader.get("/inbox/")
    assert reader.get(reverse("notices:open", args=[message.pk])).status_code == 405

    message.refresh_from_db()
    assert message.read_at is None


def test_anothers_message_is_not_there(reader, person):
    [message] = told(world.person("黄佩珊"), "a")

    assert reader.post(reverse("notices:open", args=[message.pk])).status_code == 404
    assert "郑洁" not in reader.get("/inbox/").content.decode()
    message.refresh_from_db()
    assert message.read_at is None


def test_a_message_leads_nowhere_else(reader, person):
    [message] = told(person, "a", path="https://elsewhere.example/")

    assert reader.post(reverse("notices:open", args=[message.pk])).headers["Location"] == "/"


def test_all_that_was_shown_is_marked_and_what_came_meanwhile_is_not(reader, person):
    shown = told(person, "a", "b")
    told(world.person("黄佩珊"), "a")
    late = told(person, "c")[-1]

    reader.post(reverse("notices:read_all"), {"until": shown[-1].pk})

    assert list(Message.objects.filter(recipient=person, read_at=None)) == [late]
    assert Message.objects.exclude(recipient=person).get().read_at is None
    page = reader.get("/inbox/?show=unread").content.decode()
    assert page.count("郑洁催办：10月自评") == 1


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 40])
def test_nonsense_marks_nothing(reader, person, typed):
    told(person, "a")

    assert reader.post(reverse("notices:read_all"), {"until": typed}).status_code == 302
    assert Message.objects.filter(read_at=None).count() == 1


def test_the_frame_counts_what_is_new_without_a_statement_of_its_own(reader, person):
    quiet = statements(lambda: reader.get("/scheme/"))
    told(person, *map(str, range(12)))

    page = reader.get("/scheme/").content.decode()

    assert '<b class="">12</b>' in page  # the sidebar
    assert '<span class="pip">12</span>' in page  # the phone's tab
    assert statements(lambda: reader.get("/scheme/")) == quiet


def test_the_home_page_shows_the_newest_five(reader, person):
    told(person, *map(str, range(7)))

    page = reader.get("/").content.decode()

    assert page.count("郑洁催办：10月自评") == 5
    assert "7 条未读" in page


def test_the_inbox_takes_the_same_statements_for_thirty_messages_as_for_one(reader, person):
    told(person, "a")
    reader.get("/inbox/")
    one = statements(lambda: reader.get("/inbox/"))
    told(person, *map(str, range(40)))

    assert statements(lambda: reader.get("/inbox/")) == one
    page = reader.get("/inbox/").content.decode()
    assert page.count("郑洁催办") == 30
    assert "?page=2" in page


def test_somebody_without_an_employee_behind_the_account_is_refused(db):
    client = Client()
    client.force_login(Account.objects.create(username="x"))

    assert client.get("/inbox/").status_code == 403
