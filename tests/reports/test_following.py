"""What one follows up: whoever is told of others' overdue things finds them on one page, and opens what he may."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from time_machine import travel

from appraisals.models import Figure, Form
from appraisals.states import FormState
from development.models import Amendment, Meeting, TrainingRequest
from notices.facts import STEPS
from notices.log import tell
from notices.models import Message
from people.models import Account, Employee
from people.selectors import standing_of
from policy.reminders import NEXT
from quality.models import Assessment, Dispute
from quality.states import AssessmentKind, AssessmentState
from reports.selectors import waiting as what
from reports.selectors.digests import digests_of
from reports.selectors.owed import followed_matters, matters, office_matters
from reports.selectors.owed_asked import disputes_for_department
from reports.selectors.waiting import DAYS_TO_ANSWER
from reports.services.digests import send_digests
from tests import world
from tests.counting import statements
from tests.scoring.board import signed_in
from tests.scoring.conftest import Month, make_month

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: str, clock: str = "09:10") -> travel:
    return travel(datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=SHANGHAI), tick=False)


@pytest.fixture
def month(db) -> Month:
    """October of one team, all forms filed; everybody has an account and an address."""
    made = make_month()
    for person in (one for one in vars(made).values() if isinstance(one, Employee)):
        person.account = Account.objects.create(username=person.number)
        person.email = f"{person.number}@example.com"
        person.save()
    Form.objects.update(state=FormState.FILED)
    return made


def lines(client: Client, reader: Employee, day: str) -> list[tuple[str, str, str]]:
    """(who, what, where to) of the page's rows."""
    with at(day):
        answer = signed_in(client, reader).get(reverse("reports:following"))
    assert answer.status_code == 200
    return [(line.person.name, line.matter, line.url) for line in answer.context["lines"]]


def test_the_superior_of_a_late_owner_finds_his_things_and_opens_what_he_may(month, client):
    Form.objects.filter(pk=month.form.pk).update(state=FormState.REVIEW)

    assert lines(client, month.manager, "2026-11-09") == [
        ("周敏", "10月复核", reverse("appraisals:form", args=[month.form.pk]))
    ]
    assert lines(client, month.supervisor, "2026-11-09") == []  # his own is among his to-dos
    assert lines(client, month.agent, "2026-11-09") == []
    assert lines(client, month.manager, "2026-11-06") == []  # late, but nobody is told yet


def test_of_several_things_the_way_leads_to_the_board_and_only_for_who_may_see_it(month, client):
    head = world.person("罗文静", "KFZG", superior=month.manager, account=True)
    Form.objects.filter(pk__in=(month.form.pk, month.second_form.pk)).update(state=FormState.REVIEW)
    Form.objects.filter(pk=month.own_form.pk).update(owner=head, state=FormState.REVIEW)

    found = lines(client, month.manager, "2026-11-09")

    board = f"/duty/2026-10/?step=review&who={month.supervisor.pk}#list"
    assert ("周敏", "10月复核", board) in found
    assert ("罗文静", "10月复核", reverse("appraisals:form", args=[month.own_form.pk])) in found


def test_a_superior_without_the_right_to_a_form_learns_of_it_but_gets_no_link(month, client):
    deputy = world.person("刘凯", "KFZG", superior=month.supervisor, account=True)
    item = month.form.items.filter(part="kpi", data_source="manual").first()
    assert item is not None
    Figure.objects.filter(item=item).delete()
    item.provider = deputy
    item.save()
    Form.objects.filter(pk=month.form.pk).update(state=FormState.REVIEW, owner=month.manager)

    assert ("刘凯", "10月报数据", "") in lines(client, month.supervisor, "2026-11-05")
    assert lines(client, month.officer, "2026-11-05")[0][2] == reverse("appraisals:form", args=[month.form.pk])


def test_an_unsigned_result_leads_the_owner_to_the_list_not_to_his_own_signatures(month):
    Form.objects.filter(pk=month.form.pk).update(state=FormState.ACTIVE)
    with at("2026-11-03"):
        send_digests()
    assert Message.objects.get(kind="escalated").path == reverse("appraisals:team_month", args=["2026-10"])
    Form.objects.filter(pk=month.form.pk).update(state=FormState.REVIEW)
    with at("2026-11-09"):
        send_digests()
    told = {message.recipient.name: message.path for message in Message.objects.filter(kind="escalated")}
    assert told["何建国"] == reverse("reports:following")


def test_an_anonymous_rating_is_on_nobodys_list(month, client):
    Form.objects.filter(pk=month.own_form.pk).update(state=FormState.READY)
    month.own_form.upward_turns.create(rater=month.agent)

    for reader in (month.supervisor, month.manager, month.leader, month.officer):
        assert "吴倩" not in {who for who, *_rest in lines(client, reader, "2026-11-20")}


def test_the_page_takes_as_many_statements_however_many_rows_and_sorts(month, client):
    signed_in(client, month.manager)
    Form.objects.filter(pk=month.form.pk).update(state=FormState.REVIEW)
    with at("2026-11-20"):
        few = statements(lambda: client.get(reverse("reports:following")))
        for n in range(6):
            agent = world.person(f"员工{n}", superior=month.supervisor, account=True)
            world.form(agent, month.supervisor, state=FormState.REVIEW)
            world.form(agent, world.person(f"主管{n}", "KFZG", superior=month.manager), month=date(2026, 9, 1))
        world.call(month.agent, month.supervisor, None, drawn_why="random")
        many = statements(lambda: client.get(reverse("reports:following")))
    assert many == few <= 15


