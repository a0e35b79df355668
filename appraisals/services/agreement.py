"""Targets on their way: submitted, approved or returned, confirmed, reopened, re-adjusted (P4.1, P6.1, P6.2)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Form, Item, Remark, TargetRevision
from appraisals.permissions import hats_on
from appraisals.selectors.schemes import rules_of
from appraisals.services.steps import (
    Actor,
    check_version,
    checked_move,
    locked_form,
    locked_forms,
    make_move,
    make_moves,
    standing_for,
)
from appraisals.services.targets import as_rows
from appraisals.services.turns import ask_subordinates
from appraisals.states import DataSource, Part, RemarkKind
from common.errors import RuleError
from common.problems import sentences
from people.models import Employee
from policy.parameters import read_params
from policy.weights import Weight, check_weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A form of a batch that stayed where it was, and why."""

    form: Form
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What became of a list of forms."""

    done: list[Form]
    refused: list[Refusal]


@transaction.atomic(durable=True)
def submit_targets(form_id: int, *, by: Actor, version: int | None = None) -> Form:
    """Hand complete targets on: a managerial form to the appraisee, another to the department."""
    now = timezone.now()
    form = locked_form(form_id)
    move = checked_move(form, "submit_targets", hats_on(form, by))
    check_version(form, version)
    problems = target_problems(form, list(form.items.all()))
    if problems:
        raise RuleError(_("还不能提交。"), code="targets_incomplete", problems=problems)
    make_move(form, move, by=by, now=now)
    return form


@transaction.atomic(durable=True)
def submit_team(form_ids: Collection[int], *, by: Actor) -> Batch:
    """Submit every form of the list that is complete; the others are named with what is missing."""
    return _batch("submit_targets", form_ids, by=by, now=timezone.now())


@transaction.atomic(durable=True)
def approve_targets(form_ids: Collection[int], *, by: Actor) -> Batch:
    """The department approves the targets of non-managerial posts, one or many (P4.1b)."""
    return _batch("approve_targets", form_ids, by=by, now=timezone.now())


@transaction.atomic(durable=True)
def return_targets(form_ids: Collection[int], *, reason: str, by: Employee) -> Batch:
    """Send targets back to the owner with a reason, which stays on the form as a remark."""
    now = timezone.now()
    batch = _batch("return_targets", form_ids, by=by, now=now, reason=reason)
    Remark.objects.bulk_create(_reason_remark(form, reason, by, now) for form in batch.done)
    return batch


@transaction.atomic(durable=True)
def confirm_targets(form_id: int, *, by: Actor, version: int | None = None) -> Form:
    """The appraisee confirms what is expected of him (P6.2)."""
    now = timezone.now()
    form = locked_form(form_id)
    move = checked_move(form, "confirm_targets", hats_on(form, by))
    check_version(form, version)
    make_move(form, move, by=by, now=now)
    ask_subordinates(form, timezone.localdate(now))
    return form


@transaction.atomic(durable=True)
def reopen_targets(form_id: int, *, reason: str, by: Employee) -> Form:
    """Take back targets that the appraisee has not confirmed yet."""
    return _back_to_targets(form_id, "reopen_targets", reason=reason, by=by)


@transaction.atomic(durable=True)
def readjust_targets(form_id: int, *, reason: str, by: Employee) -> Form:
    """Open agreed targets again in the period; what they were is kept with the reason (P6.2)."""
    return _back_to_targets(form_id, "readjust_targets", reason=reason, by=by)


def target_problems(form: Form, items: Sequence[Item]) -> tuple[str, ...]:
    """Everything that keeps a form in target setting, in the user's words."""
    weights = [Weight(item.part, item.name, item.points) for item in items]
    faults = check_weights(weights, rules_of(form.cycle.scheme), managerial=form.is_managerial)
    return (*sentences(faults), *_kpi_problems(items))


def _kpi_problems(items: Iterable[Item]) -> Iterable[str]:
    for item in items:
        if item.part != Part.KPI:
            continue
        if not item.method or read_params(item.method, item.parameters).params is None:
            yield _("“%(name)s”还没有定评分方式。") % {"name": item.name}
        if item.data_source == DataSource.MANUAL and item.provider_id is None:
            yield _("“%(name)s”还没有信息提供人。") % {"name": item.name}


def _back_to_targets(form_id: int, name: str, *, reason: str, by: Employee) -> Form:
    now = timezone.now()
    form = locked_form(form_id)
    move = checked_move(form, name, hats_on(form, by), reason)
    number = form.revisions.aggregate(last=Max("number"))["last"] or 0
    rows = list(form.items.select_related("provider").order_by("part", "order", "pk"))
    named = [
        {**row, "provider": item.provider.name if item.provider else ""}
        for row, item in zip(as_rows(rows), rows, strict=True)
    ]
    TargetRevision.objects.create(form=form, number=number + 1, at=now, by=by, reason=reason.strip()[:200], items=named)
    Remark.objects.bulk_create([_reason_remark(form, reason, by, now)])
    make_move(form, move, by=by, now=now, reason=reason)
    return form


def _reason_remark(form: Form, reason: str, by: Employee, now: datetime) -> Remark:
    return Remark(form=form, author=by, kind=RemarkKind.COMMENT, text=reason.strip()[:1000], at=now)


def _batch(name: str, form_ids: Collection[int], *, by: Actor, now: datetime, reason: str = "") -> Batch:
    """Make one move of many forms. One form alone is refused aloud; of several those that can't move are listed."""
    standing = standing_for(by, now)
    forms = locked_forms(form_ids)
    if not forms:
        raise RuleError(_("先勾选要办的人。"), code="nothing_chosen")
    items = _items_of(forms) if name == "submit_targets" else {}
    moved, refused = [], []
    for form in forms:
        try:
            move = checked_move(form, name, hats_on(form, by, standing), reason)
        except RuleError as error:
            if len(forms) == 1 or error.code == "reason_missing":
                raise
            refused.append(Refusal(form=form, problems=(str(error),)))
            continue
        problems = target_problems(form, items.get(form.pk, [])) if name == "submit_targets" else ()
        if problems:
            refused.append(Refusal(form=form, problems=problems))
        else:
            moved.append((form, move))
    make_moves(moved, by=by, now=now, reason=reason)
    return Batch(done=[form for form, _move in moved], refused=refused)


def _items_of(forms: Sequence[Form]) -> dict[int, list[Item]]:
    found: dict[int, list[Item]] = {}
    for item in Item.objects.filter(form__in=forms).order_by("form_id", "part", "order", "pk"):
        found.setdefault(item.form_id, []).append(item)
    return found
