"""What is paid: extras and differences as they arise, and the month's settlement by two people of HR (P7.1, P6.3b)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from appraisals.services.steps import Actor, standing_for
from appraisals.states import CycleKind
from audit.log import record
from common.db import among, insert_rows, require_transaction
from common.errors import ConflictError, RuleError
from notices.log import tell, tell_thousands
from people.models import Employee
from people.selectors import pay_basis
from policy.pay import base_pay, performance_pay
from policy.rounding import ZERO, cents
from scoring.facts.pay import DraftLine, DraftRun, draft_run, paid_with
from scoring.models import ExtraPay, PayDifference, PayLine, PayRun, Result
from scoring.selectors.pay import filed_unpaid, is_paid, open_differences, open_extras, paid_so_far, taken
from scoring.services.steps import locked_cycle
from scoring.states import DifferenceKind, PayRunState

FEW = 5
"""How many names a refusal lists."""
_KNOWN = ("cycle", "prepared_by", "settled_by")
"""Rows that were read or locked just before: looking them up again tells nothing."""
_KEYS = DraftLine._fields
_LINE = tuple(name.removesuffix("_id") for name in _KEYS)


@transaction.atomic(durable=True)
def prepare_pay(cycle_id: int, *, by: Employee) -> PayRun:
    """Put together what the month pays: filed forms nobody has paid, open differences and extras (P7.1, P6.3b).

    Replaces a prepared run, after settled ones it is the next. Nothing is paid before another person settles it.
    """
    now = timezone.now()
    cycle = locked_cycle(cycle_id)
    _check_hr(by, now)
    if cycle.kind != CycleKind.MONTH:
        raise RuleError(_("绩效工资只按月结算。"), code="not_a_month")
    if cycle.ends_on >= timezone.localdate(now):
        raise RuleError(_("这个月还没有过完，月底以后再准备。"), code="month_runs")
    for run in PayRun.objects.select_for_update().filter(cycle=cycle, state=PayRunState.PREPARED):
        _take_away(run, cycle, by=by)
    draft = _drafted(cycle)
    if not draft.lines:
        raise RuleError(_("没有要结算的：先备案，或等差额和奖金到期。"), code="nothing_to_pay")
    last = PayRun.objects.filter(cycle=cycle).aggregate(last=Max("number"))["last"] or 0
    run = PayRun(cycle=cycle, number=last + 1, prepared_by=by, prepared_at=now)
    draft.fill(run)
    run.full_clean(exclude=_KNOWN, validate_unique=False)
    run.save()
    insert_rows(PayLine, ("run", *_LINE), [(run.pk, *line) for line in draft.lines])
    if draft.difference_ids:
        PayDifference.objects.filter(pk__in=among(draft.difference_ids)).update(run=run)
    if draft.extra_ids:
        ExtraPay.objects.filter(pk__in=among(draft.extra_ids)).update(run=run)
    record("pay.prepared", run, by=by, after=_told(run, cycle))
    return run


@transaction.atomic(durable=True)
def settle_pay(run_id: int, *, digest: str, by: Employee) -> PayRun:
    """Another person of HR settles the run with that ``digest``, the one on his page; from then on it is frozen.

    Refuses if anything has changed since it was prepared, and says whose line. Whether the password was right is the
    view's to ask.
    """
    now = timezone.now()
    run, cycle = _prepared(run_id, by, now)
    if run.prepared_by_id == by.pk:
        raise RuleError(_("你自己准备的，请另一位人力资源同事复核结算。"), code="prepared_by_yourself")
    if digest != run.digest:
        words = _("有人重新准备过，金额可能不同。先看新的一份，再结算。")
        raise ConflictError(words, theirs=run.check_code)
    _check_unchanged(run, _drafted(cycle, run.pk))
    run.state, run.settled_by, run.settled_at = PayRunState.SETTLED, by, now
    run.full_clean(exclude=_KNOWN, validate_unique=False)
    run.save(update_fields=["state", "settled_by", "settled_at"])
    page = reverse("consequences:my_pay")
    people = run.lines.order_by("employee").values_list("employee_id", flat=True)
    tell_thousands([(pk, page, f"pay:{run.pk}") for pk in people], "pay_settled", {"month": cycle.key})
    record("pay.settled", run, by=by, after=_told(run, cycle))
    return run


@transaction.atomic(durable=True)
def discard_pay(run_id: int, *, reason: str, by: Employee) -> None:
    """Take a prepared run away, with the reason: its forms, differences and extras are open again."""
    now = timezone.now()
    run, cycle = _prepared(run_id, by, now)
    if not reason.strip():
        raise RuleError(_("写一句为什么退回，准备的人看得到。"), code="reason_missing", field="reason")
    preparer = {run.prepared_by_id} - {by.pk}
    words, page = {"who": by.name, "month": cycle.key}, reverse("consequences:pay_run", args=[cycle.key])
    tell(preparer, "pay_discarded", path=page, key=f"pay:{run.pk}:discarded", detail=words)
    _take_away(run, cycle, by=by, reason=reason.strip())


def add_extra(employee_id: int, *, kind: str, amount: Decimal, paid_month: date, reason: str, by: Actor) -> ExtraPay:
    """Owe somebody an amount beside the coefficient, yuan, paid by the first run of ``paid_month`` or later."""
    require_transaction()
    if amount <= 0:
        raise RuleError(_("金额要大于0。"), code="amount_not_positive", field="amount")
    extra = ExtraPay(
        employee_id=employee_id,
        kind=kind,
        amount=cents(amount),
        paid_month=paid_month.replace(day=1),
        reason=reason.strip()[:200],
    )
    extra.full_clean()
    extra.save()
    after = {"kind": kind, "amount": str(extra.amount), "month": f"{extra.paid_month:%Y-%m}"}
    record("extra.added", extra, by=by, after=after, reason=extra.reason)
    return extra


def cancel_extra(extra_id: int, *, reason: str, by: Actor) -> PayDifference | None:
    """Take an extra back: not paid yet, nothing is owed any more; paid, the next run asks it back as a difference.

    Taken back once: a second time changes nothing.
    """
    require_transaction()
    extra = ExtraPay.objects.select_for_update().get(pk=extra_id)
    if extra.cancelled_at is not None:
        return None
    now = timezone.now()
    extra.cancelled_at, extra.cancelled_reason = now, reason.strip()[:200]
    extra.save(update_fields=["cancelled_at", "cancelled_reason"])
    record("extra.cancelled", extra, by=by, before={"amount": str(extra.amount)}, reason=reason)
    # Asked only now: a run joined to the lock would be the one from before whoever held it settled.
    if not PayRun.objects.filter(extra_items=extra, state=PayRunState.SETTLED).exists():
        return None
    back = PayDifference(
        employee_id=extra.employee_id,
        kind=DifferenceKind.EXTRA,
        extra=extra,
        paid=extra.amount,
        due=ZERO,
        amount=-extra.amount,
        reason=extra.cancelled_reason,
        paid_month=paid_with(extra.paid_month, timezone.localdate(now)),
    )
    return _owed(back, by=by)


def owe_for_cap(employee_id: int, *, since: date, reason: str, by: Actor) -> list[PayDifference]:
    """Reckon the months from ``since`` on anew by the rungs that hold now, after a step was set or ended for the past.

    A month that was paid gets a difference line, one that was not is simply paid right; the score and what was signed
    are not touched. Locks the months' cycles: call it before anything that hangs on them is locked.
    """
    require_transaction()
    today = timezone.localdate()
    months = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__gte=since.replace(day=1))
    cycles = list(months.select_for_update(of=("self",)).select_related("scheme").order_by("pk"))
    current = Result.objects.filter(employee=employee_id, cycle__in=cycles, superseded_at__isnull=True)
    results = {result.cycle_id: result for result in current.select_for_update()}
    made = []
    for cycle in sorted(cycles, key=lambda one: one.starts_on):
        result = results.get(cycle.pk)
        if result is None or not _repaid(result, cycle, reason=reason, by=by):
            continue
        if is_paid(result.form_id):
            made.append(_difference(result, cycle, reason=reason, today=today))
    return [_owed(line, by=by) for line in made if line.amount]


def _repaid(result: Result, cycle: Cycle, *, reason: str, by: Actor) -> bool:
    """Write the pay columns of a result by the rung of its month; whether that changed them."""
    before = _columns(result)
    basis = pay_basis([result.employee_id], cycle.starts_on)[result.employee_id]
    result.grade_name = basis.grade_name
    result.post_wage, result.pay_cap = basis.post_wage or ZERO, basis.pay_cap or ZERO
    pay = ZERO
    if result.coefficient is not None:
        pay = performance_pay(result.pay_cap, result.coefficient, rules_of(cycle.scheme)).amount
    result.performance_pay, result.base_pay = pay, base_pay(result.post_wage, pay)
    if before == _columns(result):
        return False
    result.save(update_fields=list(before))
    record("result.repaid", result, by=by, before=before, after=_columns(result), reason=reason)
    return True


def _columns(result: Result) -> dict[str, str]:
    names = ("grade_name", "post_wage", "pay_cap", "performance_pay", "base_pay")
    return {name: str(getattr(result, name)) for name in names}


def _difference(result: Result, cycle: Cycle, *, reason: str, today: date) -> PayDifference:
    """Of the performance pay alone where the wage is the one that was paid, else of the base pay."""
    paid, due = paid_so_far(result.form_id), result.base_pay
    wage = PayLine.objects.values_list("post_wage", flat=True).get(form=result.form_id)
    if wage == result.post_wage:
        paid, due = paid - wage, due - wage
    return PayDifference(
        employee_id=result.employee_id,
        kind=DifferenceKind.CAP,
        before=result,
        paid=paid,
        due=due,
        amount=due - paid,
        reason=reason.strip()[:200],
        paid_month=paid_with(cycle.ends_on, today),
    )


def _owed(line: PayDifference, *, by: Actor) -> PayDifference:
    line.full_clean()
    line.save()
    after = {"kind": line.kind, "amount": str(line.amount), "month": f"{line.paid_month:%Y-%m}"}
    record("pay.difference", line, by=by, after=after, reason=line.reason)
    return line


def _check_hr(by: Employee, now: datetime) -> None:
    standing = standing_for(by, now)
    if standing is None or not standing.is_hr:
        raise RuleError(_("绩效工资由人力资源部结算。"), code="not_allowed")


def _prepared(run_id: int, by: Employee, now: datetime) -> tuple[PayRun, Cycle]:
    """A prepared run, its month locked before it."""
    cycle_id = PayRun.objects.filter(pk=run_id).values_list("cycle_id", flat=True).first()
    cycle = locked_cycle(cycle_id) if cycle_id else None
    _check_hr(by, now)
    run = PayRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or cycle is None:
        raise RuleError(_("这一份已经退回或重新准备过，看新的一份。"), code="gone")
    if run.state != PayRunState.PREPARED:
        raise RuleError(_("已经结算，不能再改；有错走更正，差额随下个月发。"), code="settled_already")
    return run, cycle


def _drafted(cycle: Cycle, run_id: int | None = None) -> DraftRun:
    """What the month would pay now; what it would take is locked, so that no other run takes it too."""
    differences, extras = open_differences(cycle.starts_on, run_id), open_extras(cycle.starts_on, run_id)
    return draft_run(filed_unpaid(cycle), taken(differences), taken(extras), rules_of(cycle.scheme))


def _check_unchanged(run: PayRun, draft: DraftRun) -> None:
    """Refuse what is no longer what was prepared, naming whose lines are others now."""
    stored = {line[0]: DraftLine._make(line) for line in run.lines.values_list(*_KEYS)}
    fresh = {line.employee_id: line for line in draft.lines}
    if draft.digest == run.digest and stored == fresh:
        return
    people = sorted(pk for pk in {*stored, *fresh} if stored.get(pk) != fresh.get(pk))
    names = list(Employee.objects.filter(pk__in=among(people)).values_list("name", flat=True)[:FEW])
    listed = _("、").join(names) + (_("等%(n)s人") % {"n": len(people)} if len(people) > FEW else "")
    words = _("准备以后有变化：%(names)s。重新准备，再请人复核。") % {"names": listed or _("更正或申诉")}
    raise RuleError(words, code="changed_since")


def _take_away(run: PayRun, cycle: Cycle, *, by: Actor, reason: str = "") -> None:
    record("pay.discarded", cycle, by=by, before=_told(run, cycle), reason=reason)
    for items in (run.difference_items, run.extra_items):
        items.update(run=None)
    run.lines.all().delete()
    run.delete()


def _told(run: PayRun, cycle: Cycle) -> dict[str, Any]:
    sums = {name: str(getattr(run, name)) for name in ("performance_pay", "differences", "extras", "total")}
    return {"month": cycle.key, "number": run.number, "people": run.people, **sums, "digest": run.digest}
