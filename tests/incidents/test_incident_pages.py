"""The pages of incidents: filed in a minute, answered, verified, and nothing seen that is somebody else's."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from common.errors import RuleError
from incidents.models import EventFile, Incident, Involvement
from incidents.permissions import (
    Judge,
    Sight,
    Superiors,
    can_verify,
    can_view_incident,
    concerned_with,
    shares_to_verify,
    sight_of,
    visible_incidents,
    visible_shares,
)
from incidents.selectors.ledger import views_to_state
from incidents.services.filing import (
    confirm_involvement,
    file_incident,
    overturn_involvement,
    reject_involvement,
    state_view,
    withdraw_incident,
)
from people.models import Employee
from people.selectors import standing_of
from tests.answers import let_go
from tests.counting import statements
from tests.incidents.conftest import DAY, confirmed, draft, kind, on, share_of

pytestmark = pytest.mark.django_db
LEDGER, NEW, HINTS = (reverse(f"incidents:{name}") for name in ("incidents", "new_incident", "incident_hints"))
PNG = b"\x89PNG\r\n\x1a\n1234"


def as_(person: Employee, *, htmx: bool = False) -> Client:
    client = Client(headers={"HX-Request": "true"} if htmx else {})
    assert person.account is not None
    client.force_login(person.account)
    return client


def page(person: Employee, incident: Incident) -> str:
    return as_(person).get(reverse("incidents:incident", args=[incident.pk])).content.decode()


def act(person: Employee, share: Involvement, name: str, **data: str):
    return as_(person).post(reverse("incidents:decide_share", args=[share.pk, name]), data)


def typed(*people: Employee, **facts) -> dict[str, object]:
    told = {"person": [str(one) for one in people], "points": [""] * len(people), "kind": kind().pk}
    return told | {"occurred_on": "2026-10-13", "text": "漏记工单", **facts}


# ---- filing


def test_anybody_files_an_incident_with_photos_and_lands_on_its_record(cast):
    photos = [SimpleUploadedFile("现场.png", PNG), SimpleUploadedFile("录音.mp3", b"ID3\x03")]

    answer = as_(cast.stranger).post(NEW, typed(cast.agent, cast.mate, points=["2", "1"], files=photos))

    made = Incident.objects.get()
    assert answer.headers["Location"] == reverse("incidents:incident", args=[made.pk])
    assert [share_of(made, one).filed_points for one in (cast.agent, cast.mate)] == [2, 1]
    assert (made.found_by, made.files.count()) == (cast.stranger, 2)


@pytest.mark.parametrize("text", ["number", "lower", "name"])
def test_a_person_is_named_by_number_or_name(cast, text):
    person = {"number": cast.agent.number, "lower": cast.agent.number.lower(), "name": cast.agent.name}[text]

    as_(cast.finder).post(NEW, typed(cast.agent) | {"person": [person]})

    assert Involvement.objects.get().employee == cast.agent


def test_somebody_else_may_have_found_it_when_and_where_is_kept(cast):
    more = {"found_by": str(cast.mate), "place": "三楼", "occurred_time": "14:05"}

    as_(cast.boss).post(NEW, typed(cast.agent, **more))

    made = Incident.objects.get()
    assert (made.found_by, made.filed_by, made.place, f"{made.occurred_time:%H:%M}") == (
        cast.mate,
        cast.boss,
        "三楼",
        "14:05",
    )


def test_what_is_wrong_stays_on_the_page_with_all_that_was_typed(cast):
    wrong = typed(cast.agent, occurred_on="2999-01-01", place="三楼", points=["1.5"], found_by=str(cast.mate))

    answer = as_(cast.finder).post(NEW, wrong)

    assert answer.status_code == 422
    for kept in (str(cast.agent), "漏记工单", "三楼", "1.5", str(cast.mate), "发生日期不能晚于今天"):
        assert kept in answer.content.decode()
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"person": ["X9"]}, "找不到“X9”"),
        ({"person": [""]}, "写上当事人"),
        ({"kind": ""}, "选一条标准"),
        ({"kind": "999999"}, "这一条标准已停用"),
        ({"points": ["3"]}, "轻微扣 1 到 2 分"),
        ({"points": ["x"]}, "输入一个数字"),
        ({"text": ""}, "写清楚发生了什么"),
        ({"files": [SimpleUploadedFile("a.exe", b"MZ")]}, "不能收"),
    ],
)
def test_each_fault_is_said(cast, change, said):
    answer = as_(cast.finder).post(NEW, typed(cast.agent) | change)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_points_that_are_refused_are_said_at_the_person_they_are_about(cast):
    answer = as_(cast.finder).post(NEW, typed(cast.agent, cast.mate, points=["2", "9"]))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{cast.mate.name}：轻微扣 1 到 2 分" in page
    assert page.index('id="points-2"') < page.index("轻微扣 1 到 2 分")
    assert 'role="alert"' not in page
    gravest = kind("I26").pk
    page = as_(cast.finder).post(NEW, typed(cast.agent, kind=gravest, points=["9"])).content.decode()
    assert f"{cast.agent.name}：重大只能扣 20 分" in page


def test_whoever_has_no_appraised_post_is_filed_with_the_word_that_it_counts_nowhere(cast):
    words = "没有考核岗位"
    assert words in hints(cast.finder, cast.member)
    assert words not in hints(cast.finder, cast.agent)

    as_(cast.finder).post(NEW, typed(cast.member))

    made = Incident.objects.get()
    assert words in page(cast.member, made)
    state_view(share_of(made, cast.member).pk, text="", by=cast.member)
    confirm_involvement(share_of(made, cast.member).pk, by=cast.manager)
    shown = page(cast.member, made)
    assert words in shown
    assert "计入最早还没汇总的月份" not in shown


def test_a_severity_of_one_number_is_told_as_one_number(cast):
    with on(13):
        made = file_incident(draft(cast.agent, kind_id=kind("I26").pk), by=cast.finder)

    shown = page(cast.boss, made)

    assert "20–20" not in shown
    assert "只能扣 20 分" in shown


def test_before_it_is_decided_the_headline_is_what_repetition_suggests(cast, incident):
    confirmed(cast.agent, cast.boss, cast.finder, date(2026, 9, 1))

    assert "建议 −3.00" in page(cast.boss, incident)
    assert "待定 −2.00" in page(cast.finder, incident)


def test_the_browser_keeps_the_photos_when_only_the_form_comes_back(cast):
    refused = as_(cast.finder, htmx=True).post(NEW, typed(cast.agent, text=""))
    filed = as_(cast.finder, htmx=True).post(NEW, typed(cast.agent))

    assert refused.status_code == 422
    assert refused.content.decode().count("hx-preserve") == 2
    assert "<html" not in refused.content.decode()
    assert filed.headers["HX-Redirect"] == reverse("incidents:incident", args=[Incident.objects.get().pk])


def test_without_a_script_one_more_line_is_asked_for(cast):
    answer = as_(cast.finder).post(NEW, typed(cast.agent, more="1", text="写了一半"))

    assert answer.status_code == 200
    assert 'id="person-2"' in answer.content.decode()
    assert "写了一半" in answer.content.decode()
    assert not Incident.objects.exists()


def test_extra_fields_decide_nothing(cast):
    more = {"state": "confirmed", "verified_by": cast.boss.pk, "number": "X", "filed_by": cast.boss.pk, "severity": 4}

    as_(cast.agent).post(NEW, typed(cast.agent, **more))

    made, share = Incident.objects.get(), Involvement.objects.get()
    assert (made.number, made.filed_by, share.state, share.verified_by) == (
        "BL-2026-0001",
        cast.agent,
        "filed",
        None,
    )


def test_it_can_be_opened_about_somebody(cast):
    assert f'value="{cast.agent}"' in as_(cast.boss).get(NEW, {"about": cast.agent.number}).content.decode()
    assert as_(cast.boss).get(NEW, {"about": "X9"}).status_code == 200


def test_every_entry_in_use_is_offered_with_severity_and_points(cast):
    words = as_(cast.finder).get(NEW).content.decode()

    assert words.count('name="kind"') == 27
    assert "迟到或早退" in words
    assert "−1.00" in words
    kind("I15").__class__.objects.filter(code="I15").update(is_active=False)
    assert "迟到或早退" not in as_(cast.finder).get(NEW).content.decode()


# ---- hints


def hints(person: Employee, *people: Employee, day: str = "2026-10-14", code: str = "I08") -> str:
    about = [str(one) for one in people]
    asked: dict[str, str | int | list[str]] = {"person": about, "occurred_on": day, "kind": kind(code).pk}
    return as_(person, htmx=True).get(HINTS, asked).content.decode()


def test_who_may_see_the_record_is_pointed_to_it(cast, incident):
    for who in (cast.boss, cast.finder, cast.member, cast.agent):
        assert incident.number in hints(who, cast.agent)


@pytest.mark.parametrize("who", ["stranger", "mate", "other_boss"])
def test_who_may_not_learns_only_that_this_kind_of_thing_is_filed(cast, incident, who):
    words = hints(getattr(cast, who), cast.agent)

    assert "这类事已经有人登记" in words
    assert not any(secret in words for secret in (incident.number, "漏记", "2.00", "李可", "核实中", "10月13日"))


@pytest.mark.parametrize(
    ("day", "code", "shown", "known"),
    [
        ("2026-10-12", "I08", True, True),
        ("2026-10-13", "I15", True, False),
        ("2026-10-14", "I08", True, True),
        ("2026-10-14", "I15", False, False),
        ("2026-10-11", "I08", False, False),
        ("2026-10-15", "I08", False, False),
        ("2999-10-14", "I08", False, False),
    ],
)
def test_alike_is_the_same_day_or_the_same_kind_a_day_away(cast, incident, day, code, shown, known):
    assert (incident.number in hints(cast.boss, cast.agent, day=day, code=code)) is shown
    assert ("已经有人登记" in hints(cast.stranger, cast.agent, day=day, code=code)) is known


def test_what_came_to_nothing_is_not_hinted_at_to_others(cast, incident):
    reject_involvement(share_of(incident, cast.agent).pk, reason="x", by=cast.boss)

    assert "已经有人登记" not in hints(cast.stranger, cast.agent)
    assert "不成立" in hints(cast.boss, cast.agent)


@pytest.mark.parametrize("who", ["boss", "member", "manager", "auditor", "hr", "agent"])
def test_repetition_is_told_to_those_who_may_see_the_persons_incidents(cast, who):
    confirmed(cast.agent, cast.boss, cast.finder, date(2026, 3, 1))

    words = hints(getattr(cast, who), cast.agent)

    assert "近 12 个月第 2 次" in words
    assert "由轻微升为一般（3–5 分），建议 3 分" in words


@pytest.mark.parametrize("who", ["stranger", "mate", "other_boss"])
def test_the_plain_filer_hears_nothing_of_repetition(cast, who):
    confirmed(cast.agent, cast.boss, cast.mate, date(2026, 3, 1))

    assert "第 2 次" not in hints(getattr(cast, who), cast.agent)
    assert "升为" not in hints(getattr(cast, who), cast.agent)


def test_what_a_critical_one_brings_is_said_to_everybody(cast):
    words = hints(cast.stranger, code="I26")

    assert "当月不计加分" in words
    assert "当年不得评A" in words
    assert "当月不计加分" not in hints(cast.stranger)


def test_nonsense_gets_no_hint_and_no_fault(cast):
    asked = {"person": ["X9", ""], "occurred_on": "x", "kind": "x"}

    assert as_(cast.finder, htmx=True).get(HINTS, asked).status_code == 200


# ---- the record, and who sees what of it


def test_the_person_sees_his_own_share_and_of_the_others_only_that_there_are_some(cast, shared):
    state_view(share_of(shared, cast.mate).pk, text="我只是旁听", by=cast.mate)
    confirm_involvement(share_of(shared, cast.mate).pk, by=cast.boss)

    words = page(cast.agent, shared)

    assert "待定 −5.00" in words
    assert "另外 2 人" in words
    assert not any(secret in words for secret in ("黄佩珊", "陈晨", "我只是旁听", "−3.00", "−4.00"))


def test_the_superior_sees_his_own_people_whole_and_of_the_rest_only_that_there_are_some(cast, shared):
    state_view(share_of(shared, cast.mate).pk, text="我只是旁听", by=cast.mate)

    words = page(cast.boss, shared)

    assert all(known in words for known in ("吴倩", "黄佩珊", "我只是旁听", "另外 1 人"))
    assert "陈晨" not in words


def test_the_filer_sees_what_he_filed_not_what_was_said_and_decided(cast, shared):
    state_view(share_of(shared, cast.mate).pk, text="我只是旁听", by=cast.mate)
    state_view(share_of(shared, cast.agent).pk, text="", by=cast.agent)
    confirm_involvement(share_of(shared, cast.agent).pk, points=Decimal(4), reason="有客观原因", by=cast.boss)
    reject_involvement(share_of(shared, cast.mate).pk, reason="与她无关", by=cast.boss)

    words = page(cast.finder, shared)

    assert all(known in words for known in ("吴倩", "黄佩珊", "陈晨", "登记 −5.00", "与她无关"))
    assert not any(secret in words for secret in ("我只是旁听", "−4.00 ", "有客观原因", "扣 4.00 分"))


def test_each_view_awaited_counts_down_to_its_own_term(cast, shared):
    Involvement.objects.filter(employee=cast.mate).update(statement_due_on=DAY + timedelta(days=8))

    with on(14):
        words, own, filed = page(cast.boss, shared), page(cast.agent, shared), page(cast.finder, shared)

    assert '还剩 2 个工作日</b> <span class="meta nowrap">10月15日 周四' in words
    assert '还剩 6 个工作日</b> <span class="meta nowrap">10月21日 周三' in words
    assert "10月15日 周四" in own
    assert "10月21日 周三" not in own  # a colleague's
    assert "还剩 2 个工作日" in filed


def test_the_group_the_auditor_and_hr_see_all_of_it(cast, shared):
    for who in (cast.member, cast.manager, cast.auditor, cast.hr):
        assert all(known in page(who, shared) for known in ("吴倩", "黄佩珊", "陈晨"))


def test_a_share_that_is_another_time_now_says_so_and_is_judged_anew_from_its_page(cast):
    earlier = confirmed(cast.agent, cast.boss, cast.finder, date(2026, 9, 1))
    with on(13):
        made = file_incident(draft(cast.agent), by=cast.finder)
    with on(20):
        share = confirm_involvement(share_of(made, cast.agent).pk, by=cast.boss)
    assert "认定以后" not in page(cast.boss, made)
    overturn_involvement(earlier.pk, reason="查明", by=cast.boss)

    assert "，现在是第 1 次，按" in page(cast.agent, made)
    assert "按现在的次数认定" not in page(cast.agent, made)
    assert "按现在的次数认定" in page(cast.boss, made)
    refused = act(cast.boss, share, "rejudge", points="1.5", reason="")
    assert refused.status_code == 422
    assert 'value="1.5"' in refused.content.decode()
    assert act(cast.boss, share, "rejudge").status_code == 302
    assert "认定以后" not in page(cast.boss, made)
    assert "同类次数变了，重新认定吴倩扣" in page(cast.agent, made)


@pytest.mark.parametrize("who", ["other_boss", "stranger"])
def test_somebody_elses_record_is_not_there(cast, incident, who):
    client, share = as_(getattr(cast, who)), share_of(incident, cast.agent)

    assert client.get(reverse("incidents:incident", args=[incident.pk])).status_code == 404
    for name in ("confirm", "reject", "state", "rejudge", "overturn"):
        assert client.post(reverse("incidents:decide_share", args=[share.pk, name])).status_code == 404
    for name in ("withdraw", "files"):
        assert client.post(reverse("incidents:decide_incident", args=[incident.pk, name])).status_code == 404
    assert incident.number not in client.get(LEDGER).content.decode()


def test_another_persons_share_is_not_there_for_who_only_sees_his_own(cast, shared):
    assert act(cast.agent, share_of(shared, cast.mate), "state", statement="x").status_code == 404
    assert act(cast.boss, share_of(shared, cast.stranger), "reject", reason="x").status_code == 404
    assert share_of(shared, cast.stranger).state == "filed"


def test_there_is_nothing_under_other_names(cast, incident):
    client, share = as_(cast.boss), share_of(incident, cast.agent)

    assert act(cast.boss, share, "nothing").status_code == 404
    assert client.get(reverse("incidents:decide_share", args=[share.pk, "confirm"])).status_code == 405
    assert client.post(reverse("incidents:decide_incident", args=[incident.pk, "nothing"])).status_code == 404
    assert client.get(reverse("incidents:incident", args=[10**9])).status_code == 404


def test_the_story_from_the_view_to_the_confirmation(cast):
    with on(13):
        as_(cast.finder).post(NEW, typed(cast.agent))
        share = Involvement.objects.get()
        assert "等你陈述" in as_(cast.agent).get(LEDGER).content.decode()
        assert "还剩 3 个工作日" in page(cast.agent, share.incident)
        early = act(cast.boss, share, "confirm", points="2")
        assert (early.status_code, "等当事人陈述" in early.content.decode()) == (422, True)
        act(cast.agent, share, "state", statement="系统卡住了")
    with on(14):
        assert "系统卡住了" in page(cast.boss, share.incident)
        act(cast.boss, share, "confirm", points="2")

    share.refresh_from_db()
    assert (share.state, share.points, share.statement) == ("confirmed", Decimal(2), "系统卡住了")
    assert "确认吴倩扣 2.00 分" in page(cast.agent, share.incident)
    assert "−2.00" in as_(cast.agent).get(LEDGER).content.decode()


def test_a_refusal_keeps_what_the_verifier_typed(cast, incident):
    share = share_of(incident, cast.agent)

    answer = act(cast.boss, share, "confirm", points="9", reason="影响很大")

    assert answer.status_code == 422
    assert all(kept in answer.content.decode() for kept in ("轻微扣 1 到 2 分", 'value="9"', "影响很大"))
    assert act(cast.boss, share, "confirm", points="abc").status_code == 422
    assert share_of(incident, cast.agent).state == "filed"


def test_an_empty_view_is_sent_on_purpose_only(cast, incident):
    share = share_of(incident, cast.agent)

    assert act(cast.agent, share, "state", statement=" ").status_code == 422
    assert act(cast.agent, share, "silent").status_code == 302
    assert share_of(incident, cast.agent).stated_at is not None


def test_repetition_stands_on_the_record_with_the_earlier_ones_for_those_who_may_know(cast, incident):
    before = confirmed(cast.agent, cast.boss, cast.finder, date(2026, 3, 1))

    for who in (cast.boss, cast.agent, cast.member):
        assert "近 12 个月第 2 次同类事故" in page(who, incident)
        assert before.incident.number in page(who, incident)
    assert "第 2 次" not in page(cast.finder, incident)
    assert before.incident.number not in page(cast.finder, incident)


def test_what_was_withdrawn_rejected_or_overturned_stays_with_its_reason(cast, incident):
    withdraw_incident(incident.pk, reason="认错了人", by=cast.finder)

    for who in (cast.agent, cast.boss, cast.finder):
        words = as_(who).get(LEDGER).content.decode()
        assert "已撤回" in words
        assert "认错了人" in words
        assert "不扣分" in words


# ---- files


def got(person: Employee, file: EventFile, name: str = "incident_file") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of a file that somebody asks for."""
    answer = as_(person).get(reverse(f"incidents:{name}", args=[file.pk]))
    content = answer.getvalue()
    let_go(answer)
    return answer.status_code, dict(answer.headers), content


