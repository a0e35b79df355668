"""Every step of the month's timeline ends at 24:00 in Shanghai: in time to the last second, late from then on (P6.3).

October 2026: targets by 30 September, self-scores by 2 November, figures by the 4th, reviews by the 5th, results by the
6th; published on the 9th, so signed by the 12th, contested and talked over by the 16th, filed by the 17th.
"""

from datetime import date, datetime, timedelta
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from time_machine import travel

from appraisals.models import Figure, Form
from appraisals.selectors.figures import as_rows, figure_items
from appraisals.selectors.lateness import late_self_scores
from appraisals.selectors.teams import team_rows
from appraisals.services.moves import return_self, review_without_self, submit_self
from appraisals.states import FormState
from common.errors import RuleError
from common.selectors import countdown
from common.templatetags.kp import due_by
from common.templatetags.terms import late, term
from development.selectors.interviews import lists_for
from people.facts import SYSTEM
from people.selectors import standing_of
from scoring.models import Result
from scoring.selectors.board import board_of
from scoring.selectors.nudges import Punctuality, debtors
from scoring.selectors.owed import Owed, debts
from scoring.services.consolidation import consolidate_forms
from scoring.services.filing import file_unsigned
from scoring.services.publication import publish_results
from tests.counting import statements
from tests.scoring.board import signed_in

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
UTC = ZoneInfo("UTC")
PUBLISHED = datetime(2026, 11, 9, 16, tzinfo=SHANGHAI)
STEPS = {
    "target": date(2026, 9, 30),
    "self": date(2026, 11, 2),
    "data": date(2026, 11, 4),
    "review": date(2026, 11, 5),
    "publish": date(2026, 11, 6),
    "sign": date(2026, 11, 12),
    "appeal": date(2026, 11, 16),
    "interview": date(2026, 11, 16),
    "file": date(2026, 11, 17),
}
CELLS = {
    "target": ("targets", FormState.TARGETS),
    "self": ("self", FormState.ACTIVE),
    "data": ("data", FormState.ACTIVE),
    "review": ("review", FormState.REVIEW),
    "publish": ("consolidate", FormState.READY),
    "sign": ("sign", FormState.PUBLISHED),
    "file": ("file", FormState.SIGNED),
}


def midnight(due_on: date) -> datetime:
    """24:00 of the day in Shanghai, as a server in London has it."""
    return datetime(due_on.year, due_on.month, due_on.day, 16, tzinfo=UTC)


def around(due_on: date) -> list[tuple[datetime, bool]]:
    """The last second, 24:00 sharp and one second later, each with whether the term is over."""
    second = timedelta(seconds=1)
    return [(midnight(due_on) - second, False), (midnight(due_on), True), (midnight(due_on) + second, True)]


MOMENTS = [pytest.param(step, *one, id=f"{step} {one[0]:%d %H:%M:%S}") for step in STEPS for one in around(STEPS[step])]
OF_BOARD = [one for one in MOMENTS if one.values[0] in CELLS]


def published(month) -> Form:
    with travel(PUBLISHED, tick=False):
        consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=SYSTEM)
        publish_results(month.cycle.pk, form_ids=[month.form.pk], by=SYSTEM)
    month.form.refresh_from_db()
    return cast(Form, month.form)


def term_of(month, step: str) -> date:
    """The last day as the portal has it: the round's, the result's, or the board's for what is filed."""
    in_round = {"target": "targets_due_on", "publish": "publish_due_on"}.get(step, f"{step}_due_on")
    if hasattr(month.cycle, in_round):
        return cast(date, getattr(month.cycle, in_round))
    published(month)
    if step == "file":
        return cast(date, board(month).terms["file"])
    return cast(date, getattr(Result.objects.get(form=month.form), f"{step}_until"))


def board(month):
    return board_of(month.cycle, timezone.localdate())


def refusal(step, *args, **kwargs) -> RuleError | None:
    try:
        step(*args, **kwargs)
    except RuleError as error:
        return error
    return None


@pytest.mark.parametrize(("step", "at", "is_over"), MOMENTS)
def test_the_due_tag_of_every_step_turns_at_midnight(month, step, at, is_over):
    due_on = term_of(month, step)
    assert due_on == STEPS[step]

    with travel(at, tick=False):
        told = str(due_by(countdown(timezone.localdate(), [due_on]), due_on))

    assert ("逾期 1 个工作日" in told) is is_over
    assert ("今天 24:00 截止" in told) is not is_over


