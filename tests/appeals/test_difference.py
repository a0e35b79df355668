"""What a correction owes for a month already paid: a line of the running month's report (P6.3b)."""

from datetime import date

import pytest

from reports.exports import DIFFERENCE_COLUMNS, month_workbook
from scoring.selectors.reports import difference_rows, month_rows
from tests import world
from tests.appeals.conftest import as_, file, on, pay, rejected, ruled, sign_both, upheld
from tests.reports.books import heads, opened, table

HEADS = ["工号", "姓名", "原月份", "原绩效工资", "更正后", "差额", "原因"]


@pytest.fixture
def filed(cast):
    """October signed, filed and paid, November's cycle open."""
    with on(9):
        sign_both(cast.form, cast.month)
        file(cast.form, cast.month)
        pay(cast)
    world.cycle(date(2026, 11, 1))
    return cast


def written(month: date) -> bytes:
    cycle = world.cycle(month)
    return month_workbook(cycle, month_rows(cycle), differences=difference_rows(cycle))


def test_the_next_months_report_has_the_line_and_the_old_ones_none(filed):
    appeal = ruled(filed, upheld("2"))

    assert heads(written(date(2026, 11, 1)), "差额") == HEADS == [column.title for column in DIFFERENCE_COLUMNS]
    row = table(written(date(2026, 11, 1)), "差额")[0]
    assert [row[name] for name in HEADS] == [
        *(filed.agent.number, filed.agent.name, "2026-10", 1120, 1148, 28),
        f"申诉{appeal.number}",
    ]
    assert not [row for row in table(written(date(2026, 10, 1)), "差额") if row["工号"]]


def test_a_report_without_pay_has_no_differences(filed):
    ruled(filed, upheld("2"))
    cycle = world.cycle(date(2026, 11, 1))

    assert "差额" not in opened(month_workbook(cycle, [], with_pay=False)).sheetnames


def test_hr_sees_the_differences_of_the_month_and_the_auditor_no_amount(filed):
    ruled(filed, upheld("2"))

    with on(12):
        page = as_(filed.month.hr).get("/hr/2026-11/").content.decode()
        other = as_(filed.auditor).get("/hr/2026-11/").content.decode()

    assert "补发差额" in page
    assert "+28.00" in page
    assert "补发差额" not in other


def test_a_rejected_appeal_owes_nothing(filed):
    ruled(filed, rejected())

    assert difference_rows(world.cycle(date(2026, 11, 1))) == []
