"""Open a month, quarter or year of appraisal for all or some, in one act (P3)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisals.models import Cycle, Form
from appraisals.permissions import can_open_for_all
from appraisals.selectors.drafts import day_within
from appraisals.selectors.schemes import rules_of, scheme_in_force
from appraisals.selectors.terms import days_behind, period_of, terms_of
from appraisals.services.drafting import BATCH, Drafted, fill_with_drafts
from appraisals.services.scheme_steps import hold_schemes
from appraisals.services.steps import Actor, standing_for
from appraisals.states import DraftSource
from audit.log import record, record_many
from common.errors import RuleError
from common.selectors import calendar_between
from people.facts import SystemActor
from people.models import Employee
from people.selectors import employees_working, owners_on

NOT_EMPLOYED = gettext_lazy("这段时间不在职")
NO_POSITION = gettext_lazy("没有登记岗位或区域，不参加考核")
NO_OWNER = gettext_lazy("没有考核负责人，先登记直接上级")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Somebody who got no form, and why."""

    employee: Employee
    reason: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opening a cycle did."""

    cycle: Cycle
    is_new: bool
    opened: int
    already: int
    left_out: list[LeftOut]
    drafted: Drafted


@transaction.atomic(durable=True)
def open_cycle(
    kind: str,
    starts_on: date,
    *,
    by: Actor,
    employee_ids: Collection[int] | None = None,
    draft_from: DraftSource = DraftSource.SCRATCH,
) -> Opening:
    """Create the cycle if it is new, and forms for ``employee_ids`` (None: everybody the person may open for).

    Group leader, department and HR open for all; a superior for those whose appraisal owner he is. Who has a form
    already keeps it. The owner is fixed now, by the reporting lines of the period.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    starts_on, ends_on = period_of(kind, starts_on)
    working = {person.pk: person for person in employees_working(starts_on, ends_on)}
    day = day_within(starts_on, ends_on, today)
    wanted = set(working) if employee_ids is None else set(employee_ids)
    owners = owners_on(day, wanted)
    wanted = _allowed(wanted, owners, by=by, now=now, named=employee_ids is not None)
    cycle, is_new = _cycle(kind, starts_on, ends_on, by=by)
    have = set(Form.objects.filter(cycle=cycle, employee_id__in=wanted).values_list("employee_id", flat=True))
    ready = sorted(pk for pk in wanted - have if pk in working and pk in owners)
    forms = Form.objects.bulk_create([_form(cycle, working[pk], owners[pk]) for pk in ready], batch_size=BATCH)
    record_many("form.opened", [(form, None, {"cycle": cycle.key, "owner": form.owner_id}) for form in forms], by=by)
    return Opening(
        cycle=cycle,
        is_new=is_new,
        opened=len(forms),
        already=len(have),
        left_out=_left_out(wanted - have - set(ready), working),
        drafted=fill_with_drafts(forms, cycle, draft_from, today),
    )


def _allowed(wanted: set[int], owners: Mapping[int, int], *, by: Actor, now: datetime, named: bool) -> set[int]:
    """Everybody for those who plan the rounds, else one's own team; naming others is refused."""
    standing = standing_for(by, now)
    if isinstance(by, SystemActor) or (standing is not None and can_open_for_all(standing)):
        return wanted
    team = {pk for pk in wanted if owners.get(pk) == by.pk}
    if not team or (named and team != wanted):
        words = _("你可以给自己负责考核的人开考核表，其他人由考核小组组长、客服管理部或人力资源部来开。")
        raise RuleError(words, code="not_allowed")
    return team


def _cycle(kind: str, starts_on: date, ends_on: date, *, by: Actor) -> tuple[Cycle, bool]:
    found = Cycle.objects.select_for_update().filter(kind=kind, starts_on=starts_on).first()
    if found:
        return found, False
    hold_schemes()  # nobody approves another version for this period meanwhile
    scheme = scheme_in_force(starts_on)
    if scheme is None:
        words = _("%(day)s还没有生效的考核方案，先批准一版方案。") % {"day": starts_on.isoformat()}
        raise RuleError(words, code="no_scheme", field="starts_on")
    calendar = calendar_between(starts_on, ends_on)
    terms = terms_of(starts_on, ends_on, rules_of(scheme), calendar)
    days = days_behind(starts_on, terms, calendar)
    values = {"ends_on": ends_on, "scheme": scheme, "calendar": days, **terms.as_fields()}
    # Two people may open the same month at once: the one who comes second takes what the first made.
    cycle, is_new = Cycle.objects.get_or_create(kind=kind, starts_on=starts_on, defaults=values)
    if not is_new:
        return Cycle.objects.select_for_update().get(pk=cycle.pk), False
    record("cycle.opened", cycle, by=by, after={"key": cycle.key, "scheme": scheme.version})
    return cycle, True


def _form(cycle: Cycle, person: Employee, owner_id: int) -> Form:
    post, region = person.position, person.region
    if post is None or region is None:  # employees_working lists nobody without them
        raise ValueError(person.pk)
    return Form(
        cycle=cycle,
        employee=person,
        region=region,
        position=post,
        position_class=post.position_class,
        owner_id=owner_id,
    )


def _left_out(ids: set[int], working: Mapping[int, Employee]) -> list[LeftOut]:
    """Each with the first reason that holds."""
    people = Employee.objects.filter(pk__in=ids).select_related("region", "position").order_by("number")
    return [LeftOut(employee=person, reason=_reason(person, working)) for person in people]


def _reason(person: Employee, working: Mapping[int, Employee]) -> str | Promise:
    if person.pk in working:
        return NO_OWNER
    return NO_POSITION if person.position_id is None or person.region_id is None else NOT_EMPLOYED
