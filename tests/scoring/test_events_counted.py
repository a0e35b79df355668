"""What incidents, bonuses and calls do to a result: limits, what was cut, the month they count in, and its freezing."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from appraisals.facts import form_facts
from appraisals.models import Figure, Form, Item, Scheme
from appraisals.selectors.schemes import rules_of
from common.errors import RuleError
from incidents.models import BonusKind, Involvement, Severity
from incidents.states import EventState
from people.models import Employee
from policy.events import Cut
from policy.forms import build_scorecard
from quality.models import Call
from scoring.facts.snapshots import Frozen, digest_of, read_snapshot, snapshot_text
from scoring.models import AnnualResult, Result
from scoring.services import consolidation
from scoring.services.consolidation import consolidate_forms, withdraw_consolidation
from scoring.services.publication import publish_results
from scoring.services.years import close_year
from scoring.views.explained import explained
from tests import world
from tests.counting import statements
from tests.scoring.board import signed_in

pytestmark = pytest.mark.django_db
OLD = Path(__file__).parent.parent / "data" / "snapshot_1.json"
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def consolidated(month, form) -> Frozen:
    consolidate_forms(form.cycle_id, form_ids=[form.pk], by=month.leader)
    return read_snapshot(Result.objects.get(form=form, superseded_at=None).snapshot)


def a_bonus(month, number, code="", points="1", **facts):
    kind = BonusKind.objects.get(code=code) if code else None
    return world.bonus(month.agent, month.officer, month.supervisor, number=number, points=points, kind=kind, **facts)


def critical(month, number="BL-2026-0007", **facts):
    grave = Severity.objects.get(code="L4")
    return world.involvement(
        month.agent, month.officer, month.supervisor, number=number, points="20", severity=grave, **facts
    )


def limited(month, **limits) -> None:
    """Give the month's scheme limits."""
    scheme = month.cycle.scheme
    Scheme.objects.filter(pk=scheme.pk).update(parameters={**scheme.parameters, **limits})


def words_of(frozen: Frozen, part: int) -> list[str]:
    cuts: list[str] = explained(frozen).rows[part].get("cuts", [])
    return cuts


# --- limits ----------------------------------------------------------------------------------------


def test_a_kinds_cap_cuts_what_is_above_it_and_the_result_says_so(month):
    for n in range(4):
        a_bonus(month, f"JF-{n}", "B01")
    a_bonus(month, "JF-9", "B14", "5")

    frozen = consolidated(month, month.form)

    assert Result.objects.get().bonus == Decimal(8)
    assert frozen.card.added == Decimal(8)
    assert frozen.card.cuts == (Cut("kind_cap", Decimal(4), Decimal(3), Decimal(1), kind="B01"),)
    kind = BonusKind.objects.get(code="B01").name
    assert words_of(frozen, 5) == [f"{kind}每月最多 3 分，超出 1 不计"]
    assert explained(frozen).rows[5]["change"] == Decimal(8)


def test_the_schemes_limits_cut_both_sides_and_the_sums_stay_exact(month):
    limited(month, bonus_limit="10", deduction_limit="4")
    world.involvement(month.agent, month.officer, month.supervisor, number="BL-1", points="3")
    world.involvement(month.agent, month.officer, month.supervisor, number="BL-2", points="2.5")
    a_bonus(month, "JF-1", "B14", "5")
    a_bonus(month, "JF-2", "B15", "5")
    a_bonus(month, "JF-3", points="2")

    frozen = consolidated(month, month.form)

    assert (frozen.card.deducted, frozen.card.added) == (Decimal(4), Decimal(10))
    assert words_of(frozen, 4) == ["扣分合计 5.5，本月上限 4，超出 1.5 不计"]
    assert words_of(frozen, 5) == ["加分合计 12，本月上限 10，超出 2 不计"]
    assert frozen.card.total == Decimal(80) - 4 + 10


