"""One's own pay: settled lines, months that are not settled yet, and what a payment has led to since (P7.1, P6.3b)."""

from django.db.models import Q, QuerySet

from appraisals.states import CycleKind
from people.models import Employee
from scoring.models import PayDifference, PayLine, Result
from scoring.states import PayRunState


def lines_of(person: Employee) -> QuerySet[PayLine]:
    """One's own settled lines, the newest month first."""
    lines = PayLine.objects.filter(employee=person, run__state=PayRunState.SETTLED)
    return lines.select_related("run__cycle__scheme", "form", "result").order_by(
        "-run__cycle__starts_on", "-run__number"
    )


def unsettled_results(person: Employee) -> QuerySet[Result]:
    """One's published months that no settled run has paid, the newest first."""
    results = Result.objects.filter(employee=person, superseded_at__isnull=True, published_at__isnull=False)
    paid = Q(form__pay_line__run__state=PayRunState.SETTLED)
    months = results.filter(cycle__kind=CycleKind.MONTH).exclude(paid)
    return months.select_related("form", "cycle__scheme").order_by("-cycle__starts_on")


def line_of_form(form_id: int) -> PayLine | None:
    """The settled line of a form."""
    lines = PayLine.objects.filter(form=form_id, run__state=PayRunState.SETTLED)
    return lines.select_related("run__cycle", "result").first()


def differences_of_form(form_id: int) -> QuerySet[PayDifference]:
    """What a form's payment has led to since."""
    return PayDifference.objects.filter(before__form=form_id)
