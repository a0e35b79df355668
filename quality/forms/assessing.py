"""What is typed into a call's sheet and into a ruling, read into values; the rules are in the services."""

from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from django.utils.translation import gettext as _

from common.errors import RuleError
from common.forms import version_seen, whole_number
from quality.services.filling import Comment, Entries, Fatal, Level

NOT_APPLICABLE = "na"
MINUTE = 60
MOST_PARTS = 3
LONGEST_NUMBER = 12


def entries_of(data: QueryDict) -> Entries:
    """Every field of the sheet that was sent: ``level-12``, ``note-12``, ``at-12``, ``fatal``, ``remark``."""
    levels, comments = {}, {}
    for name in data:
        kind, _dash, key = name.partition("-")
        pk = whole_number(key)
        if pk is None:
            continue
        if kind == "level":
            levels[pk] = level_of(data.get(name, ""))
        elif kind == "note":
            second = second_of(data.get(f"at-{pk}", ""))
            comments[pk] = Comment(text=data.get(name, ""), at_second=second)
    fatal = None
    if "fatal" in data:
        fatal = Fatal(fault_id=whole_number(data.get("fatal", "")), note=data.get("fatal_note", ""))
    return Entries(
        levels=levels,
        comments=comments,
        fatal=fatal,
        remark=data.get("remark"),
        version=version_seen(data.get("version", "")),
    )


def level_of(text: str) -> Level:
    """A level as it is posted: its points, or ``na``. Nonsense is a level that no item has."""
    if text == NOT_APPLICABLE:
        return Level(is_not_applicable=True)
    try:
        points = Decimal(text[:LONGEST_NUMBER])
    except InvalidOperation:
        return Level()
    return Level(points=points if points.is_finite() else None)


def second_of(text: str) -> int | None:
    """A place in the recording: ``1:10``, ``1:02:03`` or ``70``; None for nothing.

    >>> second_of("1:10"), second_of("70"), second_of("")
    (70, 70, None)
    """
    tidy = text.strip().replace("：", ":").replace(".", ":")
    if not tidy:
        return None
    parts = [whole_number(part) for part in tidy.split(":")]
    if len(parts) > MOST_PARTS or any(part is None for part in parts):
        raise RuleError(_("录音的时间写成分:秒，比如 1:10。"), code="bad_second", field="comments")
    seconds = 0
    for part in parts:
        seconds = seconds * MINUTE + (part or 0)
    return seconds
