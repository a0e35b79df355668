"""A month's pay: prepared by one, settled by another, each form, difference and extra paid once (P7.1, P6.3b)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisals.models import Form
from appraisals.states import FormState
from audit.models import Event
from notices.models import Message
from people.models import Grade
from people.services.pay_steps import end_pay_step, set_pay_step
from policy.schemes import SCHEME_1_0
from scoring.facts.pay import draft_run
from scoring.models import ExtraPay, PayDifference, PayLine, PayRun, Result
from scoring.selectors.pay import Beside, FiledPay
from scoring.services.consolidation import consolidate_forms
from scoring.services.filing import file_forms, unfile
from scoring.services.paying import add_extra, cancel_extra, discard_pay, owe_for_cap, prepare_pay, settle_pay
from scoring.services.publication import publish_results
from tests import world
from tests.appeals.conftest import Cast, make_cast, on, refusal, ruled, sign_both, upheld
from tests.counting import statements

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def cast(db) -> Cast:
    """October published; the agent's form signed by both."""
    made = make_cast()
    with on(9):
        sign_both(made.form, made.month)
    return made


def filed(cast: Cast, *others: Form) -> None:
    """The agent's form filed, and others as if they were signed."""
    Form.objects.filter(pk__in=[form.pk for form in others]).update(state=FormState.SIGNED)
    with on(9):
        file_forms(cast.month.cycle.pk, form_ids=[cast.form.pk, *(form.pk for form in others)], by=cast.month.hr)


def prepared(cast: Cast, day: int = 9, month: date = date(2026, 10, 1), hour: int = 11) -> PayRun:
    with on(day, hour, month=month.month + 1):
        return prepare_pay(world.cycle(month).pk, by=cast.month.hr)


def settled(cast: Cast, run: PayRun, day: int = 9) -> PayRun:
    with on(day, 12, month=run.cycle.starts_on.month + 1):
        return settle_pay(run.pk, digest=run.digest, by=cast.second_hr)


def paid_to(cast: Cast) -> Decimal:
    """Everything the agent was ever paid."""
    return sum((line.total for line in PayLine.objects.filter(employee=cast.agent)), Decimal(0))


# --- one prepares, another settles ----------------------------------------------------------------


def test_a_filed_month_is_paid_once_with_every_factor(cast):
    filed(cast, cast.month.second_form)

    run = settled(cast, prepared(cast))

    assert (run.number, run.state, run.people) == (1, "settled", 2)
    line = PayLine.objects.get(form=cast.form)
    assert (line.pay_cap, line.coefficient, line.counted) == (Decimal(1400), Decimal(80), Decimal(80))
    assert (line.performance_pay, line.post_wage, line.base_pay) == (Decimal(1120), Decimal(3400), Decimal(4520))
    assert (line.result, line.total) == (cast.result, Decimal(4520))
    assert run.total == Decimal(4520) + Decimal(3400) + Decimal(1330)
    with on(10):
        assert refusal(prepare_pay, cast.month.cycle.pk, by=cast.month.hr).code == "nothing_to_pay"
        again = refusal(settle_pay, run.pk, digest=run.digest, by=cast.second_hr)
        assert again.code == refusal(discard_pay, run.pk, reason="错", by=cast.second_hr).code == "settled_already"


def test_whoever_prepared_it_does_not_settle_it(cast):
    filed(cast)
    run = prepared(cast)

    with on(9, 12):
        error = refusal(settle_pay, run.pk, digest=run.digest, by=cast.month.hr)

    assert error.code == "prepared_by_yourself"
    assert settled(cast, run).settled_by == cast.second_hr


@pytest.mark.parametrize("who", ["agent", "supervisor", "officer", "leader", "manager"])
def test_nobody_but_hr_prepares_settles_or_hands_back(cast, who):
    filed(cast)
    run, somebody = prepared(cast), getattr(cast.month, who)

    with on(9, 12):
        assert refusal(prepare_pay, cast.month.cycle.pk, by=somebody).code == "not_allowed"
        assert refusal(settle_pay, run.pk, digest=run.digest, by=somebody).code == "not_allowed"
        assert refusal(discard_pay, run.pk, reason="错", by=somebody).code == "not_allowed"


def test_a_month_that_still_runs_is_not_prepared(cast):
    world.ready_form(cast.agent, cast.month.supervisor, month=NOVEMBER, state=FormState.FILED)

    with on(30):
        assert refusal(prepare_pay, world.cycle(NOVEMBER).pk, by=cast.month.hr).code == "month_runs"


