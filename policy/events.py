"""What incidents and bonuses of a form come to (P4.5, P4.6): claims, the limits they meet, and every point cut.

Points claimed = points counted + points cut, to the letter. The limits are those of one month: the form of a
quarter or a year applies them month by month.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from policy.facts import Entry
from policy.rounding import ZERO
from policy.schemes import Scheme

CRITICAL = "critical"
KIND_CAP = "kind_cap"
BONUS_LIMIT = "bonus_limit"
DEDUCTION_LIMIT = "deduction_limit"


class Cut(NamedTuple):
    """Points that were claimed and do not count: ``points`` = ``claimed`` − ``limit``, above 0.

    ``reason``: a critical incident (``ref``) voids the month's bonuses; a kind (``kind``) met its cap; the month's
    bonuses or deductions met the scheme's limit. ``month`` is empty on the form of a single month.
    """

    reason: str
    claimed: Decimal
    limit: Decimal
    points: Decimal
    kind: str = ""
    ref: str = ""
    month: str = ""


class Counted(NamedTuple):
    """Points that count on either side, and what was cut on the way."""

    deducted: Decimal
    added: Decimal
    cuts: tuple[Cut, ...]


def count_events(incidents: Sequence[Entry], bonuses: Sequence[Entry], scheme: Scheme) -> Counted:
    """Deductions up to the month's limit; bonuses kind by kind, then up to the month's limit.

    A critical incident lets no bonus of its month count. Of a kind whose claims were raised under several caps the
    highest holds, so that one more claim never takes points away.
    """
    cuts: list[Cut] = []
    deducted = ZERO
    for month, entries in _by_month(incidents):
        claimed = _sum(entries)
        deducted += claimed - _limit(cuts, DEDUCTION_LIMIT, claimed, scheme.deduction_limit, month=month)
    added = ZERO
    for month, entries in _by_month(bonuses):
        voiding = [str(entry.ref) for entry in incidents if entry.voids_bonus and entry.month == month]
        if voiding:
            _limit(cuts, CRITICAL, _sum(entries), ZERO, ref=min(voiding), month=month)
            continue
        added += _within(cuts, entries, scheme.bonus_limit, month=month)
    return Counted(deducted, added, tuple(cuts))


def bonuses_counted(entries: Sequence[Entry], limit: Decimal | None) -> Decimal:
    """The points of one month's bonuses under the caps of their kinds and the month's ``limit`` (None: without)."""
    return _within([], entries, limit, month="")


def _within(cuts: list[Cut], entries: Sequence[Entry], limit: Decimal | None, *, month: str) -> Decimal:
    claimed = ZERO
    for kind, same in sorted(_by_kind(entries).items()):
        total = _sum(same)
        claimed += total - _limit(cuts, KIND_CAP, total, _cap(kind, same), kind=kind, month=month)
    return claimed - _limit(cuts, BONUS_LIMIT, claimed, limit, month=month)


def _limit(cuts: list[Cut], reason: str, claimed: Decimal, limit: Decimal | None, **where: str) -> Decimal:
    """The points above the limit, 0 if there are none; what is cut is put down."""
    if limit is None or claimed <= limit:
        return ZERO
    over = claimed - limit
    cuts.append(Cut(reason, claimed, limit, over, **where))
    return over


def _sum(entries: Iterable[Entry]) -> Decimal:
    return sum((entry.points for entry in entries), ZERO)


def _by_month(entries: Sequence[Entry]) -> Iterable[tuple[str, Sequence[Entry]]]:
    """On the form of a single month every entry shares its limits; in order of months."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.month, []).append(entry)
    return sorted(found.items())


def _by_kind(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.kind, []).append(entry)
    return found


def _cap(kind: str, entries: Iterable[Entry]) -> Decimal | None:
    """What has no kind shares no cap."""
    caps = [entry.cap for entry in entries]
    return None if not kind or None in caps else max(cap for cap in caps if cap is not None)
