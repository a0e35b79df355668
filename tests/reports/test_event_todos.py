"""What waits of incidents, bonuses and calls: the very things the rules of their rooms allow, with term and address."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.selectors import calendar_between
from incidents.models import Bonus, Involvement
from incidents.permissions import (
    Judge,
    Superiors,
    can_check_first,
    can_check_second,
    can_state,
    can_verify,
    concerned_with,
    is_view_in,
)
from incidents.selectors.asked import shares_asked
from incidents.selectors.claims import waiting_claims
from incidents.states import EventState
from people.models import Employee, ReportingLine
from people.selectors import standing_of
from people.states import Duty, Role
from quality.models import Assessment, Call, Dispute, Rubric
from quality.permissions import Ear, Lines, can_listen, can_rule, can_see_total
from quality.states import AssessmentKind, DisputeState, DrawnWhy
from reports.facts.todos import Days, todo_lines
from reports.selectors import waiting as what
from reports.selectors.owed import drawn_for_everybody
from reports.selectors.todos import waiting_for
from reports.selectors.waiting import Waiting
from tests import world
from tests.counting import statements
from tests.scoring.board import signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 4)
DAY = date(2026, 10, 12)


@dataclass(frozen=True)
class Staff:
    """A region with two managers, those who see all, and a stranger of another region."""

    manager: Employee
    superior: Employee
    trainer: Employee
    agent: Employee
    second: Employee
    member: Employee
    leader: Employee
    auditor: Employee
    foreign: Employee

    def all(self) -> list[Employee]:
        return list(vars(self).values())


@pytest.fixture
def staff(db) -> Staff:
    manager = world.with_role(world.person("何建国", None, account=True), Role.DEPARTMENT)
    superior = world.person("周敏", "KFZG", superior=manager, account=True)
    foreign = world.person("林国栋", "KFZG", superior=manager, account=True)
    foreign.region = world.region("HN", "华南区域")
    foreign.save(update_fields=["region"])
    return Staff(
        manager=manager,
        superior=superior,
        trainer=world.person("罗文静", "PXZG", superior=superior, account=True),
        agent=world.person("陈思雨", superior=superior, account=True),
        second=world.person("黄佩珊", superior=superior, account=True),
        member=world.in_group(world.person("沈玉兰", None, account=True)),
        leader=world.in_group(world.person("方志远", None, account=True), Duty.LEADER),
        auditor=world.with_role(world.person("孙悦", None, account=True), Role.AUDITOR),
        foreign=foreign,
    )


def rows(person: Employee, today: date = TODAY) -> dict[str, Waiting]:
    return {row.what: row for row in waiting_for(person, standing_of(person, today), today)}


def count(person: Employee, *kinds: str) -> int:
    found = rows(person)
    return sum(found[kind].n for kind in kinds if kind in found)


def incidents(staff: Staff) -> None:
    """Of every state, found by everybody, shared by two, with and without a view."""
    number = 0
    said, over = (TODAY, timezone.now()), (TODAY - timedelta(days=1), None)
    for somebody in (staff.agent, staff.superior, staff.trainer, staff.foreign):
        for finder in (staff.second, staff.superior, staff.member, staff.manager):
            for due, stated in ((None, None), (TODAY, None), over, said):
                number += 1
                if finder.pk == somebody.pk:
                    continue
                share = world.involvement(
                    somebody, finder, number=f"BL-{number}", day=DAY, statement_due_on=due, stated_at=stated
                )
                if number % 5 == 0:
                    Involvement.objects.create(
                        incident=share.incident, employee=staff.second, points=1, filed_points=1, statement_due_on=due
                    )
                if number % 7 == 0:
                    Involvement.objects.filter(pk=share.pk).update(state=EventState.REJECTED)
    world.involvement(staff.agent, staff.second, number="BL-A")
    Involvement.objects.filter(incident__number="BL-A").update(state=EventState.WITHDRAWN)


def test_views_and_verifications_wait_for_those_the_rules_name(staff):
    incidents(staff)
    shares = list(Involvement.objects.select_related("incident", "employee"))
    above = Superiors.of(shares)
    for person in staff.all():
        judge = Judge(person, standing_of(person, TODAY))
        mine = [share for share in shares if can_state(judge, share) and not is_view_in(share, TODAY)]
        verify = [share for share in shares if is_asked(judge, share, above) and is_view_in(share, TODAY)]
        assert (count(person, what.STATE), count(person, what.VERIFY)) == (len(mine), len(verify)), person
        assert all(can_verify(judge, share, concerned_with(share.incident), above) for share in verify)
        listed = shares_asked(judge, TODAY).values_list("pk", flat=True)
        assert set(listed) == {share.pk for share in verify}
    assert count(staff.superior, what.VERIFY) > 0 < count(staff.agent, what.STATE)


def is_asked(judge: Judge, share: Involvement, above: Superiors) -> bool:
    """Of the superior, or of the group where he has an interest in it."""
    if not can_verify(judge, share, concerned_with(share.incident), above):
        return False
    held = above.above(share)
    interested = {share.incident.found_by_id, share.incident.filed_by_id, *concerned_with(share.incident)}
    if held is not None and held[0] not in interested:
        return judge.person.pk == held[0]
    return judge.standing.is_member


def test_a_view_waits_until_its_term_and_then_for_the_verifier(staff):
    share = world.involvement(staff.agent, staff.second, statement_due_on=TODAY)
    assert rows(staff.agent)[what.STATE].due_on == TODAY
    assert what.VERIFY not in rows(staff.superior)

    tomorrow = TODAY + timedelta(days=1)
    assert what.STATE not in rows(staff.agent, tomorrow)
    assert rows(staff.superior, tomorrow)[what.VERIFY].ident == share.incident_id


def test_bonuses_wait_for_those_the_rules_name(staff):
    number = 0
    people = (staff.agent, staff.superior, staff.trainer, staff.foreign)
    for somebody in people:
        for raiser in (somebody, staff.second, staff.superior, staff.member):
            for first in (None, staff.member, staff.superior):
                number += 1
                if first is not None and first.pk == somebody.pk:
                    continue
                world.bonus(somebody, first, number=f"JF-{number}", raised_by=raiser)
    bonuses = list(Bonus.objects.select_related("employee"))
    above = Superiors.of(bonuses)
    for person in staff.all():
        judge = Judge(person, standing_of(person, TODAY))
        asks_first = judge.standing.is_member or not judge.standing.is_department
        mine = [
            one
            for one in bonuses
            if can_check_second(judge, one, above) or (asks_first and can_check_first(judge, one, above))
        ]
        assert count(person, what.CHECK_BONUS) == waiting_claims(judge).count() == len(mine), person
    assert any(can_check_first(Judge(staff.manager, standing_of(staff.manager, TODAY)), one, above) for one in bonuses)


def test_a_bonus_waits_for_who_steps_in_for_a_superior_who_has_left(staff):
    world.bonus(staff.trainer, staff.member, raised_by=staff.trainer)
    assert (count(staff.superior, what.CHECK_BONUS), count(staff.manager, what.CHECK_BONUS)) == (1, 0)

    staff.superior.left_on = DAY
    staff.superior.save(update_fields=["left_on"])
    assert count(staff.manager, what.CHECK_BONUS) == 1


def drawn(agent: Employee, number: str, **facts: object) -> Call:
    return world.call(agent, agent, None, number=number, drawn_why=DrawnWhy.RANDOM, **facts)


def draft(call: Call, listener: Employee, kind: AssessmentKind = AssessmentKind.FIRST) -> Assessment:
    return Assessment.objects.create(call=call, listener=listener, rubric=Rubric.objects.get(), kind=kind)


def test_drawn_calls_wait_for_those_who_lead_the_agent(staff):
    for n, agent in enumerate((staff.agent, staff.second, staff.trainer, staff.foreign)):
        drawn(agent, f"LY-{n}")
        draft(drawn(agent, f"LY-begun-{n}"), staff.member)
        world.call(agent, staff.member, None, number=f"LY-idle-{n}")
        world.call(agent, staff.member, number=f"LY-done-{n}", drawn_why=DrawnWhy.RANDOM)
    moved = ReportingLine.objects.get(employee=staff.second)
    moved.ends_before = date(2026, 9, 1)
    moved.save()
    calls = list(Call.objects.exclude(drawn_why="").filter(total=None, assessments=None).select_related("employee"))
    lines = Lines.of(calls)
    for person in staff.all():
        ear = Ear(person, standing_of(person, TODAY))
        may = [call for call in calls if can_listen(ear, call, lines)]
        leads = [call for call in may if not ear.hears_all or lines.above(call) == person.pk]
        assert count(person, what.SCORE) == len(leads), person
    assert count(staff.superior, what.SCORE) == count(staff.trainer, what.SCORE) + 1 == 3
    assert count(staff.member, what.RESUME) == 4


def test_a_call_of_a_month_that_was_counted_waits_for_nobody(staff):
    drawn(staff.agent, "LY-1")
    draft(drawn(staff.agent, "LY-begun"), staff.member)
    world.call(staff.agent, staff.member, number="LY-done")
    assert (count(staff.superior, what.SCORE), count(staff.member, what.RESUME)) == (1, 1)
    assert drawn_for_everybody().rows.count() == 1

    Call.objects.filter(number="LY-done").update(counted_month=date(2026, 10, 1))

    assert (count(staff.superior, what.SCORE), count(staff.member, what.RESUME)) == (0, 0)
    assert not drawn_for_everybody().rows.exists()
    drawn(staff.agent, "LY-november", called_on=date(2026, 11, 2))
    assert (count(staff.superior, what.SCORE), drawn_for_everybody().rows.count()) == (1, 1)


def test_the_term_of_a_drawn_call_is_that_of_the_months_figures(staff):
    drawn(staff.agent, "LY-1")
    drawn(staff.agent, "LY-2", called_on=date(2026, 9, 8))
    cycle = world.cycle(date(2026, 10, 1))

    waiting = waiting_for(staff.superior, standing_of(staff.superior, TODAY), TODAY)
    found = [row for row in waiting if row.what == what.SCORE]
    assert {(row.key, row.due_on, row.n) for row in found} == {
        ("2026-10", cycle.data_due_on, 1),
        ("2026-09", None, 1),
    }


def test_a_blind_call_waits_for_its_listener_alone(staff):
    call = world.call(staff.agent, staff.superior)
    draft(call, staff.trainer, AssessmentKind.SECOND)

    assert [person.name for person in staff.all() if count(person, what.BLIND)] == ["罗文静"]
    assert rows(staff.trainer)[what.BLIND].ident == call.pk


def test_disputes_wait_for_those_the_rules_name(staff):
    for n, listener in enumerate((staff.superior, staff.trainer, staff.member)):
        call = world.call(staff.agent, listener, number=f"LY-{n}")
        Dispute.objects.create(assessment=call.assessments.get(), reason="没有抢话")
        if n == 1:
            draft(call, staff.leader, AssessmentKind.SECOND)
    ruled = world.call(staff.agent, staff.trainer, number="LY-ruled").assessments.get()
    Dispute.objects.create(assessment=ruled, reason="x", state=DisputeState.DISMISSED, ruled_by=staff.superior)
    own = world.call(staff.superior, staff.trainer, number="LY-own").assessments.get()
    Dispute.objects.create(assessment=own, reason="x")

    open_ones = list(Dispute.objects.select_related("assessment__call"))
    lines = Lines.of(one.assessment.call for one in open_ones)
    for person in staff.all():
        ear = Ear(person, standing_of(person, TODAY))
        mine = [one for one in open_ones if can_rule(ear, one, lines) and can_see_total(ear, one.assessment.call)]
        assert count(person, what.RULE) == len(mine), person
    assert count(staff.superior, what.RULE) == 2
    assert count(staff.leader, what.RULE) == 3


def test_a_newly_scored_call_waits_for_its_agent_until_he_has_seen_or_disputed_it_or_the_term_is_over(staff):
    for n, fields in enumerate(
        (
            {"dispute_until": TODAY},
            {"dispute_until": TODAY + timedelta(days=1)},
            {"dispute_until": TODAY - timedelta(days=1)},
            {"dispute_until": TODAY, "acknowledged_at": timezone.now()},
            {},  # from a workbook: settled before
        )
    ):
        call = world.call(staff.agent, staff.superior, number=f"LY-{n}")
        Assessment.objects.filter(call=call).update(**fields)
    counted = world.call(staff.agent, staff.superior, number="LY-counted", counted_month=date(2026, 10, 1))
    Assessment.objects.filter(call=counted).update(dispute_until=TODAY)  # nothing can be put right any more
    disputed = world.call(staff.agent, staff.superior, number="LY-disputed").assessments.get()
    Assessment.objects.filter(pk=disputed.pk).update(dispute_until=TODAY)
    Dispute.objects.create(assessment=disputed, reason="没有抢话")

    found = rows(staff.agent)
    assert (found[what.HEAR].n, found[what.HEAR].due_on) == (2, TODAY)
    assert found[what.CALLED].n == 7
    assert [person.name for person in staff.all() if count(person, what.HEAR)] == ["陈思雨"]


def test_each_line_leads_to_the_one_thing_or_to_all_of_them(staff):
    share = world.involvement(staff.agent, staff.second, statement_due_on=TODAY)
    call = world.call(staff.agent, staff.superior)
    Assessment.objects.filter(call=call).update(dispute_until=TODAY + timedelta(days=1))
    days = Days(today=TODAY, calendar=calendar_between(TODAY, TODAY + timedelta(days=9)), sign_days=3)

    def told(person: Employee) -> list[tuple[str, str]]:
        lines = todo_lines(waiting_for(person, standing_of(person, TODAY), TODAY), days)
        return [(line.title, line.url) for line in lines]

    assert told(staff.agent) == [
        ("陈述不良事故 BL-1", reverse("incidents:incident", args=[share.incident_id])),
        ("看录音 LY-1的评分", reverse("quality:call", args=[call.pk])),
    ]
    Dispute.objects.create(assessment=call.assessments.get(), reason="没有抢话")
    drawn(staff.agent, "LY-2")
    drawn(staff.second, "LY-3")
    bonus = world.bonus(staff.agent, staff.member, raised_by=staff.agent)
    assert told(staff.superior) == [
        ("审核 10月加分：陈思雨", reverse("incidents:bonus", args=[bonus.pk])),
        ("评 2 通 10月录音", reverse("quality:to_score")),
    ]
    assert told(staff.manager) == [("裁定录音异议 LY-1", reverse("quality:call", args=[call.pk]))]
    other = world.call(staff.second, staff.superior, number="LY-4")
    Dispute.objects.create(assessment=other.assessments.get(), reason="没有抢话")
    assert told(staff.manager) == [("裁定 2 条录音异议", reverse("quality:disputes"))]


def test_all_of_it_is_read_in_one_statement(staff):
    incidents(staff)
    drawn(staff.agent, "LY-1")
    for person in staff.all():
        standing = standing_of(person, TODAY)
        assert statements(lambda: waiting_for(person, standing, TODAY)) == 1  # noqa: B023 - called at once


LISTENERS = ["录音", "待评录音", "异议", "抽听计划", "复听比对", "监听标准"]


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("superior", LISTENERS),
        ("member", LISTENERS),
        ("auditor", ["录音", "抽听计划", "复听比对", "监听标准"]),
        ("agent", ["录音", "监听标准"]),
    ],
)
def test_the_pages_of_call_monitoring_are_tabs_for_whom_they_are(staff, client, name, pages):
    world.call(staff.agent, staff.superior)
    signed_in(client, getattr(staff, name))

    page = client.get("/calls/")

    assert [str(entry.label) for entry in page.context["pages_of"]] == pages
    for entry in page.context["pages_of"]:
        shown = client.get(entry.url)
        assert shown.status_code == 200, entry.url
        assert [str(one.label) for one in shown.context["pages_of"] if one.current] == [str(entry.label)]
        nav = [one for group in shown.context["nav"] for one in group.entries if one.current]
        assert [one.url for one in nav] == ["/calls/"]
    assert client.get("/").context["pages_of"] == []


def test_an_agent_without_calls_has_no_entry_for_them(staff, client):
    signed_in(client, staff.agent)
    assert "/calls/" not in [one.url for group in client.get("/").context["nav"] for one in group.entries]

    world.call(staff.agent, staff.superior, None)  # registered: the standard he is judged by is his to read
    assert "/calls/" in [one.url for group in client.get("/").context["nav"] for one in group.entries]


def test_who_edits_the_monitoring_standard_finds_it_without_listening(staff, client):
    signed_in(client, world.with_role(world.person("赵琳", None, account=True), Role.HR))

    page = client.get("/rubric/")

    assert page.status_code == 200
    assert page.context["pages_of"] == []
    assert [one.url for group in page.context["nav"] for one in group.entries if one.current] == ["/rubric/"]
