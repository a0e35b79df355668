"""A reminder from the board as it leaves the house, in the company's language: never a score, never an amount."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from common.wording import listed
from notices.facts import quotable, sentence

MOST_NAMES = 30
"""A robot's message names so many people; chat services cut longer ones."""


def nudge_subject() -> str:
    """The head of the message, for one person and for a group."""
    with override(settings.LANGUAGE_CODE):
        return _("考核催办")


def nudge_text(name: str, told: Sequence[tuple[dict[str, str], str]]) -> str:
    """To one person: the very sentences of his inbox (words of ``nudged``, path), each with the way there."""
    with override(settings.LANGUAGE_CODE):
        lines = [f"{sentence('nudged', detail)} {settings.PORTAL_URL}{path}" for detail, path in told]
        return "\n".join([_("%(name)s，你好：") % {"name": name}, *lines])


def group_nudge_text(by: str, names: Sequence[str]) -> str:
    """To a robot's group: who was reminded by whom, nothing of what."""
    with override(settings.LANGUAGE_CODE):
        words = _("%(by)s催办，请办理：%(names)s") % {"by": quotable(by), "names": listed(names[:MOST_NAMES])}
        lines = [words]
        rest = len(names) - MOST_NAMES
        if rest > 0:
            lines.append(ngettext("另有 %(n)s 人", "另有 %(n)s 人", rest) % {"n": rest})
        return "\n".join([*lines, _("到考核门户办理：%(url)s") % {"url": f"{settings.PORTAL_URL}{reverse('home')}"}])