def with_file(incident: Incident, by: Employee, name: str = "现场.png") -> EventFile:
    sent = {"files": SimpleUploadedFile(name, PNG if name.endswith("png") else b"%PDF-1.7")}
    as_(by).post(reverse("incidents:decide_incident", args=[incident.pk, "files"]), sent)
    return EventFile.objects.latest("pk")


def test_a_file_is_a_download_and_a_photo_may_be_shown_in_the_page(cast, incident):
    photo, paper = with_file(incident, cast.finder), with_file(incident, cast.finder, "说明.pdf")

    status, download, content = got(cast.boss, photo)
    _status, shown, _content = got(cast.boss, photo, "incident_picture")

    assert (status, content) == (200, PNG)
    assert download["Content-Disposition"].startswith("attachment")
    assert download["Content-Type"] == "application/octet-stream"
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert shown["Cross-Origin-Resource-Policy"] == "same-origin"
    assert got(cast.boss, paper, "incident_picture")[0] == 404


def test_files_are_there_for_those_who_see_the_record_alone(cast, incident):
    photo = with_file(incident, cast.finder)

    for who in (cast.stranger, cast.mate, cast.other_boss):
        assert got(who, photo)[0] == got(who, photo, "incident_picture")[0] == 404
    assert Client().get(reverse("incidents:incident_file", args=[photo.pk])).status_code == 302


