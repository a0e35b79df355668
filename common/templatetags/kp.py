"""The look's small parts as template tags and filters: icon, tag, bar, level picker, waterfall, charts, figures, dates.

Arithmetic is in ``common.drawing``, wording in ``common.wording``; here is only mark-up.
"""

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import drawing, wording
from common.selectors import Countdown

register = template.Library()

Text = str | Promise
Figure = Decimal | int | str

TAG_ICONS = {
    "wait": "circle",
    "now": "circle-half-2",
    "ok": "circle-check",
    "warn": "clock",
    "late": "alert-triangle-f",
    "miss": "circle-dashed",
    "na": "ban",
    "hold": "lock",
    "case": "scale",
}
LEVELS = (
    (5, gettext_lazy("优秀")),
    (4, gettext_lazy("良好")),
    (3, gettext_lazy("合格")),
    (2, gettext_lazy("待改进")),
    (1, gettext_lazy("不合格")),
)
NEEDS_FACT = {"5", "2", "1"}  # the ends of the scale ask for a fact

for name in ("points", "signed", "lessened", "money", "percent2", "short"):
    register.filter(name, getattr(wording, name))
register.filter("local_date", wording.day)
register.filter("cn_date", wording.day)
register.filter("stamp", wording.moment)
register.filter("month_name", wording.month)
register.filter("face", wording.face)


@register.simple_tag
def icon(name: str, cls: str = "") -> SafeString:
    """An icon of the sprite. ``cls``: l 20 px, xl 28 px, a ``t-…`` colour; names ending in -f are filled."""
    filled = "f " if name.endswith("-f") else ""
    return format_html(
        '<svg class="i {}{}" aria-hidden="true"><use href="{}#{}"/></svg>', filled, cls, static("img/icons.svg"), name
    )


@register.simple_tag
def tag(kind: str, text: Text, icon_name: str = "") -> SafeString:
    """A state: colour, icon and word. Kinds: wait now ok warn late miss na hold case, or plain (no icon)."""
    if kind == "plain":
        return format_html('<span class="tag plain">{}</span>', text)
    picture = icon(icon_name or TAG_ICONS.get(kind, "circle"))
    return format_html('<span class="tag {}">{}{}</span>', kind, picture, text)


@register.simple_tag
def due(left: int | None, on: datetime.date | None = None, cls: str = "") -> SafeString:
    """A deadline in working days, today included: 1 is today, 0 and below are late. ``on`` adds the date in small.

    With the date a term is late only when that day is over, and ends today only on that day: on a Saturday one
    working day is left until Monday.
    """
    if left is None:
        return SafeString("")
    today = timezone.localdate()
    text, colour = wording.due_words(left, None if on is None else (on - today).days)
    form = "week" if on is None or on.year == today.year else "year"
    date = format_html(' <span class="meta nowrap">{}</span>', wording.day(on, form)) if on else ""
    return format_html('<b class="{} {}">{}</b>{}', colour, cls, text, date)


@register.simple_tag
def due_by(days: Countdown | str, on: datetime.date | None, cls: str = "") -> SafeString:
    """As ``due`` for a page with several terms: ``days`` is the view's ``countdown``; without it the date alone."""
    if on is None:
        return SafeString("")
    if not isinstance(days, Countdown):
        return format_html('<span class="meta">{}</span>', wording.day(on, "week"))
    return due(days.left(on), on, cls)


@register.simple_tag
def bar(value: Figure | None, maximum: Figure = 100, cls: str = "b-got", size: str = "") -> SafeString:
    """A plain bar: ``value`` of ``maximum``. ``cls`` b-got b-ok b-late b-warn b-soft; ``size`` "" 4, m 8, l 20 px."""
    return format_html(
        '<svg class="bar {}" aria-hidden="true"><rect class="b-track" width="100%" height="100%"/>'
        '<rect class="{}" width="{}%" height="100%"/></svg>',
        size,
        cls,
        drawing.share(drawing.decimal(value), maximum),
    )


