"""A day's reminders in words: three to ten lines, each with the way to its place; never a score, never an amount.

Days are told by their date: what a mail server takes hours later, or is read the day after, must still be right.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from common.wording import day, listed
from common.wording import month as month_name
from notices.facts import STEPS
from policy.reminders import DUTY, LEADER, OWNER
from policy.workdays import Calendar, working_days_left
from reports.facts.todos import title_and_url
from reports.selectors.digests import Digest, Followed
from reports.selectors.matters import Due
from reports.selectors.waiting import CONFIRM, RATE, SELF

MONTH = re.compile(r"\d{4}-\d{2}")
MOST_LINES = 7
MOST_NAMES = 3
MOST_IN_A_GROUP = 30
"""A robot's message names so many people; chat services cut longer ones."""


def subject_of(digest: Digest, today: date) -> str:
    """How much, and how much of it is late."""
    with override(settings.LANGUAGE_CODE):
        late = sum(term < today for term in digest.terms)
        n = len(digest.terms)
        if late:
            return _("考核提醒：%(n)s 件，其中 %(late)s 件已逾期") % {"n": n, "late": late}
        return _("考核提醒：%(n)s 件") % {"n": n}


def text_of(digest: Digest, today: date, calendar: Calendar) -> str:
    """The whole message in Chinese, as people write it: the longest overdue first, own things before others'."""
    with override(settings.LANGUAGE_CODE):
        rows: list[Due | Followed] = sorted([*digest.due, *digest.followed], key=lambda row: row.due_on)
        lines = [_("%(name)s，你好：") % {"name": digest.person.name}]
        lines += [_line(row, today, calendar) for row in rows[:MOST_LINES]]
        if len(rows) > MOST_LINES:
            lines.append(_rest_line(rows[MOST_LINES:], today))
        urls = {"url": _link(reverse("home")), "follow": _link(reverse("reports:following"))}
        last = _("全部待办：%(url)s 要跟进的：%(follow)s") if digest.followed else _("全部待办：%(url)s")
        return "\n".join([*lines, last % urls])


def group_text(digests: Iterable[Digest], today: date) -> str:
    """For a robot's group: who has how much waiting, nothing of what. Anonymous ratings are left out."""
    with override(settings.LANGUAGE_CODE):
        counts = []
        for digest in digests:
            rows = [row for row in digest.due if row.what != RATE]
            if rows:
                late = sum(row.due_on < today for row in rows)
                counts.append((-late, -len(rows), digest.person.number, digest.person.name, len(rows), late))
        if not counts:
            return ""
        lines = [_count_line(name, n, late) for _late, _n, _number, name, n, late in sorted(counts)[:MOST_IN_A_GROUP]]
        rest = len(counts) - len(lines)
        if rest:
            lines.append(ngettext("另有 %(n)s 人", "另有 %(n)s 人", rest) % {"n": rest})
        return "\n".join([*lines, _("到考核门户办理：%(url)s") % {"url": _link(reverse("home"))}])


def group_subject() -> str:
    """The head of a robot's message."""
    with override(settings.LANGUAGE_CODE):
        return _("考核待办提醒")


def place_of(row: Followed) -> str:
    """Where one sees whom it concerns: the team's list or the month's board, else the list of all one follows up."""
    if row.role == OWNER and row.what in {SELF, CONFIRM}:
        return reverse("appraisals:team_month", args=[row.key])
    if row.role in {DUTY, LEADER} and MONTH.fullmatch(row.key):
        return reverse("scoring:duty_month", args=[row.key])
    return reverse("reports:following")


def names_of(names: Sequence[str]) -> str:
    """The first few by name, the others counted."""
    shown = listed(names[:MOST_NAMES])
    if len(names) <= MOST_NAMES:
        return shown
    return _("%(names)s等 %(n)s 人") % {"names": shown, "n": len(names)}


def _line(row: Due | Followed, today: date, calendar: Calendar) -> str:
    title, url = title_and_url(row.waiting) if isinstance(row, Due) else (_followed(row), place_of(row))
    values = {"title": title, "when": _when(row.due_on, today, calendar), "url": _link(url)}
    return _("%(when)s：%(title)s %(url)s") % values


def _when(due: date, today: date, calendar: Calendar) -> str:
    if due >= today:
        return _("%(day)s截止") % {"day": day(due)}
    late = max(1, -working_days_left(today, due, calendar))
    words = ngettext("%(day)s截止，已逾期%(n)s个工作日", "%(day)s截止，已逾期%(n)s个工作日", late)
    return words % {"day": day(due), "n": late}


def _followed(row: Followed) -> str:
    values = {
        "names": names_of(row.names),
        "month": month_name(row.key) if row.key else "",
        "step": STEPS.get(row.word, row.word),
    }
    return _("跟进%(names)s的%(month)s%(step)s") % values


def _rest_line(rows: Sequence[Due | Followed], today: date) -> str:
    n, late = len(rows), sum(row.due_on < today for row in rows)
    if late:
        words = ngettext("另有%(n)s件，其中%(late)s件已逾期", "另有%(n)s件，其中%(late)s件已逾期", n)
        return words % {"n": n, "late": late}
    return ngettext("另有 %(n)s 件", "另有 %(n)s 件", n) % {"n": n}


def _count_line(name: str, n: int, late: int) -> str:
    if late:
        return _("%(name)s %(n)s 件，逾期 %(late)s 件") % {"name": name, "n": n, "late": late}
    return _("%(name)s %(n)s 件") % {"name": name, "n": n}


def _link(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"
