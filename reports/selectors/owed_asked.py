"""What somebody asked for and another has to answer, within terms that no scheme sets (``policy.reminders.TERM_DAYS``).

A dispute of a call's score, a proposal to amend the scheme, a request for training: each runs from its day.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from development.models import Amendment, TrainingRequest
from development.states import AmendmentState, TrainingState
from notices.models import Message
from people.models import ReportingLine
from policy import reminders as who
from policy.reminders import TERM_DAYS
from quality.models import Assessment, Dispute
from quality.states import AssessmentKind, AssessmentState, DisputeState
from reports.selectors import waiting as what
from reports.selectors.matters import Matter

UNANSWERED = (TrainingState.REQUESTED, TrainingState.COLLECTED)


def asked_matters() -> Iterator[Matter]:
    """Consent to an amendment, and training that the appraisal owner has yet to pass on."""
    told = Message.objects.filter(
        recipient=OuterRef("asked"), key=Concat(Value("amendment:"), Cast(OuterRef("pk"), CharField()))
    )
    # A proposal keeps no moment of its own; the message to whoever is asked is written with it.
    proposed = Amendment.objects.filter(state=AmendmentState.PROPOSED).annotate(
        asked_at=Subquery(told.values("at")[:1])
    )
    yield Matter(
        what=what.CONSENT,
        rows=proposed,
        debtor="asked_id",
        due="asked_at",
        days=TERM_DAYS["consent"],
        name="proposed_by__name",
        by=who.EXAMINER,
        step="consent",
        cycle="",
        ident="meeting_id",
    )
    yield Matter(
        what=what.PASS_TRAINING,
        rows=TrainingRequest.objects.filter(passed_at=None, state=TrainingState.REQUESTED),
        debtor="passed_by_id",
        due="created_at",
        days=TERM_DAYS["training"],
        name="employee__name",
        by=who.OWNER,
        step="training",
        cycle="",
    )


def training_to_arrange(person_id: int) -> Matter:
    """Training that was passed on and has no answer yet, for a holder of HR's role; list twin of ``can_arrange``."""
    return Matter(
        what=what.ARRANGE_TRAINING,
        rows=TrainingRequest.objects.filter(passed_at__isnull=False, state__in=UNANSWERED),
        debtor=Value(person_id, IntegerField()),
        due="passed_at",
        days=TERM_DAYS["arranging"],
        name="employee__name",
        by=who.HR,
        step="arranging",
        cycle="",
    )


def disputes_for_superiors() -> Matter:
    """Open disputes, of which the agent's superior of that day is reminded; others may rule as well."""
    return _disputes("led_by", _with_superior().filter(superior_may_rule()), who.EXAMINER)


def disputes_for_department(person_id: int) -> Matter:
    """Those that the superior can't rule on: there is none, he listened himself, or has yet to score the call blind."""
    rows = _with_superior().exclude(superior_may_rule())
    rows = rows.exclude(assessment__listener=person_id).exclude(assessment__call__employee=person_id)
    rows = rows.filter(~Exists(blind_drafts().filter(listener=person_id)))
    return _disputes(Value(person_id, IntegerField()), rows, who.DEPARTMENT)


def superior_may_rule() -> Q:
    """For rows with ``led_by``: somebody, neither listener nor agent, who need not score the call blind any more."""
    is_party = Q(led_by=F("assessment__listener")) | Q(led_by=F("assessment__call__employee"))
    return Q(led_by__isnull=False) & ~is_party & ~Q(Exists(blind_drafts().filter(listener=OuterRef("led_by"))))


def blind_drafts() -> QuerySet[Assessment]:
    """Second scorings of a dispute's call that are not submitted: their listeners may not hear of the first."""
    drafts = Assessment.objects.filter(kind=AssessmentKind.SECOND, state=AssessmentState.DRAFT)
    return drafts.filter(call=OuterRef("assessment__call"))


def _with_superior() -> QuerySet[Any]:
    day = OuterRef("assessment__call__called_on")
    lines = ReportingLine.objects.filter(employee=OuterRef("assessment__call__employee"), starts_on__lte=day)
    lines = lines.filter(Q(ends_before__isnull=True) | Q(ends_before__gt=day))
    return Dispute.objects.filter(state=DisputeState.OPEN).annotate(led_by=Subquery(lines.values("superior")[:1]))


def _disputes(debtor: Any, rows: QuerySet[Any], by: str) -> Matter:
    return Matter(
        what=what.RULE,
        rows=rows,
        debtor=debtor,
        due="raised_at",
        days=TERM_DAYS["dispute"],
        name="assessment__call__number",
        by=by,
        step="dispute",
        cycle="",
        ident="assessment__call_id",
    )
