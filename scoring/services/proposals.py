"""The steps that keep proposals in line with the published months and years (P7.1, P7.2). HR decides, nothing acts."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from appraisals.models import Cycle, Form
from appraisals.selectors.schemes import rules_of
from appraisals.services.steps import Actor
from appraisals.states import CycleKind
from audit.log import record_many
from common.db import among, require_transaction
from notices.log import Letter, tell_each
from policy.distribution import CAREER_PLAN, DEMOTE_OR_DISMISS, EXCELLENCE_AWARD, PROMOTE_OR_RAISE, earns_career_plan
from policy.schemes import Scheme
from policy.triggers import MonthResult, counters, fired_in, leads_to, may_fire
from scoring.models import AnnualResult, AnnualReview, Proposal
from scoring.selectors.histories import published_months
from scoring.selectors.years import grades_of
from scoring.states import STANDING_PROPOSALS, ProposalState

OF_A_YEAR = (DEMOTE_OR_DISMISS, PROMOTE_OR_RAISE, EXCELLENCE_AWARD)


class _Key(NamedTuple):
    employee_id: int
    cycle_id: int | None
    review_id: int | None
    rule: str
    leads_to: str


Evidence = list[dict[str, Any]]
_History = dict[int, list[MonthResult]]


def renew_proposals(employee_ids: Collection[int], since: Cycle, *, by: Actor) -> None:
    """Make the proposals of these people what their published months call for, from ``since`` on.

    A month published late or taken back changes what later months rest on: those are renewed as well. What nobody has
    decided is withdrawn or made anew; what is decided stays decided and says since when its ground is gone, and no
    second proposal is made beside it. Doing it again changes nothing.
    """
    require_transaction()
    if since.kind != CycleKind.MONTH:
        return
    months = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__gte=since.starts_on).select_related("scheme")
    rules = {cycle: rules_of(cycle.scheme) for cycle in months.order_by("starts_on")}
    standing = Proposal.objects.filter(employee_id__in=among(employee_ids), cycle__starts_on__gte=since.starts_on)
    history = _history_of_suspects(employee_ids, rules)
    _settle(standing, _called_for(history, rules), by)
    _warn_early(history, since, rules_of(since.scheme))


def propose_for_year(review: AnnualReview, *, by: Actor) -> None:
    """A step: make the proposals of a published year what its grades call for (P7.2, P7.3), as ``renew_proposals``.

    Of each result the consequences stored with it, and a career plan for whoever was excellent two years running.
    Called again after a correction of the year it renews them; without one it changes nothing.
    """
    require_transaction()
    wanted = {}
    last = grades_of(review.year - 1)
    for result in AnnualResult.objects.filter(review=review).order_by("employee_id"):
        before = last.get(result.employee_id)
        rules = [code for code in result.consequences if code in OF_A_YEAR]
        if earns_career_plan(result.grade, before):
            rules.append(CAREER_PLAN)
        for rule in rules:
            wanted[_Key(result.employee_id, None, review.pk, rule, rule)] = _year_evidence(review, result, before)
    _settle(Proposal.objects.filter(review=review), wanted, by)


def _settle(rows: QuerySet[Proposal], wanted: dict[_Key, Evidence], by: Actor) -> None:
    """Bring what stands of ``rows`` in line with what is called for."""
    gone, lost, found = list[Proposal](), list[Proposal](), list[Proposal]()
    for row in rows.filter(state__in=STANDING_PROPOSALS).select_for_update(of=("self",)).order_by("pk"):
        key = _Key(row.employee_id, row.cycle_id, row.review_id, row.rule, row.leads_to)
        is_wanted = wanted.get(key) == row.evidence if row.state == ProposalState.PROPOSED else key in wanted
        if is_wanted:
            del wanted[key]
            found.append(row)
        elif row.state == ProposalState.PROPOSED:
            gone.append(row)
        else:
            lost.append(row)
    now = timezone.now()
    _change("proposal.withdrawn", gone, by, state=ProposalState.WITHDRAWN)
    _change("proposal.ground_lost", [row for row in lost if not row.ground_lost_at], by, ground_lost_at=now)
    _change("proposal.ground_back", [row for row in found if row.ground_lost_at], by, ground_lost_at=None)
    made = Proposal.objects.bulk_create(
        Proposal(**key._asdict(), evidence=evidence, created_at=now) for key, evidence in wanted.items()
    )
    record_many("proposal.made", [(row, None, {"rule": row.rule, "evidence": row.evidence}) for row in made], by=by)


def _change(action: str, rows: list[Proposal], by: Actor, **values: object) -> None:
    if rows:
        Proposal.objects.filter(pk__in=among(row.pk for row in rows)).update(**values)
        record_many(action, [(row, {"rule": row.rule}, None) for row in rows], by=by)


def _year_evidence(review: AnnualReview, result: AnnualResult, last: str | None) -> Evidence:
    """This year's grade and coefficient, after last year's grade where there is one."""
    own = {"year": review.year, "grade": result.grade, "coefficient": _told(result.coefficient)}
    return [{"year": review.year - 1, "grade": last}, own] if last else [own]


def _told(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _history_of_suspects(employee_ids: Collection[int], rules: Mapping[Cycle, Scheme]) -> _History:
    """Person → published months in order, of those with one of these months on a rule's side of its threshold.

    A rule fires only with a month that itself lies there: the others need no history.
    """
    by_month = {cycle.starts_on: one for cycle, one in rules.items()}
    recent = published_months(employee_ids, since=min(by_month)) if by_month else {}
    suspects = {
        row.employee_id
        for rows in recent.values()
        for row in rows
        if may_fire(row.coefficient, by_month[row.starts_on])
    }
    found = published_months(suspects) if suspects else {}
    return {pk: [MonthResult(row.month, row.coefficient) for row in rows] for pk, rows in found.items()}


def _called_for(history: _History, rules: Mapping[Cycle, Scheme]) -> dict[_Key, Evidence]:
    """(person, month, rule) → evidence, for every firing in these months."""
    found = {}
    known = {cycle.key: (cycle.pk, one) for cycle, one in rules.items()}
    for person, months in history.items():
        for month, _coefficient in months:
            if month not in known:
                continue
            cycle_id, scheme = known[month]
            for event in fired_in(months, month, scheme):
                evidence = [{"month": row.month, "coefficient": str(row.coefficient)} for row in event.evidence]
                found[_Key(person, cycle_id, None, event.rule.code, leads_to(event.rule))] = evidence
    return found


def _warn_early(history: _History, cycle: Cycle, rules: Scheme) -> None:
    """Whom this month has brought one such month away from a rule is told, and so is his owner: without any figure."""
    near: dict[int, str] = {}
    for person, months in history.items():
        for counter in counters(months, rules, month=cycle.key):
            if 0 < counter.have == counter.need - 1 and counter.evidence[-1].month == cycle.key:
                near.setdefault(person, f"near:{cycle.pk}:{counter.rule.code}")
    if not near:
        return
    forms = Form.objects.filter(cycle=cycle, employee_id__in=among(near)).order_by()
    own, owners = [], []
    for form, person, name, owner in forms.values_list("pk", "employee_id", "employee__name", "owner_id"):
        own.append(Letter(person, reverse("scoring:result", args=[form]), near[person], {"month": cycle.key}))
        words = {"month": cycle.key, "who": name}
        owners.append(Letter(owner, reverse("consequences:counters"), f"{near[person]}:{person}", words))
    tell_each(own, "rule_near")
    tell_each(owners, "rule_near_of")
