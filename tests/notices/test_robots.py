"""Robots, the hours, one's own choices: who may, what is refused, and that an address is never told again."""

from datetime import time

import pytest
from apprise.plugins.wecombot import NotifyWeComBot
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from notices.models import Delivery, NoticeRules, Preference, Robot
from notices.selectors.outbox import outbox_standing, recent_faults
from notices.services.robots import RobotFacts, save_robot
from notices.services.settings import Hours, save_rules
from notices.states import Channel, DeliveryState
from people.selectors import standing_of
from people.states import Role
from tests import world
from tests.counting import statements
from tests.notices.conftest import put, robot
from tests.notices.sinks import robot_sink

pytestmark = pytest.mark.django_db
KEY = "693a91f6-7bc4-4bc4-97a0-0ec2aaaaaaaa"
SHOWN = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
NEW = reverse("notices:new_robot")


def signed_in(somebody) -> Client:
    client = Client()
    client.force_login(somebody.account)
    return client


@pytest.fixture
def keeper(db):
    return world.with_role(world.person("秦朗", None, account=True), Role.ADMINISTRATOR)


@pytest.fixture
def desk(keeper) -> Client:
    return signed_in(keeper)


def test_a_robot_is_put_in_and_its_address_is_told_nowhere(desk):
    region = world.region()
    answer = desk.post(NEW, {"name": "华东群", "channel": "wecom", "url": SHOWN, "region": region.pk})

    assert answer.status_code == 302
    made = Robot.objects.get()
    assert (made.name, made.url, made.region) == ("华东群", f"wecombot://key?key={KEY}", region)
    for address in ("notices:robots", "notices:robot"):
        page = desk.get(reverse(address, args=[made.pk] if address == "notices:robot" else None)).content.decode()
        assert "华东群" in page
        assert KEY not in page
    assert KEY not in str(Event.objects.values())
    assert (Event.objects.get().after or {})["address_changed"] is True


