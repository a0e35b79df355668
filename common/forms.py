"""The look of fields drawn by a form class: each widget gets the class its kind is styled by."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

LONGEST = 18
"""Digits that fit into a column of every database."""


def whole_number(text: str) -> int | None:
    """A key or a version as it was posted; None for anything that no row of ours can have."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None


def version_seen(text: str) -> int | None:
    """The version a writer says he saw; None if he says none. Nonsense is a version that nothing has: a conflict."""
    number = whole_number(text)
    return number if number is not None or not text else -1


class MonthField(forms.DateField):
    """A month of this century, written 2026-10, as its first day; the days around it can be reckoned."""

    input_formats = ("%Y-%m",)
    default_validators = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 1))]


def month_of(text: str) -> date | None:
    """The first day of a month of this century written YYYY-MM; None for anything else."""
    try:
        month: date | None = MonthField(required=False).clean(text)
    except ValidationError:
        return None
    return month


class StyledForm(forms.Form):
    """A form whose widgets carry the portal's classes; dates get the browser's own picker."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            is_box = isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect)
            field.widget.attrs.setdefault("class", "form-check-input" if is_box else "inp")
