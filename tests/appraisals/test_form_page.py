"""The form's page: who sees what when, saved as typed, nobody else's form, few statements whatever its length."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from appraisals.models import Evidence, Figure, Form, Item, Score, UpwardScore, UpwardTurn
from appraisals.services.upward import submit_upward
from appraisals.states import FormState, Part, ScoreKind
from people.models import Employee
from tests import world
from tests.counting import statements

pytestmark = pytest.mark.django_db
HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}
NOON = datetime(2026, 11, 3, 4, tzinfo=UTC)


@pytest.fixture
def form(cast) -> Form:
    """The agent's October form, targets confirmed."""
    made = world.form(cast.agent, cast.supervisor, state=FormState.ACTIVE)
    world.library_items(made)
    return made


@pytest.fixture
def managers_form(cast) -> Form:
    """The supervisor's October form in review, rated by three."""
    made = world.form(cast.supervisor, cast.manager, state=FormState.REVIEW)
    world.library_items(made, provider=cast.officer)
    for name in ("林浩", "陈思雨", "马晓东"):
        rater = world.person(name, superior=cast.supervisor)
        UpwardTurn.objects.create(form=made, rater=rater)
        submit_upward(made.pk, levels={item.pk: 2 for item in made.items.filter(part=Part.MANAGEMENT)}, by=rater)
    return made


def as_(person: Employee) -> Client:
    client = Client()
    assert person.account is not None
    client.force_login(person.account)
    return client


def url(form: Form, name: str = "form", *more: object) -> str:
    return reverse(f"appraisals:{name}", args=[form.pk, *more])


def put(form: Form, state: str) -> Form:
    Form.objects.filter(pk=form.pk).update(state=state)
    form.refresh_from_db()
    return form


def score(item: Item, kind: str, by: Employee, points: str = "1.23", fact: str = "") -> Score:
    return Score.objects.create(item=item, kind=kind, rater=by, points=Decimal(points), fact=fact, updated_at=NOON)


def one(form: Form, part: str = Part.GOAL) -> Item:
    return form.items.filter(part=part).order_by("order", "pk")[0]


def test_a_self_draft_shines_through_no_total_of_the_owners_page(managers_form, cast):
    """A form returned to self-scoring still has the superior's score: the shares must not give the draft away."""
    item = one(managers_form, Part.MANAGEMENT)
    score(item, ScoreKind.SUPERIOR, cast.manager)
    put(managers_form, FormState.ACTIVE)

    def page() -> str:
        return re.sub(r"csrf\S+ value=\S+|[\w-]{64}", "", as_(cast.manager).get(url(managers_form)).content.decode())

    before = page()
    score(item, ScoreKind.SELF, cast.supervisor, "0.37")

    assert page() == before


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("applicable", {"off": "1", "reason-{pk}": "长" * 201}),
        ("save_score", {"points-{pk}": "1e9999999"}),
        ("save_score", {"points-{pk}": "1", "version-{pk}": "9" * 5000}),
        ("remark", {"text": "长" * 1001}),
    ],
)
def test_what_no_column_can_hold_is_refused_in_words(managers_form, cast, name, typed):
    item = one(managers_form)
    words = {key.format(pk=item.pk): value for key, value in typed.items()}
    place = () if name == "remark" else (item.pk,)

    answer = as_(cast.manager).post(url(managers_form, name, *place), words, **HTMX)

    assert answer.status_code in {409, 422}


# --- who may open it ------------------------------------------------------------------------------


def test_the_people_of_a_form_open_it(form, cast):
    for person in (cast.agent, cast.supervisor, cast.manager, cast.officer, cast.leader):
        assert as_(person).get(url(form)).status_code == 200


def test_somebody_elses_form_is_not_there(form, cast):
    item = one(form).pk
    for person in (cast.stranger, cast.second_agent, cast.other_supervisor, cast.hr):
        client = as_(person)
        assert client.get(url(form)).status_code == 404
        assert client.post(url(form, "save_score", item), {f"points-{item}": "1"}).status_code == 404
        assert client.post(url(form, "save_scores"), {f"version-{item}": "0"}).status_code == 404
        assert client.post(url(form, "applicable", item), {"off": "1", f"reason-{item}": "x"}).status_code == 404
        assert client.post(url(form, "move_form", "submit_self")).status_code == 404


