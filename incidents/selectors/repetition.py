"""Repetition (P4.5): earlier confirmed incidents of the same person and kind, and what that makes of this one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from incidents.models import EventRules, IncidentKind, Involvement, Severity
from incidents.selectors.rules import rules_on, rungs, severities
from incidents.states import EventState
from policy.incidents import Judged, judge, months_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a share would be judged by today: the arithmetic's word with the rows behind it."""

    judged: Judged
    severity: Severity | None
    own: Severity | None
    earlier: tuple[Involvement, ...]
    months: int

    @property
    def time(self) -> int:
        """Which time this is within the months looked back on: 1 is the first."""
        return len(self.earlier) + 1

    @property
    def is_top(self) -> bool:
        """Repeated, but nothing graver to move to, or the rules do not move."""
        return bool(self.earlier) and not self.judged.has_moved

    def is_outdated(self, share: Involvement) -> bool:
        """Whether the share was confirmed by another severity than today's: an earlier one was decided after it."""
        if share.state != EventState.CONFIRMED or share.severity is None or self.severity is None:
            return False
        return share.severity.code != self.severity.code


@dataclass(frozen=True, slots=True)
class Standard:
    """The rules in force and the severities, read once for many shares: two statements."""

    rules: EventRules
    severities: Mapping[str, Severity]

    def judgement(self, share: Involvement, kind: IncidentKind | None, earlier: Iterable[Involvement]) -> Judgement:
        """What that share comes to, with these earlier ones."""
        found, before = dict(self.severities), tuple(earlier)
        own = kind.severity if kind else None
        told = judge(
            rungs(found),
            own.code if own else "",
            share.filed_points,
            repeats=len(before),
            moves_up=self.rules.repeat_moves_up,
        )
        severity = found.get(told.code)
        return Judgement(judged=told, severity=severity, own=own, earlier=before, months=self.rules.repeat_months)


def standard_on(day: date) -> Standard:
    """The rules in force on ``day`` and the severities as they stand."""
    return Standard(rules_on(day), severities())


def later_shares(share: Involvement, kind_id: int | None) -> list[Involvement]:
    """The person's confirmed shares in incidents of that kind after this one: their repetition may count it."""
    rows = Involvement.objects.filter(
        state=EventState.CONFIRMED,
        employee_id=share.employee_id,
        incident__kind_id=kind_id,
        incident__kind__isnull=False,
        incident__occurred_on__gt=share.occurred_on,
    )
    return list(rows.select_related("incident__kind__severity", "severity").order_by("incident__occurred_on", "pk"))


def earlier_shares(
    employee_ids: Iterable[int], kind_id: int | None, occurred_on: date, months: int
) -> dict[int, list[Involvement]]:
    """Person → his confirmed shares in incidents of that kind in the ``months`` before the day, oldest first.

    The day itself does not count, the same day ``months`` earlier does.
    """
    found: dict[int, list[Involvement]] = {}
    if kind_id is None or months == 0:
        return found
    rows = Involvement.objects.filter(
        state=EventState.CONFIRMED,
        employee_id__in=set(employee_ids),
        incident__kind_id=kind_id,
        incident__occurred_on__gte=months_before(occurred_on, months),
        incident__occurred_on__lt=occurred_on,
    )
    for row in rows.select_related("incident", "severity").order_by("incident__occurred_on", "pk"):
        found.setdefault(row.employee_id, []).append(row)
    return found
