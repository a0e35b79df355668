"""What reaches the other side: a real mail server and the far end of real robots, on loopback."""

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from common.errors import RuleError
from notices.models import Robot
from notices.services.addresses import check_where_it_leads, kept_address
from notices.services.channels import shortened
from notices.services.sending import send_waiting
from notices.states import Channel, DeliveryState
from tests.notices.conftest import any_hour, put, robot
from tests.notices.sinks import mail_sink, robot_sink

TEXT = "今天有2件事等你办：\n· 签认10月考核结果，到11月11日\nhttp://127.0.0.1:8000/"
SERVICES = {
    Channel.WECOM: (NotifyWeComBot, "/cgi-bin/webhook/send?key={key}"),
    Channel.DINGTALK: (NotifyDingTalk, "/robot/send?access_token={token}"),
    Channel.FEISHU: (NotifyFeishu, "/open-apis/bot/v2/hook/{token}/"),
}
committing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def far_end(monkeypatch):
    """The services' own addresses lead to the sink."""
    with robot_sink() as sink:
        for plugin, path in SERVICES.values():
            monkeypatch.setattr(plugin, "notify_url", sink.at + path)
        yield sink


@pytest.fixture
def smtp(settings):
    with mail_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_DOMAIN = "127.0.0.1", sink.port, "kpi.example"
        yield sink


@committing
def test_a_mail_server_gets_the_letter(person, smtp):
    any_hour()
    delivery = put(to=person, text=TEXT)

    assert (send_waiting(), send_waiting()) == (1, 0)

    [letter] = smtp.taken
    assert (letter["To"], smtp.subjects, smtp.ids) == (
        "siyu@example.com",
        ["今天的提醒"],
        [f"<kpi-{delivery.pk}@kpi.example>"],
    )
    assert letter.get_payload(decode=True).decode().replace("\r\n", "\n").strip() == TEXT


@committing
@pytest.mark.parametrize(
    ("answer", "state"), [("550 no such user", DeliveryState.GIVEN_UP), ("451 later", DeliveryState.WAITING)]
)
def test_a_recipient_the_server_does_not_know_is_given_up_and_a_busy_one_tried_again(person, smtp, answer, state):
    any_hour()
    smtp.refuse = answer
    delivery = put(to=person)
    send_waiting()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (state, f"recipient refused [{answer[:3]}]")


@committing
def test_each_chat_service_gets_its_own_format_once(person, far_end):
    any_hour()
    for channel in SERVICES:
        put(to=robot(person, channel), key=channel, text=TEXT)

    assert (send_waiting(), send_waiting()) == (3, 0)

    told = {path.partition("?")[0]: (path, said) for path, said in far_end.taken}
    path, said = told["/cgi-bin/webhook/send"]
    assert path.endswith("?key=693a91f6-7bc4-4bc4-97a0-0ec2aaaaaaaa")
    assert said == {"msgtype": "text", "text": {"content": f"今天的提醒\r\n{TEXT}"}}
    path, said = told["/robot/send"]
    assert path.startswith("/robot/send?access_token=0a1b2c3d4e5f6071&timestamp=")
    assert "&sign=" in path
    assert said["msgtype"] == "text"
    assert said["text"] == {"content": f"今天的提醒\r\n{TEXT}"}
    assert said["at"] == {"atMobiles": [], "isAtAll": False}
    path, said = told["/open-apis/bot/v2/hook/0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0/"]
    assert said == {"msg_type": "text", "content": {"text": f"今天的提醒\r\n{TEXT}"}}


@committing
@pytest.mark.parametrize(
    ("channel", "answer", "code"),
    [
        (Channel.WECOM, {"errcode": 93000, "errmsg": "invalid webhook url"}, 93000),
        (Channel.DINGTALK, {"errcode": 310000, "errmsg": "keywords not in content"}, 310000),
        (Channel.FEISHU, {"code": 19024, "msg": "Key Words Not Found"}, 19024),
    ],
)
def test_a_service_that_says_200_and_means_no_is_understood(person, far_end, channel, answer, code):
    any_hour()
    far_end.answer = answer
    delivery = put(to=robot(person, channel))
    send_waiting()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (DeliveryState.WAITING, f"refused with code {code}")


@committing
def test_a_refusal_is_tried_again_and_then_taken(person, far_end):
    any_hour()
    far_end.status = 500
    delivery = put(to=robot(person))
    send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (DeliveryState.WAITING, "not taken by the service")

    far_end.status, far_end.answer = 200, {"errcode": 0, "errmsg": "ok"}
    delivery.not_before = delivery.created_at
    delivery.save()
    send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


@committing
def test_a_robot_that_is_off_is_told_nothing(person, far_end):
    any_hour()
    delivery = put(to=robot(person))
    Robot.objects.update(is_active=False)
    send_waiting()

    delivery.refresh_from_db()
    assert (delivery.state, far_end.taken) == (DeliveryState.GIVEN_UP, [])


