"""One proposal with all that is known for deciding it: evidence, counters, history, choices, the case (P7.1, P7.2)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from appraisals.models import Form
from appraisals.permissions import visible_forms
from appraisals.states import CycleKind
from consequences.models import CareerReport, CheckFile, CheckItem, Decision
from consequences.permissions import (
    Reader,
    approvers,
    can_approve,
    can_decide,
    can_keep,
    can_prepare,
    can_read_letter,
    can_report_career,
    can_state,
    can_undo,
    sees_amounts,
    tells_the_employee,
    visible_proposals,
)
from consequences.selectors.counters import Tally, counts_of, last_month
from consequences.selectors.desk import STANDING, end_of_ladder
from consequences.selectors.evidence import Box, boxes_of, ground_of
from consequences.selectors.rungs import effective_from, rungs_of
from consequences.states import APPROVED_CHOICES, CHECKED_CHOICES, Choice, DecisionState
from consequences.workflow import choices_for
from people.models import Employee, PayStep
from people.selectors import pay_steps_of
from people.states import PayStepKind
from policy.distribution import CAREER_PLAN
from scoring.models import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice with what it would do: yuan a month before and after, from when; ``why_not`` if it can't be chosen."""

    choice: Choice
    before: Decimal | None
    after: Decimal | None
    wage: tuple[Decimal, Decimal] | None
    """Of a change of the whole grade, which changes both; before and after are the cap's."""
    grade: str
    month: date | None
    why_not: str
    needs_checks: bool
    needs_approval: bool
    with_amount: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """What the reader may do here and now."""

    decide: bool
    prepare: bool
    approve: bool
    state: bool
    undo: bool
    keep: bool
    report: bool
    letter: bool
    pay: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """The page of one proposal. ``decision`` stands or is prepared; ``earlier`` are the others, also of other rules."""

    proposal: Proposal
    ground: str
    boxes: tuple[Box, ...]
    is_own: bool
    decision: Decision | None
    approvers: list[str]
    checks: list[CheckItem]
    files: dict[int, list[CheckFile]]
    options: list[Option]
    counts: tuple[Tally, ...]
    earlier: list[Decision]
    steps: list[PayStep]
    report: CareerReport | None
    wants_report: bool
    may: May


def proposal_for(reader: Reader, pk: int) -> Proposal | None:
    """The proposal, if the reader may see it."""
    return visible_proposals(reader).filter(pk=pk).first()


def decision_for(reader: Reader, pk: int) -> Decision | None:
    """A decision on a visible proposal; to the employee only what is told to him."""
    rows = Decision.objects.filter(proposal__in=visible_proposals(reader))
    found = rows.select_related("proposal__employee", "proposal__cycle", "proposal__review").filter(pk=pk).first()
    if found is None or (found.proposal.employee_id == reader.person.pk and not tells_the_employee(found)):
        return None
    return found


def file_for(reader: Reader, proposal_id: int, pk: int) -> CheckFile | None:
    """A file of a checklist: to the desk's readers; not to the employee, whom others' words in it are not told."""
    rows = CheckFile.objects.filter(item__decision__proposal=proposal_id)
    visible = visible_proposals(reader).exclude(employee=reader.person)
    return rows.filter(item__decision__proposal__in=visible, pk=pk).first()


def case_page(reader: Reader, proposal: Proposal, today: date) -> CasePage:
    """Everything the reader may know of the proposal; a constant number of statements."""
    is_own = proposal.employee_id == reader.person.pk
    decisions = _decisions_of(proposal, is_own=is_own)
    decision = next((one for one in decisions if one.proposal_id == proposal.pk and one.state in STANDING), None)
    pay = sees_amounts(reader, proposal.employee_id)
    if decision and decision.choice in CHECKED_CHOICES:  # once for the list and for who may approve
        prefetch_related_objects([decision], Prefetch("checks", CheckItem.objects.select_related("signed_by")))
    checks = list(decision.checks.all()) if decision and decision.choice in CHECKED_CHOICES else []
    files: dict[int, list[CheckFile]] = {}
    for file in CheckFile.objects.filter(item__in=checks) if checks and not is_own else ():
        files.setdefault(file.item_id, []).append(file)
    month = last_month()
    counts = counts_of([proposal.employee_id], month)[proposal.employee_id] if month else ()
    return CasePage(
        proposal=proposal,
        ground=ground_of(proposal),
        boxes=boxes_of(proposal, _forms_of(reader, proposal)),
        is_own=is_own,
        decision=decision,
        approvers=_approvers(decision, today),
        checks=checks,
        files=files,
        options=_options(proposal, today, with_pay=pay) if can_decide(reader, proposal) else [],
        counts=counts,
        earlier=[one for one in decisions if decision is None or one.pk != decision.pk],
        steps=list(pay_steps_of(proposal.employee_id)) if pay else [],
        report=_report_of(proposal),
        wants_report=proposal.rule == CAREER_PLAN,
        may=_may(reader, proposal, decision, today),
    )


