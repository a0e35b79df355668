"""The sheets 监听标准 and 录音监听: versions of the standard, calls known here, scorings a workbook leaves alone."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from audit.models import Event
from people.facts import SYSTEM
from people.models import Employee
from quality.models import Assessment, AssessmentScore, Call, CallNote, Dispute, FatalFault, Rubric
from quality.states import AssessmentKind, AssessmentState, DrawnWhy, RubricState
from reports.services.imports import WorkbookRefusedError, examine_workbook, load_workbook
from tests.reports.sheets import AGENTS, BOSS, HEAD, Sheets, find, parsed, row, team

pytestmark = pytest.mark.django_db
ONE, TWO = AGENTS[:2]


def load(sheets: Sheets):
    return load_workbook(parsed(sheets), by=SYSTEM)


def refused(sheets: Sheets) -> list[tuple[str, str]]:
    with pytest.raises(WorkbookRefusedError) as refusal:
        load(sheets)
    return [(fault.cell, fault.reason) for fault in refusal.value.faults]


def shipped() -> Sheets:
    """The team, its calls scored by the standard that is shipped, which the workbook repeats word by word."""
    sheets = team() | {"监听标准": [], "录音监听": []}
    rubric = Rubric.objects.get(version="1.0")
    for item in rubric.items.prefetch_related("levels"):
        for level in item.levels.all():
            sheets["监听标准"].append(
                row("监听标准", item.category, item.name, item.points, level.points, level.description)
            )
        for number in AGENTS:
            call = (f"C-{number}", "2026-09-11", number, HEAD)
            sheets["录音监听"].append(row("录音监听", *call, item.name, item.points))
    return sheets


def scored(number: str = ONE) -> Assessment:
    return Assessment.objects.get(call__employee__number=number, kind=AssessmentKind.FIRST)


def people(sheets: Sheets) -> Sheets:
    """Everything but the calls, so that calls can be known before they come in a workbook."""
    return sheets | {"监听标准": [], "录音监听": []}


def registered(number: str = ONE, **facts: object) -> Call:
    """A call somebody registered here."""
    usual = {
        "called_on": date(2026, 9, 11),
        "employee": Employee.objects.get(number=number),
        "registered_by": Employee.objects.get(number=HEAD),
    }
    return Call.objects.create(number=f"C-{number}", **{**usual, **facts})


def test_the_standard_in_force_again_is_no_new_version():
    sheets = shipped()
    assert {counts.sheet: counts.new for counts in examine_workbook(parsed(sheets)).counts}["监听标准"] == 0

    load(sheets)

    assert Rubric.objects.get().version == "1.0"
    assert Call.objects.get(number=f"C-{ONE}").total == Decimal(100)
    assert load(sheets).is_idle


def test_one_word_that_differs_makes_a_version_that_keeps_what_the_sheet_cannot_say():
    sheets = shipped()
    find(sheets, "监听标准", 评分项="恰当发问", 等级分=Decimal(2))["说明"] = "问得偏了，但很快拉回"
    load(sheets)

    old, new = Rubric.objects.order_by("starts_on")
    assert (new.starts_on, new.state, new.version) == (date(2026, 9, 11), RubricState.PUBLISHED, "2026-09-11")
    plan = ("per_agent", "new_agent", "new_days", "min_for_kpi", "pass_mark", "second_share", "dispute_days")
    assert [getattr(new, name) for name in plan] == [getattr(old, name) for name in plan]
    names = ("category", "category_en", "name", "name_en", "points", "may_not_apply", "order")
    assert list(new.items.values_list(*names)) == list(old.items.values_list(*names))
    faults = ("code", "name", "name_en", "incident_kind", "order")
    assert list(new.fatal_faults.values_list(*faults)) == list(old.fatal_faults.values_list(*faults))
    assert FatalFault.objects.filter(rubric=new).exists()
    english = dict(new.items.get(name="恰当发问").levels.values_list("points", "description_en"))
    assert [bool(words) for words in english.values()] == [True, False, True]
    assert load(sheets).is_idle
    assert Rubric.objects.count() == 2


def test_a_draft_of_the_standard_is_nothing_a_workbook_compares_with():
    draft = Rubric.objects.create(version="草稿", state=RubricState.DRAFT)
    draft.items.create(category="应对技巧", name="聆听能力", points=5).levels.create(points=5)

    load(shipped())

    assert set(Rubric.objects.filter(state=RubricState.PUBLISHED).values_list("version", flat=True)) == {"1.0"}


def test_a_registered_call_becomes_scored_and_keeps_how_it_was_drawn():
    load(people(team()))
    registered(drawn_why=DrawnWhy.RANDOM, drawn_at=timezone.now(), seconds=185, is_complaint=True)
    registered(TWO)

    load(team())

    call = Call.objects.get(number=f"C-{ONE}")
    assert (call.total, call.drawn_why, call.seconds, call.is_complaint) == (Decimal(70), DrawnWhy.RANDOM, 185, True)
    assert Call.objects.get(number=f"C-{TWO}").drawn_why == DrawnWhy.CHOSEN
    first = scored()
    assert (first.state, first.listener.number, first.total) == (AssessmentState.SUBMITTED, HEAD, Decimal(70))
    assert first.dispute_until is None
    assert first.scores.count() == 2
    assert load(team()).is_idle


def test_a_call_registered_here_is_the_same_agents_of_the_same_day():
    load(people(team()))
    registered(called_on=date(2026, 9, 12))
    registered(TWO, employee=Employee.objects.get(number=ONE))

    faults = refused(team())

    assert [(cell, reason.partition("是")[2].strip()) for cell, reason in faults] == [
        ("B2", "2026-09-12"),
        ("C4", ONE),
    ]


def test_a_draft_of_the_same_listener_is_submitted_and_his_remarks_stay():
    load(people(team()))
    rubric = Rubric.objects.get()
    draft = Assessment.objects.create(
        call=registered(), listener=Employee.objects.get(number=HEAD), rubric=rubric, version=4
    )
    item = rubric.items.get(name="聆听能力")
    AssessmentScore.objects.create(assessment=draft, item=item, points=2)
    CallNote.objects.create(assessment=draft, item=item, at_second=12, text="抢话")

    load(team())

    first = scored()
    assert (first.pk, first.state, first.version, first.total) == (draft.pk, AssessmentState.SUBMITTED, 5, Decimal(70))
    note = first.notes.get()
    assert (note.text, note.item) == ("抢话", None)
    assert {score.item.rubric_id for score in first.scores.all()} == {first.rubric_id}


def test_a_draft_of_somebody_else_is_not_written_over():
    load(people(team()))
    draft = Assessment.objects.create(
        call=registered(), listener=Employee.objects.get(number=BOSS), rubric=Rubric.objects.get()
    )

    assert refused(team()) == [("D2", "系统里 E0001正在评这通录音")]
    draft.refresh_from_db()
    assert draft.state == AssessmentState.DRAFT


def change(sheets: Sheets) -> Sheets:
    """One level of the first agent's call given otherwise."""
    find(sheets, "录音监听", 工号=ONE, 评分项="聆听能力")["得分"] = 60
    return sheets