def test_with_a_critical_incident_no_bonus_of_the_month_counts(month):
    critical(month)
    a_bonus(month, "JF-1", "B02", "3")

    frozen = consolidated(month, month.form)

    assert (frozen.card.deducted, frozen.card.added, frozen.card.total) == (Decimal(20), Decimal(0), Decimal(60))
    assert words_of(frozen, 5) == ["当月有重大事故 BL-2026-0007，加分 3 不计"]


def test_a_critical_incident_not_confirmed_takes_no_bonus(month):
    Involvement.objects.filter(pk=critical(month).pk).update(state=EventState.FILED, verified_by=None)
    a_bonus(month, "JF-1", "B02", "3")

    assert consolidated(month, month.form).card.added == 3


def test_a_quarters_form_applies_every_months_limits_to_the_events_of_that_month(month):
    quarter = world.cycle(OCTOBER, "quarter")
    made = world.ready_form(month.agent, month.supervisor, month=date(2026, 12, 1))
    Form.objects.filter(pk=made.pk).update(cycle=quarter)
    for n, day in enumerate((OCTOBER, OCTOBER, NOVEMBER, NOVEMBER)):
        a_bonus(month, f"JF-{n}", "B02", "4", day=day)

    card = build_scorecard(form_facts([made.pk])[made.pk], rules_of(quarter.scheme))

    assert card.added == 12
    assert [(cut.month, cut.points) for cut in card.cuts] == [("2026-10", Decimal(2)), ("2026-11", Decimal(2))]


# --- freezing --------------------------------------------------------------------------------------


def test_kinds_caps_and_cuts_are_frozen_and_read_back_to_the_letter(month):
    for n in range(4):
        a_bonus(month, f"JF-{n}", "B01")
    critical(month)

    frozen = consolidated(month, month.form)

    result = Result.objects.get()
    assert snapshot_text(frozen.head, frozen.card, frozen.record) == result.snapshot
    assert digest_of(result.snapshot) == result.digest
    BonusKind.objects.filter(code="B01").update(name="改了名", cap=1)
    again = read_snapshot(Result.objects.get().snapshot)
    assert again.record.bonuses[0].kind_name.startswith("客户表扬")
    assert again.record.bonuses[0].cap == 3
    assert again.record.incidents[0].voids_bonus is True
    assert again.record.facts.incidents[0].voids_bonus is True


def test_a_result_of_before_still_reads_as_it_was():
    frozen = read_snapshot(OLD.read_text(encoding="utf-8"))

    card = frozen.card
    assert (card.deducted, card.added, card.total) == (Decimal(2), Decimal("1.50"), Decimal("79.50"))
    assert card.cuts == ()
    assert [event.number for event in frozen.record.incidents] == ["BL-2026-0007"]
    assert frozen.record.bonuses[0][9:] == ("", None, False, "", "")
    rows = explained(frozen).rows
    assert [(row["change"], row.get("cuts", [])) for row in rows[4:]] == [(-2, []), (Decimal("1.50"), [])]
    assert rows[4]["events"][0]["why"] == "发生在9月，计入本月"


# --- the month it counts in ------------------------------------------------------------------------


def test_an_event_of_a_month_whose_form_is_still_to_be_made_waits_for_it(month):
    early = world.involvement(month.agent, month.officer, month.supervisor, day=NOVEMBER)
    claim = world.bonus(month.agent, month.officer, month.supervisor, day=NOVEMBER)

    frozen = consolidated(month, month.form)

    assert (frozen.card.deducted, frozen.card.added) == (Decimal(0), Decimal(0))
    later = world.ready_form(month.agent, month.supervisor, month=NOVEMBER)
    frozen = consolidated(month, later)
    assert (frozen.card.deducted, frozen.card.added) == (Decimal(2), Decimal(1))
    for event in (early, claim):
        event.refresh_from_db()
        assert event.counted_month == NOVEMBER


def test_what_comes_too_late_for_its_own_month_goes_to_an_earlier_one_that_is_still_open(month):
    later = world.ready_form(month.agent, month.supervisor, month=NOVEMBER)
    consolidated(month, later)
    late = world.involvement(month.agent, month.officer, month.supervisor, day=NOVEMBER)

    assert consolidated(month, month.form).card.deducted == Decimal(2)
    late.refresh_from_db()
    assert late.counted_month == OCTOBER


