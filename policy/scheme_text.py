"""A scheme as JSON data and back: field by field, by the kinds its class declares.

Which numbers a scheme has and what they may be belongs in ``schemes``.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import NoneType
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

from policy.problems import Problem

# What a JSON reader gives: its shape is checked here, field by field.
Json: TypeAlias = Any


class _BadValueError(Exception):
    """A value that is not of its field's kind."""


def read_fields(kinds: Mapping[str, object], data: Mapping[str, Json]) -> tuple[dict[str, object], list[Problem]]:
    """Values for the fields named in ``data``, and all problems: unknown names, wrong kinds."""
    values: dict[str, object] = {}
    problems = []
    for name, value in data.items():
        if name not in kinds:
            problems.append(Problem("unknown_field", {"name": name}))
            continue
        try:
            values[name] = _read(kinds[name], value)
        except _BadValueError:
            problems.append(Problem("bad_value", {"name": name, "value": str(value)}))
    return values, problems


def write_fields(values: Mapping[str, object]) -> dict[str, Json]:
    """The reverse of ``read_fields``."""
    return {name: _write(value) for name, value in values.items()}


def _write(value: object) -> Json:
    if isinstance(value, Decimal):
        return f"{value:f}"
    names = getattr(value, "_fields", None)
    if isinstance(value, tuple) and names is not None:
        return {name: _write(part) for name, part in zip(names, value, strict=True)}
    return [_write(part) for part in value] if isinstance(value, tuple) else value


def _read(kind: object, value: Json) -> object:
    if hasattr(kind, "_fields"):
        return _read_record(kind, value)
    if get_origin(kind) is tuple:
        return _read_list(get_args(kind)[0], value)
    choices = get_args(kind)
    if NoneType in choices:
        return None if value is None or value == "" else _read(choices[0], value)
    return _read_plain(kind, value)


def _read_record(kind: object, value: Json) -> object:
    hints = get_type_hints(kind)
    if not isinstance(value, Mapping) or set(value) != set(hints):
        raise _BadValueError
    return kind(*(_read(hint, value[name]) for name, hint in hints.items()))  # type: ignore[operator]


def _read_list(kind: object, value: Json) -> tuple[object, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise _BadValueError
    return tuple(_read(kind, part) for part in value)


def _read_plain(kind: object, value: Json) -> object:
    if kind is Decimal:
        return _read_decimal(value)
    if kind is bool:
        if isinstance(value, bool):
            return value
        raise _BadValueError
    if kind is int:
        number = _read_decimal(value)
        if number != number.to_integral_value():
            raise _BadValueError
        return int(number)
    if isinstance(value, str) and value:
        return value
    raise _BadValueError


def _read_decimal(value: Json) -> Decimal:
    """A finite decimal; a float goes through its shortest text, as spreadsheets mean it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _BadValueError
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise _BadValueError from None
    if not number.is_finite():
        raise _BadValueError
    return number
