"""The parameter text of a scoring method (评分参数): read into values, every fault named.

The text is written back by ``params.text()``. Reading is cached: ten thousand forms share a few
hundred texts.
"""

import re
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from policy.items import (
    DEDUCT,
    DIRECT,
    INVERSE_RATIO,
    LINEAR,
    METHOD_CODES,
    METHOD_NAMES,
    ONE,
    RATIO,
    TIERS,
    Deduct,
    Direct,
    InverseRatio,
    Linear,
    Params,
    Ratio,
    Tiers,
)
from policy.problems import PolicyError, Problem
from policy.rounding import ZERO, plain

_WIDE = str.maketrans("；：＝＞＜，％", ";:=><,%")
_TIER = re.compile(r"(>=|<=)([^:]+):(.+)")
_NUMBER = re.compile(r"[+-]?(\d{1,12}(\.\d{0,6})?|\.\d{1,6})", re.ASCII)
_NAMES: dict[str, tuple[tuple[str, Decimal | None], ...]] = {
    RATIO: (("目标", None), ("上限", ONE)),
    INVERSE_RATIO: (("目标", None), ("上限", ONE)),
    DEDUCT: (("每次", None), ("容许", ZERO)),
    LINEAR: (("零分", None), ("满分", None)),
}


class Reading(NamedTuple):
    """Parameters read from a text, or all the problems that stood in the way."""

    params: Params | None
    problems: tuple[Problem, ...] = ()


@lru_cache(maxsize=8192)
def read_params(method: str, text: str = "") -> Reading:
    """Read ``text`` for ``method``, given as code (``ratio``) or as word (达成率)."""
    code = METHOD_CODES.get(method.strip(), method.strip())
    tidy = text.translate(_WIDE).replace("≥", ">=").replace("≤", "<=")
    tidy = "".join(tidy.split()).strip(";")
    if code not in METHOD_NAMES:
        return Reading(None, (Problem("unknown_method", {"method": method}),))
    if code == DIRECT:
        problems = (Problem("no_parameters", {"text": text}),) if tidy else ()
        return Reading(None if problems else Direct(), problems)
    return _read_tiers(tidy) if code == TIERS else _read_pairs(code, tidy)


def params_of(method: str, text: str = "") -> Params:
    """As ``read_params``, for a text that was checked before; raises ``PolicyError``."""
    reading = read_params(method, text)
    if reading.params is None:
        raise PolicyError(reading.problems)
    return reading.params


def number(text: str) -> Decimal | None:
    """A plain decimal, or ``None``: no exponent, no percent sign, no grouping, no absurd length."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _read_pairs(code: str, text: str) -> Reading:
    problems: list[Problem] = []
    found: dict[str, Decimal] = {}
    names = _NAMES[code]
    known = [name for name, _idle in names]
    for piece in filter(None, text.split(";")):
        problem = _read_pair(piece, code, known, found)
        if problem is not None:
            problems.append(problem)
    if not problems:
        problems = [
            Problem("missing_parameter", {"method": METHOD_NAMES[code], "name": name})
            for name, idle in names
            if idle is None and name not in found
        ]
    if problems:
        return Reading(None, tuple(problems))
    first, second = (found.get(name, idle or ZERO) for name, idle in names)
    problems = _check_pair(code, first, second)
    return Reading(None, tuple(problems)) if problems else Reading(_build(code, first, second))


def _read_pair(piece: str, code: str, known: list[str], found: dict[str, Decimal]) -> Problem | None:
    """Put one ``name=value`` into ``found``, or say why not."""
    name, equals, value = piece.partition("=")
    if not equals or not name:
        return Problem("bad_pair", {"piece": piece})
    if name not in known:
        allowed = "、".join(known)
        return Problem("unknown_parameter", {"method": METHOD_NAMES[code], "name": name, "allowed": allowed})
    if name in found:
        return Problem("repeated_parameter", {"name": name})
    amount = number(value)
    if amount is None:
        return Problem("not_a_number", {"name": name, "value": value})
    found[name] = amount
    return None


def _check_pair(code: str, first: Decimal, second: Decimal) -> list[Problem]:
    """Values that would divide by zero or reward the worse figure are refused."""
    (first_name, _), (second_name, _) = _NAMES[code]
    if code == LINEAR:
        return [Problem("ends_meet", {"value": plain(first)})] if first == second else []
    problems = []
    if first <= 0:
        problems.append(Problem("must_be_positive", {"name": first_name, "value": plain(first)}))
    if code == DEDUCT and second < 0:
        values = {"name": second_name, "value": plain(second)}
        problems.append(Problem("must_not_be_negative", values))
    if code != DEDUCT and second <= 0:
        problems.append(Problem("must_be_positive", {"name": second_name, "value": plain(second)}))
    return problems


def _build(code: str, first: Decimal, second: Decimal) -> Params:
    if code == RATIO:
        return Ratio(first, second)
    if code == INVERSE_RATIO:
        return InverseRatio(first, second)
    return Deduct(first, second) if code == DEDUCT else Linear(first, second)


def _read_tiers(text: str) -> Reading:
    pieces = [piece for piece in text.split(";") if piece]
    if not pieces:
        return Reading(None, (Problem("no_tiers"),))
    problems: list[Problem] = []
    signs: list[str] = []
    bands: list[tuple[Decimal, Decimal]] = []
    for piece in pieces:
        match = _TIER.fullmatch(piece)
        bound, worth = (number(match[2]), number(match[3])) if match else (None, None)
        if match is None or bound is None or worth is None:
            problems.append(Problem("bad_tier", {"piece": piece}))
        elif worth < 0:
            values = {"name": piece, "value": plain(worth)}
            problems.append(Problem("must_not_be_negative", values))
        else:
            signs.append(match[1])
            bands.append((bound, worth))
    if not problems:
        problems = _check_tiers(pieces, signs, bands)
    if problems:
        return Reading(None, tuple(problems))
    return Reading(Tiers(signs[0] == ">=", tuple(bands)))


def _check_tiers(pieces: list[str], signs: list[str], bands: list[tuple[Decimal, Decimal]]) -> list[Problem]:
    """Tiers run from good to bad, or a better figure could score less."""
    if len(set(signs)) > 1:
        return [Problem("mixed_tiers")]
    falls = 1 if signs[0] == ">=" else -1
    return [
        Problem("tiers_out_of_order", {"piece": pieces[place + 1]})
        for place, (upper, lower) in enumerate(pairwise(bands))
        if (upper[0] - lower[0]) * falls <= 0 or upper[1] < lower[1]
    ]
