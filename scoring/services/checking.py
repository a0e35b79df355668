"""Check a month before it is consolidated, and keep what was looked at (P5.3). Nothing here stops a consolidation."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Cycle
from appraisals.services.steps import standing_for
from appraisals.states import CycleKind
from audit.log import record
from common.db import among
from common.errors import RuleError, check_length
from people.models import Employee
from scoring.models import CheckRun, Finding
from scoring.permissions import can_run_board
from scoring.selectors.board import PAST
from scoring.selectors.doubles import all_alike, recorded_twice, self_gaps, shared_files, two_sources
from scoring.selectors.outliers import Found, figures_far, scores_far
from scoring.services.steps import locked_cycle

NOTE = 200


@transaction.atomic(durable=True)
def run_checks(cycle_id: int, *, by: Employee) -> CheckRun:
    """Look for doubles and outliers. What was found before keeps its note and is told in the words
    of now; what is gone is no longer shown."""
    now = timezone.now()
    cycle = locked_cycle(cycle_id)
    _check_right(cycle, by)
    earlier = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__lt=cycle.starts_on).order_by("-starts_on")
    found = _found(cycle, list(earlier[:PAST]))
    run = CheckRun(cycle=cycle, by=by, at=now)
    run.full_clean()
    run.save()
    known = {one.key: one for one in Finding.objects.filter(cycle=cycle)}
    again = [known[key] for key in found.keys() & known.keys()]
    Finding.objects.filter(pk__in=among(one.pk for one in again)).update(run=run)
    said_anew = [one for one in again if one.detail != found[one.key].detail]
    for one in said_anew:
        one.detail = found[one.key].detail
    Finding.objects.bulk_update(said_anew, ["detail"], batch_size=500)
    Finding.objects.bulk_create(
        [
            Finding(
                cycle=cycle,
                run=run,
                code=one.code,
                key=key,
                person_id=one.person_id,
                form_id=one.form_id,
                detail=one.detail,
            )
            for key, one in found.items()
            if key not in known
        ],
        batch_size=500,
    )
    record("checks.run", cycle, by=by, after={"found": len(found), "new": len(found) - len(again)})
    return run


@transaction.atomic(durable=True)
def look_at_findings(cycle_id: int, *, finding_ids: Collection[int], note: str, by: Employee) -> int:
    """Mark findings as looked at, with one note for all of them; returns how many. The first note stays.

    Nobody looks at what is found about himself.
    """
    cycle = locked_cycle(cycle_id)
    _check_right(cycle, by)
    words = note.strip()
    if not words:
        raise RuleError(_("写一句看的结果。"), code="note_needed", field="note")
    check_length(words, NOTE, field="note")
    open_ones = Finding.objects.filter(pk__in=among(finding_ids), cycle=cycle, looked_at__isnull=True)
    ids = list(open_ones.exclude(person=by).order_by("pk").values_list("pk", flat=True))
    if ids:
        Finding.objects.filter(pk__in=among(ids)).update(looked_at=timezone.now(), looked_by=by, note=words)
        record("checks.looked_at", cycle, by=by, after={"findings": ids}, reason=words)
    return len(ids)


def _check_right(cycle: Cycle, by: Employee) -> None:
    standing = standing_for(by, timezone.now())
    if standing is None or not can_run_board(standing, cycle):
        raise RuleError(_("汇总检查由这个月的值班主任或组长来做。"), code="not_allowed")


def _found(cycle: Cycle, before: list[Cycle]) -> dict[str, Found]:
    sources = (
        two_sources(cycle),
        recorded_twice(cycle),
        shared_files(cycle),
        figures_far(cycle, before),
        scores_far(cycle, before),
        all_alike(cycle),
        self_gaps(cycle),
    )
    return {one.key: one for source in sources for one in source}
