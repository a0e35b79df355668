"""The printed form: the frozen result, or what stands today; never more than the reader may see."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from time_machine import travel

from appraisals.models import Figure, Item, Score
from appraisals.states import FormState
from incidents.models import BonusKind
from tests import world
from tests.counting import statements
from tests.reports.conftest import consolidate, publish

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def printed(client, somebody, form):
    client.force_login(somebody.account)
    return client.get(f"/forms/{form.pk}/print/")


def words(client, somebody, form):
    return printed(client, somebody, form).content.decode()


def test_a_result_is_printed_from_its_snapshot(client, month):
    publish(month)
    Score.objects.filter(item__form=month.form).update(points=0)
    month.agent.name = "改了名"
    month.agent.save(update_fields=["name"])

    page = words(client, month.agent, month.form)

    assert "80.00%" in page
    assert "吴倩" in page
    assert "改了名" not in page
    assert month.form.results.get().check_code in page
    assert "未汇总" not in page


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (
            datetime(2026, 11, 12, 9, tzinfo=SHANGHAI),
            "可在 2026年11月16日 24:00 前申诉，11月12日打印时还剩 3 个工作日。",
        ),
        (
            datetime(2026, 11, 16, 23, 59, 59, tzinfo=SHANGHAI),
            "可在 2026年11月16日 24:00 前申诉，11月16日打印时还剩 1 个工作日。",
        ),
        (datetime(2026, 11, 17, tzinfo=SHANGHAI), "申诉期到 2026年11月16日 24:00 为止。"),
    ],
)
def test_the_paper_says_how_long_an_appeal_was_open_when_it_was_printed(client, month, moment, told):
    with travel(datetime(2026, 11, 9, 16, tzinfo=SHANGHAI), tick=False):
        publish(month)
    with travel(moment, tick=False):
        assert told in words(client, month.agent, month.form)


def test_an_open_form_says_that_it_is_no_result(client, month):
    page = words(client, month.supervisor, month.form)

    assert "未汇总" in page
    assert "80.00%" not in page


def test_the_appraisee_sees_no_scores_of_others_before_publication(client, month):
    Score.objects.filter(item__form=month.own_form, kind__in=("review", "superior")).update(points="7.77")
    consolidate(month)

    before = words(client, month.supervisor, month.own_form)
    assert "7.77" not in before
    assert "未汇总" in before
    assert "7.77" in words(client, month.manager, month.own_form)

    publish(month)
    assert "7.77" in words(client, month.supervisor, month.own_form)


def test_the_owner_sees_no_draft_of_the_self_score(client, month):
    month.form.state = FormState.ACTIVE
    month.form.save(update_fields=["state"])
    Score.objects.filter(item__form=month.form, kind="self").update(points="6.66")

    assert "6.66" not in words(client, month.supervisor, month.form)
    assert "6.66" in words(client, month.agent, month.form)


def test_no_management_score_is_printed_before_consolidation(client, month):
    Score.objects.filter(item__form=month.own_form, kind="superior").update(points="7.50")

    page = words(client, month.manager, month.own_form)

    assert "7.50" in page  # what the owner gave himself
    assert "7.20" not in page  # 20 % self 6.00 + 80 % superior 7.50
    assert "人数不足" not in page


@pytest.mark.parametrize("who", ["second_agent", "stranger", "administrator", "hr"])
def test_a_form_one_may_not_see_is_not_found(client, month, readers, who):
    somebody = getattr(readers, who, None) or getattr(month, who)

    assert printed(client, somebody, month.form).status_code == 404


@pytest.mark.parametrize("who", ["supervisor", "manager", "leader", "officer", "agent"])
def test_those_of_the_form_print_it_and_never_find_pay_on_it(client, month, who):
    publish(month)

    page = printed(client, getattr(month, who), month.form)

    assert page.status_code == 200
    assert "1,120" not in page.content.decode()


@pytest.mark.parametrize("is_final", [False, True])
def test_events_are_printed_with_the_month_they_happened_in_and_what_was_cut(client, month, is_final):
    kind = BonusKind.objects.get(code="B01")
    world.involvement(month.agent, month.manager, month.supervisor, number="BL-7", day=date(2026, 9, 28))
    world.bonus(month.agent, month.manager, month.supervisor, kind=kind, points="4", text="三封表扬信")
    Figure.objects.filter(item__form=month.form, item__name="接通率").delete()
    Item.objects.filter(form=month.form, name="接通率").update(data_source="monitoring")
    for n in range(2):
        world.call(month.agent, month.supervisor, "40", number=f"LY-{n}")
    if is_final:
        publish(month)

    page = words(client, month.supervisor, month.form)

    assert ("未汇总" in page) != is_final
    assert "发生在9月，计入本月" in page
    assert f"{kind.name}每月最多 3 分，超出 1 不计" in page
    assert "合计 +3.00 分" in page
    assert "2 通录音" in page


def test_printing_takes_few_statements_whatever_the_number_of_items(client, month):
    form = world.form(world.person("员工", superior=month.supervisor), month.supervisor, state=FormState.ACTIVE)
    world.library_items(form)

    client.force_login(month.supervisor.account)
    few = statements(lambda: client.get(f"/forms/{month.form.pk}/print/"))
    assert statements(lambda: client.get(f"/forms/{form.pk}/print/")) <= few + 1 <= 15  # the calls are one more
