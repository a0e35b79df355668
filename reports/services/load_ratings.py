"""Subordinates' ratings of a workbook: who has rated is kept apart from what was given (P4.4)."""

from random import SystemRandom

from appraisals.models import UpwardScore, UpwardTurn
from common.db import require_transaction
from reports.facts.plan import Plan
from reports.facts.targets import DRAFTS, FormPlan
from reports.services.load_staff import Keys

_CHANCE = SystemRandom()


def load_ratings(plan: Plan, keys: Keys) -> None:
    """Ask the subordinates of every form that became active, mark who has rated, and keep the ratings without a trace.

    All ratings of a touched form are written anew in random order, those of all forms mixed.
    """
    require_transaction()
    upward = plan.entries.upward
    UpwardTurn.objects.bulk_create(_turns(plan, keys), ignore_conflicts=True)
    done = [(keys.forms[key], keys.people[rater]) for key, raters in upward.items() for rater in raters]
    touched = sorted({form for form, _rater in done})
    wanted = set(done)
    waiting = UpwardTurn.objects.filter(form_id__in=touched, is_done=False).values_list("pk", "form_id", "rater_id")
    taken = [pk for pk, form, rater in waiting if (form, rater) in wanted]
    for start in range(0, len(taken), 500):
        UpwardTurn.objects.filter(pk__in=taken[start : start + 500]).update(is_done=True)
    kept = UpwardScore.objects.filter(item__form_id__in=touched)
    rows = list(kept.values_list("item_id", "points"))
    kept.delete()
    rows += [
        (keys.items[key, item.part, item.name], row.points)
        for key, raters in upward.items()
        for given in raters.values()
        for item, row in given
    ]
    _CHANCE.shuffle(rows)
    UpwardScore.objects.bulk_create(UpwardScore(item_id=item, points=points) for item, points in rows)


def _turns(plan: Plan, keys: Keys) -> list[UpwardTurn]:
    """Everybody who stood directly below and was at work, and whoever the workbook has a rating of."""
    pairs: set[tuple[int, int]] = set()
    for form in plan.forms.forms.values():
        raters = set(plan.entries.upward.get(form.key, ()))
        if _became_active(form) and _is_managerial(form, plan):
            day = form.day
            below = plan.roster.below_on(form.number, day)
            raters |= {
                number for number in below if number != form.owner and plan.roster.works_within(number, day, day)
            }
        pairs |= {(keys.forms[form.key], keys.people[rater]) for rater in raters}
    return [UpwardTurn(form_id=form, rater_id=rater) for form, rater in sorted(pairs)]


def _became_active(form: FormPlan) -> bool:
    return form.known is None or (form.known.state in DRAFTS and form.known.state != form.state)


def _is_managerial(form: FormPlan, plan: Plan) -> bool:
    if form.known is not None:
        return form.known.position_class == "managerial"
    return plan.roster.is_managerial(form.number)
