"""What stands above the chapters of a version: its number, its day and what it is about."""

from typing import Self

from django import forms
from django.utils.translation import gettext_lazy

from appraisals.models import Scheme
from common.forms import StyledForm


class SchemeHead(StyledForm):
    """Number, day and note of a draft."""

    version = forms.CharField(label=gettext_lazy("版本"), max_length=20)
    effective_on = forms.DateField(label=gettext_lazy("生效日期"))
    note = forms.CharField(
        label=gettext_lazy("改了什么、为什么"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )

    @classmethod
    def of(cls, scheme: Scheme) -> Self:
        """The head of a stored draft."""
        names = ("version", "effective_on", "note")
        return cls(initial={name: getattr(scheme, name) for name in names})
