"""What waits for HR with a month's pay: to be prepared, and to be settled by the other (P7.1)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from appraisals.models import Form
from appraisals.states import CycleKind, FormState
from people.facts import Standing
from people.models import Employee
from reports.selectors.waiting import PREPARE_PAY, SETTLE_PAY, by_cycle
from scoring.models import PayRun
from scoring.permissions import can_settle_pay
from scoring.states import PayRunState


def pay_waiting(person: Employee, standing: Standing, today: date) -> Iterator[QuerySet[Any]]:
    """Rows of ``Waiting`` for whoever settles pay: nobody settles what he prepared himself."""
    if not can_settle_pay(standing):
        return
    yield by_cycle(PREPARE_PAY, _to_prepare(today))
    prepared = PayRun.objects.filter(state=PayRunState.PREPARED).exclude(prepared_by=person)
    yield by_cycle(SETTLE_PAY, prepared, name="prepared_by__name")


def _to_prepare(today: date) -> QuerySet[Form]:
    """Filed forms that no run has taken, once the whole month is filed, or has been settled without them."""
    same = Form.objects.filter(cycle=OuterRef("cycle"))
    unfiled = same.exclude(state=FormState.FILED).exclude(pay_line__run__state=PayRunState.SETTLED)
    runs = PayRun.objects.filter(cycle=OuterRef("cycle"))
    forms = Form.objects.filter(cycle__kind=CycleKind.MONTH, cycle__ends_on__lt=today, state=FormState.FILED)
    forms = forms.filter(pay_line__isnull=True).exclude(Exists(runs.filter(state=PayRunState.PREPARED)))
    return forms.filter(~Q(Exists(unfiled)) | Q(Exists(runs)))
