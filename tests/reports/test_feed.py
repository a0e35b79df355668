"""The calendar feed: one's own terms as all-day events, for whoever has the secret address and nobody else."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from time_machine import travel

from appeals.services.filing import AppealDraft, draft_appeal
from appraisals.states import FormState
from development.models import Agreement, Interview
from notices.facts import FIGURE
from notices.models import Preference
from people.models import Account, DutyTurn
from tests.counting import statements
from tests.reports.conftest import publish
from tests.scoring.conftest import make_month

pytestmark = pytest.mark.django_db
TODAY = "2026-11-04 10:00 +08:00"


@pytest.fixture
def month(db):
    with travel(TODAY, tick=False):
        made = make_month()
        for person in (made.agent, made.supervisor, made.officer):
            person.account = person.account or Account.objects.create(username=person.number)
            person.save()
            Preference.objects.create(employee=person, feed_token=token_of(person))
        yield made


def token_of(person) -> str:
    return f"{person.number:x<43}"


def feed_of(person, **asked: str) -> Calendar:
    cache.clear()
    answer = Client().get(reverse("reports:feed", args=[token_of(person)]), asked)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content)
    assert isinstance(found, Calendar)
    return found


def events(calendar: Calendar) -> dict[str, date]:
    return {str(event["SUMMARY"]): event.decoded("DTSTART") for event in calendar.walk("VEVENT")}


def put(form, state) -> None:
    form.state = state
    form.save()


def test_ones_own_terms_are_days_of_the_calendar(month):
    put(month.form, FormState.ACTIVE)

    calendar = feed_of(month.agent)
    [event] = calendar.walk("VEVENT")

    assert str(calendar["X-WR-TIMEZONE"]) == "Asia/Shanghai"
    assert str(event["SUMMARY"]) == "自评 10月考核表"
    assert event.decoded("DTSTART") == month.cycle.self_due_on
    assert event.decoded("DTEND") == month.cycle.self_due_on + timedelta(days=1)
    assert str(event["URL"]).endswith(reverse("appraisals:form", args=[month.form.pk]))
    assert not isinstance(event.decoded("DTSTART"), type(timezone.now()))  # a day, not a moment


def test_a_result_gives_the_days_for_signing_appealing_and_talking(month):
    publish(month, month.form)
    result = month.form.results.get()

    found = events(feed_of(month.agent))

    assert found["签认 10月考核结果"] == result.sign_until
    assert found["10月结果申诉截止"] == result.appeal_until
    assert found["10月结果面谈截止"] == result.interview_until
    of_owner = [one for one in events(feed_of(month.supervisor)) if "面谈" in one]
    assert of_owner == [f"和 {month.agent.name}面谈 10月考核"]


def test_a_matter_is_one_event(month):
    publish(month, month.form, month.second_form)
    result = month.form.results.get()
    assert [one for one in events(feed_of(month.supervisor)) if "面谈" in one] == ["和 2 人面谈 10月考核"]

    appeal = draft_appeal(result.pk, AppealDraft(), by=month.agent)
    sides = {"owner": month.supervisor, "employee": month.agent}
    talk = Interview.objects.create(
        form=month.form, result=result, due_on=result.interview_until, shared_at=timezone.now(), state="shared", **sides
    )
    found = events(feed_of(month.agent))
    assert [one for one in found if "申诉" in one] == [f"提交申诉 {appeal.number}"]
    assert [one for one in found if "面谈" in one] == ["确认 10月面谈记录"]
    assert [one for one in events(feed_of(month.supervisor)) if "面谈" in one] == [
        f"和 {month.second_agent.name}面谈 10月考核"
    ]

    Interview.objects.filter(pk=talk.pk).update(state="acknowledged")
    for day, by_owner in ((date(2026, 11, 6), False), (date(2026, 12, 18), False), (date(2026, 12, 20), True)):
        Agreement.objects.create(interview=talk, text="差错降到1.5%以内", due_on=day, by_owner=by_owner)
    days = [one.decoded("DTSTART") for one in feed_of(month.agent).walk("VEVENT") if "约定" in str(one["SUMMARY"])]
    assert days == [date(2026, 11, 6), date(2026, 12, 18)]
    assert events(feed_of(month.supervisor))["做 10月面谈约定的事"] == date(2026, 12, 20)
    assert not any("1.5" in one for one in events(feed_of(month.agent)))


def test_the_months_on_duty_are_told_from_their_first_day(month):
    DutyTurn.objects.create(month=date(2026, 12, 1), officer=month.officer)

    found = events(feed_of(month.officer))

    assert found["12月考核由你值班"] == date(2026, 12, 1)


def test_no_event_tells_a_score_or_an_amount(month):
    publish(month, month.form)
    for person in (month.agent, month.supervisor, month.officer):
        for event in feed_of(person).walk("VEVENT"):
            assert not FIGURE.search(str(event["SUMMARY"]))
            assert not re.search("系数|得分|工资|元|奖金", str(event["SUMMARY"]))


def test_an_event_keeps_its_name_while_its_day_and_words_change(month):
    put(month.form, FormState.ACTIVE)
    [before] = feed_of(month.agent).walk("VEVENT")
    month.cycle.self_due_on += timedelta(days=3)
    month.cycle.save()

    [after] = feed_of(month.agent, lang="en").walk("VEVENT")

    assert after["UID"] == before["UID"]
    assert after.decoded("DTSTART") == before.decoded("DTSTART") + timedelta(days=3)
    assert after["SUMMARY"] != before["SUMMARY"]


def test_two_terms_of_one_sort_are_two_events(month):
    publish(month, month.form)
    publish(month, month.second_form)
    result = month.second_form.results.get()
    result.sign_until += timedelta(days=1)
    result.save()

    to_sign = [one for one in feed_of(month.supervisor).walk("VEVENT") if str(one["UID"]).startswith("sign_team")]

    assert len(to_sign) == len({one["UID"] for one in to_sign}) == 2


def test_every_wrong_address_gets_the_same_answer(month):
    gone, off = month.agent, month.supervisor
    gone.left_on = date(2026, 11, 3)
    gone.save()
    off.account.is_active = False
    off.account.save()
    Preference.objects.filter(employee=month.officer).update(feed_token=None)

    tokens = ["x", "A" * 43, "None", token_of(gone), token_of(off), token_of(month.officer)]
    answers = [Client().get(reverse("reports:feed", args=[token])) for token in tokens]

    assert {(one.status_code, one.content, one.headers["Content-Type"]) for one in answers} == {
        (404, b"Not found", "text/plain")
    }


def test_a_feed_is_kept_for_a_while_and_its_secret_is_asked_each_time(month):
    publish(month, month.form)
    address = reverse("reports:feed", args=[token_of(month.agent)])
    client = Client()
    first = client.get(address)

    assert statements(lambda: client.get(address)) == 1
    assert client.get(address).content == first.content
    assert first.headers["Cache-Control"] == "private, max-age=600"
    Preference.objects.filter(employee=month.agent).update(feed_token="B" * 43)
    assert client.get(address).status_code == 404


def test_nothing_is_written_by_looking(month):
    client, address = Client(), reverse("reports:feed", args=[token_of(month.agent)])

    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405
