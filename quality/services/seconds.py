"""Have a share of every listener's calls scored a second time, blind (A2).

The system draws the calls and whom they go to; nobody chooses. The second scoring counts for nothing: it shows how far
listeners are apart. The agent is not told, and the first listener does not learn which of his calls it met.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record_many
from common.errors import RuleError
from people.models import Employee
from people.selectors import standing_of
from policy.drift import seconds_wanted
from quality.models import Assessment
from quality.permissions import Lines, can_draw_seconds
from quality.selectors.drift import month_span
from quality.selectors.seconds import (
    Seconders,
    firsts_by_listener,
    has_second,
    load_of,
    scored_calls,
    seconders_on,
)
from quality.states import AssessmentKind


@dataclass(frozen=True, slots=True)
class Short:
    """A listener of whose calls ``missing`` more should be scored again, and nobody else may listen to them."""

    listener: str
    missing: int


@dataclass(frozen=True, slots=True)
class SecondDraw:
    """How many calls were given to whom (name → calls), and where nobody could be found."""

    given: dict[str, int]
    short: tuple[Short, ...]

    @property
    def calls(self) -> int:
        """Calls given out by this draw."""
        return sum(self.given.values())


@dataclass(slots=True)
class _Hand:
    """What one draw works with: who may listen, how much each has already, and chance."""

    seconders: Seconders
    lines: Lines
    load: Counter[int]
    dice: random.Random
    given: list[Assessment] = field(default_factory=list)

    def give(self, first: Assessment) -> bool:
        """Give the call to whoever may listen and has fewest; chance decides between equals. False: nobody may."""
        people = [ear.person for ear in self.seconders.for_call(first, self.lines)]
        if not people:
            return False
        least = min(self.load[person.pk] for person in people)
        chosen = self.dice.choice([person for person in people if self.load[person.pk] == least])
        self.load[chosen.pk] += 1
        self.given.append(Assessment(call=first.call, kind=AssessmentKind.SECOND, listener=chosen, rubric=first.rubric))
        return True


@transaction.atomic(durable=True)
def draw_seconds(month: date, *, by: Employee, dice: random.Random | None = None) -> SecondDraw:
    """Top every listener's calls of ``month`` up to the share of the monitoring standard, and give them to others.

    A call drawn before is never drawn again; a second draw of a month only adds what has been scored since. ``dice`` is
    the system's own chance unless a test brings another.

    Raises: RuleError ``not_allowed`` · ``nothing_scored`` (no submitted scoring of a call of that month)
    """
    today = timezone.localdate()
    if not can_draw_seconds(standing_of(by, today)):
        raise RuleError(_("抽复听由考核小组或客服管理部来做。"), code="not_allowed")
    first, last = month_span(month)
    calls = list(scored_calls(first, last).select_for_update(of=("self",)))
    if not calls:
        raise RuleError(_("这个月还没有评完的录音，评完再抽。"), code="nothing_scored", field="month")
    hand = _Hand(seconders_on(today), Lines.of(calls), load_of(first, last), dice or random.SystemRandom())
    listeners = list(firsts_by_listener(calls).values())
    hand.dice.shuffle(listeners)
    short = [one for firsts in listeners if (one := _top_up(firsts, hand)) is not None]
    Assessment.objects.bulk_create(hand.given, batch_size=500)
    record_many("assessment.second_drawn", ((one, None, _told(one)) for one in hand.given), by=by)
    return SecondDraw(
        given=dict(Counter(one.listener.name for one in hand.given)),
        short=tuple(sorted(short, key=lambda one: one.listener)),
    )


def _top_up(firsts: list[Assessment], hand: _Hand) -> Short | None:
    """Draw from one listener's calls until his share is met; what could not be given, if anything."""
    missing = seconds_wanted(one.rubric.second_share for one in firsts) - sum(map(has_second, firsts))
    left = [one for one in firsts if one.rubric.second_share and not has_second(one)]
    hand.dice.shuffle(left)
    for one in left:
        if missing <= 0:
            break
        missing -= hand.give(one)
    return Short(firsts[0].listener.name, missing) if missing > 0 else None


def _told(second: Assessment) -> dict[str, str]:
    return {"call": second.call.number, "listener": second.listener.number, "rubric": second.rubric.version}
