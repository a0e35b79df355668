"""Calls are put on the register by who may listen to the agent: all of a batch or none, each fault named."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from audit.log import events_about
from common.errors import RuleError
from common.uploads import Checked, check_sound, check_upload
from people.models import Employee, ReportingLine
from people.states import Role
from quality.forms.calls import length_of, read_pasted
from quality.models import Call
from quality.services.registering import CallDraft, attach_audio, register_calls
from tests import world
from tests.counting import statements

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 8)
WAV = b"RIFF1234WAVEfmt 1234"


@pytest.fixture
def boss(db) -> Employee:
    return world.person("周敏", "KFZG", number="E0101")


@pytest.fixture
def agent(boss) -> Employee:
    return world.person("陈思雨", superior=boss, number="E0105")


def elsewhere(name: str, post: str = "KFZY") -> Employee:
    made = world.person(name, post)
    made.region = world.region("XN", "西南区域")
    made.save(update_fields=["region"])
    return made


def draft(agent: Employee, number: str = "LY-1", **facts: Any) -> CallDraft:
    return CallDraft(**{"number": number, "called_on": DAY, "employee_id": agent.pk, **facts})


def sound(name: str = "通话.wav") -> Checked:
    return check_sound(ContentFile(WAV, name=name))


def test_a_call_is_registered_with_all_that_is_known_of_it(boss, agent):
    one = draft(
        agent, called_at=time(14, 32), seconds=245, link="https://rec.example/1", is_complaint=True, audio=sound()
    )

    register_calls([one], by=boss)

    call = Call.objects.get()
    assert (call.number, call.employee, call.called_at, call.seconds) == ("LY-1", agent, time(14, 32), 245)
    assert (call.link, call.is_complaint, call.registered_by) == ("https://rec.example/1", True, boss)
    assert (call.drawn_why, call.total) == ("", None)
    assert (call.audio_name, call.audio_kind, call.audio_size) == ("通话.wav", "wav", len(WAV))
    assert "通话" not in f"{call.audio.name}"
    with default_storage.open(f"{call.audio.name}") as kept:
        assert kept.read() == WAV
    assert events_about(call).get().action == "call.registered"


def test_who_may_listen_to_the_agent_may_register_and_nobody_else(boss, agent):
    manager = world.person("刘洋", "JSZG")
    allowed = [
        manager,  # a manager of the region
        world.in_group(world.person("沈玉兰", None)),
        world.with_role(world.person("何建国", None), Role.DEPARTMENT),
        elsewhere("外区上级", "KFZG"),
    ]
    ReportingLine.objects.filter(employee=agent).update(superior=allowed[-1])
    refused = [
        agent,
        world.person("同事"),
        elsewhere("外区", "KFZG"),
        world.with_role(world.person("赵琳", None), Role.HR),
        world.with_role(world.person("孙悦", None), Role.AUDITOR),
        world.with_role(world.person("秦朗", None), Role.ADMINISTRATOR),
    ]

    for number, person in enumerate(allowed):
        register_calls([draft(agent, f"A{number}")], by=person)
    for number, person in enumerate(refused):
        with pytest.raises(RuleError) as caught:
            register_calls([draft(agent, f"R{number}")], by=person)
        assert caught.value.field == "employee"
    assert Call.objects.count() == len(allowed)


def test_the_superior_of_the_day_registers_not_a_later_one(agent):
    later = world.person("新上级", None)
    line = agent.lines_up.get()
    line.ends_before = date(2026, 10, 15)
    line.save()
    ReportingLine.objects.create(employee=agent, superior=later, starts_on=date(2026, 10, 15))

    register_calls([draft(agent, called_on=date(2026, 10, 15))], by=later)
    with pytest.raises(RuleError):
        register_calls([draft(agent, "LY-2", called_on=date(2026, 10, 14))], by=later)


def test_an_unknown_person_and_anothers_agent_are_told_apart_by_nobody(boss, agent):
    other = elsewhere("外区客服")
    said = []
    for pk in (other.pk, 0, 999_999):
        with pytest.raises(RuleError) as caught:
            register_calls([CallDraft(number="X", called_on=DAY, employee_id=pk)], by=boss)
        said.append(str(caught.value))

    assert len(set(said)) == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "  "}, "number"),
        ({"number": "x" * 41}, "number"),
        ({"called_on": timezone.localdate() + timedelta(days=1)}, "called_on"),
        ({"called_on": date(2019, 12, 31)}, "called_on"),
        ({"seconds": 0}, "seconds"),
        ({"seconds": 86401}, "seconds"),
        ({"link": "http://rec.example/1"}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://"}, "link"),
        ({"link": "https://rec.example/" + "x" * 500}, "link"),
    ],
)
def test_what_can_not_be_is_refused_about_its_field(boss, agent, facts, field):
    with pytest.raises(RuleError) as caught:
        register_calls([draft(agent, **facts)], by=boss)

    assert caught.value.field == field
    assert not Call.objects.exists()


def test_a_number_is_registered_once(boss, agent):
    register_calls([draft(agent)], by=boss)

    with pytest.raises(RuleError) as caught:
        register_calls([draft(agent)], by=boss)

    assert "已经登记过" in str(caught.value)


def test_a_batch_is_registered_as_a_whole_or_not_at_all_with_every_fault(boss, agent):
    wrong = [
        draft(agent, "A"),
        draft(agent, "A"),
        draft(agent, "B", link="ftp://x"),
        draft(boss, "C"),
        draft(agent, "D"),
    ]

    with pytest.raises(RuleError) as caught:
        register_calls(wrong, by=boss)

    assert [words[:5] for words in caught.value.problems] == ["第 1 通", "第 2 通", "第 3 通", "第 4 通"]
    assert not Call.objects.exists()
    assert len(register_calls([draft(agent, "A"), draft(agent, "D")], by=boss)) == 2


def test_a_month_that_was_consolidated_takes_no_more_calls(boss, agent):
    world.call(agent, boss, number="OLD", counted_month=DAY.replace(day=1))

    with pytest.raises(RuleError) as caught:
        register_calls([draft(agent)], by=boss)
    assert "已经汇总" in str(caught.value)
    register_calls([draft(agent, called_on=date(2026, 11, 2))], by=boss)


def test_many_calls_take_as_many_statements_as_few(boss, agent):
    few = statements(lambda: register_calls([draft(agent, f"A{n}") for n in range(3)], by=boss))
    many = statements(lambda: register_calls([draft(agent, f"B{n}") for n in range(300)], by=boss))

    assert (few <= 8, many <= 20) == (True, True)  # SQLite takes rows in batches of some forty


def test_nothing_and_too_much_at_once_are_refused(boss, agent):
    for drafts in ([], [draft(agent, f"A{n}") for n in range(501)]):
        with pytest.raises(RuleError):
            register_calls(drafts, by=boss)


def test_a_recording_is_put_to_a_call_until_it_is_scored(boss, agent):
    call = register_calls([draft(agent)], by=boss)[0]

    attach_audio(call.pk, audio=sound("一.wav"), by=boss)
    attach_audio(call.pk, audio=sound("二.wav"), by=boss)

    call.refresh_from_db()
    assert call.audio_name == "二.wav"
    assert [(event.before or {}).get("audio") for event in events_about(call).filter(action="call.audio")] == [
        None,
        "一.wav",
    ]
    scored = world.call(agent, boss, number="LY-2")
    with pytest.raises(RuleError) as caught:
        attach_audio(scored.pk, audio=sound(), by=boss)
    assert caught.value.code == "already_scored"


def test_a_recording_is_put_by_who_may_listen_and_is_sound(boss, agent):
    call = register_calls([draft(agent)], by=boss)[0]

    for person in (agent, world.person("同事"), world.with_role(world.person("孙悦", None), Role.AUDITOR)):
        with pytest.raises(RuleError) as caught:
            attach_audio(call.pk, audio=sound(), by=person)
        assert caught.value.code == "not_allowed"
    text = check_upload(ContentFile(b"words", name="1.txt"))
    for act in (
        lambda: attach_audio(call.pk, audio=text, by=boss),
        lambda: register_calls([draft(agent, "LY-2", audio=text)], by=boss),
    ):
        with pytest.raises(RuleError) as caught:
            act()
        assert caught.value.field == "audio"


@pytest.mark.parametrize(
    ("text", "seconds"), [("4:05", 245), ("0:09", 9), ("62:30", 3750), ("1:02:30", 3750), (" 4：05 ", 245)]
)
def test_a_length_is_read_as_people_write_it(text, seconds):
    assert length_of(text) == seconds


@pytest.mark.parametrize("text", ["4", "4:5", "4:60", "a:bc", "-1:00", "1:2:3:4"])
def test_what_is_no_length_is_refused(text):
    with pytest.raises(Exception, match="分:秒"):
        length_of(text)


def test_rows_are_read_from_a_spreadsheet_or_a_text(agent):
    text = (
        "录音编号\t日期\t时间\t工号\t时长\t链接\t投诉\n"
        "LY1\t2026-10-08\t14:32\tE0105\t4:05\thttps://rec.example/1\t是\n"
        "\n"
        "LY2\t2026/10/8 9:05:11\t\te0105\t\t\t\n"
        "LY3，2026年10月8日，，E0105\n"
        "“LY4”,2026.10.08,,E0105,,,否\n"
    )

    found = read_pasted(text)

    assert (found.problems, found.lines) == ([], [2, 4, 5, 6])
    one, two, three, four = found.drafts
    assert one == draft(
        agent, "LY1", called_at=time(14, 32), seconds=245, link="https://rec.example/1", is_complaint=True
    )
    assert two == draft(agent, "LY2", called_at=time(9, 5))
    assert three == draft(agent, "LY3")
    assert not four.is_complaint


def test_what_cannot_be_read_is_named_by_its_line(agent):
    text = "LY1,8.10.2026,,E0105\nLY2,2026-10-08,25:00,E0105,9\nLY3,2026-02-30,,E0105,,,也许\nLY4,2026-10-08,,E0105\n"

    found = read_pasted(text)

    assert [line for line, _words in found.problems] == [1, 2, 2, 3, 3]
    assert [one.number for one in found.drafts] == ["LY4"]


def test_an_endless_paste_is_not_read():
    found = read_pasted("LY1,2026-10-08,,E0105\n" * 501)

    assert found.drafts == []
    assert len(found.problems) == 1
