"""The pages of targets, team, approvals, library and scheme: who sees what, in how many statements."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisals.models import Form, Item, LibraryItem
from appraisals.states import FormState
from tests import world

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 15
OCTOBER = date(2026, 10, 1)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def enter(client):
    """Sign somebody in."""

    def act(person):
        client.force_login(person.account)
        return client

    return act


@pytest.fixture
def form(cast) -> Form:
    made = world.form(cast.agent, cast.supervisor)
    world.library_items(made)
    return made


def page_of(form: Form) -> str:
    return reverse("appraisals:targets", args=[form.pk])


def posted(form: Form, **changes: str) -> dict[str, str]:
    """What the table's page posts back, with some fields changed."""
    data = {"version": str(form.version), "items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"}
    for place, item in enumerate(form.items.select_related("provider")):
        data |= {
            f"items-{place}-{name}": str(value)
            for name, value in {
                "id": item.pk,
                "part": item.part,
                "name": item.name,
                "standard": item.standard,
                "points": item.points,
                "unit": item.unit,
                "data_source": item.data_source,
                "provider": item.provider or "",
                "method": item.method,
            }.items()
        }
        for piece in filter(None, item.parameters.split(";")):
            word, equals, value = piece.partition("=")
            names = {"目标": "target", "零分": "zero", "满分": "full", "每次": "per"}
            if equals and word in names:
                data[f"items-{place}-{names[word]}"] = value
            else:
                data[f"items-{place}-tiers"] = item.parameters
        data["items-TOTAL_FORMS"] = str(place + 1)
    return data | changes


# --- the table


def test_the_owner_gets_the_table_and_saving_it_unchanged_changes_nothing(cast, form, enter):
    before = list(form.items.values_list("name", "points", "method", "parameters", "provider", "unit"))
    client = enter(cast.supervisor)
    assert "data-targets" in client.get(page_of(form)).content.decode()

    answer = client.post(reverse("appraisals:save_targets", args=[form.pk]), posted(form))

    assert answer.status_code == 302
    assert list(form.items.values_list("name", "points", "method", "parameters", "provider", "unit")) == before


def test_submitting_from_the_table_goes_on_to_the_next_person(cast, form, enter):
    other = world.form(cast.second_agent, cast.supervisor)

    answer = enter(cast.supervisor).post(
        reverse("appraisals:save_targets", args=[form.pk]), posted(form) | {"act": "submit"}
    )

    assert answer.url == page_of(other)
    assert Form.objects.get(pk=form.pk).state == FormState.APPROVAL


def test_what_is_short_is_saved_but_not_submitted(cast, form, enter):
    answer = enter(cast.supervisor).post(
        reverse("appraisals:save_targets", args=[form.pk]), posted(form, act="submit", **{"items-0-points": "1"})
    )

    assert answer.status_code == 422
    assert "还差" in answer.content.decode()
    kept = Form.objects.get(pk=form.pk)
    assert (kept.state, kept.items.filter(points=1).exists()) == (FormState.TARGETS, True)


def test_an_unknown_provider_is_named_on_its_row(cast, form, enter):
    kpi = [item.part for item in form.items.all()].index("kpi")

    answer = enter(cast.supervisor).post(
        reverse("appraisals:save_targets", args=[form.pk]), posted(form, **{f"items-{kpi}-provider": "谁 X99"})
    )

    assert answer.status_code == 422
    assert "没有这个工号" in answer.content.decode()


def test_items_are_picked_from_the_library(cast, form, enter):
    row = LibraryItem.objects.get(position=form.position, code="CSAT")
    form.items.filter(name=row.name).delete()

    enter(cast.supervisor).post(reverse("appraisals:save_targets", args=[form.pk]), posted(form) | {"add": str(row.pk)})

    assert form.items.get(name=row.name).provider == cast.supervisor


