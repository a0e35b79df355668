"""Who is what to a form, and who may see it: each rule once for a row, once for a queryset.

Review scores stay with the owner until the result is published; see ``may_see_review``.
"""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from appraisals.models import Form, Item, Scheme, UpwardTurn
from appraisals.states import RESULT_STATES, FormState, SchemeState
from appraisals.workflow import Hat
from people.facts import Standing, SystemActor
from people.models import Employee
from people.selectors import standing_of

HR_SEES = (FormState.CONSOLIDATED, *RESULT_STATES)
HIDDEN_FROM_APPRAISEE = (FormState.TARGETS, FormState.APPROVAL)


def hats_on(
    form: Form, person: Employee | SystemActor, standing: Standing | None = None, day: date | None = None
) -> frozenset[Hat]:
    """What ``person`` is to ``form``. On his own form everybody is only the appraisee; who has left is nothing else.

    Provider and rater are looked up only by ``item_hats`` and ``rater_hats``: they see no form.
    """
    if isinstance(person, SystemActor):
        return frozenset((Hat.SYSTEM,))
    if form.employee_id == person.pk:
        return frozenset((Hat.APPRAISEE,))
    standing = standing or standing_of(person, day or timezone.localdate())
    worn = {
        Hat.OWNER: form.owner_id == person.pk and person.works_on(timezone.localdate()),
        Hat.DEPARTMENT: standing.is_department,
        Hat.DUTY: standing.is_on_duty(form.cycle.duty_month),
        Hat.LEADER: standing.is_leader,
        Hat.HR: standing.is_hr,
        Hat.AUDITOR: standing.is_auditor,
    }
    return frozenset(hat for hat, wears in worn.items() if wears)


def item_hats(item: Item, person: Employee | SystemActor, form_hats: frozenset[Hat]) -> frozenset[Hat]:
    """The hats on the form, and that of the provider of this very item."""
    provides = isinstance(person, Employee) and item.provider_id == person.pk and person.works_on(timezone.localdate())
    return form_hats | {Hat.PROVIDER} if provides else form_hats


def rater_hats(form: Form, person: Employee | SystemActor) -> frozenset[Hat]:
    """Rater, if the person is asked to rate the appraisee of ``form`` from below."""
    if isinstance(person, SystemActor):
        return frozenset((Hat.SYSTEM,))
    asked = UpwardTurn.objects.filter(form=form, rater=person).exists()
    return frozenset((Hat.RATER,)) if asked else frozenset()


def can_view_form(person: Employee, form: Form, standing: Standing) -> bool:
    """Row rule; twin of ``visible_forms``."""
    hats = hats_on(form, person, standing)
    if Hat.APPRAISEE in hats:
        return form.state not in HIDDEN_FROM_APPRAISEE
    if hats & {Hat.OWNER, Hat.DEPARTMENT, Hat.DUTY, Hat.LEADER, Hat.AUDITOR}:
        return True
    return Hat.HR in hats and form.state in HR_SEES


def visible_forms(person: Employee, standing: Standing) -> QuerySet[Form]:
    """List rule; twin of ``can_view_form``."""
    mine = Q(employee=person) & ~Q(state__in=HIDDEN_FROM_APPRAISEE)
    others = Q(owner=person) if person.works_on(timezone.localdate()) else Q(pk__in=())
    if standing.is_department or standing.is_leader or standing.is_auditor:
        others = Q()
    else:
        if standing.is_hr:
            others |= Q(state__in=HR_SEES)
        others |= _cycles_on_duty(standing)
    return Form.objects.filter(mine | (others & ~Q(employee=person)))


def may_see_review(form: Form, hats: frozenset[Hat]) -> bool:
    """Review and superior's scores: the appraisee sees them with the published result, not before."""
    return Hat.APPRAISEE not in hats or form.state in RESULT_STATES


def may_see_self(form: Form, hats: frozenset[Hat]) -> bool:
    """Self-scores: a draft belongs to the appraisee alone until it is submitted."""
    return Hat.APPRAISEE in hats or form.state not in (
        FormState.TARGETS,
        FormState.APPROVAL,
        FormState.CONFIRMATION,
        FormState.ACTIVE,
    )


def _cycles_on_duty(standing: Standing) -> Q:
    found = Q(pk__in=())
    for month in standing.duty_months:
        found |= Q(cycle__ends_on__year=month.year, cycle__ends_on__month=month.month)
    return found


def can_open_for_all(standing: Standing) -> bool:
    """Plan a round for everybody: the group's leader, the department, HR (P5.2). A superior opens for his own team."""
    return standing.is_leader or standing.is_department or standing.is_hr


def can_edit_library(standing: Standing) -> bool:
    """Change the libraries that targets are drafted from (P5.2)."""
    return standing.is_leader or standing.is_department or standing.is_hr


def can_approve_targets(standing: Standing) -> bool:
    """See and decide what waits for the CS management department (P4.1b)."""
    return standing.is_department


def can_draft_scheme(standing: Standing) -> bool:
    """Draft, change and submit a version of the scheme, and check one that others drafted (P5.2, P8)."""
    return standing.is_member


def can_approve_scheme(standing: Standing) -> bool:
    """Approve a checked version (P8)."""
    return standing.is_department or standing.is_general_manager


def reads_scheme_drafts(standing: Standing) -> bool:
    """Read versions that are not approved yet, or never were."""
    return can_draft_scheme(standing) or can_approve_scheme(standing) or standing.is_hr or standing.is_auditor


def can_view_scheme(scheme: Scheme, standing: Standing) -> bool:
    """Row rule; twin of ``visible_schemes``: an approved version is everybody's."""
    return scheme.state == SchemeState.APPROVED or reads_scheme_drafts(standing)


def visible_schemes(standing: Standing) -> QuerySet[Scheme]:
    """List rule; twin of ``can_view_scheme``."""
    return Scheme.objects.all() if reads_scheme_drafts(standing) else Scheme.objects.filter(state=SchemeState.APPROVED)
