"""Targets as a page shows them: by part, with the method in words, against the period before, weights filled or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisals.models import Form, Item
from appraisals.selectors.methods import method_words
from appraisals.states import FormState, Part
from people.models import Employee, GroupMember, RoleGrant
from people.selectors import holding_on
from people.states import PositionClass
from policy.rounding import plain
from policy.schemes import Scheme as Rules
from policy.weights import Weight, fills

NUMBERS = {
    Part.KPI: gettext_lazy("一"),
    Part.GOAL: gettext_lazy("二"),
    Part.BEHAVIOUR: gettext_lazy("三"),
    Part.MANAGEMENT: gettext_lazy("四"),
}
MAX_CANDIDATES = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLine:
    """One item with its method in words and what differs from the period before."""

    item: Item
    method: str
    changes: tuple[str, ...] = ()
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPart:
    """A part of the form in annex order."""

    code: str
    number: str
    name: str
    total: Decimal
    lines: list[TargetLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """How far the weights of a group of parts are filled."""

    key: str
    label: str
    found: Decimal
    wanted: Decimal
    gap: Decimal

    @property
    def state(self) -> str:
        return "even" if not self.gap else "short" if self.gap > 0 else "over"

    @property
    def distance(self) -> Decimal:
        return abs(self.gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """This period's items against the last one's."""

    has_last: bool = False
    added: frozenset[int] = frozenset()
    changed: dict[int, tuple[str, ...]] = field(default_factory=dict)
    removed: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        return self.has_last and not (self.added or self.changed or self.removed)


def items_of(form: Form) -> list[Item]:
    """The form's items with their providers, in the order of the part."""
    return list(form.items.select_related("provider").order_by("part", "order", "pk"))


def last_items_of(form: Form) -> list[Item]:
    """The same person's items of the latest earlier form of that kind of cycle, in one statement."""
    earlier = Form.objects.filter(
        employee_id=form.employee_id, cycle__kind=form.cycle.kind, cycle__starts_on__lt=form.cycle.starts_on
    ).order_by("-cycle__starts_on")
    return list(Item.objects.filter(form__in=earlier.values("pk")[:1]).select_related("provider"))


def compare(items: Iterable[Item], last: Sequence[Item]) -> Comparison:
    """What was added, changed and left out; an item is the same when part and name are."""
    if not last:
        return Comparison()
    before = {(item.part, item.name): item for item in last}
    added, changed = set(), {}
    for item in items:
        old = before.pop((item.part, item.name), None)
        if old is None:
            added.add(item.pk)
        elif words := _differences(item, old):
            changed[item.pk] = words
    return Comparison(has_last=True, added=frozenset(added), changed=changed, removed=tuple(n for _p, n in before))


def _differences(item: Item, old: Item) -> tuple[str, ...]:
    words = []
    if item.points != old.points:
        values = {"old": plain(old.points), "new": plain(item.points)}
        words.append(_("权重 %(old)s→%(new)s") % values)
    if item.standard != old.standard:
        words.append(_("标准原为“%(old)s”") % {"old": old.standard})
    if (item.method, item.parameters) != (old.method, old.parameters):
        words.append(_("评分方式原为：%(old)s") % {"old": method_words(old.method, old.parameters) or _("无")})
    return tuple(words)


def parts_of(items: Sequence[Item], comparison: Comparison) -> list[TargetPart]:
    """The items by part, in annex order; parts without an item are left out."""
    found = []
    for part in Part:
        own = [item for item in items if item.part == part]
        if own:
            lines = [
                TargetLine(
                    item=item,
                    method=method_words(item.method, item.parameters),
                    changes=comparison.changed.get(item.pk, ()),
                    is_new=item.pk in comparison.added,
                )
                for item in own
            ]
            total = sum((item.points for item in own), Decimal(0))
            found.append(
                TargetPart(code=part.value, number=str(NUMBERS[part]), name=str(part.label), total=total, lines=lines)
            )
    return found


def meters(weights: Iterable[tuple[str, str, Decimal]], rules: Rules, *, managerial: bool) -> list[Meter]:
    """The weight meter, from (part, name, weight) rows; the core says what each part must sum to."""
    short = {("kpi", "goal"): _("业绩与目标"), ("behaviour",): _("行为与态度"), ("management",): _("管理行为")}
    return [
        Meter(key=" ".join(fill.parts), label=short[fill.parts], found=fill.found, wanted=fill.wanted, gap=fill.gap)
        for fill in fills([Weight(*row) for row in weights], rules, managerial=managerial)
    ]


def provider_candidates(form: Form, current: Iterable[int]) -> QuerySet[Employee]:
    """People who may be named as providers, for the list beside the field: not everybody, but everybody usual."""
    holding = holding_on(form.cycle.ends_on)
    usual = (
        Q(pk__in=[form.owner_id, *current])
        | Q(pk__in=GroupMember.objects.filter(holding).values("employee"))
        | Q(pk__in=RoleGrant.objects.filter(holding).values("employee"))
        | Q(region_id=form.region_id, position__position_class=PositionClass.MANAGERIAL)
    )
    working = Q(left_on__isnull=True) | Q(left_on__gte=form.cycle.starts_on)
    people = Employee.objects.filter(usual, working).exclude(pk=form.employee_id)
    return people.select_related("position", "region").order_by("number")[:MAX_CANDIDATES]


def neighbours(form: Form, *, owner_id: int | None) -> tuple[int | None, int | None, int, int]:
    """(previous, next, place, count) among an owner's forms of the cycle, or among those waiting for approval."""
    forms = Form.objects.filter(cycle_id=form.cycle_id)
    forms = forms.filter(owner_id=owner_id) if owner_id else forms.filter(state=FormState.APPROVAL)
    ids = list(forms.order_by(F("employee__number")).values_list("pk", flat=True)[:500])
    if form.pk not in ids:
        return None, ids[0] if ids else None, 0, len(ids)
    place = ids.index(form.pk)
    following = ids[place + 1] if place + 1 < len(ids) else None
    return (ids[place - 1] if place else None), following, place + 1, len(ids)


def next_unset(form: Form) -> int | None:
    """Another form of the same owner and cycle whose targets are still to be set."""
    rest = Form.objects.filter(cycle_id=form.cycle_id, owner_id=form.owner_id, state=FormState.TARGETS)
    return rest.exclude(pk=form.pk).order_by("employee__number").values_list("pk", flat=True).first()
