"""What of a result may still be contested, and what earlier appeals have given already (P6.3b)."""

from decimal import Decimal

from django.db.models import Sum

from appeals.facts import Contestable, RefusedBonus, contestable
from appeals.models import AppealItem
from appeals.states import AppealState
from incidents.models import Bonus
from incidents.states import EventState
from scoring.facts.snapshots import Frozen, read_snapshot
from scoring.models import Result


def contestable_of(result: Result, frozen: Frozen | None = None) -> dict[str, Contestable]:
    """Key → what may be contested of the result, in two statements. A snapshot that has been read may be given."""
    frozen = frozen or read_snapshot(result.snapshot)
    return contestable(frozen, given_on(result.form_id), _refused(result, frozen))


def given_on(form_id: int) -> dict[str, Decimal]:
    """Key → the marks that ruled appeals against any version of the form's result have added."""
    rows = AppealItem.objects.filter(
        appeal__result__form=form_id, appeal__state=AppealState.RULED, appeal__outcome__isnull=False, points__gt=0
    )
    return dict(rows.order_by().values_list("key").annotate(Sum("points")))


def settled_keys(form_id: int) -> set[str]:
    """The keys that an appeal has ruled on: a first instance does not hear them again."""
    rows = AppealItem.objects.filter(appeal__result__form=form_id, appeal__state=AppealState.RULED)
    return set(rows.values_list("key", flat=True))


def _refused(result: Result, frozen: Frozen) -> list[RefusedBonus]:
    rows = Bonus.objects.filter(
        employee=result.employee_id,
        state=EventState.REJECTED,
        occurred_on__gte=frozen.head.starts_on,
        occurred_on__lte=frozen.head.ends_on,
    )
    return [RefusedBonus(*row) for row in rows.order_by("number").values_list("number", "grounds", "points")]
