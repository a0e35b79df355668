"""Whom a workbook concerns and speaks for, what these are told, and the audit's rows of what it replaces."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.urls import reverse

from appraisals.models import Form
from audit.log import Actor, record_many
from common.db import require_transaction
from incidents.models import Bonus, Involvement
from notices.log import Letter, tell, tell_each
from people.models import Employee
from policy.rounding import plain
from quality.models import Call
from reports.facts.entries import KIND_NAMES
from reports.facts.plan import Plan
from reports.selectors.known import FormKey
from reports.services.load_staff import Keys


def concerned_by(plan: Plan) -> set[str]:
    """The numbers of everybody whose form, figures, scores, pay or standing the workbook would change."""
    entries, events, calls = plan.entries, plan.events, plan.calls.calls
    scored = (entries.figures, entries.scores)
    told = (events.incidents, events.bonuses, events.grades)
    moved = (form for form in plan.forms.forms.values() if form.known is None or form.state != form.known.state)
    rewritten = (form for form in plan.forms.forms.values() if form.is_rewritten)
    records = {change.row.record for change in (*events.incidents.new, *events.incidents.changed)}
    stood = (*(one.stands for one in events.bonuses.changed), *(one.stands for one in calls.changed))
    return {
        *(change.form[1] for changes in scored for change in (*changes.new, *changes.changed)),
        *(change.row.number for changes in told for change in (*changes.new, *changes.changed)),
        *(share.number for record in records for share in plan.known.shares.get(record, ())),
        *(one.number for one in stood if one),
        *(call.number for call in (*calls.new, *calls.changed)),
        *(form.number for form in (*moved, *rewritten) if not form.is_closed),
        *(number for _month, number in entries.upward),
        *(row.number for row in plan.staff.employees.changed),
        *(line.number for line in plan.staff.lines),
        *(row.number for row in (*plan.group.members.new, *plan.group.members.changed)),
    }


def tell_people(plan: Plan, keys: Keys, digest: str, *, by: Employee, sender: Employee) -> None:
    """Whoever is appraised by it hears of a workbook that people brought in, and whoever it says has given something.

    Once per person, sort and workbook; nobody hears of his own doing.
    """
    require_transaction()
    doers, who = {by.number, sender.number}, {"who": sender.name}
    latest = {form.number: keys.forms[form.key] for form in sorted(plan.forms.forms.values(), key=lambda one: one.key)}
    letters = []
    for number in sorted(concerned_by(plan) - doers):
        place = reverse("appraisals:form", args=[latest[number]]) if number in latest else reverse("home")
        letters.append(Letter(keys.people[number], place, f"import:{digest}", who))
    tell_each(letters, "import_concerns")
    for kind, page, numbers in _spoken_for(plan):
        people = [keys.people[number] for number in sorted({one for one in numbers if one} - doers)]
        tell(people, kind, path=reverse(page), key=f"import:{kind}:{digest}", detail=who)


def _spoken_for(plan: Plan) -> Iterable[tuple[str, str, set[str | None]]]:
    """A message, where it leads, and the numbers of those whose word the workbook claims to have."""
    entries, events, calls = plan.entries, plan.events, plan.calls.calls
    shares = [one.row for one in (*events.incidents.new, *events.incidents.changed) if not one.is_kept]
    claims = [one.row for one in (*events.bonuses.new, *events.bonuses.changed)]
    raters: set[str | None] = {one.row.rater for one in (*entries.scores.new, *entries.scores.changed)}
    raters |= {rater for given in entries.upward.values() for rater in given}
    providers = {one.row.provider for one in (*entries.figures.new, *entries.figures.changed)}
    return (
        ("import_scores", "appraisals:my_forms", raters),
        ("import_figures", "appraisals:figures", {*providers}),
        (
            "import_incidents",
            "incidents:incidents",
            {number for row in shares for number in (row.finder, row.verifier)},
        ),
        ("import_bonuses", "incidents:bonuses", {number for row in claims for number in (row.first, row.second)}),
        ("import_calls", "quality:calls", {call.listener for call in (*calls.new, *calls.changed)}),
    )


def tell_overwritten(plan: Plan, keys: Keys, *, by: Actor) -> None:
    """One audit row per form, share, claim and call of which something was replaced, with what stood before."""
    require_transaction()
    _tell_forms(plan, keys, by)
    events = plan.events
    shares = [
        (
            Involvement(pk=stands.pk),
            _account(stands.occurred_on, stands.text, stands.points, (stands.finder, stands.verifier)),
            _account(
                row.occurred_on,
                row.description,
                stands.points if is_kept else row.points,
                (row.finder, stands.verifier if is_kept else row.verifier),
            ),
        )
        for row, stands, is_kept in events.incidents.changed
        if stands
    ]
    record_many("incident.imported", shares, by=by)
    bonuses = [
        (
            Bonus(pk=stands.pk),
            _account(stands.occurred_on, stands.text, stands.points, (stands.number, stands.first, stands.second)),
            _account(row.occurred_on, row.grounds, row.points, (row.number, row.first, row.second)),
        )
        for row, stands in events.bonuses.changed
        if stands
    ]
    record_many("bonus.imported", bonuses, by=by)
    calls = [
        (
            Call(pk=stands.pk),
            _scored((stands.number, stands.listener), stands.total, plan.known.call_scores.get(stands.pk, {})),
            _scored((call.number, call.listener), call.total, call.scores),
        )
        for call in plan.calls.calls.changed
        if (stands := call.stands)
    ]
    record_many("call.imported", calls, by=by)


def _tell_forms(plan: Plan, keys: Keys, by: Actor) -> None:
    told: dict[FormKey, tuple[dict[str, str], dict[str, str]]] = {}
    for figure in plan.entries.figures.changed:
        before, after = told.setdefault(figure.form, ({}, {}))
        before[figure.item.name] = _said(figure.stands.value if figure.stands else None)
        after[figure.item.name] = _said(figure.row.value)
    for score in plan.entries.scores.changed:
        before, after = told.setdefault(score.form, ({}, {}))
        name = f"{score.item.name} · {KIND_NAMES[score.row.kind]}"
        before[name] = _said(score.stands.points if score.stands else None)
        after[name] = _said(score.row.points)
    rows = [(Form(pk=keys.forms[key]), before, after) for key, (before, after) in told.items()]
    record_many("form.imported", rows, by=by)


def _account(day: date, text: str, points: Decimal, people: tuple[str | None, ...]) -> dict[str, str]:
    """An incident or a claim in short; ``people`` by their numbers, none as a dash."""
    return {"day": day.isoformat(), "text": text, "points": plain(points), "people": " ".join(n or "-" for n in people)}


def _scored(people: tuple[str, str | None], total: Decimal | None, scores: dict[str, Decimal]) -> dict[str, str]:
    """A scored call in short: agent, listener, total, then every level."""
    number, listener = people
    told = {"employee": number, "listener": listener or "-", "total": _said(total)}
    return told | {name: plain(points) for name, points in scores.items()}


def _said(value: Decimal | None) -> str:
    return "-" if value is None else plain(value)