def test_what_one_person_concerned_puts_to_it_another_does_not_see(cast, shared):
    mine = with_file(shared, cast.mate, "我的排班.png")

    for who in (cast.mate, cast.boss, cast.member):
        assert "我的排班" in page(who, shared)
        assert got(who, mine)[0] == 200
    for who in (cast.agent, cast.finder):
        assert "我的排班" not in page(who, shared)
        assert got(who, mine)[0] == 404


def test_that_one_person_concerned_put_files_to_it_does_not_name_him_to_another(cast, shared):
    with_file(shared, cast.mate, "我的排班.png")

    assert "补了 1 个文件" in page(cast.boss, shared)
    for who in (cast.agent, cast.finder):
        assert "补了 1 个文件" not in page(who, shared)
    assert cast.mate.name not in page(cast.agent, shared)


# ---- the ledger


def test_the_ledger_is_narrowed_by_state_month_kind_and_person(cast, incident):
    other = confirmed(cast.mate, cast.boss, cast.finder, date(2026, 9, 2), code="I15")
    client = as_(cast.boss)

    def found(**asked: str | int) -> set[str]:
        words = client.get(LEDGER, asked).content.decode()
        return {row.incident.number for row in (other, share_of(incident, cast.agent)) if row.incident.number in words}

    both = {other.incident.number, incident.number}
    assert found() == both
    assert found(state="confirmed") == found(month="2026-09") == found(person="黄佩") == {other.incident.number}
    assert found(kind=kind().pk) == found(person=cast.agent.number.lower()) == {incident.number}
    assert found(state="confirmed", month="2026-10") == set()
    assert found(state="x", month="x", kind="x") == both


