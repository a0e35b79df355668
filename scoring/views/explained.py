"""A result's snapshot as its page shows it: the stepped bar and the waterfall. Nothing is reckoned anew (P1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisals.facts import ItemRecord, ScoreNote
from appraisals.selectors.formulas import figure_words, formula_words
from appraisals.selectors.methods import method_words
from appraisals.selectors.targets import NUMBERS
from appraisals.states import Part
from common.wording import moment, points
from incidents.selectors.counting import Counting
from policy.export import explain_line, upward_mean
from policy.facts import KPI, MANAGEMENT
from policy.forms import CLAUSES, NOT_APPLICABLE, Line, Scorecard
from policy.rounding import ZERO, plain
from scoring.facts.snapshots import Frozen
from scoring.selectors.results import Marks


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


def explained(frozen: Frozen) -> Explained:
    """Lay a snapshot out."""
    card = frozen.card
    got = sum((part.score for part in card.parts), ZERO)
    marks = Marks(got=got, plus=card.added + card.adjusted, minus=card.deducted, lost=max(ZERO, card.full_marks - got))
    return Explained(
        frozen=frozen,
        marks=marks,
        rows=_rows(frozen),
        full=card.full_marks,
        score=card.total,
        coefficient=card.coefficient,
    )


def _rows(frozen: Frozen) -> list[dict[str, Any]]:
    card, balance = frozen.card, frozen.card.full_marks
    pairs = list(zip(frozen.record.items, card.lines, strict=True))
    rows = []
    for code in Part:
        own = [(item, line) for item, line in pairs if line.part == code]
        row = _part(code, own, card, balance)
        balance = row["after"]
        rows.append(row)
    rows.append(_events(_("五"), _("不良事故"), frozen.record.incidents, -card.deducted, balance, _INCIDENTS))
    rows.append(_events(_("六"), _("加分"), frozen.record.bonuses, card.added, rows[-1]["after"], _BONUSES))
    if card.adjusted:
        rows.append(_events("+", _("申诉调整"), (), card.adjusted, rows[-1]["after"], _BONUSES))
    return rows


def _part(code: Part, own: Sequence[tuple[ItemRecord, Line]], card: Scorecard, balance: Decimal) -> dict[str, Any]:
    row = {"no": str(NUMBERS[code]), "name": str(code.label), "before": balance, "after": balance}
    total = card.part(code)
    if not own:
        return row | {"kind": "off", "note": _("本岗位不考核"), "change": ZERO}
    counted = sum(1 for _item, line in own if line.state != NOT_APPLICABLE)
    if not counted:
        return row | {"kind": "off", "note": _("本月都不适用，不计入满分"), "change": ZERO} | _detail(code, own)
    change = total.score - total.full_marks
    sums = f"{points(total.score)} / {plain(total.full_marks)}"
    note = f"{sums} · " + ngettext("%(n)s 项", "%(n)s 项", counted) % {"n": counted}
    kind = "lost" if change < 0 else "ok" if change > 0 else "none"
    return row | {"kind": kind, "note": note, "change": change, "after": balance + change} | _detail(code, own)


def _detail(code: Part, own: Iterable[tuple[ItemRecord, Line]]) -> dict[str, Any]:
    clause = _("依据：制度 %(clause)s、附件一第%(part)s部分") % {"clause": CLAUSES[code][1:], "part": NUMBERS[code]}
    if code == KPI:
        pairs = list(own)
        return {
            "open": True,
            "template": "scoring/kpi_lines.html",
            "scored": [_kpi_line(item, line) for item, line in pairs if line.state != NOT_APPLICABLE],
            "off": [_given_line(item, line) for item, line in pairs if line.state == NOT_APPLICABLE],
            "clause": clause,
        }
    return {
        "template": "scoring/given_lines.html",
        "given": [_given_line(item, line) for item, line in own],
        "has_below": code == MANAGEMENT,
        "clause": clause,
    }


def _kpi_line(item: ItemRecord, line: Line) -> dict[str, Any]:
    """As ``components/score_lines.html`` wants it."""
    who, day = item.collector or item.provider, item.collected_on
    source = " ".join(one for one in (who, moment(day) if day else "") if one)
    evidence = url = ""
    if item.evidence:
        url = reverse("appraisals:figure", args=[line.key])
        evidence = ngettext("原始记录 %(n)s 份", "原始记录 %(n)s 份", item.evidence) % {"n": item.evidence}
    elif item.calls:
        listened = ngettext("监听 %(n)s 通", "监听 %(n)s 通", item.calls) % {"n": item.calls}
        source = f"{source} · {listened}" if source else listened
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


_INCIDENTS = "bad"
_BONUSES = "ok"


def _events(
    no: str, name: str, events: Sequence[Counting], change: Decimal, before: Decimal, kind: str
) -> dict[str, Any]:
    row = {"no": no, "name": name, "before": before, "after": max(ZERO, before + change), "change": change}
    if not events:
        return row | {"kind": kind if change else "none", "note": "" if change else _("没有")}
    note = ngettext("%(n)s 条", "%(n)s 条", len(events)) % {"n": len(events)}
    clause = CLAUSE_OF[kind]
    words = _("依据：制度 %(clause)s、附件一第%(part)s部分") % {"clause": clause, "part": no}
    detail = {"template": "scoring/event_lines.html", "events": events, "clause": words, "is_bad": kind == _INCIDENTS}
    return row | {"kind": kind if change else "none", "note": note} | detail


CLAUSE_OF = {_INCIDENTS: "4.5", _BONUSES: "4.6"}
