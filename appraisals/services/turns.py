"""Steps about the subordinates' ratings that other services share: ask, and keep without a trace (P4.4)."""

import random
from collections.abc import Iterable
from datetime import date

from appraisals.models import Form, Item, UpwardScore, UpwardTurn
from appraisals.selectors.drafts import day_within
from appraisals.states import Part
from common.db import require_transaction
from people.models import Employee
from people.selectors import subordinates_on

_CHANCE = random.SystemRandom()


def ask_subordinates(form: Form, today: date) -> None:
    """Ask the direct subordinates of the period to rate a managerial form that has just become active.

    Asked is once: after a consolidation that was taken back a new rater would be found by the difference of two means.
    Asked again after a re-adjustment, then, nobody is added; if the management items changed under ratings already
    given, those are dropped and everybody is asked anew.
    """
    require_transaction()
    if not form.is_managerial:
        return
    day = day_within(form.cycle.starts_on, form.cycle.ends_on, today)
    below = subordinates_on(day, [form.employee_id]).get(form.employee_id, [])
    at_work = [person for person in Employee.objects.filter(pk__in=below) if person.works_on(day)]
    turns = [UpwardTurn(form=form, rater=person) for person in at_work if person.pk != form.owner_id]
    if not UpwardTurn.objects.filter(form=form).exists():
        UpwardTurn.objects.bulk_create(turns)
    if not _ratings_fit(form):
        UpwardScore.objects.filter(item__form=form).delete()
        UpwardTurn.objects.filter(form=form).update(is_done=False)


def store_shuffled(form_id: int, fresh: Iterable[UpwardScore]) -> None:
    """Add ratings and write all of the form's anew in random order, so that the order of storage names nobody."""
    require_transaction()
    kept = list(UpwardScore.objects.filter(item__form_id=form_id))
    UpwardScore.objects.filter(item__form_id=form_id).delete()
    rows = [UpwardScore(item_id=row.item_id, points=row.points) for row in (*kept, *fresh)]
    _CHANCE.shuffle(rows)
    UpwardScore.objects.bulk_create(rows)


def _ratings_fit(form: Form) -> bool:
    """Whether every management item has a rating by each who has rated, within its points."""
    done = UpwardTurn.objects.filter(form=form, is_done=True).count()
    items = Item.objects.filter(form=form, part=Part.MANAGEMENT, not_applicable_reason="")
    ratings: dict[int, list[UpwardScore]] = {}
    for row in UpwardScore.objects.filter(item__form=form):
        ratings.setdefault(row.item_id, []).append(row)
    return all(
        len(ratings.get(item.pk, ())) == done and all(row.points <= item.points for row in ratings.get(item.pk, ()))
        for item in items
    )
