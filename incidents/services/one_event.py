"""Steps for claims about one event, of which one counts (P4.6). Each runs while the person's claims are locked."""

from django.utils.translation import gettext as _

from audit.log import record
from common.db import require_transaction
from common.errors import RuleError
from common.wording import signed
from incidents.models import Bonus
from incidents.permissions import visible_bonuses
from incidents.selectors.claims import NEAR_DAYS, STANDING
from incidents.services.steps import decide, judge_of
from incidents.states import EventState
from people.models import Employee


def to_join(bonus: Bonus, other_id: int, by: Employee) -> Bonus:
    """The person's other claim, standing and near the day, which ``by`` may see; its event has a name from now on."""
    require_transaction()
    rows = visible_bonuses(judge_of(by)).filter(employee=bonus.employee_id, state__in=STANDING)
    other = rows.exclude(pk=bonus.pk).filter(pk=other_id).first()
    if other is None or abs((other.occurred_on - bonus.occurred_on).days) > NEAR_DAYS:
        words = _("只能和同一个人前后%(n)s天内的加分记成同一件事。")
        raise RuleError(words % {"n": NEAR_DAYS}, code="not_the_same", field="same")
    if not other.event:  # a claim from a workbook
        other.event = other.number
        other.save(update_fields=["event"])
        record("bonus.joined", other, by=by, before={"event": ""}, after={"event": other.event})
    return other


def join(bonus: Bonus, other: Bonus) -> list[str]:
    """Take the other's event; those that joined this one come along, and their numbers are returned."""
    require_transaction()
    if bonus.event == other.event:
        raise RuleError(_("这两条已经记成同一件事。"), code="nothing_to_do")
    followers = _followers(bonus)
    rivals = Bonus.objects.filter(employee=bonus.employee_id, event=other.event, state=EventState.CONFIRMED)
    counted = next((one for one in followers if one.state == EventState.CONFIRMED), None)
    if counted is not None and (rival := rivals.first()) is not None:
        words = _("%(one)s和%(other)s都已经计分，先撤销一条再合并。")
        raise RuleError(words % {"one": counted.number, "other": rival.number}, code="both_counted")
    bonus.event = other.event
    Bonus.objects.filter(pk__in=[bonus.pk, *(one.pk for one in followers)]).update(event=other.event)
    return [one.number for one in followers]


def leave(bonus: Bonus) -> list[str]:
    """Stand for itself again; refused for the one the others joined: it is they who leave."""
    require_transaction()
    if followers := _followers(bonus):
        words = _("是%(numbers)s记成和这一条同一件事的，到那一条去改。")
        raise RuleError(words % {"numbers": "、".join(one.number for one in followers)}, code="others_joined")
    if bonus.event == bonus.number:
        raise RuleError(_("这一条本来就是单独的一件事。"), code="nothing_to_do")
    bonus.event = bonus.number
    bonus.save(update_fields=["event"])
    return []


def step_aside(bonus: Bonus, by: Employee) -> None:
    """Before ``bonus`` is confirmed: set aside a lower claim of its event that is in no month yet, else refuse."""
    require_transaction()
    rows = Bonus.objects.select_for_update(of=("self",)).filter(employee=bonus.employee_id, event=bonus.event)
    counted = rows.filter(state=EventState.CONFIRMED).exclude(pk=bonus.pk).first() if bonus.event else None
    if counted is None:
        return
    if counted.counted_month or counted.points >= bonus.points:
        words = _("同一件事已由%(number)s计了%(points)s分，一件事只计一次，这一条只能记为不成立。")
        values = {"number": counted.number, "points": signed(counted.points)}
        raise RuleError(words % values, code="event_counted")
    words = _("同一件事改由%(number)s计%(points)s分")
    counted.decision_reason = words % {"number": bonus.number, "points": signed(bonus.points)}
    decide(counted, EventState.OVERTURNED, "bonus.set_aside", by, ["decision_reason"])


def _followers(bonus: Bonus) -> list[Bonus]:
    """The person's other claims that took this one's event."""
    if not bonus.event or bonus.event != bonus.number:
        return []
    rows = Bonus.objects.filter(employee=bonus.employee_id, event=bonus.event)
    return list(rows.exclude(pk=bonus.pk).order_by("pk"))
