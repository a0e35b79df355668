"""What the pages of one bonus claim show: the hints beside the form, the record with what its reader may do."""

from typing import Any

from django.utils import timezone

from common.forms import whole_number
from incidents.forms.bonuses import BonusForm
from incidents.models import Bonus
from incidents.permissions import (
    Judge,
    Superiors,
    can_add_bonus_files,
    can_check_first,
    can_check_second,
    can_join_event,
    can_overturn_bonus,
    can_reject_bonus,
    can_view_bonus,
    can_withdraw_bonus,
)
from incidents.selectors.claim_flow import flow_of, history_of_claim, holder_of
from incidents.selectors.claims import (
    alike,
    month_use,
    near_claims,
    raised_as,
    relatives,
    voiding_incidents,
    waiting_claims,
)
from incidents.selectors.rules import EARLIEST
from incidents.states import EventState

ENDINGS = ("bonus.rejected", "bonus.withdrawn", "bonus.overturned", "bonus.set_aside")


def hints_of(judge: Judge, form: BonusForm) -> dict[str, Any]:
    """What is known from the fields that are right so far; how far a cap is used only for who may see the person's."""
    form.is_valid()
    employee, day, entry = form.cleaned_data.get("employee"), form.cleaned_data.get("occurred_on"), form.entry()
    context: dict[str, Any] = {"entry": entry, "same": whole_number(str(form.data.get("same", "")))}
    if employee is None or day is None or not EARLIEST <= day <= timezone.localdate():
        return context
    about = Bonus(employee=employee, occurred_on=day)
    if entry:
        about.kind, about.cap, about.points = entry[0], entry[0].cap, entry[1].points
    knows = can_view_bonus(judge, about)
    return context | {
        "about": employee,
        "use": month_use(about) if entry and knows else None,
        "voids": voiding_incidents(judge, about) if knows else [],
        "alike": alike(judge, employee.pk, day),
        "near": near_claims(judge, employee.pk, day),
    }


def claim_page(judge: Judge, bonus: Bonus) -> dict[str, Any]:
    """The record of a claim as this reader sees it."""
    above = Superiors.of([bonus])
    history = history_of_claim(bonus)
    ended_by = next((event.actor_name for event in history if event.action in ENDINGS), "")
    # Who only raised it learns nothing of the person's other claims or incidents.
    knows = can_view_bonus(judge, Bonus(employee=bonus.employee, occurred_on=bonus.occurred_on), above)
    may, family = _may(judge, bonus, above), relatives(judge, bonus)
    counted = family.counted
    is_open = bonus.state in {EventState.FILED, EventState.CONFIRMED}
    return {
        "claim": bonus,
        "as": raised_as(bonus, above),
        "flow": flow_of(bonus, above, ended_by),
        "holder": holder_of(bonus, above),
        "history": history,
        "use": month_use(bonus) if knows and is_open else None,
        "voids": voiding_incidents(judge, bonus) if knows and is_open else [],
        "family": family,
        "is_taken": counted is not None and (counted.counted_month or counted.points >= bonus.points),
        "may": may,
        "may_any": any(may.values()),
        "next": waiting_claims(judge).exclude(pk=bonus.pk).first(),
    }


def _may(judge: Judge, bonus: Bonus, above: Superiors) -> dict[str, bool]:
    return {
        "first": can_check_first(judge, bonus, above),
        "second": can_check_second(judge, bonus, above),
        "reject": can_reject_bonus(judge, bonus, above),
        "withdraw": can_withdraw_bonus(judge, bonus),
        "overturn": can_overturn_bonus(judge, bonus) and bonus.counted_month is None,
        "join": can_join_event(judge, bonus, above),
        "files": can_add_bonus_files(judge, bonus, above),
    }
