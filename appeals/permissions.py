"""Who may file, see, assign, examine and rule on an appeal (P6.3b): each rule for a row, visibility for a list too."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from appeals.models import Appeal
from appeals.states import OPEN_APPEAL
from appraisals.models import Form, Score, UpwardTurn
from audit.log import events_about
from people.facts import Standing
from people.models import DutySwap, DutyTurn, Employee, GroupMember, RoleGrant
from people.selectors import holding_on
from people.states import Duty, Role, SwapState
from scoring.models import Result


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever asks, with his standing."""

    person: Employee
    standing: Standing

    @property
    def sees_all(self) -> bool:
        """Those who answer for every appeal: leader, department, HR, auditor."""
        return can_read_statistics(self.standing)


def can_file(person: Employee, result: Result) -> bool:
    """The appraisee, against the published version that holds now."""
    return result.employee_id == person.pk and result.published_at is not None and result.superseded_at is None


def can_view_appeal(reader: Reader, appeal: Appeal) -> bool:
    """Row rule; twin of ``visible_appeals``. A draft, put away or not, is its author's alone."""
    person = reader.person.pk
    if appeal.employee_id == person:
        return True
    if appeal.submitted_at is None:
        return False
    return reader.sees_all or person in {appeal.handler_id, appeal.result.form.owner_id}


def visible_appeals(reader: Reader) -> QuerySet[Appeal]:
    """List rule; twin of ``can_view_appeal``."""
    rows = Appeal.objects.select_related(
        "result__form__cycle__scheme", "result__form__owner", "employee__position", "employee__region", "handler"
    )
    person = reader.person
    own, others = Q(employee=person), Q()
    if not reader.sees_all:
        others = Q(handler=person) | Q(result__form__owner=person)
    return rows.filter(own | (others & Q(submitted_at__isnull=False)))


def can_assign(reader: Reader, appeal: Appeal, day: date) -> bool:
    """First instance: the leader, the department's manager in his stead, and HR when both are parties; second: HR."""
    if appeal.state not in OPEN_APPEAL:
        return False
    one, person = reader.standing, reader.person
    if _is_party(person, appeal):
        return False
    if appeal.instance == 1 and (one.is_leader or one.is_department):
        return True
    return one.is_hr and (appeal.instance == 2 or person.pk in assigners(appeal, day))


def assigners(appeal: Appeal, day: date) -> list[int]:
    """Who is told that the appeal waits to be given to somebody: the leader, else the department's manager, else HR."""
    parties = {appeal.employee_id, appeal.result.form.owner_id}
    hr = RoleGrant.objects.filter(holding_on(day), role=Role.HR)
    leaders = GroupMember.objects.filter(holding_on(day), duty=Duty.LEADER)
    managers = RoleGrant.objects.filter(holding_on(day), role=Role.DEPARTMENT)
    for rows in (hr,) if appeal.instance == 2 else (leaders, managers, hr):
        found = [pk for pk in rows.values_list("employee_id", flat=True) if pk not in parties]
        if found:
            return found
    return []


def can_examine(reader: Reader, appeal: Appeal) -> bool:
    """Whoever it was given to, while it is open."""
    return appeal.state in OPEN_APPEAL and appeal.handler_id == reader.person.pk


def eligible_handlers(appeal: Appeal, day: date) -> QuerySet[Employee]:
    """Who may be given the appeal: of the group (second instance: of HR), and a stranger to the form.

    Neither appellant nor appraisal owner nor whoever was duty officer of that month, consolidated it or has rated the
    form; of the second instance nobody who was given the first. Why somebody is missing is told to nobody: it could
    name a rater.
    """
    form = appeal.result.form
    of_hr = RoleGrant.objects.filter(holding_on(day), role=Role.HR, employee=OuterRef("pk"))
    of_group = GroupMember.objects.filter(holding_on(day), employee=OuterRef("pk"))
    people = Employee.objects.filter(Exists(of_hr if appeal.instance == 2 else of_group)).exclude(
        pk__in={appeal.employee_id, form.owner_id}
    )
    people = people.filter(Q(left_on__isnull=True) | Q(left_on__gte=day))
    rated = Score.objects.filter(item__form=form, rater=OuterRef("pk"))
    asked = UpwardTurn.objects.filter(form=form, rater=OuterRef("pk"))
    on_duty = DutyTurn.objects.filter(month=form.cycle.duty_month, officer=OuterRef("pk"))
    handed_over = DutySwap.objects.filter(
        month=form.cycle.duty_month, other_month=None, state=SwapState.AGREED, asked_by=OuterRef("pk")
    )
    ruled = Exists(Appeal.objects.filter(outcome=OuterRef("pk")))  # a version of an appeal bears its examiner's name
    closed = Result.objects.filter(~ruled, form=form, consolidated_by=OuterRef("number"))
    for rows in (rated, asked, on_duty, handed_over, closed):
        people = people.exclude(Exists(rows))
    if appeal.first is not None:
        people = people.exclude(number__in=examiners_of(appeal.first))
    return people.order_by("number")


def examiners_of(appeal: Appeal) -> set[str]:
    """The numbers of everybody the appeal was ever given to, whoever ruled on it in the end."""
    given = events_about(appeal).filter(action="appeal.assigned")
    numbers = {str((event.after or {}).get("handler", "")) for event in given}
    return numbers | ({appeal.handler.number} if appeal.handler else set())


def can_read_statistics(standing: Standing) -> bool:
    """Counts over all appeals: the leader, the department, HR, the auditor."""
    return standing.is_leader or standing.is_department or standing.is_hr or standing.is_auditor


def _is_party(person: Employee, appeal: Appeal) -> bool:
    form: Form = appeal.result.form
    return person.pk in {appeal.employee_id, form.owner_id}
