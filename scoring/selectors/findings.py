"""What the last check of a month found, and what of it nobody has looked at yet."""

from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from appraisals.models import Cycle
from people.models import Employee
from scoring.models import CheckRun, Finding
from scoring.states import FindingCode


class Sort(NamedTuple):
    """A sort of findings: how many there are, and how many nobody has looked at."""

    code: str
    name: str
    n: int
    open: int


def last_run(cycle: Cycle) -> CheckRun | None:
    """The last check; ``open`` counts its findings that nobody has looked at."""
    runs = CheckRun.objects.filter(cycle=cycle).select_related("by").order_by("-pk")
    return runs.annotate(open=Count("findings", filter=Q(findings__looked_at__isnull=True))).first()


def findings_of(run: CheckRun, reader: Employee) -> QuerySet[Finding]:
    """The run's findings but those about the reader himself: nobody judges what is said of him."""
    found = Finding.objects.filter(run=run).exclude(person=reader)
    return found.select_related("person__region", "form__owner", "looked_by").order_by("looked_at", "code", "pk")


def sorts_of(findings: QuerySet[Finding]) -> list[Sort]:
    """Every sort with its counts, in one statement."""
    counted = findings.order_by().values_list("code").annotate(n=Count("pk"), open=Count("pk", filter=OPEN))
    found = {code: (n, unseen) for code, n, unseen in counted}
    return [Sort(code.value, str(code.label), *found.get(code.value, (0, 0))) for code in FindingCode]


OPEN = Q(looked_at__isnull=True)
