"""A version of the monitoring standard as one frozen value: to be compared, checked and stored as a whole (A2)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from policy.rounding import ZERO
from quality.models import Rubric, RubricItem


class LevelFacts(NamedTuple):
    """An allowed level of an item."""

    points: Decimal
    description: str = ""
    description_en: str = ""


class ItemFacts(NamedTuple):
    """An item; ``levels`` from the most points down."""

    category: str
    name: str
    points: Decimal
    levels: tuple[LevelFacts, ...] = ()
    may_not_apply: bool = False
    category_en: str = ""
    name_en: str = ""


class FaultFacts(NamedTuple):
    """A fatal fault and the kind of incident it files, if any."""

    code: str
    name: str
    name_en: str = ""
    incident_kind_id: int | None = None


class PlanFacts(NamedTuple):
    """The numbers of the sampling plan and of what follows a score; ``Rubric`` gives their units."""

    per_agent: int = 5
    new_agent: int = 10
    new_days: int = 90
    min_for_kpi: int = 3
    pass_mark: Decimal = Decimal(80)
    second_share: int = 10
    dispute_days: int = 3


USUAL_PLAN = PlanFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardFacts:
    """A whole version."""

    version: str
    note: str = ""
    plan: PlanFacts = USUAL_PLAN
    items: tuple[ItemFacts, ...] = ()
    faults: tuple[FaultFacts, ...] = ()

    @property
    def total(self) -> Decimal:
        """The sum of the items' full marks."""
        return sum((item.points for item in self.items), ZERO)


def facts_of(rubric: Rubric) -> StandardFacts:
    """The version as a value; its items with their levels and its fatal faults should be prefetched."""
    return StandardFacts(
        version=rubric.version,
        note=rubric.note,
        plan=PlanFacts(*(getattr(rubric, name) for name in PlanFacts._fields)),
        items=tuple(_item_facts(item) for item in rubric.items.all()),
        faults=tuple(
            FaultFacts(one.code, one.name, one.name_en, one.incident_kind_id) for one in rubric.fatal_faults.all()
        ),
    )


def as_record(facts: StandardFacts) -> dict[str, Any]:
    """The version as plain values, for the audit."""
    return {
        "version": facts.version,
        "note": facts.note,
        "plan": _plain(facts.plan),
        "items": [{**_plain(item), "levels": [_plain(level) for level in item.levels]} for item in facts.items],
        "fatal_faults": [_plain(fault) for fault in facts.faults],
    }


def _item_facts(item: RubricItem) -> ItemFacts:
    levels = tuple(LevelFacts(one.points, one.description, one.description_en) for one in item.levels.all())
    names = {name: getattr(item, name) for name in ItemFacts._fields if name != "levels"}
    return ItemFacts(**names, levels=levels)


def _plain(row: PlanFacts | ItemFacts | LevelFacts | FaultFacts) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in row._asdict().items()}
