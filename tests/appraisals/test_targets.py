"""Targets: drafted, saved as a list, agreed, returned, re-adjusted; each refusal beside what is allowed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from appraisals.models import Figure, Form, Item, Remark, TargetRevision
from appraisals.services.agreement import (
    approve_targets,
    confirm_targets,
    readjust_targets,
    reopen_targets,
    return_targets,
    submit_targets,
    submit_team,
)
from appraisals.services.remarks import add_remark
from appraisals.services.targets import ItemInput, draft_items, draft_team, save_items
from appraisals.states import DraftSource, FormState
from audit.models import Event
from common.errors import ConflictError, RuleError
from tests import world

pytestmark = pytest.mark.django_db
SOON = date(2026, 12, 1)


@pytest.fixture
def form(cast) -> Form:
    """The agent's form in target setting, drafted from the library and complete."""
    made = world.form(cast.agent, cast.supervisor)
    world.library_items(made)
    return made


@pytest.fixture
def managers_form(cast) -> Form:
    """The supervisor's own form, complete."""
    made = world.form(cast.supervisor, cast.manager)
    world.library_items(made, provider=cast.officer)
    return made


def typed(form: Form) -> list[ItemInput]:
    """The form's items as its page would post them back."""
    names = ("id", "part", "name", "points", "standard", "unit", "method", "parameters", "data_source", "provider_id")
    return [ItemInput(**{name: getattr(item, name) for name in names}) for item in form.items.all()]


def fresh(form: Form) -> Form:
    return Form.objects.get(pk=form.pk)


# --- drafting


def test_the_owner_drafts_from_the_library(cast):
    empty = world.form(cast.agent, cast.supervisor)

    done = draft_items(empty.pk, source=DraftSource.LIBRARY, by=cast.supervisor)

    assert done.from_library == 1
    assert empty.items.count() == 16
    assert fresh(empty).version == 2


@pytest.mark.parametrize("who", ["agent", "other_supervisor", "manager", "officer", "hr", "leader"])
def test_nobody_but_the_owner_drafts(cast, who):
    empty = world.form(cast.agent, cast.supervisor)

    with pytest.raises(RuleError) as refusal:
        draft_items(empty.pk, source=DraftSource.LIBRARY, by=getattr(cast, who))

    assert refusal.value.code == "not_allowed"
    assert not empty.items.exists()


def test_a_team_draft_fills_only_empty_forms_of_ones_own(cast, form):
    empty = world.form(cast.second_agent, cast.supervisor)
    foreign = world.form(cast.stranger, cast.other_supervisor)
    before = form.items.count()

    done = draft_team([form.pk, empty.pk, foreign.pk], source=DraftSource.LIBRARY, by=cast.supervisor)

    assert done.from_library == 1
    assert form.items.count() == before
    assert empty.items.count() == before
    assert not foreign.items.exists()


# --- saving


def test_saving_replaces_the_whole_list(cast, form):
    rows = typed(form)
    changed = [replace(rows[0], name="另一个名字", points=Decimal("3.5")), *rows[1:-1]]
    changed.append(ItemInput(part="goal", name="新任务", points=Decimal(2)))

    save_items(form.pk, items=changed, version=1, by=cast.supervisor)

    names = set(form.items.values_list("name", flat=True))
    assert {"另一个名字", "新任务"} <= names
    assert rows[-1].name not in names
    assert fresh(form).version == 2
    assert rows[0].name in str(Event.objects.get(action="form.items_saved").before)


def test_two_items_may_swap_their_names(cast, form):
    rows = typed(form)
    first, second, *rest = rows

    save_items(
        form.pk,
        items=[replace(first, name=second.name), replace(second, name=first.name), *rest],
        version=1,
        by=cast.supervisor,
    )

    assert {(item.pk, item.name) for item in form.items.all()} >= {(first.id, second.name), (second.id, first.name)}


def test_a_stale_writer_is_told(cast, form):
    save_items(form.pk, items=typed(form), version=1, by=cast.supervisor)

    with pytest.raises(ConflictError):
        save_items(form.pk, items=[], version=1, by=cast.supervisor)

    assert form.items.exists()


