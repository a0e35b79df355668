"""Messages: inside the cause's transaction, once per person and key, and never a score or an amount."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import translation

from notices.facts import SENTENCES, WORDS, sentence
from notices.log import tell
from notices.models import Message
from tests import world
from tests.counting import statements

ROOMS = ("reports", "development", "appeals", "scoring", "appraisals", "quality", "incidents", "notices", "people")
PLACES = re.compile(r"%\((\w+)\)s")
TELLTALE = re.compile(r"score|points|coefficient|marks|amount|salary|wage|bonus_pay|\bpay\b|grade|rank|money|percent")


@pytest.fixture
def people(db):
    return [world.person(name) for name in ("陈思雨", "黄佩珊")]


def test_a_message_is_told_once_per_person_and_key(people):
    first, second = people
    for recipients in ([first.pk], [first.pk, second.pk, second.pk]):
        tell(recipients, "nudged", path="/forms/1/", key="nudge:1", detail={"who": "郑洁", "month": "2026-10"})
    tell([first.pk], "nudged", path="/forms/1/", key="nudge:2")

    assert sorted(Message.objects.values_list("recipient", "key")) == [
        (first.pk, "nudge:1"),
        (first.pk, "nudge:2"),
        (second.pk, "nudge:1"),
    ]


def test_many_are_told_in_one_statement(people):
    assert statements(lambda: tell([one.pk for one in people], "plan_ended", path="/", key="plan:1")) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_outside_the_transaction_of_its_cause():
    somebody = world.person("陈思雨")
    with pytest.raises(transaction.TransactionManagementError):
        tell([somebody.pk], "plan_ended", path="/", key="plan:1")
    with transaction.atomic():
        tell([somebody.pk], "plan_ended", path="/", key="plan:1")
        transaction.set_rollback(True)

    assert not Message.objects.exists()


def test_an_unknown_kind_is_refused(people):
    with pytest.raises(KeyError):
        tell([people[0].pk], "rumour", path="/", key="x")


@pytest.mark.parametrize(
    "detail",
    [
        {"score": "88"},
        {"coefficient": "88.50"},
        {"who": "系数88.50"},
        {"who": "88.5"},
        {"number": "1,062"},
        {"other": "90%"},
        {"step": "1062元"},
        {"step": "扣2分"},
        {"who": "￥1062"},
    ],
)
def test_a_word_that_tells_a_score_or_an_amount_is_refused(people, detail):
    with pytest.raises(ValueError, match=next(iter(detail))):
        tell([people[0].pk], "nudged", path="/", key="x", detail=detail)

    assert not Message.objects.exists()


@pytest.mark.parametrize("detail", [{"who": "刘元"}, {"number": "BL-2026-0001"}, {"month": "2026-Q3"}, {"who": "10人"}])
def test_names_months_and_numbers_of_records_are_told(people, detail):
    tell([people[0].pk], "nudged", path="/", key="x", detail=detail)

    assert Message.objects.get().detail == detail


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_sentence_speaks_of_a_score_or_an_amount(language):
    with translation.override(language):
        told = {kind: str(text) for kind, text in SENTENCES.items()}
    figures = r"系数|得分|分数|金额|工资|奖金|等级|排名|[0-9%]|coefficient|\bscores?\b|\bpay\b|salary|grade"
    forbidden = re.compile(figures)

    assert {kind: text for kind, text in told.items() if forbidden.search(PLACES.sub("", text))} == {}
    assert {place for text in told.values() for place in PLACES.findall(text)} <= WORDS


def test_a_month_and_a_step_are_read_in_the_language_of_the_page():
    detail = {"who": "郑洁", "month": "2026-10", "step": "data"}
    assert sentence("nudged", detail) == "郑洁催办：10月报数据"
    with translation.override("en"):
        assert "October" in sentence("nudged", detail)
    assert sentence("a kind of long ago", detail) == "a kind of long ago"


def calls_of_tell() -> Iterator[tuple[str, ast.Call]]:
    for room in ROOMS:
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            text = path.read_text()
            if "from notices.log import" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tell":
                    yield f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}", node


def test_every_call_tells_a_known_kind_with_the_words_its_sentence_needs():
    wrong = []
    for where, call in calls_of_tell():
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        kind, detail = call.args[1], named.get("detail")
        kinds = [str(one.value) for one in ast.walk(kind) if isinstance(one, ast.Constant)]
        if isinstance(kind, ast.Constant | ast.IfExp) and not any(one in SENTENCES for one in kinds):
            wrong.append(f"{where}: no such kind")
        if detail is not None and TELLTALE.search(ast.unparse(detail)):
            wrong.append(f"{where}: {ast.unparse(detail)}")
        if isinstance(detail, ast.Dict):
            words = {str(one.value) for one in detail.keys if isinstance(one, ast.Constant)}
            if not words <= WORDS:
                wrong.append(f"{where}: {sorted(words - WORDS)}")
            if isinstance(kind, ast.Constant) and kind.value in SENTENCES:
                missing = set(PLACES.findall(str(SENTENCES[kind.value]))) - words
                wrong += [f"{where}: nothing said for {sorted(missing)}"] if missing else []

    assert wrong == []
