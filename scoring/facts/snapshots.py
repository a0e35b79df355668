"""A result's snapshot: a form's facts and scorecard as canonical JSON text, its digest, and the way back (P1, P6.3a).

The same facts always give the same text, so the digest says exactly what was signed. Pay and the pay grade are not in
it: the owner signs it too and may not know them, and could find a hidden amount by trying digests. They stand in the
result's own columns. No rater and no rating that did not count is in it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from appraisals.facts import FormRecord, ItemRecord, ScoreNote, entries_of
from appraisals.states import CycleKind
from incidents.selectors.counting import Counting
from policy.events import Cut
from policy.facts import KPI, Entry, FormFacts, ItemFacts
from policy.forms import CORE_VERSION, Line, PartTotal, Scorecard
from policy.parameters import read_params
from policy.rounding import ZERO, cents, divide

SNAPSHOT_VERSION = 2
COLUMNS = ("key", "part", "name", "points", "state", "score", "reason", "standard")
"""What every line of a snapshot begins with."""
MEASURED = (
    *("unit", "figure", "method", "parameters", "source", "provider", "collected_on", "collector"),
    *("basis", "evidence", "calls"),
)
"""How the line of a KPI goes on."""
RATED = ("self", "review", "shares", "below", "raters", "self_note", "review_note")
"""How the other lines go on: ``below`` is the subordinates' mean, kept only if it counted."""
_TOTALS = ("deducted", "added", "adjusted", "counted", "full_marks", "total")
_quote = json.encoder.encode_basestring
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_OPENING = (
    _encode({"snapshot": SNAPSHOT_VERSION, "core": CORE_VERSION, "columns": [COLUMNS, MEASURED, RATED]})[:-1] + ","
)


class Head(NamedTuple):
    """The head of the form as it was (A1), and the version of the result."""

    cycle: str
    kind: str
    starts_on: date
    ends_on: date
    scheme: str
    number: str
    name: str
    region: str
    position: str
    position_class: str
    owner_number: str
    owner: str
    version: int


class Frozen(NamedTuple):
    """A snapshot read back: what the result page and the printed form show."""

    head: Head
    card: Scorecard
    record: FormRecord


def snapshot_text(head: Head, card: Scorecard, record: FormRecord) -> str:
    """The canonical text: every value under its name, in a fixed order, decimals as they were recorded."""
    lines = "],[".join([_line(line, item) for line, item in zip(card.lines, record.items, strict=True)])
    data = {
        "head": [*head[:2], head.starts_on.isoformat(), head.ends_on.isoformat(), *head[4:]],
        "parts": [[part, str(score), str(counted), str(full)] for part, score, counted, full in card.parts],
        "incidents": [_event(event) for event in record.incidents],
        "bonuses": [_event(event) for event in record.bonuses],
        "status": card.status,
        "deducted": str(card.deducted),
        "added": str(card.added),
        "adjusted": str(card.adjusted),
        "adjustments": [[str(entry.ref), str(entry.points), entry.label] for entry in record.facts.adjustments],
        "cuts": [_cut(cut) for cut in card.cuts],
        "counted": str(card.counted),
        "full_marks": str(card.full_marks),
        "total": str(card.total),
        "coefficient": None if card.coefficient is None else str(card.coefficient),
        "asked": record.asked,
        "rated": record.rated,
    }
    return f'{_OPENING}"lines":[{f"[{lines}]" if lines else ""}],{_encode(data)[1:]}'


