"""Subordinates rate without a name: nothing links a rater to a value, and no difference tells one."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from appraisals.facts import form_facts
from appraisals.models import Form, Item, UpwardScore, UpwardTurn
from appraisals.services.agreement import confirm_targets
from appraisals.services.turns import ask_subordinates
from appraisals.services.upward import submit_upward
from appraisals.states import FormState, Part
from audit.models import Event
from common.errors import RuleError
from people.models import Employee
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(cast) -> list[Employee]:
    """Four agents under the supervisor."""
    more = [world.person(name, superior=cast.supervisor, account=True) for name in ("林浩", "陈思雨")]
    return [cast.agent, cast.second_agent, *more]


@pytest.fixture
def form(cast, team) -> Form:
    """The supervisor's October form, just confirmed by him."""
    made = world.form(cast.supervisor, cast.manager, state=FormState.CONFIRMATION)
    world.library_items(made)
    return confirm_targets(made.pk, by=cast.supervisor)


def levels(form: Form, level: int = 4) -> dict[int, int]:
    return {item.pk: level for item in form.items.filter(part=Part.MANAGEMENT)}


def refusal(form: Form, by: Employee, given: dict[int, int]) -> str:
    with pytest.raises(RuleError) as caught:
        submit_upward(form.pk, levels=given, by=by)
    return caught.value.code


def test_every_direct_subordinate_is_asked_when_the_form_becomes_active(form, team):
    assert set(form.upward_turns.values_list("rater", flat=True)) == {person.pk for person in team}


def test_a_form_of_a_non_managerial_post_asks_nobody(cast):
    made = world.form(cast.agent, cast.supervisor, state=FormState.CONFIRMATION)
    confirm_targets(made.pk, by=cast.agent)

    assert not UpwardTurn.objects.filter(form=made).exists()


def test_a_subordinate_rates_every_item_in_one_act(form, team):
    submit_upward(form.pk, levels=levels(form), by=team[0])

    assert UpwardScore.objects.count() == len(levels(form))
    assert form.upward_turns.get(rater=team[0]).is_done


def test_a_rating_is_never_changed(form, team):
    submit_upward(form.pk, levels=levels(form), by=team[0])

    assert refusal(form, team[0], levels(form, 1)) == "rated_already"
    assert UpwardScore.objects.count() == len(levels(form))


def test_half_a_rating_is_refused(form, team):
    some = dict(list(levels(form).items())[:2])

    assert refusal(form, team[0], some) == "incomplete"
    assert refusal(form, team[0], levels(form, 9)) == "unknown_level"
    assert not UpwardScore.objects.exists()


def test_nobody_else_may_rate(form, cast):
    for somebody in (cast.stranger, cast.manager, cast.supervisor, cast.officer):
        assert refusal(form, somebody, levels(form)) == "not_asked"


def test_ratings_of_other_forms_items_do_not_slip_in(form, team, cast):
    other = world.form(cast.other_supervisor, cast.manager, state=FormState.ACTIVE)
    world.library_items(other)

    submit_upward(form.pk, levels=levels(form) | levels(other), by=team[0])

    assert not UpwardScore.objects.filter(item__form=other).exists()


def test_no_column_and_no_audit_row_links_a_rater_to_a_value(form, team):
    submit_upward(form.pk, levels=levels(form, 2), by=team[0])

    assert {field.name for field in UpwardScore._meta.get_fields()} == {"id", "item", "points"}
    told = list(Event.objects.filter(action="form.rated"))
    assert len(told) == 1
    assert (told[0].before, told[0].after, told[0].actor_number) == (None, None, "-")
    everything = " ".join(f"{event.actor_number} {event.before} {event.after}" for event in Event.objects.all())
    assert team[0].number not in everything


def test_the_order_of_storage_says_nothing_either(form, team):
    """Every act writes all ratings anew: the keys that were there before are gone."""
    submit_upward(form.pk, levels=levels(form, 5), by=team[0])
    before = set(UpwardScore.objects.values_list("pk", flat=True))
    submit_upward(form.pk, levels=levels(form, 1), by=team[1])

    assert not before & set(UpwardScore.objects.values_list("pk", flat=True))
    assert UpwardScore.objects.count() == 2 * len(levels(form))


def test_while_the_form_is_open_no_number_of_raters_shows_a_mean(form, team):
    for person in team:
        submit_upward(form.pk, levels=levels(form, 2), by=person)
        facts = form_facts([form.pk])[form.pk]
        assert {(item.upward_count, item.upward_sum) for item in facts.items} == {(0, Decimal(0))}


def test_after_a_withdrawn_consolidation_nobody_rates_any_more(form, team):
    """Consolidating ends the open turns: else the mean before and after would differ by exactly the late rating."""
    for person in team[:3]:
        submit_upward(form.pk, levels=levels(form), by=person)
    form.upward_turns.filter(is_done=False).delete()
    Form.objects.filter(pk=form.pk).update(state=FormState.READY)

    assert refusal(form, team[3], levels(form)) == "not_asked"


def test_asked_again_nobody_is_asked_twice(form, team):
    submit_upward(form.pk, levels=levels(form), by=team[0])

    with transaction.atomic():
        ask_subordinates(form, date(2026, 11, 3))

    assert form.upward_turns.count() == len(team)
    assert form.upward_turns.filter(is_done=True).count() == 1


def test_whoever_missed_the_sealed_ratings_is_not_asked_again_after_a_re_adjustment(form, team):
    for person in team[:3]:
        submit_upward(form.pk, levels=levels(form), by=person)
    form.upward_turns.filter(is_done=False).delete()  # as consolidation does

    with transaction.atomic():
        ask_subordinates(form, date(2026, 11, 3))

    assert set(form.upward_turns.values_list("rater", flat=True)) == {person.pk for person in team[:3]}
    assert refusal(form, team[3], levels(form)) == "not_asked"


def test_changed_items_drop_the_ratings_given_for_the_old_ones(form, team):
    submit_upward(form.pk, levels=levels(form), by=team[0])
    item = form.items.filter(part=Part.MANAGEMENT)[0]
    item.delete()
    Item.objects.create(form=form, part=Part.MANAGEMENT, name="成本意识", points=item.points)

    with transaction.atomic():
        ask_subordinates(form, date(2026, 11, 3))

    assert not UpwardScore.objects.exists()
    assert not form.upward_turns.filter(is_done=True).exists()
