"""Record an act inside the transaction that does it; seal and verify the chain afterwards.

The chain is ordered by a number taken under a lock while sealing, not by the row's id: ids of
concurrent writers do not come in the order in which their transactions end.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.db import models, transaction
from django.utils import timezone

from audit.models import Event
from common.db import require_transaction


class Actor(Protocol):
    """Whoever acts: an employee, or the command line."""

    @property
    def number(self) -> str: ...
    @property
    def name(self) -> str: ...


def record(
    action: str,
    obj: models.Model,
    *,
    by: Actor,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Add one event about ``obj``; refuses to run outside a transaction."""
    require_transaction()
    return Event.objects.create(
        at=timezone.now(),
        actor_number=by.number,
        actor_name=by.name,
        action=action,
        object_type=obj._meta.model_name or "",
        object_id=str(obj.pk),
        before=before,
        after=after,
        reason=reason,
    )


def record_file(action: str, kind: str, digest: str, *, by: Actor, after: dict[str, Any], reason: str = "") -> Event:
    """As ``record`` for a file that is no row of ours: it is named by its ``kind`` and the head of its SHA-256."""
    require_transaction()
    return Event.objects.create(
        at=timezone.now(),
        actor_number=by.number,
        actor_name=by.name,
        action=action,
        object_type=kind,
        object_id=digest[:40],
        after={"sha256": digest, **after},
        reason=reason,
    )


def record_many(
    action: str,
    rows: Iterable[tuple[models.Model, dict[str, Any] | None, dict[str, Any] | None]],
    *,
    by: Actor,
    reason: str = "",
) -> None:
    """As ``record`` for many objects at once, each with its values before and after: one statement per batch."""
    require_transaction()
    now = timezone.now()
    events = (
        Event(
            at=now,
            actor_number=by.number,
            actor_name=by.name,
            action=action,
            object_type=obj._meta.model_name or "",
            object_id=str(obj.pk),
            before=before,
            after=after,
            reason=reason,
        )
        for obj, before, after in rows
    )
    Event.objects.bulk_create(events, batch_size=2000)


def events_about(obj: models.Model) -> "models.QuerySet[Event]":
    """The history of one object, oldest first."""
    return Event.objects.filter(object_type=obj._meta.model_name, object_id=str(obj.pk)).order_by("pk")


def acts_on(action: str, objects: Iterable[models.Model]) -> dict[str, list[Event]]:
    """Key of the object → what that act changed of it, oldest first; the objects are of one kind. One statement."""
    found: dict[str, list[Event]] = {}
    rows = list(objects)
    if rows:
        events = Event.objects.filter(action=action, object_type=rows[0]._meta.model_name)
        for event in events.filter(object_id__in=[str(one.pk) for one in rows]).order_by("pk"):
            found.setdefault(event.object_id, []).append(event)
    return found


@transaction.atomic(durable=True)
def seal_events(*, limit: int = 10_000) -> int:
    """Chain the events not chained yet; returns how many. One sealer at a time."""
    last = Event.objects.select_for_update().filter(chain_no__isnull=False).order_by("-chain_no").first()
    number, digest = (last.chain_no or 0, last.digest) if last else (0, "")
    fresh = list(Event.objects.select_for_update().filter(chain_no__isnull=True).order_by("pk")[:limit])
    for event in fresh:
        number += 1
        digest = _digest(digest, number, event)
        event.chain_no, event.digest = number, digest
    Event.objects.bulk_update(fresh, ["chain_no", "digest"], batch_size=500)
    return len(fresh)


def head() -> tuple[int, str]:
    """Number and digest of the newest link, to be kept outside the database: a chain can't see its own cut tail."""
    last = Event.objects.filter(chain_no__isnull=False).order_by("-chain_no").values_list("chain_no", "digest").first()
    return (last[0] or 0, last[1]) if last else (0, "")


def place_of(digest: str) -> int | None:
    """The number of the link with this digest; None when the chain has no such link any more."""
    return Event.objects.filter(digest=digest).values_list("chain_no", flat=True).first()


def broken_links() -> list[int]:
    """The chain numbers whose digest does not follow from the row and its predecessor."""
    broken, digest, expected = [], "", 0
    for event in _sealed():
        expected += 1
        number = event.chain_no or 0
        if number != expected or event.digest != _digest(digest, number, event):
            broken.append(number)
            expected = number
        digest = event.digest
    return broken


def _sealed() -> Iterable[Event]:
    return Event.objects.filter(chain_no__isnull=False).order_by("chain_no").iterator(chunk_size=2000)


def _digest(previous: str, number: int, event: Event) -> str:
    content = [
        previous,
        number,
        _moment(event.at),
        event.actor_number,
        event.actor_name,
        event.action,
        event.object_type,
        event.object_id,
        event.before,
        event.after,
        event.reason,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(timezone.get_fixed_timezone(0)).isoformat()
