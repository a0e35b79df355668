"""What changes between two versions is said whole: no single value can change unseen."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from appraisals.forms.schemes import move, sheet_of
from appraisals.models import Scheme
from appraisals.selectors.scheme_diff import changes_between, rule_changes
from appraisals.selectors.scheme_fields import FIELDS, field_of, label_of, leaves, pattern_of, say
from appraisals.selectors.scheme_words import chapters
from policy.schemes import SCHEME_1_0
from policy.schemes import Scheme as Rules


def _changed(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case None:
            return Decimal(7)
        case Decimal() | int():
            return value + 1
        case str():
            return f"{value}x"
        case tuple():
            return tuple(reversed(value)) if len(value) > 1 else (*value, -9)
    raise TypeError(value)


def _with(path: str, value: Any) -> Rules:
    """The first scheme with one value another, past all checks: what is compared need not be sound."""
    name, *row = path.split(".")
    held: Any = getattr(SCHEME_1_0, name)
    if row and row[0] == "#":
        new: Any = tuple(reversed(held))
    elif len(row) == 2:
        new = tuple(one._replace(**{row[1]: value}) if str(one.code) == row[0] else one for one in held)
    else:
        new = held._replace(**{row[0]: value}) if row else value
    made = Rules.from_dict(SCHEME_1_0.to_dict())
    object.__setattr__(made, name, new)
    return made


PATHS = [path for path in leaves(SCHEME_1_0) if path != "version"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_any_single_change_is_shown_with_both_values(path, language):
    with override(language):
        new = _with(path, _changed(leaves(SCHEME_1_0)[path]))
        found = rule_changes(SCHEME_1_0, new)

    assert len(found) >= 1
    assert all(change.before != change.after and change.label for change in found)
    if not path.endswith(".code"):
        assert [change.path for change in found] == [path]


@pytest.mark.parametrize("path", [path for path in PATHS if not path.endswith((".code", ".anchor"))])
def test_the_document_says_every_value(path):
    blend, value = SCHEME_1_0.changed({"annual_mode": "blend"}), leaves(SCHEME_1_0)[path]
    choices = [choice for choice in field_of(path).choices or () if choice != value]
    shorter = value[:-1] if path.startswith("improvement_") and isinstance(value, tuple) else _changed(value)
    changed = _with(path, choices[0] if choices else shorter)
    if path == "annual_form_share":  # only said where it counts
        changed = blend.changed({"annual_form_share": "41"})

    assert chapters(changed) != chapters(blend if path == "annual_form_share" else SCHEME_1_0)


def test_every_value_of_a_scheme_has_words_of_its_own():
    known = set(FIELDS)
    assert {pattern_of(path) for path in PATHS if not path.endswith((".#", ".code"))} <= known


def test_a_field_without_words_of_its_own_is_shown_by_its_name():
    assert (label_of("brand_new"), say("brand_new", 3)) == ("brand_new", "3")


def test_equal_schemes_differ_in_nothing_and_idle_zeros_are_no_change():
    same = SCHEME_1_0.changed({"pay_ceiling": "100.00"})

    assert rule_changes(SCHEME_1_0, SCHEME_1_0) == []
    assert rule_changes(SCHEME_1_0, same) == []


def test_it_reads_as_a_person_would_say_it():
    old = Scheme(version="1.0", effective_on=date(2026, 1, 1), note="新发布", parameters=SCHEME_1_0.to_dict())
    rules = SCHEME_1_0.to_dict()
    rules["triggers"][3]["threshold"] = "65"
    rules["triggers"].append(
        {"code": "R5", "kind": "consecutive", "side": "below", "threshold": "55", "times": 2, "consequence": "警告"}
    )
    rules |= {"bonus_limit": "10", "gravity": ["R2", "R4", "R1", "R3", "R5"], "annual_mode": "blend"}
    rules["month_timeline"][3] |= {"days": 5, "remind": [-2, 0], "escalate_after": None}
    new = Scheme(version="1.1", effective_on=date(2027, 1, 1), note="", parameters={**rules, "version": "1.1"})

    said = [
        (chapter.title, change.label, change.before, change.after)
        for chapter in changes_between(old, new)
        for change in chapter.changes
    ]

    assert said == [
        ("版本", "版本", "1.0", "1.1"),
        ("版本", "生效日期", "2026年1月1日", "2027年1月1日"),
        ("版本", "说明", "新发布", "没有写"),
        ("事故、加分和绩效系数", "每月加分上限", "不设", "10分"),
        ("每月的期限", "上级复核 · 第几个工作日", "次月第4个工作日", "次月第5个工作日"),
        ("每月的期限", "上级复核 · 提前几个工作日提醒", "提前1个工作日、当天", "提前2个工作日、当天"),
        ("每月的期限", "上级复核 · 过期几个工作日后上报", "1个工作日", "不上报"),
        ("月度奖惩", "R5", "", "连续2次低于55%：警告"),
        ("月度奖惩", "R4 · 系数", "60%", "65%"),
        ("月度奖惩", "同月多条取最重的，从重到轻", "R2、R4、R1、R3", "R2、R4、R1、R3、R5"),
        ("年度等级和年终奖金", "年度绩效系数取", "各月平均", "各月平均和年度考核表合成"),
    ]


def test_the_editor_reads_back_what_it_shows():
    sheet = sheet_of(SCHEME_1_0.to_dict())

    read = sheet.read()

    assert read is not None
    assert Rules.from_dict({**read, "version": "1.0"}) == SCHEME_1_0


def test_the_editor_names_every_fault_at_its_field_at_once():
    sheet = sheet_of(SCHEME_1_0.to_dict())
    move(sheet, "add_rule")
    sheet.typed |= {
        "min_raters": "三",
        "grades.A.quota": "7",
        "levels.5.share": "120",
        "month_timeline.self.remind": "x",
    }
    sheet.rules[1]["rank"] = "3"

    assert sheet.read() is None

    assert {path: faults[0] for path, faults in sheet.faults.items()} == {
        "min_raters": "写数字",
        "month_timeline.self.remind": "写几天前，用顿号隔开，例如5、2、0",
        "triggers.1.rank": "和R1并列了，排出先后",
        "triggers.4.code": "填上",
        "triggers.4.threshold": "填上",
        "triggers.4.times": "填上",
        "triggers.4.consequence": "填上",
        "grades": "合计要100，现在是102",
        "levels.5.share": "要在0到100之间，现在是120",
    }


def test_a_dropped_rule_takes_its_rank_and_its_plan_with_it():
    sheet = sheet_of(SCHEME_1_0.to_dict())
    move(sheet, "drop_rule:3")

    read = sheet.read()

    assert read is not None
    assert (read["gravity"], read["improvement_rules"]) == (["R2", "R1", "R3"], ["R1"])
    move(sheet, "drop_rule:9")
    move(sheet, "nonsense")
    assert sheet.read() == read