def test_each_is_told_without_an_amount(cast):
    filed(cast)

    settled(cast, prepared(cast))

    told = Message.objects.get(recipient=cast.agent, kind="pay_settled")
    assert (told.detail, told.path) == ({"month": "2026-10"}, "/pay/mine/")
    assert [event.actor_number for event in Event.objects.filter(action__startswith="pay.").order_by("pk")] == [
        cast.month.hr.number,
        cast.second_hr.number,
    ]


def test_preparing_again_replaces_and_the_page_seen_before_is_no_longer_settled(cast):
    filed(cast)
    first = prepared(cast)
    filed(cast, cast.month.second_form)
    second = prepared(cast, hour=12)

    with on(9, 13):
        assert refusal(settle_pay, first.pk, digest=first.digest, by=cast.second_hr).code == "gone"
        assert refusal(settle_pay, second.pk, digest=first.digest, by=cast.second_hr).code == "changed_meanwhile"
    assert (PayRun.objects.get().people, second.number) == (2, 1)


def test_what_is_handed_back_is_open_again_and_the_preparer_hears_of_it(cast):
    filed(cast)
    run = prepared(cast)

    with on(9, 12):
        assert refusal(discard_pay, run.pk, reason=" ", by=cast.second_hr).code == "reason_missing"
        discard_pay(run.pk, reason="少了一个人", by=cast.second_hr)

    assert not PayRun.objects.exists()
    assert Message.objects.filter(recipient=cast.month.hr, kind="pay_discarded").count() == 1
    assert Event.objects.get(action="pay.discarded").reason == "少了一个人"
    assert settled(cast, prepared(cast)).people == 1


def test_nothing_that_changed_since_is_settled_and_the_refusal_names_whose(cast):
    filed(cast, cast.month.second_form)
    run = prepared(cast)
    with on(9, 12):
        unfile(cast.form.pk, reason="签错人", by=cast.month.hr)

    with on(9, 13):
        error = refusal(settle_pay, run.pk, digest=run.digest, by=cast.second_hr)

    assert error.code == "changed_since"
    assert cast.agent.name in str(error)
    assert cast.month.second_agent.name not in str(error)


def test_a_line_written_over_is_not_settled(cast):
    filed(cast)
    run = prepared(cast)
    PayLine.objects.update(base_pay=Decimal(9999), total=Decimal(9999))

    with on(9, 13):
        assert refusal(settle_pay, run.pk, digest=run.digest, by=cast.second_hr).code == "changed_since"


def test_a_paid_form_is_not_unfiled_and_a_prepared_one_is(cast):
    filed(cast, cast.month.second_form)
    settled(cast, prepared(cast))

    with on(10):
        assert refusal(unfile, cast.form.pk, reason="错", by=cast.month.hr).code == "paid"


def test_what_is_filed_late_is_paid_by_the_next_run(cast):
    filed(cast)
    first = settled(cast, prepared(cast))
    filed(cast, cast.month.second_form)

    second = settled(cast, prepared(cast, day=10), day=10)

    assert (first.number, second.number) == (1, 2)
    assert [line.employee for line in second.lines.all()] == [cast.month.second_agent]


# --- corrected before and after -------------------------------------------------------------------


def test_what_is_corrected_before_it_is_paid_is_paid_right_once(cast):
    filed(cast)
    run = prepared(cast)
    ruled(cast, upheld("2"))
    with on(12, 14):
        assert refusal(settle_pay, run.pk, digest=run.digest, by=cast.second_hr).code == "changed_since"
        sign_both(cast.form, cast.month)
        file_forms(cast.month.cycle.pk, form_ids=[cast.form.pk], by=cast.month.hr)

    settled(cast, prepared(cast, day=13), day=13)

    assert not PayDifference.objects.exists()
    assert paid_to(cast) == Decimal(3400) + Decimal(1148)


def test_what_is_corrected_after_it_is_paid_is_made_up_once_in_the_next_month(cast):
    filed(cast)
    settled(cast, prepared(cast))
    ruled(cast, upheld("2"))
    with on(13):
        sign_both(cast.form, cast.month)
        file_forms(cast.month.cycle.pk, form_ids=[cast.form.pk], by=cast.month.hr)
        assert refusal(prepare_pay, cast.month.cycle.pk, by=cast.month.hr).code == "nothing_to_pay"

    run = settled(cast, prepared(cast, month=NOVEMBER))

    line = run.lines.get()
    assert (line.form, line.base_pay, line.differences, line.total) == (None, Decimal(0), Decimal(28), Decimal(28))
    assert paid_to(cast) == Decimal(3400) + Decimal(1148)
    with on(20, month=12):
        assert refusal(prepare_pay, world.cycle(NOVEMBER).pk, by=cast.month.hr).code == "nothing_to_pay"


# --- beside the coefficient -----------------------------------------------------------------------


