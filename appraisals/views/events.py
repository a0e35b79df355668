"""The lines of parts five and six: who found, checked or holds each, why it counts here, and its record."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.selectors.event_words import month_words
from appraisals.states import CycleKind
from appraisals.views.gather import Gathered
from common.wording import day
from incidents.selectors.counting import Counting, Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """An incident or bonus as a line. ``url`` is its record, empty for who may not open it; ``waits`` says who holds
    it while it is undecided; ``is_mine``: it waits for the reader; ``why``: it happened in another month."""

    event: Counting
    is_confirmed: bool
    is_mine: bool
    url: str
    waits: str
    why: str


def incident_rows(gathered: Gathered) -> list[EventRow]:
    """Part five."""
    return [
        _row(gathered, shown, "incidents:incident", _incident_waits(gathered, shown)) for shown in gathered.incidents
    ]


def bonus_rows(gathered: Gathered) -> list[EventRow]:
    """Part six."""
    return [_row(gathered, shown, "incidents:bonus", _bonus_waits(shown)) for shown in gathered.bonuses]


def _row(gathered: Gathered, shown: Shown, route: str, waits: str) -> EventRow:
    cycle = gathered.form.cycle
    own: date | None = cycle.starts_on if cycle.kind == CycleKind.MONTH else None
    return EventRow(
        event=shown.event,
        is_confirmed=shown.is_confirmed,
        is_mine=not shown.is_confirmed and shown.holder_id == gathered.viewer.person_id,
        url=reverse(route, args=[shown.ref]) if shown.ref else "",
        waits="" if shown.is_confirmed else waits,
        why=month_words(shown.event, own, gathered.closed_months, is_confirmed=shown.is_confirmed),
    )


def _incident_waits(gathered: Gathered, shown: Shown) -> str:
    """First the person concerned has his say, then somebody neutral verifies."""
    if shown.until is not None and shown.until >= timezone.localdate():
        told = {"name": gathered.form.employee.name, "until": day(shown.until)}
        if gathered.viewer.is_own:
            return _("等你陈述，%(until)s前") % told
        return _("等%(name)s陈述，%(until)s前") % told
    if not shown.waits_for:
        return _("等考核小组核实")
    is_mine = shown.holder_id == gathered.viewer.person_id
    return _("等你核实") if is_mine else _("等%(who)s核实") % {"who": shown.waits_for}


def _bonus_waits(shown: Shown) -> str:
    """Somebody else checks first, then the direct superior."""
    if not shown.event.found_by:
        return _("等考核小组或本区域主管初核")
    return _("等%(who)s确认") % {"who": shown.waits_for} if shown.waits_for else _("等直接上级确认")
