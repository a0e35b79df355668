"""What is contested, side by side: how the result scored it, what is wanted, how it was ruled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from appeals.facts import BONUS, INCIDENT, LINE, PROCEDURE, Contestable, ItemRuling
from appeals.models import AppealItem
from appraisals.facts import ItemRecord
from appraisals.selectors.formulas import figure_words, formula_words
from appraisals.selectors.methods import method_words
from appraisals.states import DataSource, Part
from policy.export import explain_line
from policy.forms import Line
from scoring.facts.snapshots import Frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a line was made of: figure, target, formula, whose data, and the words of the review.

    ``has_calls``: its figure is the mean of monitored calls (A2).
    """

    figure: str = ""
    target: str = ""
    formula: str = ""
    who: str = ""
    review: str = ""
    number: str = ""
    has_calls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseItem:
    """A contested item with its sources; ``typed`` is a ruling being weighed, ``fault`` what is wrong with it.

    ``given`` are the marks that the first instance has added already.
    """

    item: AppealItem
    about: Contestable | None
    kind: str
    sources: Sources
    given: Decimal | None = None
    typed: ItemRuling | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A part of the form, or the incidents, the bonuses, the procedure, with what can be contested of it."""

    name: str
    rows: list["Choice"] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that can be contested; ``item`` is what the draft says of it. ``is_settled``: ruled on before."""

    about: Contestable
    sources: Sources
    item: AppealItem | None
    is_settled: bool = False


def case_items(
    items: Iterable[AppealItem],
    frozen: Frozen,
    allowed: Mapping[str, Contestable],
    typed: Mapping[int, ItemRuling],
    faults: Mapping[int, str],
    given: Mapping[str, Decimal],
) -> list[CaseItem]:
    """The items of an appeal, in the order they were written in; ``given`` by key what an earlier instance added."""
    known = sources_in(frozen)
    return [
        CaseItem(
            item=item,
            about=allowed.get(item.key),
            kind=_group(item.key, allowed.get(item.key)),
            sources=known.get(item.key, Sources(number=item.key.partition(":")[2])),
            given=given.get(item.key),
            typed=typed.get(item.pk),
            fault=faults.get(item.pk, ""),
        )
        for item in items
    ]


def choices(
    allowed: Mapping[str, Contestable], frozen: Frozen, items: Iterable[AppealItem], settled: Iterable[str]
) -> list[Group]:
    """Everything that can be contested, part by part, with what the draft already says."""
    known, written, ruled = sources_in(frozen), {item.key: item for item in items}, set(settled)
    found: dict[str, Group] = {}
    for key, about in allowed.items():
        name = _group(key, about)
        row = Choice(
            about=about,
            sources=known.get(key, Sources(number=about.number)),
            item=written.get(key),
            is_settled=key in ruled,
        )
        found.setdefault(name, Group(name=name)).rows.append(row)
    return list(found.values())


def sources_in(frozen: Frozen) -> dict[str, Sources]:
    """Key → what the line was made of."""
    pairs = zip(frozen.record.items, frozen.card.lines, strict=True)
    found = {f"{LINE}:{line.key}": _of_line(item, line) for item, line in pairs}
    for event in frozen.record.incidents:
        found[f"{INCIDENT}:{event.number}"] = Sources(number=event.number)
    for event in frozen.record.bonuses:
        found[f"{BONUS}:{event.number}"] = Sources(number=event.number)
    return found | {PROCEDURE: Sources()}


def _of_line(item: ItemRecord, line: Line) -> Sources:
    return Sources(
        figure=figure_words(line.facts.figure, item.unit) if line.facts.figure is not None else "",
        target=item.standard,
        formula=formula_words(explain_line(line))
        or (method_words(item.method, item.parameters) if item.method else ""),
        who=item.collector or item.provider,
        review=item.review_note.fact if item.review_note else "",
        has_calls=item.data_source == DataSource.MONITORING and item.calls > 0,
    )


def _group(key: str, about: Contestable | None) -> str:
    kind = key.partition(":")[0]
    if kind == LINE:
        return str(Part(about.part).label) if about else _("考核项目")
    return {INCIDENT: _("不良事故"), BONUS: _("加分"), PROCEDURE: _("程序")}[kind]


def gained(items: Iterable[AppealItem]) -> Decimal:
    """The marks that the rulings add."""
    return sum((item.points for item in items if item.points), Decimal(0))
