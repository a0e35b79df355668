"""Every address asks who is there, unless it is listed here with a reason."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.permissions import IsAuthenticated

OPEN_TO_STRANGERS = {
    "login/": "one has to log in somewhere",
    "logout/": "a session that ended already can be left again",
    "language/": "the log-in page can be read in both languages",
    "healthz": "asked by a load balancer, which has no account; it tells nothing",
    "readyz": "asked by a load balancer, which has no account; it tells ok or not",
    "feed/<str:token>.ics": "calendars have no account; the secret in the address says whose terms they are",
    "api/schema/": "describes the interface and holds nobody's data",
    "api/docs/": "the page of that description",
}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def asks_who_is_there(entry: URLPattern) -> bool:
    api = getattr(entry.callback, "cls", None)
    if api is not None and hasattr(api, "permission_classes"):
        return any(
            isinstance(wanted, type) and issubclass(wanted, IsAuthenticated) for wanted in api.permission_classes
        )
    return bool(getattr(entry.callback, "login_required", True))


ADDRESSES = sorted(patterns(get_resolver()), key=lambda found: found[0])


def test_every_address_that_asks_nobody_is_listed_with_a_reason():
    open_ones = {route for route, entry in ADDRESSES if not asks_who_is_there(entry)}

    assert open_ones == set(OPEN_TO_STRANGERS)


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route, entry in ADDRESSES if asks_who_is_there(entry)])
def test_a_stranger_gets_no_page(route: str, client: Client):
    answer = client.get(f"/{filled(route)}")

    assert answer.status_code in {302, 401, 403}
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith(reverse("account_login"))
    else:
        assert route.startswith("api/")


def filled(route: str) -> str:
    """The route with something plausible for every part that varies."""
    dated = route.replace("(?P<year>[12][0-9]{3})", "2026")
    plain = re.sub(r"\(\?P<\w+>[^)]*\)|<int:\w+>", "1", dated)
    return re.sub(r"<\w+:\w+>", "2026-10", plain).replace("^", "").replace("$", "")
