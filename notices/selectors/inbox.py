"""A person's messages."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from notices.facts import sentence
from notices.models import Message
from people.models import Employee


class Line(NamedTuple):
    """A message as it is read."""

    pk: int
    text: str
    at: datetime
    is_new: bool


def inbox_of(person: Employee, *, unread: bool = False) -> QuerySet[Message]:
    """Newest first; ``unread`` only those not opened yet."""
    messages = Message.objects.filter(recipient=person)
    return messages.filter(read_at__isnull=True) if unread else messages


def lines_of(messages: Iterable[Message]) -> list[Line]:
    """The messages in the language of the page."""
    return [Line(one.pk, sentence(one.kind, one.detail), one.at, one.read_at is None) for one in messages]


def latest_lines(person: Employee, most: int) -> list[Line]:
    """The newest messages, for the home page: one statement."""
    return lines_of(inbox_of(person)[:most])
