"""The editor's sheet of a scheme: every value as it was typed, chapter by chapter, read into one value and judged.

Names of fields are the paths of ``selectors.scheme_fields``; of the rules, which come and go, ``triggers.0.times`` is
said by place. Nothing typed is ever dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from django.http import QueryDict
from django.utils.translation import gettext as _

from appraisals.selectors.scheme_fields import CODES, FLAG, NUMBERS, REMIND, WHOLE, Field, field_of
from appraisals.selectors.scheme_problems import MOST_RULES, Placed, scheme_problems
from policy.scheme_text import Json

WIDTH, FARTHEST, GRADES = 80, 12, "ABCDE"
FRESH_RULE = {"code": "", "kind": "cumulative", "side": "below", "threshold": "", "times": "", "consequence": ""}
SHARES, FIXED_ROWS = ("managerial", "non_managerial", "upward"), ("levels", "grades", "month_timeline")
SEPARATORS = str.maketrans("、，；,;", "     ")
OWN = ("version", "triggers", "gravity", "improvement_rules", "improvement_grades")
"""What is read in its own way."""


@dataclass(slots=True)
class Sheet:
    """What is typed, by the fields' names, and the faults found at them."""

    base: dict[str, Json]
    """The draft as it is stored: rows that can't come or go, and what nobody edits, are taken from it."""
    typed: dict[str, Any]
    rules: list[dict[str, str]]
    """The rules as typed, each with its rank among the grave ones and whether it asks for a plan."""
    faults: dict[str, list[str]] = field(default_factory=dict)

    def fault(self, path: str, text: str) -> None:
        """Note a fault; the same is not said twice."""
        if text not in self.faults.setdefault(path, []):
            self.faults[path].append(text)

    def read(self) -> dict[str, Json] | None:
        """The parameters that are typed; None with the faults noted where they can't be used."""
        self.faults.clear()
        data = {name: self._value(name) for name in self.base if name not in OWN}
        data["improvement_grades"] = [code for code in GRADES if code in self.typed.get("improvement_grades", ())]
        data["triggers"] = [self._rule(place, row) for place, row in enumerate(self.rules)]
        data["gravity"] = self._gravity()
        wanted = [row["code"].strip() for row in self.rules if row.get("plan")]
        data["improvement_rules"] = _in_old_order(wanted, self.base["improvement_rules"])
        for one in scheme_problems(self._readable(data)):
            self._place(one)
        return None if self.faults else data

    def _readable(self, data: dict[str, Json]) -> dict[str, Json]:
        """What is typed, and what is stored where it can't be read: so that the rest is judged at once as well."""
        spoilt = {path.split(".", maxsplit=1)[0] for path in self.faults}
        if "triggers" in spoilt:
            spoilt |= {"gravity", "improvement_rules"}
        return {name: self.base[name] if name in spoilt else value for name, value in data.items()}

    def _value(self, name: str) -> Json:
        held = self.base[name]
        if name in SHARES:
            return {part: self._read(f"{name}.{part}") for part in held}
        if name in FIXED_ROWS:
            return [{key: self._cell(name, row, key) for key in row} for row in held]
        return self._read(name)

    def _cell(self, group: str, row: Mapping[str, Json], key: str) -> Json:
        path = f"{group}.{row['code']}.{key}"
        return row[key] if key == "code" or field_of(path).is_fixed else self._read(path)

    def _rule(self, place: int, row: Mapping[str, str]) -> dict[str, Json]:
        paths = {key: f"triggers.{place}.{key}" for key in FRESH_RULE}
        return {key: self._convert(path, field_of(path), row.get(key, "")) for key, path in paths.items()}

    def _gravity(self) -> list[str]:
        """The codes by the ranks typed; two of one rank are a fault."""
        ranks: dict[int, str] = {}
        for place, row in enumerate(self.rules):
            path = f"triggers.{place}.rank"
            number = number_in(row.get("rank", ""))
            if number is None or number != number.to_integral_value():
                self.fault(path, _("写整数，1最重"))
            elif int(number) in ranks:
                self.fault(path, _("和%(code)s并列了，排出先后") % {"code": ranks[int(number)]})
            else:
                ranks[int(number)] = row.get("code", "").strip()
        return [code for _rank, code in sorted(ranks.items())]

    def _read(self, path: str) -> Json:
        return self._convert(path, field_of(path), self.typed.get(path, ""))

    def _convert(self, path: str, known: Field, text: Any) -> Json:
        """A typed text as JSON data; a fault is noted at its field."""
        if known.kind == FLAG:
            return bool(text)
        text = normalize("NFKC", str(text)).strip()
        if known.kind == REMIND:
            return self._days(path, text)
        if not text:
            if not known.empty:
                self.fault(path, _("填上"))
            return None
        if known.kind not in NUMBERS:
            return text
        number = number_in(text)
        if number is None:
            self.fault(path, _("写数字"))
        elif known.kind == WHOLE and number != number.to_integral_value():
            self.fault(path, _("写整数"))
        return None if number is None else f"{number:f}"

    def _days(self, path: str, text: str) -> list[int]:
        """Days before the term, as typed: 5、2、0; stored as days from it."""
        found = []
        for piece in text.translate(SEPARATORS).split():
            number = number_in(piece)
            if number is None or number != number.to_integral_value():
                self.fault(path, _("写几天前，用顿号隔开，例如5、2、0"))
                return []
            found.append(-int(number))
        return found

    def _place(self, problem: Placed) -> None:
        """Rules are typed by place, and judged by code."""
        group, *row = problem.path.split(".")
        if group != "triggers" or len(row) < 2:
            return self.fault(problem.path, problem.text)
        for place, typed in enumerate(self.rules):
            if typed["code"].strip() == row[0]:
                self.fault(f"triggers.{place}.{row[1]}", problem.text)
        return None


