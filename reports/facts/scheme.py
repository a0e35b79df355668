"""The sheet 方案: a version of the scheme, by its parameters (P4, P7, P8)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from appraisals.states import SchemeState
from common.wording import listed
from policy.rounding import plain
from policy.scheme_text import Json
from policy.schemes import CHOICES, GRADES, SCHEME_1_0, Scheme
from reports.facts.cells import CellError, choice, day, number, text
from reports.facts.changes import Counts, Seen, is_twice
from reports.facts.faults import Faults
from reports.facts.parsing import Parsed
from reports.facts.rows import SchemeRow
from reports.facts.sheets import SCHEME
from reports.selectors.known import Known

VERSION, EFFECTIVE = "版本", "生效日期"
QUOTA, FACTOR = "比例_", "奖金系数_"
_CEILING = number("1", "1000", 2)
_FIELDS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "系数上限": ("coefficient_ceiling", _CEILING),
    "计薪上限": ("pay_ceiling", _CEILING),
    "计数窗口": ("counting_window", choice({word: word for word in CHOICES["counting_window"]})),
    "最少月数": ("min_months", number("1", "12", 0)),
    "下级最少人数": ("min_raters", number("1", "100", 0)),
    "分配范围": ("pool", choice({word: word for word in CHOICES["pool"]})),
}
_MAY_BE_EMPTY = ("系数上限", "计薪上限")
_READERS: Mapping[str, Callable[[Any], Any]] = {
    VERSION: text(20),
    EFFECTIVE: day,
    **{name: read for name, (_field, read) in _FIELDS.items()},
    **{QUOTA + grade: number("0", "100", 2) for grade in GRADES},
    **{FACTOR + grade: number("0", "100", 4) for grade in GRADES},
}


class Version(NamedTuple):
    """A version of the scheme and from when it holds; ``is_new`` is one the workbook brings."""

    version: str
    effective_on: date
    rules: Scheme
    is_new: bool = False


@dataclass(slots=True)
class SchemePlan:
    """Every version once the workbook is loaded, in order of effect, and the counts of the sheet."""

    versions: list[Version]
    counts: Counts

    def in_force(self, month: date) -> Version | None:
        """The version in force when the month begins (P9)."""
        begun = [version for version in self.versions if version.effective_on <= month]
        return begun[-1] if begun else None

    @property
    def new(self) -> Version | None:
        """The version to be added."""
        return next((version for version in self.versions if version.is_new), None)


def plan_scheme(parsed: Parsed, known: Known, since: date) -> SchemePlan:
    """Read the parameters; what is missing keeps the default. A new version without a date holds from ``since`` on."""
    versions = [
        Version(row.version, row.effective_on, Scheme.from_dict(row.parameters))
        for row in known.schemes
        if row.state == SchemeState.APPROVED
    ]
    rows, values = _read(parsed)
    counts = Counts(SCHEME, 0, 0, len(rows))
    if not rows or len(values) != len(rows) or parsed.spoilt.get(SCHEME):
        return SchemePlan(versions, counts)
    version = values.get(VERSION, SCHEME_1_0.version)
    stands = next((row for row in known.schemes if row.version == version), None)
    if stands is not None and stands.state != SchemeState.APPROVED:
        named = next((row for row in rows if row.name == VERSION), rows[0])
        parsed.faults.add(named.at, "值", _("这个版本号在系统里用过，但没有批准"), _("换一个版本号"))
        return SchemePlan(versions, counts)
    if stands is not None:
        known_rules = Scheme.from_dict(stands.parameters)
        _refuse_changes(rows, values, known_rules, stands.effective_on, parsed.faults)
        return SchemePlan(versions, counts)
    rules = _rules(version, rows, values, parsed.faults)
    if rules is not None:
        versions.append(Version(version, values.get(EFFECTIVE, since), rules, is_new=True))
        versions.sort(key=lambda one: one.effective_on)
        counts = Counts(SCHEME, len(rows), 0, 0)
    return SchemePlan(versions, counts)


def _read(parsed: Parsed) -> tuple[list[SchemeRow], dict[str, Any]]:
    """The rows that count and their values; a value that can't be read is a fault and missing."""
    seen, rows = Seen(), list[SchemeRow]()
    values: dict[str, Any] = {}
    for row in parsed.of(SCHEME):
        if is_twice(seen, row.name, row.at, "参数", parsed.faults):
            continue
        rows.append(row)
        read = _READERS.get(row.name)
        if read is None:
            hint = _("可以写：%(all)s") % {"all": listed(_READERS)}
            parsed.faults.add(row.at, "参数", _("方案没有这个参数"), hint)
        elif not row.value and row.name in _MAY_BE_EMPTY:
            values[row.name] = None
        elif not row.value:
            parsed.faults.add(row.at, "值", _("空着"), _("填上，或删掉这一行用默认值"))
        else:
            try:
                values[row.name] = read(row.value.rstrip("%") if row.name not in (VERSION, EFFECTIVE) else row.value)
            except CellError as error:
                parsed.faults.add(row.at, "值", error.reason, error.hint)
    return rows, values


def _rules(version: str, rows: list[SchemeRow], values: Mapping[str, Any], faults: Faults) -> Scheme | None:
    """The default scheme with the workbook's values; the shares must be whole."""
    quotas = {rule.code: values.get(QUOTA + rule.code, rule.quota) for rule in SCHEME_1_0.grades}
    total = sum(quotas.values(), Decimal(0))
    if total != 100:
        row = next((row for row in rows if row.name.startswith(QUOTA)), rows[0])
        reason = _("比例_A 到 比例_E 合计要 100，现在是 %(total)s") % {"total": plain(total)}
        faults.add(row.at, "值", reason, _("五个比例都写上，没写的用默认值"))
        return None
    changes: dict[str, Json] = {"version": version}
    changes |= {field: _json(values[name]) for name, (field, _read) in _FIELDS.items() if name in values}
    defaults = SCHEME_1_0.to_dict()
    changes["grades"] = [
        {
            **grade,
            "quota": str(quotas[grade["code"]]),
            "bonus_factor": str(values.get(FACTOR + grade["code"], grade["bonus_factor"])),
        }
        for grade in defaults["grades"]
    ]
    return SCHEME_1_0.changed(changes)


def _refuse_changes(
    rows: list[SchemeRow], values: Mapping[str, Any], rules: Scheme, effective_on: date, faults: Faults
) -> None:
    """A version that stands is not changed: another value under its number is a fault."""
    for row in rows:
        stands = _standing(row.name, rules, effective_on)
        if values[row.name] != stands:
            words = _("%(version)s 版已经在用，这个值是 %(value)s") % {"version": rules.version, "value": _said(stands)}
            faults.add(row.at, "值", words, _("要改就写一个新的版本号"))


def _standing(name: str, rules: Scheme, effective_on: date) -> object:
    if name == VERSION:
        return rules.version
    if name == EFFECTIVE:
        return effective_on
    if name in _FIELDS:
        return getattr(rules, _FIELDS[name][0])
    grade = rules.grade(name[-1])
    return grade.quota if name.startswith(QUOTA) else grade.bonus_factor


def _json(value: object) -> Json:
    return plain(value) if isinstance(value, Decimal) else value


def _said(value: object) -> str:
    if value is None:
        return _("空（没有上限）")
    return plain(value) if isinstance(value, Decimal) else str(value)
