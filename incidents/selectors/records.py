"""One incident record with everything its page shows, each share as far as the reader may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.module_loading import import_string

from common.selectors import Countdown, countdown
from incidents.models import EventFile, Incident, Involvement
from incidents.permissions import (
    Judge,
    Sight,
    Superiors,
    can_add_files,
    can_overturn,
    can_state,
    can_verify,
    can_withdraw_incident,
    concerned_with,
    is_view_in,
    sight_of,
)
from incidents.selectors.history import Told, history_of
from incidents.selectors.repetition import Judgement, earlier_shares, standard_on
from incidents.selectors.rules import is_appraised
from incidents.selectors.similar import LIVE
from incidents.states import EventState


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """One person's share and what the reader may see of it and do with it.

    ``judgement`` only with ``is_whole``; ``holder`` is who decides next, empty: the group or the department.
    ``is_outdated``: confirmed by another severity than the judgement says now. ``is_uncounted``: it stands, or may yet,
    and no form of the person's counts it.
    """

    share: Involvement
    is_whole: bool
    is_mine: bool
    judgement: Judgement | None
    holder: str
    is_view_in: bool
    may_state: bool
    may_verify: bool
    may_confirm: bool
    may_overturn: bool
    is_outdated: bool
    is_uncounted: bool


class Source(NamedTuple):
    """The page of the call that a record came from, and whether its fatal fault stands; None: not for this reader."""

    url: str
    is_fatal: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """A record as one reader sees it: ``others`` more people are concerned whom he does not learn of.

    ``source`` is the call whose fatal fault filed it, where he may open that.
    """

    incident: Incident
    shares: tuple[ShareView, ...]
    others: int
    files: tuple[EventFile, ...]
    history: tuple[Told, ...]
    may_withdraw: bool
    may_add_files: bool
    source: Source | None

    @property
    def is_open(self) -> bool:
        """Whether anything of it is undecided."""
        return any(one.share.state == EventState.FILED for one in self.shares)

    @property
    def is_fault_denied(self) -> bool:
        """Whether it was found untrue while the call keeps its fatal fault."""
        ended = all(one.share.state not in {EventState.FILED, EventState.CONFIRMED} for one in self.shares)
        return ended and self.source is not None and self.source.is_fatal is True

    @property
    def is_fault_lifted(self) -> bool:
        """Whether the call lost its fatal fault while this stands, confirmed or not."""
        stands = any(one.share.state in {EventState.FILED, EventState.CONFIRMED} for one in self.shares)
        return stands and self.source is not None and self.source.is_fatal is False


def incident_with_shares(pk: int) -> Incident | None:
    """A record with its people, for the rules of who may."""
    shares = Involvement.objects.select_related("employee__position", "employee__region", "severity", "verified_by")
    rows = Incident.objects.select_related("kind__severity", "found_by", "filed_by")
    return rows.prefetch_related(Prefetch("involvements", shares.order_by("pk"))).filter(pk=pk).first()


def record_view(judge: Judge, incident: Incident) -> RecordView | None:
    """What that person sees of the record; None if it is not there for him."""
    shares, concerned = list(incident.involvements.all()), concerned_with(incident)
    above = Superiors.of(shares)
    sights = {share.pk: sight_of(judge, share, concerned, above) for share in shares}
    seen = [share for share in shares if sights[share.pk] != Sight.NOTHING]
    if not seen:
        return None
    whole = [share for share in seen if sights[share.pk] == Sight.WHOLE]
    judgements = _judgements(incident, whole)
    return RecordView(
        incident=incident,
        shares=tuple(_share_view(judge, share, concerned, above, judgements.get(share.pk)) for share in seen),
        others=len(shares) - len(seen),
        files=visible_files(judge, incident, sights),
        history=tuple(history_of(incident, seen, whole=whole, silent=_hidden(judge, incident, sights))),
        may_withdraw=can_withdraw_incident(judge, incident),
        may_add_files=can_add_files(judge, incident, above),
        source=_source(judge, incident.origin) if incident.origin else None,
    )


def _source(judge: Judge, origin: str) -> Source | None:
    source_of: Callable[[Judge, str], Source | None] = import_string(settings.INCIDENT_SOURCE)
    return source_of(judge, origin)


def visible_files(judge: Judge, incident: Incident, sights: dict[int, Sight]) -> tuple[EventFile, ...]:
    """The record's files, without those that another person concerned put to it whose share the reader does not see."""
    hidden = {share.employee_id for share in _hidden(judge, incident, sights)}
    files = incident.files.select_related("uploaded_by")
    return tuple(file for file in files if file.uploaded_by_id not in hidden)


