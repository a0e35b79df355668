"""Which scheme is in force, its numbers as the policy core reads them, and the way a version goes (P8, P9)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from appraisals.models import Cycle, Scheme, SchemeStep
from appraisals.permissions import can_approve_scheme, can_draft_scheme, visible_schemes
from appraisals.states import CycleKind, SchemeState, SchemeStepKind
from people.facts import Standing
from people.models import Employee
from people.selectors import offices_on
from policy.schemes import Scheme as Rules

OPEN_SCHEMES = (SchemeState.DRAFT, SchemeState.SUBMITTED, SchemeState.CHECKED)
"""Not decided yet."""
WROTE = (SchemeStepKind.DRAFTED, SchemeStepKind.SUBMITTED)


def scheme_in_force(day: date) -> Scheme | None:
    """The approved version in force on ``day`` (P8, P9): the latest that had taken effect."""
    approved = Scheme.objects.filter(state=SchemeState.APPROVED, effective_on__lte=day)
    return approved.order_by("-effective_on", "-pk").first()


def rules_of(scheme: Scheme) -> Rules:
    """The numbers of a version; ``PolicyError`` if the record was spoilt."""
    return Rules.from_dict(scheme.parameters)


def bonus_limit_of(month: date) -> Decimal | None:
    """The most that all bonuses of a month add (P4.6), by the scheme its forms go by; None: no limit."""
    cycles = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on=month.replace(day=1), scheme=OuterRef("pk"))
    in_force = Q(state=SchemeState.APPROVED, effective_on__lte=month)
    schemes = Scheme.objects.annotate(is_used=Exists(cycles)).filter(Q(is_used=True) | in_force)
    scheme = schemes.order_by("-is_used", "-effective_on", "-pk").first()
    return rules_of(scheme).bonus_limit if scheme else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version in the list: from when until when it is in force (``until`` is its last day, None open-ended).

    An approved one that another of the same day replaced was never in force.
    """

    scheme: Scheme
    until: date | None = None
    is_current: bool = False
    never: bool = False


def versions_for(standing: Standing, today: date) -> list[Version]:
    """The versions one may see, newest first, with the days of the approved ones."""
    found: list[Version] = []
    follower: Scheme | None = None
    for scheme in visible_schemes(standing).order_by("-effective_on", "-pk"):
        if scheme.state != SchemeState.APPROVED:
            found.append(Version(scheme=scheme))
            continue
        until = follower.effective_on - timedelta(days=1) if follower else None
        never = until is not None and until < scheme.effective_on
        begun = scheme.effective_on <= today and (until is None or until >= today)
        found.append(Version(scheme=scheme, until=until, is_current=begun and not never, never=never))
        follower = scheme
    return found


def replaced_by(scheme: Scheme) -> Scheme | None:
    """The approved version that ``scheme`` follows, or would follow: the one in force on its first day without it."""
    approved = Scheme.objects.filter(state=SchemeState.APPROVED, effective_on__lte=scheme.effective_on)
    if scheme.state == SchemeState.APPROVED:
        approved = approved.exclude(effective_on=scheme.effective_on, pk__gt=scheme.pk)
    return approved.exclude(pk=scheme.pk).order_by("-effective_on", "-pk").first()


def first_possible_day(today: date) -> tuple[date, Cycle | None]:
    """The first day a new version can be in force from: tomorrow, or the day after the last opened cycle began.

    And that cycle, if it is what decides.
    """
    tomorrow = today + timedelta(days=1)
    last = Cycle.objects.order_by("-starts_on").first()
    if last is None or last.starts_on < tomorrow:
        return tomorrow, None
    return last.starts_on + timedelta(days=1), last


def approved_history(until: Scheme) -> list[Scheme]:
    """The approved versions up to ``until``, oldest first, and that version itself: the document's history (P8)."""
    approved = Scheme.objects.filter(state=SchemeState.APPROVED, effective_on__lte=until.effective_on)
    found = [one for one in approved.order_by("effective_on", "pk") if one.pk != until.pk]
    return [*found, until]


