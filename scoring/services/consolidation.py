"""Consolidate complete forms into results, and take a consolidation back (P6.3a)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from random import SystemRandom
from typing import NamedTuple
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.facts import FormRecord, each_record
from appraisals.models import Cycle, Form, UpwardScore, UpwardTurn
from appraisals.permissions import hats_on
from appraisals.selectors.schemes import rules_of
from appraisals.services.steps import Actor, checked_move, locked_form, make_move
from appraisals.states import CycleKind, DataSource, FormState
from audit.log import record
from common.db import among, insert_rows
from common.errors import RuleError
from incidents.models import Bonus, Involvement
from incidents.selectors.counting import Counting
from incidents.states import EventState
from people.facts import PayBasis
from people.selectors import pay_basis
from policy.facts import BEHAVIOUR, GOAL, KPI, MANAGEMENT
from policy.forms import Scorecard, build_scorecard
from policy.pay import base_pay, performance_pay
from policy.rounding import ZERO, cents, quotient
from policy.schemes import Scheme as Rules
from quality.models import Call
from quality.selectors.sums import call_sums
from scoring.facts.snapshots import Head, digest_of, snapshot_text
from scoring.facts.waiting import Incomplete, incomplete
from scoring.models import Result
from scoring.selectors.heads import FormHead, form_heads, last_versions
from scoring.selectors.terms import STORED, stored_result_terms
from scoring.services.proposals import renew_proposals
from scoring.services.steps import (
    CONSOLIDATE,
    MOST,
    PUBLISH,
    advance,
    check_company,
    check_many,
    current_result,
    locked_cycle,
    locked_cycle_of,
    locked_ids,
    record_batch,
    tell_published,
)

_COLUMNS = (
    "form",
    "cycle",
    "employee",
    "version",
    "snapshot",
    "digest",
    "kpi",
    "goal",
    "behaviour",
    "management",
    "deduction",
    "bonus",
    "full_marks",
    "score",
    "coefficient",
    "grade_name",
    "pay_cap",
    "post_wage",
    "performance_pay",
    "base_pay",
    "consolidated_at",
    "consolidated_by",
    "published_at",
    "superseded_reason",
    *STORED.values(),
    "terms_calendar",
)


class Consolidated(NamedTuple):
    """What became of a batch: forms done, and those that wait with what they wait for."""

    done: tuple[int, ...]
    refused: tuple[Incomplete, ...]


class _Ready(NamedTuple):
    """A complete form: its result's figures in the order of ``_COLUMNS``, and the events it counted.

    ``heard``: the mean of the monitored calls it counted and how many they are, None if it counted none.
    """

    form_id: int
    employee_id: int
    version: int
    digest: str
    columns: tuple[object, ...]
    incidents: tuple[Counting, ...]
    bonuses: tuple[Counting, ...]
    heard: tuple[Decimal, int] | None


@transaction.atomic(durable=True)
def consolidate_forms(cycle_id: int, *, form_ids: Collection[int], by: Actor) -> Consolidated:
    """Consolidate those of the forms (at most ``MOST``) that are ready and complete; the others are told apart.

    Forms that were consolidated meanwhile are left as they are.
    """
    return consolidate_batch(locked_cycle(cycle_id), list(form_ids), by=by, now=timezone.now())


@transaction.atomic(durable=True)
def settle_forms(cycle_id: int, *, form_ids: Collection[int], by: Actor) -> Consolidated:
    """Consolidate and publish in one act, for a month that nobody looks through in between."""
    return consolidate_batch(locked_cycle(cycle_id), list(form_ids), by=by, now=timezone.now(), publishing=True)


@transaction.atomic(durable=True)
def withdraw_consolidation(form_id: int, *, reason: str, by: Actor) -> Form:
    """Take an unpublished result back: the form is open again, a new version will follow."""
    now = timezone.now()
    cycle = locked_cycle_of(form_id)
    form = locked_form(form_id)
    move = checked_move(form, "withdraw_consolidation", hats_on(form, by), reason)
    result = supersede(form, cycle, reason=reason, now=now)
    make_move(form, move, by=by, now=now, reason=reason)
    record("result.superseded", result, by=by, before={"digest": result.digest}, reason=reason)
    return form


def consolidate_batch(
    cycle: Cycle,
    form_ids: Sequence[int],
    *,
    by: Actor,
    now: datetime,
    publishing: bool = False,
    in_company: bool = False,
) -> Consolidated:
    """The step behind ``consolidate_forms`` and the job: a constant number of statements for the batch.

    ``in_company``: the batch is a piece of something larger that others' forms belong to.
    """
    if len(form_ids) > MOST:
        raise ValueError(len(form_ids))
    moves = [CONSOLIDATE, PUBLISH] if publishing else [CONSOLIDATE]
    for move in moves:
        check_many(move, cycle, by=by, now=now)
    rules = rules_of(cycle.scheme)
    ready, refused = _sorted_out(cycle, rules, locked_ids(cycle, form_ids, FormState.READY))
    done = tuple([item.form_id for item in ready])
    if ready:
        if not in_company:
            check_company(done, by=by)
        published_at = now if publishing else None
        terms = stored_result_terms(cycle, now) if publishing else {"terms_calendar": {}}
        stamp = (now, by.number, published_at, "", *(terms.get(name) for name in _COLUMNS[-len(STORED) - 1 :]))
        insert_rows(Result, _COLUMNS, [(*item.columns, *stamp) for item in ready])
        advance(moves, done, consolidated_at=now, published_at=published_at)
        if cycle.kind == CycleKind.MONTH:
            _mark_counted(Involvement, [event for item in ready for event in item.incidents], cycle.starts_on)
            _mark_counted(Bonus, [event for item in ready for event in item.bonuses], cycle.starts_on)
            _mark_heard({item.employee_id: item.heard for item in ready if item.heard}, cycle)
        _seal_upward(done)
        record_batch(CONSOLIDATE, cycle, {"results": {str(item.form_id): item.digest for item in ready}}, by=by)
    if ready and publishing:
        renew_proposals([item.employee_id for item in ready], cycle, by=by)
        record_batch(PUBLISH, cycle, {"forms": list(done)}, by=by)
        tell_published(cycle, [(item.form_id, item.employee_id, item.version) for item in ready])
    return Consolidated(done, tuple(refused))


def supersede(form: Form, cycle: Cycle, *, reason: str, now: datetime) -> Result:
    """End the current result; its incidents and bonuses wait for a month again, its calls may be ruled on again."""
    result = current_result(form)
    result.superseded_at, result.superseded_reason = now, reason.strip()
    result.save(update_fields=["superseded_at", "superseded_reason"])
    if cycle.kind == CycleKind.MONTH:
        for kind in (Involvement, Bonus, Call):
            kind.objects.filter(employee=form.employee_id, counted_month=cycle.starts_on).update(counted_month=None)
    form.consolidated_at = form.published_at = None
    form.save(update_fields=["consolidated_at", "published_at"])
    return result


def _sorted_out(cycle: Cycle, rules: Rules, form_ids: list[int]) -> tuple[list[_Ready], list[Incomplete]]:
    """Score every form; complete ones come with their result, the others with what they wait for."""
    versions = last_versions(form_ids)
    heads = {head.pk: head for head in form_heads(form_ids)}
    basis = pay_basis([head.employee_id for head in heads.values()], cycle.starts_on)
    period = (cycle.key, cycle.kind, cycle.starts_on, cycle.ends_on, cycle.scheme.version)
    ready, refused = [], []
    for pk, written in each_record(form_ids, sealed=True):
        head = heads[pk]
        card = build_scorecard(written.facts, rules)
        waiting = incomplete(head, written, card)
        if waiting:
            refused.append(waiting)
            continue
        version = versions.get(pk, 0) + 1
        text = snapshot_text(_head(period, head, version), card, written)
        digest = digest_of(text)
        columns = (
            pk,
            cycle.pk,
            head.employee_id,
            version,
            text,
            digest,
            *_figures(card),
            *_pay(cycle, basis[head.employee_id], card, rules),
        )
        events = written.incidents, written.bonuses
        ready.append(_Ready(pk, head.employee_id, version, digest, columns, *events, _heard(written)))
    refused.sort(key=attrgetter("number"))
    return ready, refused


def _head(period: tuple[str, str, date, date, str], head: FormHead, version: int) -> Head:
    person = (head.number, head.name, head.region, head.position, head.position_class)
    return Head(*period, *person, head.owner_number, head.owner, version)


def _figures(card: Scorecard) -> tuple[object, ...]:
    """The columns from ``kpi`` to ``coefficient``."""
    parts = {total.part: total.score for total in card.parts}
    scores = [parts.get(part, ZERO) for part in (KPI, GOAL, BEHAVIOUR, MANAGEMENT)]
    return (*scores, card.deducted, card.added, card.full_marks, cents(card.total), card.coefficient)


def _pay(cycle: Cycle, basis: PayBasis, card: Scorecard, rules: Rules) -> tuple[object, ...]:
    """The columns from ``grade_name`` to ``base_pay`` by the rung of the first day (P7.1); only the month pays."""
    cap, wage = basis.pay_cap or ZERO, basis.post_wage or ZERO
    performance = base = ZERO
    if cycle.kind == CycleKind.MONTH:
        if card.coefficient is not None:
            performance = performance_pay(cap, card.coefficient, rules).amount
        base = base_pay(wage, performance)
    return basis.grade_name, cap, wage, performance, base


def _mark_counted(kind: type[Involvement | Bonus], counted: Iterable[Counting], month: date) -> None:
    """Write the month on the incidents or bonuses that counted; refuse if one was changed meanwhile."""
    fresh = [event.pk for event in counted if not event.counted_month]
    if not fresh:
        return
    waiting = kind._default_manager.filter(pk__in=fresh, state=EventState.CONFIRMED, counted_month__isnull=True)
    if waiting.update(counted_month=month) != len(fresh):
        raise RuleError(_("刚有人改了不良事故或加分记录，再汇总一次。"), code="changed_meanwhile")


def _heard(written: FormRecord) -> tuple[Decimal, int] | None:
    """What a form read of its agent's calls; nothing where the item does not apply."""
    for item in written.items:
        if item.data_source == DataSource.MONITORING and item.calls and item.facts.not_applicable is None:
            return item.facts.figure or ZERO, item.calls
    return None


