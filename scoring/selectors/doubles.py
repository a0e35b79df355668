"""What was recorded twice in a month, and scores that look as if nobody had thought about them."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum

from appraisals.models import Cycle, Evidence, Form, Item, Score
from appraisals.states import ScoreKind
from incidents.models import Bonus, Involvement
from incidents.states import EventState
from policy.rounding import percent, plain
from scoring.selectors.outliers import LEVEL, Found
from scoring.states import FindingCode

COUNTING = (EventState.FILED, EventState.CONFIRMED)
FEWEST_PEOPLE = 3
"""An owner of fewer says nothing by scoring them alike."""
MOST_NAMES = 5


def two_sources(cycle: Cycle) -> Iterator[Found]:
    """Items whose figure was entered by one provider and then, with another value, by another."""
    items = Item.objects.filter(form__cycle=cycle, figures__isnull=False).order_by()
    many = items.annotate(
        providers=Count("figures__provider", distinct=True),
        values_told=Count("figures__value", distinct=True),
        last=Max("figures__pk"),
    ).filter(providers__gt=1, values_told__gt=1)
    for pk, name, form, person, last in many.values_list("pk", "name", "form_id", "form__employee_id", "last"):
        code = FindingCode.TWO_SOURCES
        yield Found(code, f"{code}:{pk}:{last}", person, form, {"item": name})


def recorded_twice(cycle: Cycle) -> Iterator[Found]:
    """Incidents, and bonuses, of one kind that a person has twice on one day."""
    period = (cycle.starts_on, cycle.ends_on)
    shares = Involvement.objects.filter(state__in=COUNTING, incident__occurred_on__range=period)
    by = ("employee_id", "incident__kind_id", "incident__occurred_on")
    names = {"first": Min("incident__number"), "last": Max("incident__number"), "n": Count("incident", distinct=True)}
    for person, kind, day, first, last, n in shares.order_by().values(*by).annotate(**names).values_list(*by, *names):
        if n > 1:
            code, detail = FindingCode.TWICE, {"day": day.isoformat(), "first": first, "last": last, "n": n}
            yield Found(code, f"{code}:{person}:{kind}:{day}:{n}", person, None, detail)
    claims = Bonus.objects.filter(state__in=COUNTING, occurred_on__range=period)
    of = ("employee_id", "kind_id", "occurred_on")
    names = {"first": Min("number"), "last": Max("number"), "n": Count("pk")}
    for person, kind, day, first, last, n in claims.order_by().values(*of).annotate(**names).values_list(*of, *names):
        if n > 1:
            code, detail = FindingCode.CLAIMED_TWICE, {"day": day.isoformat(), "first": first, "last": last, "n": n}
            yield Found(code, f"{code}:{person}:{kind}:{day}:{n}", person, None, detail)


def shared_files(cycle: Cycle) -> Iterator[Found]:
    """One file behind the figures of several people: right for a list of everybody, wrong for a picture of one."""
    rows = Evidence.objects.filter(figure__item__form__cycle=cycle, figure__superseded_at__isnull=True)
    by: dict[str, dict[str, str]] = defaultdict(dict)
    names = ("sha256", "name", "figure__item__form__employee__number", "figure__item__form__employee__name")
    for digest, file, number, name in rows.order_by("pk").values_list(*names):
        by[digest] |= {number: name, "": file}
    for digest, people in by.items():
        file = people.pop("")
        if len(people) > 1:
            code, some = FindingCode.SAME_FILE, list(people.values())
            words = {"file": file, "who": some[:MOST_NAMES], "n": len(some)}
            yield Found(code, f"{code}:{digest[:40]}:{len(some)}", None, None, words)


def all_alike(cycle: Cycle) -> Iterator[Found]:
    """Owners who gave every one of three or more people the same review score on every item."""
    shares: dict[int, dict[int, set[Decimal]]] = defaultdict(lambda: defaultdict(set))
    rows = Score.objects.filter(item__form__cycle=cycle, kind=ScoreKind.REVIEW).order_by()
    names = ("item__form__owner_id", "item__form_id", "points", "item__points")
    for owner, form, points, full in rows.values_list(*names).iterator():
        shares[owner][form].add(percent(points, full))
    for owner, forms in shares.items():
        given = set().union(*forms.values())
        if len(forms) >= FEWEST_PEOPLE and len(given) == 1:
            share = plain(given.pop())
            code = FindingCode.ALL_ALIKE
            yield Found(code, f"{code}:{owner}:{share}:{len(forms)}", owner, None, {"n": len(forms), "value": share})


def self_gaps(cycle: Cycle) -> Iterator[Found]:
    """Forms whose own and review scores are more than one level apart over the items that have both."""
    own, review = (Q(scores__kind=kind) for kind in (ScoreKind.SELF, ScoreKind.REVIEW))
    items = Item.objects.filter(form__cycle=cycle, not_applicable_reason="")
    both = items.annotate(own=Sum("scores__points", filter=own), review=Sum("scores__points", filter=review))
    both = both.filter(own__isnull=False, review__isnull=False).order_by()
    sums: dict[int, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for form, *points in both.values_list("form_id", "own", "review", "points").iterator():
        sums[form] = [a + b for a, b in zip(sums[form], points, strict=True)]
    far = {form: (percent(a, full), percent(b, full)) for form, (a, b, full) in sums.items()}
    far = {form: pair for form, pair in far.items() if abs(pair[0] - pair[1]) > LEVEL}
    people = dict(Form.objects.filter(cycle=cycle, pk__in=far).values_list("pk", "employee_id"))
    for form, (mine, theirs) in far.items():
        code, detail = FindingCode.SELF_GAP, {"own": plain(mine) + "%", "review": plain(theirs) + "%"}
        yield Found(code, f"{code}:{form}:{plain(mine)}:{plain(theirs)}", people[form], form, detail)