def test_an_empty_address_stays_and_another_channel_needs_its_own(desk, keeper):
    made = robot(keeper)
    address = reverse("notices:robot", args=[made.pk])
    before = made.url

    assert desk.post(address, {"name": "改名", "channel": "wecom", "url": ""}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.url) == ("改名", before)

    answer = desk.post(address, {"name": "改名", "channel": "feishu", "url": ""})
    assert answer.status_code == 422
    assert "填上机器人的 webhook 地址" in answer.content.decode()
    assert desk.post(address, {"name": "改名", "channel": "wecom", "secret": "SECabcdef01"}).status_code == 422


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "企业微信群", "channel": "wecom", "url": SHOWN}, "已经有叫这个名字的机器人"),
        ({"name": "群", "channel": "wecom", "url": "https://example.com/"}, "webhook 地址，从群设置里整条复制"),
        ({"name": "群", "channel": "webhook", "url": "https://127.0.0.1/"}, "地址指向内部网络"),
        ({"name": "群", "channel": "email", "url": "a@example.com"}, "email"),
        ({"name": "", "channel": "wecom", "url": SHOWN}, "必填"),
    ],
)
def test_a_robot_that_is_not_right_is_refused_and_nothing_is_kept(desk, keeper, typed, said):
    robot(keeper)
    answer = desk.post(NEW, typed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Robot.objects.count() == 1


@pytest.mark.parametrize("role", [None, Role.AUDITOR, Role.DEPARTMENT])
def test_nobody_else_sees_or_keeps_robots_and_hours(keeper, role):
    made, somebody = robot(keeper), world.person("郑洁", None, account=True)
    client = signed_in(world.with_role(somebody, role) if role else somebody)
    one = [made.pk]
    pages = [reverse(f"notices:{name}") for name in ("robots", "new_robot", "rules")]

    assert {client.get(page).status_code for page in [*pages, reverse("notices:robot", args=one)]} == {403}
    acts = [NEW, reverse("notices:rules"), *(reverse(f"notices:{name}", args=one) for name in ("robot", "try_robot"))]
    assert {client.post(act).status_code for act in [*acts, reverse("notices:switch_robot", args=one)]} == {403}
    standing = standing_of(somebody, timezone.localdate())
    for act in (
        lambda: save_robot(
            None, RobotFacts(name="x", channel=Channel.WECOM, url=SHOWN), by=somebody, standing=standing
        ),
        lambda: save_rules(hours(), by=somebody, standing=standing),
    ):
        with pytest.raises(Exception, match="维护"):
            act()


def hours() -> Hours:
    return Hours(send_at=time(9, 7), quiet_from=time(20), quiet_until=time(8), working_days_only=True, by_email=True)


def test_a_test_goes_to_the_group_at_once_whatever_the_hour(desk, keeper, monkeypatch):
    made = robot(keeper)
    NoticeRules.objects.create(quiet_from=time(0), quiet_until=time(23, 59))
    with robot_sink() as sink:
        monkeypatch.setattr(NotifyWeComBot, "notify_url", sink.at + "/send?key={key}")
        page = desk.post(reverse("notices:try_robot", args=[made.pk]), follow=True).content.decode()
        assert "已发到 企业微信群" in page
        assert sink.taken[0][1]["text"]["content"] == "客服绩效\r\n这是一条测试"

        sink.answer = {"errcode": 93000, "errmsg": "invalid"}
        page = desk.post(reverse("notices:try_robot", args=[made.pk]), follow=True).content.decode()
        assert "测试没发成：refused with code 93000" in page

    assert not Delivery.objects.exists()
    assert [(event.after or {})["problem"] for event in Event.objects.order_by("pk")] == ["", "refused with code 93000"]


def test_a_robot_is_switched_off_and_on_again(desk, keeper):
    made = robot(keeper)
    for told, is_active in (("0", False), ("0", False), ("1", True)):
        desk.post(reverse("notices:switch_robot", args=[made.pk]), {"on": told})
        made.refresh_from_db()
        assert made.is_active is is_active
    assert Event.objects.count() == 2


def test_the_hours_are_ruled_once_for_all_and_kept_in_the_trail(desk):
    address = reverse("notices:rules")
    typed = {"send_at": "09:20", "quiet_from": "21:00", "quiet_until": "07:30", "working_days_only": "on"}
    assert desk.post(address, typed).status_code == 302
    assert desk.post(address, {**typed, "send_at": "10:05", "by_email": "on"}).status_code == 302

    rules = NoticeRules.objects.get()
    assert (rules.send_at, rules.by_email, rules.working_days_only) == (time(10, 5), True, True)
    last = Event.objects.latest("pk")
    assert [(one or {})["send_at"] for one in (last.before, last.after)] == ["09:20", "10:05"]
    assert "10:05" in desk.get(address).content.decode()


@pytest.mark.parametrize("send_at", ["20:00", "23:00", "07:59", "nonsense"])
def test_reminders_are_not_set_into_the_quiet_hours(desk, send_at):
    typed = {"send_at": send_at, "quiet_from": "20:00", "quiet_until": "08:00"}

    assert desk.post(reverse("notices:rules"), typed).status_code == 422
    assert not NoticeRules.objects.exists()


def test_the_page_tells_what_was_not_delivered_to_whom_and_why_but_not_what_it_said(desk, keeper):
    somebody = world.person("没有邮箱")
    failed = put(to=somebody, text="签认10月考核结果")
    Delivery.objects.filter(pk=failed.pk).update(state=DeliveryState.GIVEN_UP, error="no address", attempts=1)
    put(to=robot(keeper), key="b")
    now = timezone.now()

    assert outbox_standing(now) == (1, 0, 0, 1)
    assert [one.pk for one in recent_faults(now)] == [failed.pk]
    page = desk.get(reverse("notices:robots")).content.decode()
    assert "没有登记邮箱" in page
    assert somebody.number in page
    assert "签认10月" not in page


def test_the_page_of_robots_takes_the_same_statements_for_many(desk, keeper):
    address = reverse("notices:robots")
    robot(keeper)
    desk.get(address)
    few = statements(lambda: desk.get(address))
    for number in range(8):
        Robot.objects.create(name=f"群{number}", channel="wecom", url="x", region=world.region(), created_by=keeper)
    for number in range(8):
        put(to=world.person(f"员工{number}"), key=f"k{number}", state=DeliveryState.GIVEN_UP)

    assert statements(lambda: desk.get(address)) == few <= 15


def test_each_chooses_for_himself(keeper):
    person = world.person("陈思雨", account=True, email="siyu@example.com")
    client, address = signed_in(person), reverse("notices:mine")
    assert "siyu@example.com" in client.get(address).content.decode()

    client.post(reverse("notices:save_mine"), {"by_email": "0"})
    assert Preference.objects.get(employee=person).by_email is False
    client.post(reverse("notices:save_mine"), {"by_email": "1"})
    assert Preference.objects.get(employee=person).by_email is True
    assert not Preference.objects.exclude(employee=person).exists()


def test_the_address_of_the_calendar_is_made_renewed_and_revoked(keeper):
    person = world.person("陈思雨", account=True)
    client, address = signed_in(person), reverse("notices:mine")
    assert "还没有订阅地址" in client.get(address).content.decode()

    tokens = []
    for _time in range(2):
        client.post(reverse("notices:renew_feed"))
        tokens.append(str(Preference.objects.get().feed_token))
        assert f"http://testserver/feed/{tokens[-1]}.ics" in client.get(address).content.decode()
    assert len(set(tokens)) == 2
    assert all(len(token) >= 43 for token in tokens)  # 256 bits
    client.post(reverse("notices:revoke_feed"))
    assert Preference.objects.get().feed_token is None
    assert not any(token in str(Event.objects.values()) for token in tokens)
