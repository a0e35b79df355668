"""The exchange meeting: prepared from the month by region, minuted, sent, kept; amendments need consent (P6.4b)."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from common.errors import RuleError
from development.models import Meeting, RegionMinute
from development.permissions import can_view_meeting, visible_meetings
from development.selectors.meetings import consenter_of, heads_of_regions
from development.selectors.minutes import agenda_rows
from development.services.meetings import (
    MeetingFacts,
    add_to_minutes,
    answer_amendment,
    prepare_meeting,
    propose_amendment,
    save_meeting,
    save_minute,
    send_minutes,
)
from development.states import AmendmentState, MeetingState
from notices.models import Message
from people.facts import SYSTEM
from people.models import Employee
from people.selectors import standing_of
from people.states import Duty, Role
from scoring.models import Result
from scoring.services.consolidation import consolidate_forms
from scoring.services.publication import publish_results
from tests import world
from tests.counting import statements

pytestmark = pytest.mark.django_db
MONTH = date(2026, 10, 1)


class Cast:
    """Two regions with a published month, and those who run the meeting or don't."""

    def __init__(self, agents: int = 3) -> None:
        self.manager = world.with_role(world.person("何建国", None, account=True), Role.DEPARTMENT)
        self.leader = world.in_group(world.person("方志远", None, account=True), Duty.LEADER)
        self.officer = world.on_duty(world.in_group(world.person("沈玉兰", None, account=True)), MONTH)
        self.member = world.in_group(world.person("郑洁", None, account=True))
        self.hr = world.with_role(world.person("赵琳", None, account=True), Role.HR)
        self.head = world.person("周敏", "KFZG", superior=self.manager, account=True)
        self.agents = [world.person(f"客服{n}", superior=self.head, account=True) for n in range(agents)]
        shares = ("0.9", "0.8", "0.7", "0.6")
        forms = [
            world.ready_form(world.graded(one), self.head, month=MONTH, share=shares[n % 4])
            for n, one in enumerate(self.agents)
        ]
        self.far_head = world.person("吴海燕", "KFZG", superior=self.manager, account=True)
        lone = world.person("林一", superior=self.far_head, account=True)
        for one in (self.far_head, lone):
            one.region = world.region("HN", "华南区域")
            one.save(update_fields=["region"])
        forms.append(world.ready_form(world.graded(lone), self.far_head, month=MONTH, share="0.5"))
        self.lone = lone
        self.cycle = forms[0].cycle
        ids = [form.pk for form in forms]
        consolidate_forms(self.cycle.pk, form_ids=ids, by=SYSTEM)
        publish_results(self.cycle.pk, form_ids=ids, by=SYSTEM)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def prepared(cast: Cast) -> Meeting:
    return prepare_meeting(cast.cycle.pk, by=cast.officer)


def written(cast: Cast) -> Meeting:
    """Everything that sending asks for."""
    meeting = prepared(cast)
    for minute in meeting.regions.all():
        save_minute(minute.pk, {"measures": "每周复盘", "next_targets": "接通率到90%"}, version=1, by=cast.officer)
    facts = MeetingFacts(held_on=timezone.localdate(), place="三号会议室", attendee_ids=[cast.head.pk])
    return save_meeting(meeting.pk, facts, version=None, by=cast.officer)


def refused(service, *args, **kwargs) -> str:
    with pytest.raises(RuleError) as error:
        service(*args, **kwargs)
    return error.value.code


def test_the_agenda_shows_what_the_month_showed_by_region(cast):
    near, far = agenda_rows(prepared(cast))

    assert (near.forms, near.mean, near.spread) == (3, Decimal("80.00"), Decimal("20.00"))
    assert near.best[0].name in {"接通率", "差错", "月度重点"}
    assert near.best[0].share > near.best[0].company
    assert far.mean == Decimal("50.00")


def test_a_region_of_few_forms_tells_of_nobody(cast):
    far = agenda_rows(prepared(cast))[1]

    assert far.forms == 1
    assert far.spread is None
    assert far.best == far.weak == []


def test_who_may_prepare_and_who_may_not(cast):
    for person in (cast.member, cast.head, cast.hr, cast.manager, cast.agents[0]):
        assert refused(prepare_meeting, cast.cycle.pk, by=person) == "not_allowed"
    first = prepare_meeting(cast.cycle.pk, by=cast.leader)
    assert prepare_meeting(cast.cycle.pk, by=cast.officer) == first


