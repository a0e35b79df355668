"""A call as it is typed into the register, and rows of a spreadsheet as they are pasted."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, NamedTuple
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import StyledForm
from common.uploads import SOUNDS, Checked
from people.forms import PersonField
from people.selectors import employees_numbered
from quality.facts.drafts import CallDraft

MOST_LINES = 500
_DATE = re.compile(r"([0-9]{4})[^0-9]{1,2}([0-9]{1,2})[^0-9]{1,2}([0-9]{1,2})[^0-9 ]?(?: +(.+))?")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?")
_LENGTH = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])")
YES = {"1", "y", "yes", "true", "是", "有", "√", "投诉"}
NO = {"", "0", "n", "no", "false", "否", "无", "-"}


class LengthField(forms.CharField):
    """A length as 4:05 or 1:02:30; in seconds."""

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        return length_of(text) if text else None


class CallForm(StyledForm):
    """One call."""

    number = forms.CharField(label=gettext_lazy("录音编号"), max_length=40)
    employee = PersonField(label=gettext_lazy("客服"))
    called_on = forms.DateField(label=gettext_lazy("通话日期"))
    called_at = forms.TimeField(
        label=gettext_lazy("通话时间"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    seconds = LengthField(
        label=gettext_lazy("时长"), required=False, max_length=8, widget=forms.TextInput({"placeholder": "4:05"})
    )
    link = forms.CharField(
        label=gettext_lazy("录音链接"),
        required=False,
        max_length=500,
        widget=forms.URLInput({"placeholder": "https://"}),
    )
    audio = forms.FileField(
        label=gettext_lazy("录音文件"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ",".join(f".{kind}" for kind in SOUNDS)}),
        help_text=gettext_lazy("mp3、wav、m4a、ogg，最多 50 MB"),
    )
    is_complaint = forms.BooleanField(label=gettext_lazy("投诉来电"), required=False)

    def draft(self, audio: Checked | None) -> CallDraft:
        """The call that is typed."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in {"employee", "audio"}}
        return CallDraft(**typed, employee_id=self.cleaned_data["employee"].pk, audio=audio)


class PastedRow(NamedTuple):
    """A row as it was pasted: its line from 1, and its cells."""

    line: int
    number: str
    called_on: str
    called_at: str
    employee: str
    length: str
    link: str
    complaint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What could be read: drafts, each with its line, and what could not, by line."""

    drafts: list[CallDraft]
    lines: list[int]
    problems: list[tuple[int, str]]


def read_pasted(text: str) -> Pasted:
    """Rows of 录音编号, date, time, number of the agent, length, link, complaint, parted by tabs or commas.

    Empty lines and a head without any digit are passed over.
    """
    rows = list(_rows(text))
    if len(rows) > MOST_LINES:
        words = _("一次最多贴 %(n)s 行，分几次来。") % {"n": MOST_LINES}
        return Pasted(drafts=[], lines=[], problems=[(0, words)])
    people = employees_numbered({name for row in rows for name in (row.employee, row.employee.upper())})
    drafts, lines, problems = [], [], []
    for row in rows:
        faults: list[str] = []
        person = people.get(row.employee) or people.get(row.employee.upper())
        draft = _draft(row, person.pk if person else 0, faults)
        if draft is not None and not faults:
            drafts.append(draft)
            lines.append(row.line)
        problems += [(row.line, words) for words in faults]
    return Pasted(drafts=drafts, lines=lines, problems=problems)


def length_of(text: str) -> int:
    """Seconds of 4:05 or 1:02:30."""
    found = _LENGTH.fullmatch(normalize("NFKC", text).strip())
    if found is None:
        raise ValidationError(_("时长写成 分:秒，例如 4:05。"), code="bad_length")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _rows(text: str) -> Iterator[PastedRow]:
    width = len(PastedRow._fields) - 1
    for line, words in enumerate(normalize("NFKC", text).splitlines(), start=1):
        if not words.strip() or (line == 1 and not any(sign.isdecimal() for sign in words)):
            continue
        parted = [words.split("\t")] if "\t" in words else list(csv.reader([words]))
        cells: Sequence[str] = [cell.strip() for cell in parted[0]][:width]
        yield PastedRow(line, *cells, *[""] * (width - len(cells)))


def _draft(row: PastedRow, employee_id: int, faults: list[str]) -> CallDraft | None:
    day, clock = _day(row.called_on)
    if day is None:
        faults.append(_("日期“%(text)s”写成 2026-10-08 这样。") % {"text": row.called_on[:20]})
    called_at, seconds = None, None
    if row.called_at or clock:
        called_at = _time(row.called_at or clock)
        if called_at is None:
            faults.append(_("时间“%(text)s”写成 14:32 这样。") % {"text": row.called_at[:20]})
    if row.length:
        seconds = _seconds(row.length, faults)
    if row.complaint.lower() not in YES | NO:
        faults.append(_("投诉一栏填“是”或空着，现在是“%(text)s”。") % {"text": row.complaint[:20]})
    if day is None:
        return None
    return CallDraft(
        number=row.number,
        called_on=day,
        called_at=called_at,
        employee_id=employee_id,
        seconds=seconds,
        link=row.link,
        is_complaint=row.complaint.lower() in YES,
    )


def _seconds(text: str, faults: list[str]) -> int | None:
    try:
        return length_of(text)
    except ValidationError as error:
        faults += error.messages
        return None


def _day(text: str) -> tuple[date | None, str]:
    """The date, and a time that stands in the same cell."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None, ""
    try:
        return date(int(found[1]), int(found[2]), int(found[3])), found[4] or ""
    except ValueError:
        return None, ""


def _time(text: str) -> time | None:
    found = _TIME.fullmatch(text)
    return time(int(found[1]), int(found[2])) if found else None
