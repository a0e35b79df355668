"""Reads of the monitoring standard: which version holds on a day, and a version as its page shows it (A2)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from incidents.models import IncidentKind
from policy.rounding import ZERO
from quality.models import FatalFault, Rubric, RubricItem
from quality.states import RubricState

LONGEST_KEY = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricCategory:
    """A category's items in order and the sum of their full marks."""

    name: str
    name_en: str
    display_name: str
    total: Decimal
    items: list[RubricItem]


def whole_rubrics() -> QuerySet[Rubric]:
    """Versions with items, levels and fatal faults: four statements."""
    faults = FatalFault.objects.select_related("incident_kind__severity")
    return Rubric.objects.select_related("edited_by", "published_by").prefetch_related(
        "items__levels", Prefetch("fatal_faults", faults)
    )


def rubric_on(day: date) -> Rubric | None:
    """The published version in force on ``day``, whole; None before the first."""
    return in_force(whole_rubrics(), day).first()


def in_force(rubrics: QuerySet[Rubric], day: date) -> QuerySet[Rubric]:
    """Of these, the published ones that have begun by ``day``, the one in force first."""
    return rubrics.filter(state=RubricState.PUBLISHED, starts_on__lte=day).order_by("-starts_on", "-pk")


def plan_of(month: date) -> Rubric | None:
    """Whose sampling plan a month follows: the version in force on its first day, so that it stays within a month.

    Before the first version began, that one.
    """
    published = Rubric.objects.filter(state=RubricState.PUBLISHED)
    found = in_force(published, month.replace(day=1)).first()
    return found or published.order_by("starts_on", "pk").first()


def rubric_versions() -> list[Rubric]:
    """Every published version, the latest first."""
    rubrics = Rubric.objects.filter(state=RubricState.PUBLISHED).select_related("published_by")
    return list(rubrics.order_by("-starts_on", "-pk"))


def rubric_keyed(key: str) -> Rubric | None:
    """The published version of that name, else of that key."""
    published = whole_rubrics().filter(state=RubricState.PUBLISHED)
    found = published.filter(version=key).first()
    if found is None and key.isdecimal() and len(key) <= LONGEST_KEY:
        found = published.filter(pk=int(key)).first()
    return found


def the_draft(pk: int | None = None) -> Rubric | None:
    """The draft that is being worked on, whole; with a key, only if it is that one."""
    drafts = whole_rubrics().filter(state=RubricState.DRAFT)
    return (drafts if pk is None else drafts.filter(pk=pk)).first()


def draft_head() -> Rubric | None:
    """The draft that is being worked on, without its items."""
    return Rubric.objects.filter(state=RubricState.DRAFT).first()


def categories_of(rubric: Rubric) -> list[RubricCategory]:
    """The categories in the order of their first item."""
    found: dict[str, list[RubricItem]] = {}
    for item in rubric.items.all():
        found.setdefault(item.category, []).append(item)
    return [
        RubricCategory(
            name=name,
            name_en=items[0].category_en,
            display_name=items[0].display_category,
            total=sum((item.points for item in items), ZERO),
            items=items,
        )
        for name, items in found.items()
    ]


def fault_kinds() -> list[IncidentKind]:
    """The kinds of incident that a fatal fault may file, with those out of use."""
    return list(IncidentKind.objects.select_related("severity").order_by("order", "code"))


def kind_words(kinds: list[IncidentKind]) -> dict[int, str]:
    """Key → code and name."""
    return {kind.pk: f"{kind.code} {kind.display_name}" for kind in kinds}
