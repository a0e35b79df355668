"""Steps that write a workbook's forms, targets, figures and scores. Each needs the import's transaction."""

from collections.abc import Iterable
from datetime import date, datetime

from appraisals.models import Cycle, Figure, Form, Item, Scheme, Score
from appraisals.selectors.terms import stored_terms
from appraisals.states import CycleKind, FormState, Part
from common.db import insert_rows, require_transaction
from common.selectors import calendar_between
from policy.levels import level_of
from reports.facts.plan import Plan
from reports.facts.roster import month_end
from reports.facts.targets import FormPlan
from reports.services.load_staff import Keys

STAMPS = {
    FormState.ACTIVE: ("targets_submitted_at", "targets_approved_at", "confirmed_at"),
    FormState.REVIEW: ("self_submitted_at",),
    FormState.READY: ("reviewed_at",),
}
CORRECTED = "按导入的工作簿更正"
_FIGURE = ("item", "value", "is_not_applicable", "basis", "collected_on", "provider", "entered_at")
_ITEM = ("name", "standard", "points", "method", "parameters", "data_source")


def lock_months(months: Iterable[date]) -> None:
    """Lock the cycles of these months, then their forms, in the order every service takes them."""
    require_transaction()
    cycles = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__in=list(months)).order_by("pk")
    ids = list(cycles.select_for_update().values_list("pk", flat=True))
    list(Form.objects.select_for_update().filter(cycle__in=ids).order_by("pk").values_list("pk", flat=True))


def load_forms(plan: Plan, keys: Keys, now: datetime) -> None:
    """New cycles and forms, drafts rewritten, and where each form stands now."""
    require_transaction()
    forms = [form for form in plan.forms.forms.values() if not form.is_closed]
    fresh = [form for form in forms if form.known is None]
    cycles = _cycles(fresh)
    made = Form.objects.bulk_create([_form(form, plan, keys, cycles[form.month], now) for form in fresh])
    keys.forms = {key: known.pk for key, known in plan.known.forms.items()}
    keys.forms |= {form.key: row.pk for form, row in zip(fresh, made, strict=True)}
    _move([form for form in forms if form.known and form.known.state != form.state], now)
    rewritten = [form for form in forms if form.is_rewritten]
    Item.objects.filter(form_id__in=[keys.forms[form.key] for form in rewritten]).delete()
    _load_items([*fresh, *rewritten], keys)
    for form in forms:
        for item in form.items.values():
            if item.pk is not None:
                keys.items[form.key, item.part, item.name] = item.pk


def _cycles(forms: list[FormPlan]) -> dict[date, int]:
    """Month → key of its cycle; a missing one is opened with the scheme in force and its terms (P6.3a, P9)."""
    versions = {form.month: form for form in forms}
    if not versions:
        return {}
    schemes = dict(Scheme.objects.values_list("version", "pk"))
    calendar = calendar_between(min(versions), month_end(max(versions)))
    rows = [
        Cycle(
            kind=CycleKind.MONTH,
            starts_on=month,
            ends_on=month_end(month),
            scheme_id=schemes[form.version],
            **stored_terms(month, month_end(month), form.rules, calendar),
        )
        for month, form in sorted(versions.items())
    ]
    Cycle.objects.bulk_create(rows, ignore_conflicts=True)  # somebody may open the same month meanwhile
    found = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__in=list(versions))
    return dict(found.values_list("starts_on", "pk"))


def _form(form: FormPlan, plan: Plan, keys: Keys, cycle_id: int, now: datetime) -> Form:
    pk, post, region = keys.posts[form.number]
    if post is None or region is None:  # the plan lets nobody without them have a form
        raise ValueError(form.key)
    person = plan.roster.people[form.number]
    row = Form(
        cycle_id=cycle_id,
        employee_id=pk,
        region_id=region,
        position_id=post,
        position_class=plan.roster.classes[person.position or ""],
        owner_id=keys.people[form.owner],
        state=form.state,
    )
    _stamp(row, FormState.ACTIVE, form.state, now)
    return row


def _stamp(row: Form, source: str, target: str, now: datetime) -> None:
    """The moments of the steps from ``source`` up to ``target``."""
    way = list(STAMPS)
    begin = way.index(FormState(source)) if source in STAMPS else 0
    for state in way[begin : way.index(FormState(target)) + 1]:
        for name in STAMPS[state]:
            if getattr(row, name) is None:
                setattr(row, name, now)


def _move(forms: list[FormPlan], now: datetime) -> None:
    targets = {form.known.pk: form.state for form in forms if form.known}
    rows = list(Form.objects.filter(pk__in=targets))
    for row in rows:
        _stamp(row, row.state, targets[row.pk], now)
        row.state = targets[row.pk]
        row.version += 1
    names = [name for stamps in STAMPS.values() for name in stamps]
    Form.objects.bulk_update(rows, ["state", "version", *names], batch_size=200)


def _load_items(forms: list[FormPlan], keys: Keys) -> None:
    rows, places = [], []
    for form in forms:
        order = dict.fromkeys(Part.values, 0)
        for target in form.items.values():
            order[target.part] += 1
            rows.append(
                Item(
                    form_id=keys.forms[form.key],
                    part=target.part,
                    order=order[target.part],
                    provider_id=keys.people[target.provider] if target.provider else None,
                    **{name: getattr(target, name) for name in _ITEM},
                )
            )
            places.append((form.key, target.part, target.name))
    for place, item in zip(places, Item.objects.bulk_create(rows), strict=True):
        keys.items[place] = item.pk


def load_figures(plan: Plan, keys: Keys, now: datetime) -> None:
    """Figures are only added: the one that stood steps back first (P4.1c)."""
    require_transaction()
    figures = plan.entries.figures
    replaced = [change.stands.pk for change in figures.changed if change.stands]
    for start in range(0, len(replaced), 500):
        Figure.objects.filter(pk__in=replaced[start : start + 500]).update(superseded_at=now)
    rows = [
        (
            keys.items[change.form, change.item.part, change.item.name],
            change.row.value,
            change.row.value is None,
            change.row.basis,
            change.row.collected_on,
            keys.people[change.row.provider],
            now,
            CORRECTED if change.stands else "",
        )
        for change in (*figures.new, *figures.changed)
    ]
    if rows:
        insert_rows(Figure, (*_FIGURE, "correction_reason"), rows)


def load_scores(plan: Plan, keys: Keys, now: datetime) -> None:
    """Self-, review and superior's scores; points that equal a level are that level."""
    require_transaction()
    rows = []
    for change in (*plan.entries.scores.new, *plan.entries.scores.changed):
        item, points = change.item, change.row.points
        rules = plan.forms.forms[change.form].rules
        level = None if item.part == Part.GOAL else level_of(rules, points, item.points)
        rows.append(
            Score(
                item_id=keys.items[change.form, item.part, item.name],
                kind=change.row.kind,
                rater_id=keys.people[change.row.rater],
                points=points,
                level=level.code if level else None,
                version=change.stands.version + 1 if change.stands else 1,
                updated_at=now,
            )
        )
    Score.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["item", "kind"],
        update_fields=["rater", "points", "level", "version", "updated_at"],
    )
