"""What of a result can be contested, read from its frozen snapshot (A1, P6.3b)."""

from decimal import Decimal
from typing import NamedTuple

from policy.rounding import ZERO
from scoring.facts.snapshots import Frozen

LINE, INCIDENT, BONUS, PROCEDURE = "line", "incident", "bonus", "procedure"


class Contestable(NamedTuple):
    """One thing of a result. ``most`` is what an upheld appeal may add at the utmost, marks; None: not by points."""

    key: str
    kind: str
    name: str
    part: str
    scored: Decimal | None
    full: Decimal | None
    most: Decimal | None


def contestable(frozen: Frozen) -> dict[str, Contestable]:
    """Key → every line of parts 1–4, every incident and bonus that stands on the result, and the procedure.

    A line may gain up to its full marks, an incident up to what it cost, a bonus up to what a limit cut from it.
    """
    found: dict[str, Contestable] = {}
    for line in frozen.card.lines:
        if line.score is None:
            continue
        key = f"{LINE}:{line.key}"
        found[key] = Contestable(key, LINE, line.name, line.part, line.score, line.points, line.points - line.score)
    for event in frozen.record.incidents:
        key = f"{INCIDENT}:{event.number}"
        found[key] = Contestable(key, INCIDENT, event.text, INCIDENT, -event.points, ZERO, event.points)
    cut = sum((one.points for one in frozen.card.cuts), ZERO)
    for event in frozen.record.bonuses:
        key = f"{BONUS}:{event.number}"
        found[key] = Contestable(key, BONUS, event.text, BONUS, event.points, None, cut)
    found[PROCEDURE] = Contestable(PROCEDURE, PROCEDURE, "", PROCEDURE, None, None, None)
    return found