def _mark_heard(heard: dict[int, tuple[Decimal, int]], cycle: Cycle) -> None:
    """Write the month on the calls that made the means; refuse if one was scored or ruled on meanwhile."""
    if not heard:
        return
    period = cycle.starts_on, cycle.ends_on
    calls = Call.objects.filter(employee_id__in=among(heard), called_on__range=period)
    # Those not scored yet too: one that is being scored at this moment is waited for, and then seen.
    list(calls.select_for_update().order_by("pk").values_list("pk"))
    calls.filter(total__isnull=False).update(counted_month=cycle.starts_on)  # from here on they stand still
    sums = call_sums(heard, *period)
    now = {
        person: (quotient(found.total, Decimal(found.calls)), found.calls) for (person, *_month), found in sums.items()
    }
    if now != heard:
        raise RuleError(_("刚有人改了录音的得分，再汇总一次。"), code="changed_meanwhile")


def _seal_upward(form_ids: Sequence[int]) -> None:
    """Write the ratings anew in random order, and close the turns not taken.

    Neither the order of storage nor a later rating, found by difference, shall name a rater (P4.4).
    """
    ratings = UpwardScore.objects.filter(item__form_id__in=among(form_ids))
    rows = list(ratings.values_list("item_id", "points"))
    if rows:
        SystemRandom().shuffle(rows)
        UpwardScore.objects.filter(item__form_id__in=among(form_ids)).delete()
        insert_rows(UpwardScore, ("id", "item", "points"), [(uuid4(), *row) for row in rows])
    UpwardTurn.objects.filter(form_id__in=among(form_ids), is_done=False).delete()
