"""The check before consolidation: doubles, outliers, scores all alike; what was looked at; it stops nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from appraisals.models import Evidence, Figure, Item, Score
from appraisals.states import ScoreKind
from audit.models import Event
from common.errors import RuleError
from incidents.models import IncidentKind
from people.models import DutyTurn
from scoring.facts.findings import ADVICE, sentence, whom_to_ask
from scoring.models import CheckRun, Finding
from scoring.services.checking import look_at_findings, run_checks
from scoring.services.consolidation import consolidate_forms
from scoring.states import FindingCode
from tests import world
from tests.counting import statements
from tests.scoring.board import signed_in

pytestmark = pytest.mark.django_db


def check(month) -> dict[str, list[str]]:
    """What a check finds: sort → whom it is about."""
    run = run_checks(month.cycle.pk, by=month.officer)
    found: dict[str, list[str]] = {}
    for one in Finding.objects.filter(run=run).select_related("person"):
        found.setdefault(one.code, []).append(one.person.name if one.person else "")
    return {code: sorted(names) for code, names in found.items()}


def past(month, person, figures, name="接通率"):
    """Months before October with one figure each, April first."""
    for number, value in enumerate(figures):
        form = world.ready_form(person, month.supervisor, month=date(2026, 4 + number, 1))
        Figure.objects.filter(item__form=form, item__name=name).update(value=value)


def said(code) -> str:
    return sentence(Finding.objects.get(code=code))


def test_an_even_month_has_nothing_to_look_at(month):
    assert check(month) == {}
    assert CheckRun.objects.get().by == month.officer


def test_a_figure_far_from_the_persons_own_past_is_found(month):
    past(month, month.agent, ["40", "41", "39", "40", "42"])
    Figure.objects.filter(item__form=month.form, item__name="接通率").update(value=44)
    assert "吴倩" not in check(month)["figure_far"]  # 40 ± 4.4478; the second agent's 47.5 is far from the post's past

    Figure.objects.filter(item__form=month.form, item__name="接通率").update(value=45)
    assert "吴倩" in check(month)["figure_far"]
    assert "接通率 45；本人前6个月多在40上下，同岗位前6个月多在40上下" in {
        sentence(one) for one in Finding.objects.all()
    }


def test_a_figure_far_from_the_posts_past_is_found_for_a_newcomer(month):
    past(month, month.agent, ["40", "41", "39", "40", "42"])
    Figure.objects.filter(item__form=month.second_form, item__name="接通率").update(value=12)

    assert set(check(month)["figure_far"]) == {"黄佩珊"}
    assert "接通率 12；同岗位前6个月多在40上下" in {sentence(one) for one in Finding.objects.all()}


@pytest.mark.parametrize(("value", "is_found"), [("44", False), ("44.1", True), ("36", False), ("35.9", True)])
def test_where_all_months_were_alike_a_tenth_is_not_worth_a_look(month, value, is_found):
    past(month, month.agent, ["40"] * 5)
    Figure.objects.filter(item__form=month.form, item__name="接通率").update(value=value)
    assert ("吴倩" in check(month).get("figure_far", [])) is is_found


@pytest.mark.parametrize(("value", "is_found"), [("1", False), ("2", True)])
def test_where_none_is_usual_one_says_nothing_and_two_are_found(month, value, is_found):
    past(month, month.agent, ["0"] * 6, name="差错")
    Figure.objects.filter(item__form=month.form, item__name="差错").update(value=value)
    assert ("吴倩" in check(month).get("figure_far", [])) is is_found


@pytest.mark.parametrize(("value", "is_found"), [("15", False), ("15.1", True)])
def test_a_percentage_within_ten_points_is_not_worth_a_look(month, value, is_found):
    past(month, month.agent, ["5"] * 6)
    Item.objects.filter(name="接通率").update(unit="%")
    Figure.objects.filter(item__form=month.form, item__name="接通率").update(value=value)
    assert ("吴倩" in check(month).get("figure_far", [])) is is_found


def test_a_far_figure_names_its_provider_and_a_far_score_the_appraisal_owner(month, client):
    past(month, month.agent, ["40"] * 6)
    provider = world.person("刘凯", "KFZG")
    Figure.objects.filter(item__form=month.form, item__name="接通率").update(value=60, provider=provider)
    Score.objects.filter(item__form=month.form, item__name="责任心", kind=ScoreKind.REVIEW).update(points=8)
    check(month)

    whom = {one.code: whom_to_ask(one) for one in Finding.objects.filter(person=month.agent)}
    assert (whom["figure_far"], whom["score_far"]) == ("提供人刘凯", "考核负责人周敏")
    assert "提供人刘凯" in signed_in(client, month.officer).get("/duty/2026-10/checks/?code=figure_far").text


def test_what_is_found_again_is_told_in_the_words_of_now(month):
    past(month, month.agent, ["40"] * 6)
    Figure.objects.filter(item__form=month.form, item__name="接通率").update(value=60)
    check(month)
    before = Finding.objects.get(code="figure_far", person=month.agent)
    look_at_findings(month.cycle.pk, finding_ids=[before.pk], note="问过了", by=month.officer)
    Finding.objects.update(detail={"item": "接通率", "value": "60"})
    check(month)
    again = Finding.objects.get(pk=before.pk)
    assert (again.detail, again.note) == (before.detail, "问过了")


def test_four_months_are_not_enough_of_a_past(month):
    past(month, month.agent, ["40", "41", "39", "40"])
    Figure.objects.filter(item__form=month.form, item__name="接通率").update(value=1)

    assert "figure_far" not in check(month)


def test_a_score_two_levels_from_the_usual_is_found_and_one_level_is_not(month):
    past(month, month.agent, ["40"] * 6)  # review scores of 80 %
    reviewed = Score.objects.filter(item__form=month.form, item__name="责任心", kind=ScoreKind.REVIEW)
    reviewed.update(points=20)
    assert "score_far" not in check(month)
    reviewed.update(points=8)

    assert check(month)["score_far"] == ["吴倩"]


def test_a_figure_from_two_sources_is_found(month):
    figure = Figure.objects.get(item__form=month.form, item__name="差错")
    Figure.objects.filter(pk=figure.pk).update(superseded_at=timezone.now(), provider=month.manager)
    Figure.objects.create(
        item=figure.item,
        value=3,
        collected_on=figure.collected_on,
        provider=month.supervisor,
        entered_at=timezone.now(),
    )
    assert check(month)["two_sources"] == ["吴倩"]


def test_a_provider_who_corrects_himself_is_no_second_source(month):
    figure = Figure.objects.get(item__form=month.form, item__name="差错")
    Figure.objects.filter(pk=figure.pk).update(superseded_at=timezone.now())
    Figure.objects.create(
        item=figure.item, value=3, collected_on=figure.collected_on, provider=figure.provider, entered_at=timezone.now()
    )
    assert "two_sources" not in check(month)


def test_the_same_kind_of_event_twice_a_day_is_found_and_a_withdrawn_one_is_not(month):
    kind = IncidentKind.objects.earliest("pk")
    for number in ("BL-1", "BL-2"):
        world.involvement(month.agent, month.officer, number=number, kind=kind)
    world.involvement(month.second_agent, month.officer, number="BL-3", kind=kind)
    world.involvement(month.second_agent, month.officer, number="BL-4", kind=kind, state="withdrawn")
    for number in ("JF-1", "JF-2"):
        world.bonus(month.second_agent, number=number)

    found = check(month)
    assert (found["twice"], found["claimed_twice"]) == (["吴倩"], ["黄佩珊"])
    assert said("twice") == "10月12日有2条：BL-1、BL-2"


def test_one_file_behind_two_peoples_figures_is_found_and_behind_one_persons_is_not(month):
    figures = {form: list(Figure.objects.filter(item__form=form)) for form in (month.form, month.second_form)}

    def attach(figure, digest):
        Evidence.objects.create(
            figure=figure, file=ContentFile(b"x", "x.png"), name="话务.png", size=1, sha256=digest * 64,
            uploaded_by=month.supervisor,
        )  # fmt: skip

    for figure in figures[month.form]:
        attach(figure, "a")
    assert "same_file" not in check(month)
    attach(figures[month.second_form][0], "a")
    assert check(month)["same_file"] == [""]
    assert said("same_file") == "“话务.png”用在2人的数据上：吴倩、黄佩珊"


def test_an_owner_who_scores_everybody_alike_is_found_from_three_people_on(month):
    Score.objects.filter(item__form=month.second_form, kind=ScoreKind.REVIEW).update(points=16)
    third = world.ready_form(world.person("贺佳", superior=month.supervisor), month.supervisor)
    for form in (month.form, month.second_form, third):
        for score in Score.objects.filter(item__form=form, kind=ScoreKind.REVIEW).select_related("item"):
            score.points = score.item.points * Decimal("0.8")
            score.save()
    assert check(month)["all_alike"] == ["周敏"]
    assert said("all_alike") == "3人每一项都是满分的80%"
    Score.objects.filter(item__form=third, kind=ScoreKind.REVIEW).delete()
    assert "all_alike" not in check(month)  # two people say nothing


def test_own_and_review_scores_more_than_a_level_apart_are_found(month):
    own = Score.objects.filter(item__form=month.form, kind=ScoreKind.REVIEW)
    own.filter(item__name="责任心").update(points=10)  # 18 of 30 against 24: exactly a level
    assert "self_gap" not in check(month)
    own.filter(item__name="责任心").update(points=Decimal("9.5"))
    assert check(month)["self_gap"] == ["吴倩"]


def test_what_was_looked_at_keeps_its_note_and_another_value_is_another_finding(month):
    Score.objects.filter(item__form=month.form, kind=ScoreKind.REVIEW).update(points=1)
    check(month)
    finding = Finding.objects.get(code="self_gap")
    assert look_at_findings(month.cycle.pk, finding_ids=[finding.pk], note="谈过了", by=month.officer) == 1
    assert look_at_findings(month.cycle.pk, finding_ids=[finding.pk], note="别的话", by=month.leader) == 0
    check(month)
    finding.refresh_from_db()
    assert (finding.note, finding.looked_by, finding.run) == ("谈过了", month.officer, CheckRun.objects.first())
    assert Event.objects.get(action="checks.looked_at").reason == "谈过了"

    Score.objects.filter(item__form=month.form, kind=ScoreKind.REVIEW).update(points=2)
    check(month)
    now = Finding.objects.get(code="self_gap", run=CheckRun.objects.first())
    assert now != finding
    assert now.looked_at is None


def test_a_look_needs_a_note_and_nobody_looks_at_what_is_found_about_himself(month):
    Score.objects.filter(item__form=month.form, kind=ScoreKind.REVIEW).update(points=1)
    check(month)
    Finding.objects.update(person=month.officer)
    ids = [Finding.objects.get().pk]
    with pytest.raises(RuleError):
        look_at_findings(month.cycle.pk, finding_ids=ids, note="  ", by=month.leader)
    assert look_at_findings(month.cycle.pk, finding_ids=ids, note="没事", by=month.officer) == 0
    assert look_at_findings(month.cycle.pk, finding_ids=ids, note="没事", by=month.leader) == 1


@pytest.mark.parametrize("name", ["manager", "hr", "supervisor", "agent"])
def test_who_does_not_run_the_board_checks_nothing(month, name):
    with pytest.raises(RuleError):
        run_checks(month.cycle.pk, by=getattr(month, name))
    with pytest.raises(RuleError):
        look_at_findings(month.cycle.pk, finding_ids=[1], note="没事", by=getattr(month, name))


def test_the_page_runs_shows_and_keeps_and_the_board_counts_what_is_left(month, client):
    Score.objects.filter(item__form=month.form, kind=ScoreKind.REVIEW).update(points=1)
    Figure.objects.filter(item__form=month.second_form, item__name="差错").delete()
    signed_in(client, month.officer)
    assert "还没查过" in client.get("/duty/2026-10/checks/").text
    assert "还没查过" in client.get("/duty/2026-10/").text
    page = client.post("/duty/2026-10/checks/run/", follow=True).text
    assert "自评80%，复核6.67%" in page
    assert "周敏" in page  # who still owes a figure
    assert "1 条没看" in client.get("/duty/2026-10/").text
    ids = list(Finding.objects.values_list("pk", flat=True))

    assert "先勾选看过的" in client.post("/duty/2026-10/checks/look/", {"note": "谈过"}, follow=True).text
    page = client.post("/duty/2026-10/checks/look/", {"finding": ids, "note": "谈过了"}, follow=True).text
    assert "记下了1条" in page
    assert "谈过了" in page
    assert "都看过" in client.get("/duty/2026-10/").text
    assert "这里没有了" in client.get("/duty/2026-10/checks/?open=1").text


def test_findings_stop_no_consolidation(month):
    Score.objects.filter(item__form=month.form, kind=ScoreKind.REVIEW).update(points=1)
    check(month)
    assert consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer).done


@pytest.mark.parametrize(
    ("name", "status"),
    [("officer", 200), ("leader", 200), ("manager", 200), ("hr", 403), ("supervisor", 404), ("agent", 404)],
)
def test_findings_are_for_those_whose_forms_open(month, client, name, status):
    """HR sees forms only once they are consolidated, and a finding tells a score before that."""
    signed_in(client, getattr(month, name))
    assert client.get("/duty/2026-10/checks/").status_code == status


def test_nobody_reads_what_is_found_about_himself(month, client):
    Score.objects.filter(item__form=month.own_form, kind=ScoreKind.REVIEW).update(points=1)
    check(month)
    assert "自评60%" in signed_in(client, month.leader).get("/duty/2026-10/checks/").text
    world.in_group(month.supervisor)
    DutyTurn.objects.filter(month=date(2026, 10, 1)).update(officer=month.supervisor)
    assert "自评60%" not in signed_in(client, month.supervisor).get("/duty/2026-10/checks/").text


def test_a_check_takes_as_many_statements_for_many_as_for_few(month):
    run_checks(month.cycle.pk, by=month.officer)
    few = statements(lambda: run_checks(month.cycle.pk, by=month.officer))
    for number in range(20):
        world.ready_form(world.person(f"员工{number}", superior=month.supervisor), month.supervisor)
    assert statements(lambda: run_checks(month.cycle.pk, by=month.officer)) <= few + 1  # the new findings


def test_every_sort_says_what_to_do():
    assert set(ADVICE) == set(FindingCode.values)
