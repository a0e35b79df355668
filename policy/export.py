"""A scorecard as JSON-ready data: what a result version freezes, and the reasons read from it.

Decimals are strings, so that a stored result is compared and hashed to the letter. The export
holds every figure a line was made of, but no rater and no rating that did not count.
"""

from collections.abc import Mapping
from decimal import Decimal

from policy.events import Cut
from policy.facts import KPI, MANAGEMENT
from policy.forms import CORE_VERSION, NOT_APPLICABLE, SCORED, Line, Missing, PartTotal, Scorecard
from policy.items import Explanation, explain
from policy.rounding import divide
from policy.scheme_text import Json


def to_json(card: Scorecard) -> dict[str, Json]:
    """The whole scorecard; the same card always gives the same data."""
    return {
        "core": CORE_VERSION,
        "status": card.status,
        "lines": [_line(line) for line in card.lines],
        "parts": [_part(total) for total in card.parts],
        "deducted": str(card.deducted),
        "added": str(card.added),
        "adjusted": str(card.adjusted),
        "cuts": [_cut(cut) for cut in card.cuts],
        "counted": str(card.counted),
        "full_marks": str(card.full_marks),
        "total": str(card.total),
        "coefficient": _text(card.coefficient),
        "provisional": _text(card.provisional),
        "missing": [_missing(item) for item in card.missing],
    }


def upward_mean(line: Line) -> Decimal | None:
    """The subordinates' mean of a management line; None unless it counted."""
    if line.shares is None or not line.shares[0]:
        return None
    return divide(line.facts.upward_sum, Decimal(line.facts.upward_count))


def explain_line(line: Line) -> Explanation:
    """Why the line has its score: the formula's code and the figures in it (P1)."""
    facts, points = line.facts, line.points
    if line.state == NOT_APPLICABLE:
        return Explanation(NOT_APPLICABLE, {"points": points, "reason": facts.not_applicable})
    if line.state != SCORED:
        return Explanation(line.state, {"points": points, "figure": facts.figure})
    if line.part == KPI and facts.params is not None and facts.figure is not None:
        return explain(facts.params, points, facts.figure)
    values: dict[str, Decimal | str | None] = {
        "points": points,
        "self": facts.self_score,
        "review": facts.review_score,
        "score": line.score,
    }
    if line.part != MANAGEMENT or line.shares is None:
        return Explanation("review", values)
    below, own, superior = line.shares
    shares = {"share_below": below, "share_self": own, "share_superior": superior}
    return Explanation("upward", {**values, "below": upward_mean(line), **shares})


def _line(line: Line) -> dict[str, Json]:
    facts = line.facts
    data: dict[str, Json] = {
        "key": line.key,
        "part": line.part,
        "name": line.name,
        "points": str(line.points),
        "state": line.state,
        "score": _text(line.score),
        "clause": line.clause,
    }
    if facts.not_applicable is not None:
        data["reason"] = facts.not_applicable
    elif line.part == KPI:
        if facts.params is not None:
            data["method"] = facts.params.method
            data["params"] = facts.params.text()
        data["figure"] = _text(facts.figure)
    else:
        data["self"] = _text(facts.self_score)
        data["review"] = _text(facts.review_score)
        if line.shares is not None:
            data["shares"] = [str(share) for share in line.shares]
            data["below"] = _text(upward_mean(line))
    return data


def _part(total: PartTotal) -> dict[str, Json]:
    part, score, counted, full = total
    return {
        "part": part,
        "score": str(score),
        "counted": str(counted),
        "full_marks": str(full),
    }


def _cut(cut: Cut) -> Mapping[str, Json]:
    data: dict[str, Json] = {"reason": cut.reason, "claimed": str(cut.claimed), "limit": str(cut.limit)}
    told = {"kind": cut.kind, "ref": cut.ref, "month": cut.month}
    return {**data, "points": str(cut.points), **{name: value for name, value in told.items() if value}}


def _missing(item: Missing) -> Mapping[str, Json]:
    return {"kind": item.kind, "key": item.key, "name": item.name, "refused": item.refused}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
