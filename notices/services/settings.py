"""When the portal may write to people, as the company rules it and as each chooses for himself."""

import secrets
from dataclasses import asdict, dataclass
from datetime import time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.errors import RuleError
from notices.models import NoticeRules, Preference
from notices.permissions import can_keep_channels
from notices.services.steps import is_quiet
from people.facts import Standing
from people.models import Employee

THE_ROW = 1
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When the reminders go out, and when nothing does. ``quiet_from`` equal to ``quiet_until``: no quiet hours."""

    send_at: time
    quiet_from: time
    quiet_until: time
    working_days_only: bool
    by_email: bool


@transaction.atomic(durable=True)
def save_rules(hours: Hours, *, by: Employee, standing: Standing) -> NoticeRules:
    """Rule when messages leave the house; reminders can't be set into the quiet hours."""
    if not can_keep_channels(standing):
        raise RuleError(_("发送规则由人力资源部或系统管理员维护。"), code="not_allowed")
    if is_quiet(hours.send_at, hours.quiet_from, hours.quiet_until):
        raise RuleError(_("发提醒的时间落在免打扰时段里，改一个。"), code="sends_in_quiet", field="send_at")
    NoticeRules.objects.get_or_create(pk=THE_ROW)
    rules = NoticeRules.objects.select_for_update().get(pk=THE_ROW)
    before = _told(Hours(**{name: getattr(rules, name) for name in Hours.__slots__}))
    for name, value in asdict(hours).items():
        setattr(rules, name, value)
    rules.changed_by, rules.changed_at = by, timezone.now()
    rules.full_clean()
    rules.save()
    record("notice_rules.saved", rules, by=by, before=before, after=_told(hours))
    return rules


@transaction.atomic(durable=True)
def save_preference(*, by_email: bool, by: Employee) -> Preference:
    """Whether one's own daily reminder comes by e-mail."""
    preference = _locked(by)
    preference.by_email = by_email
    preference.save(update_fields=["by_email"])
    return preference


@transaction.atomic(durable=True)
def renew_feed(*, by: Employee) -> Preference:
    """A new secret address for one's own calendar feed; an old one leads nowhere from now on."""
    preference = _locked(by)
    preference.feed_token = secrets.token_urlsafe(TOKEN_BYTES)
    preference.save(update_fields=["feed_token"])
    record("calendar_feed.renewed", preference, by=by)
    return preference


@transaction.atomic(durable=True)
def revoke_feed(*, by: Employee) -> Preference:
    """No calendar feed any more."""
    preference = _locked(by)
    if preference.feed_token is not None:
        preference.feed_token = None
        preference.save(update_fields=["feed_token"])
        record("calendar_feed.revoked", preference, by=by)
    return preference


def _locked(person: Employee) -> Preference:
    Preference.objects.get_or_create(employee=person)
    return Preference.objects.select_for_update().get(employee=person)


def _told(hours: Hours) -> dict[str, object]:
    return {name: f"{value:%H:%M}" if isinstance(value, time) else value for name, value in asdict(hours).items()}
