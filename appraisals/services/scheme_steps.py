"""Steps that the services of the scheme share: the lock, a step's trace, who is told. Each needs a transaction."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Scheme, SchemeStep
from appraisals.selectors.schemes import Way, who_is_next
from appraisals.states import SchemeStepKind
from common.db import require_transaction
from common.errors import RuleError
from notices.facts import quotable
from notices.log import tell
from people.models import Employee
from people.selectors import employees_working

TOLD = {
    SchemeStepKind.SUBMITTED: "scheme_submitted",
    SchemeStepKind.CHECKED: "scheme_checked",
    SchemeStepKind.RETURNED: "scheme_returned",
    SchemeStepKind.APPROVED: "scheme_approved",
    SchemeStepKind.WITHDRAWN: "scheme_withdrawn",
}


def hold_schemes() -> list[Scheme]:
    """Every version, locked: while one is approved no cycle is opened, and the other way round."""
    require_transaction()
    return list(Scheme.objects.select_for_update().order_by("pk"))


def locked_scheme(scheme_id: int) -> Scheme:
    """The version, with all others locked as well."""
    found = next((one for one in hold_schemes() if one.pk == scheme_id), None)
    if found is None:
        raise RuleError(_("没有这一版方案。"), code="not_found")
    return found


def note_step(scheme: Scheme, kind: SchemeStepKind, *, by: Employee, note: str = "") -> SchemeStep:
    """Keep who took a step, and when."""
    require_transaction()
    step = SchemeStep(scheme=scheme, kind=kind, by=by, at=timezone.now(), note=note)
    step.full_clean()
    step.save(force_insert=True)
    return step


def tell_of(scheme: Scheme, kind: SchemeStepKind, way: Way, *, by: Employee) -> None:
    """Tell whoever is next, or whom it concerns; a new version in force concerns everybody."""
    require_transaction()
    today = timezone.localdate()
    path = reverse("appraisals:scheme_version", args=[scheme.pk])
    key = f"scheme:{scheme.pk}:{way.steps[-1].pk}"
    tell(
        _concerned(scheme, kind, way, today) - {by.pk},
        TOLD[kind],
        path=path,
        key=key,
        detail={"who": quotable(by.name)},
    )


def _concerned(scheme: Scheme, kind: SchemeStepKind, way: Way, today: date) -> set[int]:
    if kind in (SchemeStepKind.SUBMITTED, SchemeStepKind.CHECKED):
        return _ids(who_is_next(scheme, way, today))
    if kind == SchemeStepKind.APPROVED:
        return _ids(employees_working(today, today)) | way.writers | way.checkers
    return way.writers | way.checkers


def _ids(people: Iterable[Employee]) -> set[int]:
    return {person.pk for person in people}