def test_a_call_of_a_workbook_may_be_corrected_by_a_workbook_and_the_audit_keeps_both():
    load(team())

    load(change(team()))

    assert Call.objects.get(number=f"C-{ONE}").total == scored().total == Decimal(100)
    assert scored().version == 2
    assert scored().scores.count() == 2
    told = Event.objects.get(action="call.imported")
    assert told.before
    assert told.after
    assert (told.before["total"], told.before["聆听能力"]) == ("70", "30")
    assert (told.after["total"], told.after["聆听能力"]) == ("100", "60")
    assert load(change(team())).is_idle


def test_a_call_that_was_disputed_is_ruled_here():
    load(team())
    dispute = Dispute.objects.create(assessment=scored(), reason="没有抢话")
    assert load(team()).is_idle
    assert refused(change(team())) == [("A2", "系统里对这通录音提过异议")]

    dispute.delete()
    load(change(team()))


@pytest.mark.parametrize("fields", [{"dispute_until": date(2026, 9, 16)}, {"acknowledged_at": timezone.now()}])
def test_a_call_scored_here_is_not_scored_anew_by_a_workbook(fields):
    load(team())
    Assessment.objects.update(**fields)
    assert load(team()).is_idle

    assert refused(change(team())) == [("A2", "系统里已经评过这通录音，和表里的不一样")]


def test_an_item_that_did_not_apply_here_is_not_given_points_by_a_workbook():
    load(team())
    score = scored().scores.get(points=40)
    score.points, score.is_not_applicable = None, True
    score.save()

    assert refused(team()) == [("A2", "系统里已经评过这通录音，和表里的不一样")]


def test_a_call_scored_twice_stands():
    load(team())
    first = scored()
    Assessment.objects.create(
        call=first.call,
        kind=AssessmentKind.SECOND,
        rubric=first.rubric,
        listener=Employee.objects.get(number=BOSS),
    )
    assert load(team()).is_idle

    assert refused(change(team())) == [("A2", "系统里已经评过这通录音，和表里的不一样")]


def test_a_call_that_has_counted_is_not_changed():
    load(team())
    Call.objects.update(counted_month=date(2026, 9, 1))
    assert load(team()).is_idle

    assert refused(change(team())) == [("A2", "已经计入 2026-09 的考核，和系统里的不一样")]
