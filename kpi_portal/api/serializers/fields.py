"""Fields and shapes of the whole API. Points, percentages and money are decimal strings, as they are recorded."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.fields import empty

from common.forms import LONGEST
from people.models import Employee
from people.selectors import employee_numbered


class Points(serializers.DecimalField):
    """Marks or a percentage with 2 decimals; null where there are none or they are not yours to see."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=7, decimal_places=2, **options)


class Money(serializers.DecimalField):
    """Yuan with 2 decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, **options)


class Told(serializers.Serializer[Any]):
    """A body of a request. A field that is not named is refused, never ignored: nothing is set by the way."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The fields' values; refuses unknown ones by their names."""
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            strange = sorted(str(name) for name in data if name not in known)
            if strange:
                raise serializers.ValidationError({name: [_("没有这个字段。")] for name in strange})
        found: dict[str, Any] = super().to_internal_value(data)
        return found


class Nothing(Told):
    """No field at all: the address says what is to be done."""


class Reason(Told):
    """Why; whoever is concerned reads it."""

    reason = serializers.CharField(max_length=200, allow_blank=True)


class LookedUp:
    """A field whose value stands for something else: it is looked up once it has the right shape."""

    def run_validation(self, data: Any = empty) -> Any:
        """What the value stands for; nothing where nothing was told."""
        value = super().run_validation(data)  # type: ignore[misc]  # the field's own
        return None if value is None else self.looked_up(value)

    def looked_up(self, value: Any) -> Any:
        """What ``value`` stands for."""
        raise NotImplementedError  # each kind of field knows its rows; none may pass a bare value on


class PersonNumber(LookedUp, serializers.CharField):
    """An employee's number; in what was told it becomes the person."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, **options)

    def looked_up(self, value: str) -> Employee:
        """The person of that number."""
        found = employee_numbered(value)
        if found is None:
            raise serializers.ValidationError(_("没有工号 %(number)s，核对后再填。") % {"number": value})
        return found


class Key(serializers.IntegerField):
    """The id of a row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=10**LONGEST - 1, **options)


class Coded(LookedUp, serializers.CharField):
    """The code of an entry; in what was told it becomes the entry, of those that the context holds by code."""

    def __init__(self, entries: str, **options: Any) -> None:
        super().__init__(max_length=20, **options)
        self.entries = entries

    def looked_up(self, value: str) -> Any:
        """The entry with that code."""
        found = self.context[self.entries].get(value)
        if found is None:
            raise serializers.ValidationError(_("没有代码 %(code)s。") % {"code": value})
        return found


class KeyOf(LookedUp, Key):
    """The id of an entry; in what was told it becomes the entry, of those that the context holds by id."""

    def __init__(self, entries: str, **options: Any) -> None:
        super().__init__(**options)
        self.entries = entries

    def looked_up(self, value: int) -> Any:
        """The entry with that id."""
        found = self.context[self.entries].get(value)
        if found is None:
            raise serializers.ValidationError(_("没有这一项。"))
        return found


class MonthKey(LookedUp, serializers.RegexField):
    """A month as 2026-10; in what was told it becomes its first day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"\A20[0-9][0-9]-(0[1-9]|1[0-2])\Z", **options)

    def looked_up(self, value: str) -> date:
        """The month's first day."""
        return date.fromisoformat(f"{value}-01")
