"""What a draft of targets is made from: the post's library, the period before, the usual providers (P4.1, P6.1)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from appraisals.models import Cycle, Form, Item, LibraryItem
from appraisals.states import DataSource, Part
from people.models import Employee
from people.selectors import duty_officer_of, superiors_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Providers:
    """Who usually reports figures: the direct superior; for managerial posts the duty officer (P4.1d)."""

    superiors: dict[int, int]
    officer_id: int | None
    working: frozenset[int]

    def default_for(self, form: Form) -> int | None:
        """Nobody reports his own figures: then the owner does."""
        wanted = self.officer_id if form.is_managerial else self.superiors.get(form.employee_id)
        if wanted is None and form.is_managerial:
            return None
        return form.owner_id if wanted in {None, form.employee_id} else wanted

    def kept_or_default(self, item: Item, form: Form) -> int | None:
        """Last month's provider as long as he still works here."""
        keeps = item.provider_id in self.working and item.provider_id != form.employee_id
        return item.provider_id if keeps else self.default_for(form)


def day_within(starts_on: date, ends_on: date, today: date) -> date:
    """The day whose reporting lines hold for a period: today, kept within it."""
    return min(max(today, starts_on), ends_on)


def providers_for(cycle: Cycle, employee_ids: Collection[int], today: date) -> Providers:
    """The usual providers of a cycle's people, in three statements."""
    day = day_within(cycle.starts_on, cycle.ends_on, today)
    officer = duty_officer_of(cycle.duty_month)
    still_here = Employee.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=cycle.ends_on))
    return Providers(
        superiors=superiors_on(day, employee_ids),
        officer_id=officer.pk if officer else None,
        working=frozenset(still_here.values_list("pk", flat=True)),
    )


def cycle_before(cycle: Cycle) -> Cycle | None:
    """The last cycle of the same kind before this one."""
    return Cycle.objects.filter(kind=cycle.kind, starts_on__lt=cycle.starts_on).order_by("-starts_on").first()


def items_before(forms: Sequence[Form], cycle: Cycle) -> dict[int, list[Item]]:
    """Form id → the items of the same person's form of the cycle before, in the same post; three statements.

    Who had no form then, or another post, is left out.
    """
    previous = cycle_before(cycle)
    if previous is None:
        return {}
    now = {form.employee_id: form for form in forms}
    then = Form.objects.filter(cycle=previous, employee_id__in=list(now)).values_list(
        "pk", "employee_id", "position_id"
    )
    current = {pk: now[person].pk for pk, person, post in then if now[person].position_id == post}
    found: dict[int, list[Item]] = {}
    # No joins: for ten thousand people every joined row would be built a dozen times over.
    for item in Item.objects.filter(form_id__in=list(current)).order_by("form_id", "part", "order", "pk"):
        found.setdefault(current[item.form_id], []).append(item)
    return found


def library_for(position_ids: Iterable[int]) -> dict[int, list[LibraryItem]]:
    """Position id → its active ready-made items, in the order of the form."""
    found: dict[int, list[LibraryItem]] = {}
    for item in active_library().filter(position_id__in=set(position_ids)):
        found.setdefault(item.position_id, []).append(item)
    return found


def active_library() -> QuerySet[LibraryItem]:
    """Every item that drafts may use."""
    return LibraryItem.objects.filter(is_active=True).order_by("position", "part", "order", "pk")


def from_library(row: LibraryItem, form: Form, providers: Providers) -> Item:
    """A form's own copy of a library item, not saved."""
    reported = row.part == Part.KPI and row.data_source == DataSource.MANUAL
    return Item(
        form=form,
        library=row,
        provider_id=providers.default_for(form) if reported else None,
        **{name: getattr(row, name) for name in COPIED},
    )


def from_last(old: Item, form: Form, providers: Providers) -> Item:
    """A form's own copy of last period's item, not saved. What did not apply then may apply again."""
    reported = old.part == Part.KPI and old.data_source == DataSource.MANUAL
    return Item(
        form=form,
        library_id=old.library_id,
        provider_id=providers.kept_or_default(old, form) if reported else None,
        **{name: getattr(old, name) for name in COPIED},
    )


COPIED = ("part", "order", "name", "standard", "points", "unit", "method", "parameters", "data_source", "anchors")
