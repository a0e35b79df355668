"""Who may prepare, see and change interviews, improvement plans and training requests (P5.1, P5.2, P6.4a).

Each rule for a row, visibility for a list too. A draft belongs to whoever writes it.
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from appraisals.models import Cycle, Form
from development.models import Amendment, Interview, Meeting, Plan, TrainingRequest
from development.states import OPEN_PLAN, InterviewState, PlanState, TrainingState
from people.facts import Standing
from people.models import Employee
from people.selectors import owners_on


def can_interview(person: Employee, form: Form, day: date) -> bool:
    """The appraisal owner of the form, while he works here; nobody interviews himself."""
    return form.owner_id == person.pk and form.employee_id != person.pk and person.works_on(day)


def can_view_interview(person: Employee, interview: Interview, standing: Standing) -> bool:
    """Row rule; twin of ``visible_interviews``: owner and appraisee, HR and the auditor; the draft is the owner's."""
    if interview.employee_id == person.pk:
        return interview.state != InterviewState.DRAFT
    if person.pk in {interview.owner_id, interview.form.owner_id}:
        return True
    return interview.state != InterviewState.DRAFT and reads_development(standing)


def visible_interviews(person: Employee, standing: Standing) -> QuerySet[Interview]:
    """List rule; twin of ``can_view_interview``."""
    held = (Q(owner=person) | Q(form__owner=person)) & ~Q(employee=person)
    others = Q() if reads_development(standing) else Q(employee=person)
    return Interview.objects.filter(held | (others & ~Q(state=InterviewState.DRAFT)))


def can_edit_interview(person: Employee, interview: Interview, day: date) -> bool:
    """The owner's notes, until they are shared."""
    return interview.state == InterviewState.DRAFT and can_interview(person, interview.form, day)


def can_recall_interview(person: Employee, interview: Interview, day: date) -> bool:
    """Take shared notes back to correct them, before the appraisee has confirmed."""
    return interview.state == InterviewState.SHARED and can_interview(person, interview.form, day)


def can_acknowledge_interview(person: Employee, interview: Interview) -> bool:
    """The appraisee, once."""
    return interview.state == InterviewState.SHARED and interview.employee_id == person.pk


def can_add_to_interview(person: Employee, interview: Interview) -> bool:
    """Both sides, when the record itself is no longer changed."""
    sides = {interview.employee_id, interview.owner_id, interview.form.owner_id}
    return interview.state == InterviewState.ACKNOWLEDGED and person.pk in sides


def reads_development(standing: Standing) -> bool:
    """Interviews and plans of everybody: HR, and the auditor."""
    return standing.is_hr or standing.is_auditor


def is_owner_today(person: Employee, employee_id: int, day: date) -> bool:
    """Whether the person is the employee's appraisal owner on that day (P5.1)."""
    return person.works_on(day) and owners_on(day, [employee_id]).get(employee_id) == person.pk


def can_view_plan(person: Employee, plan: Plan, standing: Standing) -> bool:
    """Row rule; twin of ``visible_plans``: the employee once it is published, its owner, HR and the auditor."""
    if plan.employee_id == person.pk:
        return plan.state != PlanState.DRAFT
    if plan.owner_id == person.pk:
        return True
    return plan.state != PlanState.DRAFT and reads_development(standing)


def visible_plans(person: Employee, standing: Standing) -> QuerySet[Plan]:
    """List rule; twin of ``can_view_plan``."""
    others = Q() if reads_development(standing) else Q(employee=person)
    return Plan.objects.filter(Q(owner=person) | (others & ~Q(state=PlanState.DRAFT)))


def can_run_plan(person: Employee, plan: Plan, day: date) -> bool:
    """Write, publish, look at and end it: its owner, while it is open."""
    return plan.owner_id == person.pk and person.works_on(day) and plan.state in OPEN_PLAN


def can_acknowledge_plan(person: Employee, plan: Plan) -> bool:
    """The employee signs for what was published."""
    return plan.state == PlanState.PUBLISHED and plan.employee_id == person.pk


