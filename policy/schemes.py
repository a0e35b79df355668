"""The scheme: every number of the policy in one frozen value (P4, P6.3, P7, P8).

A scheme is a version of the policy; a company that decides otherwise changes it, not the code.
Who drafted, checked and approved it and from when it holds is the shell's record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Self

from policy.problems import PolicyError, Problem
from policy.rounding import HUNDRED
from policy.scheme_parts import (
    ABOVE,
    ANCHORS,
    ANNUAL_BLEND,
    ANNUAL_FORM,
    ANNUAL_MONTHS,
    BELOW,
    CONSECUTIVE,
    CUMULATIVE,
    POOL_CLASS,
    POOL_COMPANY,
    POOL_REGION,
    WINDOW_EVER,
    WINDOW_ROLLING,
    WINDOW_YEAR,
    GradeRule,
    Level,
    PartWeights,
    Step,
    TriggerRule,
    UpwardShares,
)
from policy.scheme_text import Json, read_fields, write_fields

__all__ = [
    "ABOVE",
    "ANCHORS",
    "ANNUAL_BLEND",
    "ANNUAL_FORM",
    "ANNUAL_MONTHS",
    "BELOW",
    "CONSECUTIVE",
    "CUMULATIVE",
    "POOL_CLASS",
    "POOL_COMPANY",
    "POOL_REGION",
    "SCHEME_1_0",
    "WINDOW_EVER",
    "WINDOW_ROLLING",
    "WINDOW_YEAR",
    "GradeRule",
    "Level",
    "PartWeights",
    "Scheme",
    "Step",
    "TriggerRule",
    "UpwardShares",
    "check",
    "problems_of",
]

GRADES = ("A", "B", "C", "D", "E")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "counting_window": (WINDOW_YEAR, WINDOW_ROLLING, WINDOW_EVER),
    "pool": (POOL_COMPANY, POOL_REGION, POOL_CLASS),
    "annual_mode": (ANNUAL_MONTHS, ANNUAL_FORM, ANNUAL_BLEND),
}


_D = Decimal
_MANAGERIAL = PartWeights(_D(80), _D(10), _D(10))
_NON_MANAGERIAL = PartWeights(_D(80), _D(20), _D(0))
_UPWARD = UpwardShares(_D(20), _D(20), _D(60))
_FORTY = _D(40)
_SIXTY = _D(60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """Version 1.0 unless told otherwise. Percentages are plain numbers: 50 means 50 %."""

    version: str = "1.0"
    managerial: PartWeights = _MANAGERIAL
    non_managerial: PartWeights = _NON_MANAGERIAL
    upward: UpwardShares = _UPWARD
    min_raters: int = 3
    coefficient_ceiling: Decimal | None = None
    pay_ceiling: Decimal | None = HUNDRED
    bonus_limit: Decimal | None = None
    deduction_limit: Decimal | None = None
    counting_window: str = WINDOW_YEAR
    triggers: tuple[TriggerRule, ...] = (
        TriggerRule("R1", CONSECUTIVE, BELOW, _D(50), 2, "警告"),
        TriggerRule("R2", CUMULATIVE, BELOW, _D(50), 3, "辞退"),
        TriggerRule("R3", CUMULATIVE, ABOVE, _D(90), 3, "上调绩效上限或优异奖金"),
        TriggerRule("R4", CUMULATIVE, BELOW, _D(60), 3, "下调绩效上限"),
    )
    gravity: tuple[str, ...] = ("R2", "R4", "R1", "R3")
    min_months: int = 6
    pool: str = POOL_COMPANY
    grades: tuple[GradeRule, ...] = (
        GradeRule("A", "优秀", _D(5), _D("1.5")),
        GradeRule("B", "良好", _D(20), _D("1.2")),
        GradeRule("C", "称职", _D(50), _D("1")),
        GradeRule("D", "基本称职", _D(20), _D("0.8")),
        GradeRule("E", "不称职", _D(5), _D("0")),
    )
    annual_mode: str = ANNUAL_MONTHS
    annual_form_share: Decimal = _FORTY
    levels: tuple[Level, ...] = (
        Level(5, "优秀", _D(100), True),
        Level(4, "良好", _D(80), False),
        Level(3, "合格", _D(60), False),
        Level(2, "待改进", _D(40), True),
        Level(1, "不合格", _D(20), True),
    )
    month_timeline: tuple[Step, ...] = (
        Step("target", "设定并确认目标", "before_period", 1, (-5, -2, 0), 1),
        Step("self", "自评", "after_period", 1, (-1, 0), 0),
        Step("data", "报送数据", "after_period", 3, (-2, -1, 0), 0),
        Step("review", "上级复核", "after_period", 4, (-1, 0), 1),
        Step("publish", "汇总并送达结果", "after_period", 5, (0,), 1),
        Step("sign", "双方签认", "received", 3, (-2, -1, 0), 1),
        Step("appeal", "申诉截止", "received", 5, (-2, 0), None),
        Step("interview", "面谈", "received", 5, (-3, -1), 2),
        Step("file", "报人力资源部备案", "appeal_closed", 1, (), None),
    )
    ruling_days: int = 5
    further_days: int = 5
    improvement_below: Decimal | None = _SIXTY
    improvement_rules: tuple[str, ...] = ("R1", "R4")
    improvement_grades: tuple[str, ...] = ("D", "E")
    improvement_days: int = 60

    def __post_init__(self) -> None:
        problems = check(self)
        if problems:
            raise PolicyError(problems)

    @classmethod
    def from_dict(cls, data: Mapping[str, Json]) -> Self:
        """Read a scheme from JSON data; what is missing keeps the default.

        Raises ``PolicyError`` with every problem found.
        """
        values, problems = read_fields(_TYPES, data)
        if problems:
            raise PolicyError(problems)
        # The kinds were checked field by field against the annotations of this very class.
        return cls(**values)  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, Json]:
        """Every number as JSON data; decimals are strings so that nothing is lost."""
        return write_fields({name: getattr(self, name) for name in _TYPES})

    def changed(self, changes: Mapping[str, Json]) -> Self:
        """This scheme with some fields replaced, given as JSON data."""
        return type(self).from_dict({**self.to_dict(), **changes})

    def weights_of(self, *, managerial: bool) -> PartWeights:
        """What the parts of a form must sum to for this class of post."""
        return self.managerial if managerial else self.non_managerial

    def grade(self, code: str) -> GradeRule:
        """The grade's rule; ``KeyError`` for a grade the scheme does not have."""
        for rule in self.grades:
            if rule.code == code:
                return rule
        raise KeyError(code)

    def step(self, code: str) -> Step:
        """The step of the month's timeline; ``KeyError`` for one the scheme does not have."""
        for step in self.month_timeline:
            if step.code == code:
                return step
        raise KeyError(code)


