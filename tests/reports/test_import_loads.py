"""A sound workbook loads whole, once; what differs later supersedes, what is closed stays closed."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from appraisals.models import Cycle, Figure, Form, Item, Scheme, Score, UpwardScore, UpwardTurn
from appraisals.services.moves import submit_review
from appraisals.states import FormState
from audit.models import Event
from common.errors import RuleError
from incidents.models import Bonus, Involvement
from incidents.states import EventState
from people.facts import SYSTEM
from people.models import Employee, GroupMember, ReportingLine
from people.selectors import superiors_on
from people.states import Role
from quality.models import Assessment, Call, Rubric
from reports.facts.parsing import read_workbook
from reports.services.imports import WorkbookRefusedError, examine_workbook, load_workbook
from reports.services.uploads import keep_upload
from scoring.models import AnnualResult, AnnualReview, PastGrade
from scoring.services.consolidation import consolidate_forms
from scoring.states import ReviewState
from tests import world
from tests.counting import statements
from tests.reports.sheets import AGENTS, BOSS, HEAD, MONTH, Sheets, book, find, parsed, row, team
from tests.world import with_role

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent.parent / "data" / "sample_year.xlsx"
ONE = AGENTS[0]
OWN_ROOMS = ("people", "incidents", "quality", "appraisals", "scoring", "audit", "common")


def dump() -> dict[str, list[dict[str, object]]]:
    """Every row of every table of the portal."""
    models = [model for room in OWN_ROOMS for model in apps.get_app_config(room).get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def load(sheets: Sheets):
    return load_workbook(parsed(sheets), by=SYSTEM, name="小组.xlsx")


@pytest.fixture
def loaded() -> Sheets:
    """The team's workbook is in."""
    sheets = team()
    load(sheets)
    return sheets


def form_of(number: str) -> Form:
    return Form.objects.get(employee__number=number, cycle__starts_on=date(2026, 9, 1))


def test_hr_imports_nothing_about_himself(loaded):
    own = with_role(Employee.objects.get(number=ONE), Role.HR)
    another = with_role(world.person("赵琳", None), Role.HR)
    changed = team()
    find(changed, "KPI数据", 工号=ONE)["完成值"] = 99
    before = dump()

    with pytest.raises(RuleError) as refused:
        load_workbook(parsed(changed), by=own)
    assert refused.value.code == "own_rows"
    assert {name: rows for name, rows in dump().items() if name != "people.RoleGrant"} == {
        name: rows for name, rows in before.items() if name != "people.RoleGrant"
    }

    load_workbook(parsed(loaded), by=own)  # what changes nothing of his own is nobody's advantage
    for sender in (own, another, None):
        with pytest.raises(RuleError) as refused:
            load_workbook(parsed(changed), by=another, sender=sender)
        assert refused.value.code == ("own_rows" if sender == own else "second_person")
    third = with_role(world.person("钱慧", None), Role.HR)
    load_workbook(parsed(changed), by=another, sender=third)
    assert Figure.objects.filter(value=99, item__form__employee=own).exists()


def test_everything_stands_as_the_workbook_has_it(loaded):
    head = form_of(HEAD)
    assert (head.state, head.owner.number, head.is_managerial) == (FormState.READY, BOSS, True)
    assert head.confirmed_at
    assert head.reviewed_at
    assert head.cycle.data_due_on == date(2026, 10, 10)  # a Saturday made up for
    assert [item.name for item in head.items.order_by("pk")] == ["差错", "流程改进", "责任心", "带队"]
    assert Figure.objects.get(item__form=head).value == Decimal(3)
    assert Score.objects.get(item__form=head, kind="superior").points == Decimal("8.50")
    assert Involvement.objects.get().state == EventState.CONFIRMED
    assert Bonus.objects.get().state == EventState.CONFIRMED
    assert Call.objects.get(number=f"C-{ONE}").total == Decimal(70)
    assert PastGrade.objects.get().grade == "B"
    assert Employee.objects.get(number=BOSS).position is None
    assert not Employee.objects.filter(account__isnull=False).exists()


def test_reporting_lines_hold_from_the_employment_on(loaded):
    assert ReportingLine.objects.get(employee__number=ONE).starts_on == date(2022, 3, 1)
    assert GroupMember.objects.get(employee__number=HEAD).starts_on == date(2026, 9, 1)


def test_the_same_workbook_again_changes_nothing(loaded):
    before = dump()
    assert load(loaded).is_idle
    assert load(team()).is_idle
    assert dump() == before


def test_a_dry_run_writes_nothing():
    before = dump()
    plan = examine_workbook(parsed(team()))
    assert not plan.found
    assert {counts.sheet: counts.new for counts in plan.counts}["评分"] == 25
    assert dump() == before


