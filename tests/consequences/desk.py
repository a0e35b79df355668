"""An agent on the middle of three rungs, with proposals of October 2026, and all who have a say in them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from time_machine import travel

from common.errors import RuleError
from common.uploads import check_upload
from consequences.models import Decision
from consequences.services.checking import Finding, save_check
from consequences.services.deciding import Verdict, decide_proposal
from people.models import Employee, Grade
from people.states import Duty, Role
from scoring.models import Proposal
from tests import world
from tests.appeals.conftest import with_accounts

SHANGHAI = ZoneInfo("Asia/Shanghai")
LOW = [{"month": f"2026-{n:02d}", "coefficient": "48.00"} for n in (8, 9, 10)]
HIGH = [{"month": f"2026-{n:02d}", "coefficient": "95.00"} for n in (8, 9, 10)]


@dataclass(frozen=True)
class Desk:
    """Everybody around the desk, each with an account."""

    agent: Employee
    colleague: Employee
    supervisor: Employee
    hr: Employee
    second_hr: Employee
    manager: Employee
    general: Employee
    leader: Employee
    auditor: Employee
    administrator: Employee
    rungs: tuple[Grade, ...]


def make_desk() -> Desk:
    """As the fixture ``desk``."""
    manager = world.with_role(world.person("何建国", None), Role.DEPARTMENT)
    supervisor = world.person("周敏", "KFZG", superior=manager)
    agent = world.person("吴倩", superior=supervisor)
    assert agent.position is not None
    money = ((1, "3000", "1000"), (2, "3400", "1200"), (3, "3800", "1400"))
    rungs = tuple(
        Grade.objects.create(
            position=agent.position, name=f"G{rank}", rank=rank, post_wage=Decimal(wage), pay_cap=Decimal(cap)
        )
        for rank, wage, cap in money
    )
    agent.grade = rungs[1]
    agent.save(update_fields=["grade"])
    desk = Desk(
        agent=agent,
        colleague=world.person("黄佩珊", superior=supervisor),
        supervisor=supervisor,
        hr=world.with_role(world.person("赵琳", None), Role.HR),
        second_hr=world.with_role(world.person("钱进", None), Role.HR),
        manager=manager,
        general=world.with_role(world.person("高远", None), Role.GENERAL_MANAGER),
        leader=world.in_group(world.person("方志远", None), Duty.LEADER),
        auditor=world.with_role(world.person("孙悦", None), Role.AUDITOR),
        administrator=world.with_role(world.person("秦朗", None), Role.ADMINISTRATOR),
        rungs=rungs,
    )
    with_accounts()
    for one in vars(desk).values():
        if isinstance(one, Employee):
            one.refresh_from_db()
    return desk


def proposal(
    somebody: Employee, rule: str = "R4", *, month: date = date(2026, 10, 1), evidence=None, leads_to: str = ""
) -> Proposal:
    """A rule that fired with a month."""
    found = (HIGH if rule == "R3" else LOW) if evidence is None else evidence
    return Proposal.objects.create(
        employee=somebody, cycle=world.cycle(month), rule=rule, leads_to=leads_to or rule, evidence=found
    )


def on(day: int = 16, month: int = 11) -> travel:
    """Ten o'clock on that day of 2026."""
    return travel(datetime(2026, month, day, 10, tzinfo=SHANGHAI), tick=False)


def decide(row: Proposal, choice: str, *, by: Employee, day: int = 16, **more: object) -> Decision:
    """Decided on a day of November."""
    with on(day):
        return decide_proposal(row.pk, Verdict(choice=choice, **more), by=by)  # type: ignore[arg-type]  # as typed


def dismissal(desk: Desk, row: Proposal | None = None) -> Decision:
    """A case of dismissal, its checklist open."""
    return decide(row or proposal(desk.agent, "R2"), "dismiss", by=desk.hr, leaves_on=date(2026, 12, 31))


def paper(name: str = "意见.pdf"):
    """A file that may be kept."""
    return check_upload(ContentFile(b"%PDF-1.4 words", name=name))


def finding(**more: object) -> Finding:
    """Words, a file, a name, and the signature."""
    known = {"note": "已核对", "files": (paper(),), "signed_for": "法务 李明", "is_signed": True}
    return Finding(**(known | more))  # type: ignore[arg-type]  # as typed


def sign_all(decision: Decision, *, by: Employee, but: str = "", day: int = 17) -> None:
    """Every point of the checklist signed, but one."""
    with on(day):
        for item in decision.checks.exclude(code=but):
            save_check(item.pk, finding(), by=by)


def refusal(act, *args, **kwargs) -> str:
    """The code of what is refused."""
    with pytest.raises(RuleError) as refused:
        act(*args, **kwargs)
    return refused.value.code


def as_(client: Client, somebody: Employee) -> Client:
    """The client signed in as that person."""
    assert somebody.account is not None
    client.force_login(somebody.account)
    return client