def can_waive_plan(
    person: Employee, employee_id: int, *, owner: int | None, above: int | None, standing: Standing
) -> bool:
    """Say that no plan is needed: whoever stands above the owner, or HR; not who would write it or be its subject."""
    return person.pk not in {employee_id, owner} and (standing.is_hr or person.pk == above)


def can_comment_plan(person: Employee, plan: Plan) -> bool:
    """Both sides, from the publication on."""
    return plan.state != PlanState.DRAFT and person.pk in {plan.employee_id, plan.owner_id}


def can_hand_over_plan(plan: Plan, standing: Standing) -> bool:
    """HR gives an open plan to whoever is the employee's owner now."""
    return standing.is_hr and plan.state in OPEN_PLAN and plan.state != PlanState.DRAFT


def collects_training(standing: Standing) -> bool:
    """Gather the requests for the training centre: the group's leader, the department, HR (P5.2, P7.3)."""
    return standing.is_leader or standing.is_department or standing.is_hr


def reads_training(standing: Standing) -> bool:
    """The whole list with its statistics and the file."""
    return collects_training(standing) or standing.is_auditor


def can_view_training(person: Employee, request: TrainingRequest, standing: Standing) -> bool:
    """Row rule; twin of ``visible_training``: who asks, for whom, through whom; the readers what was passed on."""
    if person.pk in {request.employee_id, request.requested_by_id, request.passed_by_id}:
        return True
    return request.passed_at is not None and reads_training(standing)


def visible_training(person: Employee, standing: Standing) -> QuerySet[TrainingRequest]:
    """List rule; twin of ``can_view_training``."""
    mine = Q(employee=person) | Q(requested_by=person) | Q(passed_by=person)
    others = Q(passed_at__isnull=False) if reads_training(standing) else Q(pk__in=())
    return TrainingRequest.objects.filter(mine | others)


def can_pass_on(person: Employee, request: TrainingRequest, day: date) -> bool:
    """The superior, of what his employee asked for."""
    waits = request.state == TrainingState.REQUESTED and request.passed_at is None
    return waits and request.passed_by_id == person.pk and person.works_on(day)


def can_collect(request: TrainingRequest, standing: Standing) -> bool:
    """What was passed on and not yet handed to the training centre."""
    waits = request.state == TrainingState.REQUESTED and request.passed_at is not None
    return waits and collects_training(standing)


def can_arrange(request: TrainingRequest, standing: Standing) -> bool:
    """HR answers, whether the list was collected or not."""
    waits = request.state in (TrainingState.REQUESTED, TrainingState.COLLECTED)
    return waits and request.passed_at is not None and standing.is_hr


def can_run_meeting(standing: Standing, cycle: Cycle) -> bool:
    """Prepare, minute and send: the leader, or the duty officer of the month (P6.4b)."""
    return standing.is_leader or standing.is_on_duty(cycle.duty_month)


def can_view_meeting(person: Employee, meeting: Meeting, standing: Standing) -> bool:
    """Row rule; twin of ``visible_meetings``: group and department always, others once they were sent to them."""
    if reads_meetings(standing) or can_run_meeting(standing, meeting.cycle):
        return True
    if meeting.amendments.filter(asked=person).exists():
        return True
    return meeting.sent_at is not None and meeting.recipients.filter(pk=person.pk).exists()


def visible_meetings(person: Employee, standing: Standing) -> QuerySet[Meeting]:
    """List rule; twin of ``can_view_meeting``."""
    rows = Meeting.objects.select_related("cycle", "chair")
    if reads_meetings(standing):
        return rows
    asked = Exists(Amendment.objects.filter(meeting=OuterRef("pk"), asked=person))
    received = Exists(Meeting.recipients.through.objects.filter(meeting=OuterRef("pk"), employee=person))
    mine = Q(asked) | (Q(sent_at__isnull=False) & Q(received))
    for month in standing.duty_months:
        mine |= Q(cycle__ends_on__year=month.year, cycle__ends_on__month=month.month)
    return rows.filter(mine)


def reads_meetings(standing: Standing) -> bool:
    """Every month's meeting: the group, the department, the auditor."""
    return standing.is_leader or standing.is_member or standing.is_department or standing.is_auditor
