"""The archive by month: the documents somebody may read, the newest month first, versions side by side."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from django.db.models import QuerySet

from appraisals.models import Cycle
from people.facts import Standing
from reports.permissions import visible_documents
from scoring.models import Document
from scoring.states import DocumentKind


class ArchivedMonth(NamedTuple):
    """A month with its documents."""

    cycle: Cycle
    documents: list[Document]


def archived(standing: Standing, year: int | None = None) -> QuerySet[Document]:
    """The documents the person may read, of one year or of all; the newest first."""
    found = visible_documents(standing).select_related("cycle", "made_by")
    if year is not None:
        found = found.filter(cycle__starts_on__year=year)
    return found.order_by("-cycle__starts_on", "cycle_id", "kind", "-pk")


def by_month(documents: Iterable[Document]) -> list[ArchivedMonth]:
    """The documents grouped by month, as they come."""
    grouped = groupby(documents, key=lambda document: document.cycle)
    return [ArchivedMonth(cycle, list(found)) for cycle, found in grouped]


def has_minutes(cycle: Cycle) -> bool:
    """Whether the minutes of the month's meeting are in its archive."""
    return Document.objects.filter(cycle=cycle, kind=DocumentKind.MINUTES).exists()


def archived_years(standing: Standing) -> list[int]:
    """The years of which there is something to read, newest first."""
    years = visible_documents(standing).order_by().values_list("cycle__starts_on__year", flat=True).distinct()
    return sorted(years, reverse=True)
