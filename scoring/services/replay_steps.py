"""The steps of a what-if's job: score some results anew, then compare everything. Only the replay's own rows change."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.urls import reverse

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from appraisals.states import CycleKind
from audit.log import record
from common.db import among, insert_rows, require_transaction
from common.errors import RuleError
from notices.log import tell
from policy.problems import PolicyError
from policy.rounding import ZERO
from policy.schemes import Scheme as Rules
from scoring.facts.replays import Line, Period, compared, pay_under, scored_anew, suspects, tally, with_promised_floor
from scoring.facts.years import year_facts
from scoring.models import Replay, ReplayLine, ReplayPerson, Result
from scoring.selectors.histories import published_months
from scoring.selectors.replays import lines_overtaken, results_left, standing_proposals
from scoring.selectors.years import rules_of_year
from scoring.services.steps import CHUNK

_LINE = (
    *("replay", "form", "result", "employee", "month", "coefficient_before", "coefficient_after"),
    *("deduction_after", "bonus_after", "pay_before", "pay_after"),
)
_PERSON = (
    *("proposals_before", "proposals_after", "year_before", "year_after"),
    *("coefficient_before", "coefficient_after", "pay_before", "pay_after", "change"),
    *("moves_coefficient", "moves_pay", "moves_proposals", "moves_grade", "is_moved"),
)
_READ = (
    *("employee_id", "result__cycle__kind", "month", "coefficient_before", "coefficient_after"),
    *("result__deduction", "result__bonus", "deduction_after", "bonus_after", "pay_before", "pay_after"),
)


def draft_of(replay: Replay) -> Rules:
    """The numbers asked about; ``RuleError`` if they can't be used."""
    try:
        return Rules.from_dict(replay.rules)
    except PolicyError as error:
        raise RuleError(str(error), code="bad_scheme") from error


def score_some(replay: Replay) -> int:
    """Score the next results anew, a constant number of statements; how many they were, 0 when none is left."""
    require_transaction()
    ids = list(results_left(replay).values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return 0
    names = ("pk", "form_id", "employee_id", "cycle_id", "snapshot", "coefficient", "pay_cap", "performance_pay")
    results = list(Result.objects.filter(pk__in=among(ids)).order_by("pk").values_list(*names))
    cycles = Cycle.objects.filter(pk__in={row[3] for row in results}).select_related("scheme")
    draft = draft_of(replay)
    known = {cycle.pk: (cycle, with_promised_floor(draft, rules_of(cycle.scheme))) for cycle in cycles}
    ReplayLine.objects.filter(replay=replay, form__in=among(row[1] for row in results)).delete()
    insert_rows(ReplayLine, _LINE, [(replay.pk, *_line(row, *known[row[3]])) for row in results])
    return len(results)


def conclude(replay: Replay, *, now: datetime) -> None:
    """Compare everybody before and after, keep the answer and tell who asked; done again it keeps the same."""
    require_transaction()
    lines_overtaken(replay).delete()
    people = compared(_period(replay), draft_of(replay))
    ReplayPerson.objects.filter(replay=replay).delete()
    rows = [(replay.pk, one.employee_id, *(getattr(one, name) for name in _PERSON)) for one in people]
    insert_rows(ReplayPerson, ("replay", "employee", *_PERSON), rows)
    replay.summary = {name: str(value) for name, value in tally(people).items()}
    replay.finished_at = now
    replay.save(update_fields=["summary", "finished_at"])
    record("replay.finished", replay, by=replay.requested_by, after={"people": len(people)})
    page = reverse("calibration:replay", args=[replay.pk])
    tell([replay.requested_by_id], "replay_done", path=page, key=f"replay:{replay.pk}")


def _line(row: Sequence[object], cycle: Cycle, rules: Rules) -> tuple[object, ...]:
    pk, form, person, _cycle, snapshot, coefficient, cap, paid = row
    card = scored_anew(str(snapshot), rules)
    is_month = cycle.kind == CycleKind.MONTH
    pay = pay_under(Decimal(str(cap)), card.coefficient, rules) if is_month else ZERO
    head = (form, pk, person, cycle.starts_on, coefficient, card.coefficient)
    return (*head, card.deducted, card.added, paid if is_month else ZERO, pay)


def _period(replay: Replay) -> Period:
    """Everything the end compares, in a constant number of statements."""
    draft = draft_of(replay)
    lines = [Line(*row) for row in ReplayLine.objects.filter(replay=replay).order_by("month").values_list(*_READ)]
    wanted = suspects(lines, draft)
    history = published_months(wanted) if wanted else {}
    earlier = {pk: [row for row in rows if row.starts_on < replay.first_month] for pk, rows in history.items()}
    standing = standing_proposals(replay.first_month, replay.last_month)
    year = then = None
    if replay.year is not None and replay.completion is not None:
        then = rules_of_year(replay.year)
        also = {line.employee_id for line in lines}
        year = year_facts(replay.year, then, completion=replay.completion, also=also)
    return Period(
        first_month=replay.first_month,
        lines=lines,
        earlier=earlier,
        standing=standing,
        year=year,
        rules_then=then,
    )
