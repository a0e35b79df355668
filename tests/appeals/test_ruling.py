"""Given to a stranger to the form, ruled item by item, applied as shown; and the second instance (P6.3b)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from appeals.facts import ItemRuling, contestable
from appeals.models import Appeal
from appeals.permissions import eligible_handlers
from appeals.selectors.cases import years_to_correct
from appeals.selectors.chain_words import links_of
from appeals.services.examining import add_finding, ask_supplement, assign_appeal
from appeals.services.filing import AppealDraft, Contested, draft_appeal, submit_appeal, supplement_appeal
from appeals.services.further import take_further
from appeals.services.ruling import rule_appeal
from appeals.states import AppealState
from appraisals.models import Adjustment, UpwardTurn
from appraisals.states import FormState
from incidents.models import BonusKind
from notices.models import Message
from people.models import DutyTurn, GroupMember
from people.states import Duty, Role
from policy.facts import Entry
from policy.forms import adjusted_card
from policy.schemes import SCHEME_1_0
from scoring.facts.snapshots import read_snapshot
from scoring.models import AnnualResult, AnnualReview, PayDifference, Proposal, Result
from scoring.services.paying import prepare_pay
from scoring.services.publication import withdraw_publication
from scoring.services.years import close_year
from scoring.states import ReviewState
from tests import world
from tests.appeals.conftest import (
    contested,
    examined,
    file,
    make_cast,
    on,
    pay,
    publish,
    refusal,
    rejected,
    rule,
    ruled,
    sign_both,
    submitted,
    upheld,
)

DAY = date(2026, 11, 11)


def partly(points: str) -> ItemRuling:
    return ItemRuling(ruling="partly", reason="有一半对", points=Decimal(points))


def numbers(appeal) -> set[str]:
    return {one.name for one in eligible_handlers(appeal, DAY)}


# --- who examines ---------------------------------------------------------------------------------


def test_only_members_of_the_group_who_are_strangers_to_the_form_may_examine(cast):
    appeal = submitted(cast)
    world.in_group(cast.month.supervisor)
    world.in_group(cast.month.agent)
    gone = world.in_group(world.person("走了", None, left_on=date(2026, 11, 1)))

    assert numbers(appeal) == {"李娜", "郑洁", "罗兰"}
    with on(11):
        for somebody in (
            cast.month.officer,
            cast.month.supervisor,
            cast.month.agent,
            cast.month.hr,
            gone,
            cast.stranger,
        ):
            error = refusal(assign_appeal, appeal.pk, handler_id=somebody.pk, by=cast.month.leader)
            assert (error.code, str(error)) == ("not_eligible", "这位不能调查这件申诉，换一位。")


def test_whoever_has_rated_the_form_may_not_and_is_not_told_apart(cast):
    appeal = submitted(cast)
    UpwardTurn.objects.create(form=cast.form, rater=cast.member)
    score = cast.form.items.get(name="月度重点").scores.get(kind="review")
    score.rater = cast.other
    score.save()

    assert numbers(appeal) == {"李娜"}


@pytest.mark.parametrize("who", ["leader", "manager"])
def test_the_leader_or_the_department_gives_it_out(cast, who):
    appeal = submitted(cast)
    with on(11):
        done = assign_appeal(appeal.pk, handler_id=cast.member.pk, by=getattr(cast.month, who))

    assert (done.state, done.handler) == (AppealState.EXAMINED, cast.member)
    assert Message.objects.filter(recipient=cast.member, kind="appeal_assigned").count() == 1


@pytest.mark.parametrize("who", ["agent", "supervisor", "officer", "hr", "second_agent"])
def test_nobody_else_gives_it_out(cast, who):
    appeal = submitted(cast)
    with on(11):
        error = refusal(assign_appeal, appeal.pk, handler_id=cast.member.pk, by=getattr(cast.month, who))

    assert error.code == "not_allowed"


def test_a_leader_who_is_the_owner_gives_nothing_out_and_the_department_is_told(cast):
    form = cast.form
    form.owner = cast.month.leader
    form.save()

    appeal = submitted(cast)

    assert Message.objects.filter(recipient=cast.month.manager, kind="appeal_submitted").exists()
    with on(11):
        assert refusal(assign_appeal, appeal.pk, handler_id=cast.member.pk, by=cast.month.leader).code == "not_allowed"
        assign_appeal(appeal.pk, handler_id=cast.member.pk, by=cast.month.manager)


def test_hr_gives_it_out_when_leader_and_department_are_both_concerned(cast):
    GroupMember.objects.filter(employee=cast.month.leader).delete()
    world.in_group(cast.month.manager, Duty.LEADER)
    form = cast.form
    form.owner = cast.month.manager
    form.save()

    appeal = submitted(cast)

    assert Message.objects.filter(recipient=cast.month.hr, kind="appeal_submitted").exists()
    with on(11):
        assert refusal(assign_appeal, appeal.pk, handler_id=cast.member.pk, by=cast.month.manager).code == "not_allowed"
        assign_appeal(appeal.pk, handler_id=cast.member.pk, by=cast.month.hr)


def test_it_can_be_given_to_another_and_the_first_may_no_longer_rule(cast):
    appeal = examined(cast)
    with on(11):
        appeal = assign_appeal(appeal.pk, handler_id=cast.other.pk, by=cast.month.leader)
        assert refusal(add_finding, appeal.pk, text="看过", by=cast.member).code == "not_allowed"
        add_finding(appeal.pk, text="看过", by=cast.other)

    assert rule(appeal, upheld(), by=cast.other).state == AppealState.RULED


@pytest.mark.parametrize("who", ["agent", "supervisor", "leader", "officer", "hr"])
def test_nobody_but_the_handler_asks_notes_or_rules(cast, who):
    appeal, somebody = examined(cast), getattr(cast.month, who)
    with on(12):
        assert refusal(ask_supplement, appeal.pk, text="?", by=somebody).code == "not_allowed"
        assert refusal(add_finding, appeal.pk, text="!", by=somebody).code == "not_allowed"
    item = appeal.items.get()
    with on(12):
        told = {"rulings": {item.pk: upheld()}, "reason": "好", "version": None, "by": somebody}
        assert refusal(rule_appeal, appeal.pk, **told).code == "not_allowed"


def test_a_handler_who_has_become_a_party_or_left_the_group_may_no_longer_rule(cast):
    appeal = examined(cast)
    item = appeal.items.get()
    told = {"rulings": {item.pk: upheld()}, "reason": "好", "version": None, "by": cast.member}
    turn = DutyTurn.objects.get(month=date(2026, 10, 1))
    turn.officer = cast.member
    turn.save()
    with on(12):
        assert refusal(rule_appeal, appeal.pk, **told).code == "not_eligible"
    turn.officer = cast.month.officer
    turn.save()
    GroupMember.objects.filter(employee=cast.member).delete()
    with on(12):
        assert refusal(rule_appeal, appeal.pk, **told).code == "not_eligible"


# --- the ruling -----------------------------------------------------------------------------------


def test_an_upheld_item_gives_the_result_a_new_version_to_be_signed_again(cast):
    before = cast.result

    appeal = ruled(cast, upheld("2"))

    after = cast.result
    before.refresh_from_db()
    assert (before.score, after.score, after.version) == (Decimal("80.00"), Decimal("82.00"), 2)
    assert (after.coefficient, after.performance_pay) == (Decimal("82.00"), Decimal("1148.00"))
    assert before.superseded_reason == f"申诉{appeal.number}"
    assert cast.form.state == FormState.PUBLISHED
    assert not cast.form.is_contested
    assert not after.signatures.exists()
    assert appeal.outcome == after
    assert after.appeal_until == date(2026, 11, 19)
    adjustment = Adjustment.objects.get()
    assert (adjustment.points, adjustment.by, adjustment.form) == (Decimal(2), cast.member, cast.form)
    frozen = read_snapshot(after.snapshot)
    assert frozen.card.adjusted == 2
    assert frozen.card.lines == read_snapshot(before.snapshot).card.lines
    kinds = set(Message.objects.filter(recipient=cast.agent).values_list("kind", flat=True))
    assert kinds >= {"appeal_ruled", "result_corrected"}


def test_a_rejected_appeal_leaves_the_result_and_its_signatures(cast):
    with on(9):
        sign_both(cast.form, cast.month)
    before = cast.result

    appeal = ruled(cast, rejected())

    assert cast.result == before
    assert cast.form.state == FormState.SIGNED
    assert appeal.outcome is None
    assert appeal.chain == {}
    assert file(cast.form, cast.month) == (cast.form.pk,)


@pytest.mark.parametrize(
    ("ruling", "fault"),
    [
        (ItemRuling(ruling="", reason="好"), "选成立"),
        (ItemRuling(ruling="upheld", reason=" ", points=Decimal(1)), "写一句理由"),
        (ItemRuling(ruling="upheld", reason="好"), "成立的要写加几分"),
        (ItemRuling(ruling="partly", reason="好", points=Decimal("4.01")), "最多加4.00分"),
        (ItemRuling(ruling="upheld", reason="好", points=Decimal(-1)), "加几分填0以上"),
        (ItemRuling(ruling="upheld", reason="好", points=Decimal("1.001")), "加几分填0以上"),
        (ItemRuling(ruling="upheld", reason="好", points=Decimal("NaN")), "加几分填0以上"),
        (ItemRuling(ruling="rejected", reason="好", points=Decimal(1)), "这一项不加分"),
    ],
)
def test_a_ruling_that_is_incomplete_or_out_of_range_changes_nothing(cast, ruling, fault):
    appeal, before = examined(cast), cast.result
    with on(12):
        told = {"rulings": {appeal.items.get().pk: ruling}, "reason": "好", "version": None, "by": cast.member}
        error = refusal(rule_appeal, appeal.pk, **told)

    assert error.code == "rulings_incomplete"
    assert fault in error.problems[0]
    assert cast.result == before
    assert not Adjustment.objects.exists()
    assert cast.form.is_contested


def test_every_item_is_ruled_and_the_whole_has_a_reason(cast):
    appeal = examined(cast, contested(cast.result), contested(cast.result, "接通率", "45"))
    first, _second = appeal.items.all()
    with on(12):
        told = {"version": None, "by": cast.member}
        error = refusal(rule_appeal, appeal.pk, rulings={first.pk: upheld()}, reason="好", **told)
        assert error.problems == ("接通率：选成立、部分成立或不成立",)
        rulings = {item.pk: rejected() for item in appeal.items.all()}
        assert refusal(rule_appeal, appeal.pk, rulings=rulings, reason=" ", **told).code == "reason_missing"


def test_a_ruling_is_made_once_and_not_over_a_supplement_that_was_not_read(cast):
    appeal = examined(cast)
    told = {"rulings": {appeal.items.get().pk: upheld()}, "reason": "好", "by": cast.member}
    with on(12):
        supplement_appeal(appeal.pk, text="还有一份", by=cast.agent)
        assert refusal(rule_appeal, appeal.pk, version=appeal.version, **told).code == "changed_meanwhile"
        appeal.refresh_from_db()
        rule_appeal(appeal.pk, version=appeal.version, **told)
        assert refusal(rule_appeal, appeal.pk, version=None, **told).code == "not_allowed"

    assert Adjustment.objects.count() == 1


def test_it_can_be_ruled_while_a_question_stands_open(cast):
    appeal = examined(cast)
    with on(11):
        ask_supplement(appeal.pk, text="请附导出", by=cast.member)

    assert rule(appeal, rejected()).state == AppealState.RULED


def test_procedure_alone_adds_nothing(cast):
    appeal = examined(cast, Contested(key="procedure", grounds="procedure", reason="没有面谈"))

    done = rule(appeal, ItemRuling(ruling="upheld", reason="确实没有"))

    assert done.outcome is None
    assert cast.result.version == 1


# --- what follows ---------------------------------------------------------------------------------


def test_what_was_paid_is_corrected_by_a_difference_in_the_running_month(cast):
    with on(9):
        sign_both(cast.form, cast.month)
        file(cast.form, cast.month)
        pay(cast)
    before = cast.result

    ruled(cast, upheld("2"))

    line = PayDifference.objects.get()
    assert (line.amount, line.paid_month) == (Decimal("28.00"), date(2026, 11, 1))
    assert (line.before, line.after) == (before, cast.result)
    assert cast.form.state == FormState.PUBLISHED


@pytest.mark.parametrize("is_prepared", [True, False])
def test_what_was_filed_and_not_paid_yet_owes_no_difference(cast, is_prepared):
    with on(9):
        sign_both(cast.form, cast.month)
        file(cast.form, cast.month)
        if is_prepared:
            prepare_pay(cast.month.cycle.pk, by=cast.month.hr)

    ruled(cast)

    assert not PayDifference.objects.exists()


def test_the_second_correction_of_a_paid_month_owes_its_difference_too(cast):
    with on(9):
        sign_both(cast.form, cast.month)
        file(cast.form, cast.month)
        pay(cast)
    first = ruled(cast, partly("1"))
    with on(13):
        second = take_further(first.pk, reasons={first.items.get().pk: "还差一分"}, wish="", by=cast.agent)
        assign_appeal(second.pk, handler_id=cast.second_hr.pk, by=cast.month.hr)

    rule(Appeal.objects.get(pk=second.pk), upheld("1"), by=cast.second_hr, day=13)

    assert [line.amount for line in PayDifference.objects.all()] == [Decimal("14.00"), Decimal("14.00")]
    with on(14):
        error = refusal(withdraw_publication, cast.form.pk, reason="算错", by=cast.month.leader)
    assert error.code == "paid"


def history(cast, share: str, *months: int) -> None:
    """Earlier months of the agent at that share."""
    for month in months:
        form = world.ready_form(cast.agent, cast.month.supervisor, month=date(2026, month, 1), share=share)
        with on(9, month=month + 1):
            publish(replace(cast.month, cycle=form.cycle), form)


def test_the_chain_shown_is_to_the_cent_what_applying_does(cast):
    history(cast, "0.95", 8, 9)
    whole = [contested(cast.result), contested(cast.result, "接通率"), contested(cast.result, "月度重点")]

    appeal = rule(examined(cast, *whole), upheld("4"), upheld("7"), partly("0.5"))

    before, after = appeal.result, cast.result
    chain = appeal.chain
    assert chain["score"] == [str(before.score), str(after.score)] == ["80.00", "91.50"]
    assert chain["coefficient"] == [str(before.coefficient), str(after.coefficient)]
    assert chain["pay"] == [str(before.performance_pay), str(after.performance_pay)]
    assert chain["proposals_new"] == [["R3", "2026-10"]]
    assert chain["proposals_gone"] == []
    [counted] = [link for link in links_of(chain, cast.month.cycle, with_pay=True) if link.name.startswith("计数")]
    assert (counted.before, counted.after) == ("2 / 3", "满3次触发，重新数到0")
    proposed = Proposal.objects.filter(employee=cast.agent, state="proposed")
    assert [(row.rule, row.cycle.key) for row in proposed if row.cycle] == [("R3", "2026-10")]
    assert chain["annual"] == ["90.00", "93.83"]


def test_a_proposal_that_no_longer_holds_is_withdrawn(cast):
    form = world.ready_form(cast.stranger, cast.month.supervisor, month=date(2026, 9, 1), share="0.45")
    world.graded(cast.stranger)
    with on(9, month=10):
        publish(replace(cast.month, cycle=form.cycle), form)
    october = world.ready_form(cast.stranger, cast.month.supervisor, share="0.45")
    with on(9):
        publish(cast.month, october)
    assert Proposal.objects.filter(employee=cast.stranger, rule="R1", state="proposed").count() == 1
    result = Result.objects.get(form=october)
    with on(10):
        draft = AppealDraft(items=[contested(result, "接通率", "40")])
        appeal = draft_appeal(result.pk, draft, by=cast.stranger)
        submit_appeal(appeal.pk, by=cast.stranger)
        appeal = assign_appeal(appeal.pk, handler_id=cast.member.pk, by=cast.month.leader)

    done = rule(appeal, upheld("10"))

    assert ["R1", "2026-10"] in done.chain["proposals_gone"]
    assert not Proposal.objects.filter(employee=cast.stranger, rule="R1", state="proposed").exists()


@pytest.mark.parametrize("state", [state for state in ReviewState if state != ReviewState.PUBLISHED])
def test_of_a_year_that_is_not_published_neither_grade_nor_bonus_is_told(cast, state):
    with on(11):
        close_year(2026, completion=Decimal(100), by=cast.month.hr)
        AnnualReview.objects.update(state=state)
        AnnualResult.objects.update(grade="B", bonus=3000)

    chain = ruled(cast, upheld("2")).chain

    assert chain["annual"] == ["80.00", "82.00"]
    assert not {"closed_year", "annual_grade", "bonus"} & chain.keys()
    assert years_to_correct() == []


def test_a_published_year_is_not_changed_but_said(cast):
    cast.month.agent.base_salary = Decimal(3000)
    cast.month.agent.save()
    with on(11):
        close_year(2026, completion=Decimal(100), by=cast.month.hr)
        AnnualReview.objects.update(state=ReviewState.PUBLISHED, published_at=timezone.now())
    closed = AnnualResult.objects.get(employee=cast.agent)

    appeal = ruled(cast, upheld("2"))

    still = AnnualResult.objects.get(employee=cast.agent)
    assert (still.coefficient, still.bonus) == (closed.coefficient, closed.bonus)
    assert appeal.chain["closed_year"] == 2026
    assert appeal.chain["annual"] == ["80.00", "82.00"]
    if closed.bonus is not None:
        assert appeal.chain["bonus"][0] == str(closed.bonus)


def test_what_a_bonus_added_before_stays_beside_what_the_appeal_adds(cast):
    world.bonus(cast.agent, cast.member, cast.other, number="JF-7", points="1")
    with on(10):
        withdraw_publication(cast.form.pk, reason="漏加分", by=cast.month.leader)
        publish(cast.month, cast.form)

    ruled(cast, upheld("2"))

    assert cast.result.score == Decimal("83.00")


# --- incidents and bonuses ------------------------------------------------------------------------


def with_events(cast) -> None:
    """An incident of 2 marks; two praises of a kind capped at 1.5 a month, of which 0.5 is cut."""
    kind = BonusKind.objects.filter(cap__isnull=False).earliest("pk")
    kind.cap = Decimal("1.5")
    world.involvement(cast.agent, cast.other, cast.member, number="BL-9")
    for number in ("JF-1", "JF-2"):
        world.bonus(cast.agent, cast.member, cast.other, number=number, points="1", kind=kind)
    with on(10):
        withdraw_publication(cast.form.pk, reason="漏记", by=cast.month.leader)
        publish(cast.month, cast.form)


def test_an_incident_gives_back_at_most_what_it_cost_and_bonuses_what_was_cut_from_their_sum(cast):
    with_events(cast)

    things = contestable(read_snapshot(cast.result.snapshot))

    assert (things["incident:BL-9"].most, things["incident:BL-9"].scored) == (Decimal(2), Decimal(-2))
    assert things["bonus:JF-1"].most == Decimal("0.5")
    assert things["bonus:JF-1"].shared == Decimal("0.5")


def test_two_bonuses_together_gain_no_more_than_was_cut(cast):
    with_events(cast)
    items = [replace(contested(cast.result, wanted=None), key=f"bonus:JF-{n}") for n in (1, 2)]
    appeal = examined(cast, *items)
    rulings = dict(zip(appeal.items.values_list("pk", flat=True), (upheld("0.5"), upheld("0.5")), strict=True))
    with on(12):
        error = refusal(rule_appeal, appeal.pk, rulings=rulings, reason="好", version=None, by=cast.member)

    assert "同类的合计最多加0.50分" in error.problems[0]


# --- the second instance --------------------------------------------------------------------------


def test_only_the_appellant_takes_further_what_was_not_upheld_in_full_within_five_working_days(cast):
    first = rule(
        examined(cast, contested(cast.result), contested(cast.result, "接通率"), contested(cast.result, "月度重点")),
        *(upheld("4"), partly("3"), rejected()),
    )
    full, half, none = first.items.all()
    with on(13):
        told = {"wish": "", "by": cast.agent}
        assert refusal(take_further, first.pk, reasons={full.pk: "还要"}, **told).code == "items_missing"
        assert refusal(take_further, first.pk, reasons={}, **told).code == "items_missing"
        by_other = {"reasons": {half.pk: "x"}, "wish": "", "by": cast.month.supervisor}
        assert refusal(take_further, first.pk, **by_other).code == "not_allowed"
    with on(20, 0):
        late = refusal(take_further, first.pk, reasons={half.pk: "差4分"}, **told)
        assert (late.code, "11月19日 24:00" in str(late)) == ("term_over", True)
    with on(19, 23, 59, 59):
        second = take_further(first.pk, reasons={half.pk: "差4分", none.pk: "写了总结"}, **told)
        assert refusal(take_further, first.pk, reasons={half.pk: "再来"}, **told).code == "already_contested"

    assert (second.instance, second.result, second.first) == (2, cast.result, first)
    assert [item.reason for item in second.items.all()] == ["差4分", "写了总结"]
    assert cast.form.is_contested
    assert Message.objects.filter(recipient=cast.month.hr, kind="appeal_submitted").exists()


def test_the_second_instance_is_ruled_by_somebody_of_hr_who_is_not_involved(cast):
    world.with_role(cast.member, Role.HR)
    first = ruled(cast, partly("1"))
    with on(13):
        second = take_further(first.pk, reasons={first.items.get().pk: "还差"}, wish="", by=cast.agent)

    assert {one.name for one in eligible_handlers(second, DAY)} == {"赵琳", "钱进"}
    with on(13):
        refused = refusal(assign_appeal, second.pk, handler_id=cast.second_hr.pk, by=cast.month.leader)
        assert refused.code == "not_allowed"
        assert refusal(assign_appeal, second.pk, handler_id=cast.other.pk, by=cast.month.hr).code == "not_eligible"
        assign_appeal(second.pk, handler_id=cast.month.hr.pk, by=cast.month.hr)


def test_what_the_first_instance_gave_is_not_given_again(cast):
    first = ruled(cast, partly("3"))
    item = first.items.get()
    with on(13):
        second = take_further(first.pk, reasons={item.pk: "还差"}, wish="", by=cast.agent)
        second = assign_appeal(second.pk, handler_id=cast.second_hr.pk, by=cast.month.hr)
        rulings = {second.items.get().pk: upheld("2")}
        error = refusal(rule_appeal, second.pk, rulings=rulings, reason="好", version=None, by=cast.second_hr)

    assert error.problems == ("差错：最多加1.00分",)
    rule(second, upheld("1"), by=cast.second_hr, day=13)
    assert cast.result.score == Decimal("84.00")


def test_the_second_instance_is_the_last(cast):
    first = ruled(cast, partly("3"))
    with on(13):
        second = take_further(first.pk, reasons={first.items.get().pk: "还差"}, wish="", by=cast.agent)
        second = assign_appeal(second.pk, handler_id=cast.second_hr.pk, by=cast.month.hr)
    second = rule(second, rejected(), by=cast.second_hr, day=13)
    with on(13):
        reasons = {second.items.get().pk: "再来"}
        assert refusal(take_further, second.pk, reasons=reasons, wish="", by=cast.agent).code == "not_allowed"


def test_nothing_is_taken_further_against_a_version_that_was_replaced(cast):
    first = ruled(cast, rejected())
    with on(13):
        withdraw_publication(cast.form.pk, reason="算错", by=cast.month.leader)
        reasons = {first.items.get().pk: "还差"}
        assert refusal(take_further, first.pk, reasons=reasons, wish="", by=cast.agent).code == "result_replaced"
        publish(cast.month, cast.form)
        assert refusal(take_further, first.pk, reasons=reasons, wish="", by=cast.agent).code == "result_replaced"


# --- never less -----------------------------------------------------------------------------------


class NeverLess(TestCase):
    """Whatever is added to whatever result, nothing gets less, and the most is reached but not passed."""

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.decimals(min_value="0.01", max_value="30", places=2), min_size=1, max_size=5))
    def test_an_appeal_never_lowers_anything(self, added):
        card = self.card
        entries = [Entry(str(n), points, "申诉") for n, points in enumerate(added)]

        after = adjusted_card(card, entries, SCHEME_1_0)

        assert after.total >= card.total
        assert after.coefficient is not None
        assert card.coefficient is not None
        assert after.coefficient >= card.coefficient
        assert after.lines == card.lines
        assert after.parts == card.parts
        assert after.adjusted == sum(added)

    def setUp(self):
        cast = make_cast()
        world.involvement(cast.agent, cast.other, cast.member, number="BL-9", points="95")
        with on(10):
            withdraw_publication(cast.form.pk, reason="漏记", by=cast.month.leader)
            publish(cast.month, cast.form)
        self.card = read_snapshot(cast.result.snapshot).card
