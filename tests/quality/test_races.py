"""Two at once on the same call, on PostgreSQL where locks are real: one wins, the other is told, nothing is doubled."""

from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from incidents.models import Incident
from people.states import Role
from quality.models import Assessment, AssessmentScore, Call, Dispute, Rubric
from quality.selectors.rubrics import rubric_on
from quality.services.assessing import open_assessment, save_level, save_sheet, submit_assessment
from quality.services.disputes import raise_dispute, rule_dispute
from quality.services.filling import Entries, Fatal, Level
from quality.services.rubrics import draft_rubric, publish_rubric
from tests import world
from tests.quality import team as make
from tests.scoring.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 10
NOTHING, FULL = Decimal(0), Decimal(5)


@pytest.fixture
def team(transactional_db) -> make.Team:
    return make.make_team()


def test_two_listeners_open_at_once_and_one_has_the_call(team):
    for number in range(ROUNDS):
        call = make.make_call(team.agent, f"LY-{number}")

        outcomes = at_once(
            partial(open_assessment, call.pk, by=team.superior), partial(open_assessment, call.pk, by=team.member)
        )

        assert sorted(outcomes) == ["done", "taken"]
        assert Assessment.objects.filter(call=call).count() == 1


def test_a_call_opened_while_a_version_is_published_goes_by_the_version_then_in_force(team):
    keeper = world.with_role(world.person("赵琳", None), Role.HR)
    for number in range(ROUNDS):
        day = timezone.localdate()
        Rubric.objects.exclude(version="1.0").delete()
        call = make.make_call(team.agent, f"LY-{number}", called_on=day)
        draft = draft_rubric(by=keeper)

        opened, published = at_once(
            partial(open_assessment, call.pk, by=team.superior),
            partial(publish_rubric, draft.pk, starts_on=day, by=keeper),
        )

        made = Assessment.objects.get(call=call)
        assert (opened, published) in {("done", "done"), ("done", "already_scored")}
        assert made.rubric == rubric_on(day), published
        made.delete()


def test_two_tabs_save_at_once_and_one_is_told(team):
    for number in range(ROUNDS):
        draft = open_assessment(make.make_call(team.agent, f"LY-{number}").pk, by=team.superior)
        item = make.item("聆听能力")
        save = partial(save_level, draft.pk, item.pk, version=draft.version, by=team.superior)

        outcomes = at_once(partial(save, points=FULL), partial(save, points=NOTHING))

        assert sorted(outcomes) == ["changed_meanwhile", "done"]
        assert AssessmentScore.objects.filter(assessment=draft).count() == 1


def test_submitted_twice_at_once_files_one_incident(team):
    fault = make.rubric().fatal_faults.get(code="F4")
    for number in range(ROUNDS):
        call = make.make_call(team.agent, f"LY-{number}")
        draft = make.scored(call, team.superior, submit=False)
        save_sheet(draft.pk, entries=Entries(fatal=Fatal(fault_id=fault.pk, note="念出地址")), by=team.superior)

        outcomes = at_once(*[partial(submit_assessment, draft.pk, by=team.superior)] * 3)

        assert sorted(outcomes) == ["done", "not_allowed", "not_allowed"]
        assert Incident.objects.filter(origin=call.number).count() == 1


def test_a_level_saved_while_it_is_submitted_is_in_or_refused(team):
    item = make.item("聆听能力")
    for number in range(ROUNDS):
        call = make.make_call(team.agent, f"LY-{number}")
        draft = make.scored(call, team.superior, submit=False)

        submitted, saved = at_once(
            partial(submit_assessment, draft.pk, by=team.superior),
            partial(save_level, draft.pk, item.pk, points=NOTHING, by=team.superior),
        )

        call.refresh_from_db()
        assert submitted == "done"
        given = AssessmentScore.objects.get(assessment=draft, item=item).points
        assert (saved, given, call.total) in {("done", NOTHING, Decimal(95)), ("not_allowed", FULL, Decimal(100))}


def test_two_judges_rule_at_once_and_one_ruling_stands(team):
    item = make.item("聆听能力")
    for number in range(ROUNDS):
        call = make.make_call(team.agent, f"LY-{number}")
        done = make.scored(call, team.superior, 聆听能力=Level(points=NOTHING))
        dispute = raise_dispute(done.pk, item.pk, reason="x", by=team.agent)

        outcomes = at_once(
            partial(rule_dispute, dispute.pk, upheld=True, points=FULL, ruling="x", by=team.member),
            partial(rule_dispute, dispute.pk, upheld=False, ruling="y", by=team.manager),
        )

        assert sorted(outcomes) == ["done", "not_allowed"]
        dispute, call = Dispute.objects.get(pk=dispute.pk), Call.objects.get(pk=call.pk)
        assert call.total == (100 if dispute.state == "upheld" else 95)