def test_an_item_of_another_form_is_not_taken_over(cast, form, managers_form):
    foreign = managers_form.items.first()
    rows = [*typed(form), ItemInput(id=foreign.pk, part="goal", name="拿来的", points=Decimal(1))]

    save_items(form.pk, items=rows, version=1, by=cast.supervisor)

    assert Item.objects.get(pk=foreign.pk).form == managers_form
    assert form.items.get(name="拿来的").pk != foreign.pk


@pytest.mark.parametrize(
    "faulty",
    [
        pytest.param({"points": Decimal(0)}, id="no weight"),
        pytest.param({"part": "kpi", "method": "linear", "parameters": "零分=60"}, id="missing parameter"),
        pytest.param({"part": "kpi", "method": "tiers", "parameters": ">=90:200"}, id="tier above points"),
        pytest.param({"part": "kpi", "provider_id": "agent"}, id="reports about himself"),
    ],
)
def test_what_can_not_be_stored_is_refused_whole(cast, form, faulty):
    rows = typed(form)
    facts = {**faulty, "provider_id": cast.agent.pk} if "provider_id" in faulty else faulty

    with pytest.raises(RuleError) as refusal:
        save_items(form.pk, items=[replace(rows[0], **facts), *rows[1:]], version=1, by=cast.supervisor)

    assert refusal.value.code == "items_faulty"
    assert refusal.value.problems
    assert fresh(form).version == 1


def test_a_submitted_form_takes_no_items(cast, form):
    submit_targets(form.pk, by=cast.supervisor)

    with pytest.raises(RuleError) as refusal:
        save_items(form.pk, items=[], version=2, by=cast.supervisor)

    assert refusal.value.code == "not_now"


# --- agreeing


def test_an_agents_targets_go_to_the_department_and_then_to_the_agent(cast, form):
    submit_targets(form.pk, by=cast.supervisor, version=1)
    assert fresh(form).state == FormState.APPROVAL

    approve_targets([form.pk], by=cast.manager)
    assert fresh(form).state == FormState.CONFIRMATION

    confirm_targets(form.pk, by=cast.agent)
    done = fresh(form)
    assert done.state == FormState.ACTIVE
    assert done.targets_submitted_at
    assert done.targets_approved_at
    assert done.confirmed_at
    assert done.version == 4


def test_a_managers_targets_go_straight_to_the_manager(cast, managers_form):
    submit_targets(managers_form.pk, by=cast.manager)

    assert fresh(managers_form).state == FormState.CONFIRMATION


def test_weights_that_do_not_fill_keep_the_form(cast, form):
    form.items.filter(part="goal").delete()

    with pytest.raises(RuleError) as refusal:
        submit_targets(form.pk, by=cast.supervisor)

    assert refusal.value.problems == ("关键业绩指标、工作目标的权重合计要80，现在是70，还差10。",)
    assert fresh(form).state == FormState.TARGETS


def test_a_kpi_without_provider_or_method_keeps_the_form(cast, form):
    form.items.filter(name="客户满意率").update(provider=None, method="", parameters="")

    with pytest.raises(RuleError) as refusal:
        submit_targets(form.pk, by=cast.supervisor)

    assert refusal.value.problems == ("“客户满意率”还没有定评分方式。", "“客户满意率”还没有信息提供人。")


@pytest.mark.parametrize("who", ["agent", "second_agent", "supervisor", "other_supervisor", "hr", "leader", "officer"])
def test_only_the_department_approves(cast, form, who):
    submit_targets(form.pk, by=cast.supervisor)

    with pytest.raises(RuleError) as refusal:
        approve_targets([form.pk], by=getattr(cast, who))

    assert refusal.value.code == "not_allowed"
    assert fresh(form).state == FormState.APPROVAL


@pytest.mark.parametrize("who", ["supervisor", "second_agent", "manager", "hr"])
def test_only_the_appraisee_confirms(cast, form, who):
    Form.objects.filter(pk=form.pk).update(state=FormState.CONFIRMATION)

    with pytest.raises(RuleError) as refusal:
        confirm_targets(form.pk, by=getattr(cast, who))

    assert refusal.value.code == "not_allowed"


def test_a_batch_submits_what_is_complete_and_names_the_rest(cast, form):
    short = world.form(cast.second_agent, cast.supervisor)

    batch = submit_team([form.pk, short.pk], by=cast.supervisor)

    assert [done.pk for done in batch.done] == [form.pk]
    assert [(one.form.pk, len(one.problems)) for one in batch.refused] == [(short.pk, 2)]
    assert fresh(short).state == FormState.TARGETS


