"""A person's messages."""

from django.db.models import QuerySet

from notices.models import Message
from people.models import Employee


def inbox_of(person: Employee) -> QuerySet[Message]:
    """Newest first."""
    return Message.objects.filter(recipient=person)


def unread_count(person: Employee) -> int:
    """How many he has not opened."""
    return inbox_of(person).filter(read_at__isnull=True).count()