def test_months_and_days_out_of_reach_filter_nothing_and_hint_nothing(cast, incident):
    client = as_(cast.boss)
    for month in ("0001-01", "9999-12"):
        assert incident.number in client.get(LEDGER, {"month": month}).content.decode()
    asked = {"person": cast.agent.number, "kind": kind().pk, "occurred_on": "0001-01-01"}
    assert client.get(reverse("incidents:incident_hints"), asked).status_code == 200
    assert client.post(NEW, typed(cast.agent, occurred_on="0001-01-01")).status_code == 422
    with pytest.raises(RuleError, match="太早"):
        file_incident(draft(cast.agent, occurred_on=date(1999, 12, 31)), by=cast.finder)


def test_what_waits_for_me_comes_first(cast, incident):
    with on(14):
        assert "等你核实" not in as_(cast.boss).get(LEDGER).content.decode()  # his view is still awaited
        assert [row.employee for row in views_to_state(cast.agent)] == [cast.agent]
        assert not views_to_state(cast.mate).exists()
    with on(16):
        assert "等你核实" in as_(cast.boss).get(LEDGER).content.decode()
        for who in (cast.finder, cast.stranger, cast.auditor, cast.hr, cast.member, cast.manager):
            assert "等你核实" not in as_(who).get(LEDGER).content.decode()
        assert not views_to_state(cast.agent).exists()


