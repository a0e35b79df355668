"""What a month's page of pay shows, put together once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisals.states import FormState
from audit.log import acts_on
from people.models import Employee
from scoring.models import PayRun
from scoring.selectors.payroll import (
    BesideRow,
    Missing,
    PayMonth,
    missing_of,
    open_beside,
    pay_month,
    run_beside,
    settlers,
)
from scoring.states import PayRunState

MOST_NAMED = 12
ONLY: Mapping[str, Promise] = {
    "difference": _("有差额"),
    "extra": _("有奖金"),
    "held": _("按计薪上限算"),
    "beside": _("只发差额或奖金"),
}


WAITS: Mapping[FormState | None, Promise] = {
    None: _("没有考核表"),
    FormState.TARGETS: _("等%(owner)s定目标"),
    FormState.APPROVAL: _("等客服管理部批目标"),
    FormState.CONFIRMATION: _("等本人确认目标"),
    FormState.ACTIVE: _("等本人自评"),
    FormState.REVIEW: _("等%(owner)s复核"),
    FormState.READY: _("等值班主任汇总"),
    FormState.CONSOLIDATED: _("等值班主任出结果"),
    FormState.PUBLISHED: _("等双方签认"),
    FormState.SIGNED: _("等人力资源部备案"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingGroup:
    """People who are not in for the same reason; ``names`` are the first of them."""

    waits: str
    people: int
    names: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.people - len(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayPage:
    """A month in HR's eyes: the run shown, what it pays beside, who is missing, and what can be done now.

    ``handed_back`` is why the last prepared run was handed back, while there is none.
    """

    run: PayRun | None
    beside: list[BesideRow]
    missing: list[MissingGroup]
    missing_count: int
    open_count: int
    open_sum: Decimal
    can_prepare: bool
    can_settle: bool
    is_own: bool
    is_alone: bool
    handed_back: str


def month_in(key: str) -> PayMonth:
    """The month of an address; 404 if it has not begun or has no cycle."""
    try:
        first = date.fromisoformat(f"{key}-01")
    except ValueError as error:
        raise Http404 from error
    month = pay_month(first, timezone.localdate())
    if month is None or month.cycle.key != key:
        raise Http404
    return month


def page_of(month: PayMonth, person: Employee, asked: str) -> PayPage:
    """The run asked for, else the one that waits, else the last settled one."""
    draft = month.draft
    run = next((one for one in month.runs if str(one.number) == asked), None) if asked else draft
    run = run or (month.runs[-1] if month.runs else None)
    missing = missing_of(month.cycle)
    waiting = open_beside(month.cycle.starts_on)
    can_prepare = month.has_ended and bool(month.waiting or waiting or draft)
    is_own = draft is not None and draft.prepared_by_id == person.pk
    shown = run is not None and run.state == PayRunState.PREPARED
    return PayPage(
        run=run,
        beside=run_beside(run) if run else waiting,
        missing=_grouped(missing),
        missing_count=len(missing),
        open_count=len(waiting),
        open_sum=sum((row.amount for row in waiting), Decimal(0)),
        can_prepare=can_prepare,
        can_settle=shown and not is_own,
        is_own=shown and is_own,
        is_alone=shown and is_own and settlers(timezone.localdate()) < 2,
        handed_back=_handed_back(month) if can_prepare and draft is None else "",
    )


def _grouped(missing: Iterable[Missing]) -> list[MissingGroup]:
    """By whom it waits for, the most first."""
    found: dict[str, list[str]] = {}
    for row in missing:
        waits = _("等申诉裁定") if row.is_contested else WAITS[row.state]
        found.setdefault(str(waits) % {"owner": row.owner}, []).append(row.name)
    groups = [
        MissingGroup(waits=waits, people=len(names), names=tuple(names[:MOST_NAMED])) for waits, names in found.items()
    ]
    return sorted(groups, key=lambda group: -group.people)


def _handed_back(month: PayMonth) -> str:
    acts = acts_on("pay.discarded", [month.cycle]).get(str(month.cycle.pk), [])
    last = acts[-1] if acts else None
    since = max((run.prepared_at for run in month.runs), default=None)
    return last.reason if last and (since is None or last.at > since) else ""
