"""How appeals go, by indicator and by appraisal owner (P6.3b): filed, upheld, and how long a ruling takes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from statistics import median

from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.facts import BONUS, INCIDENT, PROCEDURE
from appeals.models import AppealItem
from appeals.states import AppealState, Ruling
from common.selectors import calendar_between
from policy.rounding import percent
from policy.workdays import Calendar, working_days_left


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Items contested and ruled, each once; ``further`` of them went to the second instance.

    ``share`` of the ruled upheld wholly or partly in the end, percent; ``days``: median of the last rulings.
    """

    name: str
    filed: int
    further: int
    ruled: int
    upheld: int
    share: Decimal | None
    days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """A year of appeals; ``years`` are those there is anything of."""

    year: int
    years: list[int]
    whole: Tally
    by_indicator: list[Tally]
    by_owner: list[Tally]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """An item through its instances: ``filed`` when it was first contested, ``submitted`` and ``ruled`` of the last
    ruling."""

    name: str
    owner: str
    ruling: str
    filed: date
    submitted: date
    ruled: date | None
    is_further: bool


def statistics_of(year: int | None) -> Statistics:
    """Items by the year they were first contested in; the newest year unless one is asked for. Two statements."""
    cases = _cases()
    years = sorted({case.filed.year for case in cases}, reverse=True)
    shown = year if year in years else years[0] if years else timezone.localdate().year
    cases = [case for case in cases if case.filed.year == shown]
    days = [day for case in cases for day in (case.submitted, case.ruled) if day]
    today = timezone.localdate()
    calendar = calendar_between(min(days, default=today), max(days, default=today))
    return Statistics(
        year=shown,
        years=years,
        whole=_tally("", cases, calendar),
        by_indicator=_grouped(cases, "name", calendar),
        by_owner=_grouped(cases, "owner", calendar),
    )


def _cases() -> list[_Case]:
    """One a form and key, however often it was withdrawn, filed again and taken further."""
    rows = AppealItem.objects.exclude(appeal__state=AppealState.DRAFT).filter(appeal__submitted_at__isnull=False)
    names = ("key", "name", "appeal__result__form__owner__name", "ruling", "appeal__submitted_at", "appeal__ruled_at")
    found: dict[tuple[int, str], _Case] = {}
    ordered = rows.order_by("appeal__submitted_at", "pk")
    for form, instance, *row in ordered.values_list("appeal__result__form", "appeal__instance", *names):
        key, name, owner, ruling, filed, ruled = row
        case = _Case(
            name=_named(key, name),
            owner=owner,
            ruling=ruling,
            filed=_day(filed),
            submitted=_day(filed),
            ruled=ruled and _day(ruled),
            is_further=instance > 1,
        )
        before = found.get((form, key))
        found[form, key] = case if before is None else _followed(before, case)
    return list(found.values())


def _followed(before: _Case, now: _Case) -> _Case:
    """The item after one more appeal. What the second instance does not uphold stays as the first has ruled it."""
    after = replace(before, is_further=before.is_further or now.is_further)
    if not now.ruling:
        return after
    ruling = before.ruling if before.ruling and now.ruling == Ruling.REJECTED else now.ruling
    return replace(after, ruling=ruling, submitted=now.submitted, ruled=now.ruled)


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def _named(key: str, name: str) -> str:
    kind = key.partition(":")[0]
    return {INCIDENT: _("不良事故"), BONUS: _("加分"), PROCEDURE: _("程序")}.get(kind, name)


def _grouped(cases: Iterable[_Case], field: str, calendar: Calendar) -> list[Tally]:
    found: dict[str, list[_Case]] = {}
    for case in cases:
        found.setdefault(getattr(case, field), []).append(case)
    rows = [_tally(name, own, calendar) for name, own in found.items()]
    return sorted(rows, key=lambda row: (-row.filed, row.name))


def _tally(name: str, cases: list[_Case], calendar: Calendar) -> Tally:
    ruled = [case for case in cases if case.ruling]
    upheld = sum(1 for case in ruled if case.ruling != Ruling.REJECTED)
    spans = [working_days_left(case.submitted, case.ruled, calendar) - 1 for case in ruled if case.ruled]
    return Tally(
        name=name,
        filed=len(cases),
        further=sum(case.is_further for case in cases),
        ruled=len(ruled),
        upheld=upheld,
        share=percent(Decimal(upheld), Decimal(len(ruled))) if ruled else None,
        days=max(0, round(median(spans))) if spans else None,
    )
