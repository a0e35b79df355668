"""The duty officer reminds whoever still owes something of the month (P5.3): a message each, and not again too soon.

What is told in the inbox leaves the house like a day's reminders: by e-mail and robots, outside the quiet hours; of the
same step nobody hears twice a day by them, however often he is reminded.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Cycle
from appraisals.services.steps import standing_for
from audit.log import record
from common.db import among
from common.errors import RuleError
from notices.log import tell
from notices.models import Delivery, Robot
from notices.services.steps import next_allowed, put_into_outbox, rules_now, takes_mail
from notices.states import Channel
from people.models import Employee
from people.selectors import department_manager_on
from scoring.facts.nudges import group_nudge_text, nudge_subject, nudge_text
from scoring.models import Nudge
from scoring.permissions import can_run_board
from scoring.selectors.board import DATA, REVIEW, SELF, SIGN, TARGETS
from scoring.selectors.nudges import NUDGED, lately_nudged, message_key, nudged_before
from scoring.selectors.owed import APPROVAL, CALLS, CONFIRMATION, Owed, debts
from scoring.services.steps import locked_cycle

Debt = tuple[str, int | None]
"""What is owed, and by whom; nobody in particular for the CS management department."""
OF_MONTH = {
    TARGETS: "appraisals:team_month",
    REVIEW: "appraisals:team_month",
    DATA: "appraisals:figures_month",
}
PLACES = {
    APPROVAL: "appraisals:approvals",
    CONFIRMATION: "appraisals:my_forms",
    SELF: "appraisals:my_forms",
    CALLS: "quality:to_score",
    SIGN: "home",
}


class Nudged(NamedTuple):
    """How many were reminded; how many not: reminded a short while ago, the reminder himself, or nothing owed now."""

    told: int
    lately: int
    own: int
    settled: int


@transaction.atomic(durable=True)
def nudge_people(
    cycle_id: int, *, by: Employee, picked: Collection[Debt] | None = None, step: str = "", region: str = ""
) -> Nudged:
    """Remind the picked ones, or (None) all who owe something at that step in that region.

    A person is told once per step and pause whoever asks: the cycle's lock puts two officers in a row. Nobody is
    reminded by himself. ``RuleError`` for whoever doesn't run the month's board.
    """
    now = timezone.now()
    cycle = locked_cycle(cycle_id)
    standing = standing_for(by, now)
    if standing is None or not can_run_board(standing, cycle):
        raise RuleError(_("催办由这个月的值班主任或组长来做。"), code="not_allowed")
    owed = _owed(cycle, step, region)
    wanted = set(owed if picked is None else picked)
    lately = lately_nudged(cycle, now)
    due = sorted((owed[debt], debt[0]) for debt in wanted if debt in owed)
    rows = [
        Nudge(cycle=cycle, step=what, recipient_id=person, by=by, at=now)
        for person, what in due
        if (what, person) not in lately and person != by.pk
    ]
    for nudge in rows:
        nudge.full_clean(exclude=("cycle", "recipient", "by"))
    Nudge.objects.bulk_create(rows, batch_size=500)
    _tell(cycle, rows, by)
    put_into_outbox(_deliveries(cycle, rows, by))
    outcome = Nudged(
        told=len({row.recipient_id for row in rows}),
        lately=sum((what, person) in lately for person, what in due),
        own=sum(person == by.pk for person, _what in due),
        settled=len(wanted - owed.keys()),
    )
    if rows:
        record("duty.nudged", cycle, by=by, after={"told": [[row.step, row.recipient_id] for row in rows]})
    return outcome


def _owed(cycle: Cycle, step: str, region: str) -> dict[Debt, int]:
    """What is owed now → the person to remind; the department's manager for what nobody else is named for."""
    found = [Owed._make(row) for row in debts(cycle, step=step, region=region)]
    manager = None
    if any(row.person_id is None for row in found):
        manager = department_manager_on(timezone.localdate())
    heads = {(row.what, row.person_id): row.person_id or (manager.pk if manager else None) for row in found}
    return {debt: person for debt, person in heads.items() if person is not None}


def _tell(cycle: Cycle, rows: list[Nudge], by: Employee) -> None:
    people: dict[str, list[int]] = {}
    for row in rows:
        people.setdefault(row.step, []).append(row.recipient_id)
    for step, told in people.items():
        detail, path = _words(cycle, step, by)
        tell(told, NUDGED, path=path, key=f"{message_key(cycle, step)}{rows[0].at:%Y%m%d%H%M%S}", detail=detail)


def _words(cycle: Cycle, step: str, by: Employee) -> tuple[dict[str, str], str]:
    """What fills the sentence, and the place it is about."""
    path = reverse(OF_MONTH[step], args=[cycle.key]) if step in OF_MONTH else reverse(PLACES[step])
    return {"who": by.name, "month": cycle.key, "step": step}, path


def _deliveries(cycle: Cycle, rows: list[Nudge], by: Employee) -> list[Delivery]:
    """One e-mail a person with all he is reminded of, one message a robot: of what nobody heard today already."""
    if not rows:
        return []
    at = rows[0].at
    told = nudged_before(cycle, at)
    steps: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if (row.step, row.recipient_id) not in told:
            steps[row.recipient_id].append(row.step)
    people = Employee.objects.filter(pk__in=among(steps), account__isnull=False)
    reached = list(people.select_related("preference").order_by("number"))
    common = {"subject": nudge_subject(), "not_before": next_allowed(at, rules_now())}
    letters = [
        Delivery(
            key=f"nudge:{cycle.pk}:{at:%Y%m%d%H%M%S}:person:{one.pk}",
            channel=Channel.EMAIL,
            recipient=one,
            text=nudge_text(one.name, [_words(cycle, step, by) for step in steps[one.pk]]),
            **common,
        )
        for one in reached
        if takes_mail(one)
    ]
    return [*letters, *_calls(cycle, at, reached, by, common)]


def _calls(
    cycle: Cycle, at: datetime, reached: list[Employee], by: Employee, common: dict[str, Any]
) -> Iterable[Delivery]:
    for robot in Robot.objects.filter(is_active=True):
        names = [one.name for one in reached if robot.region_id in {None, one.region_id}]
        if names:
            yield Delivery(
                key=f"nudge:{cycle.pk}:{at:%Y%m%d%H%M%S}:robot:{robot.pk}",
                channel=robot.channel,
                robot=robot,
                text=group_nudge_text(by.name, names),
                **common,
            )
