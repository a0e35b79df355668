"""What has happened to an incident record, in words, as far as the reader may know."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Event
from common.wording import points
from incidents.models import Incident, Involvement

WHOLE_ONLY = ("incident.stated", "incident.confirmed", "incident.overturned", "incident.rejudged")
"""Acts on a share that tell what only those know who see all of it."""


class Told(NamedTuple):
    """One act: who, when, what in words, and the reason given."""

    at: datetime
    who: str
    words: str
    reason: str


def history_of(
    incident: Incident, seen: Iterable[Involvement], *, whole: Iterable[Involvement], silent: Iterable[Involvement]
) -> list[Told]:
    """The acts on a record and on the shares ``seen``, oldest first; of those not in ``whole`` only what is open.

    Of the people of ``silent`` it is not told that they put files to the record: that would name them.
    """
    people = {str(share.pk): share for share in seen}
    seen_whole, unnamed = {share.pk for share in whole}, {share.employee.number for share in silent}
    about = Q(object_type="incident", object_id=str(incident.pk)) | Q(object_type="involvement", object_id__in=people)
    found = []
    for event in Event.objects.filter(about).order_by("pk"):
        share = people.get(event.object_id) if event.object_type == "involvement" else None
        if share is not None and share.pk not in seen_whole and event.action in WHOLE_ONLY:
            continue
        if event.action == "incident.files_added" and event.actor_number in unnamed:
            continue
        words = WORDS.get(event.action)
        if words is not None:
            told = words(event.after or {}, share.employee.name if share else "")
            found.append(Told(event.at, event.actor_name, told, event.reason))
    return found


def _files_added(after: dict[str, Any], _who: str) -> str:
    n = len(after.get("files", ()))
    return ngettext("补了 %(n)s 个文件", "补了 %(n)s 个文件", n) % {"n": n}


def _stated(after: dict[str, Any], _who: str) -> str:
    if not after.get("statement"):
        return _("没有要说的")
    return _("过了期限陈述") if after.get("late") else _("陈述了看法")


def _confirmed(after: dict[str, Any], who: str) -> str:
    return _("确认%(name)s扣 %(points)s 分") % {"name": who, "points": points(after.get("points"))}


def _rejudged(after: dict[str, Any], who: str) -> str:
    told = {"who": who, "points": points(after.get("points"))}
    return _("同类次数变了，重新认定%(who)s扣 %(points)s 分") % told


WORDS: dict[str, Callable[[dict[str, Any], str], str]] = {
    "incident.filed": lambda _after, _who: _("登记了这条记录"),
    "incident.files_added": _files_added,
    "incident.stated": _stated,
    "incident.confirmed": _confirmed,
    "incident.rejudged": _rejudged,
    "incident.rejected": lambda _after, who: _("认为%(name)s不成立") % {"name": who},
    "incident.withdrawn": lambda _after, _who: _("撤回"),
    "incident.overturned": lambda _after, who: _("撤销对%(name)s的确认") % {"name": who},
}
"""What each act is called on the record's page."""