def test_what_is_confirmed_after_consolidation_counts_in_the_earliest_open_month_and_says_so(month):
    later = world.ready_form(month.agent, month.supervisor, month=NOVEMBER)
    late = world.involvement(month.agent, month.officer, day=date(2026, 10, 30))
    claim = world.bonus(month.agent, month.officer, day=date(2026, 10, 30))
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
    for event, names in ((late, {"verified_by": month.supervisor}), (claim, {"second_checker": month.supervisor})):
        type(event).objects.filter(pk=event.pk).update(state=EventState.CONFIRMED, **names)

    frozen = consolidated(month, later)

    assert (frozen.card.deducted, frozen.card.added) == (Decimal(2), Decimal(1))
    rows = explained(frozen).rows
    assert [rows[n]["events"][0]["why"] for n in (4, 5)] == ["发生在10月，计入本月"] * 2
    for event in (late, claim):
        event.refresh_from_db()
        assert event.counted_month == NOVEMBER
    assert Result.objects.get(form=month.form).deduction == 0


def test_who_has_left_has_no_open_month_and_his_events_wait(month):
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)
    late = world.involvement(month.agent, month.officer, month.supervisor, day=date(2026, 10, 30))

    facts = form_facts([month.form.pk, month.second_form.pk])

    assert [facts[pk].incidents for pk in (month.form.pk, month.second_form.pk)] == [(), ()]
    late.refresh_from_db()
    assert late.counted_month is None


# --- calls -----------------------------------------------------------------------------------------


def monitored(month) -> None:
    """接通率 of the agent is the mean of his calls."""
    Figure.objects.filter(item__form=month.form, item__name="接通率").delete()
    Item.objects.filter(form=month.form, name="接通率").update(
        data_source="monitoring", method="linear", parameters="零分=60;满分=90"
    )


def test_consolidation_marks_the_calls_it_counted_and_withdrawal_lets_them_go(month):
    monitored(month)
    one = world.call(month.agent, month.supervisor, "80", number="LY-1")
    other = world.call(month.agent, month.supervisor, "85", number="LY-2")
    untouched = [
        world.call(month.agent, month.supervisor, None, number="LY-3"),
        world.call(month.agent, month.supervisor, "70", number="LY-4", called_on=date(2026, 9, 30)),
        world.call(month.second_agent, month.supervisor, "70", number="LY-5"),
    ]

    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk, month.second_form.pk], by=month.officer)

    line = read_snapshot(Result.objects.get(form=month.form).snapshot).record.items[0]
    assert (line.facts.figure, line.calls) == (Decimal("82.50"), 2)
    counted = Call.objects.filter(counted_month=OCTOBER)
    assert set(counted) == {one, other}
    assert not counted.filter(pk__in=[call.pk for call in untouched]).exists()

    withdraw_consolidation(month.form.pk, reason="录音改判", by=month.officer)
    assert not Call.objects.filter(counted_month__isnull=False).exists()


def test_calls_do_not_count_where_the_item_does_not_apply(month):
    monitored(month)
    world.call(month.agent, month.supervisor)
    Item.objects.filter(form=month.form, name="接通率").update(not_applicable_reason="整月培训")

    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)

    assert not Call.objects.filter(counted_month__isnull=False).exists()


def test_a_call_ruled_on_meanwhile_stops_the_consolidation(month, monkeypatch):
    monitored(month)
    call = world.call(month.agent, month.supervisor, "80")
    sorted_out = consolidation._sorted_out

    def ruled_meanwhile(*args):
        found = sorted_out(*args)
        Call.objects.filter(pk=call.pk).update(total=Decimal(90))
        return found

    monkeypatch.setattr(consolidation, "_sorted_out", ruled_meanwhile)
    with pytest.raises(RuleError) as refused:
        consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)

    assert refused.value.code == "changed_meanwhile"
    assert not Result.objects.exists()


