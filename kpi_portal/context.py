"""What every page's frame shows: the person's own entries, the phone's tabs, who is signed in, the theme."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from appeals.permissions import can_read_statistics as can_read_appeals
from calibration.permissions import reads_board, reads_year
from common.refusals import kept_input
from consequences.permissions import reads_desk
from development.permissions import reads_development, reads_meetings, reads_training
from kpi_portal.demo import DEMO_PASSWORD, demo_people
from kpi_portal.places import CALL_PAGES, FIRST, GROUPS, LISTENING, PLACES, READ_BY_OTHERS, THEN
from notices.permissions import can_keep_channels
from people.facts import Standing
from people.models import Employee
from people.permissions import can_edit_calendar, can_set_rota, sees_everybody
from people.requests import person_of, standing_in
from quality.permissions import Ear, can_edit_rubric, listens_at_all
from reports.permissions import can_read_archive, can_view_month
from reports.selectors import waiting as todos
from reports.selectors.todos import waiting_for
from reports.selectors.waiting import Waiting
from scoring.permissions import reads_replays, sees_boards, sees_pay_sums

THEMES = {"light", "dark"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NavEntry:
    """A line of the sidebar or a tab of the phone; ``hot`` marks a count of late things."""

    url: str
    label: str | Promise
    icon: str
    current: bool = False
    count: int = 0
    hot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NavGroup:
    """A titled group of sidebar entries."""

    title: str
    entries: Sequence[NavEntry] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who is signed in, as the foot of the sidebar names them."""

    name: str
    face: str
    post: str = ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page; nothing but the theme, and the demo's people, for who is not signed in."""
    theme = request.COOKIES.get("kp_theme", "")
    frame: dict[str, Any] = {"theme": theme if theme in THEMES else "auto", "demo": settings.DEMO}
    if settings.DEMO:
        frame["demo_password"] = DEMO_PASSWORD
    if not request.user.is_authenticated:
        return frame | {"demo_people": demo_people() if settings.DEMO else ()}
    if request.headers.get("HX-Request") == "true":
        return frame  # a part of a page has no frame to fill
    frame["kept"] = kept_input(request)
    try:
        person, standing = person_of(request), standing_in(request)
    except PermissionDenied:  # an account without a person still gets the page that says so
        name = request.user.get_username()
        return frame | {"nav": (), "tabs": (), "me": Me(name=name, face=name[:1])}
    waiting = waiting_in(request, person, standing)
    entries = _entries(person, standing, waiting)
    _mark_current(entries, request.path)
    pages = _pages(Ear(person, standing), waiting, request.path) if "quality:calls" in entries else []
    return frame | {"nav": _groups(entries), "tabs": _tabs(entries), "pages_of": pages, "me": _me(person, standing)}


def waiting_in(request: HttpRequest, person: Employee, standing: Standing) -> list[Waiting]:
    """What waits for the person, read once per request: the home page has it already."""
    known: list[Waiting] | None = getattr(request, "_kpi_waiting", None)
    return waiting_for(person, standing, timezone.localdate()) if known is None else known


def _entries(person: Employee, standing: Standing, waiting: Iterable[Waiting]) -> dict[str, tuple[str, NavEntry]]:
    counts: Counter[str] = Counter()
    late = set()
    today = timezone.localdate()
    for row in waiting:
        counts[row.what] += row.n
        if row.what == todos.SIGN or (row.due_on is not None and row.due_on < today):
            late.add(row.what)
    mine = _mine(person, standing, counts)
    return {
        place.name: (
            "read" if place.name in READ_BY_OTHERS and not standing.is_hr else place.group,
            NavEntry(
                url=reverse(place.name),
                label=place.label,
                icon=place.icon,
                count=sum(counts[what] for what in place.counts),
                hot=any(what in late for what in place.counts),
            ),
        )
        for place in PLACES
        if place.name in mine
    }