def test_the_import_is_one_event_with_counts_and_the_files_digest(loaded):
    event = Event.objects.get(action="workbook.imported")
    assert event.after
    assert event.actor_name == SYSTEM.name
    assert event.after["sheets"]["员工"] == {"new": 6, "changed": 0}
    assert len(event.after["sha256"]) == 64
    assert event.object_id == event.after["sha256"][:40]


def test_a_figure_that_differs_supersedes_and_the_same_is_left_alone(loaded):
    find(loaded, "KPI数据", 工号=ONE)["完成值"] = 94
    load(loaded)
    old, new = Figure.objects.filter(item__form=form_of(ONE)).order_by("pk")
    assert (old.value, old.superseded_at is None) == (Decimal("93.5"), False)
    assert (new.value, new.superseded_at, bool(new.correction_reason)) == (Decimal(94), None, True)
    assert Figure.objects.count() == 6
    assert load(loaded).is_idle


def test_a_score_that_differs_replaces_and_counts_its_version(loaded):
    find(loaded, "评分", 工号=ONE, 评分类型="复核")["得分"] = 6
    load(loaded)
    score = Score.objects.get(item__form=form_of(ONE), item__part="goal", kind="review")
    assert (score.points, score.version) == (Decimal(6), 2)
    told = Event.objects.get(action="form.imported")
    assert told.before == {"月度重点 · 复核": "7"}
    assert told.after == {"月度重点 · 复核": "6"}


def test_ratings_are_kept_without_their_raters(loaded):
    head = form_of(HEAD)
    assert UpwardScore.objects.filter(item__form=head).count() == 3
    assert set(UpwardTurn.objects.filter(form=head, is_done=True).values_list("rater__number", flat=True)) == set(
        AGENTS[:3]
    )
    assert UpwardTurn.objects.get(form=head, is_done=False).rater.number == AGENTS[3]
    names = {field.name for field in UpwardScore._meta.get_fields()}
    assert names == {"id", "item", "points"}


def test_ratings_of_who_has_rated_are_not_taken_twice_and_a_late_one_is_added(loaded):
    for rating in loaded["评分"]:
        if rating["评分类型"] == "下级":
            rating["得分"] = 3
    assert load(loaded).is_idle
    managing = (MONTH, HEAD, "管理行为与能力", "带队", "下级")
    loaded["评分"].append(row("评分", *managing, AGENTS[3], 5))
    load(loaded)
    points = sorted(UpwardScore.objects.values_list("points", flat=True))
    assert points == [Decimal(5), Decimal(7), Decimal(7), Decimal(7)]
    assert UpwardTurn.objects.filter(is_done=True).count() == 4


def test_a_form_stands_where_its_scores_carry_it():
    sheets = team()
    sheets["评分"] = [one for one in sheets["评分"] if one["工号"] != ONE]
    sheets["评分"].remove(find(sheets, "评分", 工号=AGENTS[1], 评分类型="复核"))
    load(sheets)
    states = [form_of(number).state for number in AGENTS[:3]]
    assert states == [FormState.ACTIVE, FormState.REVIEW, FormState.READY]
    load(team())
    assert form_of(ONE).state == FormState.READY


def test_a_consolidated_form_takes_nothing_that_differs(loaded):
    cycle = Cycle.objects.get()
    consolidate_forms(cycle.pk, form_ids=[form_of(ONE).pk, form_of(HEAD).pk], by=SYSTEM)
    before = dump()
    assert load(loaded).is_idle
    find(loaded, "KPI数据", 工号=ONE)["完成值"] = 94
    find(loaded, "评分", 工号=HEAD, 评分类型="上级")["得分"] = 8
    find(loaded, "考核指标", 工号=ONE, 指标名称="接通率")["标准"] = "96%"
    loaded["评分"].append(row("评分", MONTH, HEAD, "管理行为与能力", "带队", "下级", AGENTS[3], 5))
    find(loaded, "录音监听", 工号=ONE)["得分"] = 60
    find(loaded, "不良事故")["扣分"] = 5
    with pytest.raises(WorkbookRefusedError) as refusal:
        load(loaded)
    faults = [(fault.sheet, fault.row) for fault in refusal.value.faults]
    assert faults == [("考核指标", 3), ("KPI数据", 2), ("评分", 23), ("评分", 27), ("不良事故", 2), ("录音监听", 2)]
    assert dump() == before


def test_agreed_targets_are_not_rewritten_by_a_workbook(loaded):
    find(loaded, "考核指标", 工号=ONE, 指标名称="接通率")["评分参数"] = "目标=90"
    with pytest.raises(WorkbookRefusedError) as refusal:
        load(loaded)
    assert "目标已经定了" in refusal.value.faults[0].reason