def test_while_targets_are_being_agreed_their_page_opens(form, cast):
    put(form, FormState.CONFIRMATION)

    assert as_(cast.agent).get(url(form))["Location"] == url(form, "targets")


def test_nothing_is_written_by_reading(form, cast):
    for name in ("save_scores", "move_form"):
        more = ("submit_self",) if name == "move_form" else ()
        assert as_(cast.agent).get(url(form, name, *more)).status_code == 405


# --- what is seen ----------------------------------------------------------------------------------


def test_self_scores_are_the_appraisees_alone_until_they_are_submitted(form, cast):
    score(one(form), ScoreKind.SELF, cast.agent, "3.21", "只有我知道")

    assert "只有我知道" in as_(cast.agent).get(url(form)).content.decode()
    seen = as_(cast.supervisor).get(url(form)).content.decode()
    assert "只有我知道" not in seen
    assert "3.21" not in seen
    put(form, FormState.REVIEW)
    assert "只有我知道" in as_(cast.supervisor).get(url(form)).content.decode()


@pytest.mark.parametrize("state", [FormState.ACTIVE, FormState.REVIEW, FormState.READY, FormState.CONSOLIDATED])
def test_review_scores_are_hidden_from_the_appraisee_until_published(form, cast, state):
    score(one(form), ScoreKind.REVIEW, cast.supervisor, "4.44", "主管的话")
    put(form, state)

    seen = as_(cast.agent).get(url(form)).content.decode()
    assert "4.44" not in seen
    assert "主管的话" not in seen
    put(form, FormState.PUBLISHED)
    assert "主管的话" in as_(cast.agent).get(url(form)).content.decode()


def test_the_subordinates_mean_is_nowhere_while_the_form_is_open(managers_form, cast):
    for item in managers_form.items.filter(part=Part.MANAGEMENT):
        score(item, ScoreKind.SUPERIOR, cast.manager, "1.00")

    seen = as_(cast.manager).get(url(managers_form)).content.decode()
    assert "下级平均" not in seen
    assert "下级 3 人中 3 人已评" in seen
    put(managers_form, FormState.CONSOLIDATED)
    assert "下级平均" in as_(cast.manager).get(url(managers_form)).content.decode()


def test_consolidated_but_unpublished_shows_the_appraisee_no_mean_either(managers_form, cast):
    for item in managers_form.items.filter(part=Part.MANAGEMENT):
        score(item, ScoreKind.SELF, cast.supervisor, "1.00")
        score(item, ScoreKind.SUPERIOR, cast.manager, "0.77")
    put(managers_form, FormState.CONSOLIDATED)

    response = as_(cast.supervisor).get(url(managers_form))
    part = next(part for part in response.context["sheet"].parts if part.code == Part.MANAGEMENT)
    assert {row.score for row in part.rows} == {Decimal("1.00")}
    assert all(row.upward is None for row in part.rows)
    assert "0.77" not in response.content.decode()


def test_a_missing_figure_names_who_owes_it(form, cast):
    assert f"等{cast.supervisor.name}报数" in as_(cast.manager).get(url(form)).content.decode()


def test_a_figure_stands_with_its_provider_and_its_sum(form, cast):
    item = form.items.get(name="客户满意率")
    Figure.objects.create(
        item=item, value=Decimal("94.1"), collected_on=date(2026, 11, 2), provider=cast.supervisor, entered_at=NOON
    )

    seen = as_(cast.manager).get(url(form)).content.decode()
    assert "94.10%" in seen
    assert "15 × (94.1 − 80) ÷ 15" in seen
    assert "11-03 12:00" in seen


def test_incidents_still_being_checked_stand_there_without_counting(form, cast):
    world.involvement(cast.agent, cast.leader, cast.supervisor, text="已核实的缺岗")
    world.involvement(cast.agent, cast.leader, number="BL-2", text="还在查的晚交")
    world.bonus(cast.agent, cast.officer)

    response = as_(cast.manager).get(url(form))
    seen = response.content.decode()
    assert "已核实的缺岗" in seen
    assert "还在查的晚交" in seen
    assert f"等{cast.supervisor.name}" in seen
    assert (response.context["sheet"].total.minus, response.context["sheet"].total.plus) == (2, 0)


