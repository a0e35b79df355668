"""The register, the calls behind a figure, the plan, the recording: each sees what is his and loses nothing typed."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from common.uploads import check_sound
from people.models import Employee
from people.states import Role
from policy.rounding import quotient
from quality.models import Assessment, Call, Dispute, Rubric
from quality.selectors.sums import call_sums
from quality.services.registering import CallDraft, register_calls
from quality.states import AssessmentKind, AssessmentState, DrawnWhy
from tests import world
from tests.answers import let_go
from tests.counting import statements
from tests.quality.team import Team, make_team

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
DAY = date(2026, 10, 8)
WAV = b"RIFF1234WAVEfmt " + bytes(range(256)) * 8


@pytest.fixture
def team(db) -> Team:
    return make_team()


def as_(person: Employee) -> Client:
    client = Client()
    assert person.account is not None
    client.force_login(person.account)
    return client


def behind(agent: Employee, month: str = "2026-10") -> str:
    return f"{reverse('quality:calls')}?agent={agent.number}&month={month}"


def body(answer: Any) -> bytes:
    """All of an answer that is sent in pieces; its file is let go."""
    whole = b"".join(answer.streaming_content)
    let_go(answer)
    return whole


def numbers(client: Client, address: str) -> list[str]:
    return [line.call.number for line in client.get(address).context["lines"]]


def october(team: Team) -> dict[str, Call]:
    """Calls of the agent in every state, one of another month, one of a colleague."""
    made = {
        "idle": world.call(team.agent, team.superior, None, number="idle"),
        "todo": world.call(team.agent, team.superior, None, number="todo", drawn_why=DrawnWhy.COMPLAINT),
        "scored": world.call(team.agent, team.superior, "90.50", number="scored", drawn_why=DrawnWhy.RANDOM),
        "chosen": world.call(team.agent, team.superior, "80.25", number="chosen", drawn_why=DrawnWhy.CHOSEN),
        "other": world.call(team.agent, team.superior, number="other", called_on=date(2026, 9, 8)),
        "colleague": world.call(team.other_agent, team.superior, number="colleague"),
    }
    first = made["scored"].assessments.get()
    Dispute.objects.create(assessment=first, item=first.rubric.items.first(), reason="不同意")
    return made


def test_each_sees_the_calls_that_are_his_to_see(team):
    october(team)
    everything = {"idle", "todo", "scored", "chosen", "other", "colleague"}
    address = reverse("quality:calls")

    for who in ("superior", "manager", "member", "auditor"):
        assert set(numbers(as_(getattr(team, who)), address)) == everything
    assert set(numbers(as_(team.agent), address)) == {"scored", "chosen", "other"}
    for who in ("foreign", "hr"):
        assert numbers(as_(getattr(team, who)), address) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=idle", {"idle"}),
        ("state=drawn", {"todo", "scored"}),
        ("state=todo", {"todo"}),
        ("state=scored", {"scored", "chosen", "other", "colleague"}),
        ("state=disputed", {"scored"}),
        ("state=nonsense&month=2026-09", {"other"}),
        ("agent=黄佩", {"colleague"}),
        ("listener=周敏&month=2026-10", {"scored", "chosen", "colleague"}),
        ("listener=沈玉兰", set()),
        ("month=13-2026&agent=", {"idle", "todo", "scored", "chosen", "other", "colleague"}),
        ("month=9999-12", {"idle", "todo", "scored", "chosen", "other", "colleague"}),
    ],
)
def test_the_register_is_searched_by_state_month_agent_and_listener(team, asked, found):
    october(team)

    assert set(numbers(as_(team.manager), f"{reverse('quality:calls')}?{asked}")) == found


def test_behind_a_figure_are_the_months_scored_calls_and_their_exact_mean(team):
    october(team)
    world.call(team.agent, team.superior, "77.77", number="third", drawn_why=DrawnWhy.RANDOM)

    for who in ("agent", "superior", "auditor"):
        page = as_(getattr(team, who)).get(behind(team.agent))
        mean, found = page.context["mean"], call_sums([team.agent.pk], OCTOBER, date(2026, 10, 31))
        total, count = found[team.agent.pk, 2026, 10][:2]
        assert (mean.calls, mean.mean) == (3, quotient(total, Decimal(count)))
        assert {line.call.number for line in page.context["lines"]} == {"scored", "chosen", "third"}
        words = page.content.decode()
        assert "82.84" in words
        assert "随机抽取 2" in words
        assert "自选 1" in words
        assert "1 通的异议待裁定" in words
        assert "平均分说明不了多少" not in words


def test_too_few_calls_for_a_figure_are_pointed_out(team):
    october(team)

    assert "只评了 2 通，不到 3 通" in as_(team.superior).get(behind(team.agent)).content.decode()


def test_another_agents_figure_is_told_to_nobody(team):
    october(team)

    for who in ("other_agent", "foreign", "hr"):
        page = as_(getattr(team, who)).get(behind(team.agent))
        assert page.context["mean"] is None
        assert "85.38" not in page.content.decode()


def test_who_sees_only_some_of_the_calls_sees_no_mean(team):
    calls = october(team)
    calls["chosen"].assessments.update(listener=team.foreign)

    page = as_(team.foreign).get(behind(team.agent))

    assert [line.call.number for line in page.context["lines"]] == ["chosen"]
    assert not page.context["mean"].is_shown
    assert "85.38" not in page.content.decode()


def test_who_has_to_score_a_call_blind_sees_neither_its_points_nor_the_mean(team):
    calls = october(team)
    Assessment.objects.create(
        call=calls["chosen"], kind=AssessmentKind.SECOND, listener=team.member, rubric=Rubric.objects.get()
    )

    blind = as_(team.member).get(behind(team.agent)).content.decode()
    open_eyed = as_(team.second_member).get(behind(team.agent)).content.decode()

    assert "80.25" not in blind
    assert "85.38" not in blind
    assert "90.50" in blind
    assert "85.38" in open_eyed


def test_an_unfinished_scoring_is_not_found_by_its_listener(team):
    call = world.call(team.agent, team.superior, None, number="draft", drawn_why=DrawnWhy.RANDOM)
    draft = Assessment.objects.create(call=call, listener=team.member, rubric=Rubric.objects.get())

    assert numbers(as_(team.superior), f"{reverse('quality:calls')}?listener=沈玉兰") == []
    assert draft.state == AssessmentState.DRAFT


def test_one_call_is_registered_on_the_page(team):
    client = as_(team.superior)
    audio = SimpleUploadedFile("一.wav", WAV)
    data = {"number": "LY-9", "employee": team.agent.number, "called_on": "2026-10-08", "called_at": "09:30"}

    answer = client.post(reverse("quality:new_call"), {**data, "seconds": "4:05", "is_complaint": "on", "audio": audio})

    call = Call.objects.get()
    assert answer.headers["Location"] == f"{behind(team.agent)}&state=all"
    assert (call.seconds, call.is_complaint, call.audio_kind) == (245, True, "wav")
    answer = client.post(reverse("quality:new_call"), {**data, "number": "LY-10", "act": "again"})
    assert answer.headers["Location"].startswith(reverse("quality:new_call"))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": ""}, "必填"),
        ({"employee": "X9"}, "找不到“X9”"),
        ({"seconds": "4"}, "分:秒"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"audio": SimpleUploadedFile("一.wav", b"no sound")}, "不能收"),
        ({"audio": SimpleUploadedFile("一.wav", b"")}, "空文件"),
        ({"called_on": "2999-01-01"}, "不能晚于今天"),
    ],
)
def test_what_is_refused_stays_on_the_page_with_the_reason(team, changed, words):
    data = {"number": "LY-9", "employee": team.agent.number, "called_on": "2026-10-08", "link": "https://rec.example/9"}

    answer = as_(team.superior).post(reverse("quality:new_call"), {**data, **changed})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "LY-9" in page or "number" in changed
    assert not Call.objects.exists()


def test_rows_of_a_spreadsheet_are_registered_or_named_line_by_line(team):
    client, address = as_(team.superior), reverse("quality:paste_calls")
    good = f"LY1\t2026-10-08\t\t{team.agent.number}\nLY2\t2026-10-09\t\t{team.other_agent.number}"
    bad = f"{good}\nLY3\t2026-10-09\t\tX9\nLY1\tgestern\t\t{team.agent.number}\nLY1\t2026-10-09\t\t{team.agent.number}"

    answer = client.post(address, {"rows": bad})
    page = answer.content.decode()

    assert answer.status_code == 422
    for words in ("第 1 行", "第 3 行：这位不归你监听", "第 4 行：日期“gestern”", "第 5 行", "LY3\t2026"):
        assert words in page
    assert not Call.objects.exists()
    assert client.post(address, {"rows": good}).status_code == 302
    assert Call.objects.count() == 2
    assert client.post(address, {"rows": " \n"}).status_code == 422


@pytest.mark.parametrize("who", ["agent", "hr", "auditor"])
def test_who_listens_to_nobody_registers_and_draws_nothing(team, who):
    client = as_(getattr(team, who))

    assert client.get(reverse("quality:new_call")).status_code == 403
    assert client.post(reverse("quality:new_call"), {}).status_code == 403
    assert client.post(reverse("quality:paste_calls"), {"rows": "x"}).status_code == 403
    assert client.post(reverse("quality:draw_calls"), {"month": "2026-10"}).status_code == 403


@pytest.fixture
def heard(team) -> Call:
    audio = check_sound(ContentFile(WAV, name="通话 一.wav"))
    draft = CallDraft(number="LY-1", called_on=DAY, employee_id=team.agent.pk, audio=audio)
    return register_calls([draft], by=team.superior)[0]


def test_the_recording_is_heard_by_who_may_see_the_call(team, heard):
    address = reverse("quality:call_audio", args=[heard.pk])

    for who in ("superior", "manager", "member", "auditor"):
        answer = as_(getattr(team, who)).get(address)
        assert (answer.status_code, body(answer)) == (200, WAV)
    for who in ("agent", "other_agent", "foreign", "hr"):
        assert as_(getattr(team, who)).get(address).status_code == 404
    Call.objects.filter(pk=heard.pk).update(total=80)
    answer = as_(team.agent).get(address)
    assert answer.status_code == 200
    let_go(answer)


def test_a_player_seeks_in_the_recording(team, heard):
    client, address = as_(team.superior), reverse("quality:call_audio", args=[heard.pk])

    answer = client.get(address, headers={"Range": "bytes=100-199"})

    assert (answer.status_code, body(answer)) == (206, WAV[100:200])
    assert answer.headers["Content-Range"] == f"bytes 100-199/{len(WAV)}"
    assert answer.headers["Content-Type"] == "audio/wav"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert client.get(address, headers={"Range": f"bytes={len(WAV)}-"}).status_code == 416


def test_a_call_without_a_recording_has_nothing_to_hear(team):
    call = world.call(team.agent, team.superior)

    assert as_(team.superior).get(reverse("quality:call_audio", args=[call.pk])).status_code == 404


def test_a_recording_is_put_to_a_call_from_its_page(team):
    call = world.call(team.agent, team.superior, None)
    address, page = reverse("quality:attach_audio", args=[call.pk]), reverse("quality:call", args=[call.pk])

    assert address in as_(team.superior).get(page).content.decode()
    assert address not in as_(team.auditor).get(page).content.decode()
    as_(team.superior).post(address, {"audio": SimpleUploadedFile("一.wav", WAV)})
    call.refresh_from_db()
    assert call.audio_name == "一.wav"
    assert as_(team.superior).post(address, {}).status_code == 302
    assert as_(team.agent).post(address, {"audio": SimpleUploadedFile("二.wav", WAV)}).status_code == 404


def test_the_plan_shows_who_is_covered_and_draws_on_a_button(team):
    Call.objects.bulk_create(
        Call(number=f"LY-{n}", called_on=OCTOBER + timedelta(days=n), employee=team.agent) for n in range(9)
    )
    client, address = as_(team.superior), f"{reverse('quality:plan')}?month=2026-10"
    assert "差 5 通没登记" in client.get(address).content.decode()

    page = client.post(reverse("quality:draw_calls"), {"month": "2026-10"}, follow=True).content.decode()

    assert Call.objects.filter(drawn_why="random").count() == 5
    assert "抽了 5 通，涉及 1 人" in page
    assert "黄佩珊只登记了 0 通" in page
    assert "5 通待评" in page
    again = client.post(reverse("quality:draw_calls"), {"month": "2026-10"}, follow=True)
    assert "没有要抽的了" in again.content.decode()


def test_the_plan_is_for_listeners_and_the_auditor_who_only_reads(team):
    address = reverse("quality:plan")

    for who, status in (
        ("superior", 200),
        ("member", 200),
        ("foreign", 200),
        ("auditor", 200),
        ("agent", 403),
        ("hr", 403),
    ):
        assert as_(getattr(team, who)).get(address).status_code == status
    assert not as_(team.auditor).get(address).context["may_draw"]
    seen = {agent.person for agent in as_(team.foreign).get(address).context["plan"].agents}
    assert seen == set()


def test_the_plan_is_narrowed_to_a_region_and_to_what_is_left_to_do(team):
    address = f"{reverse('quality:plan')}?month=2026-10"
    client = as_(team.manager)

    assert len(client.get(f"{address}&region=HD").context["page"].object_list) == 2
    assert client.get(f"{address}&region=XX").context["page"].object_list == []
    assert client.get(f"{address}&show=undrawn").context["page"].object_list == []
    assert len(client.get(f"{address}&show=short").context["page"].object_list) == 2


def test_ten_thousand_calls_take_as_many_statements_as_ten(team):
    october(team)
    manager = as_(team.manager)
    addresses = [reverse(f"quality:{name}") for name in ("calls", "to_score", "disputes")]
    addresses += behind(team.agent), f"{reverse('quality:plan')}?month=2026-10"
    manager.get(addresses[0])
    few = [statements(partial(manager.get, address)) for address in addresses]
    position = team.agent.position
    people = Employee.objects.bulk_create(
        Employee(number=f"M{n:05d}", name=f"客服{n}", region=team.agent.region, position=position) for n in range(500)
    )
    calls = Call.objects.bulk_create(
        [
            Call(number=f"M{n:05d}", called_on=OCTOBER + timedelta(days=n % 31), employee=people[n % 500], total=80)
            for n in range(10_000)
        ],
        batch_size=2000,
    )
    rubric = Rubric.objects.get()
    Assessment.objects.bulk_create(
        [
            Assessment(call=call, listener=team.superior, rubric=rubric, total=80, state=AssessmentState.SUBMITTED)
            for call in calls[:5000]
        ],
        batch_size=2000,
    )

    many = [statements(partial(manager.get, address)) for address in addresses]

    assert max(many) <= 15
    assert [after <= before + 1 for before, after in zip(few, many, strict=True)] == [True] * 5


def test_the_page_holds_its_player_to_recordings_of_its_own(team):
    policy = as_(team.superior).get(reverse("quality:calls")).headers["Content-Security-Policy"]

    assert "media-src 'self'" in policy


def test_roles_alone_hear_nothing(team):
    administrator = world.with_role(world.person("秦朗", None, account=True), Role.ADMINISTRATOR)
    october(team)

    assert numbers(as_(administrator), reverse("quality:calls")) == []
    assert as_(administrator).get(reverse("quality:plan")).status_code == 403