@register.simple_tag
def steps(
    got: Figure,
    plus: Figure = 0,
    minus: Figure = 0,
    lost: Figure = 0,
    still_open: Figure = 0,
    size: str = "m",
) -> SafeString:
    """The stepped bar: ``got`` points of the parts before incidents, ``plus`` bonus, ``minus`` incidents (positive).

    ``still_open`` is what nobody has scored yet; it is dashed, never counted as 0.
    """
    marks = drawing.Marks(
        got=drawing.decimal(got),
        plus=drawing.decimal(plus),
        minus=drawing.decimal(minus),
        lost=drawing.decimal(lost),
        open=drawing.decimal(still_open),
    )
    spoken = _("得分 %(got)s，加分 %(plus)s，事故扣 %(minus)s，未得 %(lost)s") % {
        "got": wording.points(marks.got - marks.minus),
        "plus": wording.points(marks.plus),
        "minus": wording.points(marks.minus),
        "lost": wording.points(marks.lost),
    }
    return format_html('<svg class="bar {}" role="img" aria-label="{}">{}</svg>', size, spoken, _pieces(marks))


def _pieces(marks: drawing.Marks) -> SafeString:
    rows = [(css, piece.x, piece.width) for piece in drawing.stepped(marks) for css in (piece.ground, piece.css) if css]
    return format_html_join("", '<rect class="{}" x="{}%" width="{}%" height="100%"/>', rows)


@register.simple_tag
def days_bar(passed: int, total: int, size: str = "m") -> SafeString:
    """A term as blocks of a day, the passed ones filled."""
    holes = format_html_join(
        "",
        '<rect class="b-hole" x="{}%" width="2" height="100%"/>',
        ((drawing.share(n, total),) for n in range(1, total)),
    )
    spoken = _("%(total)s 个工作日已过 %(passed)s 个") % {"total": total, "passed": passed}
    return format_html(
        '<svg class="bar {}" role="img" aria-label="{}"><rect class="b-track" width="100%" height="100%"/>'
        '<rect class="b-soft" width="{}%" height="100%"/>{}</svg>',
        size,
        spoken,
        drawing.share(passed, total),
        holes,
    )


@register.simple_tag
def key(cls: str, ground: str = "") -> SafeString:
    """The small square of a legend; hatches want their ground (b-bad h-badbg, b-lost h-bg)."""
    ground = ground or {"b-bad": "h-badbg", "b-lost": "h-bg"}.get(cls, "")
    back = format_html('<rect class="{}" width="10" height="10"/>', ground) if ground else ""
    return format_html(
        '<svg class="key" aria-hidden="true">{}<rect class="{}" width="10" height="10"/></svg>', back, cls
    )


@register.simple_tag
def points_of(value: Figure | None, maximum: Figure, of: Text = "") -> SafeString:
    """The score cell: 11.04 / 12 with its bar. ``of`` replaces the figure when there is none (未评, 缺数据)."""
    if value in {None, ""}:
        return format_html(
            '<div class="pt">{}<span class="of">/ {}</span></div>', tag("miss", of or _("未评")), wording.short(maximum)
        )
    return format_html(
        '<div class="pt"><b>{}</b><span class="of">/ {}</span></div>{}',
        wording.points(value),
        wording.short(maximum),
        bar(value, maximum),
    )


@register.inclusion_tag("components/level_picker.html")
def level_picker(
    name: str,
    levels: Iterable[Sequence[Any]] | None = None,
    chosen: Figure | None = None,
    self_level: Figure | None = None,
    label: Text = "",
    mode: str = "",
) -> dict[str, Any]:
    """The strip 5 4 3 2 1 as radio buttons called ``name``.

    ``levels``: (value, word) or (value, word, description); left out, the five of the policy. ``mode``: "" to edit,
    "ro" to read, "err" in red. Keys 1–5 choose; 5, 2 and 1 open the ``.fact`` inside the same ``.lv-box``.
    """
    rows = [_level(row, chosen, self_level) for row in (levels or LEVELS)]
    return {"name": name, "label": label, "mode": mode, "levels": rows, "self_level": self_level}


