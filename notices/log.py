"""Tell people something, inside the transaction of its cause: what is rolled back was never told."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils import timezone

from common.db import insert_rows, require_transaction
from notices.facts import check_words
from notices.models import Message


class Letter(NamedTuple):
    """What one person is told, when many are told something of the same kind, each of his own."""

    recipient_id: int
    path: str
    key: str
    detail: Mapping[str, str]


def tell_each(letters: Iterable[Letter], kind: str) -> None:
    """As ``tell``, with a place and words for each; a constant number of statements for a batch."""
    require_transaction()
    now = timezone.now()
    Message.objects.bulk_create(
        [
            Message(
                recipient_id=one.recipient_id,
                kind=kind,
                detail=check_words(kind, one.detail),
                path=one.path,
                key=one.key,
                at=now,
            )
            for one in letters
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def tell_thousands(news: Iterable[tuple[int, str, str]], kind: str, detail: Mapping[str, str]) -> None:
    """Tell many the same, each with his own place: rows of recipient, path, key. For keys that can't have been told.

    What was told before is refused by the database: for the steps of a month that are taken once for each person.
    """
    words, now = check_words(kind, detail), timezone.now()
    columns = ("recipient", "path", "key", "kind", "detail", "at")
    insert_rows(Message, columns, [(*one, kind, words, now) for one in news])


def tell(
    recipient_ids: Iterable[int], kind: str, *, path: str, key: str, detail: Mapping[str, str] | None = None
) -> None:
    """Put a message into the inboxes; one statement, and once per person and ``key``.

    ``path`` is the place it is about, on this portal. ``detail`` tells a month by its key and a step by its code; what
    no message may tell is refused as ``notices.facts.check_words`` says.
    """
    require_transaction()
    words = check_words(kind, detail or {})
    now = timezone.now()
    Message.objects.bulk_create(
        [
            Message(recipient_id=pk, kind=kind, detail=words, path=path, key=key, at=now)
            for pk in sorted(set(recipient_ids))
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
