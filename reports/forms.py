"""The shapes of what people type on the pages of reports."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import StyledForm
from common.years import SpecialDay
from reports.facts.calendars import MOST_DAYS, NAME_LIMIT
from reports.workbooks.guard import LIMITS

CALENDAR_LIMIT = 1024 * 1024


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


class CalendarImportForm(StyledForm):
    """A year's arrangement in a spreadsheet."""

    year = forms.IntegerField(label=_("哪一年"), min_value=2000, max_value=2100)
    workbook = forms.FileField(
        label=_("工作簿"),
        allow_empty_file=True,  # the guard says it in our words
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=_("Excel工作簿（.xlsx），有“日期”“这天”“名称”三列。先预览，确认以后才保存。"),
        error_messages={"required": _("先选文件。"), "invalid": _("先选文件。")},
    )

    def clean_workbook(self) -> Any:
        """A year is small; what is larger is another file."""
        file = self.cleaned_data["workbook"]
        if (file.size or 0) > CALENDAR_LIMIT:
            raise forms.ValidationError(_("文件超过1 MB，一年的日历不会这么大。"), code="too_large")
        return file


class CalendarYearForm(StyledForm):
    """The days of a preview, posted back to be saved."""

    year = forms.IntegerField(min_value=2000, max_value=2100)
    seen = forms.CharField(max_length=64)
    days = forms.JSONField()

    def clean_days(self) -> list[SpecialDay]:
        """The days as ``told_days`` wrote them."""
        try:
            return [_told_day(*one) for one in self.cleaned_data["days"]][:MOST_DAYS]
        except (TypeError, ValueError) as error:
            raise forms.ValidationError(_("日期读不出来。"), code="wrong_days") from error


def told_days(days: Iterable[SpecialDay]) -> str:
    """The days of a preview as the page posts them back."""
    return json.dumps([[one.day.isoformat(), one.is_workday, one.name] for one in days], ensure_ascii=False)


def _told_day(day: Any, is_workday: Any, name: Any) -> SpecialDay:  # the order of told_days
    if not isinstance(is_workday, bool) or not isinstance(name, str) or len(name) > NAME_LIMIT:
        raise ValueError(name)
    return SpecialDay(date.fromisoformat(day), is_workday, name)