@pytest.mark.parametrize(("step", "at", "is_over"), OF_BOARD)
def test_the_board_calls_a_step_late_from_midnight_on(month, step, at, is_over):
    cell, state = CELLS[step]
    if step in {"sign", "file"}:
        published(month)
    if step == "data":
        Figure.objects.filter(item__form=month.form, item__name="差错").delete()
    Form.objects.filter(pk=month.form.pk).update(state=state)

    with travel(at, tick=False):
        found = board(month).steps[cell]

    assert (found.due_on, found.is_late) == (STEPS[step], is_over)


def test_a_contested_result_is_not_late_to_be_filed(month):
    published(month)
    Form.objects.filter(pk=month.form.pk).update(state=FormState.SIGNED, is_contested=True)

    with travel(midnight(STEPS["file"]), tick=False):
        assert not board(month).steps["file"].is_late
        Form.objects.filter(pk=month.form.pk).update(is_contested=False)
        assert board(month).steps["file"].is_late


@pytest.mark.parametrize(("at", "is_over"), around(STEPS["self"]))
def test_a_self_score_is_late_from_midnight_on(month, at, is_over):
    Form.objects.filter(pk=month.form.pk).update(state=FormState.ACTIVE, self_submitted_at=None)
    with travel(at, tick=False):
        submit_self(month.form.pk, by=month.agent)
        row = next(row for row in team_rows(month.supervisor, month.cycle) if row.form.pk == month.form.pk)
        days = countdown(timezone.localdate(), [month.cycle.self_due_on])

    assert (row.late_self_at is not None) is is_over
    assert ("迟交 1 个工作日" in late(days, month.cycle.self_due_on, row.late_self_at)) is is_over


def test_a_self_score_that_was_in_time_is_not_late_when_it_comes_again_after_a_return(month):
    Form.objects.filter(pk=month.form.pk).update(state=FormState.ACTIVE)
    with travel(midnight(STEPS["self"]) - timedelta(hours=2), tick=False):
        submit_self(month.form.pk, by=month.agent)
    with travel(midnight(STEPS["self"]) + timedelta(hours=10), tick=False):
        return_self(month.form.pk, reason="补一句事实", by=month.supervisor)
        submit_self(month.form.pk, by=month.agent)

    assert late_self_scores(Form.objects.filter(pk=month.form.pk).select_related("cycle")) == {}


def test_nobody_is_late_with_a_form_whose_targets_were_agreed_after_the_term(month):
    after = midnight(STEPS["data"]) + timedelta(days=1)
    Form.objects.filter(pk=month.form.pk).update(confirmed_at=after, self_submitted_at=after)
    Figure.objects.filter(item__form=month.form).update(entered_at=after)

    rows = {row.form.pk: row for row in team_rows(month.supervisor, month.cycle)}
    given = as_rows(figure_items(month.supervisor, month.cycle, "given"))
    assert (rows[month.form.pk].late, rows[month.form.pk].late_self_at) == (0, None)
    assert {row.late_at for row in given if row.person == month.agent.name} == {None}


def test_figures_of_targets_agreed_after_the_term_are_left_out_of_the_punctuality(month):
    Figure.objects.filter(item__form__cycle=month.cycle).update(entered_at=midnight(STEPS["data"]))
    Form.objects.filter(pk=month.form.pk).update(confirmed_at=midnight(STEPS["data"]))
    Figure.objects.filter(item__form=month.second_form, item__name="差错").delete()

    rows = [Owed._make(row) for row in debts(month.cycle, step="data")]
    [owing] = debtors(rows, month.cycle, [month.cycle], reader_id=month.officer.pk, now=timezone.now())

    assert owing.punctuality == Punctuality(1, 0)
    assert Punctuality(1, 0).late == 1


