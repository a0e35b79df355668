"""An appeal from the appellant's side: drafted, handed in, supplemented, withdrawn, and the refusals (P6.3b)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from appeals.models import Appeal
from appeals.services.examining import ask_supplement
from appeals.services.filing import (
    AppealDraft,
    draft_appeal,
    remove_file,
    save_appeal,
    submit_appeal,
    supplement_appeal,
    withdraw_appeal,
)
from appeals.states import AppealState
from audit.log import events_about
from common.uploads import check_upload
from notices.models import Message
from scoring.models import Result
from scoring.services.publication import withdraw_publication
from tests import world
from tests.appeals.conftest import (
    contested,
    drafted,
    examined,
    file,
    on,
    publish,
    refusal,
    ruled,
    sign_both,
    submitted,
)


def told(person) -> list[str]:
    found = Message.objects.filter(recipient=person, kind__startswith="appeal_")
    return list(found.order_by("pk").values_list("kind", flat=True))


def note(name: str = "记录.txt"):
    return check_upload(SimpleUploadedFile(name, "11月3日 系统导出".encode()))


def test_the_appraisee_drafts_an_appeal_and_nobody_is_told(cast):
    appeal = drafted(cast)

    item = appeal.items.get()
    assert (appeal.number, appeal.state, appeal.wish) == ("SS-2026-0001", AppealState.DRAFT, "改成18分")
    assert (item.name, item.scored, item.full, item.wanted) == ("差错", Decimal(16), Decimal(20), Decimal(18))
    assert appeal.file_until == date(2026, 11, 16)
    assert not cast.form.is_contested
    assert not Message.objects.filter(kind__startswith="appeal_").exists()


@pytest.mark.parametrize("who", ["supervisor", "leader", "officer", "hr", "second_agent"])
def test_nobody_else_appeals_against_it(cast, who):
    with on(10):
        error = refusal(draft_appeal, cast.result.pk, AppealDraft(), by=getattr(cast.month, who))

    assert error.code == "not_allowed"
    assert not Appeal.objects.exists()


def test_nobody_else_writes_or_hands_in_the_draft(cast):
    appeal = drafted(cast)
    with on(10):
        assert (
            refusal(save_appeal, appeal.pk, AppealDraft(), version=None, by=cast.month.supervisor).code == "not_allowed"
        )
        assert refusal(submit_appeal, appeal.pk, by=cast.month.supervisor).code == "not_allowed"
        assert refusal(withdraw_appeal, appeal.pk, by=cast.month.supervisor).code == "not_allowed"


def test_one_second_after_the_term_it_is_refused_with_the_date_and_the_way_out(cast):
    first = drafted(cast)
    with on(16, 23, 59, 59):
        submit_appeal(first.pk, by=cast.agent)
        withdraw_appeal(first.pk, by=cast.agent)
        second = draft_appeal(cast.result.pk, AppealDraft(items=[contested(cast.result)]), by=cast.agent)
    with on(17, 0, 0, 0):
        late = refusal(submit_appeal, second.pk, by=cast.agent)
        never = refusal(draft_appeal, cast.result.pk, AppealDraft(), by=cast.agent)

    assert (late.code, str(late)) == ("term_over", "申诉期到11月16日 24:00 为止。可以和周敏约面谈。")
    assert never.code == "term_over"
    second.refresh_from_db()
    assert second.state == AppealState.DRAFT


@pytest.mark.parametrize(
    ("received", "until"),
    [
        ((2, 12), date(2026, 2, 26)),
        ((2, 14), date(2026, 2, 28)),
        ((9, 24), date(2026, 10, 9)),
        ((11, 9), date(2026, 11, 16)),
    ],
)
def test_the_term_is_five_working_days_from_the_receipt(cast, received, until):
    other = world.person("丁一", superior=cast.month.supervisor)
    world.graded(other)
    form = world.ready_form(other, cast.month.supervisor, month=date(2026, 1, 1))
    month, day = received
    with on(day, month=month):
        publish(replace(cast.month, cycle=form.cycle), form)
        appeal = draft_appeal(Result.objects.get(form=form).pk, AppealDraft(), by=other)

    assert appeal.file_until == until


def test_an_extended_term_holds_for_a_draft_that_lies_ready(cast):
    appeal = drafted(cast)
    Result.objects.filter(pk=appeal.result_id).update(appeal_until=date(2026, 11, 18))

    with on(18, 23, 59):
        done = submit_appeal(appeal.pk, by=cast.agent)

    assert (done.state, done.file_until) == (AppealState.SUBMITTED, date(2026, 11, 18))


def test_handing_in_holds_the_filing_and_tells_the_leader_and_the_owner(cast):
    with on(9):
        sign_both(cast.form, cast.month)

    appeal = submitted(cast)

    assert cast.form.is_contested
    assert appeal.decide_until == date(2026, 11, 17)
    assert told(cast.month.leader) == ["appeal_submitted"]
    assert told(cast.month.supervisor) == ["appeal_submitted"]
    assert told(cast.month.manager) == []
    assert file(cast.form, cast.month) == ()
    assert [event.action for event in events_about(appeal)] == ["appeal.drafted", "appeal.submitted"]


def test_an_appeal_without_items_or_with_one_unexplained_is_refused(cast):
    empty = drafted(cast)
    with on(10):
        save_appeal(empty.pk, AppealDraft(), version=None, by=cast.agent)
        assert refusal(submit_appeal, empty.pk, by=cast.agent).code == "items_missing"
        save_appeal(empty.pk, AppealDraft(items=[contested(cast.result, reason=" ")]), version=None, by=cast.agent)
        error = refusal(submit_appeal, empty.pk, by=cast.agent)

    assert (error.code, error.problems) == ("reason_missing", ("差错",))
    assert not cast.form.is_contested


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key": "line:0"}, "unknown_item"),
        ({"grounds": "mood"}, "unknown_item"),
        ({"wanted": Decimal("18.005")}, "out_of_range"),
        ({"wanted": Decimal(-1)}, "out_of_range"),
        ({"wanted": Decimal("NaN")}, "out_of_range"),
        ({"reason": "长" * 501}, "too_long"),
    ],
)
def test_an_item_that_is_not_on_the_result_or_out_of_range_is_refused(cast, change, code):
    with on(10):
        item = replace(contested(cast.result), **change)
        assert refusal(draft_appeal, cast.result.pk, AppealDraft(items=[item]), by=cast.agent).code == code

    assert not Appeal.objects.exists()


def test_the_same_item_is_contested_once_and_a_result_by_one_appeal(cast):
    with on(10):
        twice = AppealDraft(items=[contested(cast.result), contested(cast.result)])
        assert refusal(draft_appeal, cast.result.pk, twice, by=cast.agent).code == "twice"
        drafted(cast)
        assert refusal(draft_appeal, cast.result.pk, AppealDraft(), by=cast.agent).code == "already_contested"


def test_the_second_tab_is_told_that_the_draft_has_changed(cast):
    appeal = drafted(cast)
    with on(10):
        save_appeal(appeal.pk, AppealDraft(wish="一"), version=appeal.version, by=cast.agent)
        error = refusal(save_appeal, appeal.pk, AppealDraft(wish="二"), version=appeal.version, by=cast.agent)

    assert error.code == "changed_meanwhile"
    assert Appeal.objects.get().wish == "一"


def test_evidence_is_kept_and_taken_off_a_draft_but_not_off_what_was_handed_in(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with on(10):
        appeal = draft_appeal(
            cast.result.pk, AppealDraft(items=[contested(cast.result)], files=[note(), note("b.txt")]), by=cast.agent
        )
        first, second = appeal.files.all()
        remove_file(appeal.pk, first.pk, by=cast.agent)
        assert refusal(remove_file, appeal.pk, second.pk, by=cast.month.supervisor).code == "not_allowed"
        assert refusal(remove_file, appeal.pk, first.pk, by=cast.agent).code == "not_allowed"
        submit_appeal(appeal.pk, by=cast.agent)
        assert refusal(remove_file, appeal.pk, second.pk, by=cast.agent).code == "not_allowed"

    assert [file.name for file in appeal.files.all()] == ["b.txt"]


def of_items(appeal: Appeal) -> list[tuple[str, str]]:
    """Each file with its item's name; nothing for the whole."""
    return [(file.name, file.item.name if file.item else "") for file in appeal.files.select_related("item")]


