"""Terms beside ``due`` and ``due_by`` of ``kp``: one that may be over with nothing owed; what came after its term."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common import wording
from common.selectors import Countdown
from common.templatetags.kp import due_by, icon

register = template.Library()


@register.simple_tag
def term(days: Countdown | str, on: date | None, owed: int = 0) -> SafeString:
    """As ``due_by`` while the term runs; once it is over the date alone, unless something is still ``owed``."""
    is_over = on is not None and on < timezone.localdate()
    return due_by("" if is_over and not owed else days, on)


@register.simple_tag
def late(days: Countdown | str, on: date | None, at: datetime | None) -> SafeString:
    """迟交 2 个工作日 for what came at ``at`` after its term's last day; nothing for what came in time."""
    behind = days.behind(on, at) if isinstance(days, Countdown) and on and at else 0
    if not behind:
        return SafeString("")
    return format_html('<span class="t-late nowrap">{} {}</span>', icon("clock"), wording.late_words(behind))
