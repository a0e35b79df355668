"""A day's reminders in words: three to ten lines, each with the way to its place; never a score, never an amount."""

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
from reports.selectors.waiting import CONFIRM, RATE, SELF, SIGN

MOST_LINES = 7
MOST_NAMES = 3
MOST_IN_A_GROUP = 30
"""A robot's message names so many people; chat services cut longer ones."""


def subject_of(digest: Digest, today: date) -> str:
    """How much, and how much of it is late."""
    with override(settings.LANGUAGE_CODE):
        late = sum(row.due_on < today for row in digest.due)
        n = len(digest.due) + len(digest.followed)
        if late:
            return _("考核提醒：%(n)s 件，其中 %(late)s 件已逾期") % {"n": n, "late": late}
        return _("考核提醒：%(n)s 件") % {"n": n}


def text_of(digest: Digest, today: date, calendar: Calendar) -> str:
    """The whole message in Chinese, as people write it."""
    with override(settings.LANGUAGE_CODE):
        lines = [_own_line(row, today, calendar) for row in digest.due]
        lines += [_followed_line(row) for row in digest.followed]
        rest = len(lines) - MOST_LINES
        lines = [_("%(name)s，你好：") % {"name": digest.person.name}, *lines[:MOST_LINES]]
        if rest > 0:
            lines.append(ngettext("另有 %(n)s 件", "另有 %(n)s 件", rest) % {"n": rest})
        lines.append(_("全部待办：%(url)s") % {"url": _link(reverse("home"))})
        return "\n".join(lines)


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


def step_word(code: str) -> str:
    """A step by the code that messages know it by."""
    return "targets" if code == "target" else code


def place_of(row: Followed) -> str:
    """Where one follows it up: the team's list, signing, or the month's board; else one's own to-dos."""
    if row.role == OWNER and row.what in {SELF, CONFIRM}:
        return reverse("appraisals:team_month", args=[row.key])
    if row.role == OWNER and row.what == SIGN:
        return reverse("scoring:to_sign")
    if row.role in {DUTY, LEADER} and row.key:
        return reverse("scoring:duty_month", args=[row.key])
    return reverse("home")


def names_of(names: Sequence[str]) -> str:
    """The first few by name, the others counted."""
    shown = listed(names[:MOST_NAMES])
    if len(names) <= MOST_NAMES:
        return shown
    return _("%(names)s等 %(n)s 人") % {"names": shown, "n": len(names)}


def _own_line(row: Due, today: date, calendar: Calendar) -> str:
    title, url = title_and_url(row.waiting)
    values = {"title": title, "when": _when(row.due_on, today, calendar), "url": _link(url)}
    return _("%(when)s：%(title)s %(url)s") % values


def _when(due: date, today: date, calendar: Calendar) -> str:
    if due == today:
        return _("今天截止")
    left = working_days_left(today, due, calendar)
    if due < today:
        return ngettext("逾期 %(n)s 个工作日", "逾期 %(n)s 个工作日", -left) % {"n": max(1, -left)}
    return _("%(day)s截止") % {"day": day(due)}


def _followed_line(row: Followed) -> str:
    values = {
        "names": names_of(row.names),
        "month": month_name(row.key) if row.key else "",
        "step": STEPS.get(step_word(row.step), row.step),
        "url": _link(place_of(row)),
    }
    return _("请跟进：%(names)s的%(month)s%(step)s已逾期 %(url)s") % values


def _count_line(name: str, n: int, late: int) -> str:
    if late:
        return _("%(name)s %(n)s 件，逾期 %(late)s 件") % {"name": name, "n": n, "late": late}
    return _("%(name)s %(n)s 件") % {"name": name, "n": n}


def _link(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"