def extra(cast: Cast, amount: str = "500", month: date = date(2026, 10, 1)) -> ExtraPay:
    return add_extra(
        cast.agent.pk,
        kind="excellence",
        amount=Decimal(amount),
        paid_month=month,
        reason="三次90以上",
        by=cast.month.hr,
    )


def test_an_extra_is_paid_once_beside_the_months_pay(cast):
    filed(cast)
    extra(cast)

    run = settled(cast, prepared(cast))

    line = run.lines.get()
    assert (line.base_pay, line.extras, line.total) == (Decimal(4520), Decimal(500), Decimal(5020))
    assert run.extras == Decimal(500)


def test_an_extra_of_a_later_month_waits_for_it(cast):
    filed(cast)
    extra(cast, month=NOVEMBER)

    assert settled(cast, prepared(cast)).extras == 0
    assert prepared(cast, month=NOVEMBER).extras == Decimal(500)


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_extra_is_more_than_nothing(cast, amount):
    assert refusal(extra, cast, amount).code == "amount_not_positive"


def test_an_extra_taken_back_before_it_is_paid_is_not_paid(cast):
    filed(cast)
    given = extra(cast)
    run = prepared(cast)

    assert cancel_extra(given.pk, reason="撤回决定", by=cast.month.hr) is None

    with on(9, 13):
        assert refusal(settle_pay, run.pk, digest=run.digest, by=cast.second_hr).code == "changed_since"
    assert settled(cast, prepared(cast)).extras == 0


def test_an_extra_taken_back_after_it_was_paid_is_asked_back_once(cast):
    filed(cast)
    given = extra(cast)
    settled(cast, prepared(cast))

    with on(12):
        cancel_extra(given.pk, reason="撤回决定", by=cast.month.hr)
        cancel_extra(given.pk, reason="再撤一次", by=cast.month.hr)

    back = PayDifference.objects.get()
    assert (back.amount, back.paid_month, back.extra) == (Decimal(-500), NOVEMBER, given)
    settled(cast, prepared(cast, month=NOVEMBER))
    assert paid_to(cast) == Decimal(4520)


# --- rungs ----------------------------------------------------------------------------------------


def higher(cast: Cast) -> Grade:
    assert cast.agent.position is not None
    return Grade.objects.create(
        position=cast.agent.position, name="二级", rank=2, post_wage=Decimal(3600), pay_cap=Decimal(1600)
    )


def step_since(cast: Cast, day: date, kind: str = "cap"):
    return set_pay_step(
        cast.agent.pk, kind=kind, grade_id=higher(cast).pk, starts_on=day, source="JC-1", by=cast.month.hr
    )


def november(cast: Cast) -> Result:
    """The agent's November, 80 %, published, signed and filed."""
    form = world.ready_form(cast.agent, cast.month.supervisor, month=NOVEMBER)
    with on(9, month=12):
        consolidate_forms(form.cycle_id, form_ids=[form.pk], by=cast.month.leader)
        publish_results(form.cycle_id, form_ids=[form.pk], by=cast.month.leader)
    Form.objects.filter(pk=form.pk).update(state=FormState.FILED)
    return Result.objects.get(form=form)


def test_a_month_is_paid_by_the_rung_of_its_first_day(cast):
    step_since(cast, NOVEMBER)

    result = november(cast)

    assert (result.pay_cap, result.performance_pay, result.post_wage) == (Decimal(1600), Decimal(1280), Decimal(3400))
    assert cast.result.pay_cap == 1400


def test_a_cap_taken_back_is_made_up_where_it_was_paid(cast):
    step = step_since(cast, NOVEMBER)
    result = november(cast)
    settled(cast, prepared(cast, month=NOVEMBER))

    with on(15, month=12):
        end_pay_step(step.pk, day=NOVEMBER, by=cast.month.hr)
        owe_for_cap(cast.agent.pk, since=NOVEMBER, reason="撤回JC-1", by=cast.month.hr)
        owe_for_cap(cast.agent.pk, since=NOVEMBER, reason="撤回JC-1", by=cast.month.hr)

    owed = PayDifference.objects.get()
    assert (owed.kind, owed.paid, owed.due, owed.amount) == ("cap", Decimal(1280), Decimal(1120), Decimal(-160))
    assert (owed.before, owed.paid_month) == (result, date(2026, 12, 1))
    assert PayLine.objects.get(form=result.form).performance_pay == 1280