def test_the_results_page_links_to_the_calls_and_to_the_records_one_may_open(month, client):
    monitored(month)
    world.call(month.agent, month.supervisor, "80", number="LY-1")
    share = world.involvement(month.agent, month.officer, month.supervisor, day=date(2026, 9, 28))
    claim = a_bonus(month, "JF-1", "B01", "4")
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.leader)
    publish_results(month.cycle.pk, form_ids=[month.form.pk], by=month.leader)
    records = [f"/incidents/{share.incident_id}/", f"/bonuses/{claim.pk}/"]

    for person in (month.agent, month.supervisor, month.hr):
        seen = signed_in(client, person).get(f"/results/{month.form.pk}/").text
        assert f'href="/calls/?agent={month.agent.number}&amp;month=2026-10">1 通录音</a>' in seen
        assert "发生在9月，计入本月" in seen
        assert "每月最多 3 分，超出 1 不计" in seen
        for record in records:
            assert (f'href="{record}"' in seen) == (client.get(record).status_code == 200)
    assert f'href="{records[0]}"' in signed_in(client, month.agent).get(f"/results/{month.form.pk}/").text


def test_records_and_calls_cost_the_results_page_one_statement(month, client):
    def opened(form) -> int:
        consolidate_forms(month.cycle.pk, form_ids=[form.pk], by=month.leader)
        publish_results(month.cycle.pk, form_ids=[form.pk], by=month.leader)
        signed_in(client, month.supervisor)
        return statements(lambda: client.get(f"/results/{form.pk}/"))

    for n in range(9):
        a_bonus(month, f"JF-{n}")
        world.involvement(month.agent, month.officer, month.supervisor, number=f"BL-{n}")

    assert opened(month.form) == opened(month.second_form) + 1 <= 15


# --- the year --------------------------------------------------------------------------------------


def a_year(month) -> list[Employee]:
    """Six published months for ten people; the best first."""
    people = [world.graded(world.person(f"员工{n}", superior=month.supervisor)) for n in range(10)]
    for number in range(1, 7):
        for place, somebody in enumerate(people):
            world.ready_form(somebody, month.supervisor, month=date(2026, number, 1), share=f"0.{95 - place}")
    return people


def settle(month) -> None:
    for number in range(1, 7):
        cycle = world.cycle(date(2026, number, 1))
        forms = [form.pk for form in Form.objects.filter(cycle=cycle)]
        consolidate_forms(cycle.pk, form_ids=forms, by=month.leader)
        publish_results(cycle.pk, form_ids=forms, by=month.leader)


@pytest.mark.parametrize(("state", "barred"), [(EventState.CONFIRMED, True), (EventState.OVERTURNED, False)])
def test_a_critical_incident_keeps_the_best_grade_of_the_year_from_him(month, state, barred):
    people = a_year(month)
    best = people[0]
    world.involvement(
        best,
        month.officer,
        month.supervisor,
        number="BL-2026-0007",
        day=date(2026, 3, 9),
        points="0.01",
        severity=Severity.objects.get(code="L4"),
        state=state,
    )
    settle(month)

    close_year(2026, completion=Decimal(100), by=month.hr)

    rows = {row.employee: row for row in AnnualResult.objects.all()}
    grades = [rows[somebody].grade for somebody in people]
    assert grades == list("BABCCCCCDD" if barred else "ABBCCCCCDD")
    assert rows[best].rank == 1
    assert rows[best].factors.get("barred_by") == (["BL-2026-0007"] if barred else None)


def test_an_incident_bars_the_year_it_counts_in_and_only_that(month):
    people = a_year(month)
    world.involvement(
        people[0],
        month.officer,
        month.supervisor,
        day=date(2025, 12, 30),
        points="0.01",
        severity=Severity.objects.get(code="L4"),
    )
    settle(month)  # January takes it: December 2025 has no form

    close_year(2026, completion=Decimal(100), by=month.hr)

    assert AnnualResult.objects.get(employee=people[0]).grade == "B"