# --- what is written -------------------------------------------------------------------------------


def test_one_score_is_saved_as_it_is_typed_and_the_sums_come_back(form, cast):
    item = one(form)

    answer = as_(cast.agent).post(url(form, "save_score", item.pk), {f"points-{item.pk}": "4.5"}, **HTMX)

    assert answer.status_code == 200
    assert Score.objects.get(item=item).points == Decimal("4.50")
    seen = answer.content.decode()
    assert f'id="sc-{item.pk}" hx-swap-oob="true"' in seen
    assert f'name="version-{item.pk}" value="1"' in seen
    assert 'id="bar-sum" hx-swap-oob="true"' in seen
    assert 'id="rail-gaps" hx-swap-oob="true"' in seen


def test_a_level_wins_over_points_left_in_the_page(form, cast):
    item = one(form, Part.BEHAVIOUR)
    data = {f"level-{item.pk}": "4", f"points-{item.pk}": "1.11", f"fact-{item.pk}": "", f"version-{item.pk}": "0"}

    as_(cast.agent).post(url(form, "save_score", item.pk), data, **HTMX)

    assert Score.objects.get(item=item).level == 4


@pytest.mark.parametrize("typed", ["x", "9e999", "6", "-1", "NaN"])
def test_what_is_no_score_is_refused_in_words(form, cast, typed):
    item = one(form)

    answer = as_(cast.agent).post(url(form, "save_score", item.pk), {f"points-{item.pk}": typed}, **HTMX)

    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/plain")
    assert not Score.objects.exists()


def test_a_stale_page_gets_both_values(form, cast):
    item = one(form)
    score(item, ScoreKind.SELF, cast.agent, "2.00")
    data = {f"points-{item.pk}": "3", f"version-{item.pk}": "0"}

    answer = as_(cast.agent).post(url(form, "save_score", item.pk), data, **HTMX)

    assert answer.status_code == 409
    assert "2.00" in answer.content.decode()
    assert Score.objects.get().points == 2


def test_a_page_without_scripts_saves_all_its_lines_at_once(form, cast):
    first, second = form.items.filter(part=Part.GOAL)
    data = {f"points-{item.pk}": "4" for item in (first, second)}
    data |= {f"version-{item.pk}": "0" for item in form.items.exclude(part=Part.KPI)}

    assert as_(cast.agent).post(url(form, "save_scores"), data)["Location"] == url(form)
    assert Score.objects.count() == 2


def test_only_named_fields_of_the_forms_own_items_are_taken(form, managers_form, cast):
    """Nothing typed reaches another form, another kind of score, or a column of the item."""
    mine, foreign = one(form), one(managers_form)
    extra = {"kind": "review", "rater": cast.supervisor.pk, "state": "ready", f"weight-{mine.pk}": "50"}

    wrong = as_(cast.agent).post(url(form, "save_score", foreign.pk), {f"points-{foreign.pk}": "1", **extra}, **HTMX)
    assert wrong.status_code == 404
    as_(cast.agent).post(url(form, "save_score", mine.pk), {f"points-{mine.pk}": "1", **extra}, **HTMX)

    only = Score.objects.get()
    assert (only.item, only.kind, only.rater) == (mine, ScoreKind.SELF, cast.agent)
    form.refresh_from_db()
    assert form.state == FormState.ACTIVE


def test_readers_write_nothing(form, cast):
    put(form, FormState.REVIEW)
    item = one(form)
    for person in (cast.manager, cast.officer, cast.leader, cast.agent):
        answer = as_(person).post(url(form, "save_score", item.pk), {f"points-{item.pk}": "1"}, **HTMX)
        assert answer.status_code == 422
    assert not Score.objects.exists()


def test_exact_points_are_given_and_taken_back(form, cast):
    item, client = one(form, Part.BEHAVIOUR), as_(cast.agent)

    client.post(url(form, "exact", item.pk), {f"exact-{item.pk}": "3.33", f"level-{item.pk}": "5"})
    assert Score.objects.get().points == Decimal("3.33")
    client.post(url(form, "exact", item.pk), {f"exact-{item.pk}": ""})
    assert not Score.objects.exists()


