"""What is wrong with a draft of the scheme, each fault at its field and in the words of the page."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisals.selectors.scheme_fields import SIDES, label_of
from policy.problems import Problem
from policy.scheme_text import Json
from policy.schemes import SCHEME_1_0, problems_of
from policy.triggers import OUTCOMES

ROWS = ("levels", "grades", "triggers", "month_timeline")
NO_BONUS = "grades.E.bonus_factor"
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,9}")
DECIMALS, MOST_RULES, FARTHEST, DIGITS = 4, 20, 60, 12
LONGEST = {"consequence": 40, "name": 20}
WORDS = {
    "out_of_range": gettext_lazy("要在%(low)s到%(high)s之间，现在是%(value)s"),
    "shares_not_whole": gettext_lazy("合计要%(wanted)s，现在是%(found)s"),
    "unknown_choice": gettext_lazy("“%(value)s”不能选"),
    "repeated_code": gettext_lazy("“%(code)s”出现了两次"),
    "bad_value": gettext_lazy("“%(value)s”不能用"),
    "unknown_field": gettext_lazy("方案没有这一项"),
}


class Placed(NamedTuple):
    """A fault and the path of the field it is at."""

    path: str
    text: str

    def __str__(self) -> str:
        steps = {step.code: step.name for step in SCHEME_1_0.month_timeline}
        return _("%(label)s：%(error)s") % {"label": label_of(self.path, steps), "error": self.text}


def scheme_problems(data: Mapping[str, Json]) -> list[Placed]:
    """All faults of a scheme written as JSON data; empty when it can be used."""
    jokes = [
        Placed(path, _("“%(value)s”不能用") % {"value": f"{held}"[:20]}) for path, held in _flat(data) if _is_joke(held)
    ]
    if jokes:
        return jokes
    found = [Placed(path, _worded(one)) for one in problems_of(data) for path in _paths(one, data)]
    if not found:  # the shape is sound: look at what only the portal asks for
        found = [*_numbers(data), *_texts(data), *_parts_of_the_program(data), *_consequences(data)]
    return list(dict.fromkeys(found))


def _is_joke(value: Any) -> bool:
    """A number so far from all others that it could not even be written down."""
    if isinstance(value, list | tuple):
        return any(_is_joke(one) for one in value)
    try:
        number = Decimal(value) if isinstance(value, str | int) else Decimal(str(value))
    except (InvalidOperation, ValueError):
        return False
    return number.is_finite() and abs(number.adjusted()) > DIGITS


def _worded(problem: Problem) -> str:
    if problem.values["name"] == NO_BONUS:
        return _("评为E的没有年终奖金（七.2），只能是0")
    return str(WORDS[problem.code]) % problem.values


def _paths(problem: Problem, data: Mapping[str, Json]) -> list[str]:
    """Where a fault is: the policy names the group, the value tells the row."""
    name = problem.values["name"]
    if name in {step.code for step in SCHEME_1_0.month_timeline}:
        return [f"month_timeline.{name}.anchor"]
    if name == NO_BONUS:
        return [NO_BONUS]
    group, wanted = ("grades", "bonus_factor") if name == "bonus_factor" else (name, "")
    value = problem.values.get("value")
    same = [
        path
        for path, held in _flat(data)
        if path.startswith(f"{group}.") and (not wanted or path.endswith(wanted)) and value and _same(held, value)
    ]
    return same or [group]


def _same(held: Any, value: str) -> bool:
    if str(held) == value:
        return True
    try:
        return not isinstance(held, bool | list) and Decimal(str(held)) == Decimal(value)
    except InvalidOperation:
        return False


def _flat(data: Mapping[str, Json]) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{key}", part) for key, part in value.items())
        elif name in ROWS and isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    yield from ((f"{name}.{row.get('code')}.{key}", part) for key, part in row.items())
        else:
            yield name, value


def _numbers(data: Mapping[str, Json]) -> Iterator[Placed]:
    """Numbers that a person would write; the policy has seen that they are numbers."""
    plain = SCHEME_1_0.from_dict(data).to_dict()  # as the policy reads them, decimals as text
    for path, value in _flat(plain):
        if isinstance(value, str) and re.fullmatch(r"-?\d+\.\d+", value) and len(value.split(".")[1]) > DECIMALS:
            yield Placed(path, _("最多%(n)s位小数") % {"n": DECIMALS})
        if path.endswith(".remind") and any(abs(day) > FARTHEST for day in value):
            yield Placed(path, _("最多相差%(n)s个工作日") % {"n": FARTHEST})
        if path.endswith(".escalate_after") and value is not None and not 0 <= value <= FARTHEST:
            yield Placed(
                path, _("要在%(low)s到%(high)s之间，现在是%(value)s") % {"low": 0, "high": FARTHEST, "value": value}
            )


def _texts(data: Mapping[str, Json]) -> Iterator[Placed]:
    rules = data["triggers"]
    if len(rules) > MOST_RULES:
        yield Placed("triggers", _("最多%(n)s条") % {"n": MOST_RULES})
    for row in rules:
        if not CODE.fullmatch(row["code"]):
            yield Placed(f"triggers.{row['code']}.code", _("用字母开头，例如R5，最多10个字"))
    for path, value in _flat(data):
        most = LONGEST.get(path.rsplit(".", maxsplit=1)[-1])
        if most and isinstance(value, str) and len(value) > most:
            yield Placed(path, _("最多 %(n)s 个字，写短一点。") % {"n": most})


def _parts_of_the_program(data: Mapping[str, Json]) -> Iterator[Placed]:
    """The steps of the month and what they count from, and the levels: the program works by them."""
    known, asked = SCHEME_1_0.to_dict(), SCHEME_1_0.from_dict(data).to_dict()
    for name, keys in {"month_timeline": ("code", "name", "anchor"), "levels": ("code",)}.items():
        if [[row[key] for key in keys] for row in asked[name]] != [[row[key] for key in keys] for row in known[name]]:
            yield Placed(name, _("这里只能改数字，步骤、顺序和起算不能改"))


def _consequences(data: Mapping[str, Json]) -> Iterator[Placed]:
    """The rules of the policy keep what they lead to (P7.1); any other one leads to one of those outcomes.

    Otherwise a dismissal under another name would be held by no checklist, and a reward be given for low months.
    """
    known = {rule.code: rule for rule in SCHEME_1_0.triggers}
    for row in data["triggers"]:
        rule = known.get(row["code"])
        at = f"triggers.{row['code']}"
        kin = OUTCOMES.get(row["consequence"])
        if rule is None and kin is None:
            yield Placed(
                f"{at}.consequence", _("从这些里选一个：%(what)s") % {"what": "、".join(_(one) for one in OUTCOMES)}
            )
        if rule is None and kin is not None and row["side"] != kin.side:
            words = _("“%(what)s”只看系数%(side)s门槛的月份")
            yield Placed(f"{at}.side", words % {"what": _(kin.consequence), "side": SIDES[kin.side]})
        if rule is not None and row["consequence"] != rule.consequence:
            words = _("%(code)s 的处理是“%(what)s”，不能改；可以改门槛和次数")
            yield Placed(f"{at}.consequence", words % {"code": rule.code, "what": rule.consequence})
        if rule is not None and row["side"] != rule.side:
            yield Placed(f"{at}.side", _("%(code)s 看的是哪一侧不能改") % {"code": rule.code})
