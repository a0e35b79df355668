"""Change the incident and the bonus standard: entries, ranges of points, rules from a date (P4.5, P4.6, P5.2).

What has been decided keeps the points and the severity it was decided by: nothing here touches a record.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import ConflictError, RuleError
from common.wording import day, points, signed
from incidents.models import BonusKind, BonusStep, EventRules, IncidentKind, Severity
from incidents.services.standard_checks import (
    check_may,
    check_name,
    check_range,
    check_rules,
    check_steps,
    check_version,
    check_within,
)
from people.models import Employee

OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentKindFacts:
    """An entry of the incident standard as somebody typed it."""

    category: str
    category_en: str = ""
    name: str
    name_en: str = ""
    severity_id: int
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """The points of a bonus, of one place if there are several."""

    points: Decimal
    label: str = ""
    label_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BonusKindFacts:
    """An entry of the bonus standard as somebody typed it; ``cap`` None: no limit of its own per month."""

    name: str
    name_en: str = ""
    cap: Decimal | None
    steps: tuple[StepFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesFacts:
    """The rules around the standards from ``starts_on`` on: working days to state a view, months of repetition."""

    starts_on: date
    statement_days: int
    repeat_months: int
    repeat_moves_up: bool
    note: str = ""


@transaction.atomic(durable=True)
def save_incident_kind(
    kind_id: int | None, *, facts: IncidentKindFacts, version: int | None, by: Employee
) -> IncidentKind:
    """Change an entry of the incident standard, or (None) add one; its points lie in its severity's range."""
    check_may(by)
    severity = Severity.objects.select_for_update().filter(pk=facts.severity_id).first()
    if severity is None:
        raise RuleError(_("选严重程度。"), code="severity_missing", field="severity")
    kind = IncidentKind.objects.select_for_update().get(pk=kind_id) if kind_id else _new_incident_kind()
    before = _incident_facts(kind) if kind_id else None
    check_version(kind, version, theirs=_incident_words(kind) if kind_id else "")
    check_name(IncidentKind, kind, facts.name)
    if not facts.category.strip():
        raise RuleError(_("写类别。"), code="category_missing", field="category")
    kind.category, kind.category_en = facts.category.strip(), facts.category_en.strip()
    kind.severity, kind.points = severity, facts.points
    check_within(severity, kind)
    _named(kind, facts.name, facts.name_en)
    kind.full_clean()
    kind.save()
    action = "standard.incident_saved" if kind_id else "standard.incident_added"
    record(action, kind, by=by, before=before, after=_incident_facts(kind))
    return kind


@transaction.atomic(durable=True)
def save_bonus_kind(kind_id: int | None, *, facts: BonusKindFacts, version: int | None, by: Employee) -> BonusKind:
    """Change an entry of the bonus standard, or (None) add one.

    Changed points are new steps: who had chosen an old one from an open page is asked to choose again.
    """
    check_may(by)
    kind = BonusKind.objects.select_for_update().get(pk=kind_id) if kind_id else _new_bonus_kind()
    before = _bonus_facts(kind) if kind_id else None
    check_version(kind, version, theirs=_bonus_words(kind) if kind_id else "")
    check_name(BonusKind, kind, facts.name)
    check_steps([(step.label.strip(), step.points) for step in facts.steps], facts.cap)
    kind.cap = facts.cap
    _named(kind, facts.name, facts.name_en)
    kind.full_clean()
    kind.save()
    _replace_steps(kind, facts.steps)
    action = "standard.bonus_saved" if kind_id else "standard.bonus_added"
    record(action, kind, by=by, before=before, after=_bonus_facts(kind))
    return kind


@transaction.atomic(durable=True)
def switch_incident_kind(kind_id: int, *, is_active: bool, by: Employee) -> IncidentKind:
    """Take an entry out of use for new records, or back; back only with points that its severity allows today."""
    check_may(by)
    severity = Severity.objects.select_for_update(of=("self",)).get(kinds=kind_id)
    kind = IncidentKind.objects.select_for_update().get(pk=kind_id)
    if is_active:
        check_within(severity, kind)
        check_name(IncidentKind, kind, kind.name)
    _switch(kind, is_active, "standard.incident_switched", by)
    return kind


@transaction.atomic(durable=True)
def switch_bonus_kind(kind_id: int, *, is_active: bool, by: Employee) -> BonusKind:
    """Take an entry out of use for new claims, or back."""
    check_may(by)
    kind = BonusKind.objects.select_for_update().get(pk=kind_id)
    if is_active:
        check_name(BonusKind, kind, kind.name)
    _switch(kind, is_active, "standard.bonus_switched", by)
    return kind


