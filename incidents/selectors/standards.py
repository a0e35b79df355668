"""The incident standard and the bonus standard as documents, and what was changed in them."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import Event
from incidents.models import BonusKind, EventRules, IncidentKind, Severity

CHANGES: dict[str, Promise] = {
    "standard.incident_saved": _("改了事故标准"),
    "standard.incident_added": _("加了事故标准"),
    "standard.incident_switched": _("停用或启用了事故标准"),
    "standard.bonus_saved": _("改了加分标准"),
    "standard.bonus_added": _("加了加分标准"),
    "standard.bonus_switched": _("停用或启用了加分标准"),
    "standard.severity_saved": _("改了扣分范围"),
    "standard.rules_set": _("定了新规则"),
}
CHANGES_SHOWN = 10


class Category(NamedTuple):
    """The incident kinds of one category, in order."""

    name: str
    kinds: list[IncidentKind]

    @property
    def display_name(self) -> str:
        """The category in the language of the page."""
        return self.kinds[0].display_category


class Standard(NamedTuple):
    """Both standards as they stand on a day; ``coming`` are rules set for a later day."""

    rules: EventRules | None
    coming: list[EventRules]
    severities: list[Severity]
    categories: list[Category]
    bonuses: list[BonusKind]

    @property
    def incident_count(self) -> int:
        """How many incident kinds in use are shown."""
        return sum(kind.is_active for category in self.categories for kind in category.kinds)

    @property
    def bonus_count(self) -> int:
        """How many bonus kinds in use are shown."""
        return sum(kind.is_active for kind in self.bonuses)


def standard_on(day: date, *, text: str = "", with_retired: bool = False) -> Standard:
    """Both standards on ``day``, narrowed to the entries that hold every word of ``text``: five statements."""
    rules = list(EventRules.objects.select_related("created_by").order_by("starts_on", "pk"))
    incidents = IncidentKind.objects.select_related("severity").order_by("order", "code")
    bonuses = BonusKind.objects.prefetch_related("steps").order_by("order", "code")
    if not with_retired:
        incidents, bonuses = incidents.filter(is_active=True), bonuses.filter(is_active=True)
    for word in text.split():
        named = Q(name__icontains=word) | Q(name_en__icontains=word) | Q(code__iexact=word)
        incidents = incidents.filter(named | Q(category__icontains=word) | Q(severity__name__icontains=word))
        bonuses = bonuses.filter(named)
    return Standard(
        rules=next((one for one in reversed(rules) if one.starts_on <= day), None),
        coming=[one for one in rules if one.starts_on > day],
        severities=list(Severity.objects.order_by("rank")),
        categories=_by_category(incidents),
        bonuses=list(bonuses),
    )


def incident_categories() -> list[str]:
    """The categories there are, in the order of the standard."""
    return list(dict.fromkeys(IncidentKind.objects.order_by("order", "code").values_list("category", flat=True)))


def incident_kind(pk: int) -> IncidentKind | None:
    """An entry with its severity."""
    return IncidentKind.objects.select_related("severity").filter(pk=pk).first()


def bonus_kind(pk: int) -> BonusKind | None:
    """An entry with its points."""
    return BonusKind.objects.prefetch_related("steps").filter(pk=pk).first()


def severity_of(pk: int) -> Severity | None:
    """A severity."""
    return Severity.objects.filter(pk=pk).first()


def latest_rules() -> EventRules | None:
    """The rules that start last, in force or not yet."""
    return EventRules.objects.order_by("-starts_on", "-pk").first()


def recent_changes() -> list[Event]:
    """The last changes of both standards, newest first; each with its ``words``."""
    found = list(Event.objects.filter(action__in=CHANGES).order_by("-pk")[:CHANGES_SHOWN])
    for event in found:
        event.words = CHANGES[event.action]  # type: ignore[attr-defined]  # for the template
    return found


def _by_category(kinds: Iterable[IncidentKind]) -> list[Category]:
    found: dict[str, list[IncidentKind]] = {}
    for kind in kinds:
        found.setdefault(kind.category, []).append(kind)
    return [Category(name, rows) for name, rows in found.items()]