def test_a_state_or_owner_posted_with_the_table_is_ignored(cast, form, enter):
    data = posted(form) | {"state": "filed", "owner": str(cast.agent.pk), "form-state": "filed"}

    enter(cast.supervisor).post(reverse("appraisals:save_targets", args=[form.pk]), data)

    kept = Form.objects.get(pk=form.pk)
    assert (kept.state, kept.owner) == (FormState.TARGETS, cast.supervisor)


@pytest.mark.parametrize("who", ["agent", "second_agent", "other_supervisor", "stranger", "hr"])
def test_unfinished_targets_are_nobody_elses_page(cast, form, enter, who):
    client = enter(getattr(cast, who))

    assert client.get(page_of(form)).status_code == 404
    assert client.post(reverse("appraisals:save_targets", args=[form.pk]), posted(form)).status_code == 404


@pytest.mark.parametrize("who", ["manager", "leader", "officer"])
def test_those_who_see_every_form_read_it_and_can_not_write(cast, form, enter, who):
    client = enter(getattr(cast, who))

    assert "data-targets" not in client.get(page_of(form)).content.decode()
    client.post(reverse("appraisals:save_targets", args=[form.pk]), posted(form, **{"items-0-name": "改了"}))
    assert not Item.objects.filter(name="改了").exists()


# --- agreeing on the page


def test_the_appraisee_reads_asks_and_confirms(cast, form, enter):
    Form.objects.filter(pk=form.pk).update(state=FormState.CONFIRMATION)
    client = enter(cast.agent)
    assert "确认目标" in client.get(page_of(form)).content.decode()

    client.post(reverse("appraisals:remark", args=[form.pk]), {"text": "怎么取数？"})
    client.post(reverse("appraisals:move_targets", args=[form.pk, "confirm_targets"]))

    assert Form.objects.get(pk=form.pk).state == FormState.ACTIVE
    assert "怎么取数？" in client.get(page_of(form)).content.decode()


def test_script_in_a_question_is_only_text(cast, form, enter):
    Form.objects.filter(pk=form.pk).update(state=FormState.CONFIRMATION)
    client = enter(cast.agent)

    client.post(reverse("appraisals:remark", args=[form.pk]), {"text": "<script>alert(1)</script>"})

    assert "<script>alert(1)" not in client.get(page_of(form)).content.decode()


def test_an_unknown_step_is_no_page(cast, form, enter):
    assert enter(cast.supervisor).post(reverse("appraisals:move_targets", args=[form.pk, "file"])).status_code == 404


def test_the_department_approves_a_batch_and_only_the_department(cast, form, enter):
    Form.objects.filter(pk=form.pk).update(state=FormState.APPROVAL)
    decide = reverse("appraisals:decide")

    assert enter(cast.leader).post(decide, {"form": form.pk, "act": "approve"}).status_code == 403
    assert enter(cast.supervisor).get(reverse("appraisals:approvals")).status_code == 403
    assert Form.objects.get(pk=form.pk).state == FormState.APPROVAL

    enter(cast.manager).post(decide, {"form": form.pk, "act": "approve"})
    assert Form.objects.get(pk=form.pk).state == FormState.CONFIRMATION


def test_a_batch_reaches_only_ones_own_team(cast, form, enter):
    foreign = world.form(cast.stranger, cast.other_supervisor)
    world.library_items(foreign)

    enter(cast.supervisor).post(
        reverse("appraisals:team_act", args=["2026-10"]), {"form": [foreign.pk], "act": "submit"}
    )

    assert Form.objects.get(pk=foreign.pk).state == FormState.TARGETS


def test_opening_from_the_page_tells_what_happened(cast, enter):
    answer = enter(cast.supervisor).post(
        reverse("appraisals:open_cycle"), {"kind": "month", "month": "2026-11", "numbers": "", "draft": "library"}
    )

    assert "2026年11月 给 2 人开了考核表" in answer.content.decode()
    refused = enter(cast.agent).post(
        reverse("appraisals:open_cycle"), {"kind": "month", "month": "2026-11", "numbers": "", "draft": "library"}
    )
    assert refused.status_code == 422


# --- statements


