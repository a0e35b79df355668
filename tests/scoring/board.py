"""What the tests of the scoring pages share."""

from datetime import date

from django.test import Client

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from common.selectors import calendar_between
from people.models import Account, Employee
from policy.schemes import Scheme
from policy.workdays import Calendar

PASSWORD = "correct horse battery"


def signed_in(client: Client, person: Employee) -> Client:
    """The client as that person, who gets an account if there is none."""
    if person.account is None:
        account = Account.objects.create_user(person.number, PASSWORD)
        person.account = account
        person.save(update_fields=["account"])
    client.force_login(person.account)
    return client


def rules_in(cycle: Cycle) -> Scheme:
    """The cycle's rules."""
    return rules_of(Cycle.objects.select_related("scheme").get(pk=cycle.pk).scheme)


def calendar_of(day: date) -> Calendar:
    """The calendar around a day."""
    return calendar_between(day, day)
