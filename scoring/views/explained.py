"""A result's snapshot as its page shows it: the stepped bar and the waterfall. Nothing is reckoned anew (P1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisals.facts import ItemRecord, ScoreNote
from appraisals.selectors.event_words import cuts_of, kinds_of, month_words
from appraisals.selectors.formulas import figure_words, formula_words
from appraisals.selectors.methods import method_words
from appraisals.selectors.targets import NUMBERS
from appraisals.states import CycleKind, Part
from common.wording import moment, points
from incidents.selectors.counting import Counting
from incidents.selectors.opening import Openable
from policy.export import explain_line, upward_mean
from policy.facts import KPI, MANAGEMENT
from policy.forms import CLAUSES, NOT_APPLICABLE, Line
from policy.rounding import ZERO, plain
from quality.selectors.sums import calls_address
from scoring.facts.snapshots import Frozen, Head
from scoring.selectors.results import Marks

NO_RECORDS = Openable({}, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A result, explained: bar, waterfall, and the sentence that ends it."""

    frozen: Frozen
    marks: Marks
    rows: list[dict[str, Any]]
    full: Decimal
    score: Decimal
    coefficient: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLine:
    """A line of parts two to four: whose scores it was made of."""

    name: str
    standard: str
    own: Decimal | None
    own_note: ScoreNote | None
    review: Decimal | None
    review_note: ScoreNote | None
    below: Decimal | None
    raters: int
    formula: str
    score: Decimal | None
    points: Decimal
    reason: str


def explained(frozen: Frozen, records: Openable = NO_RECORDS) -> Explained:
    """Lay a snapshot out; ``records`` are those of its incidents and bonuses that the reader may open."""
    card = frozen.card
    got = sum((part.score for part in card.parts), ZERO)
    marks = Marks(got=got, plus=card.added + card.adjusted, minus=card.deducted, lost=max(ZERO, card.full_marks - got))
    return Explained(
        frozen=frozen,
        marks=marks,
        rows=_rows(frozen, records),
        full=card.full_marks,
        score=card.total,
        coefficient=card.coefficient,
    )


def _rows(frozen: Frozen, records: Openable) -> list[dict[str, Any]]:
    card, balance = frozen.card, frozen.card.full_marks
    pairs = list(zip(frozen.record.items, card.lines, strict=True))
    rows = []
    for code in Part:
        own = [(item, line) for item, line in pairs if line.part == code]
        row = _part(code, own, frozen, balance)
        balance = row["after"]
        rows.append(row)
    rows.append(_incidents(frozen, records, balance))
    rows.append(_bonuses(frozen, records, rows[-1]["after"]))
    if card.adjusted:
        rows.append(_adjustments(frozen, rows[-1]["after"]))
    return rows


def _part(code: Part, own: Sequence[tuple[ItemRecord, Line]], frozen: Frozen, balance: Decimal) -> dict[str, Any]:
    row = {"no": str(NUMBERS[code]), "name": str(code.label), "before": balance, "after": balance}
    total = frozen.card.part(code)
    if not own:
        return row | {"kind": "off", "note": _("本岗位不考核"), "change": ZERO}
    counted = sum(1 for _item, line in own if line.state != NOT_APPLICABLE)
    if not counted:
        return (
            row
            | {"kind": "off", "note": _("本月都不适用，不计入满分"), "change": ZERO}
            | _detail(code, own, frozen.head)
        )
    change = total.score - total.full_marks
    sums = f"{points(total.score)} / {plain(total.full_marks)}"
    note = f"{sums} · " + ngettext("%(n)s 项", "%(n)s 项", counted) % {"n": counted}
    kind = "lost" if change < 0 else "ok" if change > 0 else "none"
    return (
        row
        | {"kind": kind, "note": note, "change": change, "after": balance + change}
        | _detail(code, own, frozen.head)
    )


def _detail(code: Part, own: Iterable[tuple[ItemRecord, Line]], head: Head) -> dict[str, Any]:
    clause = _("依据：制度 %(clause)s、附件一第%(part)s部分") % {"clause": CLAUSES[code][1:], "part": NUMBERS[code]}
    if code == KPI:
        pairs = list(own)
        return {
            "open": True,
            "template": "scoring/kpi_lines.html",
            "scored": [_kpi_line(item, line, head) for item, line in pairs if line.state != NOT_APPLICABLE],
            "off": [_given_line(item, line) for item, line in pairs if line.state == NOT_APPLICABLE],
            "clause": clause,
        }
    return {
        "template": "scoring/given_lines.html",
        "given": [_given_line(item, line) for item, line in own],
        "has_below": code == MANAGEMENT,
        "clause": clause,
    }


