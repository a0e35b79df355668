"""Messages in a person's inbox, and the outbox through which they leave (P6). Never a score, never an amount.

A message is written in the transaction of its cause; a delivery is a row before it is anything else, so a crash loses
nothing, and its key is unique, so nothing is sent twice.
"""

from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notices.states import Channel, DeliveryState
from people.models import Employee, Region


class Message(models.Model):
    """Something a person is told. ``kind`` names the sentence, ``detail`` the words that fill it, ``path`` the place.

    ``key`` says what it is about: told once per person.
    """

    recipient = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=30)
    detail = models.JSONField(default=dict)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("recipient", "-at"), name="message_by_recipient"),)
        constraints = (models.UniqueConstraint(fields=("recipient", "key"), name="told_once"),)

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.key}"


class Robot(models.Model):
    """A group robot of a chat service. Its address is a secret: shown to nobody once it is saved."""

    name = models.CharField(_("名称"), max_length=40, unique=True)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    url = models.CharField(_("地址"), max_length=400)
    region = models.ForeignKey(Region, on_delete=models.CASCADE, null=True, blank=True, related_name="robots")
    is_active = models.BooleanField(_("启用"), default=True)
    created_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.CheckConstraint(condition=~Q(channel=Channel.EMAIL), name="a_robot_is_no_mailbox"),)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One thing to send through one channel: to a person by e-mail, or to a robot's group.

    ``lease`` rises with every claim; a sender that comes back late finds another number and may not write.
    """

    key = models.CharField(max_length=160, unique=True)
    channel = models.CharField(max_length=10, choices=Channel)
    recipient = models.ForeignKey(Employee, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries")
    robot = models.ForeignKey(Robot, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries")
    subject = models.CharField(max_length=120)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("state", "not_before"), name="delivery_by_state"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, robot__isnull=True)
                | Q(recipient__isnull=True, robot__isnull=False),
                name="delivery_goes_to_one",
            ),
        )

    def __str__(self) -> str:
        return self.key


class NoticeRules(models.Model):
    """When the portal may write to people: the one row of the company."""

    send_at = models.TimeField(_("每天几点发"), default=time(9, 7), help_text=_("避开整点和半点"))
    quiet_from = models.TimeField(_("免打扰从"), default=time(20, 0))
    quiet_until = models.TimeField(_("免打扰到"), default=time(8, 0))
    working_days_only = models.BooleanField(_("只在工作日发"), default=True)
    by_email = models.BooleanField(_("发邮件"), default=True)
    changed_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.send_at:%H:%M}"


class DigestRun(models.Model):
    """The reminders of a day: put together once, whoever is woken and however often. ``finished_at`` says it is done.

    A run that broke off is taken up again when its lease is over; the keys of what it had written keep that single.
    """

    day = models.DateField(unique=True)
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    people = models.PositiveIntegerField(default=0)
    followed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class Preference(models.Model):
    """A person's own choices: whether the digest comes by e-mail, and the secret of his calendar feed."""

    employee = models.OneToOneField(Employee, on_delete=models.CASCADE, related_name="preference")
    by_email = models.BooleanField(_("每日提醒发到邮箱"), default=True)
    feed_token = models.CharField(max_length=64, unique=True, null=True, blank=True)  # unique when there

    def __str__(self) -> str:
        return str(self.employee_id)
