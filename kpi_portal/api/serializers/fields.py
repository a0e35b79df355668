"""Fields and shapes of the whole API. Points, percentages and money are decimal strings, as they are recorded."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

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


class PersonNumber(serializers.CharField):
    """An employee's number; in what was told it becomes the person.

    Of a long list ``people`` in the context holds those found in one go.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, **options)

    def to_internal_value(self, data: Any) -> Any:
        """The person of that number."""
        number: str = super().to_internal_value(data)
        people: dict[str, Employee] | None = self.context.get("people")
        found = employee_numbered(number) if people is None else people.get(number)
        if found is None:
            raise serializers.ValidationError(_("没有工号 %(number)s，核对后再填。") % {"number": number})
        return found


class MonthKey(serializers.RegexField):
    """A month as 2026-10; in what was told it becomes its first day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"\A20\d\d-(0[1-9]|1[0-2])\Z", **options)

    def to_internal_value(self, data: Any) -> Any:
        """The month's first day."""
        year, month = super().to_internal_value(data).split("-")
        return timezone.localdate().replace(year=int(year), month=int(month), day=1)