def test_from_one_record_the_next_that_waits_is_a_click_away(cast, incident):
    with on(14):
        other = file_incident(draft(cast.mate, description="又一件"), by=cast.finder)
    address = reverse("incidents:incident", args=[other.pk])
    with on(20):
        assert address in page(cast.boss, incident)
        for who in (cast.agent, cast.finder, cast.member):
            assert address not in page(who, incident)


def test_what_the_superior_may_not_verify_is_asked_of_the_group(cast):
    with on(13):
        file_incident(draft(cast.agent), by=cast.boss)
    with on(16):
        assert "等你核实" in as_(cast.member).get(LEDGER).content.decode()
        for who in (cast.boss, cast.manager):
            assert "等你核实" not in as_(who).get(LEDGER).content.decode()


# ---- the row rules and the list rules agree


def everybody(cast: SimpleNamespace) -> list[Judge]:
    return [Judge(one, standing_of(one, date(2026, 11, 3))) for one in vars(cast).values()]


def test_row_rules_and_list_rules_agree(cast, shared, incident):
    confirm_involvement(share_of(shared, cast.mate).pk, by=cast.member)
    withdraw_incident(incident.pk, reason="x", by=cast.finder)
    self_filed = draft(cast.agent, cast.mate, found_by_id=cast.mate.pk, description="自己报的")
    file_incident(self_filed, by=cast.agent)
    for judge in everybody(cast):
        for one in Incident.objects.prefetch_related("involvements__incident"):
            shares, concerned = list(one.involvements.all()), concerned_with(one)
            above = Superiors.of(shares)
            assert can_view_incident(judge, one) == visible_incidents(judge).filter(pk=one.pk).exists()
            for share in shares:
                row = visible_shares(judge).filter(pk=share.pk).first()
                listed = Sight.NOTHING if row is None else Sight.WHOLE if vars(row)["is_whole"] else Sight.AS_FILED
                assert sight_of(judge, share, concerned, above) == listed
                assert (
                    can_verify(judge, share, concerned, above) == shares_to_verify(judge).filter(pk=share.pk).exists()
                )


