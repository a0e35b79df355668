"""The closing of a month: what is missing, consolidation in the background, signatures, filing, the report."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from reports.management.demo.cast import PASSWORD
from tests.browser.portal import Portal
from tests.browser.steps import be, expect_state, form_of, month_key, state_of


def test_the_duty_officer_sees_who_owes_what_and_a_cell_narrows_the_list(page: Page, portal: Portal):
    be(page, portal, "沈玉兰")
    page.goto(portal.at("/duty/"))

    expect(page.locator("#list")).to_contain_text("赵琳")
    page.locator("tr", has_text="华南区域").locator("a.cell").nth(2).click()

    expect(page.locator("#list h2")).to_contain_text("华南区域")
    expect(page.locator("#list")).to_contain_text("马晓东")
    expect(page.locator("#list")).not_to_contain_text("陈思雨")


def test_consolidation_runs_in_the_background_with_its_progress_and_names_what_it_refused(page: Page, portal: Portal):
    be(page, portal, "沈玉兰")
    page.goto(portal.at("/duty/"))
    before = portal.rows("SELECT COUNT(*) FROM scoring_result")[0][0]

    page.get_by_role("button", name="汇总").first.click()

    progress = page.locator("#progress")
    expect(progress).to_contain_text("上次汇总", timeout=30_000)
    expect(progress).to_contain_text("没过")
    expect(progress).to_contain_text("赵琳")
    done = portal.rows("SELECT COUNT(*) FROM scoring_result")[0][0] - before
    assert done > 0
    expect(progress).to_contain_text(f"已汇总 {done}")


def test_results_are_published_and_the_appraisee_reads_how_they_came_about(page: Page, portal: Portal):
    address = form_of(portal, "汪洋", 0)
    be(page, portal, "沈玉兰")
    page.goto(portal.at("/duty/"))
    page.get_by_role("link", name="的结果").click()
    page.locator("dialog[open]").get_by_role("button", name="的结果").click()
    expect(page.locator("#progress")).to_contain_text("上次出结果", timeout=30_000)

    assert state_of(portal, address) == "published"


def sign(page: Page, password: str, objection: str = "") -> None:
    page.get_by_label("带异议签认" if objection else "同意结果").check()
    if objection:
        page.locator("#id_objection").fill(objection)
    page.locator("#id_password").fill(password)
    page.locator("#sign").get_by_role("button", name="签认").click()
    page.wait_for_load_state()


def test_an_employee_signs_with_the_password_and_never_without(page: Page, portal: Portal):
    address = form_of(portal, "陈思雨", -1)
    be(page, portal, "陈思雨")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(portal.at(address.replace("/forms/", "/results/")))
    expect(page.locator("#sign input[type=radio]:checked")).to_have_count(0)

    sign(page, "wrong")
    expect(page.get_by_role("alert").first).to_be_visible()
    assert state_of(portal, address) == "published"

    sign(page, PASSWORD, "十月平均处理时长含系统故障时段")
    expect(page.locator("#sign")).to_contain_text("带异议签认")
    assert state_of(portal, address) == "signed"
    found = portal.rows(
        "SELECT s.digest = r.digest, s.is_agreed, s.objection FROM scoring_signature s "
        "JOIN scoring_result r ON r.id = s.result_id WHERE s.objection <> ?",
        "",
    )
    assert [(bool(same), bool(agreed), text) for same, agreed, text in found] == [
        (True, False, "十月平均处理时长含系统故障时段")
    ]


def test_hr_files_what_both_have_signed(page: Page, portal: Portal):
    address = form_of(portal, "陈思雨", -1)
    be(page, portal, "赵琳")
    page.goto(portal.at(f"/hr/{month_key(-1)}/"))

    page.locator("tr", has_text="陈思雨").get_by_role("checkbox").check()
    page.get_by_role("button", name="备案").first.click()
    expect_state(portal, address, "filed")


def test_hr_downloads_the_months_report_and_it_reads_as_the_page_says(page: Page, portal: Portal, tmp_path: Path):
    be(page, portal, "赵琳")
    page.goto(portal.at(f"/hr/{month_key(-1)}/"))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载 KPI 报表").click()
    download = waiting.value
    path = tmp_path / "report.xlsx"
    download.save_as(path)

    assert download.suggested_filename == f"客服KPI绩效考核报表_{month_key(-1)}.xlsx"
    sheet = load_workbook(path)["月度汇总"]
    head = [cell.value for cell in sheet[1]]
    rows = {row[0]: dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert len(rows) == 57
    assert sheet.freeze_panes is not None
    total = sum(Decimal(str(row["月绩效工资"])) for row in rows.values())
    expect(page.locator("dl.stats")).to_contain_text(f"{total:,.2f}")
    stored = portal.rows(
        "SELECT e.number, r.coefficient FROM scoring_result r JOIN people_employee e ON e.id = r.employee_id "
        "JOIN appraisals_cycle c ON c.id = r.cycle_id WHERE c.starts_on = ? AND r.superseded_at IS NULL",
        date.fromisoformat(f"{month_key(-1)}-01").isoformat(),
    )
    assert {number: float(coefficient) for number, coefficient in stored} == {
        number: row["绩效系数(%)"] for number, row in rows.items()
    }


def workbook(path: Path, superior: str) -> Path:
    """A workbook with a new region and a newcomer there."""
    book = Workbook()
    regions, people = book.active, book.create_sheet("员工")
    assert regions is not None
    regions.title = "区域"
    for row in (("区域编码", "区域名称"), ("R09", "西南区域")):
        regions.append(row)
    columns = (
        "工号",
        "姓名",
        "区域编码",
        "岗位编码",
        "等级",
        "直接上级工号",
        "入职日期",
        "离职日期",
        "基本工资",
        "邮箱",
    )
    people.append(columns)
    people.append(("E0901", "新人", "R09", "KFZY", "一等", superior, "2026-11-02"))
    book.save(path)
    return path


def test_hr_previews_a_workbook_and_nothing_is_written_before_yes(page: Page, portal: Portal, tmp_path: Path):
    be(page, portal, "赵琳")
    new = "SELECT COUNT(*) FROM people_employee WHERE number = ?"
    page.goto(portal.at("/import/"))
    page.locator("input[type=file]").set_input_files(workbook(tmp_path / "错.xlsx", "E9999"))
    page.get_by_role("button", name="预览").click()
    expect(page.locator("#faults")).to_contain_text("F2")
    expect(page.locator("#faults")).to_contain_text("E9999")
    expect(page.locator("main")).to_contain_text("什么都还没有写进系统")
    assert portal.rows("SELECT COUNT(*) FROM people_region WHERE code = ?", "R09") == [(0,)]

    page.get_by_role("link", name="改好再选文件").click()
    page.locator("input[type=file]").set_input_files(workbook(tmp_path / "对.xlsx", "E0101"))
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("button", name="导入")).to_be_visible()
    assert portal.rows(new, "E0901") == [(0,)]
    page.get_by_role("button", name="导入").click()

    expect(page.locator("h1")).to_contain_text("已导入")
    assert portal.rows(new, "E0901") == [(1,)]


def test_what_decides_pay_one_of_hr_sends_and_another_brings_in(page: Page, portal: Portal, tmp_path: Path):
    book = Workbook()
    grades = book.active
    assert grades is not None
    grades.title = "历年等级"
    for row in (("年份", "工号", "等级"), (2023, "E0105", "B")):
        grades.append(row)
    book.save(tmp_path / "历年.xlsx")
    stored = "SELECT COUNT(*) FROM scoring_pastgrade WHERE year = ?"
    be(page, portal, "赵琳")
    page.goto(portal.at("/import/"))
    page.locator("input[type=file]").set_input_files(tmp_path / "历年.xlsx")
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name="请另一位导入").click()
    expect(page.locator("h1")).to_contain_text("等另一位导入")
    expect(page.get_by_role("button", name="导入 1 行")).to_have_count(0)

    be(page, portal, "钱慧")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(portal.at("/inbox/"))
    page.get_by_text("请你看一份工作簿").first.click()
    expect(page.locator("main")).to_contain_text("赵琳请你核对")
    assert portal.rows(stored, 2023) == [(0,)]
    page.get_by_role("button", name="导入 1 行").click()
    expect(page.locator("h1")).to_contain_text("已导入")
    assert portal.rows(stored, 2023) == [(1,)]
    be(page, portal, "陈思雨")
    page.goto(portal.at("/inbox/"))
    expect(page.locator("main")).to_contain_text("赵琳发的工作簿里有你的考核资料")


def test_an_agent_opens_none_of_the_closing_pages(page: Page, portal: Portal):
    be(page, portal, "陈思雨")

    for path in ("/duty/", f"/hr/{month_key(-1)}/", f"/hr/{month_key(-1)}/report.xlsx", "/import/", "/approvals/"):
        answer = page.request.get(portal.at(path))
        assert answer.status in {403, 404}, path
