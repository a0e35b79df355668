"""Whether a form's weights fill what its class of post demands (P4): all problems at once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from policy.facts import BEHAVIOUR, GOAL, KPI, MANAGEMENT, PART_NAMES, PARTS
from policy.problems import Problem
from policy.rounding import ZERO, plain
from policy.schemes import Scheme


class Weight(NamedTuple):
    """An item's part, name and weight (= its points, full marks being 100)."""

    part: str
    name: str
    weight: Decimal


class PartFill(NamedTuple):
    """How far a part is filled: for the weight meter. ``parts`` are counted together."""

    parts: tuple[str, ...]
    label: str
    found: Decimal
    wanted: Decimal

    @property
    def gap(self) -> Decimal:
        """What is still missing; negative when there is too much."""
        return self.wanted - self.found


def fills(items: Sequence[Weight], scheme: Scheme, *, managerial: bool) -> tuple[PartFill, ...]:
    """The state of each part that the class of post is appraised by."""
    wanted = scheme.weights_of(managerial=managerial)
    groups = (
        ((KPI, GOAL), wanted.kpi_and_goals),
        ((BEHAVIOUR,), wanted.behaviour),
        ((MANAGEMENT,), wanted.management),
    )
    return tuple(
        PartFill(
            parts,
            "、".join(PART_NAMES[part] for part in parts),
            sum((item.weight for item in items if item.part in parts), ZERO),
            marks,
        )
        for parts, marks in groups
        if marks or any(item.part in parts for item in items)
    )


def check_weights(items: Sequence[Weight], scheme: Scheme, *, managerial: bool) -> list[Problem]:
    """Everything that keeps a form in target setting; empty when it may leave it."""
    problems = []
    names: set[str] = set()
    for part, name, weight in items:
        if part not in PARTS:
            problems.append(Problem("unknown_part", {"part": part}))
        if not weight > 0:
            values = {"name": name, "value": plain(weight)}
            problems.append(Problem("weight_not_positive", values))
        if name in names:
            problems.append(Problem("repeated_item", {"name": name}))
        names.add(name)
    for fill in fills(items, scheme, managerial=managerial):
        problems += _check_fill(fill, items)
    return problems


def _check_fill(fill: PartFill, items: Sequence[Weight]) -> list[Problem]:
    if not fill.wanted:
        return [
            Problem("part_not_for_class", {"part": fill.label, "name": item.name})
            for item in items
            if item.part in fill.parts
        ]
    if fill.found == fill.wanted:
        return []
    values = {
        "part": fill.label,
        "wanted": plain(fill.wanted),
        "found": plain(fill.found),
        "word": "还差" if fill.gap > 0 else "多了",
        "gap": plain(abs(fill.gap)),
    }
    return [Problem("weights_do_not_fill", values)]
