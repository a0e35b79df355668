"""A post's library as its page shows it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q

from appraisals.models import Item, LibraryItem
from appraisals.selectors.methods import method_words
from appraisals.selectors.targets import NUMBERS
from appraisals.states import DataSource, ItemSource, Part
from people.models import Position

UNCONFIRMED = (ItemSource.PUBLIC, ItemSource.PROPOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryLine:
    """A library item with its method in words."""

    item: LibraryItem
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPart:
    """The items of one part, and the sum of those in use."""

    code: str
    number: str
    name: str
    total: Decimal
    lines: list[LibraryLine]
    to_confirm: int


def library_posts() -> list[Position]:
    """Every post with how many of its items are defaults still to be confirmed."""
    defaults = Count("library", filter=Q(library__is_active=True, library__source__in=UNCONFIRMED))
    return list(Position.objects.annotate(defaults=defaults).order_by("order", "code"))


def library_parts(post: Position) -> list[LibraryPart]:
    """The parts that the class of post is appraised by, with their items."""
    items = list(LibraryItem.objects.filter(position=post).order_by("-is_active", "order", "pk"))
    wanted = [part for part in Part if part != Part.MANAGEMENT or post.is_managerial]
    return [_part(part, [item for item in items if item.part == part]) for part in wanted]


def monitored_people(first: date, last: date) -> Q:
    """The filter for employees whose figures come from call monitoring in ``first`` … ``last`` (A2).

    Either the library of their post says so, or an item of their own form in that time.
    """
    posts = LibraryItem.objects.filter(data_source=DataSource.MONITORING, is_active=True)
    items = Item.objects.filter(
        data_source=DataSource.MONITORING, form__cycle__starts_on__lte=last, form__cycle__ends_on__gte=first
    )
    return Q(position__in=posts.values("position")) | Q(pk__in=items.values("form__employee"))


def _part(part: Part, items: list[LibraryItem]) -> LibraryPart:
    in_use = [item for item in items if item.is_active]
    return LibraryPart(
        code=part.value,
        number=str(NUMBERS[part]),
        name=str(part.label),
        total=sum((item.points for item in in_use), Decimal(0)),
        lines=[LibraryLine(item=item, method=method_words(item.method, item.parameters)) for item in items],
        to_confirm=sum(1 for item in in_use if item.needs_confirmation),
    )