_TYPES: Mapping[str, object] = {field.name: field.type for field in fields(Scheme)}


def problems_of(data: Mapping[str, Json]) -> tuple[Problem, ...]:
    """All that is wrong with a scheme written as JSON data; empty when it can be used."""
    try:
        Scheme.from_dict(data)
    except PolicyError as error:
        return error.problems
    return ()


def check(scheme: Scheme) -> list[Problem]:
    """All that contradicts itself in a scheme."""
    problems = [
        Problem("unknown_choice", {"name": name, "value": getattr(scheme, name), "allowed": " / ".join(allowed)})
        for name, allowed in CHOICES.items()
        if getattr(scheme, name) not in allowed
    ]
    problems += _check_sums(scheme)
    problems += _check_ranges(scheme)
    problems += _check_rules(scheme)
    return problems


def _check_sums(scheme: Scheme) -> list[Problem]:
    sums: dict[str, tuple[Decimal, ...]] = {
        "managerial": scheme.managerial,
        "non_managerial": scheme.non_managerial,
        "upward": scheme.upward,
        "grades": tuple(rule.quota for rule in scheme.grades),
    }
    problems = []
    for name, shares in sums.items():
        total = sum(shares, Decimal(0))
        if total != 100:
            values = {"name": name, "wanted": "100", "found": f"{total:f}"}
            problems.append(Problem("shares_not_whole", values))
        problems += [_range(name, share, 0, 100) for share in shares if not 0 <= share <= 100]
    return problems


