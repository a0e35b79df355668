"""Repetition (P4.5): earlier confirmed incidents of the same person and kind, and what that makes of this one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db.models import Q, QuerySet, TimeField, Value
from django.db.models.functions import Coalesce

from common.wording import short
from incidents.models import EventRules, Incident, IncidentKind, Involvement, Severity
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
    def range(self) -> str:
        """The points the severity allows, as 3–5, or one number where it allows no other."""
        low, high = short(self.judged.low), short(self.judged.high)
        return low if low == high else f"{low}–{high}"

    @property
    def is_fixed(self) -> bool:
        """Whether the severity allows one number of points only."""
        return self.judged.low == self.judged.high

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


def later_shares(share: Involvement) -> list[Involvement]:
    """The person's confirmed shares in incidents of that kind after this one: their repetition may count it."""
    incident = share.incident
    if incident.kind_id is None:
        return []
    rows = _in_order(incident.kind_id).filter(_after(incident), employee_id=share.employee_id)
    return list(rows.select_related("incident__kind__severity", "severity"))


def earlier_shares(employee_ids: Iterable[int], incident: Incident, months: int) -> dict[int, list[Involvement]]:
    """Person → his confirmed shares in incidents of that kind in the ``months`` before this one, oldest first.

    The same day ``months`` earlier still counts. Of one day the later one counts those before it: by the time of day,
    one without a time after those with one, then by the order in which they were recorded.
    """
    found: dict[int, list[Involvement]] = {}
    if incident.kind_id is None or months == 0:
        return found
    since = months_before(incident.occurred_on, months)
    rows = _in_order(incident.kind_id).filter(_before(incident), employee_id__in=set(employee_ids))
    for row in rows.filter(incident__occurred_on__gte=since).select_related("incident", "severity"):
        found.setdefault(row.employee_id, []).append(row)
    return found


def _in_order(kind_id: int) -> QuerySet[Any]:
    """Confirmed shares in incidents of a kind, as they followed each other."""
    rows = Involvement.objects.filter(state=EventState.CONFIRMED, incident__kind_id=kind_id)
    timed: QuerySet[Any] = rows.alias(at=Coalesce("incident__occurred_time", Value(time.max), output_field=TimeField()))
    return timed.order_by("incident__occurred_on", "at", "incident_id")


def _before(incident: Incident) -> Q:
    """Rows of ``_in_order`` before an incident; one not recorded yet is the last of its time."""
    same_time = Q(at=_at(incident))
    if incident.pk is not None:
        same_time &= Q(incident_id__lt=incident.pk)
    same_day = Q(incident__occurred_on=incident.occurred_on) & (Q(at__lt=_at(incident)) | same_time)
    return Q(incident__occurred_on__lt=incident.occurred_on) | same_day


def _after(incident: Incident) -> Q:
    same_time = Q(at=_at(incident), incident_id__gt=incident.pk)
    same_day = Q(incident__occurred_on=incident.occurred_on) & (Q(at__gt=_at(incident)) | same_time)
    return Q(incident__occurred_on__gt=incident.occurred_on) | same_day


def _at(incident: Incident) -> time:
    return incident.occurred_time or time.max
