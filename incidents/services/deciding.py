"""What a verifier does with a person's share in an incident: confirm, turn down, undo, judge anew (P4.5)."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import RuleError
from common.wording import day, month
from incidents.models import Involvement
from incidents.permissions import Superiors, can_overturn, can_verify, concerned_with, is_view_in
from incidents.selectors.repetition import Judgement, earlier_shares, later_shares, standard_on
from incidents.services.steps import allow, check_points, check_within, checked_reason, decide, judge_of, tell_about
from incidents.states import EventState
from people.models import Employee

JUDGED = ["points", "decision_reason", "severity", "repeats", "verified_by"]
"""What judging sets on a share."""


@transaction.atomic(durable=True)
def confirm_involvement(
    involvement_id: int, *, points: Decimal | None = None, reason: str = "", by: Employee
) -> Involvement:
    """It happened and it is this person's: from now on it counts, for ``points`` (None: those suggested).

    By one who neither found nor filed it nor is concerned, once the person has stated his view or his term is over.
    Other points than those suggested lie in the range of the severity after repetition and take a ``reason``.
    """
    share = _locked(involvement_id)
    _check_verifier(share, by)
    if not is_view_in(share, timezone.localdate()):
        words = _("等当事人陈述，到 %(day)s为止；他说了或过了期限再确认。") % {"day": day(share.statement_due_on)}
        raise RuleError(words, code="view_pending")
    _judge(share, judgement_of(share), points, reason, by)
    decide(share, EventState.CONFIRMED, "incident.confirmed", by, JUDGED)
    _tell_repetition(share)
    return share


@transaction.atomic(durable=True)
def rejudge_involvement(
    involvement_id: int, *, points: Decimal | None = None, reason: str = "", by: Employee
) -> Involvement:
    """Judge a confirmed one anew, because one before it was confirmed or overturned later and it is another time now.

    By whoever may overturn it, while no consolidated form has counted it; points and reason as when confirming.
    """
    share = _locked(involvement_id)
    _check_uncounted(share)
    allow(can_overturn(judge_of(by), share, concerned_with(share.incident)))
    told = judgement_of(share)
    if not told.is_outdated(share):
        raise RuleError(_("同类次数没有变，不用重新认定。"), code="not_outdated")
    before = {"points": str(share.points), "severity": share.severity.code if share.severity else ""}
    share.decision_reason = ""
    _judge(share, told, points, reason, by)
    return decide(share, EventState.CONFIRMED, "incident.rejudged", by, JUDGED, before=before)


@transaction.atomic(durable=True)
def reject_involvement(involvement_id: int, *, reason: str, by: Employee) -> Involvement:
    """It did not happen so, or is not this person's fault: the reason stays on the record. Possible at any time."""
    share = _locked(involvement_id)
    _check_verifier(share, by)
    share.decision_reason = checked_reason(reason)
    return decide(share, EventState.REJECTED, "incident.rejected", by, ["decision_reason"])


@transaction.atomic(durable=True)
def overturn_involvement(involvement_id: int, *, reason: str, by: Employee) -> Involvement:
    """Undo a confirmation that no consolidated form has counted yet; the row keeps its points and the reason."""
    share = _locked(involvement_id)
    _check_uncounted(share)
    allow(can_overturn(judge_of(by), share, concerned_with(share.incident)))
    share.decision_reason = checked_reason(reason, _("写一句为什么撤销，当事人看得到。"))
    decide(share, EventState.OVERTURNED, "incident.overturned", by, ["decision_reason"])
    _tell_repetition(share)
    return share


def judgement_of(share: Involvement) -> Judgement:
    """What the share is judged by: the rules of the day it was filed, the earlier ones of the same person and kind."""
    incident = share.incident
    standard = standard_on(timezone.localdate(incident.filed_at))
    earlier = earlier_shares([share.employee_id], incident, standard.rules.repeat_months)
    return standard.judgement(share, incident.kind, earlier.get(share.employee_id, ()))


def _judge(share: Involvement, told: Judgement, points: Decimal | None, reason: str, by: Employee) -> None:
    share.points = told.judged.suggested if points is None else points
    _check_range(share.points, told)
    if share.points != told.judged.suggested:
        share.decision_reason = checked_reason(reason, _("改了分数，写一句为什么。"))
    share.severity, share.repeats, share.verified_by = told.severity, len(told.earlier), by


def _tell_repetition(share: Involvement) -> None:
    """Those who verified a later one of the kind, and the person, hear that it is another time now."""
    for later in later_shares(share):
        if judgement_of(later).is_outdated(later):
            people = {pk for pk in (later.verified_by_id, later.employee_id) if pk is not None}
            tell_about(later.incident, people, "repetition_changed", key=f"{later.pk}:{share.pk}:{share.state}")


def _check_uncounted(share: Involvement) -> None:
    if share.state == EventState.CONFIRMED and share.counted_month is not None:
        words = _("已计入%(month)s考核：公布前请值班主任收回汇总再办，公布后由本人申诉。")
        raise RuleError(words % {"month": month(share.counted_month)}, code="already_counted")


def _check_verifier(share: Involvement, by: Employee) -> None:
    concerned = concerned_with(share.incident)
    if by.pk in {share.incident.found_by_id, share.incident.filed_by_id} | concerned:
        raise RuleError(_("自己发现、登记的，或和自己有关的，要由别人核实。"), code="not_neutral")
    allow(can_verify(judge_of(by), share, concerned, Superiors.of([share])))


def _check_range(points: Decimal, told: Judgement) -> None:
    check_points(points)
    name = told.severity.display_name if told.severity else ""
    check_within(points, told.judged.low, told.judged.high, name)


def _locked(pk: int) -> Involvement:
    """The share, with its person locked: two decisions about the same person see each other's repetition."""
    known = Involvement.objects.select_related("incident").get(pk=pk)
    type(known.incident).objects.select_for_update(no_key=True).get(pk=known.incident_id)
    Employee.objects.select_for_update(no_key=True).get(pk=known.employee_id)
    rows = Involvement.objects.select_for_update(of=("self",))
    return rows.select_related("employee", "incident__kind__severity", "severity").get(pk=pk)
