"""Import in the browser: preview, confirm the very file, and nobody but HR."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appraisals.models import Figure, Form
from audit.models import Event
from notices.models import Message
from people.models import Employee, Region
from people.states import Duty, Role
from reports.facts.parsing import parse
from reports.facts.sheets import SHEETS
from reports.services.uploads import kept_upload
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


def signed_in(role: Role | None, name: str = "何人") -> Client:
    person = world.person(name, None, account=True)
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


@pytest.fixture
def second(hr: Client) -> Client:
    """Another person of HR."""
    return signed_in(Role.HR, "钱慧")


def told(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind).order_by("recipient__name").values_list("recipient__name", flat=True))


def test_people_alone_are_previewed_then_imported_by_one(hr, second):
    bring_in(hr, second, team())
    staff = {"员工": team()["员工"]}
    find(staff, "员工", 工号=AGENTS[0])["姓名"] = "新名字"
    preview = send(hr, book(staff))
    page = hr.get(preview.url).content.decode()
    assert "什么都还没有写进系统" in page
    assert "请另一位导入" not in page
    done = hr.post(preview.url + "load/", follow=True).content.decode()
    assert "已导入" in done
    assert "什么都还没有写进系统" not in done
    assert Employee.objects.get(number=AGENTS[0]).name == "新名字"
    again = hr.get(send(hr, book(staff)).url).content.decode()
    assert "不用再导入" in again


def test_what_decides_pay_is_sent_by_one_and_imported_by_another_of_hr(hr, second):
    content = book(team())
    preview = send(hr, content)
    assert "请另一位导入" in hr.get(preview.url).content.decode()
    assert "先点“请另一位导入”" in hr.post(preview.url + "load/", follow=True).content.decode()
    assert not Region.objects.exists()

    assert second.get(preview.url).status_code == 404
    assert "等另一位导入" in hr.post(preview.url + "act/offer/", follow=True).content.decode()
    assert told("workbook_sent") == ["钱慧"]
    assert "先点“请另一位导入”" in hr.post(preview.url + "load/", follow=True).content.decode()
    assert not Form.objects.exists()
    assert "何人发的，74 行改动" in second.get(reverse("reports:import_workbook")).content.decode()
    page = second.get(preview.url).content.decode()
    assert "导入 74 行" in page
    assert second.get(preview.url + "workbook.xlsx").content == content
    assert "已导入" in second.post(preview.url + "load/", follow=True).content.decode()

    assert Form.objects.count() == 5
    assert told("workbook_loaded") == ["何人"]
    event = Event.objects.get(action="workbook.imported")
    assert (event.actor_name, (event.after or {})["sender"]) == ("钱慧", Employee.objects.get(name="何人").number)
    assert "已导入" in hr.get(preview.url).content.decode()
    assert "等人力资源部的另一位导入" not in second.get(reverse("reports:import_workbook")).content.decode()


def test_whoever_a_workbook_speaks_for_and_of_hears_of_it(hr, second):
    bring_in(hr, second, team())
    names = dict(Employee.objects.values_list("number", "name"))

    concerned = {row["工号"] for row in team()["员工"] if form_of(row["工号"])} | {
        row["工号"] for row in team()["考核小组"]
    }
    assert told("import_concerns") == sorted(names[number] for number in concerned)
    raters = {row["评分人工号"] for row in team()["评分"]}
    assert set(told("import_scores")) == {names[number] for number in raters}
    assert set(told("import_figures")) == {names[row["信息提供人工号"]] for row in team()["KPI数据"]}


def form_of(number: str) -> Form | None:
    return Form.objects.filter(employee__number=number).first()


def bring_in(hr: Client, second: Client, sheets: Sheets) -> None:
    url = send(hr, book(sheets)).url
    hr.post(url + "act/offer/")
    assert "已导入" in second.post(url + "load/", follow=True).content.decode()


def test_what_would_be_replaced_is_shown_and_nothing_else_is_replaced(hr, second):
    bring_in(hr, second, team())
    changed = team()
    find(changed, "KPI数据", 工号=AGENTS[0])["完成值"] = 99
    url = send(hr, book(changed)).url
    hr.post(url + "act/offer/")
    page = second.get(url).content.decode()
    assert "会覆盖什么" in page
    assert "<b>99</b>" in page

    Figure.objects.filter(superseded_at=None).update(value=98)
    assert "和你看到的不一样" in second.post(url + "load/", follow=True).content.decode()
    assert not Figure.objects.filter(value=99).exists()


def test_another_of_hr_sends_it_back_with_a_reason_and_the_sender_takes_it_back(hr, second):
    url = send(hr, book(team())).url
    hr.post(url + "act/offer/")

    assert "写一句为什么退回" in second.post(url + "act/return/").content.decode()
    assert (
        "退回的理由：少了两个人"
        in second.post(url + "act/return/", {"reason": "少了两个人"}, follow=True).content.decode()
    )
    assert told("workbook_returned") == ["何人"]
    assert "改好后重新上传" in second.post(url + "load/", follow=True).content.decode()
    assert hr.post(url + "act/nonsense/").status_code == 404
    assert "等另一位导入" in hr.post(url + "act/offer/", follow=True).content.decode()
    assert "自己收回" in hr.post(url + "act/return/", follow=True).content.decode()
    assert not Form.objects.exists()


def test_without_another_of_hr_nobody_is_asked(hr):
    url = send(hr, book(team())).url
    assert "只有你一位" in hr.post(url + "act/offer/").content.decode()


def test_what_another_version_of_the_portal_kept_is_gone_and_breaks_nothing(hr, var_dir):
    url = send(hr, book(team())).url
    notes = next((var_dir / "imports").glob("*.json"))
    notes.write_text('{"token": "x", "person_id": 1, "kept_at": "2026-11-01T10:00:00+08:00"}')

    assert hr.get(url).status_code == 404
    assert hr.get(reverse("reports:import_workbook")).status_code == 200
    assert hr.get(send(hr, book(team())).url).status_code == 200
    assert not notes.exists()


def test_who_is_asked_finds_it_for_a_week_and_a_new_upload_does_not_take_it_away(hr, second, monkeypatch):
    url = send(hr, book(team())).url
    hr.post(url + "act/offer/")
    send(hr, book(spoilt()))
    other = Employee.objects.get(name="钱慧")
    token, now = url.rstrip("/").rsplit("/", 1)[1], timezone.now()
    for hours, is_kept in ((2, True), (24 * 6, True), (24 * 8, False)):
        later = now + timedelta(hours=hours)
        with monkeypatch.context() as clock:
            clock.setattr("reports.services.uploads.timezone.now", lambda later=later: later)
            assert (kept_upload(token, by=other) is not None) is is_kept


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


def test_another_person_of_hr_who_is_not_asked_does_not_find_the_upload(hr):
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


def test_a_file_changed_since_the_preview_is_not_imported(hr, second, var_dir):
    url = send(hr, book(team())).url
    kept = next((var_dir / "imports").glob("*.xlsx"))
    kept.write_bytes(book(spoilt()))
    hr.post(url + "act/offer/")
    answer = second.post(url + "load/", follow=True).content.decode()
    assert "预览过的文件不在了" in answer
    assert not Form.objects.exists()


def test_what_became_wrong_since_the_preview_is_shown_instead(hr, second):
    url = send(hr, book(team())).url
    hr.post(url + "act/offer/")
    world.in_group(world.person("先到"), Duty.LEADER)
    page = second.post(url + "load/", follow=True).content.decode()
    assert "1 处要改" in page
    assert "已经有组长" in page
    assert not Form.objects.exists()


def test_a_second_upload_replaces_the_first_and_a_get_writes_nothing(hr, var_dir):
    first = send(hr, book(team())).url
    send(hr, book(spoilt()))
    assert hr.get(first).status_code == 404
    assert len(list((var_dir / "imports").glob("*.xlsx"))) == 1
    assert hr.get(first + "load/").status_code == 405
