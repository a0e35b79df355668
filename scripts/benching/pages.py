"""How many statements a page sends: the form, the team list, the duty board."""

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from appraisals.models import Cycle
from people.models import DutyTurn, Employee, GroupMember
from scripts.benching.people import LONG_AGO

CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


def statements(cycle: Cycle) -> dict[str, int]:
    """Page → statements of its second visit, by whoever has the most rows on it."""
    chief = Employee.objects.get(number="B00000")
    GroupMember.objects.create(employee=chief, duty="member", starts_on=LONG_AGO)
    DutyTurn.objects.create(month=cycle.duty_month, officer=chief)
    chief.account = get_user_model().objects.create_user(chief.number)
    chief.save(update_fields=["account"])
    form = cycle.forms.filter(owner=chief).order_by("pk").first()
    if form is None:
        raise SystemExit("The chief owns no form.")
    addresses = {
        "form": reverse("appraisals:form", args=[form.pk]),
        "team list": reverse("appraisals:team_month", args=[cycle.key]),
        "duty board": reverse("scoring:duty_month", args=[cycle.key]),
    }
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    kept = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": plain}
    with override_settings(STORAGES=kept, ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(chief.account)
        return {page: _count(client, address) for page, address in addresses.items()}


def _count(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}.")
    return sum(not query["sql"].startswith(CONTROL) for query in captured.captured_queries)