def test_home_leads_there_whoever_others_things_are_passed_on_to(month, client):
    place = reverse("reports:following").encode()
    with at("2026-11-09"):
        assert place in signed_in(client, month.supervisor).get("/").content
        assert place in signed_in(client, month.leader).get("/").content
        assert place not in signed_in(client, month.agent).get("/").content


def test_whatever_is_passed_on_has_a_word_of_its_own(month):
    found = [*matters(date(2026, 11, 9)), *followed_matters(date(2026, 11, 9))]
    for person in (month.manager, month.leader, month.officer, month.hr):
        found += office_matters(person.pk, standing_of(person, date(2026, 11, 9)), date(2026, 11, 9))

    passed_on = {one.told_as for one in found if (one.step, one.by) in NEXT}
    assert passed_on <= set(STEPS)
    assert {"confirmation", "approval", "calls"} <= {one.told_as for one in found} | {"approval"}


# --- what somebody asked for: a dispute's ruling, consent, training ---


def heard(day: str, reader: Employee) -> set[str]:
    with at(day):
        found = [one for one in digests_of(date.fromisoformat(day)) if one.person == reader]
    return {row.what for one in found for row in one.due}


def passed(day: str, reader: Employee) -> set[str]:
    with at(day):
        found = [one for one in digests_of(date.fromisoformat(day)) if one.person == reader]
    return {row.word for one in found for row in one.followed}


def disputed(month: Month, listener: Employee, number: str = "LY-1") -> Dispute:
    call = world.call(month.agent, listener, number=number)
    row = Dispute.objects.create(assessment=call.assessments.get(), reason="没有抢话")
    Dispute.objects.filter(pk=row.pk).update(raised_at=datetime(2026, 11, 2, 15, tzinfo=SHANGHAI))
    return row


def test_a_dispute_is_due_in_three_working_days_from_the_superior_and_passed_on_above_him(month, client):
    disputed(month, month.leader)

    assert what.RULE not in heard("2026-11-03", month.supervisor)
    assert what.RULE in heard("2026-11-04", month.supervisor)
    assert what.RULE in heard("2026-11-05", month.supervisor)
    assert what.RULE not in heard("2026-11-05", month.manager)  # he may rule, but is not the one who is asked
    assert passed("2026-11-06", month.manager) == set()
    assert passed("2026-11-09", month.manager) == {"dispute"}
    assert lines(client, month.manager, "2026-11-09")[0][:2] == ("周敏", "录音异议裁定")


def test_where_the_superior_listened_himself_the_department_is_asked_and_the_leader_told(month):
    disputed(month, month.supervisor)

    assert what.RULE not in heard("2026-11-05", month.supervisor)
    assert what.RULE in heard("2026-11-05", month.manager)
    assert passed("2026-11-09", month.leader) == {"dispute"}


def test_who_has_yet_to_score_the_call_blind_is_not_told_that_it_is_disputed(month):
    row = disputed(month, month.leader)
    Assessment.objects.create(
        call=row.assessment.call,
        listener=month.supervisor,
        rubric=row.assessment.rubric,
        kind=AssessmentKind.SECOND,
        state=AssessmentState.DRAFT,
    )
    assert what.RULE not in heard("2026-11-05", month.supervisor)
    assert what.RULE in heard("2026-11-05", month.manager)
    assert disputes_for_department(month.manager.pk).rows.count() == 1


def test_consent_and_training_have_terms_reminders_and_somebody_who_hears_of_it(month):
    meeting = Meeting.objects.create(cycle=month.cycle, chair=month.leader)
    amendment = Amendment.objects.create(
        meeting=meeting, text="改权重", reason="太重", proposed_by=month.agent, asked=month.supervisor
    )
    with at("2026-11-02"), transaction.atomic():
        tell([month.supervisor.pk], "consent_wanted", path="/", key=f"amendment:{amendment.pk}", detail={"who": "吴倩"})
    facts = {"employee": month.agent, "requested_by": month.agent, "passed_by": month.supervisor, "why": "不熟"}
    asked = TrainingRequest.objects.create(topic="话术", **facts)
    passed_on = TrainingRequest.objects.create(topic="系统", **facts)
    day = datetime(2026, 11, 2, 15, tzinfo=SHANGHAI)
    TrainingRequest.objects.filter(pk=asked.pk).update(created_at=day)
    TrainingRequest.objects.filter(pk=passed_on.pk).update(created_at=day - timedelta(days=9), passed_at=day)

    assert heard("2026-11-03", month.supervisor) == set()
    assert heard("2026-11-05", month.supervisor) == {what.PASS_TRAINING}
    assert heard("2026-11-09", month.supervisor) == {what.PASS_TRAINING, what.CONSENT}
    assert heard("2026-11-09", month.hr) == {what.ARRANGE_TRAINING}
    assert passed("2026-11-09", month.manager) == {"training"}
    assert passed("2026-11-11", month.manager) == {"training", "consent", "arranging"}


def test_the_to_dos_say_the_same_terms(month, client):
    disputed(month, month.leader)
    with at("2026-11-05"):
        todos = signed_in(client, month.supervisor).get("/").context["todos"]

    assert [(todo.due_on, todo.left) for todo in todos if "异议" in todo.title] == [(date(2026, 11, 5), 1)]
    assert set(DAYS_TO_ANSWER) == {what.RULE, what.CONSENT, what.PASS_TRAINING, what.ARRANGE_TRAINING}
