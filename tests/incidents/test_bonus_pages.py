"""The pages of bonus claims: raised on a phone, checked by the right people, nothing else seen, nothing typed lost."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appraisals.models import Scheme
from incidents.models import Bonus, BonusKind, EventFile
from incidents.services.bonuses import first_check_bonus, reject_bonus
from incidents.states import EventState
from tests import world
from tests.counting import statements
from tests.incidents.claims import DAY, Cast, as_, checked, confirmed, critical_incident, draft, make_cast, raised

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("incidents:bonuses"), reverse("incidents:new_bonus")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def page(bonus: Bonus) -> str:
    return reverse("incidents:bonus", args=[bonus.pk])


def act(bonus: Bonus, name: str) -> str:
    return reverse("incidents:decide_bonus", args=[bonus.pk, name])


def text(client: Client, url: str, **data: Any) -> str:
    answer = client.get(url, data)
    assert answer.status_code == 200
    return answer.content.decode()


def typed(person, code: str = "B01", **facts: object) -> dict[str, object]:
    told = draft(person, code)
    filled = {"employee": f"{person.name} {person.number}", "step": told.step_id, "occurred_on": "2026-10-13"}
    return {**filled, "text": "客户表扬", **facts}


def test_the_form_is_for_oneself_unless_it_is_said_for_whom(cast):
    client = as_(cast["colleague"])

    assert f'value="黄佩珊 {cast["colleague"].number}"' in text(client, NEW)
    assert f'value="吴倩 {cast["agent"].number}"' in text(client, NEW, about=cast["agent"].number)
    assert "本职KPI已计分的事项不重复加分" in text(client, NEW)


def test_a_claim_with_a_file_is_raised_and_its_record_shown(cast):
    data = typed(cast["agent"], files=SimpleUploadedFile("好评.png", PNG))

    answer = as_(cast["colleague"]).post(NEW, data)

    bonus = Bonus.objects.get()
    assert answer.headers["Location"] == page(bonus)
    assert (bonus.raised_by, bonus.points, str(bonus.kind)) == (cast["colleague"], Decimal(1), "B01")
    assert EventFile.objects.get().bonus == bonus


def test_points_and_state_that_are_posted_beside_decide_nothing(cast):
    data = typed(cast["agent"], points="99", state="confirmed", cap="", second_checker=cast["boss"].pk, number="X")

    as_(cast["agent"]).post(NEW, data)

    only = Bonus.objects.get()
    assert (only.points, only.cap, only.state, only.second_checker) == (Decimal(1), Decimal(3), EventState.FILED, None)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"employee": "查无此人"}, "找不到“查无此人”"),
        ({"step": ""}, "选一条加分标准。"),
        ({"step": "999999"}, "加分标准刚改过"),
        ({"occurred_on": "2999-01-01"}, "发生日期不能晚于今天"),
        ({"same": "424242"}, "只能和同一个人"),
        ({"files": SimpleUploadedFile("x.exe", b"MZ")}, "不能收"),
    ],
)
def test_a_refusal_keeps_what_was_typed(cast, facts, words):
    answer = as_(cast["agent"]).post(NEW, typed(cast["agent"], text="客户写来三页信", **facts))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "客户写来三页信" in answer.content.decode()
    assert not Bonus.objects.exists()


def test_a_refusal_brings_back_the_form_alone_so_that_the_browser_keeps_the_files(cast):
    client = as_(cast["agent"])

    answer = client.post(NEW, typed(cast["agent"], text=""), headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert 'id="id_files" name="files"' in answer.content.decode()
    assert "hx-preserve" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    done = client.post(NEW, typed(cast["agent"]), headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == page(Bonus.objects.get())


def test_while_typing_the_cap_and_claims_alike_are_pointed_out(cast):
    confirmed(cast)
    confirmed(cast, grounds="又一次表扬")
    data = {key: value for key, value in typed(cast["agent"]).items() if key != "text"}
    url = reverse("incidents:bonus_hints")

    own = text(as_(cast["agent"]), url, **data)
    assert "10月这一条已确认 2.00 分，最多 3.00 分" in own
    assert "JF-2026-0001" in own
    others = text(as_(cast["colleague"]), url, **data)
    assert "每月最多加 3 分" in others
    assert "别人提的 2 条" in others
    assert "JF-2026" not in others
    assert "已确认" not in others


def test_what_does_not_fit_under_the_cap_is_said_before_anybody_is_surprised(cast):
    for number in range(3):
        confirmed(cast, "B10", grounds=f"标杆录音{number}")
    data = typed(cast["agent"], "B10")

    assert "已到上限，这次不再计分" in text(as_(cast["agent"]), reverse("incidents:bonus_hints"), **data)
    bonus = checked(cast, "B10", grounds="再一条")
    assert "10月这一条已确认 3.00 分，最多 2.00 分" in text(as_(cast["boss"]), page(bonus))
    half = checked(cast, "B07", grounds="条目")
    Bonus.objects.filter(pk=half.pk).update(points=Decimal("2.5"))
    assert "只能再计 2.00 分" in text(as_(cast["boss"]), page(half))


def test_what_the_months_limit_leaves_of_it_is_said_while_typing_and_at_the_check(cast):
    scheme = world.cycle(DAY.replace(day=1)).scheme
    Scheme.objects.filter(pk=scheme.pk).update(parameters={**scheme.parameters, "bonus_limit": "3"})
    confirmed(cast, "B10", grounds="标杆录音")
    confirmed(cast, "B07", grounds="条目")
    data = typed(cast["agent"], "B01")

    counted = "当月加分合计已计 1.50 分，上限 3.00 分"
    assert counted in text(as_(cast["agent"]), reverse("incidents:bonus_hints"), **data)
    assert counted not in text(as_(cast["stranger"]), reverse("incidents:bonus_hints"), **data)
    bonus = checked(cast, "B01", grounds="再一条")
    Bonus.objects.filter(pk=bonus.pk).update(points=Decimal("2.5"))
    shown = text(as_(cast["boss"]), page(bonus))
    assert shown.count("只能再计 1.50 分") == 2  # beside the points and above the button


@pytest.mark.parametrize(("who", "words"), [("agent", "BL-2026-0404"), ("boss", "BL-2026-0404"), ("member", "BL-2026")])
def test_a_critical_incident_of_the_month_is_said_at_the_check(cast, who, words):
    bonus = checked(cast)
    critical_incident(cast)

    shown = text(as_(cast[who]), page(bonus))
    assert "当月有重大事故，加分不计" in shown
    assert words in shown


def test_another_month_or_one_who_only_raised_it_hears_nothing_of_the_incident(cast):
    bonus = checked(cast, by="colleague")
    critical_incident(cast, DAY - timedelta(days=30))
    assert "重大事故" not in text(as_(cast["boss"]), page(bonus))

    Bonus.objects.filter(pk=bonus.pk).update(occurred_on=DAY - timedelta(days=30))
    assert "重大事故" not in text(as_(cast["colleague"]), page(bonus))
    assert "重大事故" in text(as_(cast["boss"]), page(bonus))


def test_a_first_checker_who_may_not_see_the_incident_gets_no_number(cast):
    bonus = raised(cast)
    critical_incident(cast)

    shown = text(as_(cast["peer_boss"]), page(bonus))
    assert "当月有重大事故，加分不计" in shown
    assert "BL-2026-0404" not in shown


def test_what_waits_comes_first_and_goes_when_it_is_done(cast):
    bonus, boss = checked(cast), as_(cast["boss"])
    raised(cast, "B02", by="colleague")

    shown = text(boss, LIST)
    assert shown.index("等你确认") < shown.index("记录")
    assert "等初核" in shown
    boss.post(act(bonus, "second"))
    assert "等你确认" not in text(boss, LIST)


def test_both_checks_are_done_on_the_record(cast):
    bonus = raised(cast)
    member, boss = as_(cast["member"]), as_(cast["boss"])
    assert "初核通过" in text(member, page(bonus))
    assert "确认加分" not in text(boss, page(bonus))

    assert member.post(act(bonus, "first")).headers["Location"] == page(bonus)
    assert "确认加分" in text(boss, page(bonus))
    boss.post(act(bonus, "second"))
    bonus.refresh_from_db()
    assert bonus.state == EventState.CONFIRMED
    shown = text(as_(cast["agent"]), page(bonus))
    assert all(name in shown for name in ("吴倩", "沈玉兰", "周敏", "初核通过", "确认加分"))


def test_the_form_page_decides_too_and_comes_back(cast):
    bonus = checked(cast)

    answer = as_(cast["boss"]).post(act(bonus, "second"), {"next": LIST})
    assert answer.headers["Location"] == LIST
    again = as_(cast["boss"]).post(act(bonus, "second"), {"next": "https://evil.example/"})
    assert again.headers["Location"] == "/"


def test_a_refused_reason_stays_where_it_was_typed(cast):
    bonus = raised(cast)

    answer = as_(cast["boss"]).post(act(bonus, "reject"), {"reason": "依据不足" * 60})

    assert answer.status_code == 422
    assert "依据不足依据不足" in answer.content.decode()
    assert "最多 200 个字" in answer.content.decode()


def test_a_claim_is_turned_down_withdrawn_overturned_and_stays_in_the_ledger(cast):
    turned_down, taken_back, overturned = raised(cast), raised(cast, "B02"), confirmed(cast, "B03")

    as_(cast["boss"]).post(act(turned_down, "reject"), {"reason": "没有依据"})
    as_(cast["agent"]).post(act(taken_back, "withdraw"), {"reason": "写错日期"})
    as_(cast["boss"]).post(act(overturned, "overturn"), {"reason": "建议没用上"})

    shown = text(as_(cast["agent"]), LIST)
    assert all(words in shown for words in ("没有依据", "写错日期", "建议没用上", "不成立", "已撤回", "已撤销"))
    assert "可加" not in shown


def test_the_record_says_when_another_of_the_event_counts(cast):
    letter = confirmed(cast, "B02")
    praise = checked(cast, "B01", same_event_as=letter.pk)

    shown = text(as_(cast["boss"]), page(praise))
    assert "这一条不能再计" in shown
    assert "确认加分" not in shown
    assert f"同一件事已由{letter.number}计分" in shown
    higher = checked(cast, "B04", same_event_as=letter.pk)
    assert "那一条自动撤销" in text(as_(cast["boss"]), page(higher))


def test_the_same_event_is_said_and_unsaid_on_the_record(cast):
    one, other = raised(cast), raised(cast, "B02")
    client = as_(cast["agent"])

    client.post(act(other, "join"), {"other": one.pk})
    assert Bonus.objects.get(pk=other.pk).event == one.event
    client.post(act(other, "join"), {"other": ""})
    assert Bonus.objects.get(pk=other.pk).event == other.number
    assert client.post(act(other, "join"), {"other": "x" * 30}).status_code == 422


def test_files_are_added_and_handed_out_as_downloads_to_who_may_see_the_claim(cast):
    bonus, client = raised(cast), as_(cast["agent"])
    client.post(act(bonus, "files"), {"files": SimpleUploadedFile("依据.png", PNG)})
    file = EventFile.objects.get()
    url = reverse("incidents:bonus_file", args=[bonus.pk, file.pk])

    answer = client.get(url)
    assert (answer.getvalue(), answer.headers["Content-Type"]) == (PNG, "application/octet-stream")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert as_(cast["stranger"]).get(url).status_code == 404
    other = raised(cast, "B02")
    assert client.get(reverse("incidents:bonus_file", args=[other.pk, file.pk])).status_code == 404


def test_a_claim_from_a_workbook_has_its_record_too(cast):
    facts = {"employee": cast["agent"], "occurred_on": DAY, "points": 1, "grounds": "旧表里的表扬"}
    old = Bonus.objects.create(number="JF202610-7", **facts)
    raised(cast)

    shown = text(as_(cast["boss"]), page(old))
    assert all(words in shown for words in ("旧表里的表扬", "表格导入", "没有对应的标准", "之前的经过没有记录"))


def test_somebody_elses_claim_is_not_there(cast):
    bonus, stranger = raised(cast), as_(cast["stranger"])

    assert "JF-2026-0001" not in text(stranger, LIST)
    assert stranger.get(page(bonus)).status_code == 404
    assert stranger.post(act(bonus, "first")).status_code == 404
    assert as_(cast["boss"]).post(act(bonus, "steal")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"state": "rejected"}, {"B03"}),
        ({"kind": "B02"}, {"B02"}),
        ({"side": "mine"}, set()),
        ({"month": "2026-09"}, {"B02"}),
        ({"text": "吴倩 锦旗"}, {"B02"}),
        ({"text": "JF-2026-0001"}, {"B01"}),
        ({"state": "nonsense", "month": "x"}, {"B01", "B02", "B03"}),
    ],
)
def test_the_ledger_is_narrowed(cast, asked, wanted):
    raised(cast)
    raised(cast, "B02", grounds="送来锦旗", occurred_on=date(2026, 9, 2))
    reject_bonus(raised(cast, "B03").pk, reason="重复", by=cast["boss"])

    rows = as_(cast["boss"]).get(LIST, asked).context["rows"]

    assert {row["claim"].kind.code for row in rows} == wanted


def test_months_and_days_out_of_reach_filter_nothing_and_hint_nothing(cast):
    bonus, client = raised(cast), as_(cast["boss"])

    for month in ("0001-01", "9999-12"):
        assert bonus.number in text(client, LIST, month=month)
    asked = typed(cast["agent"], occurred_on="0001-01-01")
    assert text(client, reverse("incidents:bonus_hints"), **asked)
    assert client.post(NEW, asked).status_code == 422


@pytest.mark.parametrize("who", ["agent", "boss", "member"])
def test_the_ledger_asks_no_more_for_ten_thousand_than_for_ten(cast, who):
    client = as_(cast[who])
    many(cast, 10)
    few = statements(lambda: client.get(LIST))
    many(cast, 9_990)

    assert statements(lambda: client.get(LIST)) <= few <= 15


@pytest.mark.parametrize("who", ["agent", "boss", "member"])
def test_a_record_and_the_form_ask_no_more_with_a_hundred_neighbours(cast, who):
    client, bonus = as_(cast[who]), checked(cast)
    critical_incident(cast)
    few = [statements(partial(client.get, url)) for url in (page(bonus), NEW)]
    many(cast, 100)

    now = [statements(partial(client.get, url)) for url in (page(bonus), NEW)]
    assert now == few
    assert max(now) <= 15


def many(cast: Cast, count: int) -> None:
    """Undecided and confirmed claims, written straight into the table."""
    kind = BonusKind.objects.get(code="B01")
    Bonus.objects.bulk_create(
        Bonus(
            number=f"JF-{count}-{place}",
            event=f"JF-{count}-{place}",
            employee=cast["agent"],
            occurred_on=DAY,
            kind=kind,
            points=1,
            grounds="表扬",
            raised_by=cast["colleague"],
            first_checker=cast["member"] if place % 2 else None,
            filed_at=timezone.now(),
        )
        for place in range(count)
    )


def test_who_holds_it_is_told_to_everybody_who_sees_it(cast):
    bonus = raised(cast)
    assert "等考核小组或本区域主管" in text(as_(cast["agent"]), page(bonus))

    first_check_bonus(bonus.pk, by=cast["member"])
    assert "等周敏" in text(as_(cast["agent"]), page(bonus))
    assert "等周敏" in text(as_(cast["agent"]), LIST)