@committing
def test_a_long_message_ends_with_a_whole_line_within_what_the_service_takes(person, far_end):
    any_hour()
    put(to=robot(person), text="\n".join(f"{number}. 陈思雨：待办2件" for number in range(200)))
    send_waiting()

    [(_path, said)] = far_end.taken
    content = said["text"]["content"]
    assert len(content.encode()) <= 2048
    assert content.endswith("件\n…")


def test_a_short_message_stays_whole():
    assert shortened("一\n二", 7) == "一\n二"
    assert shortened("一\n二", 6) == "…"


@committing
def test_another_webhook_is_called_over_https_only_and_follows_no_redirect(person, settings):
    any_hour()
    with robot_sink(status=302, location="http://169.254.169.254/") as sink:
        with pytest.raises(RuleError, match="https"):
            kept_address(Channel.WEBHOOK, f"{sink.at}/hook")
        settings.DEBUG = True
        url = kept_address(Channel.WEBHOOK, f"{sink.at}/hook?room=%E5%AE%A2%E6%9C%8D&redirect=yes&verify=no")
        delivery = put(to=robot(person, Channel.WEBHOOK, url), text=TEXT)
        send_waiting()
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.WAITING
        [(path, said)] = sink.taken
        assert path == "/hook?room=%E5%AE%A2%E6%9C%8D&redirect=yes&verify=no"
        assert (said["title"], said["message"]) == ("今天的提醒", TEXT)

        settings.DEBUG = False  # the same address, now that the rule holds
        delivery.not_before = delivery.created_at
        delivery.save()
        send_waiting()
        delivery.refresh_from_db()
        assert (delivery.error, len(sink.taken)) == ("address leads inside", 1)


@pytest.mark.parametrize(
    ("channel", "typed", "secret", "kept"),
    [
        (
            Channel.WECOM,
            " https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7bc4 ",
            "",
            "wecombot://key?key=693a91f6-7bc4",
        ),
        (
            Channel.DINGTALK,
            "https://oapi.dingtalk.com/robot/send?access_token=0a1b2c3d",
            "SECabcdef01",
            "dingtalk://token/?token=0a1b2c3d&secret=SECabcdef01",
        ),
        (
            Channel.FEISHU,
            "https://open.feishu.cn/open-apis/bot/v2/hook/0b1c2d3e-4f50",
            "",
            "feishu://token?token=0b1c2d3e-4f50",
        ),
        (Channel.WEBHOOK, "https://1.1.1.1:8443/a/b?x=1", "", "jsons://1.1.1.1:8443/a/b?-x=1"),
    ],
)
def test_what_the_service_shows_is_what_is_typed(channel, typed, secret, kept):
    assert kept_address(channel, typed, secret) == kept


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        (Channel.WECOM, "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=693a91f6-7bc4"),
        (Channel.WECOM, "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7bc4"),
        (Channel.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6&verify=no"),
        (Channel.DINGTALK, "https://open.feishu.cn/open-apis/bot/v2/hook/0b1c2d3e-4f50"),
        (Channel.FEISHU, "mailtos://user:password@example.com"),
        (Channel.WEBHOOK, "http://1.1.1.1/"),
        (Channel.WEBHOOK, "file:///etc/passwd"),
        (Channel.WEBHOOK, "https://user:secret@1.1.1.1/"),
        (Channel.WEBHOOK, "https://127.0.0.1/"),
        (Channel.WEBHOOK, "https://2130706433/"),
        (Channel.WEBHOOK, "https://localhost/"),
        (Channel.WEBHOOK, "https://10.1.2.3/"),
        (Channel.WEBHOOK, "https://192.168.0.1:8443/"),
        (Channel.WEBHOOK, "https://100.64.0.1/"),
        (Channel.WEBHOOK, "https://169.254.169.254/latest/meta-data"),
        (Channel.WEBHOOK, "https://[::1]/"),
        (Channel.WEBHOOK, "https://1.1.1.1:99999/"),
        (Channel.WEBHOOK, "https://"),
        (Channel.WEBHOOK, "nonsense"),
    ],
)
def test_no_other_address_is_kept(channel, typed):
    with pytest.raises(RuleError) as refusal:
        kept_address(channel, typed)
    assert refusal.value.field == "url"


def test_a_signing_secret_of_another_form_is_refused():
    with pytest.raises(RuleError) as refusal:
        kept_address(Channel.DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=0a1b2c3d", "abc&token=x")
    assert refusal.value.field == "secret"


def test_a_host_that_nobody_knows_is_refused():
    with pytest.raises(RuleError) as refusal:
        check_where_it_leads("https://nobody.invalid/")
    assert refusal.value.code == "no_host"
