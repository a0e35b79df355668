"""The one place that talks to mail servers and chat robots."""

import smtplib
from contextvars import ContextVar
from typing import Any

import requests
from apprise import AppriseAsset
from apprise.plugins import custom_json, dingtalk, feishu, wecombot
from apprise.plugins.base import NotifyBase
from django.conf import settings
from django.core.mail import EmailMessage

from common.errors import RuleError
from common.refusals import UNPROCESSABLE
from notices.models import Delivery
from notices.services.addresses import check_where_it_leads
from notices.states import Channel

LONGEST = {Channel.WECOM: 2000, Channel.DINGTALK: 18_000, Channel.FEISHU: 18_000, Channel.WEBHOOK: 18_000}
"""Bytes that a message of the service may have; the library counts characters, the services do not."""
_SERVICES: dict[Channel, type[NotifyBase]] = {
    Channel.WECOM: wecombot.NotifyWeComBot,
    Channel.DINGTALK: dingtalk.NotifyDingTalk,
    Channel.FEISHU: feishu.NotifyFeishu,
    Channel.WEBHOOK: custom_json.NotifyJSON,
}
"""Taken by name: the library's own way from an address to its service loads all of its hundred and thirty."""
_refusal: ContextVar[str] = ContextVar("_refusal", default="")


class HandOverError(Exception):
    """Not taken: the words say why, without the address. ``is_final``: trying again would change nothing."""

    def __init__(self, words: str, *, is_final: bool = False) -> None:
        super().__init__(words)
        self.is_final = is_final


class _ReadsAnswers:
    """The library's way to the network, with the answer read.

    WeCom, DingTalk and Feishu say 200 and put the refusal into the body (a limit passed, a keyword missing, a robot
    taken out of its group). The library looks at the 200 alone and would call it sent.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    def post(self, *given: Any, **named: Any) -> requests.Response:
        answer = requests.post(*given, **named)  # noqa: S113  # the library names its timeout
        code = _code_in(answer)
        if code:
            _refusal.set(f"refused with code {code}")
            answer.status_code = UNPROCESSABLE
        return answer


for _chat in (wecombot, dingtalk, feishu):
    vars(_chat)["requests"] = _ReadsAnswers()


def hand_over(delivery: Delivery) -> None:
    """Send it now; returns once the other side has taken it, else raises ``HandOverError``."""
    try:
        _mail(delivery) if delivery.channel == Channel.EMAIL else _tell_robot(delivery)
    except HandOverError:
        raise
    except Exception as problem:  # whatever a library does with one message must not stop the others
        # Only the kind of fault is told: a traceback could carry the secret address of a robot.
        raise HandOverError(type(problem).__name__) from problem


def message_id(delivery: Delivery) -> str:
    """The same however often it is handed over."""
    return f"<kpi-{delivery.pk}@{settings.EMAIL_DOMAIN}>"


def _mail(delivery: Delivery) -> None:
    recipient = delivery.recipient
    if recipient is None or not recipient.email:
        raise HandOverError("no address", is_final=True)
    mail = EmailMessage(
        delivery.subject, delivery.text, to=[recipient.email], headers={"Message-ID": message_id(delivery)}
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _words in problem.recipients.values()]
        raise HandOverError(f"recipient refused {codes}", is_final=min(codes, default=0) >= 500) from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise HandOverError(type(problem).__name__) from problem


def _tell_robot(delivery: Delivery) -> None:
    robot = delivery.robot
    if robot is None or not robot.is_active:
        raise HandOverError("robot is off", is_final=True)
    channel = Channel(robot.channel)
    if channel == Channel.WEBHOOK:
        try:
            check_where_it_leads(robot.url)  # a name may lead elsewhere than when it was saved
        except RuleError as problem:
            raise HandOverError("address leads inside", is_final=False) from problem
    kind = _SERVICES[channel]
    parts = kind.parse_url(robot.url) or {}
    service = kind(**parts, asset=AppriseAsset(app_id="KPI portal", http_redirects=False))
    _refusal.set("")
    text = shortened(delivery.text, LONGEST[channel] - len(delivery.subject.encode()))
    if not service.notify(title=delivery.subject, body=text):
        raise HandOverError(_refusal.get() or "not taken by the service")


def shortened(text: str, most: int) -> str:
    """As many whole lines as fit into ``most`` bytes, and a mark if some do not."""
    if len(text.encode()) <= most:
        return text
    kept, room = [], most - len("\n…".encode())
    for line in text.split("\n"):
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, "…"])


def _code_in(answer: requests.Response) -> int:
    """What a chat service says in its body: 0 is taken; a body that says nothing counts as taken."""
    try:
        said = answer.json()
    except ValueError:
        return 0
    if not isinstance(said, dict):
        return 0
    codes = [said.get(name) for name in ("errcode", "code", "StatusCode")]
    return next((code for code in codes if isinstance(code, int) and code), 0)
