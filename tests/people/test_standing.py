"""The group, the rota, roles, accounts and the calendar: who may, who may not (P5.2, P5.3)."""

from datetime import date

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from common.errors import RuleError
from common.models import CalendarDay
from notices.facts import sentence
from notices.models import Message
from people.facts import SYSTEM, Standing
from people.models import Account, Employee, GroupMember, RoleGrant
from people.selectors import standing_of
from people.services.accounts import issue_password, set_account_active
from people.services.calendar import save_calendar_day
from people.services.standing import grant_role, revoke_role, set_membership
from people.states import Duty, Role
from tests.world import in_group, on_duty, person, with_role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
OCTOBER = date(2026, 10, 1)
HR, LEADER = Standing(is_hr=True), Standing(is_leader=True)


@pytest.fixture
def leader() -> Employee:
    return in_group(person("方志远", None), Duty.LEADER)


def test_there_is_one_leader(leader):
    other = in_group(person("韩冰", None))

    with pytest.raises(RuleError) as refusal:
        set_membership(other.pk, duty=Duty.LEADER, starts_on=TODAY, by=leader, standing=LEADER)

    assert refusal.value.code == "one_leader"


def test_nobody_takes_himself_into_the_group(leader):
    manager = with_role(person("何建国", None), Role.DEPARTMENT)

    with pytest.raises(RuleError) as refusal:
        set_membership(manager.pk, duty=Duty.LEADER, starts_on=TODAY, by=manager, standing=Standing(is_department=True))

    assert refusal.value.code == "not_allowed"
    assert not manager.memberships.exists()


def test_a_role_holds_from_its_day_until_it_is_revoked():
    manager, other = with_role(person("何建国", None), Role.DEPARTMENT), person("赵琳", None)
    department = Standing(is_department=True)

    grant_role(other.pk, role=Role.HR, starts_on=TODAY, by=manager, standing=department)
    assert standing_of(other, TODAY).is_hr
    assert not standing_of(other, date(2026, 11, 23)).is_hr

    revoke_role(other.pk, role=Role.HR, ends_before=date(2026, 12, 1), by=manager, standing=department)
    assert standing_of(other, date(2026, 11, 30)).is_hr
    assert not standing_of(other, date(2026, 12, 1)).is_hr


def test_whoever_has_left_has_no_role_any_more():
    somebody = on_duty(in_group(with_role(person("赵琳", None), Role.HR), Duty.LEADER), OCTOBER)
    assert standing_of(somebody, TODAY).is_hr

    somebody.left_on = date(2026, 11, 23)

    assert standing_of(somebody, TODAY) == Standing()
    assert standing_of(somebody, date(2026, 11, 23)).is_hr


@pytest.mark.parametrize("standing", [HR, Standing(is_department=True), Standing(is_administrator=True), Standing()])
def test_nobody_grants_himself_a_role(standing):
    somebody = person("秦朗", None)

    with pytest.raises(RuleError) as refusal:
        grant_role(somebody.pk, role=Role.HR, starts_on=TODAY, by=somebody, standing=standing)

    assert refusal.value.code == "not_allowed"
    assert not RoleGrant.objects.exists()


def test_an_administrator_grants_nobody_a_role():
    administrator, other = person("秦朗", None), person("赵琳", None)

    with pytest.raises(RuleError):
        grant_role(other.pk, role=Role.HR, starts_on=TODAY, by=administrator, standing=Standing(is_administrator=True))

    assert not RoleGrant.objects.exists()


@pytest.mark.parametrize(
    ("standing", "given"),
    [
        (HR, {Role.ADMINISTRATOR, Role.AUDITOR}),
        (Standing(is_department=True), {Role.HR, Role.ADMINISTRATOR, Role.AUDITOR}),
        (Standing(is_general_manager=True), set()),
        (Standing(is_leader=True), set()),
    ],
)
def test_nobody_gives_or_takes_the_office_that_checks_his_own_work(standing, given):
    somebody, other = person("赵琳", None), person("钱慧", None)

    for role in Role:
        if role in given:
            grant_role(other.pk, role=role, starts_on=TODAY, by=somebody, standing=standing)
            revoke_role(other.pk, role=role, ends_before=TODAY, by=somebody, standing=standing)
            continue
        for act, day in ((grant_role, {"starts_on": TODAY}), (revoke_role, {"ends_before": TODAY})):
            with pytest.raises(RuleError) as refusal:
                act(other.pk, role=role, by=somebody, standing=standing, **day)
            assert refusal.value.code == "not_allowed"


