"""What came after its term: the first self-score and the first figure count, not what was returned or corrected later.

Nobody is late with what he could not give yet: if the targets were agreed only after the term, nothing is marked.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from appraisals.models import Figure, Form
from audit.log import acts_on

SUBMITTED = "form.submit_self"


def end_of(due_on: date) -> datetime:
    """24:00 of a term's last day in Shanghai: what comes at that moment or later is late (P6.3)."""
    return timezone.make_aware(datetime.combine(due_on + timedelta(days=1), time.min))


def agreed_late(form: Form, due_on: date) -> bool:
    """Whether the targets were agreed only after ``due_on``."""
    return form.confirmed_at is not None and form.confirmed_at >= end_of(due_on)


def agreed_in_time(due_on: date, form: str = "form__") -> Q:
    """The filter for what could be given within the term; ``form`` leads to the form's columns."""
    return Q(**{f"{form}confirmed_at__isnull": True}) | Q(**{f"{form}confirmed_at__lt": end_of(due_on)})


def first_reported() -> Subquery:
    """For an item: the moment its first figure was entered."""
    figures: QuerySet[Figure] = Figure.objects.filter(item=OuterRef("pk")).order_by("pk")
    return Subquery(figures.values("entered_at")[:1])


def late_self_scores(forms: Iterable[Form]) -> dict[int, datetime]:
    """Form id → when its self-score first came, of those that came late; one statement, none if none can be.

    Needs the forms' cycles.
    """
    late = [form for form in forms if _is_late(form, form.self_submitted_at)]
    acts = acts_on(SUBMITTED, late)
    found = {}
    for form in late:
        first = next((act.at for act in acts.get(str(form.pk), ())), form.self_submitted_at)
        if first is not None and _is_late(form, first):
            found[form.pk] = first
    return found


def _is_late(form: Form, at: datetime | None) -> bool:
    due_on = form.cycle.self_due_on
    return at is not None and at >= end_of(due_on) and not agreed_late(form, due_on)
