"""How many statements a page sends, and how long it takes: forms, lists, boards, ledgers."""

import time
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from appraisals.models import Cycle
from people.models import DutyTurn, Employee, GroupMember
from quality.models import Assessment
from scripts.benching.people import LONG_AGO
from scripts.benching.records import LEDGER_MONTH

CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


def visited(cycle: Cycle) -> dict[str, dict[str, int]]:
    """Page → statements and milliseconds of its second visit, by whoever has the most rows on it."""
    chief = Employee.objects.get(number="B00000")
    GroupMember.objects.create(employee=chief, duty="member", starts_on=LONG_AGO)
    DutyTurn.objects.create(month=cycle.duty_month, officer=chief)
    chief.account = get_user_model().objects.create_user(chief.number)
    chief.save(update_fields=["account"])
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    kept = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": plain}
    with override_settings(STORAGES=kept, ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(chief.account)
        return {page: _visit(client, address) for page, address in _addresses(cycle, chief).items()}


def _addresses(cycle: Cycle, chief: Employee) -> dict[str, str]:
    form = cycle.forms.filter(owner=chief).order_by("pk").first()
    if form is None:
        raise SystemExit("The chief owns no form.")
    month = f"{LEDGER_MONTH:%Y-%m}"
    span = {"from": month, "to": month}
    listener = Assessment.objects.filter(kind="first").earliest("pk").listener_id
    return {
        "form": reverse("appraisals:form", args=[form.pk]),
        "team list": reverse("appraisals:team_month", args=[cycle.key]),
        "duty board": reverse("scoring:duty_month", args=[cycle.key]),
        "incidents": reverse("incidents:incidents"),
        "bonuses": reverse("incidents:bonuses"),
        "calls": f"{reverse('quality:calls')}?{urlencode({'month': month})}",
        "calls to score": reverse("quality:to_score"),
        "sampling plan": f"{reverse('quality:plan')}?{urlencode({'month': month})}",
        "drift": f"{reverse('quality:drift')}?{urlencode(span)}",
        "drift pairs": f"{reverse('quality:drift')}?{urlencode({**span, 'listener': listener})}",
    }


def _visit(client: Client, address: str) -> dict[str, int]:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        start = time.perf_counter()
        answer = client.get(address)
        took = time.perf_counter() - start
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}.")
    sent = sum(not query["sql"].startswith(CONTROL) for query in captured.captured_queries)
    return {"statements": sent, "ms": round(took * 1000)}
