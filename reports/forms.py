"""The shapes of what people type on the pages of reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import StyledForm
from reports.workbooks.guard import LIMITS


class ReasonForm(StyledForm):
    """Why a step is taken that is not the usual one."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会写进记录，本人看得到。"),
        error_messages={"required": _("写一句理由。")},
    )


class WorkbookForm(StyledForm):
    """The workbook to import; what is in it is checked by the guard of workbooks."""

    workbook = forms.FileField(
        label=_("工作簿"),
        allow_empty_file=True,  # the guard says it in our words
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=_("Excel 工作簿（.xlsx），最多 40 MB。先预览，确认以后才写进系统。"),
        error_messages={"required": _("先选文件。"), "invalid": _("先选文件。")},
    )

    def clean_workbook(self) -> Any:
        """Not so large that it may not even be read."""
        file = self.cleaned_data["workbook"]
        if (file.size or 0) > LIMITS.packed:
            raise forms.ValidationError(_("文件超过 40 MB，拆成几份导入。"), code="too_large")
        return file
