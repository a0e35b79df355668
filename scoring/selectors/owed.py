"""Who owes what of a month; one statement and its count."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from appraisals.models import Cycle, Form, Item
from appraisals.states import FormState
from common.db import among
from scoring.models import Signature
from scoring.selectors.board import DATA, REVIEW, SELF, SIGN, TARGETS, unheard, unreported
from scoring.states import Side

S = FormState
APPROVAL, CONFIRMATION, CALLS = "approval", "confirmation", "calls"


class Owed(NamedTuple):
    """What somebody owes: one row per person and sort. ``person_id`` None: the CS management department.

    ``forms`` wait for it; of figures ``things`` are missing, of ``sorts`` indicators, one called ``sample``.
    """

    what: str
    person_id: int | None
    number: str
    name: str
    forms: int
    things: int
    sorts: int
    sample: str
    form_id: int


class Missing(NamedTuple):
    """A figure that a form waits for, and whose it is to report; ``what`` tells a figure from calls to listen to."""

    what: str
    provider_number: str
    provider: str
    number: str
    name: str
    region: str
    item: str
    form_id: int


def missing_figures(cycle: Cycle, *, form_ids: Iterable[int] | None = None) -> QuerySet[Any]:
    """Every missing figure of the month, or of these forms, by provider: rows of ``Missing``, in one statement."""
    heads = {
        "of_provider_number": Coalesce("provider__number", "form__owner__number"),
        "of_provider": Coalesce("provider__name", "form__owner__name"),
    }
    columns = ("form__employee__number", "form__employee__name", "form__region__name", "name", "form_id")
    wanted = Q() if form_ids is None else Q(form__in=among(form_ids))
    figures, calls = (
        items.filter(wanted).order_by().annotate(of_what=Value(what, CharField()), **heads)
        for what, items in ((DATA, unreported(cycle)), (CALLS, unheard(cycle)))
    )
    names = ("of_what", *heads, *columns)
    found: QuerySet[Any] = figures.values_list(*names).union(calls.values_list(*names), all=True)
    return found.order_by("of_provider_number", "name", "form__employee__number")


def debts(cycle: Cycle, *, step: str = "", region: str = "") -> QuerySet[Any]:
    """Who owes what, most forms first: rows of ``Owed``, to be paged."""
    parts = [part for name, part in _debts(cycle, region) if step in ("", name)]
    if not parts:
        return Form.objects.none()
    first, *rest = parts
    found: QuerySet[Any] = first.union(*rest, all=True)
    return found.order_by("-n_forms", "of_number", "of_what")


def _debts(cycle: Cycle, region: str) -> Iterator[tuple[str, QuerySet[Any]]]:
    forms = Form.objects.filter(cycle=cycle)
    forms = forms.filter(region__code=region) if region else forms
    yield TARGETS, _by_person(TARGETS, forms.filter(state=S.TARGETS), "owner")
    yield TARGETS, _by_nobody(APPROVAL, forms.filter(state=S.APPROVAL))
    yield TARGETS, _by_person(CONFIRMATION, forms.filter(state=S.CONFIRMATION), "employee")
    yield SELF, _by_person(SELF, forms.filter(state=S.ACTIVE), "employee")
    yield DATA, _figures(DATA, unreported(cycle), region)
    yield DATA, _figures(CALLS, unheard(cycle), region)
    yield REVIEW, _by_person(REVIEW, forms.filter(state=S.REVIEW), "owner")
    published = forms.filter(state=S.PUBLISHED)
    yield SIGN, _by_person(SIGN, published.exclude(_signed(Side.OWNER)), "owner")
    yield SIGN, _by_person(SIGN, published.exclude(_signed(Side.APPRAISEE)), "employee")


def _signed(side: Side) -> Exists:
    found = Signature.objects.filter(result__form=OuterRef("pk"), result__superseded_at__isnull=True, side=side)
    return Exists(found)


def unsigned_by(person_id: int) -> Q:
    """Published forms that wait for that person's signature."""
    own = Q(employee=person_id) & ~Q(_signed(Side.APPRAISEE))
    return Q(state=S.PUBLISHED) & (own | (Q(owner=person_id) & ~Q(_signed(Side.OWNER))))


def _by_person(what: str, forms: QuerySet[Form], holder: str) -> QuerySet[Any]:
    heads = {"person_id": F(f"{holder}_id"), "number": F(f"{holder}__number"), "name": F(f"{holder}__name")}
    return _row(what, forms, heads, forms=Count("pk"), form_id=Min("pk"), sample=Max("employee__name"))


def _by_nobody(what: str, forms: QuerySet[Form]) -> QuerySet[Any]:
    nobody = Value("", CharField())
    heads = {"person_id": Cast(Value(None), IntegerField()), "number": nobody, "name": nobody}
    return _row(what, forms, heads, forms=Count("pk"), form_id=Min("pk"), sample=Max("employee__name"))


def _figures(what: str, items: QuerySet[Item], region: str) -> QuerySet[Any]:
    """By provider; what nobody was named for is the owner's (P4.1d)."""
    items = items.filter(form__region__code=region) if region else items
    heads = {
        "person_id": Coalesce("provider_id", "form__owner_id"),
        "number": Coalesce("provider__number", "form__owner__number"),
        "name": Coalesce("provider__name", "form__owner__name"),
    }
    counts = {"forms": Count("form_id", distinct=True), "form_id": Min("form_id"), "sample": Min("name")}
    return _row(what, items, heads, **counts, sorts=Count("name", distinct=True))


def _row(what: str, found: QuerySet[Any], heads: dict[str, Any], **counts: Any) -> QuerySet[Any]:
    """Columns carry prefixes: a name of their own must not hide a column of the model while it is counted."""
    marked = {f"of_{name}": head for name, head in {"what": Value(what, CharField()), **heads}.items()}
    rows = found.order_by().annotate(**marked).values(*marked)
    one = {"sorts": Value(1, IntegerField()), "things": Count("pk", distinct=True)} | counts
    counted: QuerySet[Any] = rows.annotate(**{f"n_{name}": count for name, count in one.items()})
    return counted.values_list(*marked, *(f"n_{name}" for name in Owed._fields[len(marked) :]))
