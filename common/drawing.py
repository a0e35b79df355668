"""Where the pieces of a bar, a waterfall and a line chart stand, in percent of the drawing.

Pure arithmetic for the template tags: figures in, texts for SVG attributes out. Nothing here decides a score.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from policy.rounding import HUNDRED, ZERO, cents, divide

Figure = Decimal | int | str


def decimal(value: Figure | None) -> Decimal:
    """Take a figure as templates hold it; nothing counts as 0."""
    return ZERO if value in {None, ""} else Decimal(str(value))


def share(part: Figure, whole: Figure) -> str:
    """Write ``part`` as a percentage of ``whole``, held within 0 … 100, for an SVG attribute."""
    total = decimal(whole)
    if total <= 0:
        return "0"
    return f"{min(HUNDRED, max(ZERO, cents(divide(decimal(part) * HUNDRED, total)))):f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A rectangle of a bar: where it starts, how wide it is, and what it means (a CSS class)."""

    x: str
    width: str
    css: str
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The five heaps of a stepped bar: part points, bonus, incidents, not earned, still open."""

    got: Decimal
    plus: Decimal = ZERO
    minus: Decimal = ZERO
    lost: Decimal = ZERO
    open: Decimal = ZERO


def stepped(marks: Marks) -> list[Piece]:
    """Cut a bar of full marks so that the end of its solid and green pieces is the coefficient.

    The bonus fills what was lost; what remains to full marks is hatched red for incidents, then grey. A score
    above full marks fills the bar.
    """
    counted = max(ZERO, marks.got - marks.minus)
    whole = max(marks.got + marks.lost + marks.open, counted + marks.plus)
    room = whole - counted - marks.plus - marks.open
    minus = min(marks.minus, max(ZERO, room))
    heaps = [
        (counted, "b-got", ""),
        (marks.plus, "b-ok", ""),
        (minus, "b-bad", "h-badbg"),
        (room - minus, "b-lost", "h-bg"),
        (marks.open, "b-open", ""),
    ]
    pieces, at = [], ZERO
    for width, css, ground in heaps:
        if width > 0:
            pieces.append(Piece(x=share(at, whole), width=share(width, whole), css=css, ground=ground))
            at += width
    return pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """One row of a waterfall on the axis ``start`` … ``end``: the moving block and the thread to the next row."""

    x: str
    width: str
    css: str
    ground: str
    thread: str


KINDS = {"lost": ("b-lost", "h-bg"), "bad": ("b-bad", "h-badbg"), "ok": ("b-ok", ""), "got": ("b-got", "")}


def drop(before: Figure, after: Figure, kind: str, axis: tuple[Figure, Figure]) -> Drop:
    """Place the block between the balance ``before`` and ``after``; what leaves the axis is cut at its edge."""
    start, end = decimal(axis[0]), decimal(axis[1])
    low, high = sorted((decimal(before), decimal(after)))
    css, ground = KINDS.get(kind, ("b-track", ""))
    left, right = Decimal(share(low - start, end - start)), Decimal(share(high - start, end - start))
    return Drop(
        x=f"{left:f}",
        width=f"{max(right - left, Decimal('0.3')):f}",
        css=css,
        ground=ground,
        thread=share(decimal(after) - start, end - start),
    )


def axis_from(lowest: Figure) -> int:
    """Where a waterfall's scale starts: the ten below the lowest balance, 0 when that leaves no room."""
    tens = math.floor((decimal(lowest) - 5) / 10) * 10
    return max(0, tens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis: its place and its text."""

    at: str
    text: str
    anchor: str = "middle"


def ticks(start: int, end: int, count: int = 4) -> list[Tick]:
    """Cut ``start`` … ``end`` into ``count`` equal steps."""
    marks = [start + (end - start) * n // count for n in range(count + 1)]
    anchors = ["start", *["middle"] * (count - 1), "end"]
    return [
        Tick(at=share(mark - start, end - start), text=str(mark), anchor=anchor)
        for mark, anchor in zip(marks, anchors, strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """A month of a line chart in the coordinates of its 320 × 168 drawing; ``y`` is empty where nothing was scored."""

    x: str
    label: str
    value: str
    y: str = ""
    reference: str = ""
    named: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A line chart ready to print: points, both lines as SVG paths, three grid lines."""

    points: list[TrendPoint]
    own: str
    reference: str
    grid: list[tuple[str, str]]


LEFT, RIGHT, TOP, BOTTOM = Decimal(30), Decimal(312), Decimal(14), Decimal(136)
Month = tuple[str, Figure | None, Figure | None]


def trend(months: Sequence[Month]) -> Trend:
    """Draw (label, own, reference) per month; a missing value breaks the line rather than falling to 0."""
    values = [decimal(v) for _label, *pair in months for v in pair if v is not None]
    if not values:
        return Trend(points=[], own="", reference="", grid=[])
    low = math.floor(min(values) / 10) * 10
    high = math.ceil(max(values) / 10) * 10
    high = high if high > low else low + 10
    step = divide(RIGHT - LEFT, Decimal(max(1, len(months) - 1)))

    def height(value: Figure | None) -> str:
        if value is None:
            return ""
        return f"{cents(BOTTOM - divide((decimal(value) - low) * (BOTTOM - TOP), Decimal(high - low))):f}"

    named = _named(len(months))
    points = [
        TrendPoint(
            x=f"{cents(LEFT + step * n):f}",
            label=label,
            value="" if own is None else f"{cents(decimal(own)):f}",
            y=height(own),
            reference=height(reference),
            named=n in named,
            last=n == len(months) - 1,
        )
        for n, (label, own, reference) in enumerate(months)
    ]
    middle = divide(Decimal(low + high), Decimal(2))
    return Trend(
        points=points,
        own=_path([(p.x, p.y) for p in points]),
        reference=_path([(p.x, p.reference) for p in points]),
        grid=[(height(mark), f"{mark.normalize():f}") for mark in (Decimal(high), middle, Decimal(low))],
    )


def _named(count: int) -> set[int]:
    """Months whose name is written: all up to 6, else about four, the last among them."""
    if count <= 6:
        return set(range(count))
    step = -(-(count - 1) // 3)
    return set(range(count - 1, -1, -step))


def _path(places: Sequence[tuple[str, str]]) -> str:
    parts, drawing = [], False
    for x, y in places:
        if y:
            parts.append(f"{'L' if drawing else 'M'}{x} {y}")
        drawing = bool(y)
    return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a distribution chart in percent of its drawing."""

    x: str
    middle: str
    width: str
    y: str
    height: str
    label: str
    value: int
    css: str


def columns(bars: Sequence[tuple[str, int, str]]) -> list[Column]:
    """Draw (label, count, css class) side by side; the tallest takes 88 % and leaves room for its number."""
    if not bars:
        return []
    tallest = max(1, *(count for _label, count, _css in bars), 1)
    slot = divide(HUNDRED, Decimal(len(bars)))
    drawn = []
    for n, (label, count, css) in enumerate(bars):
        height = divide(Decimal(count * 88), Decimal(tallest))
        drawn.append(
            Column(
                x=f"{cents(slot * n + slot / 8):f}",
                middle=f"{cents(slot * n + slot / 2):f}",
                width=f"{cents(slot * 3 / 4):f}",
                y=f"{cents(HUNDRED - height):f}",
                height=f"{cents(height):f}",
                label=label,
                value=count,
                css=css or "b-lost-solid",
            )
        )
    return drawn
