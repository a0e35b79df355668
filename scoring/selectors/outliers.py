"""Figures and scores of a month that stand out from the person's own past and from that of his post."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from appraisals.models import Cycle, Figure, Score
from appraisals.states import ScoreKind
from policy.outliers import Usual, is_far, least_of, usual_of
from policy.rounding import percent, plain
from scoring.states import FindingCode

LEVEL = Decimal(20)
"""One of five levels, in percent of an item's points: a score that far from the usual is not yet worth a look."""
FIGURE = ("item__name", "value", "item_id", "item__form_id", "item__unit", "provider__name")


class Found(NamedTuple):
    """Something to look at. ``key`` holds its value, so that a corrected one is a new finding; ``detail`` its words."""

    code: FindingCode
    key: str
    person_id: int | None
    form_id: int | None
    detail: dict[str, Any]


class Value(NamedTuple):
    """One value of an item: whose, in which post, under which name; a figure's unit and who reported it."""

    cycle_id: int
    person_id: int
    post_id: int
    name: str
    value: Decimal
    item_id: int
    form_id: int
    unit: str = ""
    provider: str = ""


def figures_far(cycle: Cycle, before: Sequence[Cycle]) -> Iterator[Found]:
    """Raw figures in one statement; far from either past are three robust spreads and
    what ``least_of`` its unit says."""
    rows = Figure.objects.filter(
        item__form__cycle__in=[cycle, *before], superseded_at__isnull=True, value__isnull=False, is_not_applicable=False
    )
    values = rows.order_by().values_list(*_path("item__"), *FIGURE)
    yield from _far(FindingCode.FIGURE_FAR, cycle, [Value(*row) for row in values.iterator()], _of_unit, unit="")


def scores_far(cycle: Cycle, before: Sequence[Cycle]) -> Iterator[Found]:
    """Review scores and those of the superior in percent of the item's points, in one statement."""
    kinds = (ScoreKind.REVIEW, ScoreKind.SUPERIOR)
    rows = Score.objects.filter(item__form__cycle__in=[cycle, *before], kind__in=kinds)
    names = (*_path("item__"), "item__name", "points", "item__points", "item_id", "item__form_id")
    values = [
        Value(of, person, post, name, percent(points, full), item, form)
        for of, person, post, name, points, full, item, form in rows.order_by().values_list(*names).iterator()
    ]
    yield from _far(FindingCode.SCORE_FAR, cycle, values, lambda _one, _usual: LEVEL, unit="%")


def _of_unit(one: Value, usual: Usual) -> Decimal:
    return least_of(one.unit, usual)


def _path(item: str) -> tuple[str, str, str]:
    return f"{item}form__cycle_id", f"{item}form__employee_id", f"{item}form__position_id"


def _far(
    code: FindingCode, cycle: Cycle, values: Sequence[Value], least: Callable[[Value, Usual], Decimal], *, unit: str
) -> Iterator[Found]:
    own: dict[tuple[int, str], list[Decimal]] = defaultdict(list)
    post: dict[tuple[int, str], list[Decimal]] = defaultdict(list)
    for one in values:
        if one.cycle_id != cycle.pk:
            own[one.person_id, one.name].append(one.value)
            post[one.post_id, one.name].append(one.value)
    of_post = {key: usual_of(past) for key, past in post.items()}
    for one in values:
        if one.cycle_id == cycle.pk:
            pasts = {
                "own": usual_of(own.get((one.person_id, one.name), ())),
                "post": of_post.get((one.post_id, one.name)),
            }
            far = {
                of: usual
                for of, usual in pasts.items()
                if usual is not None and is_far(one.value, usual, least(one, usual))
            }
            if far:
                yield _found(code, one, far, unit)


def _found(code: FindingCode, one: Value, far: Mapping[str, Usual], unit: str) -> Found:
    detail = {"item": one.name, "value": plain(one.value) + unit}
    detail |= {of: plain(usual.median) + unit for of, usual in far.items()}
    if one.provider:
        detail["provider"] = one.provider
    return Found(code, f"{code}:{one.item_id}:{plain(one.value)}", one.person_id, one.form_id, detail)
