"""The step that gives a published result a new version with what an upheld appeal adds (P6.3b).

Only the adjustments are new: everything else is read from the frozen snapshot, so whatever happened to figures, events
or calls meanwhile can't slip in. The old version stays, superseded with the reason.
"""

from datetime import date, datetime

from django.utils import timezone

from appraisals.models import Adjustment, Cycle, Form
from appraisals.services.steps import Actor, checked_move, make_move
from appraisals.states import CycleKind
from appraisals.workflow import Hat
from audit.log import record
from common.db import require_transaction
from policy.facts import Entry
from policy.rounding import cents
from scoring.facts.corrections import Corrected, corrected
from scoring.facts.pay import paid_with
from scoring.facts.snapshots import digest_of, snapshot_text
from scoring.models import PayDifference, Result
from scoring.selectors.pay import is_paid, paid_so_far
from scoring.selectors.terms import stored_result_terms
from scoring.services.proposals import renew_proposals


def reissue_result(
    form: Form, cycle: Cycle, result: Result, *, adjustments: list[Adjustment], by: Actor, reason: str
) -> Result:
    """Write the adjustments and the new version, published at once and to be signed again; needs cycle and form locked.

    What a settled run has paid stays paid: the difference is a line of the running month's report, and so is that of
    every later version. What was not paid yet is simply paid right, once. Proposals that nobody has decided follow
    the new figure.
    """
    require_transaction()
    now = timezone.now()
    was_paid = is_paid(form.pk)
    move = checked_move(form, "correct", frozenset((Hat.JUDGE,)), reason)
    Adjustment.objects.bulk_create(adjustments)
    entries = tuple([Entry(one.ref, one.points, one.label) for one in adjustments])
    fresh = _version_after(result, cycle, corrected(result, cycle, entries), by=by, now=now)
    result.superseded_at, result.superseded_reason = now, reason[:200]
    result.save(update_fields=["superseded_at", "superseded_reason"])
    fresh.full_clean()
    fresh.save()
    form.published_at, form.filed_at = now, None
    form.save(update_fields=["published_at", "filed_at"])
    make_move(form, move, by=by, now=now, reason=reason)
    record(
        "result.corrected",
        fresh,
        by=by,
        before={"digest": result.digest},
        after={"digest": fresh.digest},
        reason=reason,
    )
    if was_paid and cycle.kind == CycleKind.MONTH:
        _owe(result, fresh, reason, timezone.localdate(now), by=by)
    renew_proposals([form.employee_id], cycle, by=by)
    return fresh


def _version_after(result: Result, cycle: Cycle, made: Corrected, *, by: Actor, now: datetime) -> Result:
    version = result.version + 1
    head = made.frozen.head._replace(version=version)
    text = snapshot_text(head, made.card, made.frozen.record)
    card = made.card
    return Result(
        form_id=result.form_id,
        cycle=cycle,
        employee_id=result.employee_id,
        version=version,
        snapshot=text,
        digest=digest_of(text),
        kpi=result.kpi,
        goal=result.goal,
        behaviour=result.behaviour,
        management=result.management,
        deduction=card.deducted,
        bonus=card.added,
        full_marks=card.full_marks,
        score=cents(card.total),
        coefficient=card.coefficient,
        grade_name=result.grade_name,
        pay_cap=result.pay_cap,
        post_wage=result.post_wage,
        performance_pay=made.performance_pay,
        base_pay=made.base_pay,
        consolidated_at=now,
        consolidated_by=by.number,
        published_at=now,
        **stored_result_terms(cycle, now),
    )


def _owe(before: Result, after: Result, reason: str, today: date, *, by: Actor) -> None:
    paid = paid_so_far(after.form_id) - after.post_wage  # with what earlier corrections owe already
    line = PayDifference(
        employee_id=after.employee_id,
        before=before,
        after=after,
        paid=paid,
        due=after.performance_pay,
        amount=after.performance_pay - paid,
        reason=reason[:200],
        paid_month=paid_with(before.cycle.ends_on, today),
    )
    line.full_clean()
    line.save()
    record(
        "pay.difference", line, by=by, after={"result": after.pk, "month": f"{line.paid_month:%Y-%m}"}, reason=reason
    )