@pytest.mark.parametrize(("at", "is_over"), around(STEPS["data"]))
def test_a_figure_is_late_from_midnight_on_and_a_correction_never(month, at, is_over):
    Figure.objects.filter(item__form=month.form).update(entered_at=midnight(STEPS["self"]))
    figures = Figure.objects.filter(item__form=month.form, item__name="差错")
    figures.update(entered_at=at)
    wrong = figures.get()
    figures.update(superseded_at=at)
    Figure.objects.create(
        item=wrong.item, value=1, collected_on=wrong.collected_on, provider=wrong.provider, entered_at=timezone.now()
    )

    rows = as_rows(figure_items(month.supervisor, month.cycle, "given"))
    marked = {row.late_at for row in rows if row.item_id == wrong.item_id}
    team = {row.form.pk: row.late for row in team_rows(month.supervisor, month.cycle)}

    assert marked == ({at} if is_over else {None})
    assert team[month.form.pk] == int(is_over)


@pytest.mark.parametrize(("at", "is_over"), around(STEPS["self"]))
def test_the_review_may_begin_without_a_self_score_only_when_its_term_is_over(month, at, is_over):
    Form.objects.filter(pk=month.form.pk).update(state=FormState.ACTIVE)
    with travel(at, tick=False):
        error = refusal(review_without_self, month.form.pk, reason="没有交", by=month.supervisor)

    assert (error is None) is is_over
    assert is_over or "11月2日 24:00" in str(error)


@pytest.mark.parametrize(("at", "is_over"), around(STEPS["sign"]))
def test_hr_may_file_without_signatures_only_when_their_term_is_over(month, at, is_over):
    form = published(month)
    with travel(at, tick=False):
        error = refusal(file_unsigned, form.pk, reason="逾期未签", by=month.hr)

    assert (error is None) is is_over
    assert is_over or "11月12日" in str(error)


@pytest.mark.parametrize(("at", "is_over"), around(STEPS["interview"]))
def test_an_interview_is_late_from_midnight_on(month, at, is_over):
    published(month)
    with travel(at, tick=False):
        today = timezone.localdate()
        held = lists_for(month.supervisor, standing_of(month.supervisor, today), today).to_hold

    assert [one.left is not None and one.left <= 0 for one in held] == [is_over]


def test_a_term_that_is_over_is_a_date_alone_unless_something_is_owed(month):
    with travel(midnight(STEPS["data"]) + timedelta(hours=9), tick=False):
        days = countdown(timezone.localdate(), STEPS.values())
        assert "逾期" not in term(days, STEPS["data"])
        assert "11月4日 周三" in term(days, STEPS["data"])
        assert "逾期 1 个工作日" in term(days, STEPS["data"], 3)
        assert "还剩 2 个工作日" in term(days, STEPS["publish"])


def test_what_came_on_a_day_off_after_the_term_is_one_working_day_late(month):
    friday = date(2026, 11, 6)
    saturday, tuesday = (datetime(2026, 11, day, 9, tzinfo=SHANGHAI) for day in (7, 10))
    days = countdown(date(2026, 11, 20), [friday])

    assert [days.behind(friday, at) for at in (saturday, tuesday)] == [1, 2]
    assert late(days, friday, midnight(friday) - timedelta(seconds=1)) == ""


def test_the_pages_mark_what_came_late_and_count_every_term_down(month, client):
    at = midnight(STEPS["data"]) + timedelta(hours=1)
    Form.objects.filter(pk=month.form.pk).update(state=FormState.REVIEW, self_submitted_at=at)
    Figure.objects.filter(item__form=month.form).update(entered_at=at)

    with travel(datetime(2026, 11, 5, 9, tzinfo=SHANGHAI), tick=False):
        signed_in(client, month.supervisor)
        team, form = client.get("/team/2026-10/").text, client.get(f"/forms/{month.form.pk}/").text
        given = client.get("/figures/2026-10/?show=given").text
        one = client.get(f"/figures/items/{month.form.items.get(name='差错').pk}/").text
        few = [statements(partial(client.get, at)) for at in ("/team/2026-10/", f"/forms/{month.form.pk}/")]
        signed_in(client, month.officer)
        duty = client.get("/duty/2026-10/").text

    assert max(few) <= 15
    assert "迟交 3 个工作日" in team  # since Monday: Tuesday, Wednesday, Thursday
    assert "迟交 2 项" in team
    assert "迟交 3 个工作日" in form
    for page in (form, given, one):
        assert "迟交 1 个工作日" in page
    assert "今天 24:00 截止" in duty  # the reviews
    assert "还剩 2 个工作日" in duty  # the results
