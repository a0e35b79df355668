"""What the pages of appeals share: who asks, the case as he may read it, the draft as its author writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from appeals.facts import ItemRuling, entries_of, ruling_faults
from appeals.forms import field_of
from appeals.models import Appeal
from appeals.permissions import Reader, can_assign, can_examine
from appeals.selectors.cases import appeal_for, eligible_for, given_before, opens_calls, second_of, whole_files
from appeals.selectors.chain import chain_of
from appeals.selectors.chain_words import links_of
from appeals.selectors.contested import contestable_of, settled_keys
from appeals.selectors.history import history_of
from appeals.selectors.items import case_items, choices, gained
from appeals.selectors.terms import appeal_until, further_until
from appeals.states import OPEN_APPEAL, AppealState, Grounds, Ruling
from appraisals.models import Form
from appraisals.states import CycleKind
from common.errors import RuleError
from common.selectors import working_days_until
from common.uploads import ACCEPT
from people.requests import person_of, standing_in
from scoring.facts.snapshots import read_snapshot
from scoring.permissions import can_view_pay, can_view_result
from scoring.selectors.results import current_version

LOOKS = {
    AppealState.DRAFT: "wait",
    AppealState.SUBMITTED: "case",
    AppealState.SUPPLEMENT: "warn",
    AppealState.EXAMINED: "case",
    AppealState.RULED: "ok",
    AppealState.WITHDRAWN: "na",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed into the case's page and has not been written: a refusal keeps it."""

    rulings: Mapping[int, ItemRuling] = field(default_factory=dict)
    reason: str = ""
    again: Mapping[int, str] = field(default_factory=dict)
    is_weighed: bool = False
    fault: RuleError | None = None


NOTHING = Typed()


def reader_in(request: HttpRequest) -> Reader:
    """Who is asking."""
    return Reader(person_of(request), standing_in(request))


def appeal_or_404(request: HttpRequest, pk: int) -> Appeal:
    """The appeal, if the person may see it; else it is not there."""
    found = appeal_for(reader_in(request), pk)
    if found is None:
        raise Http404
    return found


def draft_page(appeal: Appeal, fault: RuleError | None = None) -> dict[str, Any]:
    """Everything that can be contested, with what is written already."""
    frozen, today = read_snapshot(appeal.result.snapshot), timezone.localdate()
    groups = choices(
        contestable_of(appeal.result, frozen), frozen, appeal.items.all(), settled_keys(appeal.result.form_id)
    )
    until = max(appeal.file_until, appeal_until(appeal.result))
    return {
        "appeal": appeal,
        "form": appeal.result.form,
        "cycle": appeal.result.form.cycle,
        "groups": [(group, [(row, field_of(row.about)) for row in group.rows]) for group in groups],
        "grounds": Grounds.choices,
        "accept": ACCEPT,
        "whole_files": whole_files(appeal),
        "until": until,
        "left": working_days_until(until, today),
        "is_late": today > until,
        "is_replaced": appeal.result.superseded_at is not None,
        "fault": fault,
    }


def case_page(request: HttpRequest, appeal: Appeal, typed: Typed = NOTHING) -> dict[str, Any]:
    """The case as this reader sees it; weighed rulings show the chain of what they would change."""
    reader, today, form = reader_in(request), timezone.localdate(), appeal.result.form
    is_open = appeal.state in OPEN_APPEAL
    examines, may_assign = can_examine(reader, appeal), can_assign(reader, appeal, today)
    items, frozen = list(appeal.items.all()), read_snapshot(appeal.result.snapshot)
    current = current_version(form.pk) if is_open else None
    allowed = contestable_of(current or appeal.result)
    faults = ruling_faults(items, typed.rulings, allowed) if typed.is_weighed else {}
    chain = appeal.chain
    is_shown = typed.is_weighed and not faults and typed.fault is None and current is not None
    if is_shown and current is not None:
        chain = chain_of(current, form.cycle, entries_of(appeal, items, typed.rulings))
    is_own = appeal.employee_id == reader.person.pk
    rows = case_items(items, frozen, allowed, typed.rulings, faults, given_before(appeal))
    further = further_until(appeal) if appeal.state == AppealState.RULED and appeal.instance == 1 else None
    second = second_of(appeal) if further else None
    return {
        "appeal": appeal,
        "form": form,
        "cycle": form.cycle,
        "look": LOOKS[AppealState(appeal.state)],
        "items": rows,
        "calls_url": _calls_url(reader, form) if any(row.sources.has_calls for row in rows) else "",
        "gained": gained(items),
        "links": links_of(chain, form.cycle, with_pay=can_view_pay(reader.person, appeal.result, reader.standing)),
        "is_weighed": is_shown,
        "history": history_of(appeal, reader),
        "is_own": is_own,
        "opens_result": can_view_result(reader.person, appeal.result, reader.standing),
        "is_open": is_open,
        "examines": examines,
        "may_assign": may_assign,
        "eligible": [one for one in eligible_for(appeal, today) if one.person.pk != appeal.handler_id]
        if may_assign
        else [],
        "left": working_days_until(appeal.decide_until, today) if is_open and appeal.decide_until else None,
        "rulings": Ruling.choices,
        "typed": typed,
        "accept": ACCEPT,
        "whole_files": whole_files(appeal),
        "second": second,
        "further": further,
        "lost": [(item, typed.again.get(item.pk, "")) for item in items if item.ruling != Ruling.UPHELD],
        "further_left": working_days_until(further, today) if further else None,
        "may_go_further": is_own and further is not None and second is None and today <= further and _has_more(items),
        "fault": typed.fault,
    }


def _calls_url(reader: Reader, form: Form) -> str:
    """To the calls of the appraisee's month, where the reader may see some."""
    if form.cycle.kind != CycleKind.MONTH or not opens_calls(reader, form):
        return ""
    query = urlencode({"agent": form.employee.number, "month": form.cycle.key, "state": "scored"})
    return f"{reverse('quality:calls')}?{query}"


def _has_more(items: list[Any]) -> bool:
    return any(item.ruling != Ruling.UPHELD for item in items)
