"""The commands settle and close_year: their exit status, their words, and that twice is once."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from appraisals.models import Figure
from appraisals.states import FormState
from scoring.models import AnnualResult, Proposal, Result
from tests import world

pytestmark = pytest.mark.django_db


def run(*args: str) -> tuple[int, str]:
    """Exit status and output."""
    out = StringIO()
    try:
        call_command(*args, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def stored() -> list[str]:
    """Every result, proposal and annual result, to the letter."""
    kinds = (Result.objects, Proposal.objects, AnnualResult.objects)
    return [str(list(kind.order_by("pk").values())) for kind in kinds]


def test_a_complete_month_is_settled_and_twice_is_once(month):
    assert run("settle", "2026-10") == (0, "2026-10：汇总3张，出结果3张，共3张。\n")
    before = stored()

    assert run("settle", "2026-10") == (0, "2026-10：汇总0张，出结果0张，共3张。\n")
    assert stored() == before


def test_incomplete_forms_are_listed_with_what_is_missing_and_the_others_done(month):
    Figure.objects.filter(item__form=month.form, item__name="差错").delete()
    month.second_form.state = FormState.REVIEW
    month.second_form.save()

    status, words = run("settle", "2026-10")

    assert status == 3
    assert f"{month.agent.number} 吴倩：“差错”缺数据（周敏）" in words
    assert f"{month.second_agent.number} 黄佩珊：还没复核（周敏）" in words
    assert Result.objects.get().form == month.own_form


@pytest.mark.parametrize("text", ["2026-13", "2026", "202610", "2026-1", "", "2031-01"])
def test_a_month_that_cannot_be_used_is_one_clear_line(db, text):
    status, words = run("settle", text)

    assert status == 2
    assert "\n" not in words


def a_year(month, shares: dict[str, list[str]]) -> None:
    """Settled months from January on, for people named with their shares."""
    for name, row in shares.items():
        somebody = world.graded(world.person(name, superior=month.supervisor))
        for number, share in enumerate(row, start=1):
            world.ready_form(somebody, month.supervisor, month=date(2026, number, 1), share=share)
    for number in range(1, 8):
        run("settle", f"2026-{number:02}")


def test_a_year_is_graded_by_quota_and_too_few_months_are_listed(month):
    a_year(month, {f"员工{n:02}": [f"0.{70 + n}"] * 6 for n in range(10)} | {"新人": ["0.9"] * 5})

    assert run("close_year", "2026", "--completion", "96.5")[0] == 0
    rows = {row.employee.name: row for row in AnnualResult.objects.select_related("employee")}
    assert [rows[f"员工{n:02}"].grade for n in range(9, -1, -1)] == list("ABBCCCCCDD")
    assert (rows["新人"].grade, rows["新人"].rank, rows["新人"].bonus) == ("", None, None)
    best = rows["员工09"]
    assert (best.coefficient, best.rank, best.consequences) == (Decimal(79), 1, ["excellence_award"])
    assert best.bonus == Decimal("3887.99")  # 96.5 % × 79 % × 1.5 × 3400 = 3887.985
    before = stored()

    assert run("close_year", "2026", "--completion", "96.5")[0] == 0
    assert stored() == before


def test_ties_across_a_boundary_are_left_undecided(month):
    a_year(month, {f"员工{n}": ["0.8"] * 6 for n in range(10)})

    status, words = run("close_year", "2026", "--completion", "100")

    assert status == 3
    assert "并列第1名" in words
    assert set(AnnualResult.objects.values_list("grade", "is_undecided", "bonus")) == {("", True, None)}


@pytest.mark.parametrize(
    ("year", "rate"), [("26", "90"), ("2026", "abc"), ("2026", "-1"), ("2026", "90"), ("2026", "9.999")]
)
def test_a_year_that_cannot_be_closed_is_one_clear_line(db, year, rate):
    status, words = run("close_year", year, f"--completion={rate}")

    assert status == 2
    assert "\n" not in words
