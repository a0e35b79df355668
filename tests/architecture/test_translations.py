"""The English page says everything, and nothing in Chinese but names."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po
from django.utils.translation import gettext, override

from policy.distribution import CONSEQUENCE_NAMES, STATE_NAMES
from policy.facts import PART_NAMES
from policy.items import METHOD_NAMES
from policy.problems import MESSAGES
from policy.schemes import SCHEME_1_0
from scripts.assets import compile_messages
from tests.architecture.messages import (
    CJK,
    Message,
    all_messages,
    bare_words_in,
    bare_words_on,
    code_files,
    template_files,
)
from tests.architecture.test_source import ROOT, name_of

SOURCE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACE = re.compile(r"%\(\w+\)[a-z]|%%|%[a-z]")
IN_CHINESE = {  # the name of a sheet, a column, a word of the workbook, or the language itself
    "简体中文",
    "监听标准",
    "考核指标",
    "考核小组",
    "员工",
    "等级",
    "方案",
    "组员",
    "不适用",
    "比例_A",
    "比例_E",
    "达成率",
    "反向达成率",
    "分档",
    "扣减",
    "线性",
    "直接计分",
    "日期",
    "这天",
    "名称",
    "放假",
    "上班",
}
CONTRACTS = (  # the words of the workbooks, of the scheme and of the demo: data, the same in both languages
    "policy/",
    "reports/facts/sheets.py",
    "reports/facts/scheme.py",
    "reports/facts/blank.py",
    "reports/facts/calendars.py",
    "reports/facts/minutes.py",
    "reports/facts/replays.py",
    "reports/views/payroll.py",
    "reports/views/minutes.py",
    "reports/views/replays.py",
    "reports/views/training.py",
    "reports/exports.py",
    "reports/workbooks/writing.py",
    "kpi_portal/demo.py",
    "kpi_portal/styleguide.py",
)
KEPT = {  # a text that no page shows as its own words, and why
    "common/selectors.py": "a bracket in the names of the library of holidays",
    "common/wording.py": "the Chinese way to write a date and a list; the English one stands beside it",
    "reports/facts/cells.py": "signs and digits that a cell may hold",
    "appraisals/views/typed.py": "signs that somebody may type",
    "appraisals/forms/schemes.py": "signs between numbers that somebody may type",
    "appraisals/selectors/schemes.py": "names as the record keeps them",
    "appraisals/forms/targets.py": "a comma that somebody may type",
    "appraisals/selectors/formulas.py": "a unit, as the item has it",
    "appraisals/views/rows.py": "a unit, as the item has it",
    "quality/forms/assessing.py": "a colon that somebody may type",
    "quality/services/assessing.py": "the words of the incident that a fatal fault files",
    "quality/forms/calls.py": "what a cell of a pasted row may say",
    "people/facts.py": "the actor's name that the audit record keeps",
    "appraisals/services/upward.py": "the actor's name that the audit record keeps",
    "reports/services/load_forms.py": "the reason that the record keeps",
    "reports/views/hr.py": "the name of the report's file",
    "reports/views/yearly.py": "the name of the report's file",
    "reports/workbooks/marking.py": "the author of a remark in a workbook",
    "reports/workbooks/reading.py": "a mark that never leaves the reader",
}


def catalogue() -> Catalog:
    with SOURCE.open("rb") as text:
        return read_po(text)


def words_of(entry: Entry) -> tuple[str, ...]:
    return entry.string if isinstance(entry.string, tuple) else (str(entry.string or ""),)


def ids_of(entry: Entry) -> tuple[str, ...]:
    return entry.id if isinstance(entry.id, tuple) else (str(entry.id),)


def known() -> dict[Message, Entry]:
    return {
        Message(entry.context, ids_of(entry)[0], ids_of(entry)[1] if entry.pluralizable else None): entry
        for entry in catalogue()
        if entry.id
    }


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return list(known().values())


def test_every_message_has_its_english():
    catalog = known()
    translated = {message for message, entry in catalog.items() if all(words_of(entry))}

    assert sorted(all_messages() - translated, key=str) == []


def test_no_message_stands_both_alone_and_with_a_plural():
    alone = {(one.context, one.text) for one in all_messages() if one.plural is None}
    counted = {(one.context, one.text) for one in all_messages() if one.plural is not None}

    assert alone & counted == set()


def test_nothing_is_translated_that_nobody_says():
    assert sorted(set(known()) - all_messages(), key=str) == []


def test_no_translation_is_a_guess(entries: list[Entry]):
    assert [entry.id for entry in entries if entry.fuzzy] == []


def test_plurals_are_one_form_and_two_forms():
    catalog = catalogue()

    assert catalog.num_plurals == 2
    assert [entry.id for entry in catalog if entry.pluralizable and len(words_of(entry)) != 2] == []


def test_places_to_fill_in_are_the_same(entries: list[Entry]):
    wrong = [
        (ids, words)
        for entry in entries
        for ids, words in [(ids_of(entry), words_of(entry))]
        for text in words
        if set(PLACE.findall(text)) != set(PLACE.findall(ids[0]))
    ]

    assert wrong == []


def test_english_has_no_chinese_but_names(entries: list[Entry]):
    names = re.compile("|".join(sorted(map(re.escape, IN_CHINESE), key=len, reverse=True)))
    left = [text for entry in entries for text in words_of(entry) if CJK.search(names.sub("", text))]

    assert left == []


@pytest.mark.parametrize("path", template_files(), ids=name_of)
def test_a_template_says_nothing_that_no_translator_sees(path: Path):
    if path.name == "styleguide.html":
        return  # the specimens of the demo
    assert [(line, text) for line, text in bare_words_on(path) if "lang=" not in text] == []


def test_a_module_says_nothing_that_no_translator_sees():
    contracts = [path for path in code_files() if name_of(path).startswith(CONTRACTS)]
    words = {text for path in contracts for _line, text in bare_words_in(path)}
    found = [
        f"{name_of(path)}:{line} {text}"
        for path in code_files()
        if path not in contracts and name_of(path) not in KEPT
        for line, text in bare_words_in(path)
        if text not in words
    ]

    assert found == []


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_in_chinese_is_still_there(name: str):
    assert list(bare_words_in(ROOT / name))


def test_every_word_of_the_policys_data_has_its_english():
    compile_messages()
    scheme = SCHEME_1_0
    words = [
        *METHOD_NAMES.values(),
        *PART_NAMES.values(),
        *STATE_NAMES.values(),
        *CONSEQUENCE_NAMES.values(),
        *MESSAGES.values(),
        *(rule.consequence for rule in scheme.triggers),
        *(rule.name for rule in scheme.grades),
        *(level.name for level in scheme.levels),
        *(step.name for step in scheme.month_timeline),
    ]

    with override("en"):
        assert [word for word in words if gettext(word) == word] == []
