"""Filters by number and month that refuse what no row can have, before a database does."""

import re
from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from common.forms import LONGEST

FIRST_YEAR, LAST_YEAR = 2000, 2099
_MONTH = re.compile(r"(20[0-9][0-9])-(0[1-9]|1[0-2])")


class WholeFilter(django_filters.NumberFilter):  # type: ignore[misc]  # ships no types
    """A whole number from 1 to the largest key there may be."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"min_value": 1, "max_value": 10**LONGEST - 1} | options)


def year_filter(field_name: str) -> WholeFilter:
    """A year of this century."""
    return WholeFilter(field_name=field_name, min_value=FIRST_YEAR, max_value=LAST_YEAR)


class MonthField(forms.CharField):
    """A month as 2026-10."""

    def clean(self, value: Any) -> date | None:
        """The month's first day; None where nothing was said."""
        text = super().clean(value)
        if not text:
            return None
        found = _MONTH.fullmatch(text)
        if found is None:
            raise ValidationError(_("月份写成2026-10。"))
        return date(int(found[1]), int(found[2]), 1)


class MonthFilter(django_filters.CharFilter):  # type: ignore[misc]  # ships no types
    """Rows whose day lies in a month, told as 2026-10."""

    field_class = MonthField

    def filter(self, rows: QuerySet[Any], value: date | None) -> QuerySet[Any]:
        """The rows of that month; all of them where none was told."""
        if value is None:
            return rows
        last = (value + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return rows.filter(**{f"{self.field_name}__range": (value, last)})


def month_asked(request: Request, name: str, default: date) -> date:
    """The first day of the month that the address asks for; refused by its name where it is none."""
    try:
        return MonthField(required=False).clean(request.query_params.get(name, "")) or default.replace(day=1)
    except ValidationError as fault:
        raise serializers.ValidationError({name: fault.messages}) from fault
