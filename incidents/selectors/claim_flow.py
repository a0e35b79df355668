"""How far a bonus claim has come, in words: its two checks, who is next and who holds it, and what happened to it."""

from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.log import events_about
from audit.models import Event
from common.wording import month as month_name
from incidents.models import Bonus
from incidents.permissions import Superiors
from incidents.selectors.claims import raised_as
from incidents.states import EventState

LOG_WORDS: dict[str, Promise] = {
    "bonus.raised": gettext_lazy("提出"),
    "bonus.first_checked": gettext_lazy("初核通过"),
    "bonus.confirmed": gettext_lazy("确认加分"),
    "bonus.rejected": gettext_lazy("记为不成立"),
    "bonus.withdrawn": gettext_lazy("撤回"),
    "bonus.overturned": gettext_lazy("撤销"),
    "bonus.set_aside": gettext_lazy("改由同一件事的另一条计分"),
    "bonus.joined": gettext_lazy("改了“同一件事”"),
    "bonus.files_added": gettext_lazy("补了文件"),
}
DONE, NOW, WAIT, STOPPED = "done", "now", "wait", "stop"


class Step(NamedTuple):
    """A step of the flow: done, now, still to come, or where it ended."""

    title: str
    kind: str
    who: str = ""
    at: datetime | None = None


def history_of_claim(bonus: Bonus) -> list[Event]:
    """What happened to a claim, newest first; each with its ``words``."""
    found = list(events_about(bonus).filter(action__in=LOG_WORDS).order_by("-pk"))
    for event in found:
        event.words = LOG_WORDS[event.action]  # type: ignore[attr-defined]  # for the template
    return found


def flow_of(bonus: Bonus, above: Superiors, ended_by: str = "") -> list[Step]:
    """Raised, first check, confirmed by the direct superior, counted (P4.6); or where it ended and by whom."""
    raiser = bonus.raised_by.name if bonus.raised_by else ""
    steps = [Step(str(raised_as(bonus, above).label), DONE, raiser, bonus.filed_at), _first(bonus)]
    if bonus.state in {EventState.FILED, EventState.CONFIRMED}:
        return [*steps, _second(bonus, above), _counts(bonus)]
    if bonus.first_checker is None:
        steps.pop()
    if bonus.state == EventState.OVERTURNED:
        steps.append(_second(bonus, above))
    return [*steps, Step(bonus.get_state_display(), STOPPED, ended_by, bonus.decided_at)]


def holder_of(bonus: Bonus, above: Superiors) -> str:
    """Who decides next: whoever may check first, or who stands above by name; empty once it is decided."""
    if bonus.state != EventState.FILED:
        return ""
    if bonus.first_checker_id is None:
        return _("考核小组或本区域主管")
    return above.name_of(bonus) or _("直接上级（未登记）")


def _first(bonus: Bonus) -> Step:
    if bonus.first_checker is not None:
        return Step(_("初核"), DONE, bonus.first_checker.name, bonus.first_checked_at)
    if bonus.state == EventState.FILED:
        return Step(_("初核"), NOW, _("等考核小组或本区域主管"))
    return Step(_("初核"), WAIT)


def _second(bonus: Bonus, above: Superiors) -> Step:
    title = _("直接上级确认")
    if bonus.second_checker is not None:
        return Step(title, DONE, bonus.second_checker.name, bonus.confirmed_at)
    name = above.name_of(bonus)
    who = _("等%(name)s") % {"name": name} if name else _("没有登记直接上级")
    if above.stands_in(bonus):
        own = bonus.raised_by_id is not None and above.was_above(bonus.raised_by_id, bonus)
        words = _("等%(name)s（直接上级提的，由别人确认）") if own else _("等%(name)s（原直接上级已离职）")
        who = words % {"name": name}
    return Step(title, NOW if bonus.first_checker_id else WAIT, who)


def _counts(bonus: Bonus) -> Step:
    if bonus.counted_month:
        return Step(_("计入%(month)s") % {"month": month_name(bonus.counted_month)}, DONE)
    return Step(_("计入考核"), NOW if bonus.state == EventState.CONFIRMED else WAIT, _("汇总时"))
