"""A result's snapshot: a form's facts and scorecard as canonical JSON text, its digest, and the way back (P1, P6.3a).

The same facts always give the same text, so the digest says exactly what was signed. Pay and the pay grade are not in
it: the owner signs it too and may not know them, and could find a hidden amount by trying digests. They stand in the
result's own columns. No rater and no rating that did not count is in it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from appraisals.facts import FormRecord, ItemRecord, ScoreNote
from incidents.selectors import Counting
from policy.export import to_json
from policy.facts import Entry, FormFacts, ItemFacts
from policy.forms import Line, Missing, PartTotal, Scorecard
from policy.parameters import read_params
from policy.rounding import ZERO, cents

SNAPSHOT_VERSION = 1


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
    """The canonical text."""
    data: dict[str, Any] = dict(to_json(card))
    for line, item, scored in zip(data["lines"], record.items, card.lines, strict=True):
        line |= _details(item)
        if scored.shares is not None and scored.shares[0]:
            line["raters"] = item.facts.upward_count
    data["snapshot"] = SNAPSHOT_VERSION
    data["head"] = {**head._asdict(), "starts_on": str(head.starts_on), "ends_on": str(head.ends_on)}
    data["asked"], data["rated"] = record.asked, record.rated
    data["incidents"] = [_event(event) for event in record.incidents]
    data["bonuses"] = [_event(event) for event in record.bonuses]
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """SHA-256 of a snapshot."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_snapshot(text: str) -> Frozen:
    """The values a snapshot was made of; nothing is computed anew."""
    data = json.loads(text)
    head = data["head"]
    head |= {name: date.fromisoformat(head[name]) for name in ("starts_on", "ends_on")}
    items = tuple([_read_item(line) for line in data["lines"]])
    incidents = tuple([_read_event(event) for event in data["incidents"]])
    bonuses = tuple([_read_event(event) for event in data["bonuses"]])
    facts = FormFacts(items=[item.facts for item in items], incidents=_entries(incidents), bonuses=_entries(bonuses))
    record = FormRecord(facts, items, incidents, bonuses, data["asked"], data["rated"])
    return Frozen(Head(**head), _read_card(data, items), record)


def _details(item: ItemRecord) -> dict[str, Any]:
    """What explains a line beyond its score; what is empty is left out."""
    details: dict[str, Any] = {
        "standard": item.standard,
        "unit": item.unit,
        "source": item.data_source,
        "provider": item.provider,
        "collector": item.collector,
        "basis": item.basis,
        "evidence": item.evidence,
        "calls": item.calls,
    }
    details = {name: value for name, value in details.items() if value}
    if item.collected_on:
        details["collected_on"] = item.collected_on.isoformat()
    if item.self_note:
        details["self_note"] = list(item.self_note)
    if item.review_note:
        details["review_note"] = list(item.review_note)
    return details


def _event(event: Counting) -> dict[str, Any]:
    return {
        "number": event.number,
        "occurred_on": event.occurred_on.isoformat(),
        "points": str(event.points),
        "text": event.text,
        "found_by": event.found_by,
        "verified_by": event.verified_by,
    }


def _read_event(data: Mapping[str, Any]) -> Counting:
    day = date.fromisoformat(data["occurred_on"])
    people = data["found_by"], data["verified_by"]
    return Counting(0, 0, data["number"], day, None, Decimal(data["points"]), data["text"], *people)


def _entries(events: tuple[Counting, ...]) -> tuple[Entry, ...]:
    return tuple([Entry(event.number, event.points, event.text) for event in events])


def _read_item(line: Mapping[str, Any]) -> ItemRecord:
    raters = line.get("raters", 0)
    method = line.get("method", "")
    facts = ItemFacts(
        key=line["key"],
        part=line["part"],
        name=line["name"],
        points=Decimal(line["points"]),
        params=read_params(method, line.get("params", "")).params if method else None,
        figure=_number(line.get("figure")),
        self_score=_number(line.get("self")),
        review_score=_number(line.get("review")),
        upward_sum=cents(Decimal(line["below"]) * raters) if raters else ZERO,
        upward_count=raters,
        not_applicable=line.get("reason"),
    )
    day = line.get("collected_on")
    return ItemRecord(
        facts=facts,
        standard=line.get("standard", ""),
        unit=line.get("unit", ""),
        method=method,
        parameters=line.get("params", ""),
        data_source=line.get("source", ""),
        provider_id=None,
        provider=line.get("provider", ""),
        collected_on=date.fromisoformat(day) if day else None,
        collector=line.get("collector", ""),
        basis=line.get("basis", ""),
        evidence=line.get("evidence", 0),
        calls=line.get("calls", 0),
        self_note=ScoreNote(*line["self_note"]) if "self_note" in line else None,
        review_note=ScoreNote(*line["review_note"]) if "review_note" in line else None,
    )


def _read_card(data: Mapping[str, Any], items: tuple[ItemRecord, ...]) -> Scorecard:
    return Scorecard(
        status=data["status"],
        lines=tuple([_read_line(line, item.facts) for line, item in zip(data["lines"], items, strict=True)]),
        parts=tuple(
            [
                PartTotal(part["part"], Decimal(part["score"]), Decimal(part["counted"]), Decimal(part["full_marks"]))
                for part in data["parts"]
            ]
        ),
        deducted=Decimal(data["deducted"]),
        added=Decimal(data["added"]),
        adjusted=Decimal(data["adjusted"]),
        counted=Decimal(data["counted"]),
        full_marks=Decimal(data["full_marks"]),
        total=Decimal(data["total"]),
        coefficient=_number(data["coefficient"]),
        provisional=_number(data["provisional"]),
        missing=tuple([Missing(**item) for item in data["missing"]]),
    )


def _read_line(line: Mapping[str, Any], facts: ItemFacts) -> Line:
    below, own, above = [Decimal(share) for share in line["shares"]] if "shares" in line else (ZERO, ZERO, ZERO)
    return Line(
        key=facts.key,
        part=facts.part,
        name=facts.name,
        points=facts.points,
        state=line["state"],
        score=_number(line["score"]),
        facts=facts,
        shares=(below, own, above) if "shares" in line else None,
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