def _hidden(judge: Judge, incident: Incident, sights: dict[int, Sight]) -> list[Involvement]:
    """Those concerned whose part in the record the reader does not learn of."""
    known = {incident.filed_by_id, judge.person.pk}
    shares = incident.involvements.all()
    return [share for share in shares if sights[share.pk] != Sight.WHOLE and share.employee_id not in known]


def incident_of_share(pk: int) -> int | None:
    """The record that a share belongs to."""
    return Involvement.objects.filter(pk=pk).values_list("incident_id", flat=True).first()


def awaited_views(view: RecordView) -> Countdown | None:
    """What counts down to the views still awaited, each with its own term; None, and no statement, when none is."""
    awaited = [one.share.statement_due_on for one in view.shares if not one.is_view_in]
    return countdown(timezone.localdate(), awaited) if any(awaited) else None


def file_with_record(pk: int) -> EventFile | None:
    """A file with the record it belongs to, incident or bonus claim."""
    rows = EventFile.objects.select_related("incident", "bonus__employee")
    return rows.prefetch_related("incident__involvements").filter(pk=pk).first()


def is_file_visible(judge: Judge, file: EventFile) -> bool:
    """Whether a file of an incident is shown to that person: row twin of ``visible_files``."""
    incident = file.incident
    if incident is None:
        return False
    shares, concerned = list(incident.involvements.all()), concerned_with(incident)
    above = Superiors.of(shares)
    sights = {share.pk: sight_of(judge, share, concerned, above) for share in shares}
    if all(sight == Sight.NOTHING for sight in sights.values()):
        return False
    return any(one.pk == file.pk for one in visible_files(judge, incident, sights))


def _judgements(incident: Incident, whole: list[Involvement]) -> dict[int, Judgement]:
    if not whole:
        return {}
    standard = standard_on(timezone.localdate(incident.filed_at))
    ids = [share.employee_id for share in whole]
    earlier = earlier_shares(ids, incident, standard.rules.repeat_months)
    return {share.pk: standard.judgement(share, incident.kind, earlier.get(share.employee_id, ())) for share in whole}


def _share_view(
    judge: Judge, share: Involvement, concerned: frozenset[int], above: Superiors, judgement: Judgement | None
) -> ShareView:
    may_verify = can_verify(judge, share, concerned, above)
    view_in = is_view_in(share, timezone.localdate())
    held = above.above(share)
    neutral = held is not None and held[0] not in {share.incident.found_by_id, share.incident.filed_by_id} | concerned
    return ShareView(
        share=share,
        is_whole=judgement is not None,
        is_mine=share.employee_id == judge.person.pk,
        judgement=judgement,
        holder=held[1] if held is not None and neutral and share.state == EventState.FILED else "",
        is_view_in=view_in,
        may_state=can_state(judge, share),
        may_verify=may_verify,
        may_confirm=may_verify and view_in,
        may_overturn=can_overturn(judge, share, concerned) and share.counted_month is None,
        is_outdated=judgement is not None and judgement.is_outdated(share),
        is_uncounted=share.state in LIVE and share.counted_month is None and not is_appraised(share.employee),
    )