def test_targets_still_being_drafted_are_taken_over(loaded):
    form = form_of(ONE)
    Figure.objects.filter(item__form=form).delete()
    Form.objects.filter(pk=form.pk).update(state=FormState.TARGETS)
    Item.objects.filter(form=form, name="接通率").update(standard="草稿")
    load(loaded)
    form.refresh_from_db()
    assert form.state == FormState.READY
    assert form.items.get(name="接通率").standard == "95%"


def test_a_changed_superior_begins_today_and_past_months_keep_theirs(loaded):
    find(loaded, "员工", 工号=AGENTS[3])["直接上级工号"] = BOSS
    load(loaded)
    lines = ReportingLine.objects.filter(employee__number=AGENTS[3]).order_by("starts_on")
    assert [line.superior.number for line in lines] == [HEAD, BOSS]
    assert lines[0].ends_before == lines[1].starts_on
    person = Employee.objects.get(number=AGENTS[3])
    assert superiors_on(date(2026, 9, 30), [person.pk])[person.pk] == Employee.objects.get(number=HEAD).pk
    assert load(loaded).is_idle


def test_a_check_made_in_the_portal_meanwhile_is_not_taken_back():
    sheets = team()
    find(sheets, "不良事故")["复核人工号"] = None
    load(sheets)
    share = Involvement.objects.get()
    assert (share.state, share.statement_due_on) == (EventState.FILED, None)
    share.state, share.verified_by = EventState.CONFIRMED, Employee.objects.get(number=HEAD)
    share.save()
    assert load(sheets).is_idle


def test_a_new_version_of_the_scheme_holds_for_the_months_it_begins_with():
    scheme = [row("方案", "版本", "2.0"), row("方案", "生效日期", "2026-09-01"), row("方案", "计薪上限", None)]
    sheets = team() | {"方案": [*scheme, row("方案", "下级最少人数", 2), row("方案", "奖金系数_A", 2)]}
    load(sheets)
    made = Scheme.objects.get(version="2.0")
    assert Cycle.objects.get().scheme == made
    assert made.parameters["pay_ceiling"] is None
    assert made.parameters["min_raters"] == 2
    assert [grade["bonus_factor"] for grade in made.parameters["grades"]][:2] == ["2", "1.2"]
    assert load(sheets).is_idle
    assert (made.note, made.approved_by) == ("从表格导入", "命令行")
    find(sheets, "方案", 参数="下级最少人数")["值"] = 4
    with pytest.raises(WorkbookRefusedError):
        load(sheets)


def test_nobody_alone_brings_in_a_version_of_the_scheme():
    sheets = team() | {"方案": [row("方案", "版本", "9.9"), row("方案", "奖金系数_A", 15)]}
    hr = world.with_role(world.person("赵琳", None, account=True), Role.HR)
    with pytest.raises(RuleError) as refused:
        load_workbook(parsed(sheets), by=hr)
    assert refused.value.code == "scheme_of_three"
    with pytest.raises(RuleError) as refused:
        keep_upload(book(sheets), name="x.xlsx", by=hr)
    assert refused.value.code == "scheme_of_three"
    assert not Scheme.objects.filter(version="9.9").exists()


def test_the_number_of_a_draft_is_not_taken_by_a_workbook():
    old = Scheme.objects.get(version="1.0")
    Scheme.objects.create(version="2.0", effective_on=date(2099, 1, 1), parameters=old.parameters)
    with pytest.raises(WorkbookRefusedError) as refusal:
        load(team() | {"方案": [row("方案", "版本", "2.0")]})
    assert [(fault.sheet, fault.column) for fault in refusal.value.faults] == [("方案", "值")]
    assert not Scheme.objects.filter(version="2.0", state="approved").exists()


def test_a_standard_that_differs_is_a_new_version_from_the_first_call_on(loaded):
    rubric = Rubric.objects.exclude(version="1.0").get()
    assert rubric.starts_on == date(2026, 9, 11)
    assert Rubric.objects.count() == 2
    assert set(Assessment.objects.values_list("rubric", flat=True)) == {rubric.pk}


def test_unknown_sheets_and_columns_are_warnings():
    sheets = team() | {"备注": [{"甲": 1}]}
    for one in sheets["员工"]:
        one["血型"] = "O"
    done = load(sheets)
    assert done.warnings == ["没有用到工作表“备注”。", "工作表“员工”的列“血型”没有用到。"]


def test_columns_may_stand_in_any_order_and_dates_may_be_dates():
    sheets = team()
    sheets["员工"] = [dict(reversed(one.items())) for one in sheets["员工"]]
    for one in sheets["员工"]:
        one["入职日期"] = date.fromisoformat(one["入职日期"])
    for one in sheets["KPI数据"]:
        one["月份"] = date(2026, 9, 1)
    load(sheets)
    assert Employee.objects.get(number=ONE).hired_on == date(2022, 3, 1)
    assert load(team()).is_idle


