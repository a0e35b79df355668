"""Whom a subordinate is asked to rate (P4.4)."""

from django.db.models import Prefetch

from appraisals.models import Form, Item, UpwardTurn
from appraisals.states import Part
from appraisals.workflow import EDITS, Piece
from people.models import Employee

OPEN, _BY = EDITS[Piece.UPWARD_SCORES]


def turns_of(person: Employee) -> list[UpwardTurn]:
    """The person's open and finished turns of forms that still take ratings, with their items: two statements."""
    items = Item.objects.filter(part=Part.MANAGEMENT, not_applicable_reason="").order_by("order", "pk")
    turns = UpwardTurn.objects.filter(rater=person, form__state__in=OPEN)
    names = ("form__cycle__scheme", "form__employee", "form__position", "form__region")
    rows = turns.select_related(*names).order_by("is_done", "form__cycle__starts_on", "form__employee__number")
    return list(rows.prefetch_related(Prefetch("form__items", queryset=items)))


def asked_form(person: Employee, pk: int) -> Form | None:
    """The form, if the person is asked to rate on it."""
    return Form.objects.filter(pk=pk, upward_turns__rater=person).select_related("employee").first()
