"""What every page's frame shows: the person's own entries, the phone's tabs, who is signed in, the theme."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = {"light", "dark"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NavEntry:
    """A line of the sidebar or a tab of the phone; ``hot`` marks a count of late things."""

    url: str
    label: str
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
    """The frame of a page; nothing but the theme for a person who is not signed in."""
    theme = request.COOKIES.get("kp_theme", "")
    frame: dict[str, Any] = {"theme": theme if theme in THEMES else "auto", "demo": settings.DEMO}
    if not request.user.is_authenticated:
        return frame
    name = request.user.get_username()
    return frame | {"nav": (), "tabs": (), "me": Me(name=name, face=name[:1])}