# ---- statements


def many(cast: SimpleNamespace, head: str, n: int) -> None:
    facts = {"occurred_on": DAY, "description": "x", "kind": kind(), "found_by": cast.finder, "filed_by": cast.finder}
    rows = Incident.objects.bulk_create(Incident(number=f"BL-2026-{head}{i:05d}", **facts) for i in range(n))
    share = {"filed_points": 2, "points": 2, "statement_due_on": date(2099, 1, 1)}
    Involvement.objects.bulk_create(
        Involvement(incident=row, employee=one, **share) for row in rows for one in (cast.agent, cast.mate)
    )


@pytest.mark.parametrize(("who", "more"), [("boss", 9_990), ("member", 300), ("agent", 300), ("finder", 300)])
def test_pages_ask_no_more_of_thousands_of_records_than_of_ten(cast, shared, who, more):
    client = as_(getattr(cast, who))
    confirmed(cast.agent, cast.boss, cast.finder, date(2026, 3, 1), code="I09")
    asked = {"person": [str(cast.agent), str(cast.mate)], "occurred_on": "2026-10-13", "kind": kind().pk}
    addresses = [
        (LEDGER, {}),
        (LEDGER, {"state": "filed", "person": "吴"}),
        (NEW, {"about": cast.agent.number}),
        (HINTS, asked),
        (reverse("incidents:incident", args=[shared.pk]), {}),
    ]
    many(cast, "A", 10)
    few = [statements(partial(client.get, at, data)) for at, data in addresses]
    many(cast, "B", more)
    now = [statements(partial(client.get, at, data)) for at, data in addresses]

    assert max(few + now) <= 15, (few, now)
    assert all(later <= first for first, later in zip(few, now, strict=True)), (few, now)