def test_the_owner_marks_a_line_not_applicable_from_the_page(form, cast):
    put(form, FormState.REVIEW)
    item, client = one(form), as_(cast.supervisor)

    client.post(url(form, "applicable", item.pk), {"off": "1", f"reason-{item.pk}": "项目顺延"})
    assert Item.objects.get(pk=item.pk).not_applicable_reason == "项目顺延"
    client.post(url(form, "applicable", item.pk))
    assert not Item.objects.get(pk=item.pk).is_not_applicable


def test_handing_on_names_what_is_missing_then_moves(form, cast):
    client = as_(cast.agent)
    client.post(url(form, "move_form", "submit_self"))
    form.refresh_from_db()
    assert form.state == FormState.ACTIVE

    for item in form.items.exclude(part=Part.KPI):
        score(item, ScoreKind.SELF, cast.agent, "1.00")
    client.post(url(form, "move_form", "submit_self"), {"version": form.version})
    form.refresh_from_db()
    assert form.state == FormState.REVIEW


def test_moves_of_other_rooms_are_not_made_here(form, cast):
    for name in ("consolidate", "publish", "sign", "confirm_targets", "nothing"):
        assert as_(cast.supervisor).post(url(form, "move_form", name)).status_code == 404


# --- how much it asks of the database ------------------------------------------------------------------


def grow(form: Form, cast) -> None:
    """Four times as much on the form."""
    for n in range(30):
        part = (Part.KPI, Part.GOAL, Part.BEHAVIOUR, Part.MANAGEMENT)[n % 4]
        item = Item.objects.create(
            form=form, part=part, order=50 + n, name=f"加的 {n}", points=Decimal(1), provider=cast.officer
        )
        if part == Part.KPI:
            Item.objects.filter(pk=item.pk).update(method="ratio", parameters="目标=100")
            figure = Figure.objects.create(
                item=item, value=90, collected_on=date(2026, 11, 2), provider=cast.officer, entered_at=NOON
            )
            Evidence.objects.create(figure=figure, file="x", name="a.pdf", size=1, sha256="", uploaded_by=cast.officer)
        else:
            score(item, ScoreKind.SELF, cast.supervisor, "0.50")
            kind = ScoreKind.SUPERIOR if part == Part.MANAGEMENT else ScoreKind.REVIEW
            score(item, kind, cast.manager, "0.50")
    for n in range(12):
        world.involvement(cast.supervisor, cast.officer, number=f"G-{n}", day=date(2026, 10, 5))


@pytest.mark.parametrize("state", [FormState.REVIEW, FormState.CONSOLIDATED])
def test_the_page_asks_as_little_of_a_long_form_as_of_a_short_one(managers_form, cast, state):
    score(one(managers_form, Part.MANAGEMENT), ScoreKind.SUPERIOR, cast.manager)
    put(managers_form, state)
    client = as_(cast.manager)
    small = statements(lambda: client.get(url(managers_form)))
    grow(managers_form, cast)
    large = statements(lambda: client.get(url(managers_form)))

    assert small == large
    assert large <= 15


def test_an_agents_page_and_one_saved_score_ask_little_too(form, cast):
    put(form, FormState.REVIEW)
    client, item = as_(cast.supervisor), one(form)
    path, typed = url(form, "save_score", item.pk), {f"points-{item.pk}": "4"}

    assert statements(lambda: client.get(url(form))) <= 15
    small = statements(lambda: client.post(path, typed, **HTMX))
    grow(form, cast)
    assert statements(lambda: client.post(path, {f"points-{item.pk}": "3", f"version-{item.pk}": "1"}, **HTMX)) == small


def test_figures_and_ratings_ask_the_same_of_few_and_of_many(form, managers_form, cast):
    counts = []
    for size in (0, 40):
        for n in range(size):
            made = world.form(world.person(f"甲{n}", superior=cast.supervisor), cast.supervisor, state=FormState.ACTIVE)
            world.library_items(made)
        for name, person in (("figures", cast.supervisor), ("upward", cast.agent)):
            client = as_(person)
            counts.append(statements(lambda: client.get(reverse(f"appraisals:{name}"))))  # noqa: B023

    assert counts[:2] == counts[2:]
    assert max(counts) <= 15


