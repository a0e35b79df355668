"""A cycle is opened for all or some in one act; who gets no form is listed with the reason."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisals.models import Cycle, Form, Item, Scheme
from appraisals.services.cycles import open_cycle
from appraisals.states import DraftSource
from audit.models import Event
from common.errors import RuleError
from people.facts import SYSTEM
from people.models import OwnerAssignment, RoleGrant
from people.states import Role
from tests import world

OCTOBER = date(2026, 10, 1)
NOVEMBER = date(2026, 11, 1)
DECEMBER = date(2026, 12, 1)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["leader", "manager", "hr"])
def test_those_who_plan_the_round_open_it_for_everybody(cast, who):
    opening = open_cycle("month", date(2026, 10, 17), by=getattr(cast, who))

    assert (opening.is_new, opening.opened, opening.left_out) == (True, 5, [])
    assert opening.cycle.key == "2026-10"
    owners = dict(Form.objects.values_list("employee__name", "owner__name"))
    assert owners == {"周敏": "何建国", "郑洁": "何建国", "吴倩": "周敏", "黄佩珊": "周敏", "陈晨": "郑洁"}
    assert Event.objects.filter(action="form.opened").count() == 5


def test_a_superior_opens_for_his_own_team(cast):
    opening = open_cycle("month", OCTOBER, by=cast.supervisor)

    assert set(Form.objects.values_list("employee__name", flat=True)) == {"吴倩", "黄佩珊"}
    assert opening.opened == 2


@pytest.mark.parametrize("who", ["agent", "officer"])
def test_who_owns_nobody_opens_nothing(cast, who):
    with pytest.raises(RuleError) as refusal:
        open_cycle("month", OCTOBER, by=getattr(cast, who))

    assert refusal.value.code == "not_allowed"
    assert not Cycle.objects.exists()


def test_a_superior_is_refused_for_another_team(cast):
    with pytest.raises(RuleError) as refusal:
        open_cycle("month", OCTOBER, employee_ids=[cast.agent.pk, cast.stranger.pk], by=cast.supervisor)

    assert refusal.value.code == "not_allowed"
    assert not Form.objects.exists()


def test_opening_again_adds_only_who_is_missing(cast):
    open_cycle("month", OCTOBER, employee_ids=[cast.agent.pk], by=cast.hr)

    opening = open_cycle("month", OCTOBER, by=cast.hr)

    assert (opening.is_new, opening.opened, opening.already) == (False, 4, 1)
    assert Cycle.objects.count() == 1


def test_who_can_not_be_appraised_is_listed_with_the_reason(cast):
    gone = world.person("走了", left_on=date(2026, 9, 30), superior=cast.supervisor)
    RoleGrant.objects.all().delete()
    world.with_role(cast.hr, Role.HR)
    alone = world.person("没人管", "JSZG")

    opening = open_cycle("month", OCTOBER, employee_ids=[cast.agent.pk, gone.pk, alone.pk, cast.officer.pk], by=cast.hr)

    reasons = {left.employee.name: str(left.reason) for left in opening.left_out}
    assert opening.opened == 1
    assert reasons == {
        "走了": "这段时间不在职",
        "没人管": "没有考核负责人，先登记直接上级",
        "沈玉兰": "没有登记岗位或区域，不参加考核",
    }


def test_the_owner_is_the_one_of_the_period(cast):
    OwnerAssignment.objects.create(
        employee=cast.agent,
        owner=cast.other_supervisor,
        reason="代管",
        starts_on=date(2026, 9, 1),
        ends_before=NOVEMBER,
    )

    open_cycle("month", OCTOBER, employee_ids=[cast.agent.pk], by=SYSTEM)

    assert Form.objects.get().owner == cast.other_supervisor


def test_without_a_scheme_in_force_nothing_opens(cast):
    Scheme.objects.all().delete()

    with pytest.raises(RuleError) as refusal:
        open_cycle("month", OCTOBER, by=cast.hr)

    assert refusal.value.code == "no_scheme"


def test_drafts_start_from_the_library_with_the_usual_providers(cast):
    opening = open_cycle("month", OCTOBER, by=cast.leader, draft_from=DraftSource.LIBRARY)

    assert opening.drafted.from_library == 5
    agents = Item.objects.filter(form__employee=cast.agent, part="kpi")
    assert {item.provider for item in agents if item.data_source == "manual"} == {cast.supervisor}
    assert agents.get(data_source="monitoring").provider is None
    managers = Item.objects.filter(form__employee=cast.supervisor, part="kpi")
    assert {item.provider for item in managers} == {cast.officer}


def test_drafts_copy_the_month_before_and_take_the_library_where_there_is_none(cast):
    last = world.form(cast.agent, cast.supervisor, month=OCTOBER, state="filed")
    world.library_items(last, provider=cast.officer)
    last.items.filter(part="goal").delete()

    opening = open_cycle("month", NOVEMBER, by=cast.supervisor, draft_from=DraftSource.LAST)

    assert (opening.drafted.from_last, opening.drafted.from_library) == (1, 1)
    copied = Item.objects.filter(form__employee=cast.agent, form__cycle=opening.cycle)
    assert set(copied.values_list("part", flat=True)) == {"kpi", "behaviour"}
    assert {item.provider for item in copied.filter(part="kpi", data_source="manual")} == {cast.officer}


def test_opening_costs_the_same_number_of_statements_for_few_and_many(cast):
    def statements(month: date) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            open_cycle("month", month, by=cast.leader, draft_from=DraftSource.LIBRARY)
        return len([one for one in seen.captured_queries if not one["sql"].startswith("INSERT")])

    few = statements(OCTOBER)
    for number in range(40):
        world.person(f"客服{number}", superior=cast.supervisor)

    assert statements(NOVEMBER) == few
    assert few <= 30
