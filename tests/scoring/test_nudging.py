"""Reminding whoever owes something of the month: whom, how often, and what the board then says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from time_machine import travel

from appraisals.models import Figure
from appraisals.states import FormState
from audit.models import Event
from common.errors import RuleError
from notices.facts import sentence
from notices.models import Delivery, Message, Preference, Robot
from notices.states import Channel
from people.models import Account, Employee
from scoring.models import Nudge
from scoring.selectors.nudges import PAUSE, Debtor, Punctuality, debtors
from scoring.selectors.owed import Owed, debts
from scoring.services.nudging import nudge_people
from tests import world
from tests.scoring.board import signed_in

pytestmark = pytest.mark.django_db


def rows(month, before=()) -> list[Debtor]:
    owed = [Owed._make(row) for row in debts(month.cycle)]
    return debtors(owed, month.cycle, before, reader_id=month.officer.pk, now=timezone.now())


@pytest.fixture
def owing(month):
    """The supervisor owes two figures, the second agent his self-score."""
    Figure.objects.filter(item__form__in=(month.form, month.second_form), item__name="差错").delete()
    month.second_form.state = FormState.ACTIVE
    month.second_form.save()
    return month


def test_everybody_who_owes_is_told_once_with_the_way_there(owing):
    done = nudge_people(owing.cycle.pk, by=owing.officer)

    told = {message.recipient.name: message for message in Message.objects.select_related("recipient")}
    assert (done.told, done.lately, done.own) == (2, 0, 0)
    assert sentence("nudged", told["周敏"].detail) == "沈玉兰催办：10月报数据"
    assert told["周敏"].path == "/figures/2026-10/"
    assert sentence("nudged", told["黄佩珊"].detail) == "沈玉兰催办：10月自评"
    assert Nudge.objects.count() == 2
    assert Event.objects.get(action="duty.nudged").actor_number == owing.officer.number


def test_nobody_is_reminded_of_a_step_twice_within_the_pause_whoever_asks(owing):
    nudge_people(owing.cycle.pk, by=owing.officer, step="data")
    again = nudge_people(owing.cycle.pk, by=owing.leader)

    assert (again.told, again.lately) == (1, 1)  # the self-score is another step
    Nudge.objects.update(at=timezone.now() - PAUSE - timedelta(minutes=1))
    assert nudge_people(owing.cycle.pk, by=owing.leader).told == 2


def test_what_the_officer_owes_himself_he_is_told_on_the_board_instead(owing):
    owing.form.items.filter(name="差错").update(provider=owing.officer)

    done = nudge_people(owing.cycle.pk, by=owing.officer, step="data")

    assert (done.told, done.own) == (1, 1)
    assert not Message.objects.filter(recipient=owing.officer).exists()


def test_only_who_still_owes_is_reminded(owing):
    picked = [("self", owing.second_agent.pk), ("self", owing.agent.pk), ("review", owing.supervisor.pk)]

    done = nudge_people(owing.cycle.pk, by=owing.officer, picked=picked)

    assert (done.told, done.settled) == (1, 2)
    assert list(Message.objects.values_list("recipient", flat=True)) == [owing.second_agent.pk]


def test_targets_to_approve_remind_the_departments_manager(owing):
    owing.form.state = FormState.APPROVAL
    owing.form.save()

    nudge_people(owing.cycle.pk, by=owing.officer, picked=[("approval", None)])

    assert Message.objects.get().recipient == owing.manager
    assert next(one for one in rows(owing) if one.row.what == "approval").reminder is not None


def reachable(*people) -> None:
    for person in people:
        person.account = Account.objects.create(username=person.number)
        person.email = f"{person.number}@example.com"
        person.save()


def at(clock: str, day: str = "2026-11-03"):
    return travel(datetime.fromisoformat(f"{day}T{clock}+08:00"), tick=False)


def test_a_reminder_leaves_the_house_by_mail_and_robot_and_names_no_matter_to_a_group(owing):
    reachable(owing.supervisor, owing.second_agent)
    Robot.objects.create(name="群", channel=Channel.WECOM, url="wecombot://x", created_by=owing.hr)
    with at("10:00"):
        nudge_people(owing.cycle.pk, by=owing.officer)

    sent = {row.recipient.name if row.recipient else "群": row.text for row in Delivery.objects.all()}
    assert sent["周敏"].splitlines() == [
        "周敏，你好：",
        "沈玉兰催办：10月报数据 http://127.0.0.1:8000/figures/2026-10/",
    ]
    assert "10月自评" in sent["黄佩珊"]
    assert sent["群"].splitlines()[0] == "沈玉兰催办，请办理：周敏、黄佩珊"


def test_of_the_same_step_nobody_hears_twice_a_day_by_mail_or_robot_but_on_the_next(owing):
    reachable(owing.supervisor, owing.second_agent)
    Robot.objects.create(name="群", channel=Channel.WECOM, url="wecombot://x", created_by=owing.hr)
    with at("08:30"):
        nudge_people(owing.cycle.pk, by=owing.officer, step="data")
    assert Delivery.objects.count() == 2
    with at("16:00"):
        assert nudge_people(owing.cycle.pk, by=owing.leader, step="data").told == 1  # the inbox, after the pause
    assert Message.objects.filter(recipient=owing.supervisor).count() == 2
    assert Delivery.objects.count() == 2
    with at("16:30"):
        nudge_people(owing.cycle.pk, by=owing.leader, step="self")  # another step, another person
    assert Delivery.objects.count() == 4
    with at("09:00", "2026-11-04"):
        nudge_people(owing.cycle.pk, by=owing.officer, step="data")
    assert Delivery.objects.count() == 6


def test_in_the_quiet_hours_it_waits_for_the_morning(owing):
    reachable(owing.supervisor)
    with at("20:30"):
        nudge_people(owing.cycle.pk, by=owing.officer, step="data")

    assert Delivery.objects.get().not_before == datetime.fromisoformat("2026-11-04T08:00+08:00")


def test_who_has_no_address_or_wants_no_mail_is_told_in_the_inbox_alone(owing):
    reachable(owing.supervisor, owing.second_agent)
    Preference.objects.create(employee=owing.supervisor, by_email=False)
    Employee.objects.filter(pk=owing.second_agent.pk).update(email="")
    with at("10:00"):
        assert nudge_people(owing.cycle.pk, by=owing.officer).told == 2

    assert Message.objects.count() == 2
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("name", ["manager", "hr", "supervisor", "agent"])
def test_who_does_not_run_the_board_reminds_nobody(owing, name):
    with pytest.raises(RuleError):
        nudge_people(owing.cycle.pk, by=getattr(owing, name))
    assert not Message.objects.exists()


def test_the_board_says_when_and_whether_it_was_read(owing, client):
    signed_in(client, owing.officer)
    assert "没催过" in client.get("/duty/2026-10/").text
    assert "已催办1人" in client.post("/duty/2026-10/nudge/", {"one": f"data:{owing.supervisor.pk}"}, follow=True).text

    page = client.get("/duty/2026-10/?step=data").text
    assert "未读" in page
    assert f'value="data:{owing.supervisor.pk}"' not in page  # not again so soon
    Message.objects.update(read_at=timezone.now())
    page = client.get("/duty/2026-10/?step=data").text
    assert "已读" in page
    assert "未读" not in page


def test_the_ticked_and_all_of_the_list_are_reminded_from_the_page(owing, client):
    signed_in(client, owing.officer)

    assert "先勾选要催的人" in client.post("/duty/2026-10/nudge/", {}, follow=True).text
    client.post("/duty/2026-10/nudge/", {"debt": [f"self:{owing.second_agent.pk}", "nonsense"]})
    assert Message.objects.get().recipient == owing.second_agent
    client.post("/duty/2026-10/nudge/", {"all": "1", "step": "data"})
    assert Message.objects.filter(recipient=owing.supervisor).exists()


def test_readers_see_reminders_but_have_no_button(owing, client):
    signed_in(client, owing.manager)

    assert "/nudge/" not in client.get("/duty/2026-10/").text
    client.post("/duty/2026-10/nudge/", {"all": "1"})
    assert not Message.objects.exists()


def test_punctuality_is_the_share_of_first_figures_by_the_months_term(owing):
    past = world.ready_form(owing.agent, owing.supervisor, month=date(2026, 9, 1))
    due = past.cycle.data_due_on
    assert due == date(2026, 10, 10)
    first, second = Figure.objects.filter(item__form=past).order_by("pk")
    Figure.objects.filter(pk=first.pk).update(entered_at=datetime(2026, 10, 10, 15, 59, 59, tzinfo=UTC))  # 23:59:59
    Figure.objects.filter(pk=second.pk).update(entered_at=datetime(2026, 10, 10, 16, 0, tzinfo=UTC))  # 24:00

    def share() -> Punctuality | None:
        return next(one.punctuality for one in rows(owing, [past.cycle]) if one.row.what == "data")

    assert share() == Punctuality(2, 1)
    correction = Figure.objects.get(pk=first.pk)
    Figure.objects.filter(pk=first.pk).update(superseded_at=timezone.now())
    correction.pk, correction.entered_at = None, timezone.now()
    correction.save()
    assert share() == Punctuality(2, 1)  # a correction is not lateness
    assert Punctuality(3, 2).percent == 66


def test_without_a_past_nothing_is_said_of_punctuality(owing):
    assert {one.punctuality for one in rows(owing)} == {None}
