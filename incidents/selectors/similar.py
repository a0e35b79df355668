"""Records that may be about the same thing, for whoever is about to file one (P4.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from incidents.models import Involvement
from incidents.permissions import Judge, visible_shares
from incidents.states import EventState

NEAR = timedelta(days=1)
MOST = 5
"""Records shown about one person: more would help nobody."""
LIVE = (EventState.FILED, EventState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Similar:
    """What is already there about one person: the shares one may see; ``is_known`` says that there is another.

    Of a record somebody may not see he learns one thing only: that this kind of thing is filed for about that day.
    """

    shown: tuple[Involvement, ...]
    is_known: bool


def similar_to(judge: Judge, employee_ids: Iterable[int], occurred_on: date, kind_id: int | None) -> dict[int, Similar]:
    """Person → records of the same day, or of the same kind on the day before or after."""
    ids = set(employee_ids)
    alike = Q(incident__kind_id=kind_id) if kind_id is not None else Q(pk__in=())
    near = Q(incident__occurred_on__range=(occurred_on - NEAR, occurred_on + NEAR)) & alike
    rows = Involvement.objects.filter(Q(incident__occurred_on=occurred_on) | near, employee_id__in=ids)
    seen = visible_shares(judge).filter(pk__in=rows.values("pk"))
    shown: dict[int, list[Involvement]] = {pk: [] for pk in ids}
    latest = seen.select_related("incident__kind").order_by("-incident__occurred_on", "-pk")[: MOST * len(ids)]
    for share in latest:
        shown[share.employee_id].append(share)
    hidden = Involvement.objects.filter(near, employee_id__in=ids, state__in=LIVE)
    hidden = hidden.exclude(pk__in=visible_shares(judge).filter(near, employee_id__in=ids).values("pk"))
    known = set(hidden.order_by().values_list("employee_id", flat=True).distinct())
    return {pk: Similar(tuple(shown[pk][:MOST]), pk in known) for pk in ids}