def test_returning_needs_a_reason_which_stays_on_the_form(cast, form):
    submit_targets(form.pk, by=cast.supervisor)

    with pytest.raises(RuleError) as refusal:
        return_targets([form.pk], reason=" ", by=cast.manager)
    assert refusal.value.code == "reason_missing"

    return_targets([form.pk], reason="客户满意率定高了", by=cast.manager)
    assert fresh(form).state == FormState.TARGETS
    assert Remark.objects.get(form=form).text == "客户满意率定高了"


# --- after agreeing


def test_targets_not_confirmed_yet_are_taken_back(cast, form):
    Form.objects.filter(pk=form.pk).update(state=FormState.CONFIRMATION)

    reopen_targets(form.pk, reason="漏了一项", by=cast.supervisor)

    assert fresh(form).state == FormState.TARGETS


def test_readjusting_keeps_what_was_agreed_with_the_reason(cast, form):
    Form.objects.filter(pk=form.pk).update(state=FormState.ACTIVE, confirmed_at=timezone.now())

    readjust_targets(form.pk, reason="系统停机三天", by=cast.supervisor)

    revision = TargetRevision.objects.get(form=form)
    assert (revision.number, revision.reason, len(revision.items)) == (1, "系统停机三天", 16)
    assert {row["provider"] for row in revision.items if row["part"] == "kpi"} == {"周敏", ""}


@pytest.mark.parametrize("who", ["agent", "manager", "officer", "other_supervisor"])
def test_only_the_owner_readjusts(cast, form, who):
    Form.objects.filter(pk=form.pk).update(state=FormState.ACTIVE)

    with pytest.raises(RuleError) as refusal:
        readjust_targets(form.pk, reason="为什么", by=getattr(cast, who))

    assert refusal.value.code == "not_allowed"


@pytest.fixture
def reported(cast, form) -> Item:
    """A KPI with a figure on a form whose agreed targets are open again."""
    Form.objects.filter(pk=form.pk).update(state=FormState.TARGETS, confirmed_at=timezone.now())
    item: Item = form.items.get(name="客户满意率")
    Figure.objects.create(
        item=item, value=Decimal(93), collected_on=SOON, provider=cast.supervisor, entered_at=timezone.now()
    )
    return item


def test_a_reported_item_is_not_deleted_with_its_figure(cast, form, reported):
    rows = [row for row in typed(form) if row.id != reported.pk]

    with pytest.raises(RuleError) as refusal:
        save_items(form.pk, items=rows, version=1, by=cast.supervisor)

    assert refusal.value.code == "item_has_records"
    assert Figure.objects.filter(item=reported).exists()


def test_drafting_anew_does_not_delete_a_figure_either(cast, form, reported):
    with pytest.raises(RuleError) as refusal:
        draft_items(form.pk, source=DraftSource.LIBRARY, by=cast.supervisor)

    assert refusal.value.code == "item_has_records"


def test_other_items_change_while_a_figure_stays(cast, form, reported):
    rows = [row if row.id == reported.pk else replace(row, standard="改了") for row in typed(form)]

    save_items(form.pk, items=rows, version=1, by=cast.supervisor)

    assert Figure.objects.get().item_id == reported.pk


# --- talking it through


def test_a_question_and_its_answer(cast, form):
    Form.objects.filter(pk=form.pk).update(state=FormState.CONFIRMATION)

    asked = add_remark(form.pk, text="满意率怎么取数？", by=cast.agent)
    answered = add_remark(form.pk, text="评价系统月报。", by=cast.supervisor)
    told = add_remark(form.pk, text="另外注意排班。", by=cast.supervisor)

    assert [asked.kind, answered.kind, told.kind] == ["question", "answer", "comment"]


@pytest.mark.parametrize("who", ["second_agent", "other_supervisor", "hr"])
def test_strangers_do_not_talk(cast, form, who):
    Form.objects.filter(pk=form.pk).update(state=FormState.CONFIRMATION)

    with pytest.raises(RuleError) as refusal:
        add_remark(form.pk, text="我也说两句", by=getattr(cast, who))

    assert refusal.value.code == "not_allowed"
