"""The exchange meeting about a month (P5.3, P6.4b): prepared, minuted, sent, and what it proposes for the scheme."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Cycle
from audit.log import record
from common.db import require_transaction
from common.errors import ConflictError, RuleError
from development.models import Addendum, Amendment, Meeting, RegionMinute
from development.permissions import can_run_meeting, can_view_meeting
from development.selectors.meetings import concerned_with_minutes, consenter_of
from development.selectors.regions import month_before, month_by_region, regions_of
from development.services.steps import refuse_unless, words_of
from development.states import AmendmentState, MeetingState
from notices.log import tell
from people.models import Employee
from people.selectors import standing_of

TEXTS = ("practice", "causes", "measures", "next_targets")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFacts:
    """When, where and with whom, and what came of it."""

    held_on: date | None = None
    place: str = ""
    summary: str = ""
    attendee_ids: Collection[int] = ()


@transaction.atomic(durable=True)
def prepare_meeting(cycle_id: int, *, by: Employee) -> Meeting:
    """Begin the minutes of a month whose results are out, with an agenda of what it showed; again: what there is."""
    cycle = Cycle.objects.select_for_update().get(pk=cycle_id)
    refuse_unless(can_run_meeting(standing_of(by, timezone.localdate()), cycle))
    found = Meeting.objects.filter(cycle=cycle).first()
    if found:
        return found
    regions = regions_of(cycle)
    if not regions:
        raise RuleError(_("这个月的结果还没有公布，公布后再准备交流会。"), code="not_published")
    shown = month_by_region(cycle, month_before(cycle))
    meeting = Meeting(cycle=cycle, chair=by, agenda={str(pk): facts for pk, facts in shown.items()})
    meeting.full_clean(exclude=("agenda",))
    meeting.save()
    RegionMinute.objects.bulk_create(RegionMinute(meeting=meeting, region=region) for region in regions)
    record("meeting.prepared", meeting, by=by, after={"cycle": cycle.key, "regions": [one.code for one in regions]})
    return meeting


@transaction.atomic(durable=True)
def save_meeting(meeting_id: int, facts: MeetingFacts, *, version: int | None, by: Employee) -> Meeting:
    """Write day, place, attendees and summary while the minutes are not sent."""
    meeting = _locked(meeting_id, by)
    _check_version(meeting.version, version)
    if facts.held_on is not None and facts.held_on > timezone.localdate():
        raise RuleError(_("开会日期不能晚于今天。"), code="in_the_future", field="held_on")
    meeting.held_on = facts.held_on
    meeting.place = words_of(facts.place, 80, field="place")
    meeting.summary = words_of(facts.summary, 1000, field="summary")
    meeting.version += 1
    meeting.full_clean(exclude=("agenda",))
    meeting.save(update_fields=["held_on", "place", "summary", "version"])
    meeting.attendees.set(Employee.objects.filter(pk__in=facts.attendee_ids))
    return meeting


@transaction.atomic(durable=True)
def save_minute(minute_id: int, texts: dict[str, str], *, version: int | None, by: Employee) -> RegionMinute:
    """Write what was said of one region; two people write of two regions at the same time."""
    minute = RegionMinute.objects.select_for_update().get(pk=minute_id)
    _locked(minute.meeting_id, by)
    _check_version(minute.version, version)
    given = {name: words_of(texts[name], 500, field=name) for name in TEXTS if name in texts}
    for name, words in given.items():
        setattr(minute, name, words)
    minute.version += 1
    minute.full_clean()
    minute.save(update_fields=[*given, "version"])
    return minute


@transaction.atomic(durable=True)
def propose_amendment(meeting_id: int, *, text: str, reason: str, by: Employee) -> Amendment:
    """Propose to amend the scheme; it goes to the next higher superior, without whose consent nothing comes of it."""
    meeting = _locked(meeting_id, by)
    asked = consenter_of(by, timezone.localdate())
    if asked is None:
        raise RuleError(_("没有登记你的上级，先在员工资料里登记，才有人可以同意。"), code="no_superior")
    row = Amendment(
        meeting=meeting,
        text=words_of(text, 500, field="text", missing=_("写下要改哪一条、改成什么。")),
        reason=words_of(reason, 300, field="reason", missing=_("写一句为什么要改。")),
        proposed_by=by,
        asked=asked,
    )
    row.full_clean()
    row.save()
    record("amendment.proposed", row, by=by, after={"asked": asked.number})
    tell([asked.pk], "consent_wanted", path=path_of(meeting), key=f"amendment:{row.pk}", detail={"who": by.name})
    return row


@transaction.atomic(durable=True)
def answer_amendment(amendment_id: int, *, consents: bool, answer: str, by: Employee) -> Amendment:
    """Consent or decline, once, by whoever was asked; a refusal says why. The scheme itself is not touched."""
    row = Amendment.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=amendment_id)
    refuse_unless(row.asked_id == by.pk and row.state == AmendmentState.PROPOSED)
    missing = "" if consents else _("写一句为什么不同意。")
    row.answer = words_of(answer, 300, field="answer", missing=missing)
    row.state = AmendmentState.CONSENTED if consents else AmendmentState.DECLINED
    row.decided_at = timezone.now()
    row.full_clean()
    row.save(update_fields=["answer", "state", "decided_at"])
    record("amendment.answered", row, by=by, after={"state": row.state}, reason=row.answer)
    tell([row.proposed_by_id], "consent_given", path=path_of(row.meeting), key=f"amendment:{row.pk}:answer")
    return row


@transaction.atomic(durable=True)
def send_minutes(meeting_id: int, *, by: Employee) -> Meeting:
    """Send them to those concerned; from now on they are kept as they are, and only added to."""
    meeting = _locked(meeting_id, by)
    if meeting.held_on is None:
        raise RuleError(_("写上哪天开的会。"), code="held_on_missing", field="held_on")
    minutes = meeting.regions.select_related("region")
    empty = [one.region.name for one in minutes if not one.measures.strip() or not one.next_targets.strip()]
    if empty:
        words = _("这些区域还没有写改进措施和下期目标：")
        raise RuleError(words, code="minutes_incomplete", problems=tuple(empty))
    meeting.state, meeting.sent_at, meeting.sent_by = MeetingState.SENT, timezone.now(), by
    meeting.version += 1
    meeting.full_clean(exclude=("agenda",))
    meeting.save(update_fields=["state", "sent_at", "sent_by", "version"])
    people = concerned_with_minutes(meeting, timezone.localdate())
    meeting.recipients.set(people)
    record("meeting.sent", meeting, by=by, after={"recipients": len(people)})
    others = [pk for pk in people if pk != by.pk]
    month = {"month": meeting.cycle.key}
    tell(others, "minutes_sent", path=path_of(meeting), key=f"meeting:{meeting.pk}", detail=month)
    return meeting


@transaction.atomic(durable=True)
def add_to_minutes(meeting_id: int, *, text: str, by: Employee) -> Addendum:
    """Put something right or add it after the minutes were sent."""
    meeting = _read(meeting_id)
    standing = standing_of(by, timezone.localdate())
    refuse_unless(meeting.state == MeetingState.SENT and can_run_meeting(standing, meeting.cycle))
    words = words_of(text, 500, field="text", missing=_("写下要补充的。"))
    row = Addendum.objects.create(meeting=meeting, text=words, by=by, at=timezone.now())
    record("meeting.added_to", meeting, by=by, after={"addendum": row.pk})
    return row


def path_of(meeting: Meeting) -> str:
    """The page of the meeting."""
    return f"/meetings/{meeting.pk}/"


def _read(meeting_id: int) -> Meeting:
    require_transaction()
    return Meeting.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=meeting_id)


def _locked(meeting_id: int, by: Employee) -> Meeting:
    """The meeting while it can be written, by one who may."""
    meeting = _read(meeting_id)
    standing = standing_of(by, timezone.localdate())
    refuse_unless(can_view_meeting(by, meeting, standing) and can_run_meeting(standing, meeting.cycle))
    if meeting.state != MeetingState.PREPARED:
        raise RuleError(_("纪要已经发出，不能再改，可以补记。"), code="sent_already")
    return meeting


def _check_version(stands: int, version: int | None) -> None:
    if version is not None and version != stands:
        raise ConflictError(_("这里刚被改过，你填的还没有存。刷新后再改。"), theirs=_("第 %(n)s 版") % {"n": stands})
