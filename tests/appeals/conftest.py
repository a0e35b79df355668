"""October's results published on Monday 9 November 2026; the agent contests hers until Monday the 16th."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from time_machine import travel

from appeals.facts import ItemRuling
from appeals.models import Appeal
from appeals.services.examining import assign_appeal
from appeals.services.filing import AppealDraft, Contested, draft_appeal, submit_appeal
from appeals.services.ruling import rule_appeal
from appraisals.models import Form
from common.errors import RuleError
from people.facts import SYSTEM
from people.models import Account, Employee
from people.states import Role
from scoring.models import Result
from scoring.services.consolidation import consolidate_forms
from scoring.services.filing import file_forms
from scoring.services.publication import publish_results
from scoring.services.signing import sign_result
from tests import world
from tests.scoring.conftest import Month, make_month

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Cast:
    """The month, and who else plays."""

    month: Month
    member: Employee  # of the group, a stranger to every form
    other: Employee  # as well
    second_hr: Employee
    auditor: Employee
    administrator: Employee
    stranger: Employee

    @property
    def form(self) -> Form:
        """The agent's form, fresh."""
        return Form.objects.get(pk=self.month.form.pk)

    @property
    def agent(self) -> Employee:
        """The appellant."""
        return self.month.agent

    @property
    def result(self) -> Result:
        """The agent's result that holds now."""
        return Result.objects.get(form=self.month.form, superseded_at=None)


def on(day: int, hour: int = 10, minute: int = 0, second: int = 0, month: int = 11) -> travel:
    """The clock in November 2026, or another month."""
    return travel(datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI), tick=False)


def make_cast() -> Cast:
    """Everybody with an account; the team's results of October published on the 9th."""
    month = make_month()
    cast = Cast(
        month=month,
        member=world.in_group(world.person("郑洁", None)),
        other=world.in_group(world.person("罗兰", None)),
        second_hr=world.with_role(world.person("钱进", None), Role.HR),
        auditor=world.with_role(world.person("孙悦", None), Role.AUDITOR),
        administrator=world.with_role(world.person("秦朗", None), Role.ADMINISTRATOR),
        stranger=world.person("吴海燕"),
    )
    with_accounts()
    for one in (*vars(month).values(), *vars(cast).values()):
        if isinstance(one, Employee):
            one.refresh_from_db()
    with on(9):
        publish(month, month.form, month.second_form, month.own_form)
    return cast


def with_accounts() -> None:
    """Everybody can sign in."""
    for somebody in Employee.objects.filter(account=None):
        somebody.account = Account.objects.create(username=somebody.number)
        somebody.save(update_fields=["account"])


def publish(month: Month, *forms: Form) -> None:
    """Consolidate and publish."""
    ids = [form.pk for form in forms]
    consolidate_forms(month.cycle.pk, form_ids=ids, by=SYSTEM)
    publish_results(month.cycle.pk, form_ids=ids, by=SYSTEM)


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def line_key(result: Result, name: str = "差错") -> str:
    """The key of a line of the agent's form: 差错 has 16 of 20, 接通率 40 of 50, 月度重点 8 of 10."""
    return f"line:{result.form.items.get(name=name).pk}"


def contested(result: Result, name: str = "差错", wanted: str | None = "18", reason: str = "数据算错了") -> Contested:
    return Contested(
        key=line_key(result, name), grounds="data", reason=reason, wanted=Decimal(wanted) if wanted else None
    )


def drafted(cast: Cast, *items: Contested, day: int = 10) -> Appeal:
    """The agent's draft."""
    with on(day):
        draft = AppealDraft(items=items or (contested(cast.result),), wish="改成18分")
        return draft_appeal(cast.result.pk, draft, by=cast.agent)


def submitted(cast: Cast, *items: Contested, day: int = 10) -> Appeal:
    """Handed in."""
    appeal = drafted(cast, *items, day=day)
    with on(day):
        return submit_appeal(appeal.pk, by=cast.agent)


def examined(cast: Cast, *items: Contested, handler: Employee | None = None) -> Appeal:
    """Given to a member of the group."""
    appeal = submitted(cast, *items)
    with on(11):
        return assign_appeal(appeal.pk, handler_id=(handler or cast.member).pk, by=cast.month.leader)


def upheld(points: str = "2") -> ItemRuling:
    return ItemRuling(ruling="upheld", reason="原始记录显示少算了", points=Decimal(points))


def rejected() -> ItemRuling:
    return ItemRuling(ruling="rejected", reason="记录没有错")


def rule(appeal: Appeal, *rulings: ItemRuling, by: Employee | None = None, day: int = 12) -> Appeal:
    """Ruled item by item, in their order."""
    given = dict(zip(appeal.items.values_list("pk", flat=True), rulings, strict=True))
    by = by or appeal.handler
    assert by is not None
    with on(day):
        return rule_appeal(appeal.pk, rulings=given, reason="查过原始记录", version=None, by=by)


def ruled(cast: Cast, *rulings: ItemRuling) -> Appeal:
    """The agent's appeal about one line, ruled; upheld with 2 marks unless told."""
    return rule(examined(cast), *(rulings or (upheld(),)))


def sign_both(form: Form, month: Month) -> None:
    """Owner and appraisee sign the version that holds."""
    digest = Result.objects.get(form=form, superseded_at=None).digest
    for somebody in (month.supervisor, month.agent):
        sign_result(form.pk, digest=digest, by=somebody)


def file(form: Form, month: Month) -> tuple[int, ...]:
    """Filed by HR, if it may be."""
    return file_forms(month.cycle.pk, form_ids=[form.pk], by=month.hr)


def pay(cast: Cast) -> None:
    """October's filed forms are paid."""
    world.settle_month_pay(cast.month.cycle, cast.month.hr, cast.second_hr)


def refusal(call, *args, **kwargs) -> RuleError:
    """What a rule refuses with."""
    with pytest.raises(RuleError) as caught:
        call(*args, **kwargs)
    return caught.value


def as_(person: Employee) -> Client:
    """A browser in which that person is signed in."""
    assert person.account is not None
    client = Client()
    client.force_login(person.account)
    return client