def _range(name: str, value: Decimal | int, low: int, high: int) -> Problem:
    return Problem(
        "out_of_range",
        {
            "name": name,
            "value": format(value, "f" if isinstance(value, Decimal) else ""),
            "low": str(low),
            "high": str(high),
        },
    )


def _check_ranges(scheme: Scheme) -> list[Problem]:
    bounds: list[tuple[str, Decimal | int | None, int, int]] = [
        ("min_raters", scheme.min_raters, 1, 100),
        ("min_months", scheme.min_months, 1, 12),
        ("coefficient_ceiling", scheme.coefficient_ceiling, 1, 1000),
        ("pay_ceiling", scheme.pay_ceiling, 1, 1000),
        ("bonus_limit", scheme.bonus_limit, 0, 1000),
        ("deduction_limit", scheme.deduction_limit, 0, 1000),
        ("annual_form_share", scheme.annual_form_share, 0, 100),
        ("improvement_below", scheme.improvement_below, 0, 1000),
        ("improvement_days", scheme.improvement_days, 1, 366),
        ("ruling_days", scheme.ruling_days, 1, 100),
        ("further_days", scheme.further_days, 1, 100),
    ]
    bounds += [("levels", level.share, 0, 100) for level in scheme.levels]
    bounds += [("bonus_factor", rule.bonus_factor, 0, 100) for rule in scheme.grades if rule.code != "E"]
    bounds += [("grades.E.bonus_factor", rule.bonus_factor, 0, 0) for rule in scheme.grades if rule.code == "E"]  # P7.2
    bounds += [("triggers", rule.threshold, 0, 1000) for rule in scheme.triggers]
    bounds += [("triggers", rule.times, 1, 100) for rule in scheme.triggers]
    bounds += [("month_timeline", step.days, 1, 100) for step in scheme.month_timeline]
    return [
        _range(name, value, low, high)
        for name, value, low, high in bounds
        if value is not None and not low <= value <= high
    ]


def _check_rules(scheme: Scheme) -> list[Problem]:
    problems = []
    codes: dict[str, list[str]] = {
        "triggers": [rule.code for rule in scheme.triggers],
        "grades": [rule.code for rule in scheme.grades],
        "levels": [str(level.code) for level in scheme.levels],
        "month_timeline": [step.code for step in scheme.month_timeline],
    }
    for name, listed in codes.items():
        problems += [
            Problem("repeated_code", {"name": name, "code": code})
            for code in sorted({code for code in listed if listed.count(code) > 1})
        ]
    if sorted(scheme.gravity) != sorted(codes["triggers"]):
        values = {"name": "gravity", "value": ", ".join(scheme.gravity)}
        problems.append(Problem("bad_value", values))
    choices = [(rule.kind, (CONSECUTIVE, CUMULATIVE)) for rule in scheme.triggers]
    choices += [(rule.side, (BELOW, ABOVE)) for rule in scheme.triggers]
    problems += [
        Problem("unknown_choice", {"name": "triggers", "value": v, "allowed": " / ".join(allowed)})
        for v, allowed in choices
        if v not in allowed
    ]
    problems += [
        Problem("unknown_choice", {"name": s.code, "value": s.anchor, "allowed": " / ".join(ANCHORS)})
        for s in scheme.month_timeline
        if s.anchor not in ANCHORS
    ]
    # A rule that the scheme does not have never asks for a plan; a grade that there is not is a slip of the pen.
    unknown = [grade for grade in scheme.improvement_grades if grade not in GRADES]
    problems += [Problem("bad_value", {"name": "improvement_grades", "value": grade}) for grade in unknown]
    if codes["grades"] != list(GRADES):
        # What a year leads to is said of these five (P7.2).
        problems.append(Problem("bad_value", {"name": "grades", "value": ", ".join(codes["grades"])}))
    return problems


SCHEME_1_0 = Scheme()
