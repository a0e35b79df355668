"""Pay of the demo: every filed month settled by two of HR; somebody filed late waits for the second of them."""

from datetime import date, timedelta

from appraisals.models import Cycle, Form
from appraisals.states import FormState
from reports.management.demo.clock import at
from reports.management.demo.months import Troupe, noon
from scoring.services.filing import file_forms
from scoring.services.paying import prepare_pay, settle_pay

HR, SECOND = "赵琳", "钱慧"
LATE = "魏巍"
"""Whose result of the last settled month was filed only yesterday."""


def pay(troupe: Troupe, cycle: Cycle, today: date, *, is_latest: bool) -> None:
    """Prepared the day after the filing by one, settled the day after by the other."""
    first, second = troupe.cast.named(HR), troupe.cast.named(SECOND)
    filed = max(form.filed_at for form in Form.objects.filter(cycle=cycle, filed_at__isnull=False) if form.filed_at)
    late = Form.objects.filter(cycle=cycle, employee__name=LATE)
    if is_latest:
        late.update(state=FormState.SIGNED, filed_at=None)
    with at(filed + timedelta(days=1)):
        run = prepare_pay(cycle.pk, by=first)
    with at(filed + timedelta(days=2, hours=3)):
        settle_pay(run.pk, digest=run.digest, by=second)
    if is_latest:
        with at(noon(today - timedelta(days=1), 4)):
            file_forms(cycle.pk, form_ids=[form.pk for form in late], by=second)
        with at(noon(today - timedelta(days=1), 5)):
            prepare_pay(cycle.pk, by=second)
