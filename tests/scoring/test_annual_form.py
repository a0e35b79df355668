"""A year's own form from its opening to the annual coefficient that counts it (P7.2, blend)."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from appraisals.models import Cycle, Form, Scheme
from appraisals.services.cycles import open_cycle
from appraisals.states import CycleKind
from people.facts import SYSTEM
from people.models import Account
from scoring.models import AnnualResult, PayDifference, Proposal, Result
from scoring.services.consolidation import consolidate_forms
from scoring.services.publication import publish_results
from scoring.services.years import close_year
from tests import world

pytestmark = pytest.mark.django_db


def test_a_years_form_is_opened_scored_published_and_counts_in_the_blend(month):
    scheme = Scheme.objects.latest("effective_on")
    scheme.parameters = {**scheme.parameters, "annual_mode": "blend", "annual_form_share": 40, "min_months": 1}
    scheme.save(update_fields=["parameters"])
    opened = open_cycle(CycleKind.YEAR, date(2026, 1, 1), employee_ids=[month.agent.pk], by=SYSTEM)
    year = Cycle.objects.get(kind=CycleKind.YEAR)
    assert (year.key, year.starts_on, year.ends_on) == ("2026", date(2026, 1, 1), date(2026, 12, 31))
    assert opened is not None
    made = Form.objects.get(cycle=year, employee=month.agent)
    month.form.items.update(form=made)  # agreed and filled as October's is
    made.state = "ready"
    made.save()
    for number, kind in (("BL-1", date(2026, 3, 2)), ("BL-2", date(2026, 3, 9)), ("BL-3", date(2026, 7, 1))):
        world.involvement(month.agent, month.leader, month.supervisor, number=number, day=kind, points="1")

    consolidate_forms(year.pk, form_ids=[made.pk], by=SYSTEM)
    publish_results(year.pk, form_ids=[made.pk], by=SYSTEM)

    result = Result.objects.get(form=made)
    assert (result.coefficient, result.deduction) == (Decimal("77.00"), Decimal("3.00"))
    assert result.performance_pay == 0
    assert (Proposal.objects.count(), PayDifference.objects.count()) == (0, 0)
    close(month)
    row = AnnualResult.objects.get(employee=month.agent)
    assert row.coefficient == Decimal("83.00")  # 87 × 60 % + 77 × 40 %
    for somebody in (month.agent, month.leader):
        somebody.account = Account.objects.create(username=somebody.number)
        somebody.save(update_fields=["account"])
        client = Client()
        client.force_login(somebody.account)
        for path in (f"/results/{made.pk}/", f"/forms/{made.pk}/", "/results/", "/cycles/"):
            assert client.get(path).status_code == 200, path


def close(month) -> None:
    """September published, 90 less the three points that had waited for a month, then the year closed."""
    before = world.ready_form(month.agent, month.supervisor, month=date(2026, 9, 1), share="0.9")
    consolidate_forms(before.cycle.pk, form_ids=[before.pk], by=SYSTEM)
    publish_results(before.cycle.pk, form_ids=[before.pk], by=SYSTEM)
    close_year(2026, completion=Decimal(100), by=SYSTEM)
