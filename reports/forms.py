"""The shapes of what people type on the pages of reports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import StyledForm


class ReasonForm(StyledForm):
    """Why a step is taken that is not the usual one."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会写进记录，本人看得到。"),
        error_messages={"required": _("写一句理由。")},
    )
