"""A bonus claim from raising to counting: who may, who may not, at each step."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from audit.log import events_about
from common.wording import signed
from incidents.models import Bonus, BonusKind
from incidents.permissions import (
    Judge,
    Superiors,
    bonuses_to_check,
    can_check_first,
    can_check_second,
    can_view_bonus,
    visible_bonuses,
)
from incidents.permissions.superiors import CLAIM_KEYS, key_above
from incidents.selectors.claim_flow import flow_of, holder_of
from incidents.selectors.claims import raised_as
from incidents.services.bonuses import (
    BonusDraft,
    add_bonus_files,
    first_check_bonus,
    overturn_bonus,
    raise_bonus,
    reject_bonus,
    second_check_bonus,
    withdraw_bonus,
)
from incidents.states import EventState, RaisedAs
from people.models import Employee, ReportingLine
from people.selectors import standing_of
from people.states import Role
from tests import world
from tests.incidents.claims import DAY, Cast, checked, confirmed, draft, make_cast, raised, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.mark.parametrize(
    ("who", "how"), [("agent", RaisedAs.SELF), ("colleague", RaisedAs.COLLEAGUE), ("boss", RaisedAs.SUPERIOR)]
)
def test_the_person_a_colleague_and_the_superior_raise_a_claim(cast, who, how):
    bonus = raised(cast, by=who)

    assert raised_as(bonus, Superiors.of([bonus])) == how
    assert (bonus.state, bonus.number, bonus.event) == (EventState.FILED, "JF-2026-0001", "JF-2026-0001")


def test_a_claim_from_a_workbook_was_raised_by_nobody(cast):
    bonus = Bonus(employee=cast["agent"], occurred_on=DAY, points=1)

    assert raised_as(bonus, Superiors.of([bonus])) == RaisedAs.WORKBOOK


def test_the_points_and_the_cap_come_from_the_standard(cast):
    second_place = raised(cast, "B12", place=1)

    assert (second_place.points, second_place.cap) == (Decimal(2), Decimal(3))


def test_the_only_step_of_a_kind_need_not_be_chosen_but_one_of_several_must(cast):
    for code, wanted in (("B02", Decimal(3)), ("B12", "step_missing")):
        kind = BonusKind.objects.get(code=code)
        told = BonusDraft(employee_id=cast["agent"].pk, kind_id=kind.pk, occurred_on=DAY, grounds=f"因 {code}")
        if isinstance(wanted, Decimal):
            assert raise_bonus(told, by=cast["agent"]).points == wanted
        else:
            assert refusal(raise_bonus, told, by=cast["agent"]) == wanted


def test_no_claim_without_an_entry_in_use_or_with_anothers_step(cast):
    retired = draft(cast["agent"], "B03")
    BonusKind.objects.filter(code="B03").update(is_active=False)
    foreign = BonusDraft(
        employee_id=cast["agent"].pk,
        kind_id=draft(cast["agent"], "B01").kind_id,
        step_id=draft(cast["agent"], "B14").step_id,
        occurred_on=DAY,
        grounds="借别条的分数",
    )
    nothing = BonusDraft(employee_id=cast["agent"].pk, kind_id=None, occurred_on=DAY, grounds="随手写的")

    assert refusal(raise_bonus, retired, by=cast["agent"]) == "kind_missing"
    assert refusal(raise_bonus, nothing, by=cast["agent"]) == "kind_missing"
    assert refusal(raise_bonus, foreign, by=cast["agent"]) == "step_missing"
    assert not Bonus.objects.exists()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"occurred_on": date(2999, 1, 1)}, "in_the_future"),
        ({"occurred_on": date(2019, 12, 31)}, "not_employed"),
        ({"grounds": "  "}, "text_missing"),
        ({"grounds": "好" * 501}, "too_long"),
    ],
)
def test_a_claim_must_make_sense(cast, facts, code):
    assert refusal(raise_bonus, draft(cast["agent"], **facts), by=cast["boss"]) == code
    assert not Bonus.objects.exists()


def test_who_has_no_appraised_post_gets_no_claim_and_who_is_not_there_none_either(cast):
    nobody = draft(cast["agent"])
    gone = BonusDraft(employee_id=0, kind_id=nobody.kind_id, step_id=nobody.step_id, occurred_on=DAY, grounds="x")

    assert refusal(raise_bonus, draft(cast["member"]), by=cast["boss"]) == "not_appraised"
    assert refusal(raise_bonus, gone, by=cast["boss"]) == "not_employed"


def test_a_second_tap_is_not_a_second_claim_but_another_persons_is(cast):
    raised(cast)

    assert refusal(raised, cast) == "raised_already"
    assert raised(cast, by="colleague").number == "JF-2026-0002"


@pytest.mark.parametrize("who", ["member", "leader", "manager", "peer_boss", "head"])
def test_a_neutral_person_checks_first(cast, who):
    assert first_check_bonus(raised(cast).pk, by=cast[who]).first_checker == cast[who]


@pytest.mark.parametrize(
    ("raiser", "who", "code"),
    [
        ("agent", "agent", "not_neutral"),
        ("peer_boss", "peer_boss", "not_neutral"),
        ("member", "member", "not_neutral"),
        ("boss", "boss", "not_neutral"),
        ("agent", "boss", "not_allowed"),
        ("agent", "colleague", "not_allowed"),
        ("agent", "stranger", "not_allowed"),
        ("agent", "hr", "not_allowed"),
        ("agent", "auditor", "not_allowed"),
    ],
)
def test_neither_the_person_nor_the_raiser_nor_the_superior_nor_a_stranger_checks_first(cast, raiser, who, code):
    assert refusal(first_check_bonus, raised(cast, by=raiser).pk, by=cast[who]) == code


def test_it_is_checked_first_once(cast):
    bonus = checked(cast)

    assert refusal(first_check_bonus, bonus.pk, by=cast["leader"]) == "not_allowed"


def test_a_claim_counts_after_both_checks_and_not_before(cast):
    bonus = raised(cast)
    assert refusal(second_check_bonus, bonus.pk, by=cast["boss"]) == "not_checked_first"

    assert first_check_bonus(bonus.pk, by=cast["peer_boss"]).state == EventState.FILED
    assert second_check_bonus(bonus.pk, by=cast["boss"]).state == EventState.CONFIRMED
    assert [event.action for event in events_about(bonus)] == [
        "bonus.raised",
        "bonus.first_checked",
        "bonus.confirmed",
    ]


@pytest.mark.parametrize("who", ["member", "leader", "manager", "head", "peer_boss", "colleague", "auditor"])
def test_only_the_direct_superior_checks_second(cast, who):
    assert refusal(second_check_bonus, checked(cast).pk, by=cast[who]) == "not_allowed"


def test_what_the_superior_proposed_his_own_superior_confirms(cast):
    bonus = raised(cast, by="boss")

    assert refusal(first_check_bonus, bonus.pk, by=cast["head"]) == "not_allowed"
    first_check_bonus(bonus.pk, by=cast["member"])
    assert refusal(second_check_bonus, bonus.pk, by=cast["boss"]) == "not_neutral"
    assert refusal(second_check_bonus, bonus.pk, by=cast["manager"]) == "not_allowed"
    bonus, above = Bonus.objects.get(), Superiors.of([bonus])
    assert holder_of(bonus, above) == "方志远"
    assert flow_of(bonus, above)[2].who == "等方志远（直接上级提的，由别人确认）"
    assert second_check_bonus(bonus.pk, by=cast["head"]).second_checker == cast["head"]


def test_what_the_departments_manager_proposed_for_a_head_the_general_manager_confirms(cast):
    bonus = first_check_bonus(raise_bonus(draft(cast["head"]), by=cast["manager"]).pk, by=cast["leader"])
    general = world.with_role(world.person("高远", None, account=True), Role.GENERAL_MANAGER)

    assert refusal(second_check_bonus, bonus.pk, by=cast["manager"]) == "not_neutral"
    assert second_check_bonus(bonus.pk, by=general).second_checker == general


def test_what_the_superior_proposed_waits_in_the_list_of_who_confirms_it(cast):
    bonus = first_check_bonus(raised(cast, by="boss").pk, by=cast["member"])

    for who, waits in (("boss", []), ("head", [bonus]), ("manager", [])):
        judge = Judge(cast[who], standing_of(cast[who], timezone.localdate()))
        assert list(bonuses_to_check(judge)) == waits


def test_the_superior_of_that_day_confirms_not_the_one_of_today(cast):
    cast["agent"].lines_up.update(ends_before=date(2026, 10, 20))
    ReportingLine.objects.create(employee=cast["agent"], superior=cast["peer_boss"], starts_on=date(2026, 10, 20))
    bonus = checked(cast)

    assert refusal(second_check_bonus, bonus.pk, by=cast["peer_boss"]) == "not_allowed"
    assert second_check_bonus(bonus.pk, by=cast["boss"]).second_checker == cast["boss"]


def test_the_head_of_a_regions_claim_is_confirmed_by_the_departments_manager(cast):
    bonus = raise_bonus(draft(cast["head"]), by=cast["head"])

    assert refusal(first_check_bonus, bonus.pk, by=cast["manager"]) == "not_allowed"
    first_check_bonus(bonus.pk, by=cast["leader"])
    assert second_check_bonus(bonus.pk, by=cast["manager"]).state == EventState.CONFIRMED


def test_a_claim_is_turned_down_with_a_reason_by_who_checks_next_or_the_superior(cast):
    bonus = raised(cast)

    assert refusal(reject_bonus, bonus.pk, reason="", by=cast["boss"]) == "reason_missing"
    assert refusal(reject_bonus, bonus.pk, reason="好" * 201, by=cast["boss"]) == "too_long"
    for who in ("agent", "colleague", "stranger", "auditor"):
        assert refusal(reject_bonus, bonus.pk, reason="重复", by=cast[who]) == "not_allowed"
    assert reject_bonus(bonus.pk, reason="重复", by=cast["boss"]).decision_reason == "重复"
    assert refusal(first_check_bonus, bonus.pk, by=cast["member"]) == "not_allowed"


@pytest.mark.parametrize("who", ["agent", "colleague"])
def test_the_raiser_and_the_person_take_it_back_before_it_is_decided(cast, who):
    bonus = checked(cast, by="colleague")

    assert refusal(withdraw_bonus, bonus.pk, reason=" ", by=cast[who]) == "reason_missing"
    assert withdraw_bonus(bonus.pk, reason="写错人", by=cast[who]).state == EventState.WITHDRAWN
    assert Bonus.objects.get().decision_reason == "写错人"


def test_nobody_else_takes_it_back_and_nobody_once_it_is_decided(cast):
    bonus = checked(cast, by="colleague")
    for who in ("boss", "member", "manager", "stranger"):
        assert refusal(withdraw_bonus, bonus.pk, reason="不要了", by=cast[who]) == "not_allowed"

    second_check_bonus(bonus.pk, by=cast["boss"])
    assert refusal(withdraw_bonus, bonus.pk, reason="不要了", by=cast["agent"]) == "not_allowed"


@pytest.mark.parametrize("who", ["boss", "leader", "manager"])
def test_who_confirmed_it_the_leader_and_the_manager_overturn_it(cast, who):
    bonus = overturn_bonus(confirmed(cast).pk, reason="客户撤回了表扬", by=cast[who])

    assert (bonus.state, bonus.decision_reason) == (EventState.OVERTURNED, "客户撤回了表扬")


def test_nobody_else_overturns_it_and_an_undecided_one_is_turned_down_instead(cast):
    bonus = confirmed(cast)
    for who in ("agent", "member", "peer_boss", "head", "hr", "auditor", "stranger"):
        assert refusal(overturn_bonus, bonus.pk, reason="不对", by=cast[who]) == "not_allowed"

    assert refusal(overturn_bonus, bonus.pk, reason=" ", by=cast["boss"]) == "reason_missing"
    assert refusal(overturn_bonus, raised(cast, "B02").pk, reason="不对", by=cast["leader"]) == "not_allowed"


def test_one_that_counts_in_a_month_is_not_overturned(cast):
    bonus = confirmed(cast)
    Bonus.objects.filter(pk=bonus.pk).update(counted_month=date(2026, 10, 1))

    assert refusal(overturn_bonus, bonus.pk, reason="不对", by=cast["boss"]) == "counted"
    assert Bonus.objects.get().state == EventState.CONFIRMED


def test_files_are_asked_for_by_name_of_those_who_may_add_them(cast):
    bonus = raised(cast, by="colleague")

    for who in ("agent", "colleague", "member"):
        assert refusal(add_bonus_files, bonus.pk, files=(), by=cast[who]) == "files_missing"
    for who in ("stranger", "hr"):
        assert refusal(add_bonus_files, bonus.pk, files=(), by=cast[who]) == "not_allowed"


def test_the_row_rules_and_the_list_rules_agree(cast):
    claims = [
        raised(cast),
        raised(cast, "B02", by="colleague"),
        raised(cast, "B03", by="boss"),
        checked(cast, "B04"),
        confirmed(cast, "B05"),
        raise_bonus(draft(cast["head"], "B09"), by=cast["head"]),
        first_check_bonus(raise_bonus(draft(cast["head"], "B10"), by=cast["member"]).pk, by=cast["leader"]),
        raise_bonus(draft(cast["stranger"], "B11"), by=cast["agent"]),
        first_check_bonus(raised(cast, "B08", by="leader").pk, by=cast["peer_boss"]),
    ]
    later = world.person("接班的", "KFZG", account=True)
    cast["agent"].lines_up.update(ends_before=date(2026, 10, 20))
    ReportingLine.objects.create(employee=cast["agent"], superior=later, starts_on=date(2026, 10, 20))
    for somebody in (*cast.values(), later):
        judge = Judge(somebody, standing_of(somebody, date(2026, 11, 3)))
        seen = set(visible_bonuses(judge).values_list("pk", flat=True))
        waits = set(bonuses_to_check(judge).values_list("pk", flat=True))
        for pk in (one.pk for one in claims):
            row = Bonus.objects.select_related("employee").get(pk=pk)
            above = Superiors.of([row])
            may = can_check_first(judge, row, above) or can_check_second(judge, row, above)
            assert (row.pk in seen) == can_view_bonus(judge, row), (somebody.name, row.number)
            assert (row.pk in waits) == may, (somebody.name, row.number)


def leaves(person: Employee, day: date = date(2026, 10, 30)) -> None:
    person.left_on = day
    person.save(update_fields=["left_on"])


def test_who_leads_the_person_now_confirms_for_a_superior_who_has_left(cast):
    bonus = checked(cast)
    leaves(cast["boss"])
    cast["agent"].lines_up.update(ends_before=date(2026, 10, 20))
    ReportingLine.objects.create(employee=cast["agent"], superior=cast["peer_boss"], starts_on=date(2026, 10, 20))

    assert refusal(second_check_bonus, bonus.pk, by=cast["manager"]) == "not_allowed"
    assert second_check_bonus(bonus.pk, by=cast["peer_boss"]).second_checker == cast["peer_boss"]


def test_the_superiors_superior_confirms_where_nobody_leads_the_person_any_more(cast):
    bonus = checked(cast)
    leaves(cast["boss"])

    assert refusal(second_check_bonus, bonus.pk, by=cast["manager"]) == "not_allowed"
    assert second_check_bonus(bonus.pk, by=cast["head"]).second_checker == cast["head"]


def test_the_departments_manager_confirms_where_no_superior_is_left(cast):
    bonus = checked(cast)
    leaves(cast["boss"])
    leaves(cast["head"])

    assert second_check_bonus(bonus.pk, by=cast["manager"]).second_checker == cast["manager"]


def test_nobody_confirms_what_he_checked_first_or_raised(cast):
    bonus = checked(cast)

    assert refusal(second_check_bonus, bonus.pk, by=cast["member"]) == "not_allowed"
    assert refusal(second_check_bonus, bonus.pk, by=cast["agent"]) == "not_neutral"


def test_the_superior_above_confirms_where_who_leads_the_person_now_has_checked_first(cast):
    bonus = first_check_bonus(raised(cast).pk, by=cast["peer_boss"])
    leaves(cast["boss"])
    cast["agent"].lines_up.update(ends_before=date(2026, 10, 20))
    ReportingLine.objects.create(employee=cast["agent"], superior=cast["peer_boss"], starts_on=date(2026, 10, 20))

    assert refusal(second_check_bonus, bonus.pk, by=cast["peer_boss"]) == "not_allowed"
    assert second_check_bonus(bonus.pk, by=cast["head"]).state == EventState.CONFIRMED


def test_on_his_last_day_and_before_it_the_superior_of_the_day_confirms_himself(cast):
    bonus = checked(cast)
    leaves(cast["boss"], timezone.localdate())

    assert refusal(second_check_bonus, bonus.pk, by=cast["manager"]) == "not_allowed"
    assert second_check_bonus(bonus.pk, by=cast["boss"]).state == EventState.CONFIRMED


def test_who_steps_in_is_named_with_the_reason_and_the_claim_stays_the_superiors_proposal(cast):
    bonus = first_check_bonus(raised(cast, by="boss").pk, by=cast["member"])
    leaves(cast["boss"])
    above = Superiors.of([bonus])

    assert holder_of(bonus, above) == "方志远"
    assert flow_of(bonus, above)[2].who == "等方志远（直接上级提的，由别人确认）"
    assert raised_as(bonus, above) == RaisedAs.SUPERIOR


GONE = [
    ("boss",),
    ("boss", "later"),
    ("manager",),
    ("boss", "later", "manager"),
    ("boss", "later", "head"),
    ("manager", "deputy", "head"),
]


@pytest.mark.parametrize("gone", GONE)
def test_row_and_list_rules_agree_about_who_steps_in(cast, gone):
    later = world.person("接班的", "KFZG", account=True)
    deputy = world.with_role(world.person("副职", None, account=True), Role.DEPARTMENT)
    general = world.with_role(world.person("高远", None, account=True), Role.GENERAL_MANAGER)
    claims = [
        raised(cast),
        checked(cast, "B04"),
        first_check_bonus(raised(cast, "B08").pk, by=cast["peer_boss"]),
        first_check_bonus(raise_bonus(draft(cast["head"], "B10"), by=cast["member"]).pk, by=cast["leader"]),
        raise_bonus(draft(cast["stranger"], "B11"), by=cast["agent"]),
        raised(cast, "B02", by="boss"),
        checked(cast, "B03", by="boss"),
        raise_bonus(draft(cast["head"], "B11"), by=cast["manager"]),
        first_check_bonus(raise_bonus(draft(cast["boss"], "B12"), by=cast["head"]).pk, by=cast["leader"]),
        raise_bonus(draft(cast["agent"], "B13"), by=later),
    ]
    cast["agent"].lines_up.update(ends_before=date(2026, 10, 20))
    ReportingLine.objects.create(employee=cast["agent"], superior=later, starts_on=date(2026, 10, 20))
    everybody = cast | {"later": later, "deputy": deputy, "general": general}
    for name in gone:
        leaves(everybody[name])
    rows = Bonus.objects.annotate(holder=key_above(barred=CLAIM_KEYS)).select_related("employee")
    above = Superiors.of(rows)
    for row in rows:
        assert row.holder == (above.above(row) or (None,))[0], row.number
        for somebody in everybody.values():
            judge = Judge(somebody, standing_of(somebody, date(2026, 11, 3)))
            may = can_check_first(judge, row, above) or can_check_second(judge, row, above)
            told = (somebody.name, row.number)
            assert bonuses_to_check(judge).filter(pk=row.pk).exists() == may, told
            assert visible_bonuses(judge).filter(pk=row.pk).exists() == can_view_bonus(judge, row, above), told
    assert len(claims) == len(rows)


def test_numbers_go_on_after_ten_thousand(cast):
    Bonus.objects.filter(pk=raised(cast).pk).update(number="JF-2026-10000")

    assert raised(cast, "B02").number == "JF-2026-10001"
    assert signed(Decimal(3)) == "+3.00"
