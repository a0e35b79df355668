"""Consolidation: complete forms become results, the others say what they wait for and who owes it."""

import json
from datetime import date
from decimal import Decimal

import pytest

from appraisals.models import Figure, Form, Score, UpwardScore, UpwardTurn
from appraisals.states import FormState, Part, ScoreKind
from audit.models import Event
from common.errors import RuleError
from incidents.states import EventState
from people.facts import SYSTEM
from people.models import DutyTurn
from scoring.facts.snapshots import digest_of, read_snapshot, snapshot_text
from scoring.models import Result
from scoring.services.consolidation import consolidate_forms, withdraw_consolidation
from tests import world
from tests.counting import statements

pytestmark = pytest.mark.django_db


def consolidate(month, *forms, by=None):
    ids = [form.pk for form in forms or (month.form, month.second_form, month.own_form)]
    return consolidate_forms(month.cycle.pk, form_ids=ids, by=by or month.officer)


def incident(month, number="BL-1", day=date(2026, 10, 12), points="2", **facts):
    return world.involvement(
        month.agent, month.officer, month.supervisor, number=number, day=day, points=points, **facts
    )


def test_complete_forms_become_results_with_score_coefficient_and_pay(month):
    outcome = consolidate(month)

    assert set(outcome.done) == {month.form.pk, month.second_form.pk, month.own_form.pk}
    result = Result.objects.get(form=month.form)
    assert (result.kpi, result.goal, result.behaviour) == (Decimal(56), Decimal(8), Decimal(16))
    assert (result.score, result.coefficient, result.full_marks) == (Decimal(80), Decimal(80), Decimal(100))
    assert (result.performance_pay, result.base_pay) == (Decimal(1120), Decimal(4520))
    month.form.refresh_from_db()
    assert month.form.state == FormState.CONSOLIDATED
    assert month.form.consolidated_at is not None


def test_the_snapshot_is_signed_by_its_digest_and_reads_back_as_it_was(month):
    consolidate(month)

    for result in Result.objects.all():
        frozen = read_snapshot(result.snapshot)
        assert digest_of(result.snapshot) == result.digest
        assert snapshot_text(*frozen) == result.snapshot
        assert frozen.card.coefficient == result.coefficient
        assert str(result.performance_pay) not in result.snapshot  # the owner signs it and may not know the pay


def test_a_snapshot_is_plain_json_in_its_one_canonical_form(month):
    month.form.items.filter(name="差错").update(name='带"引号"、反斜杠\\和\n换行', standard="≥90％")

    consolidate(month)

    for text in Result.objects.values_list("snapshot", flat=True):
        assert json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")) == text


def test_a_missing_figure_keeps_the_form_waiting_and_names_who_owes_it(month):
    Figure.objects.filter(item__form=month.form, item__name="差错").delete()
    Score.objects.filter(item__form=month.second_form, kind=ScoreKind.REVIEW).delete()

    outcome = consolidate(month)

    assert outcome.done == (month.own_form.pk,)
    words = {waiting.form_id: waiting.words for waiting in outcome.refused}
    assert words[month.form.pk] == "“差错”缺数据（周敏）"
    assert words[month.second_form.pk] == "“月度重点”还没复核（周敏）；“责任心”还没复核（周敏）"
    assert Form.objects.get(pk=month.form.pk).state == FormState.READY
    assert not Result.objects.filter(form=month.form).exists()


def test_what_does_not_apply_leaves_score_and_full_marks(month):
    month.form.items.filter(name="接通率").update(not_applicable_reason="休产假")
    Figure.objects.filter(item__form=month.form, item__name="差错").update(
        is_not_applicable=True, value=None, basis="系统停用"
    )

    consolidate(month, month.form)

    result = Result.objects.get(form=month.form)
    assert (result.full_marks, result.score, result.coefficient) == (Decimal(30), Decimal(24), Decimal(80))


def test_a_person_without_a_grade_waits_for_hr(month):
    month.agent.grade = None
    month.agent.save()

    outcome = consolidate(month, month.form)

    assert [waiting.words for waiting in outcome.refused] == ["没有登记等级（人力资源部）"]


def test_confirmed_incidents_count_once_and_carry_their_month(month):
    counted, elsewhere = incident(month), incident(month, "BL-2", state=EventState.FILED)
    late = incident(month, "BL-3", date(2026, 9, 3), "1.5")

    consolidate(month, month.form)

    result = Result.objects.get(form=month.form)
    assert result.deduction == Decimal("3.5")  # September has no open form: the earliest open month takes it
    assert [event.number for event in read_snapshot(result.snapshot).record.incidents] == ["BL-3", "BL-1"]
    for event in (counted, elsewhere, late):
        event.refresh_from_db()
    assert (counted.counted_month, late.counted_month) == (date(2026, 10, 1), date(2026, 10, 1))
    assert elsewhere.counted_month is None


def test_an_incident_of_a_month_still_open_waits_for_that_month(month):
    world.ready_form(month.agent, month.supervisor, month=date(2026, 11, 1))
    incident(month, day=date(2026, 11, 2))

    consolidate(month, month.form)

    assert Result.objects.get(form=month.form).deduction == 0