def test_a_cap_taken_back_before_it_was_paid_owes_nothing_and_is_paid_right(cast):
    step = step_since(cast, NOVEMBER)
    result = november(cast)
    run = prepared(cast, month=NOVEMBER)
    digest = result.digest

    with on(15, month=12):
        end_pay_step(step.pk, day=NOVEMBER, by=cast.month.hr)
        owe_for_cap(cast.agent.pk, since=NOVEMBER, reason="撤回JC-1", by=cast.month.hr)
        assert refusal(settle_pay, run.pk, digest=run.digest, by=cast.second_hr).code == "changed_since"

    result.refresh_from_db()
    assert not PayDifference.objects.exists()
    assert (result.performance_pay, result.digest) == (Decimal(1120), digest)
    assert settled(cast, prepared(cast, month=NOVEMBER, day=16), day=16).performance_pay == 1120


def test_a_grade_taken_back_makes_up_wage_and_cap_together(cast):
    step = step_since(cast, NOVEMBER, kind="grade")
    november(cast)
    settled(cast, prepared(cast, month=NOVEMBER))

    with on(15, month=12):
        end_pay_step(step.pk, day=NOVEMBER, by=cast.month.hr)
        owe_for_cap(cast.agent.pk, since=NOVEMBER, reason="撤回", by=cast.month.hr)

    assert [one.amount for one in PayDifference.objects.all()] == [Decimal(-360)]


def test_a_correction_on_top_of_a_cap_taken_back_is_right_to_the_cent(cast):
    filed(cast)
    step = step_since(cast, date(2026, 10, 1))
    with on(9):
        owe_for_cap(cast.agent.pk, since=date(2026, 10, 1), reason="补", by=cast.month.hr)
    settled(cast, prepared(cast))
    with on(10):
        end_pay_step(step.pk, day=date(2026, 10, 1), by=cast.month.hr)
        owe_for_cap(cast.agent.pk, since=date(2026, 10, 1), reason="撤回", by=cast.month.hr)

    ruled(cast, upheld("2"))

    assert [one.amount for one in PayDifference.objects.order_by("pk")] == [Decimal(-160), Decimal(28)]
    settled(cast, prepared(cast, month=NOVEMBER))
    assert paid_to(cast) == Decimal(3400) + Decimal(1148)


# --- to the cent, in few statements ---------------------------------------------------------------

money = st.integers(0, 2_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
percents = st.one_of(st.none(), st.integers(0, 15_000).map(lambda cents: Decimal(cents).scaleb(-2)))
owed = st.integers(-500_000, 500_000).map(lambda cents: Decimal(cents).scaleb(-2))


def half_up(value: Fraction) -> Decimal:
    cents = (value * 200 + 1) // 2
    return Decimal(int(cents)).scaleb(-2)


@given(
    rows=st.lists(st.tuples(money, money, percents), max_size=8),
    differences=st.lists(st.tuples(st.integers(0, 9), owed), max_size=8),
    extras=st.lists(st.tuples(st.integers(0, 9), money), max_size=8),
)
def test_lines_and_sums_are_what_plain_arithmetic_says(rows, differences, extras):
    forms = [FiledPay(pk, pk, f"T{pk}", "", pk, "", "", *row) for pk, row in enumerate(rows)]
    beside = [
        [Beside(n, pk, f"T{pk}", "", amount) for n, (pk, amount) in enumerate(items)] for items in (differences, extras)
    ]

    made = draft_run(forms, beside[0], beside[1], SCHEME_1_0)

    totals: dict[int, Decimal] = {}
    for pk, (wage, cap, percent) in enumerate(rows):
        counted = min(Fraction(percent), Fraction(100)) if percent is not None else Fraction(0)
        totals[pk] = wage + half_up(Fraction(cap) * counted / 100)
    for pk, amount in (*differences, *extras):
        totals[pk] = totals.get(pk, Decimal(0)) + amount
    assert {line.employee_id: line.total for line in made.lines} == totals
    run = PayRun()
    made.fill(run)
    assert run.total == sum(totals.values()) == run.base_pay + run.differences + run.extras
    assert len(run.digest) == 64


def test_a_run_takes_as_many_statements_for_many_as_for_few(cast):
    filed(cast)
    counts = []
    for people in (0, 20):
        more = [world.ready_form(world.graded(world.person(f"员工{n}")), cast.month.supervisor) for n in range(people)]
        with on(9):
            consolidate_forms(cast.month.cycle.pk, form_ids=[form.pk for form in more], by=cast.month.leader)
        Form.objects.filter(pk__in=[form.pk for form in more]).update(state=FormState.FILED)
        with on(9, 12):
            prepare = statements(partial(prepare_pay, cast.month.cycle.pk, by=cast.month.hr))
            run = PayRun.objects.get()
            settle = statements(partial(settle_pay, run.pk, digest=run.digest, by=cast.second_hr))
        counts.append((prepare, settle))
        PayRun.objects.all().delete()
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15