@pytest.mark.parametrize("has_ended", [False, True])
def test_hr_never_learns_the_password_of_whoever_approves_or_settles(has_ended):
    hr, manager = person("赵琳", None), with_role(person("何建国", None, account=True), Role.DEPARTMENT)
    member = in_group(person("韩冰", None, account=True))
    if has_ended:
        RoleGrant.objects.update(ends_before=date(2026, 11, 1))
        GroupMember.objects.update(ends_before=date(2026, 11, 1))

    for somebody in (manager, member):
        before = Account.objects.get(employee=somebody).password
        with pytest.raises(RuleError) as refusal:
            issue_password(somebody.pk, by=hr, standing=HR)
        assert refusal.value.code == "office"
        assert Account.objects.get(employee=somebody).password == before


def test_on_the_server_a_password_is_given_and_a_role_ended(capsys):
    manager = with_role(person("何建国", None, account=True), Role.DEPARTMENT)

    call_command("issue_password", manager.number)
    call_command("grant_role", manager.number, "department", "--end")

    assert f"First password of {manager.number}: " in capsys.readouterr().out
    assert not standing_of(manager, timezone.localdate()).is_department
    with pytest.raises(CommandError):
        call_command("issue_password", "E9999")


def test_a_first_password_is_random_has_to_be_changed_and_is_stored_as_a_hash():
    hr, agent = person("赵琳", None), person("陈思雨")

    first = issue_password(agent.pk, by=hr, standing=HR)
    second = issue_password(agent.pk, by=hr, standing=HR)

    agent.refresh_from_db()
    assert first != second
    assert agent.account is not None
    assert agent.account.must_change_password
    assert check_password(second, agent.account.password)


def test_the_person_and_the_superior_hear_that_hr_reset_a_password():
    hr, boss = person("赵琳", None), person("周敏", "KFZG")
    agent = person("陈思雨", superior=boss)

    issue_password(agent.pk, by=hr, standing=HR)
    assert not Message.objects.exists()

    issue_password(agent.pk, by=hr, standing=HR)
    told = {one.recipient: sentence(one.kind, one.detail) for one in Message.objects.select_related("recipient")}
    assert told == {
        agent: "赵琳重设了你的密码；不是你请他做的，问一问",
        boss: "赵琳重设了陈思雨的密码；不放心就问一问陈思雨",
    }
    issue_password(agent.pk, by=SYSTEM, standing=Standing())
    assert Message.objects.count() == 2


def test_only_hr_issues_passwords_and_never_his_own():
    hr, agent = person("赵琳", None), person("陈思雨")

    for who, standing in ((agent, Standing()), (hr, HR)):
        with pytest.raises(RuleError):
            issue_password(who.pk, by=who, standing=standing)

    assert issue_password(hr.pk, by=SYSTEM, standing=Standing())


def test_a_closed_account_is_out_at_once(client):
    hr, agent = person("赵琳", None), person("陈思雨", account=True)
    client.force_login(agent.account)
    assert client.get("/people/").status_code == 200

    set_account_active(agent.pk, is_active=False, by=hr, standing=HR)

    assert client.get("/people/").status_code == 302


def test_the_calendar_is_hrs_and_a_change_is_kept(leader):
    hr = person("赵琳", None)
    day = date(2027, 1, 1)
    save_calendar_day(day, is_workday=False, name="元旦", by=hr, standing=HR)

    with pytest.raises(RuleError):
        save_calendar_day(day, is_workday=True, name="", by=leader, standing=LEADER)

    row = CalendarDay.objects.get(date=day)
    assert (row.is_workday, row.name, row.source) == (False, "元旦", CalendarDay.Source.ADMINISTRATOR)
