"""Import in the browser: preview, confirm the very file, and nobody but HR."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appraisals.models import Form
from people.models import Region
from people.states import Duty, Role
from reports.facts.parsing import parse
from reports.facts.sheets import SHEETS
from reports.workbooks.reading import read_tables
from tests import world
from tests.reports.books import opened
from tests.reports.sheets import AGENTS, Sheets, book, find, team

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def var_dir(monkeypatch, tmp_path: Path) -> Path:
    """Kept uploads of a test go with it."""
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    return tmp_path


def signed_in(role: Role | None) -> Client:
    person = world.person("何人", None, account=True)
    assert person.account
    if role:
        world.with_role(person, role)
    client = Client()
    client.force_login(person.account)
    return client


@pytest.fixture
def hr() -> Client:
    return signed_in(Role.HR)


def send(client: Client, content: bytes, name: str = "九月.xlsx"):
    return client.post(reverse("reports:import_workbook"), {"workbook": SimpleUploadedFile(name, content)})


def spoilt() -> Sheets:
    sheets = team()
    find(sheets, "KPI数据", 工号=AGENTS[0])["完成值"] = "九十五"
    find(sheets, "KPI数据", 工号=AGENTS[1])["工号"] = "E0913"
    return sheets


def test_a_sound_workbook_is_previewed_then_imported_then_told(hr):
    preview = send(hr, book(team()))
    page = hr.get(preview.url).content.decode()
    assert "什么都还没有写进系统" in page
    assert "导入 74 行" in page
    assert not Region.objects.exists()
    done = hr.post(preview.url + "load/", follow=True).content.decode()
    assert "已导入" in done
    assert "什么都还没有写进系统" not in done
    assert Form.objects.count() == 5
    again = hr.get(send(hr, book(team())).url).content.decode()
    assert "不用再导入" in again


def test_faults_are_listed_by_cell_and_nothing_can_be_imported(hr):
    preview = send(hr, book(spoilt()))
    page = hr.get(preview.url).content.decode()
    assert "2 处要改" in page
    for words in ("D2", "九十五", "不是数字", "写成 95", "B3", "E0931（罗文静）"):
        assert words in page
    assert "导入 " not in page.split("<main", 1)[1].split("</h1>", 1)[1].split("要改的地方", 1)[0]
    hr.post(preview.url + "load/")
    assert not Form.objects.exists()


def test_the_wrong_cells_are_marked_red_in_the_persons_own_file(hr):
    preview = send(hr, book(spoilt()))
    marked = hr.get(preview.url + "marked.xlsx")
    assert "filename*=utf-8''" in marked["Content-Disposition"]
    cell = opened(marked.content)["KPI数据"]["D2"]
    assert cell.value == "九十五"
    assert cell.fill.start_color.rgb == "00F8C7C2"
    assert "写成 95" in cell.comment.text


def test_the_blank_workbook_has_every_sheet_and_imports_as_nothing(hr):
    blank = hr.get(reverse("reports:import_blank")).content
    parsed = parse(read_tables(blank))
    assert not parsed.faults.found
    assert [*parsed.rows] == [spec.name for spec in SHEETS]
    assert not any(parsed.rows.values())


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "不是 Excel 工作簿"), (b"\xd0\xcf\x11\xe0", "旧的 .xls"), (b"PK123", "文件坏了")]
)
def test_a_file_that_is_no_workbook_is_refused_in_words(hr, content, words):
    answer = send(hr, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_script_in_a_cell_or_in_the_files_name_stays_text(hr):
    sheets = team()
    find(sheets, "KPI数据", 工号=AGENTS[0])["完成值"] = "<script>alert(1)</script>"
    page = hr.get(send(hr, book(sheets), "<img src=x>.xlsx").url).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


@pytest.mark.parametrize("role", [None, Role.DEPARTMENT, Role.ADMINISTRATOR, Role.AUDITOR])
def test_nobody_but_hr_imports(hr, role):
    token_url = send(hr, book(team())).url
    client = signed_in(role)
    assert send(client, book(team())).status_code == 403
    for url in (reverse("reports:import_workbook"), reverse("reports:import_blank"), token_url):
        assert client.get(url).status_code == 403
    assert client.post(token_url + "load/").status_code == 403
    assert not Form.objects.exists()


def test_another_person_of_hr_does_not_find_the_upload(hr):
    url = send(hr, book(team())).url
    other = signed_in(Role.HR)
    assert other.get(url).status_code == 404
    assert other.post(url + "load/").status_code == 404
    assert hr.get(reverse("reports:import_preview", args=["..%2Fsecret_key"])).status_code == 404


def test_an_upload_is_gone_after_an_hour(hr, monkeypatch):
    url = send(hr, book(team())).url
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr("reports.services.uploads.timezone.now", lambda: later)
    assert hr.get(url).status_code == 404


def test_a_file_changed_since_the_preview_is_not_imported(hr, var_dir):
    url = send(hr, book(team())).url
    kept = next((var_dir / "imports").glob("*.xlsx"))
    kept.write_bytes(book(spoilt()))
    answer = hr.post(url + "load/", follow=True).content.decode()
    assert "预览过的文件不在了" in answer
    assert not Form.objects.exists()


def test_what_became_wrong_since_the_preview_is_shown_instead(hr):
    url = send(hr, book(team())).url
    world.in_group(world.person("先到"), Duty.LEADER)
    page = hr.post(url + "load/", follow=True).content.decode()
    assert "1 处要改" in page
    assert "已经有组长" in page
    assert not Form.objects.exists()


def test_a_second_upload_replaces_the_first_and_a_get_writes_nothing(hr, var_dir):
    first = send(hr, book(team())).url
    send(hr, book(spoilt()))
    assert hr.get(first).status_code == 404
    assert len(list((var_dir / "imports").glob("*.xlsx"))) == 1
    assert hr.get(first + "load/").status_code == 405
