"""Who stands directly above somebody today, though the superior may have left (P5.2, P6.4b)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from incidents.permissions.superiors import Superiors


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody above whom somebody is looked for, on a day."""

    employee_id: int
    occurred_on: date


def above(employee_ids: Iterable[int], day: date) -> dict[int, int]:
    """Employee id → who stands above on that day; nobody who has left. At most three statements.

    The order is that of ``incidents.permissions.superiors``: the superior, who stands above one who left, the
    department's manager, the general manager.
    """
    asked = [Asked(pk, day) for pk in set(employee_ids)]
    known = Superiors.of(asked) if asked else None
    found = {one.employee_id: known.above(one) for one in asked if known is not None}
    return {pk: held[0] for pk, held in found.items() if held is not None}