def digest_of(text: str) -> str:
    """SHA-256 of a snapshot."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_snapshot(text: str) -> Frozen:
    """The values a snapshot was made of; nothing is computed anew.

    A snapshot of version 1 has no kinds, caps and cuts: its events then read without.
    """
    data = json.loads(text)
    cycle, kind, first, last, *rest = data["head"]
    head = Head(cycle, kind, date.fromisoformat(first), date.fromisoformat(last), *rest)
    lines = [_named(line, *data["columns"]) for line in data["lines"]]
    items = tuple([_read_item(line) for line in lines])
    incidents = tuple([_read_event(event) for event in data["incidents"]])
    bonuses = tuple([_read_event(event) for event in data["bonuses"]])
    by_month = kind != CycleKind.MONTH
    facts = FormFacts(
        items=[item.facts for item in items],
        incidents=entries_of(incidents, by_month=by_month),
        bonuses=entries_of(bonuses, by_month=by_month),
        adjustments=tuple([Entry(ref, Decimal(points), label) for ref, points, label in data.get("adjustments", ())]),
    )
    record = FormRecord(facts, items, incidents, bonuses, data["asked"], data["rated"])
    return Frozen(head, _read_card(data, lines, items), record)


def _line(line: Line, item: ItemRecord) -> str:
    """The values of one line in the order of its columns, as JSON; what does not exist is null.

    Written by hand: a month of ten thousand people has a hundred thousand lines.
    """
    key, part, name, points, state, score, facts, shares = line
    head = f'{key},"{part}",{_quote(name)},"{points!s}","{state}",{_number_text(score)},{_word(facts.not_applicable)}'
    head = f"{head},{_quote(item.standard)}"
    if part == KPI:
        day = f'"{item.collected_on!s}"' if item.collected_on else "null"
        measured = f'{_quote(item.unit)},{_number_text(facts.figure)},"{item.method}",{_quote(item.parameters)}'
        origin = f'"{item.data_source}",{_quote(item.provider)},{day},{_quote(item.collector)},{_quote(item.basis)}'
        return f"{head},{measured},{origin},{item.evidence},{item.calls}"
    own, review = _number_text(facts.self_score), _number_text(facts.review_score)
    upward = "null,null,0"
    if shares is not None:
        below, mine, above = shares
        mean, raters = "null", 0
        if below:  # with too few, neither the ratings nor how many there are
            raters = facts.upward_count
            mean = f'"{divide(facts.upward_sum, Decimal(raters))!s}"'
        upward = f'["{below!s}","{mine!s}","{above!s}"],{mean},{raters}'
    return f"{head},{own},{review},{upward},{_note(item.self_note)},{_note(item.review_note)}"


def _number_text(value: Decimal | None) -> str:
    return "null" if value is None else f'"{value!s}"'


def _word(text: str | None) -> str:
    return "null" if text is None else _quote(text)


def _note(note: ScoreNote | None) -> str:
    if note is None:
        return "null"
    level, fact, rater = note
    return f"[{'null' if level is None else level},{_quote(fact)},{_quote(rater)}]"


def _event(event: Counting) -> list[Any]:
    day = event.occurred_on.isoformat()
    known = [event.number, day, str(event.points), event.text, event.found_by, event.verified_by]
    return [*known, event.kind, _text(event.cap), event.voids_bonus, event.kind_name, event.kind_name_en]


def _read_event(row: Sequence[Any]) -> Counting:
    number, day, points, text, found_by, verified_by, *standard = row
    who = (text, found_by, verified_by)
    event = Counting(0, 0, number, date.fromisoformat(day), None, Decimal(points), *who)
    if not standard:
        return event
    code, cap, voids_bonus, name, name_en = standard
    return event._replace(kind=code, cap=_number(cap), voids_bonus=voids_bonus, kind_name=name, kind_name_en=name_en)


def _cut(cut: Cut) -> list[str]:
    return [cut.reason, str(cut.claimed), str(cut.limit), str(cut.points), cut.kind, cut.ref, cut.month]


def _read_cut(row: Sequence[str]) -> Cut:
    reason, claimed, limit, points, *where = row
    return Cut(reason, Decimal(claimed), Decimal(limit), Decimal(points), *where)


def _named(line: Sequence[Any], head: list[str], measured: list[str], rated: list[str]) -> defaultdict[str, Any]:
    """A line's values by name; what its kind of line does not have reads as None."""
    rest = measured if line[head.index("part")] == KPI else rated
    return defaultdict(lambda: None, zip([*head, *rest], line, strict=True))


def _read_item(line: Mapping[str, Any]) -> ItemRecord:
    raters, method, text = line["raters"] or 0, line["method"] or "", line["parameters"] or ""
    facts = ItemFacts(
        key=line["key"],
        part=line["part"],
        name=line["name"],
        points=Decimal(line["points"]),
        params=read_params(method, text).params if line["part"] == KPI else None,
        figure=_number(line["figure"]),
        self_score=_number(line["self"]),
        review_score=_number(line["review"]),
        upward_sum=cents(Decimal(line["below"]) * raters) if raters else ZERO,
        upward_count=raters,
        not_applicable=line["reason"],
    )
    own, review, day = line["self_note"], line["review_note"], line["collected_on"]
    return ItemRecord(
        facts=facts,
        standard=line["standard"],
        unit=line["unit"] or "",
        method=method,
        parameters=text,
        data_source=line["source"] or "",
        provider_id=None,
        provider=line["provider"] or "",
        collected_on=date.fromisoformat(day) if day else None,
        collector=line["collector"] or "",
        basis=line["basis"] or "",
        evidence=line["evidence"] or 0,
        calls=line["calls"] or 0,
        self_note=ScoreNote(*own) if own else None,
        review_note=ScoreNote(*review) if review else None,
    )


def _read_card(data: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], items: tuple[ItemRecord, ...]) -> Scorecard:
    coefficient = _number(data["coefficient"])
    return Scorecard(
        status=data["status"],
        lines=tuple([_read_line(line, item.facts) for line, item in zip(lines, items, strict=True)]),
        parts=tuple([PartTotal(part, *map(Decimal, figures)) for part, *figures in data["parts"]]),
        **{name: Decimal(data[name]) for name in _TOTALS},
        cuts=tuple([_read_cut(row) for row in data.get("cuts", ())]),
        coefficient=coefficient,
        provisional=coefficient,
        missing=(),
    )


def _read_line(line: Mapping[str, Any], facts: ItemFacts) -> Line:
    shares = line["shares"]
    return Line(
        key=facts.key,
        part=facts.part,
        name=facts.name,
        points=facts.points,
        state=line["state"],
        score=_number(line["score"]),
        facts=facts,
        shares=(Decimal(shares[0]), Decimal(shares[1]), Decimal(shares[2])) if shares else None,
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