def test_a_file_speaks_for_its_item_as_long_as_that_is_contested(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    faults, calls = contested(cast.result), contested(cast.result, "接通率")
    with on(10):
        draft = AppealDraft(items=[replace(faults, files=[note("a.txt")]), calls], files=[note("b.txt")])
        appeal = draft_appeal(cast.result.pk, draft, by=cast.agent)
        assert of_items(appeal) == [("b.txt", ""), ("a.txt", "差错")]
        again = AppealDraft(items=[replace(faults, reason="写得更清楚"), replace(calls, files=[note("c.txt")])])
        save_appeal(appeal.pk, again, version=None, by=cast.agent)
        assert of_items(appeal) == [("b.txt", ""), ("a.txt", "差错"), ("c.txt", "接通率")]
        assert [item.reason for item in appeal.items.all()] == ["写得更清楚", "数据算错了"]

        save_appeal(appeal.pk, AppealDraft(items=[calls]), version=None, by=cast.agent)
        assert of_items(appeal) == [("b.txt", ""), ("a.txt", ""), ("c.txt", "接通率")]  # nothing is lost
        eight = AppealDraft(items=[replace(calls, files=[note(f"{n}.txt") for n in range(8)])])
        assert refusal(save_appeal, appeal.pk, eight, version=None, by=cast.agent).code == "too_many_files"


def test_what_is_supplemented_speaks_for_an_item_of_the_same_appeal(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    appeal = submitted(cast)
    item = appeal.items.get()
    with on(11):
        supplement_appeal(appeal.pk, text="附上了", files=[note("a.txt")], item_id=item.pk, by=cast.agent)
        told = {"text": "附上了", "files": [note("b.txt")], "item_id": item.pk + 1, "by": cast.agent}
        assert refusal(supplement_appeal, appeal.pk, **told).code == "unknown_item"
    assert of_items(appeal) == [("a.txt", "差错")]


def test_more_than_ten_files_are_refused_whole(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with on(10):
        files = [note(f"{n}.txt") for n in range(11)]
        assert refusal(draft_appeal, cast.result.pk, AppealDraft(files=files), by=cast.agent).code == "too_many_files"

    assert not Appeal.objects.exists()


def test_a_supplement_reaches_the_handler_and_ends_the_waiting(cast):
    appeal = examined(cast)
    with on(11):
        ask_supplement(appeal.pk, text="请附导出", by=cast.member)
        supplement_appeal(appeal.pk, text="附上了", by=cast.agent)
        supplement_appeal(appeal.pk, text="又想起一点", by=cast.agent)
        assert refusal(supplement_appeal, appeal.pk, text=" ", by=cast.agent).code == "text_missing"
        assert refusal(supplement_appeal, appeal.pk, text="我也说", by=cast.month.second_agent).code == "not_allowed"

    appeal.refresh_from_db()
    assert appeal.state == AppealState.EXAMINED
    assert told(cast.agent) == ["appeal_question"]
    assert told(cast.member) == ["appeal_assigned", "appeal_supplemented", "appeal_supplemented"]


def test_a_withdrawn_appeal_lets_the_result_be_filed_and_contested_again_within_the_term(cast):
    with on(9):
        sign_both(cast.form, cast.month)
    appeal = examined(cast)
    with on(12):
        withdraw_appeal(appeal.pk, reason="看明白了", by=cast.agent)
        assert refusal(withdraw_appeal, appeal.pk, by=cast.agent).code == "not_allowed"
        assert not cast.form.is_contested
        assert file(cast.form, cast.month) == (cast.form.pk,)

    assert told(cast.member) == ["appeal_assigned", "appeal_withdrawn"]
    assert submitted(cast, day=13).number == "SS-2026-0002"


def test_a_ruled_appeal_is_neither_supplemented_nor_withdrawn(cast):
    appeal = ruled(cast)
    with on(13):
        assert refusal(supplement_appeal, appeal.pk, text="还有", by=cast.agent).code == "not_allowed"
        assert refusal(withdraw_appeal, appeal.pk, by=cast.agent).code == "not_allowed"


def test_a_contested_result_is_not_taken_back_before_the_ruling(cast):
    appeal = submitted(cast)
    with on(10):
        error = refusal(withdraw_publication, cast.form.pk, reason="算错", by=cast.month.leader)
        assert error.code == "contested"
        withdraw_appeal(appeal.pk, by=cast.agent)
        withdraw_publication(cast.form.pk, reason="算错", by=cast.month.leader)


def test_a_draft_against_a_version_that_was_replaced_is_not_handed_in(cast):
    appeal = drafted(cast)
    with on(10):
        withdraw_publication(cast.form.pk, reason="算错", by=cast.month.leader)
        publish(cast.month, cast.form)
        assert refusal(submit_appeal, appeal.pk, by=cast.agent).code == "result_replaced"
        anew = draft_appeal(cast.result.pk, AppealDraft(items=[contested(cast.result)]), by=cast.agent)
        submit_appeal(anew.pk, by=cast.agent)

    assert cast.form.is_contested


def test_what_has_been_ruled_is_not_heard_again_in_the_first_instance(cast):
    ruled(cast)
    with on(13):
        again = draft_appeal(
            cast.result.pk, AppealDraft(items=[contested(cast.result), contested(cast.result, "接通率")]), by=cast.agent
        )
        error = refusal(submit_appeal, again.pk, by=cast.agent)
        assert (error.code, error.problems) == ("ruled_already", ("差错",))
        save_appeal(again.pk, AppealDraft(items=[contested(cast.result, "接通率")]), version=None, by=cast.agent)
        submit_appeal(again.pk, by=cast.agent)

    assert cast.form.is_contested


def test_a_refused_bonus_of_the_month_can_be_contested(cast):
    world.bonus(cast.agent, number="JF-2026-0009", points="1.5", state="rejected")
    with on(10):
        item = replace(contested(cast.result, wanted=None), key="bonus:JF-2026-0009")
        appeal = draft_appeal(cast.result.pk, AppealDraft(items=[item]), by=cast.agent)

    row = appeal.items.get()
    assert (row.name, row.scored, row.full) == ("客户表扬", Decimal(0), Decimal("1.5"))