@dataclass(frozen=True, slots=True)
class Way:
    """The steps a version has gone, and who took them: ids of those who wrote, and of those who checked."""

    steps: list[SchemeStep] = field(default_factory=list)

    @property
    def writers(self) -> set[int]:
        """Whoever drafted, changed or submitted it; none of them checks or approves it."""
        return {step.by_id for step in self.steps if step.kind in WROTE}

    @property
    def checkers(self) -> set[int]:
        """Whoever checked it; none of them approves it."""
        return {step.by_id for step in self.steps if step.kind == SchemeStepKind.CHECKED}

    @property
    def writer_names(self) -> str:
        """In the order they came, as the document names them."""
        return _names(step.by for step in self.steps if step.kind in WROTE)

    @property
    def returned(self) -> SchemeStep | None:
        """The last return, while nobody has submitted it again."""
        turns = (SchemeStepKind.SUBMITTED, SchemeStepKind.RETURNED)
        last = next((step for step in reversed(self.steps) if step.kind in turns), None)
        return last if last is not None and last.kind == SchemeStepKind.RETURNED else None


def _names(people: Iterable[Employee]) -> str:
    return "、".join(dict.fromkeys(person.name for person in people))


def way_of(scheme: Scheme) -> Way:
    """The steps with who took them; one statement."""
    return Way(list(scheme.steps.select_related("by").order_by("pk")))


def who_is_next(scheme: Scheme, way: Way, today: date) -> list[Employee]:
    """Who can take the next step: those who may check, or approve, and have had no other part in it."""
    if scheme.state not in OPEN_SCHEMES:
        return []
    if scheme.state == SchemeState.DRAFT:
        ids = way.writers
    else:
        may = can_draft_scheme if scheme.state == SchemeState.SUBMITTED else can_approve_scheme
        barred = way.writers | (way.checkers if scheme.state == SchemeState.CHECKED else set())
        ids = {pk for pk, standing in offices_on(today).items() if may(standing)} - barred
    return [person for person in Employee.objects.filter(pk__in=ids).order_by("number") if person.works_on(today)]


def schemes_waiting(person: Employee, standing: Standing) -> dict[SchemeState, QuerySet[Scheme]]:
    """State → versions that wait for the person: to be checked, to be approved, returned to him."""
    wrote = SchemeStep.objects.filter(by=person, kind__in=WROTE).values("scheme")
    checked = SchemeStep.objects.filter(by=person, kind=SchemeStepKind.CHECKED).values("scheme")
    found = {}
    if can_draft_scheme(standing):
        found[SchemeState.SUBMITTED] = Scheme.objects.filter(state=SchemeState.SUBMITTED).exclude(pk__in=wrote)
        returned = SchemeStep.objects.filter(kind=SchemeStepKind.RETURNED).values("scheme")
        found[SchemeState.DRAFT] = Scheme.objects.filter(state=SchemeState.DRAFT, pk__in=wrote).filter(pk__in=returned)
    if can_approve_scheme(standing):
        ready = Scheme.objects.filter(state=SchemeState.CHECKED)
        found[SchemeState.CHECKED] = ready.exclude(pk__in=wrote).exclude(pk__in=checked)
    return found


def steps_open_to(person: Employee, standing: Standing, scheme: Scheme, way: Way) -> dict[str, bool]:
    """Step → True for what the person may do with the version now; whoever had a part in it takes no other."""
    wrote, may_write = person.pk in way.writers, can_draft_scheme(standing)
    approves = can_approve_scheme(standing)
    is_handed_in = scheme.state in (SchemeState.SUBMITTED, SchemeState.CHECKED)
    found = {
        "edit": scheme.state == SchemeState.DRAFT and may_write,
        "submit": scheme.state == SchemeState.DRAFT and may_write,
        "check": scheme.state == SchemeState.SUBMITTED and may_write and not wrote,
        "approve": scheme.state == SchemeState.CHECKED and approves and person.pk not in way.writers | way.checkers,
        "return": is_handed_in and (may_write or approves),
        "withdraw": scheme.state in OPEN_SCHEMES and (standing.is_leader or (may_write and wrote)),
    }
    return {name: True for name, may in found.items() if may}
