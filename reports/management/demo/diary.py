"""The audit's rows for what the demo pretends to have been done, each at its own time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.utils import timezone

from audit.models import Event
from people.models import Employee


class Act(NamedTuple):
    """Who did what to which object, whose key is read when the acts are written."""

    at: datetime
    by: Employee
    action: str
    obj: models.Model
    after: Mapping[str, object]
    reason: str


@dataclass(slots=True)
class Diary:
    """Acts kept until the things they are about are stored."""

    acts: list[Act] = field(default_factory=list)

    def add(
        self, at: datetime, by: Employee, action: str, obj: models.Model, *, reason: str = "", **after: object
    ) -> None:
        """One act; nothing of the demo has happened later than now."""
        self.acts.append(Act(min(at, timezone.now()), by, action, obj, after, reason))

    def write(self) -> None:
        """One statement, in the order of time."""
        Event.objects.bulk_create(
            (
                Event(
                    at=act.at,
                    actor_number=act.by.number,
                    actor_name=act.by.name,
                    action=act.action,
                    object_type=act.obj._meta.model_name or "",
                    object_id=str(act.obj.pk),
                    after=dict(act.after),
                    reason=act.reason,
                )
                for act in sorted(self.acts, key=lambda act: act.at)
            ),
            batch_size=500,
        )
        self.acts.clear()