def _report_of(proposal: Proposal) -> CareerReport | None:
    if proposal.rule != CAREER_PLAN:
        return None
    return CareerReport.objects.select_related("by").filter(proposal=proposal).first()


def _approvers(decision: Decision | None, today: date) -> list[str]:
    """The names of those who may approve a case that is prepared."""
    if decision is None or decision.state != DecisionState.PREPARING:
        return []
    people = Employee.objects.filter(pk__in=approvers(decision, today))
    return list(people.order_by("number").values_list("name", flat=True))


def _decisions_of(proposal: Proposal, *, is_own: bool) -> list[Decision]:
    """All decisions about the person, the newest first; to himself what was told him."""
    rows = Decision.objects.filter(proposal__employee=proposal.employee_id)
    people = ("decided_by", "approved_by", "undone_by", "extra", "pay_step__grade")
    found = rows.select_related("proposal__cycle__scheme", "proposal__review", *people).order_by("-pk")
    return [one for one in found if not is_own or tells_the_employee(one)]


def _forms_of(reader: Reader, proposal: Proposal) -> dict[str, int]:
    """Month → form, for the months of the evidence whose results open for the reader."""
    if proposal.cycle is None:
        return {}
    months = [date.fromisoformat(f"{row['month']}-01") for row in proposal.evidence]
    forms = Form.objects.filter(employee=proposal.employee_id, cycle__kind=CycleKind.MONTH, cycle__starts_on__in=months)
    seen = forms.filter(pk__in=visible_forms(reader.person, reader.standing).values("pk"))
    return {f"{month:%Y-%m}": pk for month, pk in seen.values_list("cycle__starts_on", "pk")}


def _may(reader: Reader, proposal: Proposal, decision: Decision | None, today: date) -> May:
    if decision is not None:
        decision.proposal = proposal
    return May(
        decide=can_decide(reader, proposal),
        prepare=decision is not None and can_prepare(reader, decision),
        approve=decision is not None and can_approve(reader, decision, today),
        state=decision is not None and can_state(reader, decision),
        undo=decision is not None and can_undo(reader, decision, today),
        keep=decision is not None and can_keep(reader, decision),
        report=can_report_career(reader, proposal),
        letter=decision is not None and can_read_letter(reader, decision),
        pay=sees_amounts(reader, proposal.employee_id),
    )


def _options(proposal: Proposal, today: date, *, with_pay: bool) -> list[Option]:
    month = effective_from(proposal.employee_id, today)
    rungs = rungs_of([proposal.employee], month)[proposal.employee_id]
    found, unreported = [], ""
    if proposal.rule == CAREER_PLAN and _report_of(proposal) is None:
        unreported = _("等客服管理部经理写职业发展报告")
    for choice in choices_for(proposal.leads_to):
        change, grade = rungs.amount(choice), rungs.target(choice)
        found.append(
            Option(
                choice=choice,
                before=change[0] if change and with_pay else None,
                after=change[1] if change and with_pay else None,
                wage=rungs.figures(choice, PayStepKind.WAGE)
                if with_pay and choice in (Choice.GRADE_UP, Choice.DEMOTE)
                else None,
                grade=grade.name if grade else "",
                month=month if grade else None,
                why_not=unreported if choice == Choice.CAREER else end_of_ladder(rungs, choice),
                needs_checks=choice in CHECKED_CHOICES,
                needs_approval=choice in APPROVED_CHOICES,
                with_amount=choice in (Choice.BONUS, Choice.AWARD),
            )
        )
    return found