def _kpi_line(item: ItemRecord, line: Line, head: Head) -> dict[str, Any]:
    """As ``components/score_lines.html`` wants it."""
    who, day = item.collector or item.provider, item.collected_on
    source = " ".join(one for one in (who, moment(day) if day else "") if one)
    evidence = url = ""
    if item.evidence:
        url = reverse("appraisals:figure", args=[line.key])
        evidence = ngettext("原始记录 %(n)s 份", "原始记录 %(n)s 份", item.evidence) % {"n": item.evidence}
    elif item.calls:
        url = calls_address(head.number, head.cycle if head.kind == CycleKind.MONTH else "")
        evidence = ngettext("%(n)s 通录音", "%(n)s 通录音", item.calls) % {"n": item.calls}
    elif item.basis:
        source = f"{source} · {item.basis}" if source else item.basis
    return {
        "name": line.name,
        "figure": figure_words(line.facts.figure, item.unit),
        "target": item.standard,
        "formula": formula_words(explain_line(line)) or method_words(item.method, item.parameters),
        "source": source,
        "evidence_url": url,
        "evidence": evidence,
        "score": line.score,
        "points": line.points,
    }


def _given_line(item: ItemRecord, line: Line) -> GivenLine:
    facts = line.facts
    counts_below = line.shares is not None and line.shares[0] > 0
    return GivenLine(
        name=line.name,
        standard=item.standard,
        own=facts.self_score,
        own_note=item.self_note,
        review=facts.review_score,
        review_note=item.review_note,
        below=upward_mean(line),
        raters=facts.upward_count if counts_below else 0,
        formula=formula_words(explain_line(line)) if line.part == MANAGEMENT else "",
        score=line.score,
        points=line.points,
        reason=facts.not_applicable or "",
    )


def _incidents(frozen: Frozen, records: Openable, before: Decimal) -> dict[str, Any]:
    events, card = frozen.record.incidents, frozen.card
    row = _changed(_("五"), _("不良事故"), -card.deducted, before)
    cuts = cuts_of(card.cuts, {}, deductions=True)
    lines = _event_lines(frozen, events, "incidents:incident", records.incidents)
    return row | _explained_events(row, lines, cuts) | {"is_bad": True}


def _bonuses(frozen: Frozen, records: Openable, before: Decimal) -> dict[str, Any]:
    events, card = frozen.record.bonuses, frozen.card
    row = _changed(_("六"), _("加分"), card.added, before)
    cuts = cuts_of(card.cuts, kinds_of(events), deductions=False)
    lines = _event_lines(frozen, events, "incidents:bonus", records.bonuses)
    return row | _explained_events(row, lines, cuts) | {"is_bad": False}


def _adjustments(frozen: Frozen, before: Decimal) -> dict[str, Any]:
    """What upheld appeals added, each under its number and the item it was about."""
    entries = frozen.record.facts.adjustments
    note = ngettext("%(n)s 条", "%(n)s 条", len(entries)) % {"n": len(entries)}
    detail = {"template": "scoring/adjustment_lines.html", "entries": entries, "open": True}
    return _changed("+", _("申诉调整"), frozen.card.adjusted, before) | {"note": note} | detail


def _changed(no: str, name: str, change: Decimal, before: Decimal) -> dict[str, Any]:
    kind = "bad" if change < 0 else "ok" if change else "none"
    return {
        "no": no,
        "name": name,
        "before": before,
        "after": max(ZERO, before + change),
        "change": change,
        "kind": kind,
    }


def _explained_events(row: dict[str, Any], lines: list[dict[str, Any]], cuts: list[str]) -> dict[str, Any]:
    """The note beside the part, and what opens under it."""
    if not lines:
        return {"note": "" if row["change"] else _("没有")}
    note = ngettext("%(n)s 条", "%(n)s 条", len(lines)) % {"n": len(lines)}
    clause = _("依据：制度 %(clause)s、附件一第%(part)s部分")
    told = {"clause": "4.5" if row["no"] == _("五") else "4.6", "part": row["no"]}
    note = note + " · " + _("有不计的") if cuts else note
    detail = {"template": "scoring/event_lines.html", "events": lines, "cuts": cuts, "clause": clause % told}
    return {"note": note, "open": bool(cuts)} | detail


def _event_lines(
    frozen: Frozen, events: Sequence[Counting], route: str, keys: Mapping[str, int]
) -> list[dict[str, Any]]:
    head = frozen.head
    own = head.starts_on if head.kind == CycleKind.MONTH else None
    return [
        {
            "event": event,
            "why": month_words(event, own),
            "url": reverse(route, args=[keys[event.number]]) if event.number in keys else "",
        }
        for event in events
    ]
