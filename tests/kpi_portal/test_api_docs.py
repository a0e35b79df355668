"""docs/api.md tells the truth: its examples are sent one after the other, and its words are those of the code."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from time_machine import travel

from incidents.models import Bonus, Incident, Involvement
from people.models import Employee
from people.states import Role
from quality.models import Assessment, Call
from tests import world
from tests.kpi_portal.speaking import Speaker

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(r"```http\n(\w+)> (\w+) /api/v1/(\S+)\n(.*?)\n```\n\n```json\n(\d{3}) (.*?)\n```", re.DOTALL)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def examples() -> list[tuple[str, str, str, Any, int, Any]]:
    found = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    return [
        (who, method, path, json.loads(body), int(status), json.loads(told))
        for who, method, path, body, status, told in found
    ]


def differences(wanted: Any, got: Any, where: str = "") -> list[str]:
    """What the page says and the answer does not; what the answer says besides is not looked at."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        return [one for key, value in wanted.items() for one in differences(value, got.get(key), f"{where}.{key}")]
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        pairs = enumerate(zip(wanted, got, strict=True))
        return [one for n, (left, right) in pairs for one in differences(left, right, f"{where}[{n}]")]
    return [] if wanted == got else [f"{where}: {got!r}, not {wanted!r}"]


def keyed(path: str, body: Any, keys: dict[str, int]) -> tuple[str, Any]:
    """The page counts from 1; a test's rows have whatever keys the database gives."""
    for name, key in keys.items():
        path = re.sub(rf"^{name}/1/", f"{name}/{key}/", path)
    return path, {**body, "call": keys["calls"]} if isinstance(body, dict) and "call" in body else body


def first_keys() -> dict[str, int]:
    rows: dict[str, Any] = {"bonuses": Bonus, "involvements": Involvement, "incidents": Incident, "calls": Call}
    found = {name: model.objects.order_by("pk").values_list("pk", flat=True).first() for name, model in rows.items()}
    found["assessments"] = Assessment.objects.order_by("pk").values_list("pk", flat=True).first()
    return {name: key or 0 for name, key in found.items()}


def without_ids(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: without_ids(value) for name, value in told.items() if name != "id"}
    return [without_ids(one) for one in told] if isinstance(told, list) else told


def test_every_example_gets_the_answer_that_the_page_gives():
    manager = world.with_role(world.person("何建国", None, account=True, number="E0001"), Role.DEPARTMENT)
    boss = world.person("周敏", "KFZG", superior=manager, account=True, number="E0101")
    for number, name in (("E0105", "陈思雨"), ("E0106", "黄佩珊")):
        world.person(name, superior=boss, account=True, number=number)
    wrong = []

    with travel(datetime(2026, 10, 13, 10, tzinfo=SHANGHAI), tick=False):
        for who, method, path, body, status, told in examples():
            speaker = Speaker(Employee.objects.get(number=who))
            path, body = keyed(path, body, first_keys())
            answer = speaker.send(method, path, body)
            if answer.status_code != status:
                wrong.append(f"{method} {path}: {answer.status_code} {answer.content.decode()}")
            wrong += [f"{method} {path} {one}" for one in differences(without_ids(told), answer.json())]

    assert len(examples()) >= 10
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 415, 422, 429])
def test_every_refusal_is_told(status):
    assert re.search(rf"^\|.*\b{status}\b", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
