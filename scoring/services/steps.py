"""Steps that several services share: locks in their order, rights over many forms, set-based moves.

Lock order: cycle, then forms by their number, then what hangs on them.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from appraisals.models import Cycle, Form
from appraisals.services.steps import Actor, standing_for
from appraisals.states import FormState
from appraisals.workflow import MOVES, Hat, Move
from audit.log import record
from common.db import among, require_transaction
from common.errors import RuleError
from notices.log import tell_thousands
from people.models import Employee
from scoring.models import Result


def move_of(name: str, source: FormState) -> Move:
    """The move as the table has it; the same for every class of post."""
    return next(move for move in MOVES if move.name == name and move.source == source)


CONSOLIDATE = move_of("consolidate", FormState.READY)
PUBLISH = move_of("publish", FormState.CONSOLIDATED)
CHUNK = 500
"""The forms a job takes at a time: its progress is seen, and whoever signs meanwhile hardly waits."""
MOST = 2500
"""The most forms one transaction may take, a second or two: for a command, where nobody watches a bar."""


def locked_cycle(cycle_id: int) -> Cycle:
    """The cycle, locked first by whatever settles, publishes, signs or reopens."""
    require_transaction()
    return Cycle.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=cycle_id)


def locked_cycle_of(form_id: int) -> Cycle:
    """As ``locked_cycle``, for the cycle of a form; a form never changes its cycle."""
    return locked_cycle(Form.objects.values_list("cycle_id", flat=True).get(pk=form_id))


def locked_ids(cycle: Cycle, form_ids: Iterable[int], state: FormState) -> list[int]:
    """Those of the forms that belong to the cycle and stand in ``state``, locked in the order of their keys."""
    require_transaction()
    forms = Form.objects.select_for_update().filter(pk__in=among(form_ids), cycle=cycle)
    return [pk for pk, current in forms.order_by("pk").values_list("pk", "state") if current == state]


def current_result(form: Form) -> Result:
    """The result that holds now, locked."""
    require_transaction()
    return Result.objects.select_for_update().get(form=form, superseded_at__isnull=True)


def check_many(move: Move, cycle: Cycle, *, by: Actor, now: datetime) -> None:
    """Whether ``by`` may make the move with many forms of the cycle."""
    if not move.by & _hats_over(cycle, by, now):
        raise RuleError(_("这一步不归你做。"), code="not_allowed")


def check_company(form_ids: Collection[int], *, by: Actor) -> None:
    """One's own form goes along with others that really move; alone it is refused: there one is only the appraisee.

    ``form_ids`` are those that move, not those asked for: a made-up or finished one beside it is no company.
    """
    if not isinstance(by, Employee) or not form_ids:
        return
    if not Form.objects.filter(pk__in=among(form_ids)).exclude(employee=by).exists():
        raise RuleError(_("自己的表不能单独办，和大家的一起办，或请别人办。"), code="own_form")


def _hats_over(cycle: Cycle, by: Actor, now: datetime) -> frozenset[Hat]:
    standing = standing_for(by, now)
    if standing is None:
        return frozenset((Hat.SYSTEM,))
    worn = {
        Hat.DUTY: standing.is_on_duty(cycle.duty_month),
        Hat.LEADER: standing.is_leader,
        Hat.HR: standing.is_hr,
    }
    return frozenset(hat for hat, wears in worn.items() if wears)


def advance(moves: Sequence[Move], form_ids: Sequence[int], **stamps: datetime | None) -> None:
    """Make the moves, one after the other, with all the forms in one statement; the version tells a stale writer."""
    version = F("version") + len(moves)
    Form.objects.filter(pk__in=among(form_ids)).update(state=moves[-1].target, version=version, **stamps)


def tell_published(cycle: Cycle, results: Iterable[tuple[int, int, int]]) -> None:
    """Tell each appraisee that his result is there: rows of form, person, version. A version is published once."""
    page = reverse("scoring:result", args=[0])  # looked up once for the batch
    news = [
        (person, page.replace("0", str(form)), f"result:{form}:{version}:published")
        for form, person, version in results
    ]
    tell_thousands(news, "result_published", {"month": cycle.key})


def record_batch(move: Move, cycle: Cycle, detail: dict[str, Any], *, by: Actor, reason: str = "") -> None:
    """One event for the whole batch, about the cycle; ``detail`` names the forms."""
    record(f"forms.{move.name}", cycle, by=by, after=detail, reason=reason)
