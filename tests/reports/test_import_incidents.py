"""The sheets 不良事故 and 加分: shared records, what was decided here, and what a workbook may not take back."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from audit.models import Event
from incidents.models import Bonus, Incident, Involvement
from incidents.states import EventState
from people.facts import SYSTEM
from people.models import Employee
from reports.services.imports import WorkbookRefusedError, load_workbook
from tests.reports.sheets import AGENTS, BOSS, HEAD, Sheets, parsed, row, team

pytestmark = pytest.mark.django_db
ONE, TWO, THREE, FOUR = AGENTS
RECORD = ("BL001", "2026-09-08")


def load(sheets: Sheets):
    return load_workbook(parsed(sheets), by=SYSTEM)


def refused(sheets: Sheets) -> list[tuple[str, str]]:
    """The cells that keep the workbook out, with the reason."""
    with pytest.raises(WorkbookRefusedError) as refusal:
        load(sheets)
    return [(fault.cell, fault.reason) for fault in refusal.value.faults]


def shared() -> Sheets:
    """One record of two persons, each with points of his own; the second is not verified yet."""
    sheets = team()
    sheets["不良事故"].append(row("不良事故", *RECORD, THREE, "未回访", TWO, None, 1.5))
    return sheets


def share_of(number: str) -> Involvement:
    return Involvement.objects.get(employee__number=number)


def decide(number: str, state: EventState, **fields: object) -> None:
    """As somebody here decided it meanwhile."""
    fields |= {"verified_by": Employee.objects.get(number=BOSS)} if state == EventState.CONFIRMED else {}
    Involvement.objects.filter(employee__number=number).update(state=state, **fields)


def test_several_persons_share_a_record_each_with_points_of_his_own():
    load(shared())

    incident = Incident.objects.get()
    assert (incident.number, incident.found_by.number, incident.filed_by) == ("BL001", TWO, None)
    told = incident.involvements.order_by("pk").values_list("employee__number", "points", "state", "statement_due_on")
    assert list(told) == [
        (ONE, Decimal(2), EventState.CONFIRMED, None),
        (THREE, Decimal("1.5"), EventState.FILED, None),
    ]
    assert load(shared()).is_idle


def test_a_person_stands_once_in_a_record():
    sheets = team()
    sheets["不良事故"].append(row("不良事故", *RECORD, ONE, "未回访", TWO, HEAD, 3))

    assert refused(sheets) == [("C3", "和第 2 行重复")]


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [("发生日期", "2026-09-09", "B3"), ("内容描述", "迟到", "D3"), ("发现人工号", FOUR, "E3")],
)
def test_the_rows_of_a_record_agree_on_what_happened(column, value, cell):
    sheets = shared()
    sheets["不良事故"][1][column] = value

    faults = refused(sheets)

    assert [place for place, _reason in faults] == [cell]
    assert "和第 2 行同一个记录单号" in faults[0][1]


def test_nobody_concerned_verifies_any_part_of_a_record():
    sheets = shared()
    sheets["不良事故"][0]["复核人工号"] = THREE
    assert refused(sheets) == [("F2", "复核人也是这条记录的当事人")]

    load(shared())
    del sheets["不良事故"][1]  # that the other's row is gone makes him no less concerned
    assert refused(sheets) == [("F2", "复核人也是这条记录的当事人")]


def test_who_has_verified_a_share_becomes_neither_finder_nor_concerned():
    load(team())
    sheets = {"不良事故": [row("不良事故", *RECORD, HEAD, "未回访", TWO, None, 1)]}
    assert refused(sheets) == [("C2", "是这条记录的复核人")]

    sheets = {"不良事故": [row("不良事故", *RECORD, THREE, "未回访", HEAD, None, 1)]}
    assert ("E2", "是这条记录的复核人") in refused(sheets)


def test_a_person_the_workbook_leaves_out_stays_and_is_named():
    load(shared())
    sheets = shared()
    sheets["不良事故"][1]["工号"] = FOUR

    done = load(sheets)

    assert set(Involvement.objects.values_list("employee__number", flat=True)) == {ONE, THREE, FOUR}
    assert done.warnings == ["记录单号 BL001 里的 E1003（员工3）工作簿没有写，系统里照旧；不该有的到系统里撤回。"]


def test_a_record_told_anew_changes_for_all_and_the_audit_keeps_what_stood():
    load(shared())
    sheets = shared()
    for one in sheets["不良事故"]:
        one["内容描述"] = "未按时回访"
    sheets["不良事故"][1]["复核人工号"] = HEAD

    load(sheets)

    assert Incident.objects.get().description == "未按时回访"
    assert [share_of(number).state for number in (ONE, THREE)] == [EventState.CONFIRMED] * 2
    told = Event.objects.get(action="incident.imported", object_id=str(share_of(THREE).pk))
    assert told.before
    assert told.after
    assert (told.before["text"], told.before["people"]) == ("未回访", f"{TWO} -")
    assert (told.after["text"], told.after["people"]) == ("未按时回访", f"{TWO} {HEAD}")
    assert load(sheets).is_idle


def test_a_record_is_not_told_anew_over_somebody_left_out_who_was_decided():
    load(shared())
    sheets = {"不良事故": [row("不良事故", *RECORD, THREE, "另一回事", TWO, None, 1.5)]}

    assert refused(sheets) == [("A2", "这条记录还有 E1001，系统里已经确认")]


def test_what_was_confirmed_here_is_not_taken_back():
    load(shared())
    decide(THREE, EventState.CONFIRMED, points=Decimal(1), decision_reason="情节较轻")
    assert load(shared()).is_idle

    sheets = shared()
    for one in sheets["不良事故"]:
        one["内容描述"] = "未按时回访"
    load(sheets)
    share = share_of(THREE)
    assert share.verified_by
    assert (share.state, share.points, share.verified_by.number) == (EventState.CONFIRMED, Decimal(1), BOSS)

    sheets["不良事故"][1]["扣分"] = 3
    assert refused(sheets) == [("G3", "系统里已确认扣 1 分")]


def test_another_day_of_what_was_confirmed_here_needs_its_verifier():
    sheets = team()
    sheets["不良事故"][0]["复核人工号"] = None
    load(sheets)
    decide(ONE, EventState.CONFIRMED)
    sheets["不良事故"][0]["发生日期"] = "2026-09-09"
    assert refused(sheets) == [("B2", "系统里已确认，日期不一样")]

    sheets["不良事故"][0]["复核人工号"] = HEAD
    load(sheets)
    assert share_of(ONE).occurred_on == date(2026, 9, 9)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (EventState.REJECTED, "系统里已判为不成立"),
        (EventState.WITHDRAWN, "系统里已撤回"),
        (EventState.OVERTURNED, "系统里已撤销"),
    ],
)
def test_what_ended_here_is_not_raised_again_by_a_workbook(state, words):
    sheets = team()
    load(sheets)
    decide(ONE, state)
    Bonus.objects.update(state=state)

    assert refused(sheets) == [("A2", words), ("A2", words)]
    for sheet in ("不良事故", "加分"):
        sheets[sheet][0]["复核人工号"] = None
    assert load(sheets).is_idle  # filed here as there, and its end is nothing a workbook has to know of


def test_what_has_counted_is_not_changed():
    load(team())
    Involvement.objects.update(counted_month=date(2026, 9, 1))
    sheets = shared()
    sheets["不良事故"][0]["扣分"] = 3

    assert refused(sheets) == [("A2", "已经计入 2026-09 的考核，和系统里的不一样")]
    load(shared())  # another person may still join the record


def test_a_record_filed_here_is_handled_here():
    load(team())
    Incident.objects.update(filed_by=Employee.objects.get(number=TWO))
    Bonus.objects.update(raised_by=Employee.objects.get(number=TWO))
    assert load(team()).is_idle

    sheets = shared()
    sheets["加分"][0]["加分"] = 2
    words = "是在系统里登记的，和系统里的不一样"
    assert refused(sheets) == [("A3", words), ("A2", words)]


def test_a_bonus_is_an_event_of_its_own_without_an_entry_of_the_standard():
    load(team())

    bonus = Bonus.objects.get()
    assert (bonus.event, bonus.kind, bonus.cap, bonus.state) == ("JF001", None, None, EventState.CONFIRMED)
    assert bonus.first_checked_at


def test_a_first_check_made_here_and_the_second_of_the_workbook_make_a_bonus_count():
    sheets = team()
    sheets["加分"][0].update(初核人工号=None, 复核人工号=None)
    load(sheets)
    Bonus.objects.update(first_checker=Employee.objects.get(number=THREE), first_checked_at=timezone.now())
    assert load(sheets).is_idle

    sheets["加分"][0]["复核人工号"] = HEAD
    load(sheets)

    bonus = Bonus.objects.get()
    assert bonus.first_checker
    assert (bonus.state, bonus.first_checker.number) == (EventState.CONFIRMED, THREE)
    assert load(sheets).is_idle


def test_a_bonus_confirmed_here_keeps_its_points_whatever_a_workbook_without_checks_says():
    load(team())
    sheets = team()
    sheets["加分"][0].update(初核人工号=None, 复核人工号=None, 加分依据="感谢信两封")
    load(sheets)
    assert (Bonus.objects.get().grounds, Bonus.objects.get().state) == ("感谢信两封", EventState.CONFIRMED)

    sheets["加分"][0]["加分"] = 5
    assert refused(sheets) == [("G2", "系统里已确认加 3 分")]


def test_of_one_event_one_claim_counts_by_a_workbook_too():
    sheets = team()
    sheets["加分"].append(row("加分", "JF002", "2026-09-09", TWO, "同一封感谢信", None, None, 2))
    load(sheets)
    Bonus.objects.filter(number="JF002").update(event="JF001")  # joined here
    sheets["加分"][1].update(初核人工号=THREE, 复核人工号=HEAD)
    assert refused(sheets) == [("A3", "同一事件已经按 JF001 计分")]

    Bonus.objects.filter(number="JF001").update(state=EventState.OVERTURNED)
    del sheets["加分"][0]
    load(sheets)
    assert Bonus.objects.get(number="JF002").state == EventState.CONFIRMED
