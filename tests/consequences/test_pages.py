"""The desk, one proposal, the letter and the counters: who sees what, and how much it costs to show (P7.1)."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse

from consequences.models import Decision
from consequences.selectors.counters import counts_of, nearly_there
from people.models import Employee
from scoring.models import Proposal
from scoring.states import ProposalState
from tests import world
from tests.answers import let_go
from tests.consequences.desk import as_, decide, dismissal, on, paper, proposal, sign_all
from tests.consequences.test_deciding import of_year
from tests.counting import statements
from tests.scoring.test_proposals import settle

pytestmark = pytest.mark.django_db
DESK = "/proposals/"


def page_of(row: Proposal) -> str:
    return reverse("consequences:proposal", args=[row.pk])


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *[(who, 200) for who in ("hr", "manager", "general", "leader", "auditor")],
        *[(who, 403) for who in ("agent", "supervisor", "colleague", "administrator")],
    ],
)
def test_the_desk_opens_for_those_who_decide_approve_or_audit(client, desk, who, status):
    assert as_(client, getattr(desk, who)).get(DESK).status_code == status


def test_a_proposal_is_not_there_for_the_employee_before_something_is_decided_and_never_for_others(client, desk):
    row = proposal(desk.agent)
    assert as_(client, desk.agent).get(page_of(row)).status_code == 404

    decide(row, "cap_down", by=desk.hr)

    assert as_(client, desk.agent).get(page_of(row)).status_code == 200
    for who in (desk.supervisor, desk.colleague, desk.administrator):
        assert as_(client, who).get(page_of(row)).status_code == 404


def test_what_was_set_aside_is_not_shown_to_the_employee(client, desk):
    row = proposal(desk.agent)
    decide(row, "set_aside", by=desk.hr, reason="休假")

    assert as_(client, desk.agent).get(page_of(row)).status_code == 404


def test_amounts_are_for_hr_and_the_general_manager_and_nobody_finds_his_own_proposal_on_the_desk(client, desk):
    proposal(desk.agent)
    proposal(desk.hr, "R1")

    for who, sees in (("hr", True), ("general", True), ("manager", False), ("auditor", False)):
        page = as_(client, getattr(desk, who)).get(DESK).content.decode()
        assert ("1,200 → 1,000" in page) == sees, who
    for who, found in (("hr", False), ("second_hr", True)):
        rows = as_(client, getattr(desk, who)).get(DESK).context["rows"]
        assert (desk.hr in {row.proposal.employee for row in rows}) == found


def test_the_gravest_stands_first(client, desk):
    for rule in ("R3", "R1", "R4", "R2"):
        proposal(world.person(f"员工{rule}", superior=desk.supervisor), rule)

    rows = as_(client, desk.hr).get(DESK).context["rows"]

    assert [row.proposal.rule for row in rows] == ["R2", "R4", "R1", "R3"]


def test_a_case_in_preparation_and_a_lost_ground_wait_and_the_rest_is_settled(client, desk):
    case = dismissal(desk, proposal(desk.agent, "R2"))
    decide(proposal(desk.colleague, "R1"), "warning", by=desk.hr)
    world.graded(desk.supervisor)
    lost = decide(proposal(desk.supervisor, "R1"), "warning", by=desk.hr)
    Proposal.objects.filter(pk=lost.proposal_id).update(ground_lost_at="2026-11-17T10:00+08:00")

    waiting = as_(client, desk.hr).get(DESK).context["rows"]
    settled = client.get(f"{DESK}?tab=settled").context["rows"]

    assert {row.proposal.pk for row in waiting} == {case.proposal_id, lost.proposal_id}
    assert [row.proposal.employee for row in settled] == [desk.colleague]


def test_a_refused_decision_keeps_what_was_typed(client, desk):
    row = proposal(desk.agent, "R3")
    with on():
        answer = as_(client, desk.hr).post(
            f"{page_of(row)}decide/", {"choice": "bonus", "amount": "-3", "reason": "表现好"}
        )

    assert answer.status_code == 422
    assert "表现好" in answer.content.decode()
    assert "金额要大于0" in answer.content.decode()
    assert not Decision.objects.exists()


def test_hr_decides_on_the_page_and_the_letter_prints_for_hr_and_the_employee_alone(client, desk):
    row = proposal(desk.agent)
    with on():
        as_(client, desk.hr).post(f"{page_of(row)}decide/", {"choice": "cap_down", "reason": "三次低于60%"})
    decision = Decision.objects.get()
    letter = reverse("consequences:letter", args=[row.pk, decision.pk])

    for who, status in (("hr", 200), ("agent", 200), ("general", 200), ("manager", 404), ("supervisor", 404)):
        answer = as_(client, getattr(desk, who)).get(letter)
        assert answer.status_code == status, who
    text = as_(client, desk.agent).get(letter).content.decode()
    assert "绩效上限额调整通知书" in text
    assert "1,200.00 元调整为 1,000.00 元" in text
    with on(17):
        as_(client, desk.agent).post(f"{page_of(row)}{decision.pk}/read/")
    decision.refresh_from_db()
    assert decision.read_at is not None


@pytest.mark.parametrize(
    ("rule", "choice", "title"),
    [("R1", "warning", "警告通知书"), ("R3", "bonus", "优异奖金通知书"), ("R3", "cap_up", "绩效上限额调整通知书")],
)
def test_each_choice_has_its_letter_and_a_letter_taken_back_says_so(client, desk, rule, choice, title):
    row = proposal(desk.agent, rule)
    amount = Decimal(500) if choice == "bonus" else None
    decision = decide(row, choice, by=desk.hr, amount=amount)
    letter = reverse("consequences:letter", args=[row.pk, decision.pk])
    assert title in as_(client, desk.hr).get(letter).content.decode()

    with on(18):
        as_(client, desk.hr).post(f"{page_of(row)}{decision.pk}/undo/", {"reason": "依据更正"})

    assert "本通知书已于" in as_(client, desk.hr).get(letter).content.decode()


def test_a_dismissal_goes_through_its_page_point_by_point(client, desk):
    row = proposal(desk.agent, "R2")
    with on():
        as_(client, desk.hr).post(f"{page_of(row)}decide/", {"choice": "dismiss", "leaves_on": "2026-12-31"})
    decision = Decision.objects.get()
    item = decision.checks.get(code="union")
    with on(17):
        as_(client, desk.hr)
        refused = client.post(f"{page_of(row)}checks/{item.pk}/save/", {"note": "同意", "sign": "1"})
        assert refused.status_code == 422
        assert "同意" in refused.content.decode()
        as_(client, desk.manager).post(f"{page_of(row)}{decision.pk}/approve/", {"version": decision.version})
        assert Employee.objects.get(pk=desk.agent.pk).left_on is None
        as_(client, desk.agent).post(f"{page_of(row)}{decision.pk}/state/", {"text": "调岗后有改善"})
    sign_all(decision, by=desk.hr, but="statement")
    with on(18):
        decision.refresh_from_db()
        as_(client, desk.manager).post(f"{page_of(row)}{decision.pk}/approve/", {"version": decision.version})

    assert Employee.objects.get(pk=desk.agent.pk).left_on == date(2026, 12, 31)
    file = decision.checks.get(code="legal").files.get()
    address = reverse("consequences:check_file", args=[row.pk, file.pk])
    answer = as_(client, desk.hr).get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    let_go(answer)
    assert as_(client, desk.agent).get(address).status_code == 404


def test_what_belongs_to_another_proposal_is_not_found_under_this_one(client, desk):
    mine, other = proposal(desk.agent, "R2"), proposal(desk.colleague, "R1")
    decision = dismissal(desk, mine)
    item = decision.checks.earliest("pk")

    as_(client, desk.hr)
    assert client.post(f"{page_of(other)}{decision.pk}/drop/", {"reason": "x"}).status_code == 404
    assert client.post(f"{page_of(other)}checks/{item.pk}/save/", {"note": "x"}).status_code == 404
    assert client.post(f"{page_of(mine)}{decision.pk}/burn/").status_code == 404


def test_the_counters_say_two_of_three_with_the_months(month):
    for number, share in ((3, "0.55"), (6, "0.58"), (7, "0.8")):
        settle(world.ready_form(month.agent, month.supervisor, month=date(2026, number, 1), share=share))

    counts = counts_of([month.agent.pk], world.cycle(date(2026, 7, 1)))[month.agent.pk]

    near = next(one for one in counts if one.is_near)
    assert (near.have, near.need, [box.month for box in near.boxes]) == (2, 3, ["2026-03", "2026-06", ""])
    found = nearly_there(Employee.objects.all(), world.cycle(date(2026, 7, 1)))
    assert [(one.person, one.count.have) for one in found] == [(month.agent, 2)]


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("hr", {"吴倩", "黄佩珊", "周敏"}),
        ("supervisor", {"吴倩", "黄佩珊"}),
        ("agent", set()),
        ("administrator", set()),
    ],
)
def test_the_counters_are_everybodys_for_the_desk_and_an_owners_people_for_him(client, desk, who, names):
    page = as_(client, getattr(desk, who)).get("/proposals/counters/")

    assert {one.name for one in page.context["page"]} == names


def test_no_page_takes_more_statements_for_more_rows(client, desk):
    case = dismissal(desk, proposal(desk.agent, "R2"))
    as_(client, desk.hr)
    pages = (DESK, f"{DESK}?tab=settled", f"{DESK}?tab=near", "/proposals/counters/", page_of(case.proposal))

    def grow(count: int) -> None:
        people = [world.graded(world.person(f"员工{n}", superior=desk.supervisor)) for n in range(count)]
        for one in people:
            proposal(one)
            row = proposal(one, "R1")
            Proposal.objects.filter(pk=row.pk).update(state=ProposalState.WITHDRAWN)
            decide(proposal(one, "R1", month=date(2026, 9, 1)), "warning", by=desk.hr)

    grow(10)
    few = {page: statements(partial(client.get, page)) for page in pages}
    grow(30)

    for page in pages:
        assert statements(partial(client.get, page)) == few[page], page
    assert max(few.values()) <= 15, few


def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_signed(client, desk):
    row = proposal(desk.agent, "R2")
    item = dismissal(desk, row).checks.get(code="legal")
    wrong = paper().file
    wrong.name = "意见.png"
    with on(17):
        answer = as_(client, desk.hr).post(
            f"{page_of(row)}checks/{item.pk}/save/", {"note": "可以", "signed_for": "法务", "sign": "1", "files": wrong}
        )

    assert answer.status_code == 422
    item.refresh_from_db()
    assert item.signed_at is None


def test_the_manager_writes_the_career_report_on_the_page_and_hr_decides_with_it(client, desk):
    row = of_year(desk.agent, "career_plan")
    page, report = page_of(row), reverse("consequences:career_report", args=[row.pk])
    assert "等客服管理部经理写职业发展报告" in as_(client, desk.hr).get(page).content.decode()

    manager = as_(client, desk.manager)
    assert "报人力资源部编制培训计划" in manager.get(page).content.decode()
    refused = manager.post(report, {"text": "好" * 1001})
    assert refused.status_code == 422
    assert "好" * 1001 in refused.content.decode()
    assert manager.post(report, {"text": "可以带新人"}).status_code == 302
    assert "可以带新人" in manager.get(page).content.decode()
    assert as_(client, desk.general).post(report, {"text": "不是我写"}).status_code == 422

    words = as_(client, desk.hr).get(page).content.decode()
    assert "可以带新人" in words
    assert "等客服管理部经理写职业发展报告" not in words