def test_before_the_results_are_out_there_is_nothing_to_meet_about(cast):
    Result.objects.update(published_at=None)

    assert refused(prepare_meeting, cast.cycle.pk, by=cast.officer) == "not_published"


def test_two_write_of_two_regions_at_once_but_not_over_each_other(cast):
    one, other = prepared(cast).regions.all()

    save_minute(one.pk, {"practice": "早会带练"}, version=1, by=cast.officer)
    save_minute(other.pk, {"practice": "错峰排班"}, version=1, by=cast.leader)
    assert refused(save_minute, one.pk, {"practice": "别的"}, version=1, by=cast.leader) == "changed_meanwhile"
    one.refresh_from_db()
    assert one.practice == "早会带练"


def test_minutes_are_sent_when_they_say_what_follows(cast):
    meeting = prepared(cast)
    assert refused(send_minutes, meeting.pk, by=cast.officer) == "held_on_missing"
    save_meeting(meeting.pk, MeetingFacts(held_on=timezone.localdate()), version=None, by=cast.officer)
    assert refused(send_minutes, meeting.pk, by=cast.officer) == "minutes_incomplete"


def test_sent_minutes_reach_those_concerned_and_are_never_changed(cast):
    meeting = send_minutes(written(cast).pk, by=cast.officer)

    told = set(Message.objects.filter(kind="minutes_sent").values_list("recipient__name", flat=True))
    assert told == {"何建国", "方志远", "郑洁", "赵琳", "周敏", "吴海燕"}
    assert meeting.state == MeetingState.SENT
    minute = meeting.regions.first()
    assert minute is not None
    assert refused(save_minute, minute.pk, {"practice": "改"}, version=None, by=cast.officer) == "sent_already"
    assert refused(send_minutes, meeting.pk, by=cast.officer) == "sent_already"
    assert refused(add_to_minutes, meeting.pk, text="更正", by=cast.member) == "not_allowed"
    assert add_to_minutes(meeting.pk, text="华南的目标是88%", by=cast.leader).text == "华南的目标是88%"


def test_a_meeting_is_not_held_tomorrow(cast):
    tomorrow = MeetingFacts(held_on=world.days_after(timezone.localdate(), 1))

    assert refused(save_meeting, prepared(cast).pk, tomorrow, version=None, by=cast.officer) == "in_the_future"


def test_an_amendment_needs_the_next_higher_superiors_consent(cast):
    meeting = prepared(cast)
    row = propose_amendment(meeting.pk, text="自评期限改为2个工作日", reason="月初忙", by=cast.officer)

    assert row.asked == cast.manager  # head office has no line: the department's manager
    assert refused(answer_amendment, row.pk, consents=True, answer="", by=cast.officer) == "not_allowed"
    assert refused(answer_amendment, row.pk, consents=True, answer="", by=cast.leader) == "not_allowed"
    assert refused(answer_amendment, row.pk, consents=False, answer=" ", by=cast.manager) == "answer_missing"
    assert answer_amendment(row.pk, consents=True, answer="", by=cast.manager).state == AmendmentState.CONSENTED
    assert refused(answer_amendment, row.pk, consents=False, answer="反悔", by=cast.manager) == "not_allowed"


def test_whose_consent_is_asked(cast):
    today = timezone.localdate()

    assert consenter_of(cast.head, today) == cast.manager
    assert consenter_of(cast.manager, today) == cast.leader
    assert consenter_of(cast.agents[0], today) == cast.head


def test_whoever_stands_in_for_a_superior_who_has_left_is_asked(cast):
    today = timezone.localdate()
    Employee.objects.filter(pk=cast.head.pk).update(left_on=today - timedelta(days=1))

    assert consenter_of(cast.agents[0], today) == cast.manager
    Employee.objects.filter(pk=cast.leader.pk).update(left_on=today - timedelta(days=1))
    assert consenter_of(cast.manager, today) is None


def test_the_heads_of_the_regions_are_their_highest_managers(cast):
    below = world.person("组长甲", "PXZG", superior=cast.head)

    assert set(heads_of_regions(timezone.localdate())) == {cast.head, cast.far_head}
    assert below not in heads_of_regions(timezone.localdate())


