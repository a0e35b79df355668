"""Scores: by level or in points, with facts, by the right person at the right time; the moves that follow."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from appraisals.models import Form, Item, Score
from appraisals.services.moves import return_review, return_self, review_without_self, submit_review, submit_self
from appraisals.services.scores import Entry, mark_not_applicable, save_review_score, save_scores, save_self_score
from appraisals.states import FormState, Part, ScoreKind
from appraisals.workflow import Piece
from audit.models import Event
from common.errors import ConflictError, RuleError
from people.facts import SYSTEM
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(cast) -> Form:
    """The agent's October form, targets confirmed."""
    made = world.form(cast.agent, cast.supervisor, state=FormState.ACTIVE)
    world.library_items(made)
    return made


@pytest.fixture
def managers_form(cast) -> Form:
    """The supervisor's October form in review."""
    made = world.form(cast.supervisor, cast.manager, state=FormState.REVIEW)
    world.library_items(made)
    return made


def item(form: Form, part: str, order: int = 0) -> Item:
    return form.items.filter(part=part).order_by("order", "pk")[order]


def in_review(form: Form) -> Form:
    form.state = FormState.REVIEW
    form.save(update_fields=["state"])
    return form


def score_all(form: Form, kind: str, level: int = 4) -> None:
    """Every scorable item at 80 percent."""
    for one in form.items.exclude(part=Part.KPI):
        superior = kind == ScoreKind.REVIEW and one.part == Part.MANAGEMENT
        Score.objects.create(
            item=one,
            kind=ScoreKind.SUPERIOR if superior else kind,
            rater=form.employee if kind == ScoreKind.SELF else form.owner,
            points=one.points * level / 5,
            level=level,
            updated_at=datetime(2026, 11, 2, tzinfo=UTC),
        )


def refusal(call, *args, **kwargs) -> RuleError:
    with pytest.raises(RuleError) as caught:
        call(*args, **kwargs)
    return caught.value


def test_a_level_becomes_its_share_of_the_points(form, cast):
    behaviour = item(form, Part.BEHAVIOUR)

    score = save_self_score(behaviour.pk, entry=Entry(level=4, version=0), by=cast.agent)

    assert score is not None
    assert (score.points, score.level, score.kind) == (behaviour.points * 80 / 100, 4, ScoreKind.SELF)
    assert score.rater == cast.agent


def test_exact_points_that_equal_a_level_are_that_level(form, cast):
    behaviour = item(form, Part.BEHAVIOUR)

    score = save_self_score(behaviour.pk, entry=Entry(points=behaviour.points), by=cast.agent)
    between = save_self_score(behaviour.pk, entry=Entry(points=Decimal("3.5")), by=cast.agent)

    assert score is not None
    assert score.level == 5
    assert between is not None
    assert between.level is None


def test_the_superior_scores_management_and_reviews_the_rest(managers_form, cast):
    kinds = {}
    for part in (Part.GOAL, Part.BEHAVIOUR, Part.MANAGEMENT):
        score = save_review_score(item(managers_form, part).pk, entry=Entry(points=Decimal(1)), by=cast.manager)
        assert score is not None
        kinds[part] = score.kind

    assert kinds == {
        Part.GOAL: ScoreKind.REVIEW,
        Part.BEHAVIOUR: ScoreKind.REVIEW,
        Part.MANAGEMENT: ScoreKind.SUPERIOR,
    }


@pytest.mark.parametrize("points", ["-0.01", "5.01", "NaN", "Infinity"])
def test_points_outside_the_item_are_refused(form, cast, points):
    goal = item(form, Part.GOAL)

    assert refusal(save_self_score, goal.pk, entry=Entry(points=Decimal(points)), by=cast.agent).code == "out_of_range"
    assert not Score.objects.exists()


def test_more_than_two_decimals_are_refused(form, cast):
    error = refusal(save_self_score, item(form, Part.GOAL).pk, entry=Entry(points=Decimal("1.234")), by=cast.agent)

    assert error.code == "too_fine"


def test_a_level_the_scheme_does_not_have_is_refused(form, cast):
    assert refusal(save_self_score, item(form, Part.BEHAVIOUR).pk, entry=Entry(level=6), by=cast.agent).code == (
        "unknown_level"
    )
    assert refusal(save_self_score, item(form, Part.GOAL).pk, entry=Entry(level=4), by=cast.agent).code == (
        "unknown_level"
    )


def test_a_kpi_is_never_scored_by_hand(form, cast):
    error = refusal(save_self_score, item(form, Part.KPI).pk, entry=Entry(points=Decimal(1)), by=cast.agent)

    assert error.code == "scored_by_figure"


def test_nobody_scores_for_another_or_out_of_time(form, cast):
    goal = item(form, Part.GOAL)
    entry = Entry(points=Decimal(4))

    assert refusal(save_self_score, goal.pk, entry=entry, by=cast.supervisor).code == "not_allowed"
    assert refusal(save_review_score, goal.pk, entry=entry, by=cast.supervisor).code == "not_now"
    in_review(form)
    assert refusal(save_review_score, goal.pk, entry=entry, by=cast.agent).code == "not_allowed"
    assert refusal(save_self_score, goal.pk, entry=entry, by=cast.agent).code == "not_now"
    assert refusal(save_review_score, goal.pk, entry=entry, by=cast.officer).code == "not_allowed"
    assert save_review_score(goal.pk, entry=entry, by=cast.supervisor) is not None


def test_a_stale_writer_sees_both_values(form, cast):
    goal = item(form, Part.GOAL)
    save_self_score(goal.pk, entry=Entry(points=Decimal(4), version=0), by=cast.agent)

    error = refusal(save_self_score, goal.pk, entry=Entry(points=Decimal(3), version=0), by=cast.agent)

    assert isinstance(error, ConflictError)
    assert error.theirs == "4.00"
    assert "3.00" in str(error)
    assert Score.objects.get().points == 4


