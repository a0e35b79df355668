"""The month's documents: made with one click, never replaced, read by whom they are for, checked when handed out."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from appraisals.models import Figure, Form, Score
from appraisals.states import ScoreKind
from audit.models import Event
from common.errors import RuleError
from development.models import Amendment, Meeting, RegionMinute
from development.services.meetings import add_to_minutes, answer_amendment
from development.states import MeetingState
from people.models import DutyTurn, Employee
from people.selectors import standing_of
from people.states import Role
from reports.permissions import can_view_document, visible_documents
from reports.selectors.points import open_points
from reports.services.packaging import make_package
from scoring.models import Document
from scoring.selectors.owed import Missing, missing_figures
from scoring.services.checking import run_checks
from scoring.services.consolidation import consolidate_forms
from scoring.services.publication import publish_results
from tests import world
from tests.counting import statements
from tests.scoring.board import signed_in
from tests.scoring.conftest import Month, make_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def month(db) -> Month:
    """October with the agent's result published, the second agent's consolidated."""
    made = make_month()
    forms = [made.form.pk, made.second_form.pk]
    consolidate_forms(made.cycle.pk, form_ids=forms, by=made.officer)
    publish_results(made.cycle.pk, form_ids=[made.form.pk], by=made.officer)
    return made


def cells(content: bytes) -> list[str]:
    book = load_workbook(BytesIO(content))
    return [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]


def content_of(document: Document) -> bytes:
    with document.file.open("rb") as file:
        content: bytes = file.read()
    return content


def made(month: Month, kind: str) -> list[str]:
    documents = make_package(month.cycle.pk, by=month.officer)
    return cells(content_of(next(one for one in documents if one.kind == kind)))


def hold_meeting(month: Month) -> Meeting:
    meeting = Meeting.objects.create(
        cycle=month.cycle,
        chair=month.leader,
        held_on=date(2026, 11, 20),
        summary="晚班接通率靠调班上来了",
        state=MeetingState.SENT,
        sent_at=timezone.now(),
        sent_by=month.officer,
    )
    RegionMinute.objects.create(meeting=meeting, region=month.form.region, practice="错峰排班")
    return meeting


def test_one_click_keeps_report_and_open_points_and_the_click_is_on_record(month):
    kept = make_package(month.cycle.pk, by=month.officer)

    assert [(one.kind, one.name) for one in kept] == [
        ("report", "月度报表_2026-10_v1.xlsx"),
        ("points", "未了事项_2026-10_v1.xlsx"),
    ]
    assert {one.made_by for one in kept} == {month.officer}
    event = Event.objects.get(action="documents.made")
    assert event.after is not None
    assert [one["sha256"] for one in event.after["documents"]] == [one.sha256 for one in kept]


def test_a_second_click_puts_new_versions_beside_the_old_ones(month):
    first = {one.pk: content_of(one) for one in make_package(month.cycle.pk, by=month.officer)}
    again = make_package(month.cycle.pk, by=month.officer)

    assert [one.name for one in again] == ["月度报表_2026-10_v2.xlsx", "未了事项_2026-10_v2.xlsx"]
    assert {one.pk: content_of(one) for one in Document.objects.filter(pk__in=first)} == first


def test_the_report_in_the_archive_has_published_results_alone_and_no_amount(month):
    found = made(month, "report")

    assert "吴倩" in found
    assert "黄佩珊" not in found  # consolidated, not published
    assert not {"月绩效工资", "绩效上限额", "岗位工资", "基本薪酬"} & set(found)


def test_the_minutes_come_along_once_they_were_sent_and_only_once(month):
    assert "交流会纪要还没发" in made(month, "points")
    hold_meeting(month)

    minutes = made(month, "minutes")
    assert {"晚班接通率靠调班上来了", "错峰排班"} <= set(minutes)
    assert [one.kind for one in make_package(month.cycle.pk, by=month.officer)] == ["report", "points"]
    assert "交流会纪要还没发" not in made(month, "points")


def test_the_minutes_name_who_was_there_what_was_proposed_and_what_was_added_since(month):
    meeting = hold_meeting(month)
    meeting.attendees.add(month.supervisor)
    meeting.recipients.add(month.manager, month.hr)
    asked = {"proposed_by": month.officer, "asked": month.manager}
    row = Amendment.objects.create(meeting=meeting, text="自评改为2天", reason="月初忙", **asked)
    first = made(month, "minutes")
    assert {"周敏", "何建国、赵琳", "自评改为2天", "月初忙", "待上级同意"} <= set(first)
    assert "minutes" not in [one.kind for one in make_package(month.cycle.pk, by=month.officer)]

    answer_amendment(row.pk, consents=True, answer="可以", by=month.manager)
    assert {"同意修订", "可以"} <= set(made(month, "minutes"))
    add_to_minutes(meeting.pk, text="参会人漏写一位", by=month.officer)
    assert "参会人漏写一位" in made(month, "minutes")
    kept = Document.objects.filter(kind="minutes").values_list("name", flat=True)
    assert sorted(kept) == [f"会议纪要_2026-10_v{n}.xlsx" for n in (1, 2, 3)]
    assert "minutes" not in [one.kind for one in make_package(month.cycle.pk, by=month.officer)]


def test_open_points_name_what_is_open_and_whom_it_waits_for(month):
    Form.objects.filter(pk=month.form.pk).update(is_contested=True)
    Figure.objects.filter(item__form=month.own_form, item__name="差错").delete()
    world.involvement(month.agent, month.officer)
    world.bonus(month.second_agent)

    points = {(one.sort, one.name, one.waits_for) for one in open_points(month.cycle)}

    assert points == {
        ("申诉中", "吴倩", "申诉处理人"),
        ("没核实的事故", "吴倩", "核实人"),
        ("没确认的加分", "黄佩珊", "确认人"),
        ("缺的数据", "周敏", "何建国"),
        ("没出结果", "黄佩珊", "周敏"),
        ("没出结果", "周敏", "何建国"),
        ("会议纪要", "", "考核值班主任"),
    }


def test_an_unsigned_result_is_an_open_point_with_its_term(month):
    point = next(one for one in open_points(month.cycle) if one.sort == "没签认")

    assert (point.name, point.waits_for) == ("吴倩", "吴倩、周敏")
    assert point.words.startswith("签认到")


@pytest.mark.parametrize("name", ["manager", "hr", "supervisor", "agent"])
def test_who_does_not_run_the_board_makes_no_documents(month, name):
    with pytest.raises(RuleError):
        make_package(month.cycle.pk, by=getattr(month, name))
    assert not Document.objects.exists()


def readers(month: Month) -> dict[str, Employee]:
    return {
        "officer": month.officer,
        "leader": month.leader,
        "manager": month.manager,
        "hr": month.hr,
        "auditor": world.with_role(world.person("孙悦", None), Role.AUDITOR),
        "member": world.in_group(world.person("韩冰", None)),
        "administrator": world.with_role(world.person("秦朗", None), Role.ADMINISTRATOR),
        "supervisor": month.supervisor,
        "agent": month.agent,
    }


def test_the_rule_for_a_document_and_the_rule_for_the_list_agree(month):
    hold_meeting(month)
    make_package(month.cycle.pk, by=month.officer)
    everything = {"report", "points", "minutes"}
    expected = dict.fromkeys(("officer", "leader", "manager", "hr", "auditor"), everything) | {"member": {"minutes"}}
    for name, person in readers(month).items():
        standing = standing_of(person, timezone.localdate())
        seen = {one.kind for one in visible_documents(standing)}
        assert seen == {one.kind for one in Document.objects.all() if can_view_document(standing, one)}
        assert seen == expected.get(name, set()), name


def test_a_download_is_authorised_recorded_and_is_what_was_kept(month, client):
    report = make_package(month.cycle.pk, by=month.officer)[0]
    for name, person in readers(month).items():
        answer = signed_in(Client(), person).post(f"/archive/{report.pk}/")
        allowed = name in ("officer", "leader", "manager", "hr", "auditor")
        assert answer.status_code == (200 if allowed else 404), name
        if allowed:
            assert answer.content == content_of(report)
            event = Event.objects.filter(action="document.downloaded").latest("pk")
            assert (event.actor_number, (event.after or {})["sha256"]) == (person.number, report.sha256)
    assert Event.objects.filter(action="document.downloaded").count() == 5


@pytest.mark.parametrize("harm", [lambda path: path.write_bytes(b"other"), lambda path: path.unlink()],
                         ids=["changed", "gone"])  # fmt: skip
def test_a_document_that_is_not_what_was_kept_is_refused_and_recorded(month, client, harm):
    report = make_package(month.cycle.pk, by=month.officer)[0]
    harm(Path(report.file.path))

    page = signed_in(client, month.officer).post(f"/archive/{report.pk}/", follow=True)

    assert "和归档时不一样或者不见了" in page.text
    assert Event.objects.get(action="document.damaged").object_id == str(report.pk)
    assert not Event.objects.filter(action="document.downloaded").exists()


def test_the_archive_lists_by_month_and_the_officer_gets_there_from_the_board(month, client):
    signed_in(client, month.officer)
    assert "还没有归档的文档" in client.get("/archive/").text
    assert "出月度文档" in client.get("/duty/2026-10/").text
    page = client.post("/duty/2026-10/package/", follow=True)

    assert page.redirect_chain == [("/archive/?year=2026#m2026-10", 302)]
    assert "已归档2份文档" in page.text
    assert "会议纪要还没有发出" in page.text
    assert "月度报表_2026-10_v1.xlsx" in page.text


@pytest.mark.parametrize(("name", "status"), [("hr", 200), ("manager", 200), ("supervisor", 403), ("agent", 403)])
def test_the_archive_is_for_group_department_hr_and_auditor(month, client, name, status):
    assert signed_in(client, getattr(month, name)).get("/archive/").status_code == status


def test_who_loses_the_duty_loses_the_months_documents(month):
    make_package(month.cycle.pk, by=month.officer)
    DutyTurn.objects.update(officer=month.leader)

    standing = standing_of(month.officer, timezone.localdate())
    assert not visible_documents(standing).exists()


def test_the_check_report_is_a_workbook_of_what_was_found_and_done(month, client):
    Score.objects.filter(item__form=month.own_form, kind=ScoreKind.REVIEW).update(points=Decimal(1))
    Figure.objects.filter(item__form=month.own_form).delete()
    run_checks(month.cycle.pk, by=month.officer)

    answer = signed_in(client, month.officer).get("/duty/2026-10/checks.xlsx")

    found = cells(answer.content)
    assert {"自评和复核差得远", "周敏", "何建国", "差错"} <= set(found)
    owed = {one.item for one in map(Missing._make, missing_figures(month.cycle))}
    assert len(owed) > 1
    assert owed <= set(found)  # every one of them, not an example
    assert signed_in(Client(), month.hr).get("/duty/2026-10/checks.xlsx").status_code == 403
    assert signed_in(Client(), month.agent).get("/duty/2026-10/checks.xlsx").status_code == 404


def test_documents_take_as_many_statements_for_many_as_for_few(month):
    few = statements(lambda: make_package(month.cycle.pk, by=month.officer))
    for number in range(20):
        world.ready_form(world.person(f"员工{number}", superior=month.supervisor), month.supervisor)

    assert statements(lambda: make_package(month.cycle.pk, by=month.officer)) == few
