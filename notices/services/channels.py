"""The one place that talks to mail servers and chat robots."""

import smtplib

from apprise import Apprise
from django.conf import settings
from django.core.mail import EmailMessage

from notices.models import Delivery
from notices.states import Channel

SCHEMES = {
    Channel.WECOM: ("wecombot",),
    Channel.DINGTALK: ("dingtalk",),
    Channel.FEISHU: ("feishu",),
    Channel.WEBHOOK: ("jsons", "json"),
}
"""Which addresses a robot of that channel may have; an address decides where the portal's server connects to."""


class HandOverError(Exception):
    """Not taken: the words say why, without the address."""


def hand_over(delivery: Delivery) -> None:
    """Send it now; returns once the other side has taken it, else raises ``HandOverError``."""
    if delivery.channel == Channel.EMAIL:
        _mail(delivery)
    else:
        _tell_robot(delivery)


def message_id(delivery: Delivery) -> str:
    """The same however often it is handed over."""
    return f"<kpi-{delivery.pk}@{settings.EMAIL_DOMAIN}>"


def _mail(delivery: Delivery) -> None:
    recipient = delivery.recipient
    if recipient is None or not recipient.email:
        raise HandOverError("no address")
    mail = EmailMessage(
        delivery.subject, delivery.text, to=[recipient.email], headers={"Message-ID": message_id(delivery)}
    )
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as problem:
        raise HandOverError(type(problem).__name__) from problem


def _tell_robot(delivery: Delivery) -> None:
    robot = delivery.robot
    if robot is None or not robot.is_active:
        raise HandOverError("robot is off")
    service = Apprise()
    if not service.add(robot.url):
        raise HandOverError("address not understood")
    if not service.notify(title=delivery.subject, body=delivery.text):
        raise HandOverError("refused by the service")
