"""Which records behind a form's lines somebody may open: whoever may read the form may not read every record."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import BooleanField, QuerySet, Value

from incidents.permissions import Judge, visible_bonuses, visible_incidents


class Openable(NamedTuple):
    """Number → the record's key in addresses."""

    incidents: dict[str, int]
    bonuses: dict[str, int]


def openable(judge: Judge, incidents: Iterable[str], bonuses: Iterable[str]) -> Openable:
    """The records of these numbers that the person may open; one statement, none without numbers."""
    asked = list(incidents), list(bonuses)
    found = Openable({}, {})
    if not any(asked):
        return found
    one = _keys(visible_incidents(judge).filter(number__in=asked[0]), is_bonus=False)
    other = _keys(visible_bonuses(judge).filter(number__in=asked[1]), is_bonus=True)
    for number, pk, is_bonus in one.union(other, all=True):
        (found.bonuses if is_bonus else found.incidents)[number] = pk
    return found


def _keys(rows: QuerySet[Any], *, is_bonus: bool) -> QuerySet[Any]:
    marked: QuerySet[Any] = rows.order_by().annotate(of_bonus=Value(is_bonus, BooleanField()))
    keys: QuerySet[Any] = marked.values_list("number", "pk", "of_bonus")
    return keys
