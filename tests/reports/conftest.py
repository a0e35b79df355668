"""October of one team with a result, and who may read it."""

from dataclasses import dataclass

import pytest

from people.facts import SYSTEM
from people.models import Account, Employee
from people.states import Role
from scoring.services.consolidation import consolidate_forms
from scoring.services.publication import publish_results
from tests import world
from tests.scoring.conftest import Month, make_month


@dataclass(frozen=True)
class Readers:
    """People beside those of the month."""

    auditor: Employee
    administrator: Employee
    stranger: Employee


@pytest.fixture
def month(db) -> Month:
    """The month, its forms READY; everybody can sign in."""
    made = make_month()
    for somebody in Employee.objects.filter(account=None):
        somebody.account = Account.objects.create(username=somebody.number)
        somebody.save(update_fields=["account"])
    for form in (made.form, made.second_form, made.own_form):
        form.employee.refresh_from_db()
    for name in ("manager", "leader", "officer", "hr", "supervisor", "agent", "second_agent"):
        getattr(made, name).refresh_from_db()
    return made


@pytest.fixture
def readers(db) -> Readers:
    return Readers(
        auditor=world.with_role(world.person("孙悦", None, account=True), Role.AUDITOR),
        administrator=world.with_role(world.person("秦朗", None, account=True), Role.ADMINISTRATOR),
        stranger=world.person("吴海燕", account=True),
    )


def consolidate(month: Month, *forms) -> None:
    """Consolidate the forms, all three unless told."""
    ids = [form.pk for form in forms or (month.form, month.second_form, month.own_form)]
    consolidate_forms(month.cycle.pk, form_ids=ids, by=SYSTEM)


def publish(month: Month, *forms) -> None:
    """Consolidate and publish."""
    consolidate(month, *forms)
    ids = [form.pk for form in forms or (month.form, month.second_form, month.own_form)]
    publish_results(month.cycle.pk, form_ids=ids, by=SYSTEM)
    for form in (month.form, month.second_form, month.own_form):
        form.refresh_from_db()
