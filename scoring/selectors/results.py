"""Results as their pages read them: one form's versions, a person's months, what an owner has still to sign."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.db.models import Exists, OuterRef, QuerySet

from appraisals.states import FormState
from people.facts import Standing
from people.models import Employee
from policy.rounding import ZERO
from scoring.models import Result, Signature
from scoring.permissions import visible_results
from scoring.states import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The stepped bar of a result."""

    got: Decimal
    plus: Decimal
    minus: Decimal
    lost: Decimal

    @property
    def solid(self) -> Decimal:
        """The bar's solid piece: part points less incidents."""
        return max(ZERO, self.got - self.minus)


READ = ("form__cycle__scheme", "form__owner", "form__position", "employee")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of somebody's results, for the way to the one before and after."""

    form_id: int
    starts_on: date
    kind: str
    coefficient: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The results of the same kind before and after one."""

    before: Month | None
    after: Month | None


def versions_of(form_id: int, person: Employee, standing: Standing) -> list[Result]:
    """The versions of a form's result that the person may see, newest first, in one statement."""
    found = visible_results(person, standing).filter(form_id=form_id)
    return list(found.select_related(*READ).order_by("-version"))


def corrected_of(versions: list[Result]) -> set[int]:
    """Those of a form's versions, newest first, that a correction replaced at once; the others were taken back."""
    return {
        old.pk
        for new, old in pairwise(versions)
        if old.superseded_at is not None and old.superseded_at == new.published_at
    }


def current_version(form_id: int) -> Result | None:
    """The published version of a form's result that holds now."""
    found = Result.objects.filter(form=form_id, superseded_at__isnull=True, published_at__isnull=False)
    return found.select_related("form__cycle__scheme").first()


def around(result: Result, person: Employee, standing: Standing) -> Around:
    """The neighbours of a result among those of the same person and kind that the reader may see."""
    found = visible_results(person, standing).filter(
        employee=result.employee_id, superseded_at__isnull=True, cycle__kind=result.form.cycle.kind
    )
    rows = found.order_by("cycle__starts_on").values_list("form_id", "cycle__starts_on", "cycle__kind", "coefficient")
    months = [Month(form_id=f, starts_on=day, kind=kind, coefficient=value) for f, day, kind, value in rows]
    start = result.form.cycle.starts_on
    return Around(
        before=next((month for month in reversed(months) if month.starts_on < start), None),
        after=next((month for month in months if month.starts_on > start), None),
    )


def results_of(person: Employee) -> QuerySet[Result]:
    """One's own published results, newest first; without their snapshots."""
    found = Result.objects.filter(employee=person, superseded_at__isnull=True, published_at__isnull=False)
    found = found.annotate(is_signed=Exists(_signed(Side.APPRAISEE)))
    return found.select_related("form__cycle__scheme").defer("snapshot").order_by("-cycle__starts_on")


def latest_result(person: Employee) -> Result | None:
    """One's newest published result."""
    return results_of(person).first()


def results_to_sign(owner: Employee) -> QuerySet[Result]:
    """Published results of the owner's people that he has not signed yet, the oldest first."""
    found = Result.objects.filter(
        form__owner=owner, form__state=FormState.PUBLISHED, superseded_at__isnull=True, published_at__isnull=False
    ).exclude(Exists(_signed(Side.OWNER)))
    found = found.select_related("form__cycle__scheme", "form__position", "employee").defer("snapshot")
    return found.prefetch_related("signatures").order_by("cycle__starts_on", "employee__number")


def signatures_of(result: Result) -> dict[str, Signature]:
    """Side → signature of that version."""
    return {signature.side: signature for signature in result.signatures.select_related("signer")}


def marks_of(result: Result) -> Marks:
    """The bar from a result's own columns, without its snapshot."""
    got = result.kpi + result.goal + result.behaviour + result.management
    # What appeals added is in no column of its own; a score of 0 may have been raised to it.
    plus = result.score - got + result.deduction if result.score else result.bonus
    return Marks(got=got, plus=max(plus, result.bonus), minus=result.deduction, lost=max(ZERO, result.full_marks - got))


def _signed(side: Side) -> QuerySet[Signature]:
    return Signature.objects.filter(result=OuterRef("pk"), side=side)
