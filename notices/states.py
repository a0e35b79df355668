"""What people are told, and how a message leaves the house."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    EMAIL = "email", _("邮件")
    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")
    FEISHU = "feishu", _("飞书")
    WEBHOOK = "webhook", _("其他 webhook")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("待发")
    SENT = "sent", _("已发")
    GIVEN_UP = "given_up", _("没发成")