# --- figures and ratings as pages ----------------------------------------------------------------------


def test_a_provider_enters_many_figures_and_faults_stay_on_the_page(form, cast):
    items = list(form.items.filter(part=Part.KPI, provider=cast.supervisor).order_by("pk"))
    first, second, third = items[:3]
    data = {
        "collected_on": "2026-11-03",
        f"value-{first.pk}": "95.5",
        f"value-{second.pk}": "abc",
        f"value-{third.pk}": "",
        f"basis-{third.pk}": "还没出表",
    }

    answer = as_(cast.supervisor).post(reverse("appraisals:figures_month", args=["2026-10"]), data)

    assert answer.status_code == 422
    seen = answer.content.decode()
    assert 'value="abc"' in seen
    assert 'value="还没出表"' in seen
    assert "“abc”不是数字。" in seen
    assert Figure.objects.get().item == first


def test_nobody_reports_for_somebody_elses_item(form, cast):
    item = form.items.filter(part=Part.KPI, provider=cast.supervisor)[0]
    data = {"collected_on": "2026-11-03", f"value-{item.pk}": "95"}

    own = world.form(cast.stranger, cast.other_supervisor, state=FormState.ACTIVE)
    world.library_items(own)
    answer = as_(cast.other_supervisor).post(reverse("appraisals:figures_month", args=["2026-10"]), data)

    assert answer.status_code == 404
    assert not Figure.objects.exists()


def test_a_correction_is_made_on_the_figures_own_page(form, cast):
    item = form.items.filter(part=Part.KPI, provider=cast.supervisor)[0]
    old = Figure.objects.create(
        item=item, value=90, collected_on=date(2026, 11, 2), provider=cast.supervisor, entered_at=NOON
    )
    path = reverse("appraisals:correct_figure", args=[item.pk])
    data = {"collected_on": "2026-11-03", f"value-{item.pk}": "95", f"replaces-{item.pk}": old.pk}
    client = as_(cast.supervisor)

    assert client.post(path, data).status_code == 422
    assert client.post(path, {**data, "correction_reason": "补了一天"}).status_code == 302
    assert client.get(reverse("appraisals:figure", args=[item.pk])).status_code == 200
    assert as_(cast.stranger).get(reverse("appraisals:figure", args=[item.pk])).status_code == 404


def test_evidence_is_a_download_for_those_who_may_see_the_form_or_report_the_figure(form, cast, settings):
    Item.objects.filter(form=form, part=Part.KPI).update(provider=cast.hr)
    item = form.items.filter(part=Part.KPI)[0]
    figure = Figure.objects.create(
        item=item, value=90, collected_on=date(2026, 11, 2), provider=cast.hr, entered_at=NOON
    )
    row = Evidence(figure=figure, name="10月 满意度.csv", size=3, sha256="", uploaded_by=cast.hr)
    row.file.save("a.csv", ContentFile(b"1,2"), save=True)
    path = reverse("appraisals:evidence", args=[row.pk])

    for person in (cast.hr, cast.supervisor, cast.agent):
        answer = as_(person).get(path)
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''10%E6%9C%88")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer.getvalue() == b"1,2"
    assert as_(cast.stranger).get(path).status_code == 404


def test_a_subordinate_rates_on_the_page_and_only_those_asked(managers_form, cast):
    rater = world.person("新人", superior=cast.supervisor, account=True)
    UpwardTurn.objects.create(form=managers_form, rater=rater)
    data = {f"level-{item.pk}": "4" for item in managers_form.items.filter(part=Part.MANAGEMENT)}
    before = UpwardScore.objects.count()
    path = reverse("appraisals:rate", args=[managers_form.pk])

    assert as_(cast.stranger).post(path, data).status_code == 404
    assert as_(rater).post(path, dict(list(data.items())[:2])).status_code == 422
    assert as_(rater).post(path, data).status_code == 302
    assert UpwardScore.objects.count() == before + len(data)
