"""Whoever has still to score a call a second time learns the first scoring from no form either (A2)."""

from datetime import date

import pytest
from django.urls import reverse

from appraisals.models import Item
from appraisals.states import DataSource, FormState
from quality.models import Assessment, Rubric
from quality.selectors.sums import call_sums
from quality.states import AssessmentKind, AssessmentState
from tests import world
from tests.appeals.conftest import as_
from tests.quality.team import make_team

pytestmark = pytest.mark.django_db


def test_a_blind_listener_finds_no_mean_on_the_form_in_print_or_in_the_api():
    team = make_team()
    form = world.ready_form(team.agent, team.superior, state=FormState.ACTIVE)
    Item.objects.filter(form=form, part="kpi", name="接通率").update(data_source=DataSource.MONITORING)
    call = world.call(team.agent, team.member, "40.25", number="L1", called_on=date(2026, 10, 8))
    pages = (
        reverse("appraisals:form", args=[form.pk]),
        reverse("reports:print_form", args=[form.pk]),
        f"/api/v1/forms/{form.pk}/",
    )

    def tells() -> list[bool]:
        return ["40.25" in as_(team.superior).get(page).content.decode() for page in pages]

    assert tells() == [True, True, True]
    second = Assessment.objects.create(
        call=call, kind=AssessmentKind.SECOND, listener=team.superior, rubric=Rubric.objects.get()
    )
    assert tells() == [False, False, False]
    shown = as_(team.superior).get(pages[0]).content.decode()
    assert "交了才看得到平均分" in shown
    assert reverse("quality:assess", args=[call.pk]) in shown
    assert "当月还没有监听" not in shown
    assert "交了才看得到平均分" not in as_(team.agent).get(pages[0]).content.decode()
    assert len(call_sums([team.agent.pk], date(2026, 10, 1), date(2026, 10, 31))) == 1  # what counts is the same

    Assessment.objects.filter(pk=second.pk).update(state=AssessmentState.SUBMITTED, total="41.00")
    assert tells() == [True, True, True]
