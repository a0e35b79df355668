"""Group robots: put in, changed, tried out, switched off. Their addresses are secrets: written, never told again."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from notices.models import Delivery, Robot
from notices.permissions import can_keep_channels
from notices.services.addresses import kept_address
from notices.services.channels import HandOverError, hand_over
from notices.states import Channel
from people.facts import Standing
from people.models import Employee


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotFacts:
    """A robot as it is typed in. An empty ``url`` keeps the address there is; ``region_id`` None is the company."""

    name: str
    channel: Channel
    url: str = ""
    secret: str = ""
    region_id: int | None = None


@transaction.atomic(durable=True)
def save_robot(robot_id: int | None, facts: RobotFacts, *, by: Employee, standing: Standing) -> Robot:
    """Put a robot in, or change one. Another channel needs its own address; the trail never holds an address."""
    _check(standing)
    robot = _locked(robot_id) if robot_id is not None else Robot(created_by=by)
    if Robot.objects.exclude(pk=robot.pk).filter(name=facts.name).exists():
        raise RuleError(_("已经有叫这个名字的机器人。"), code="name_taken", field="name")
    before = _told(robot) if robot.pk else None
    if facts.url:
        robot.url = kept_address(facts.channel, facts.url, facts.secret)
    elif not robot.pk or facts.channel != robot.channel:
        raise RuleError(_("填上机器人的 webhook 地址。"), code="no_address", field="url")
    elif facts.secret:
        raise RuleError(_("换密钥要连同地址一起填。"), code="no_address", field="url")
    robot.name, robot.channel, robot.region_id = facts.name, facts.channel, facts.region_id
    robot.full_clean()
    robot.save()
    after = {**_told(robot), "address_changed": bool(facts.url)}
    record("robot.saved", robot, by=by, before=before, after=after)
    return robot


@transaction.atomic(durable=True)
def switch_robot(robot_id: int, *, is_active: bool, by: Employee, standing: Standing) -> Robot:
    """On or off; what waits for one that is off is given up."""
    _check(standing)
    robot = _locked(robot_id)
    if robot.is_active != is_active:
        robot.is_active = is_active
        robot.save(update_fields=["is_active"])
        record("robot.switched", robot, by=by, before={"is_active": not is_active}, after={"is_active": is_active})
    return robot


def try_robot(robot_id: int, *, by: Employee, standing: Standing) -> Robot:
    """Tell its group that this is a test, at once and whatever the hour; ``RuleError`` says why it was not taken."""
    _check(standing)
    robot = Robot.objects.filter(pk=robot_id).first()
    if robot is None:
        raise RuleError(_("没有这个机器人。"), code="no_robot")
    told = ""
    try:
        hand_over(Delivery(channel=robot.channel, robot=robot, subject=_("客服绩效"), text=_("这是一条测试")))
    except HandOverError as problem:
        told = str(problem)
    with transaction.atomic(durable=True):
        record("robot.tried", robot, by=by, after={"problem": told})
    if told:
        words = _("测试没发成：%(why)s。检查地址、关键词、加签和 IP 白名单。")
        raise RuleError(words % {"why": told}, code="not_taken")
    return robot


def _check(standing: Standing) -> None:
    if not can_keep_channels(standing):
        raise RuleError(_("机器人由人力资源部或系统管理员维护。"), code="not_allowed")


def _locked(robot_id: int) -> Robot:
    robot = Robot.objects.select_for_update().filter(pk=robot_id).first()
    if robot is None:
        raise RuleError(_("没有这个机器人。"), code="no_robot")
    return robot


def _told(robot: Robot) -> dict[str, object]:
    return {"name": robot.name, "channel": robot.channel, "region": robot.region_id}
