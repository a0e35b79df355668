"""Incidents from filing to the end: filed by anybody, answered by the person concerned, taken back by the filer (P4.5).

What a verifier does stands in ``deciding``; its names are here too.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError, check_length
from common.uploads import Checked
from incidents.models import Incident, Involvement
from incidents.permissions import Superiors, can_add_files, can_state, can_withdraw_incident
from incidents.services.deciding import (
    confirm_involvement,
    overturn_involvement,
    reject_involvement,
    rejudge_involvement,
)
from incidents.services.opening import TEXT_LIMIT, IncidentDraft, Share, open_incident
from incidents.services.steps import allow, attach, checked_reason, decide, judge_of
from incidents.states import EventState
from people.models import Employee

__all__ = [
    "IncidentDraft",
    "Share",
    "add_incident_files",
    "confirm_involvement",
    "file_incident",
    "open_incident",
    "overturn_involvement",
    "reject_involvement",
    "rejudge_involvement",
    "state_view",
    "withdraw_incident",
]


@transaction.atomic(durable=True)
def file_incident(draft: IncidentDraft, *, by: Employee) -> Incident:
    """Anybody who discovers an incident files it; it counts once somebody else has verified it."""
    return open_incident(draft, by=by)


@transaction.atomic(durable=True)
def state_view(involvement_id: int, *, text: str, by: Employee) -> Involvement:
    """The person concerned says what he has to say, or that he has nothing (``text`` empty): once, for good."""
    share = Involvement.objects.select_for_update(of=("self",)).select_related("incident").get(pk=involvement_id)
    if share.employee_id == by.pk and share.stated_at is not None:
        raise RuleError(_("你已经陈述过，要补充的，加在原始记录里。"), code="already_stated")
    allow(can_state(judge_of(by), share))
    check_length(text.strip(), TEXT_LIMIT, field="statement")
    share.statement, share.stated_at = text.strip(), timezone.now()
    share.full_clean()
    share.save(update_fields=["statement", "stated_at"])
    late = share.statement_due_on is not None and timezone.localdate() > share.statement_due_on
    record("incident.stated", share, by=by, after={"statement": share.statement, "late": late})
    return share


@transaction.atomic(durable=True)
def withdraw_incident(incident_id: int, *, reason: str, by: Employee) -> Incident:
    """Take a record back with the reason while nothing of it is confirmed: it stays in the ledger and never counts.

    Refused for one that came from a call's fatal fault: whether that is true is the verifier's to say.
    """
    incident = _locked(incident_id)
    if incident.origin and by.pk == (incident.filed_by_id or incident.found_by_id):
        words = _("这条出自%(call)s的一票否决，不能撤回：不属实的，由核实人记为不成立，坐席也可以对一票否决提异议。")
        raise RuleError(words % {"call": incident.origin}, code="from_a_call")
    shares = list(incident.involvements.all())
    if any(share.state == EventState.CONFIRMED for share in shares):
        raise RuleError(_("已经有人确认，不能撤回；请核实人撤销。"), code="already_confirmed")
    allow(can_withdraw_incident(judge_of(by), incident))
    said = checked_reason(reason, _("写一句为什么撤回，当事人看得到。"))
    for share in shares:
        if share.state == EventState.FILED:
            share.decision_reason = said
            decide(share, EventState.WITHDRAWN, "incident.withdrawn", by, ["decision_reason"])
    return incident


@transaction.atomic(durable=True)
def add_incident_files(incident_id: int, *, files: Sequence[Checked], by: Employee) -> Incident:
    """More evidence while something of the record is undecided: by filer, finder, whoever is concerned or verifies."""
    incident = _locked(incident_id)
    allow(can_add_files(judge_of(by), incident, Superiors.of(incident.involvements.all())))
    if not files:
        raise RuleError(_("先选文件。"), code="no_file", field="files")
    record("incident.files_added", incident, by=by, after={"files": attach(incident, files, by)})
    return incident


def _locked(pk: int) -> Incident:
    """The record with its shares; whoever decides one of them waits."""
    shares = Involvement.objects.select_for_update(of=("self",)).select_related("employee").order_by("pk")
    rows = Incident.objects.select_for_update(no_key=True).prefetch_related(Prefetch("involvements", shares))
    return rows.get(pk=pk)
