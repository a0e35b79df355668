"""A call as somebody wants to register it, and everything that speaks against it, for many at once (A2)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from common.db import among
from common.uploads import SOUNDS, Checked
from common.wording import month as month_words
from people.models import Employee
from quality.models import Call
from quality.permissions import Ear, Lines, can_listen

LONGEST_NUMBER = 40
LONGEST_LINK = 500
LONGEST_CALL = 24 * 60 * 60
"""Seconds of a day: a longer call is a mistake."""
_is_link = URLValidator(schemes=["https"])


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDraft:
    """A call to be registered; ``seconds`` is its length, ``link`` where it can be heard outside."""

    number: str
    called_on: date
    employee_id: int
    called_at: time | None = None
    seconds: int | None = None
    link: str = ""
    is_complaint: bool = False
    audio: Checked | None = None


class DraftProblem(NamedTuple):
    """Which of the drafts (from 0), which of its fields, and what is wrong with it."""

    place: int
    field: str
    words: str


class _Known(NamedTuple):
    """What is stored about the drafts: four statements, however many they are."""

    people: dict[int, Employee]
    numbers: set[str]
    lines: Lines
    counted: set[tuple[int, date]]


def draft_problems(drafts: Sequence[CallDraft], ear: Ear, today: date) -> list[DraftProblem]:
    """Everything that stands against registering these calls, in their order."""
    known, times = _known(drafts), Counter(draft.number for draft in drafts)
    found = []
    for place, draft in enumerate(drafts):
        problems = [*_of_number(draft, known, times), *_of_length(draft), *_of_sound(draft)]
        problems += _of_person(draft, known, ear, today)
        found += [DraftProblem(place, field, words) for field, words in problems]
    return found


def _known(drafts: Sequence[CallDraft]) -> _Known:
    ids = {draft.employee_id for draft in drafts}
    calls = Call.objects.filter(employee_id__in=among(ids), counted_month__isnull=False)
    return _Known(
        people=Employee.objects.select_related("region", "position").in_bulk(list(ids)),
        numbers=set(
            Call.objects.filter(number__in=[draft.number for draft in drafts]).values_list("number", flat=True)
        ),
        lines=Lines.of([Call(employee_id=pk) for pk in ids]),
        counted={(pk, month) for pk, month in calls.order_by().values_list("employee_id", "counted_month") if month},
    )


def _of_number(draft: CallDraft, known: _Known, times: Counter[str]) -> list[tuple[str, str]]:
    number = {"number": draft.number}
    if not draft.number.strip():
        return [("number", _("写上录音编号。"))]
    if len(draft.number) > LONGEST_NUMBER:
        return [("number", _("录音编号最多 %(n)s 个字。") % {"n": LONGEST_NUMBER})]
    if draft.number in known.numbers:
        return [("number", _("录音 %(number)s 已经登记过了。") % number)]
    if times[draft.number] > 1:
        return [("number", _("录音编号 %(number)s 写了不止一次。") % number)]
    return []


def _of_length(draft: CallDraft) -> list[tuple[str, str]]:
    if draft.seconds is not None and not 0 < draft.seconds <= LONGEST_CALL:
        return [("seconds", _("时长要大于 0，不超过一天。"))]
    return []


def _of_sound(draft: CallDraft) -> list[tuple[str, str]]:
    found = []
    if draft.link and not _is_good_link(draft.link):
        found.append(("link", _("链接要是 https:// 开头的完整地址，最多 %(n)s 个字。") % {"n": LONGEST_LINK}))
    if draft.audio is not None and draft.audio.kind not in SOUNDS:
        found.append(("audio", _("录音只收 mp3、wav、m4a、ogg。")))
    return found


def _is_good_link(link: str) -> bool:
    try:
        _is_link(link)
    except ValidationError:
        return False
    return len(link) <= LONGEST_LINK


def _of_person(draft: CallDraft, known: _Known, ear: Ear, today: date) -> list[tuple[str, str]]:
    """Nobody learns here whom there is: an unknown person and somebody else's agent get the same words."""
    person = known.people.get(draft.employee_id)
    call = Call(called_on=draft.called_on)
    if person is not None:
        call.employee = person
    if person is None or not can_listen(ear, call, known.lines):
        return [("employee", _("这位不归你监听，核对工号和日期。"))]
    if draft.called_on > today:
        return [("called_on", _("通话日期不能晚于今天。"))]
    if not person.works_on(draft.called_on):
        return [("called_on", _("那天%(name)s不在职，核对日期。") % {"name": person.name})]
    if (draft.employee_id, draft.called_on.replace(day=1)) in known.counted:
        words = _("%(name)s%(month)s的录音成绩已经汇总，不能再登记。")
        return [("called_on", words % {"name": person.name, "month": month_words(draft.called_on)})]
    return []