def test_only_hr_imports(loaded):
    agent = Employee.objects.get(number=ONE)
    with pytest.raises(RuleError, match="人力资源部"):
        load_workbook(parsed(loaded), by=agent)


def test_a_form_that_was_reviewed_here_stays_reviewed(loaded):
    form = form_of(ONE)
    Form.objects.filter(pk=form.pk).update(state=FormState.REVIEW)
    submit_review(form.pk, by=SYSTEM)
    assert load(loaded).is_idle


def test_the_sample_year_loads_whole_and_only_once():
    content = SAMPLE.read_bytes()
    expected = json.loads(SAMPLE.with_suffix(".json").read_text())
    load_workbook(read_workbook(content), by=SYSTEM, name=SAMPLE.name)
    assert Form.objects.filter(state=FormState.READY).count() == 649
    for month, people in expected["months"].items():
        numbers = Form.objects.filter(cycle__starts_on=f"{month}-01").values_list("employee__number", flat=True)
        assert set(numbers) == set(people)
    assert [model._default_manager.count() for model in (Item, Figure, Call)] == [5681, 2500, 784]
    assert Score.objects.count() + UpwardScore.objects.count() == 6712
    before = dump()
    assert load_workbook(read_workbook(content), by=SYSTEM, name=SAMPLE.name).is_idle
    assert dump() == before


def test_looking_at_a_workbook_takes_the_same_statements_whatever_its_rows():
    small, large = parsed(team()), read_workbook(SAMPLE.read_bytes())
    assert statements(lambda: examine_workbook(small)) == statements(lambda: examine_workbook(large)) - 2
    # two more batches: 784 calls are looked up 500 at a time, with their scores


def test_the_command_answers_with_its_status(tmp_path, capsys):
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(book(team()))
    spoilt = team()
    find(spoilt, "KPI数据", 工号=ONE)["完成值"] = "九十五"
    bad.write_bytes(book(spoilt))
    with pytest.raises(CommandError) as refusal:
        call_command("import_workbook", str(bad))
    assert refusal.value.returncode == 1
    assert "工作表“KPI数据” 第2行 D列“完成值” 写的是“九十五”: 不是数字 写成 95" in capsys.readouterr().out
    call_command("import_workbook", str(good), "--check")
    assert not Employee.objects.exists()
    call_command("import_workbook", str(good))
    assert "已导入。" in capsys.readouterr().out
    call_command("import_workbook", str(good))
    assert "没有改动" in capsys.readouterr().out
    for wrong in ("nowhere.xlsx", str(tmp_path)):
        with pytest.raises(CommandError) as refusal:
            call_command("import_workbook", wrong)
        assert refusal.value.returncode == 2
    text = tmp_path / "text.xlsx"
    text.write_text("工号,姓名")
    with pytest.raises(CommandError) as refusal:
        call_command("import_workbook", str(text))
    assert refusal.value.returncode == 1


def test_a_year_published_here_is_no_past_grade_unless_it_says_the_same(loaded):
    now = timezone.now()
    review = AnnualReview.objects.create(
        year=2025, completion=95, state=ReviewState.PUBLISHED, published_at=now, closed_at=now, closed_by="system"
    )
    AnnualResult.objects.create(
        review=review, employee=Employee.objects.get(number=AGENTS[0]), months=12, coefficient=80, grade="C"
    )

    with pytest.raises(WorkbookRefusedError) as refusal:
        load({"历年等级": [row("历年等级", 2025, AGENTS[0], "B")]})

    assert [(fault.sheet, fault.column) for fault in refusal.value.faults] == [("历年等级", "等级")]
    assert "2025年在这里公布的是C" in refusal.value.faults[0].reason
    load({"历年等级": [row("历年等级", 2025, AGENTS[0], "C"), row("历年等级", 2023, AGENTS[0], "A")]})
    assert set(PastGrade.objects.values_list("year", "grade")) == {(2025, "C"), (2023, "A")}


def test_the_grade_before_a_published_year_is_not_told_anew(loaded):
    employee, now = Employee.objects.get(number=AGENTS[0]), timezone.now()
    PastGrade.objects.create(year=2024, employee=employee, grade="B")
    review = AnnualReview.objects.create(
        year=2025, completion=95, state=ReviewState.PUBLISHED, published_at=now, closed_at=now, closed_by="system"
    )
    AnnualResult.objects.create(review=review, employee=employee, months=12, coefficient=80, grade="A")

    with pytest.raises(WorkbookRefusedError) as refusal:
        load({"历年等级": [row("历年等级", 2024, AGENTS[0], "A")]})
    assert "2025年已经公布" in refusal.value.faults[0].reason
    load({"历年等级": [row("历年等级", 2024, AGENTS[0], "B")]})
    assert PastGrade.objects.get(year=2024).grade == "B"
