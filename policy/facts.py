"""What is known about one form when it is scored (A1): frozen values, gathered by the shell."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from policy.items import Params
from policy.rounding import ZERO

KPI = "kpi"
GOAL = "goal"
BEHAVIOUR = "behaviour"
MANAGEMENT = "management"
PARTS = (KPI, GOAL, BEHAVIOUR, MANAGEMENT)

PART_NAMES: Mapping[str, str] = MappingProxyType(
    {
        KPI: "关键业绩指标",
        GOAL: "工作目标",
        BEHAVIOUR: "工作行为与态度",
        MANAGEMENT: "管理行为与能力",
    }
)
PART_CODES: Mapping[str, str] = MappingProxyType({name: code for code, name in PART_NAMES.items()})


class ItemFacts(NamedTuple):
    """One item of parts 1-4 and what was recorded for it; ``None`` means not recorded yet.

    ``key`` is the caller's own name of the item. ``review_score`` is the superior's, in part 4
    too. ``upward_sum`` and ``upward_count`` are the subordinates' ratings taken together: who
    gave which never comes this far. ``not_applicable`` holds the reason.
    """

    key: int | str
    part: str
    name: str
    points: Decimal
    params: Params | None = None
    figure: Decimal | None = None
    self_score: Decimal | None = None
    review_score: Decimal | None = None
    upward_sum: Decimal = ZERO
    upward_count: int = 0
    not_applicable: str | None = None


class Entry(NamedTuple):
    """A confirmed incident, a confirmed bonus or an appeal's adjustment: points above 0.

    ``kind`` is the code of its entry in the standard, ``cap`` the most that a kind of bonus adds in a month (None: no
    cap). ``voids_bonus``: an incident so grave that no bonus of its month counts. ``month`` tells the months of a
    longer period apart, whose limits are each their own; it is empty on the form of a single month.
    """

    ref: int | str
    points: Decimal
    label: str = ""
    kind: str = ""
    cap: Decimal | None = None
    voids_bonus: bool = False
    month: str = ""


class FormFacts(NamedTuple):
    """Everything one form is scored by."""

    items: Sequence[ItemFacts]
    incidents: Sequence[Entry] = ()
    bonuses: Sequence[Entry] = ()
    adjustments: Sequence[Entry] = ()