def sheet_of(parameters: Mapping[str, Json]) -> Sheet:
    """The sheet of a stored version."""
    base = dict(parameters)
    typed: dict[str, Any] = {"improvement_grades": list(base["improvement_grades"])}
    for name, held in base.items():
        if name in SHARES:
            typed |= {f"{name}.{part}": _shown(f"{name}.{part}", value) for part, value in held.items()}
        elif name in FIXED_ROWS:
            for row in held:
                paths = {key: f"{name}.{row['code']}.{key}" for key in row}
                typed |= {path: _shown(path, row[key]) for key, path in paths.items()}
        elif name not in OWN:
            typed[name] = _shown(name, held)
    gravity, plans = list(base["gravity"]), base["improvement_rules"]
    rules = [
        {key: _shown(f"triggers.0.{key}", value) for key, value in row.items()}
        | {"rank": str(gravity.index(row["code"]) + 1), "plan": "1" if row["code"] in plans else ""}
        for row in base["triggers"]
    ]
    return Sheet(base, typed, rules)


def sheet_from(data: QueryDict, parameters: Mapping[str, Json]) -> Sheet:
    """The sheet as it was posted, for the draft of these ``parameters``."""
    stored = sheet_of(parameters)
    typed: dict[str, Any] = {name: data.get(name, "")[:WIDTH] for name in stored.typed}
    typed["improvement_grades"] = data.getlist("improvement_grades")
    rules = []
    for place in range(MOST_RULES + 1):
        if f"triggers.{place}.code" not in data:
            break
        names = (*FRESH_RULE, "rank", "plan")
        rules.append({name: data.get(f"triggers.{place}.{name}", "")[:WIDTH] for name in names})
    return Sheet(stored.base, typed, rules)


def move(sheet: Sheet, words: str) -> None:
    """Add a rule, or take the one at a place away: ``add_rule``, ``drop_rule:2``. Nothing is stored by that."""
    name, _colon, place = words.partition(":")
    if name == "add_rule" and len(sheet.rules) < MOST_RULES:
        sheet.rules.append({**FRESH_RULE, "rank": str(len(sheet.rules) + 1), "plan": ""})
    elif name == "drop_rule" and place.isdecimal() and int(place) < len(sheet.rules):
        gone = number_in(sheet.rules.pop(int(place)).get("rank", ""))
        for row in sheet.rules:  # the others close up
            rank = number_in(row.get("rank", ""))
            if gone is not None and rank is not None and rank > gone:
                row["rank"] = f"{rank - 1:f}"


def _in_old_order(wanted: list[str], old: list[str]) -> list[str]:
    return [code for code in old if code in wanted] + [code for code in wanted if code not in old]


def _shown(path: str, value: Json) -> str:
    kind = field_of(path).kind
    if value is None or value is False:
        return ""
    if kind == FLAG:
        return "1"
    if kind == REMIND:
        return "、".join(str(-day) for day in value)
    if kind == CODES:
        return "、".join(value)
    number = number_in(str(value)) if kind in NUMBERS else None
    return str(value) if number is None else _plain(number)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_in(text: str) -> Decimal | None:
    """A number as typed, percent sign and wide digits allowed; None where it is none, or a joke."""
    try:
        number = Decimal(normalize("NFKC", text).strip().rstrip("%"))
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    is_usable = number.is_finite() and isinstance(exponent, int) and abs(exponent) < FARTHEST
    return number if is_usable and abs(number.adjusted()) < FARTHEST else None