@transaction.atomic(durable=True)
def save_severity(severity_id: int, *, low: Decimal, high: Decimal, version: int | None, by: Employee) -> Severity:
    """Set the range of points of a severity; refused, naming them, while an entry in use lies outside."""
    check_may(by)
    rows = {row.pk: row for row in Severity.objects.select_for_update().order_by("rank")}
    severity = rows[severity_id]
    before = {"low": f"{severity.low}", "high": f"{severity.high}"}
    check_version(severity, version, theirs=f"{points(severity.low)}–{points(severity.high)}")
    severity.low, severity.high = low, high
    check_range(severity, list(rows.values()))
    severity.version += 1
    severity.source = OWN
    severity.full_clean()
    severity.save()
    record("standard.severity_saved", severity, by=by, before=before, after={"low": f"{low}", "high": f"{high}"})
    return severity


@transaction.atomic(durable=True)
def set_event_rules(facts: RulesFacts, *, seen: int | None, by: Employee) -> EventRules:
    """New rules from a day on, not before today nor before those set last; ``seen`` is the row known as the last."""
    check_may(by)
    rows = list(EventRules.objects.select_for_update().order_by("starts_on", "pk"))
    last = EventRules.objects.order_by("-starts_on", "-pk").first()
    if last is not None and last.pk != seen:
        words = _("刚有人定了新规则，看过再决定要不要再改。")
        raise ConflictError(words, theirs=f"{last.version} {day(last.starts_on, 'year')}")
    check_rules(facts.starts_on, facts.statement_days, facts.repeat_months, last)
    made = EventRules(
        version=f"{len(rows) + 1}.0",
        starts_on=facts.starts_on,
        statement_days=facts.statement_days,
        repeat_months=facts.repeat_months,
        repeat_moves_up=facts.repeat_moves_up,
        note=facts.note.strip(),
        created_by=by,
    )
    made.full_clean()
    made.save()
    record("standard.rules_set", made, by=by, before=_rules_facts(last) if last else None, after=_rules_facts(made))
    return made


def _new_incident_kind() -> IncidentKind:
    list(IncidentKind.objects.select_for_update().values_list("pk"))  # two who add at once take turns
    order = IncidentKind.objects.aggregate(last=Max("order"))["last"] or 0
    return IncidentKind(code=_next_code("I", IncidentKind), order=order + 1, version=0)


def _new_bonus_kind() -> BonusKind:
    list(BonusKind.objects.select_for_update().values_list("pk"))
    order = BonusKind.objects.aggregate(last=Max("order"))["last"] or 0
    return BonusKind(code=_next_code("B", BonusKind), order=order + 1, version=0)


def _next_code(letter: str, model: type[IncidentKind | BonusKind]) -> str:
    codes = model._default_manager.values_list("code", flat=True)
    taken = [int(found[1]) for code in codes if (found := re.fullmatch(rf"{letter}(\d+)", code))]
    return f"{letter}{max(taken, default=0) + 1:02d}"


def _named(kind: IncidentKind | BonusKind, name: str, name_en: str) -> None:
    """What was changed by hand is the company's own, whatever default it began as."""
    kind.name, kind.name_en, kind.source = name.strip(), name_en.strip(), OWN
    kind.version += 1


def _switch(kind: IncidentKind | BonusKind, is_active: bool, action: str, by: Employee) -> None:
    if kind.is_active == is_active:
        raise RuleError(_("刚有人办过了，刷新看看。"), code="nothing_to_do")
    before, kind.is_active = kind.is_active, is_active
    kind.version += 1
    kind.save(update_fields=["is_active", "version"])
    record(action, kind, by=by, before={"is_active": before}, after={"is_active": is_active, "name": kind.name})


def _replace_steps(kind: BonusKind, steps: tuple[StepFacts, ...]) -> None:
    wanted = [(step.label.strip(), step.label_en.strip(), step.points) for step in steps]
    if wanted == [(step.label, step.label_en, step.points) for step in kind.steps.all()]:
        return
    kind.steps.all().delete()
    BonusStep.objects.bulk_create(
        BonusStep(kind=kind, label=label, label_en=english, points=given, order=order)
        for order, (label, english, given) in enumerate(wanted, start=1)
    )


def _incident_facts(kind: IncidentKind) -> dict[str, Any]:
    names = {"category": kind.category, "category_en": kind.category_en, "name": kind.name, "name_en": kind.name_en}
    return names | {"severity": kind.severity.code, "points": f"{kind.points}"}


def _bonus_facts(kind: BonusKind) -> dict[str, Any]:
    steps = [f"{step.label} {step.points}".strip() for step in kind.steps.order_by("order", "pk")]
    cap = None if kind.cap is None else f"{kind.cap}"
    return {"name": kind.name, "name_en": kind.name_en, "cap": cap, "steps": steps}


def _rules_facts(rules: EventRules) -> dict[str, Any]:
    names = ("version", "statement_days", "repeat_months", "repeat_moves_up", "note")
    return {"starts_on": f"{rules.starts_on}"} | {name: getattr(rules, name) for name in names}


def _incident_words(kind: IncidentKind) -> str:
    return f"{kind.display_name} {kind.severity.display_name} {points(kind.points)}"


def _bonus_words(kind: BonusKind) -> str:
    steps = " ".join(signed(step.points) for step in kind.steps.all())
    return f"{kind.display_name} {steps} / {points(kind.cap)}"