@pytest.mark.parametrize("is_sent", [False, True])
def test_the_rule_for_a_row_and_the_rule_for_a_list_agree(cast, is_sent):
    meeting = written(cast)
    propose_amendment(meeting.pk, text="改", reason="因", by=cast.leader)
    if is_sent:
        meeting = send_minutes(meeting.pk, by=cast.officer)
    today = timezone.localdate()
    seen = set()
    for person in Employee.objects.all():
        standing = standing_of(person, today)
        listed = visible_meetings(person, standing).filter(pk=meeting.pk).exists()
        assert listed == can_view_meeting(person, meeting, standing), person.name
        if listed:
            seen.add(person.name)
    readers = {"何建国", "方志远", "沈玉兰", "郑洁"}
    assert seen == (readers | {"赵琳", "周敏", "吴海燕"} if is_sent else readers)


def test_the_pages_are_written_by_who_runs_it_and_read_by_who_got_it(cast, client):
    meeting = written(cast)
    page = reverse("development:meeting", args=[meeting.pk])
    for person, status in ((cast.officer, 200), (cast.member, 200), (cast.head, 404), (cast.agents[0], 404)):
        client.force_login(person.account)
        assert client.get(page).status_code == status, person.name
    client.force_login(cast.officer.account)
    minute = meeting.regions.first()
    assert minute is not None
    save = reverse("development:save_minute", args=[meeting.pk, minute.pk])
    answer = client.post(save, {"version": 2, "practice": "新经验"}, headers={"HX-Request": "true"})
    assert f'id="v-{minute.pk}" value="3"' in answer.content.decode()
    stale = client.post(save, {"version": 2, "practice": "旧"}, headers={"HX-Request": "true"})
    assert stale.status_code == 409
    client.post(reverse("development:meeting_act", args=[meeting.pk, "send"]))
    client.force_login(cast.head.account)
    assert "新经验" in client.get(page).content.decode()
    assert client.get(reverse("development:print_meeting", args=[meeting.pk])).status_code == 200
    assert client.post(save, {"version": 3, "practice": "我来改"}).status_code == 422


def test_what_is_refused_loses_nothing_that_was_typed(cast, client):
    meeting = prepared(cast)
    client.force_login(cast.officer.account)

    typed = {"text": "自评期限改为2个工作日", "reason": ""}
    answer = client.post(reverse("development:meeting_act", args=[meeting.pk, "propose"]), typed)

    assert answer.status_code == 422
    assert "自评期限改为2个工作日" in answer.content.decode()


def test_the_pages_take_as_many_statements_for_many_as_for_few(client):
    counts = []
    cast = Cast(agents=3)
    meeting = prepared(cast)
    client.force_login(cast.officer.account)
    pages = [reverse("development:meetings"), reverse("development:meeting", args=[meeting.pk])]
    for _round in range(2):
        counts.append([statements(partial(client.get, page)) for page in pages])
        for n in range(20):
            world.in_group(world.person(f"组员{n}{_round}", None))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15


def test_the_regions_next_targets_stand_beside_its_owners_next_form_and_nobody_elses(cast, client):
    meeting = written(cast)
    send_minutes(meeting.pk, by=cast.officer)
    following = world.form(cast.agents[0], cast.head, month=date(2026, 11, 1))
    note = reverse("development:targets_note", args=[following.pk])

    client.force_login(cast.head.account)
    assert "接通率到90%" in client.get(note).content.decode()
    client.force_login(cast.agents[0].account)
    assert "接通率到90%" not in client.get(note).content.decode()


def test_the_schemes_page_lists_what_was_proposed_to_whoever_may_read_it(cast, client):
    propose_amendment(prepared(cast).pk, text="自评期限改为2个工作日", reason="月初忙", by=cast.officer)

    for person, is_listed in ((cast.leader, True), (cast.manager, True), (cast.agents[0], False)):
        client.force_login(person.account)
        assert ("自评期限改为2个工作日" in client.get(reverse("development:amendments")).content.decode()) == is_listed


def test_the_agenda_looks_back_on_what_was_set_for_each_region(cast, client):
    meeting = prepared(cast)
    client.force_login(cast.officer.account)
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert "定的措施" not in page
    for month, words, state in (
        (date(2020, 1, 1), "早班复盘", MeetingState.SENT),
        (date(2020, 2, 1), "晚班带教", MeetingState.SENT),
        (date(2020, 3, 1), "还没发出", MeetingState.PREPARED),
    ):
        earlier = Meeting.objects.create(cycle=world.cycle(month), chair=cast.leader, state=state)
        RegionMinute.objects.create(
            meeting=earlier, region=cast.head.region, measures=words, next_targets=f"{words}到90%"
        )
    rows = {row.minute.region: row.before for row in agenda_rows(meeting)}
    assert [one and one.measures for one in rows.values()] == ["晚班带教", None]
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert "2月定的措施" in page
    assert "晚班带教到90%" in page