def statements(client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def crowd(cast, size: int, state: str) -> None:
    """Agents with a form of last month and one of this, each with all its items."""
    for number in range(size):
        agent = world.person(f"客服{number:03}", superior=cast.supervisor)
        for month, where in ((OCTOBER, FormState.FILED), (NOVEMBER, state)):
            world.library_items(world.form(agent, cast.supervisor, month=month, state=where), provider=cast.officer)


@pytest.mark.parametrize(
    ("who", "url", "state"),
    [
        pytest.param("supervisor", "/team/2026-11/", FormState.ACTIVE, id="team"),
        pytest.param("supervisor", "/team/2026-11/", FormState.TARGETS, id="team in target setting"),
        pytest.param("supervisor", "/team/2026-11/so-far/", FormState.ACTIVE, id="coefficients so far"),
        pytest.param("manager", "/approvals/?cycle=2026-11", FormState.APPROVAL, id="approvals"),
        pytest.param("leader", "/cycles/", FormState.TARGETS, id="cycles"),
    ],
)
def test_a_list_costs_the_same_for_few_and_many(cast, enter, who, url, state):
    client = enter(getattr(cast, who))
    crowd(cast, 2, state)
    few = statements(client, url)
    crowd(cast, 30, state)

    assert statements(client, url) == few
    assert few <= MOST_STATEMENTS


@pytest.mark.parametrize(
    ("who", "state"),
    [
        pytest.param("supervisor", FormState.TARGETS, id="the table"),
        pytest.param("agent", FormState.CONFIRMATION, id="reading"),
        pytest.param("manager", FormState.APPROVAL, id="approving"),
    ],
)
def test_the_targets_page_costs_the_same_for_few_and_many_items(cast, form, enter, who, state):
    world.library_items(world.form(cast.agent, cast.supervisor, month=date(2026, 9, 1), state=FormState.FILED))
    Form.objects.filter(pk=form.pk).update(state=state)
    all_items = list(form.items.all())
    Item.objects.filter(pk__in=[item.pk for item in all_items[3:]]).delete()
    client = enter(getattr(cast, who))
    few = statements(client, page_of(form))
    Item.objects.bulk_create(all_items[3:])

    assert statements(client, page_of(form)) == few
    assert few <= MOST_STATEMENTS


# --- library and scheme


def test_everybody_reads_library_and_scheme(cast, enter):
    client = enter(cast.agent)

    assert "默认值，待确认" in client.get(reverse("appraisals:library") + "?post=KFZY").content.decode()
    words = client.get(reverse("appraisals:scheme")).content.decode()
    for expected in ("姜丽华", "连续2次低于50%", "占5%，奖金系数1.5", "次月第3个工作日", "P4.4"):
        assert expected in words


def test_only_those_who_keep_the_library_change_it(cast, enter):
    item = LibraryItem.objects.get(position__code="KFZY", code="CSAT")
    act = reverse("appraisals:library_act", args=["KFZY", item.pk])

    assert enter(cast.supervisor).post(act, {"act": "off"}).status_code == 403
    assert enter(cast.hr).post(act, {"act": "off"}).status_code == 302
    assert not LibraryItem.objects.get(pk=item.pk).is_active


def test_a_changed_default_is_the_companys_own(cast, enter):
    item = LibraryItem.objects.get(position__code="KFZY", code="CSAT")
    sheet = {"part": "kpi", "name": item.name, "points": "14", "method": "linear", "zero": "70", "full": "95"}
    save = reverse("appraisals:save_library_item", args=["KFZY", item.pk])

    assert enter(cast.leader).post(save, sheet | {"full": "70"}).status_code == 422
    assert enter(cast.leader).post(save, sheet).status_code == 302

    item.refresh_from_db()
    assert (item.points, item.parameters, item.source) == (Decimal(14), "零分=70;满分=95", "own")


def test_defaults_of_a_post_are_confirmed_at_once(cast, enter):
    enter(cast.manager).post(reverse("appraisals:confirm_library", args=["KFZY"]))

    assert set(LibraryItem.objects.filter(position__code="KFZY").values_list("source", flat=True)) == {"own"}