def test_the_same_again_is_no_conflict_and_writes_nothing(form, cast):
    goal = item(form, Part.GOAL)
    save_self_score(goal.pk, entry=Entry(points=Decimal(4), version=0), by=cast.agent)
    told = Event.objects.count()

    score = save_self_score(goal.pk, entry=Entry(points=Decimal(4), version=0), by=cast.agent)

    assert score is not None
    assert score.version == 1
    assert Event.objects.count() == told


def test_a_score_can_be_taken_back(form, cast):
    goal = item(form, Part.GOAL)
    save_self_score(goal.pk, entry=Entry(points=Decimal(4)), by=cast.agent)

    assert save_self_score(goal.pk, entry=Entry(version=1), by=cast.agent) is None
    assert not Score.objects.exists()


def test_many_scores_are_stored_at_once_or_not_at_all(form, cast):
    first, second = form.items.filter(part=Part.GOAL)
    good = {first.pk: Entry(points=Decimal(4)), second.pk: Entry(points=Decimal(5))}
    bad = good | {second.pk: Entry(points=Decimal(50))}

    assert refusal(save_scores, form.pk, entries=bad, piece=Piece.SELF_SCORES, by=cast.agent).code == "out_of_range"
    assert not Score.objects.exists()
    assert save_scores(form.pk, entries=good, piece=Piece.SELF_SCORES, by=cast.agent) == 2


def test_items_of_another_form_do_not_slip_in(form, managers_form, cast):
    foreign = item(managers_form, Part.GOAL)

    with pytest.raises(Item.DoesNotExist):
        save_scores(form.pk, entries={foreign.pk: Entry(points=Decimal(1))}, piece=Piece.SELF_SCORES, by=cast.agent)


def test_not_applicable_needs_a_reason_and_can_be_undone(form, cast):
    in_review(form)
    goal = item(form, Part.GOAL)

    assert refusal(mark_not_applicable, goal.pk, reason=" ", by=cast.supervisor).code == "reason_missing"
    assert mark_not_applicable(goal.pk, reason="项目顺延到11月", by=cast.supervisor).is_not_applicable
    error = refusal(save_review_score, goal.pk, entry=Entry(points=Decimal(1)), by=cast.supervisor)
    assert error.code == "not_applicable"
    assert not mark_not_applicable(goal.pk, reason="", by=cast.supervisor).is_not_applicable
    assert refusal(mark_not_applicable, goal.pk, reason="请假", by=cast.agent).code == "not_allowed"


def test_self_scores_are_handed_on_complete(form, cast):
    error = refusal(submit_self, form.pk, by=cast.agent)
    assert error.code == "incomplete"
    assert len(error.problems) == form.items.exclude(part=Part.KPI).count()

    score_all(form, ScoreKind.SELF)
    assert submit_self(form.pk, by=cast.agent).state == FormState.REVIEW


def test_the_ends_of_the_scale_ask_for_a_fact_before_handing_on(form, cast):
    score_all(form, ScoreKind.SELF)
    behaviour = item(form, Part.BEHAVIOUR)
    save_self_score(behaviour.pk, entry=Entry(level=5), by=cast.agent)

    error = refusal(submit_self, form.pk, by=cast.agent)
    assert error.problems == (f"“{behaviour.name}”评了 5，写一句事实。",)

    save_self_score(behaviour.pk, entry=Entry(level=5, fact="10月21日留守到23:00"), by=cast.agent)
    assert submit_self(form.pk, by=cast.agent).state == FormState.REVIEW


def test_what_does_not_apply_is_not_asked_for(form, cast):
    score_all(form, ScoreKind.SELF)
    behaviour = item(form, Part.BEHAVIOUR)
    Score.objects.filter(item=behaviour).delete()
    mark_not_applicable(behaviour.pk, reason="全月请假", by=cast.supervisor)

    assert submit_self(form.pk, by=cast.agent).state == FormState.REVIEW


def test_review_begins_without_self_scores_only_after_their_term(form, cast):
    assert refusal(review_without_self, form.pk, reason="", by=cast.supervisor).code == "reason_missing"
    form.cycle.self_due_on = date(2999, 1, 4)
    form.cycle.save()
    error = refusal(review_without_self, form.pk, reason="催了两次", by=cast.supervisor)
    assert error.code == "too_early"
    assert "1月4日 24:00" in str(error)

    form.cycle.self_due_on = date(2026, 11, 2)
    form.cycle.save()
    assert review_without_self(form.pk, reason="催了两次", by=cast.supervisor).state == FormState.REVIEW


def test_a_review_goes_on_and_comes_back(form, cast):
    in_review(form)
    assert refusal(submit_review, form.pk, by=cast.supervisor).code == "incomplete"
    score_all(form, ScoreKind.REVIEW)
    assert submit_review(form.pk, by=cast.supervisor).state == FormState.READY
    assert refusal(return_review, form.pk, reason="", by=cast.officer).code == "reason_missing"
    assert refusal(return_review, form.pk, reason="漏看", by=cast.agent).code == "not_allowed"
    assert return_review(form.pk, reason="数据有误", by=cast.officer).state == FormState.REVIEW
    assert return_self(form.pk, reason="补写事实", by=cast.supervisor).state == FormState.ACTIVE
    assert Score.objects.count() == form.items.exclude(part=Part.KPI).count()


def test_the_command_line_scores_in_the_name_of_whom_it_is_for(form):
    score = save_self_score(item(form, Part.GOAL).pk, entry=Entry(points=Decimal(2)), by=SYSTEM)

    assert score is not None
    assert score.rater == form.employee