def _mine(person: Employee, standing: Standing, counts: Counter[str]) -> set[str]:
    """The names of the entries that lead this person somewhere."""
    ear = Ear(person, standing)
    hears = ear.sees_all or listens_at_all(ear) or any(counts[what] for what in (todos.CALLED, *LISTENING))
    works = standing.is_leader or standing.is_department or standing.is_hr
    develops = person.position_id is not None or counts[todos.OWNS] > 0
    wanted = {
        "home": True,
        "appraisals:my_forms": person.position_id is not None,
        "scoring:my_results": person.position_id is not None,
        "notices:inbox": True,
        "appeals:appeals": person.position_id is not None or standing.is_member or can_read_appeals(standing),
        "development:interviews": develops or reads_development(standing),
        "development:plans": develops or reads_development(standing),
        "development:training": develops or reads_training(standing),
        "appraisals:upward": counts[todos.RATE] > 0,
        "appraisals:figures": counts[todos.PROVIDES] + counts[todos.FIGURES] > 0,
        "incidents:incidents": True,
        "incidents:bonuses": True,
        "incidents:standards": True,
        "quality:calls": hears,
        "quality:rubric": can_edit_rubric(standing) and not hears,  # for the others it is a tab
        "appraisals:team": counts[todos.OWNS] + counts[todos.TARGETS] > 0,
        "scoring:to_sign": counts[todos.OWNS] + counts[todos.SIGN_TEAM] > 0,
        "appraisals:approvals": standing.is_department,
        "consequences:counters": counts[todos.OWNS] > 0 and not reads_desk(standing),
        "scoring:duty": sees_boards(standing),
        "reports:archive": can_read_archive(standing),
        "appraisals:cycles": works or counts[todos.OWNS] > 0,
        "appraisals:library": works or counts[todos.OWNS] > 0,
        "scoring:rota": standing.is_member or can_set_rota(standing) or standing.is_department,
        "development:meetings": reads_meetings(standing) or counts[todos.MINUTES] + counts[todos.CONSENT] > 0,
        "calibration:boards": reads_board(standing),
        "calibration:replays": reads_replays(standing),
        "reports:hr_month": can_view_month(standing),
        "consequences:proposals": reads_desk(standing),
        "calibration:year": reads_year(standing),
        "consequences:pay": sees_pay_sums(standing),
        "people:employees": sees_everybody(standing),
        "reports:import_workbook": standing.is_hr,
        "appraisals:scheme": True,
        "people:calendar": can_edit_calendar(standing),
        "notices:robots": can_keep_channels(standing),
    }
    return {name for name, is_mine in wanted.items() if is_mine}


def _mark_current(entries: dict[str, tuple[str, NavEntry]], path: str) -> None:
    """The entry whose address the page's begins with; the longest wins, home only for itself."""
    also = {place.name: reverse(place.also) for place in PLACES if place.also}
    found = {}
    for name, (_group, entry) in entries.items():
        addresses = [one for one in (entry.url, also.get(name)) if one]
        fitting = [one for one in addresses if (path == one if name == "home" else path.startswith(one))]
        if fitting:
            found[name] = max(map(len, fitting))
    if found:
        name = max(found, key=lambda one: found[one])
        group, entry = entries[name]
        entries[name] = (group, replace(entry, current=True))


def _pages(ear: Ear, waiting: Iterable[Waiting], path: str) -> list[NavEntry]:
    """The tabs of call monitoring on its own pages; none elsewhere, and none deeper down."""
    counts: Counter[str] = Counter()
    for row in waiting:
        counts[row.what] += row.n
    listens = listens_at_all(ear) or any(counts[what] for what in (todos.SCORE, todos.RESUME, todos.BLIND, todos.RULE))
    held = {"": True, "listens": listens, "sees": listens or ear.sees_all}
    entries = [
        NavEntry(
            url=reverse(place.name),
            label=place.label,
            icon=place.icon,
            current=path == reverse(place.name),
            count=sum(counts[what] for what in place.counts),
        )
        for place in CALL_PAGES
        if held[place.group]
    ]
    return entries if any(entry.current for entry in entries) else []


def _groups(entries: dict[str, tuple[str, NavEntry]]) -> list[NavGroup]:
    found = []
    for code, title in GROUPS.items():
        own = [entry for group, entry in entries.values() if group == code]
        if own:
            found.append(NavGroup(title=str(title), entries=own))
    return found


def _tabs(entries: dict[str, tuple[str, NavEntry]]) -> list[NavEntry]:
    names = [*[name for name in (*FIRST, *THEN) if name in entries][:3], "notices:inbox"]
    short = {"appraisals:my_forms": _("考核表"), "scoring:my_results": _("结果"), "scoring:duty": _("值班")}
    return [replace(entries[name][1], label=short.get(name, entries[name][1].label)) for name in names]


def _me(person: Employee, standing: Standing) -> Me:
    """Name, and what the person is here: post and region, or an office."""
    offices = {
        _("考核小组组长"): standing.is_leader,
        _("考核值班主任"): bool(standing.duty_months),
        _("客服管理部"): standing.is_department,
        _("总经理"): standing.is_general_manager,
        _("人力资源部"): standing.is_hr,
        _("审计"): standing.is_auditor,
        _("系统管理员"): standing.is_administrator,
    }
    names = (person.position and person.position.display_name, person.region and person.region.name)
    post = " · ".join(name for name in names if name)
    return Me(name=person.name, face=person.name[:1], post=post or " · ".join(k for k, worn in offices.items() if worn))
