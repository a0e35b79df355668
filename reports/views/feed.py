"""The calendar feed: one's own terms for the calendar of a phone or desk, at a secret address."""

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from notices.selectors.outbox import person_of_feed
from people.models import Employee
from people.selectors import standing_of
from reports.selectors.terms import Term, own_terms

SECONDS_KEPT = 600
ENGLISH = "en"


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The terms as all-day events. Every wrong address gets the same answer, whatever is wrong with it."""
    today = timezone.localdate()
    person = person_of_feed(token)
    if person is None or not person.works_on(today):
        return HttpResponseNotFound("Not found", content_type="text/plain")
    language = ENGLISH if request.GET.get("lang") == ENGLISH else settings.LANGUAGE_CODE
    key = f"feed:{person.pk}:{language}:{today:%Y-%m-%d}"
    text = cache.get(key)
    if text is None:
        with override(language):
            text = _written(person, today)
        cache.set(key, text, SECONDS_KEPT)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = f"private, max-age={SECONDS_KEPT}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _written(person: Employee, today: date) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//KPI portal//terms//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("客服绩效期限"))
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    stamp = datetime.combine(today, time(0), UTC)  # the same all day: a calendar that asks again finds no change
    for term in own_terms(person, standing_of(person, today), today):
        calendar.add_component(_event(term, person, stamp))
    written: bytes = calendar.to_ical()
    return written


def _event(term: Term, person: Employee, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{term.name}-{person.pk}@{settings.EMAIL_DOMAIN}")
    event.add("dtstamp", stamp)
    event.add("dtstart", term.day)
    event.add("dtend", term.day + timedelta(days=1))
    event.add("summary", term.title)
    event.add("url", f"{settings.PORTAL_URL}{term.path}")
    event.add("transp", "TRANSPARENT")
    return event
