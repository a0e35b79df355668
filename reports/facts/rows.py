"""The rows of the workbook's sheets as frozen values, named by what they hold."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from reports.facts.faults import Place


class SchemeRow(NamedTuple):
    at: Place
    name: str
    value: str


class RegionRow(NamedTuple):
    at: Place
    code: str
    name: str


class PositionRow(NamedTuple):
    at: Place
    code: str
    name: str
    position_class: str


class GradeRow(NamedTuple):
    at: Place
    position: str
    name: str
    post_wage: Decimal
    pay_cap: Decimal


class EmployeeRow(NamedTuple):
    at: Place
    number: str
    name: str
    region: str
    position: str
    grade: str
    superior: str
    hired_on: date | None
    left_on: date | None
    base_salary: Decimal | None
    email: str


class MemberRow(NamedTuple):
    at: Place
    number: str
    duty: str


class DutyRow(NamedTuple):
    at: Place
    month: date
    number: str


class RubricRow(NamedTuple):
    at: Place
    category: str
    item: str
    points: Decimal
    level: Decimal
    description: str


class TargetRow(NamedTuple):
    """``method`` and what follows are empty outside the KPIs."""

    at: Place
    month: date
    number: str
    part: str
    name: str
    standard: str
    points: Decimal
    method: str
    parameters: str
    source: str
    provider: str


class FigureRow(NamedTuple):
    """``value`` None: not applicable, the reason stands in ``basis``."""

    at: Place
    month: date
    number: str
    name: str
    value: Decimal | None
    provider: str
    collected_on: date
    basis: str


class ScoreRow(NamedTuple):
    at: Place
    month: date
    number: str
    part: str
    name: str
    kind: str
    rater: str
    points: Decimal


class IncidentRow(NamedTuple):
    at: Place
    record: str
    occurred_on: date
    number: str
    description: str
    finder: str
    verifier: str
    points: Decimal


class BonusRow(NamedTuple):
    at: Place
    record: str
    occurred_on: date
    number: str
    grounds: str
    first: str
    second: str
    points: Decimal


class CallRow(NamedTuple):
    at: Place
    record: str
    called_on: date
    number: str
    listener: str
    item: str
    points: Decimal


class PastGradeRow(NamedTuple):
    at: Place
    year: int
    number: str
    grade: str
