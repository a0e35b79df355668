"""What people are told of others' acts: who it concerns, once, and not whoever did it."""

from decimal import Decimal

import pytest

from appraisals.models import Form
from appraisals.services.agreement import (
    approve_targets,
    confirm_targets,
    readjust_targets,
    reopen_targets,
    return_targets,
    submit_targets,
)
from appraisals.services.moves import return_review, return_self
from appraisals.states import FormState
from common.errors import RuleError
from incidents.services.bonuses import second_check_bonus
from incidents.services.deciding import confirm_involvement, overturn_involvement, reject_involvement
from incidents.services.filing import file_incident, withdraw_incident
from notices.models import Message
from people.states import Role
from quality.services.disputes import raise_dispute, rule_dispute
from quality.services.filling import Level
from scoring.models import Result
from scoring.services.consolidation import consolidate_batch, consolidate_forms
from scoring.services.publication import publish_results, withdraw_publication
from tests import world
from tests.counting import statements
from tests.incidents import conftest as events
from tests.quality import team as calls
from tests.scoring.conftest import Month, make_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def month(db) -> Month:
    return make_month()


def told() -> list[tuple[str, str]]:
    """Who was told what since the last look, in the order of kinds and names."""
    found = sorted((one.kind, one.recipient.name) for one in Message.objects.select_related("recipient"))
    Message.objects.all().delete()
    return found


def put(form: Form, state: str) -> Form:
    form.refresh_from_db()
    form.state = state
    form.save()
    return form


def test_targets_on_their_way_are_told_to_whom_they_go(month):
    form = put(month.form, FormState.TARGETS)
    submit_targets(form.pk, by=month.supervisor)
    assert told() == []  # the department finds it among its to-dos
    return_targets([form.pk], reason="权重不对", by=month.manager)
    assert told() == [("targets_returned", "周敏")]
    submit_targets(form.pk, by=month.supervisor)
    approve_targets([form.pk], by=month.manager)
    message = Message.objects.get(kind="targets_to_confirm")
    assert (message.path, message.detail) == (f"/forms/{form.pk}/targets/", {"month": "2026-10"})
    assert told() == [("targets_approved", "周敏"), ("targets_to_confirm", "吴倩")]
    reopen_targets(form.pk, reason="漏了一项", by=month.supervisor)
    assert told() == [("targets_reopened", "吴倩")]
    put(form, FormState.CONFIRMATION)
    confirm_targets(form.pk, by=month.agent)
    readjust_targets(form.pk, reason="换岗", by=month.supervisor)
    assert told() == [("targets_reopened", "吴倩")]


def test_a_managers_targets_go_straight_to_him(month):
    form = put(month.own_form, FormState.TARGETS)
    month.own_form.items.filter(provider=month.supervisor).update(provider=month.officer)

    submit_targets(form.pk, by=month.manager)

    assert told() == [("targets_to_confirm", "周敏")]


def test_a_batch_is_told_in_as_many_statements_as_one_form(month):
    forms = [put(form, FormState.APPROVAL) for form in (month.form, month.second_form)]
    one = statements(lambda: approve_targets([forms[0].pk], by=month.manager))
    put(forms[0], FormState.APPROVAL)
    Message.objects.all().delete()

    assert statements(lambda: approve_targets([form.pk for form in forms], by=month.manager)) == one
    assert told() == [
        ("targets_approved", "周敏"),
        ("targets_approved", "周敏"),
        ("targets_to_confirm", "吴倩"),
        ("targets_to_confirm", "黄佩珊"),
    ]


def test_what_comes_back_is_told_to_who_has_it_again_and_a_refused_act_to_nobody(month):
    form = put(month.form, FormState.REVIEW)
    with pytest.raises(RuleError):
        return_self(form.pk, reason="", by=month.supervisor)
    assert told() == []
    return_self(form.pk, reason="补事实", by=month.supervisor)
    assert told() == [("self_returned", "吴倩")]
    put(form, FormState.READY)
    return_review(form.pk, reason="缺事实", by=month.officer)
    assert told() == [("review_returned", "周敏")]
    put(form, FormState.READY)
    return_review(form.pk, reason="再看一眼", by=month.supervisor)
    assert told() == []


