"""Robots, the rules, one's own choices, and how the outbox stands."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notices.models import Delivery, Preference, Robot
from notices.states import DeliveryState
from people.models import Employee

WHY: dict[str, Promise] = {
    "no address": _("没有登记邮箱"),
    "robot is off": _("机器人停用了"),
    "address leads inside": _("地址指向内部网络"),
    "not taken by the service": _("对方没有收"),
    "interrupted while it was handed over": _("发送中断，可能已经到了，不再重发"),
    "SMTPServerDisconnected": _("邮件服务器断开了"),
    "SMTPAuthenticationError": _("邮件服务器不认帐号或密码"),
    "ConnectionRefusedError": _("邮件服务器连不上"),
    "TimeoutError": _("邮件服务器没有回应"),
}
DAYS_TOLD = 7
FAULTS_TOLD = 20


class OutboxCounts(NamedTuple):
    """Deliveries of the last days by what became of them."""

    waiting: int
    late: int
    sent: int
    given_up: int


def all_robots() -> QuerySet[Robot]:
    """Every robot with its region, those that are on first."""
    return Robot.objects.select_related("region", "created_by").order_by("-is_active", "name")


def outbox_standing(now: datetime) -> OutboxCounts:
    """What waits, what of it has waited for an hour, and what the last seven days sent or gave up: one statement."""
    recent = Q(created_at__gte=now - timedelta(days=DAYS_TOLD))
    late = Q(state=DeliveryState.WAITING, not_before__lt=now - timedelta(hours=1))
    counts = Delivery.objects.aggregate(
        waiting=Count("pk", filter=Q(state=DeliveryState.WAITING)),
        late=Count("pk", filter=late),
        sent=Count("pk", filter=recent & Q(state=DeliveryState.SENT)),
        given_up=Count("pk", filter=recent & Q(state=DeliveryState.GIVEN_UP)),
    )
    return OutboxCounts(**counts)


def recent_faults(now: datetime) -> list[Delivery]:
    """What the last seven days did not get across, newest first, with whom and why; never what it said."""
    rows = Delivery.objects.filter(created_at__gte=now - timedelta(days=DAYS_TOLD), state=DeliveryState.GIVEN_UP)
    return list(rows.select_related("recipient", "robot").defer("text", "subject").order_by("-pk")[:FAULTS_TOLD])


def why_not(error: str) -> str:
    """Why a delivery did not arrive, in the language of the page; what the other side said stays as it was said."""
    return str(WHY.get(error, error))


def preference_of(person: Employee) -> Preference:
    """One's own choices, or the defaults while one has made none."""
    return Preference.objects.filter(employee=person).first() or Preference(employee=person)


def person_of_feed(token: str) -> Employee | None:
    """Whose calendar feed has that secret; nobody for one that is wrong or revoked, and for who may not sign in."""
    people = Employee.objects.select_related("region", "position", "grade", "account")
    return people.filter(preference__feed_token=token, account__is_active=True).first() if token else None
