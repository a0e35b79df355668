"""The appraisal interview: made from the result, shared, confirmed, then unchanged (P6.4a)."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.log import events_about
from audit.models import Event
from common.errors import ConflictError
from common.models import CalendarDay
from development.models import Interview
from development.permissions import can_view_interview, visible_interviews
from development.selectors.agenda import agenda_page
from development.selectors.interviews import came_late, lists_for
from development.services.interviews import (
    Agreed,
    Confirmation,
    acknowledge_interview,
    add_to_interview,
    finish_agreement,
    prepare_interview,
    recall_interview,
    save_interview,
    share_interview,
)
from development.states import InterviewState
from notices.models import Message
from people.facts import SYSTEM
from people.selectors import standing_of
from reports.services.terms import extend_all_terms
from tests import world
from tests.appeals.conftest import ruled, upheld
from tests.counting import statements
from tests.development.conftest import Cast, acknowledged, as_, on, prepared, refusal, shared, talk

YES = Confirmation(is_agreed=True)
MONTHS = ("2026-10", "2026-09", "nonsense")


def test_the_agenda_is_made_from_the_frozen_result(cast):
    made = prepared(cast)

    agenda = agenda_page(made.result, made.agenda)

    assert made.due_on == cast.result.interview_until
    assert len(agenda.best) == 2
    assert agenda.weak[0].name == "接通率"  # of equal shares the heavier
    assert not {line.name for line in agenda.best} & {line.name for line in agenda.weak}
    assert [str(own) for _month, own, _median in agenda.trend] == ["80.00"]
    assert "pay" not in str(made.agenda)


def test_only_the_owner_prepares(cast):
    for somebody in (cast.agent, cast.month.second_agent, cast.month.hr, cast.month.manager):
        assert refusal(prepare_interview, cast.form.pk, by=somebody).code == "not_allowed"
    assert prepared(cast).owner == cast.month.supervisor


def test_nothing_is_prepared_before_the_result_is_published(cast):
    with on(10):
        form = world.ready_form(cast.month.agent, cast.month.supervisor, month=date(2026, 9, 1))
        assert refusal(prepare_interview, form.pk, by=cast.month.supervisor).code == "not_published"


def test_preparing_again_takes_the_new_version_of_the_result_and_keeps_the_notes(cast):
    made = prepared(cast)
    with on(11):
        save_interview(made.pk, talk(), version=made.version, by=cast.month.supervisor)
    ruled(cast, upheld())

    again = prepared(cast)

    assert again.pk == made.pk
    assert again.result == cast.result
    assert again.result_id != made.result_id
    assert again.shortcomings == "差错偏多"


def test_a_stale_writer_is_told(cast):
    made = prepared(cast)
    with on(11):
        save_interview(made.pk, talk(), version=made.version, by=cast.month.supervisor)
        with pytest.raises(ConflictError):
            save_interview(made.pk, talk(), version=made.version, by=cast.month.supervisor)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"held_on": None}, "day_missing"),
        ({"held_on": date(2026, 11, 20)}, "not_held"),
        ({"notes": type(talk().notes)()}, "notes_missing"),
        ({"agreed": (Agreed(text="复盘", due_on=date(2026, 11, 1)),)}, "date_passed"),
    ],
)
def test_what_is_incomplete_is_not_shared(cast, facts, code):
    made = prepared(cast)
    with on(11):
        save_interview(made.pk, talk(**facts), version=None, by=cast.month.supervisor)
        assert refusal(share_interview, made.pk, by=cast.month.supervisor).code == code


def test_an_agreed_action_without_a_date_is_refused(cast):
    made = prepared(cast)
    with on(11):
        without = talk(agreed=(Agreed(text="复盘", due_on=None),))
        error = refusal(save_interview, made.pk, without, version=None, by=cast.month.supervisor)
    assert error.code == "date_missing"


def test_sharing_tells_the_appraisee_once_and_locks_the_notes(cast):
    made = shared(cast)

    assert Message.objects.get(kind="interview_shared").recipient == cast.agent
    assert refusal(save_interview, made.pk, talk(), version=None, by=cast.month.supervisor).code == "not_allowed"
    assert refusal(share_interview, made.pk, by=cast.month.supervisor).code == "not_allowed"


def test_the_owner_takes_it_back_until_it_is_confirmed(cast):
    made = shared(cast)
    with on(11):
        assert refusal(recall_interview, made.pk, by=cast.agent).code == "not_allowed"
        assert recall_interview(made.pk, by=cast.month.supervisor).state == InterviewState.DRAFT
        share_interview(made.pk, by=cast.month.supervisor)
        acknowledge_interview(made.pk, YES, version=None, by=cast.agent)
        assert refusal(recall_interview, made.pk, by=cast.month.supervisor).code == "not_allowed"


def test_only_the_appraisee_confirms_once_and_what_he_saw(cast):
    made = shared(cast)
    for somebody in (cast.month.supervisor, cast.month.second_agent, cast.month.hr):
        assert refusal(acknowledge_interview, made.pk, YES, version=None, by=somebody).code == "not_allowed"
    with pytest.raises(ConflictError):
        acknowledge_interview(made.pk, YES, version=made.version - 1, by=cast.agent)
    done = acknowledge_interview(made.pk, YES, version=made.version, by=cast.agent)

    assert done.state == InterviewState.ACKNOWLEDGED
    assert refusal(acknowledge_interview, made.pk, YES, version=None, by=cast.agent).code == "not_allowed"
    assert Message.objects.get(kind="interview_acknowledged").recipient == cast.month.supervisor


def test_who_disagrees_says_why(cast):
    made = shared(cast)
    no = Confirmation(is_agreed=False)
    assert refusal(acknowledge_interview, made.pk, no, version=None, by=cast.agent).code == "opinion_missing"
    unsure = Confirmation()
    assert refusal(acknowledge_interview, made.pk, unsure, version=None, by=cast.agent).code == "choice_missing"

    said = Confirmation(is_agreed=False, opinion="差错里有两件不是我的")
    done = acknowledge_interview(made.pk, said, version=None, by=cast.agent)

    assert done.is_agreed is False
    after = Event.objects.get(action="interview.acknowledged").after
    assert after is not None
    assert after["opinion"] == "差错里有两件不是我的"


def test_a_confirmed_record_only_grows(cast):
    made = acknowledged(cast)

    add_to_interview(made.pk, text="已经跟听过一次", by=cast.month.supervisor)
    add_to_interview(made.pk, text="谢谢", by=cast.agent)

    assert [one.text for one in made.remarks.all()] == ["已经跟听过一次", "谢谢"]
    letters = Message.objects.filter(kind="interview_remarked").order_by("pk")
    assert [(one.recipient.name, one.detail["who"]) for one in letters] == [("吴倩", "周敏"), ("周敏", "吴倩")]
    assert refusal(add_to_interview, made.pk, text="看过", by=cast.month.hr).code == "not_allowed"
    assert refusal(add_to_interview, made.pk, text=" ", by=cast.agent).code == "text_missing"


def test_an_agreed_action_is_done_by_whoever_does_it(cast):
    made = acknowledged(cast)
    own, owners = made.agreements.get(by_owner=False), made.agreements.get(by_owner=True)

    assert refusal(finish_agreement, made.pk, owners.pk, by=cast.agent).code == "not_allowed"
    finish_agreement(made.pk, own.pk, by=cast.agent)
    finish_agreement(made.pk, owners.pk, by=cast.month.supervisor)
    assert refusal(finish_agreement, made.pk, own.pk, by=cast.agent).code == "not_allowed"
    assert not made.agreements.filter(done_on=None).exists()


SEES = {
    InterviewState.DRAFT: {"周敏"},
    InterviewState.SHARED: {"周敏", "吴倩", "赵琳", "钱进", "孙悦"},
    InterviewState.ACKNOWLEDGED: {"周敏", "吴倩", "赵琳", "钱进", "孙悦"},
}


@pytest.mark.parametrize("state", SEES)
def test_who_sees_it_in_which_state_alike_for_row_and_list(cast, state):
    made = {"draft": prepared, "shared": shared, "acknowledged": acknowledged}[state](cast)
    everybody = [
        cast.agent,
        cast.month.supervisor,
        cast.month.second_agent,
        cast.month.manager,
        cast.month.leader,
        cast.month.officer,
        cast.month.hr,
        cast.second_hr,
        cast.auditor,
        cast.administrator,
        cast.stranger,
    ]
    rows, lists = set(), set()
    for somebody in everybody:
        standing = standing_of(somebody, date(2026, 11, 12))
        rows |= {somebody.name} if can_view_interview(somebody, made, standing) else set()
        lists |= {somebody.name} if visible_interviews(somebody, standing).exists() else set()
    assert rows == lists == SEES[state]


def test_the_list_asks_for_what_is_not_shared_with_its_term(cast):
    with on(10):
        lists = lists_for(
            cast.month.supervisor, standing_of(cast.month.supervisor, date(2026, 11, 10)), date(2026, 11, 10)
        )
        assert [(one.result.employee.name, one.left) for one in lists.to_hold] == [("吴倩", 5), ("黄佩珊", 5)]
    shared(cast)
    with on(12):
        lists = lists_for(
            cast.month.supervisor, standing_of(cast.month.supervisor, date(2026, 11, 12)), date(2026, 11, 12)
        )
    assert [one.result.employee.name for one in lists.to_hold] == ["黄佩珊"]
    assert [one.interview.employee.name for one in lists.held] == ["吴倩"]


def test_a_record_shared_after_the_term_is_late_for_nobody(cast):
    made = shared(cast)
    agent, owner = as_(cast.agent), as_(cast.month.supervisor)
    with on(17):
        assert "逾期" in agent.get("/interviews/").text
        assert "逾期" in agent.get(f"/interviews/{made.pk}/").text
        Interview.objects.filter(pk=made.pk).update(shared_at=timezone.now())
        for page in (agent.get("/interviews/"), agent.get(f"/interviews/{made.pk}/")):
            assert "面谈期限后才发来，确认没有期限" in page.text
            assert "逾期" not in page.text
        assert "面谈期限后才发出" in owner.get("/interviews/").text


def test_the_pages_keep_their_statements(cast):
    made = acknowledged(cast)
    with on(12):
        browser, hr = as_(cast.month.supervisor), as_(cast.month.hr)
        assert statements(lambda: browser.get(f"/interviews/{made.pk}/")) <= 15
        assert statements(lambda: browser.get("/interviews/")) <= 15
        assert statements(lambda: hr.get("/interviews/")) <= 15


def test_the_page_has_no_pay_and_the_print_has_both_names(cast):
    made = acknowledged(cast)
    with on(12):
        page = as_(cast.month.supervisor).get(f"/interviews/{made.pk}/").content.decode()
        paper = as_(cast.agent).get(f"/interviews/{made.pk}/print/").content.decode()
    assert "绩效工资" not in page + paper
    assert "周敏" in paper
    assert "吴倩" in paper


def test_the_supervisor_writes_shares_and_the_agent_confirms_in_the_browser(cast):
    owner, agent = as_(cast.month.supervisor), as_(cast.agent)
    with on(11):
        assert agent.post(f"/interviews/of/{cast.form.pk}/prepare/").status_code == 404
        answer = owner.post(f"/interviews/of/{cast.form.pk}/prepare/")
        made = Interview.objects.get()
        page = answer["Location"]
        assert page == f"/interviews/{made.pk}/"
        assert agent.get(page).status_code == 404
        typed = {"held_on": "2026-11-11", "shortcomings": "差错偏多", "version": made.version}
        typed |= {"agreed-0": "复盘", "until-0": "2026-12-01", "who-0": "owner", "agreed-1": "", "until-1": ""}
        part = owner.post(f"{page}save/", typed, headers={"HX-Request": "true"})
        assert 'hx-swap-oob="true"' in part.content.decode()
        stale = owner.post(f"{page}save/", typed, headers={"HX-Request": "true"})
        assert stale.status_code == 409
        made.refresh_from_db()
        assert owner.post(f"{page}share/", typed | {"version": made.version, "held_on": ""}).status_code == 422
        made.refresh_from_db()
        assert owner.post(f"{page}share/", typed | {"version": made.version}).status_code == 302
        assert "差错偏多" in agent.get(page).content.decode()
        made.refresh_from_db()
        said = {"is_agreed": "no", "opinion": "", "own_words": "我再看看", "version": made.version}
        refused = agent.post(f"{page}acknowledge/", said)
        assert refused.status_code == 422
        assert "我再看看" in refused.content.decode()
        assert agent.post(f"{page}acknowledge/", said | {"opinion": "有两件不是我的"}).status_code == 302
    made.refresh_from_db()
    assert made.is_agreed is False


def test_next_targets_start_from_the_interview(cast):
    made = acknowledged(cast)
    with on(12):
        owner = as_(cast.month.supervisor)
        assert owner.post(f"/interviews/{made.pk}/targets/")["Location"] == f"/interviews/{made.pk}/"  # no round yet
        form = world.form(cast.month.agent, cast.month.supervisor, month=date(2026, 11, 1))
        assert as_(cast.agent).post(f"/interviews/{made.pk}/targets/")["Location"] == f"/interviews/{made.pk}/"
        assert not form.items.exists()
        assert owner.post(f"/interviews/{made.pk}/targets/")["Location"] == reverse(
            "appraisals:targets", args=[form.pk]
        )
        assert {item.name for item in form.items.all()} == {"接通率", "差错", "月度重点", "责任心"}
        note = owner.get(f"/interviews/of/{form.pk}/targets/").content.decode()
        assert "差错降到1件以内" in note
        assert as_(cast.month.second_agent).get(f"/interviews/of/{form.pk}/targets/").status_code == 404


def test_an_interview_has_as_long_as_its_result_and_never_less(cast: Cast):
    draft = prepared(cast)
    assert draft.due_on == date(2026, 11, 16)
    off = CalendarDay.objects.create(date=date(2026, 11, 13), is_workday=False, name="放假")
    with on(16):
        extend_all_terms(by=SYSTEM)
        extend_all_terms(by=SYSTEM)
    draft.refresh_from_db()
    assert draft.due_on == cast.result.interview_until == date(2026, 11, 17)
    assert [event.action for event in events_about(draft)].count("interview.term_extended") == 1
    off.is_workday = True
    off.save()
    with on(17):
        extend_all_terms(by=SYSTEM)
        save_interview(draft.pk, talk(), version=None, by=cast.month.supervisor)
        done = share_interview(draft.pk, by=cast.month.supervisor)
    assert done.due_on == date(2026, 11, 17)
    assert not came_late(done)


def test_a_confirmed_interview_keeps_the_term_it_had(cast: Cast):
    done = acknowledged(cast)
    CalendarDay.objects.create(date=date(2026, 11, 13), is_workday=False, name="放假")
    with on(16):
        extend_all_terms(by=SYSTEM)
    done.refresh_from_db()
    assert done.due_on == date(2026, 11, 16)


def test_past_interviews_are_found_by_their_month(cast: Cast):
    acknowledged(cast)
    for somebody in (cast.agent, cast.month.supervisor, cast.month.hr):
        client = as_(somebody)
        with on(12):
            pages = [client.get("/interviews/", {"month": month}).content.decode() for month in MONTHS]
        link = f"/interviews/{Interview.objects.get().pk}/"
        assert [link in page for page in pages] == [True, False, True]