def _level(row: Sequence[Any], chosen: Figure | None, self_level: Figure | None) -> dict[str, Any]:
    value, word = str(row[0]), row[1] if len(row) > 1 else ""
    return {
        "value": value,
        "word": word,
        "hint": row[2] if len(row) > 2 else "",
        "chosen": chosen is not None and value == str(chosen),
        "own": self_level is not None and value == str(self_level),
        "fact": value in NEEDS_FACT,
    }


@register.simple_tag
def fall(before: Figure, after: Figure, kind: str = "lost", start: Figure = 0, end: Figure = 100) -> SafeString:
    """The block of a waterfall row on the axis ``start`` … ``end``: lost, bad, ok or got; "none" is the thread only."""
    piece = drawing.drop(before, after, kind, (start, end))
    rects = [css for css in (piece.ground, piece.css) if css and kind != "none"]
    blocks = format_html_join(
        "",
        '<rect class="{}" x="{}%" width="{}%" y="3" height="16" rx="2"/>',
        ((css, piece.x, piece.width) for css in rects),
    )
    thread = (
        "" if kind == "got" else format_html('<line class="c-link" x1="{0}%" x2="{0}%" y1="19" y2="57"/>', piece.thread)
    )
    grid = format_html_join(
        "",
        '<line class="c-grid tick" x1="{0}%" x2="{0}%" y1="-12" y2="34"/>',
        (("0",), ("25",), ("50",), ("75",), ("100",)),
    )
    return format_html(
        '<svg class="w" aria-hidden="true"><rect class="h-bg wbg" width="100%" y="3" height="16" rx="2"/>{}{}{}</svg>',
        grid,
        blocks,
        thread,
    )


@register.inclusion_tag("components/waterfall.html")
def waterfall(
    rows: Sequence[Mapping[str, Any]], full: Figure, score: Figure, start: int | None = None
) -> dict[str, Any]:
    """The table 满分 → parts → 得分.

    A row: ``no`` 一, ``name``, ``note`` (62.60 / 70 · 8 项), ``change`` (signed), ``before``, ``after``, ``kind``
    (lost, bad, ok; "off" for a part that does not apply), ``open``, and ``lines``: score lines shown on opening, or
    ``template`` with its own mark-up (gets ``row``). ``start`` is where the scale begins; left out, the ten below
    the lowest balance.
    """
    balances = [drawing.decimal(row["after"]) for row in rows] or [drawing.decimal(score)]
    first = drawing.axis_from(min(balances)) if start is None else start
    last = math.ceil(max(drawing.decimal(full), *balances))
    return {
        "rows": rows,
        "full": full,
        "score": score,
        "start": first,
        "end": last,
        "ticks": drawing.ticks(first, last),
        "full_share": drawing.share(drawing.decimal(full) - first, last - first),
        "score_share": drawing.share(drawing.decimal(score) - first, last - first),
    }


@register.inclusion_tag("components/trend.html")
def trend(months: Sequence[drawing.Month], own: Text = "", reference: Text = "") -> dict[str, Any]:
    """A line chart of (label, own, reference) per month; ``own`` and ``reference`` name the two lines."""
    return {"chart": drawing.trend(months), "own": own or _("我的系数"), "reference": reference}


@register.inclusion_tag("components/columns.html")
def column_chart(bars: Sequence[tuple[str, int, str]], unit: Text = "") -> dict[str, Any]:
    """A distribution: (label, count, class) per column; classes b-got, b-late, or "" for grey."""
    return {"columns": drawing.columns(bars), "unit": unit}


@register.inclusion_tag("components/stat.html")
def stat(
    label: Text, value: Text, unit: Text = "", note: Text = "", kind: str = "", icon_name: str = ""
) -> dict[str, Any]:
    """One figure of a stat row (inside ``<dl class="stats">``). ``kind`` (ok warn miss late wait) brings the icon."""
    return {
        "label": label,
        "value": value,
        "unit": unit,
        "note": note,
        "kind": kind,
        "icon_name": icon_name or TAG_ICONS.get(kind, ""),
        "colour": {"ok": "t-ok", "warn": "t-warn", "miss": "t-warn", "late": "t-late", "wait": "dim"}.get(kind, ""),
    }