def test_withdrawing_opens_the_form_lets_incidents_go_and_a_new_version_follows(month):
    event = incident(month)
    consolidate(month, month.form)

    withdraw_consolidation(month.form.pk, reason="数据要更正", by=month.officer)

    event.refresh_from_db()
    month.form.refresh_from_db()
    assert (month.form.state, event.counted_month) == (FormState.READY, None)
    consolidate(month, month.form)
    first, second = Result.objects.filter(form=month.form).order_by("version")
    assert (first.superseded_reason, second.version, second.superseded_at) == ("数据要更正", 2, None)
    assert first.digest != second.digest


def test_withdrawing_needs_a_reason_and_the_right_person(month):
    consolidate(month, month.form)

    for by, reason, code in (
        (month.officer, " ", "reason_missing"),
        (month.supervisor, "x", "not_allowed"),
        (month.agent, "x", "not_allowed"),
    ):
        with pytest.raises(RuleError) as refused:
            withdraw_consolidation(month.form.pk, reason=reason, by=by)
        assert refused.value.code == code


@pytest.mark.parametrize("who", ["supervisor", "agent", "hr", "manager"])
def test_only_the_duty_officer_or_the_leader_consolidates(month, who):
    with pytest.raises(RuleError) as refused:
        consolidate(month, by=getattr(month, who))

    assert refused.value.code == "not_allowed"
    assert not Result.objects.exists()


def test_duty_of_another_month_gives_no_right(month):
    other = world.on_duty(world.in_group(world.person("钱多")), date(2026, 11, 1))

    with pytest.raises(RuleError):
        consolidate(month, by=other)


def test_ones_own_form_goes_along_with_the_others_but_not_alone(month):
    world.in_group(month.supervisor)
    DutyTurn.objects.filter(month=date(2026, 10, 1)).update(officer=month.supervisor)

    with pytest.raises(RuleError) as refused:
        consolidate(month, month.own_form, by=month.supervisor)
    assert refused.value.code == "own_form"

    assert len(consolidate(month, by=month.supervisor).done) == 3


@pytest.mark.parametrize("company", ["nobody", "himself twice", "one that is not complete"])
def test_a_form_that_does_not_move_is_no_company_for_ones_own(month, company):
    world.in_group(month.supervisor)
    DutyTurn.objects.filter(month=date(2026, 10, 1)).update(officer=month.supervisor)
    Figure.objects.filter(item__form=month.form).delete()
    beside = {"nobody": 999_999, "himself twice": month.own_form.pk, "one that is not complete": month.form.pk}

    with pytest.raises(RuleError) as refused:
        consolidate_forms(month.cycle.pk, form_ids=[month.own_form.pk, beside[company]], by=month.supervisor)

    assert refused.value.code == "own_form"
    assert not Result.objects.exists()


def test_consolidating_again_changes_nothing(month):
    consolidate(month)
    before = list(Result.objects.values())

    assert consolidate(month).done == ()
    assert list(Result.objects.values()) == before


def test_the_batch_leaves_one_event_with_the_digest_of_every_form(month):
    consolidate(month)

    event = Event.objects.get(action="forms.consolidate")
    digests = dict(Result.objects.values_list("form_id", "digest"))
    assert event.after is not None
    assert {int(form): digest for form, digest in event.after["results"].items()} == digests
    assert event.actor_number == month.officer.number


def test_ratings_are_stored_anew_and_turns_not_taken_are_closed(month):
    item = month.own_form.items.get(part=Part.MANAGEMENT)
    raters = [world.person(f"员工{n}", superior=month.supervisor) for n in range(4)]
    for number, rater in enumerate(raters):
        UpwardTurn.objects.create(form=month.own_form, rater=rater, is_done=number < 3)
        if number < 3:
            UpwardScore.objects.create(item=item, points=Decimal(number + 5))
    before = set(UpwardScore.objects.values_list("pk", flat=True))

    consolidate(month, month.own_form)

    assert before.isdisjoint(UpwardScore.objects.values_list("pk", flat=True))
    assert sorted(UpwardScore.objects.values_list("points", flat=True)) == [5, 6, 7]
    # Nobody rates later: the difference would be his rating.
    assert UpwardTurn.objects.filter(form=month.own_form).count() == 3
    result = Result.objects.get(form=month.own_form)
    assert result.management == Decimal("6.00")  # 20 % of 6, 20 % of 6, 60 % of 6
    record = read_snapshot(result.snapshot).record
    assert (record.asked, record.rated) == (4, 3)


def test_the_number_of_statements_does_not_grow_with_the_forms(month):
    def settle(people: int) -> int:
        forms = [
            world.ready_form(world.graded(world.person(f"员工{n}", superior=month.supervisor)), month.supervisor)
            for n in range(people)
        ]
        return statements(lambda: consolidate(month, *forms, by=SYSTEM))

    assert settle(2) == settle(20) <= 25