@pytest.mark.parametrize("in_one_pass", [True, False])
def test_a_published_result_is_told_to_each_appraisee_with_his_own_page(month, in_one_pass):
    forms = [month.form, month.second_form, month.own_form]
    ids = [form.pk for form in forms]
    if in_one_pass:
        now = forms[0].cycle.opened_at
        consolidate_batch(month.cycle, ids, by=month.officer, now=now, publishing=True)
    else:
        consolidate_forms(month.cycle.pk, form_ids=ids, by=month.officer)
        assert not Message.objects.exists()
        publish_results(month.cycle.pk, form_ids=ids, by=month.officer)

    assert {(one.recipient_id, one.path, one.detail["month"]) for one in Message.objects.all()} == {
        (form.employee_id, f"/results/{form.pk}/", "2026-10") for form in forms
    }
    Message.objects.all().delete()
    withdraw_publication(month.form.pk, reason="数据有误", by=month.leader)
    assert told() == [("result_reopened", "周敏"), ("result_withdrawn", "吴倩")]
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.leader)
    publish_results(month.cycle.pk, form_ids=[month.form.pk], by=month.leader)
    assert told() == [("result_published", "吴倩")]  # the new version is news
    assert Result.objects.filter(form=month.form).count() == 2


def test_an_incident_is_told_to_those_concerned_and_its_decision_to_them_and_the_filer():
    cast = events.make_cast()
    with events.on(13):
        incident = file_incident(events.draft(cast.agent, cast.finder), by=cast.finder)
    message = Message.objects.get()
    assert (message.path, message.detail) == (f"/incidents/{incident.pk}/", {"number": incident.number})
    assert told() == [("view_wanted", "吴倩")]
    share = events.share_of(incident, cast.agent)
    with events.on(20):
        confirm_involvement(share.pk, by=cast.boss)
        assert told() == [("incident_decided", "吴倩"), ("incident_decided", "李可")]
        overturn_involvement(share.pk, reason="查明不是", by=cast.boss)
        assert told() == [("incident_decided", "吴倩"), ("incident_decided", "李可")]
        reject_involvement(events.share_of(incident, cast.finder).pk, reason="不是他", by=cast.other_boss)
        assert told() == [("incident_decided", "李可")]
    with events.on(13):
        other = file_incident(events.draft(cast.mate, description="另一件"), by=cast.finder)
        told()
        withdraw_incident(other.pk, reason="登记错了", by=cast.finder)
    assert told() == [("incident_decided", "黄佩珊")]


def test_a_bonus_is_told_when_it_is_decided():
    boss, member = world.person("周敏", "KFZG"), world.in_group(world.person("沈玉兰", None))
    agent = world.person("吴倩", superior=boss)
    leader = world.in_group(world.person("李娜", None))
    bonus = world.bonus(agent, leader, raised_by=member, number="JF-1")
    with events.on(20):
        second_check_bonus(bonus.pk, by=boss)

    assert told() == [("bonus_decided", "吴倩"), ("bonus_decided", "沈玉兰")]


def test_what_counts_is_reported_to_the_appraisal_owner_who_did_not_decide_it():
    boss, manager = world.person("周敏", "KFZG"), world.with_role(world.person("何建国", None), Role.DEPARTMENT)
    agent = world.person("吴倩", superior=boss)
    member = world.in_group(world.person("沈玉兰", None))
    share = world.involvement(agent, member)
    with events.on(20):
        confirm_involvement(share.pk, by=manager)
        assert Message.objects.get(kind="incident_counts").path == "/team/"
        assert told() == [("incident_counts", "周敏"), ("incident_decided", "吴倩"), ("incident_decided", "沈玉兰")]
        overturn_involvement(share.pk, reason="查明不是", by=manager)
    assert ("incident_counts", "周敏") in told()


def test_a_scored_call_and_a_ruling_are_told_to_the_agent():
    team = calls.make_team()
    call = calls.make_call(team.agent)
    done = calls.scored(call, team.superior, 聆听能力=Level(points=Decimal(0)))
    message = Message.objects.get()
    assert (message.path, message.detail) == (f"/calls/{call.pk}/", {"number": "LY-1"})
    assert told() == [("call_scored", "陈思雨")]
    dispute = raise_dispute(done.pk, calls.item("聆听能力").pk, reason="没有", by=team.agent)
    rule_dispute(dispute.pk, upheld=False, ruling="听过了", by=team.manager)
    assert told() == [("dispute_ruled", "陈思雨")]


def test_a_recording_whose_number_reads_like_a_figure_goes_unnamed():
    team = calls.make_team()
    calls.scored(calls.make_call(team.agent, "20261105.0012"), team.superior)

    assert Message.objects.get().detail == {"number": ""}
