"""A what-if as sheets: everybody before and after, and by month. Heads are Chinese in every language: they are kept."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import override

from appraisals.states import CycleKind
from calibration.selectors.replays import Pair, PersonLine, Sums
from reports.workbooks.writing import Column, Kind, Sheet, workbook_bytes
from scoring.models import Replay, ReplayLine

Line = Column[PersonLine]
PERSON: tuple[Line, ...] = (
    Column(title="工号", value=lambda line: line.row.employee.number, width=10),
    Column(title="姓名", value=lambda line: line.row.employee.name, width=10),
    Column(title="原月均系数(%)", value=lambda line: line.row.coefficient_before, kind=Kind.POINTS, width=12),
    Column(title="试算月均系数(%)", value=lambda line: line.row.coefficient_after, kind=Kind.POINTS, width=12),
    Column(title="多出的奖惩", value=lambda line: "；".join(line.more) or None, kind=Kind.LONG, width=34),
    Column(title="不再有的奖惩", value=lambda line: "；".join(line.fewer) or None, kind=Kind.LONG, width=34),
)
YEAR: tuple[Line, ...] = (
    Column(title="原年度系数(%)", value=lambda line: _rate(line.row.year_before), kind=Kind.POINTS, width=12),
    Column(title="试算年度系数(%)", value=lambda line: _rate(line.row.year_after), kind=Kind.POINTS, width=12),
    Column(title="原等级", value=lambda line: line.grade_before or None, width=8),
    Column(title="试算等级", value=lambda line: line.grade_after or None, width=8),
)
PAY: tuple[Line, ...] = (
    Column(title="原绩效工资", value=lambda line: line.row.pay_before, kind=Kind.MONEY, width=12),
    Column(title="试算绩效工资", value=lambda line: line.row.pay_after, kind=Kind.MONEY, width=12),
)
BONUS: tuple[Line, ...] = (
    Column(title="原年终奖金", value=lambda line: line.bonus[0] if line.bonus else None, kind=Kind.MONEY, width=12),
    Column(title="试算年终奖金", value=lambda line: line.bonus[1] if line.bonus else None, kind=Kind.MONEY, width=12),
)
MONTH: tuple[Column[ReplayLine], ...] = (
    Column(title="工号", value=lambda line: line.employee.number, width=10),
    Column(title="姓名", value=lambda line: line.employee.name, width=10),
    Column(title="周期", value=lambda line: _period(line), width=12),
    Column(title="原系数(%)", value=lambda line: line.coefficient_before, kind=Kind.POINTS, width=12),
    Column(title="试算系数(%)", value=lambda line: line.coefficient_after, kind=Kind.POINTS, width=12),
)
MONTH_PAY: tuple[Column[ReplayLine], ...] = (
    Column(title="原绩效工资", value=lambda line: line.pay_before, kind=Kind.MONEY, width=12),
    Column(title="试算绩效工资", value=lambda line: line.pay_after, kind=Kind.MONEY, width=12),
)
SUMS: tuple[Column[Pair], ...] = (
    Column(title="项目", value=lambda pair: pair.name, width=30),
    Column(title="原来", value=lambda pair: pair.before, kind=Kind.POINTS, width=16),
    Column(title="试算", value=lambda pair: pair.after, kind=Kind.POINTS, width=16),
)


def replay_workbook(
    replay: Replay, sums: Sums, people: Sequence[PersonLine], months: Iterable[ReplayLine], *, with_pay: bool
) -> bytes:
    """Sums, people and months as far as one person may see them; amounts only ``with_pay``."""
    columns = [*PERSON, *(PAY if with_pay else ()), *(YEAR if replay.year else ())]
    columns += BONUS if with_pay and replay.year else ()
    sheets: list[Sheet[Pair] | Sheet[PersonLine] | Sheet[ReplayLine]] = [
        Sheet(name="合计", columns=SUMS, rows=_sums(sums), portrait=True),
        Sheet(name="员工", columns=columns, rows=people, frozen=2),
        Sheet(name="各月", columns=(*MONTH, *(MONTH_PAY if with_pay else ())), rows=months, frozen=2),
    ]
    with override("zh-hans"):
        return workbook_bytes(sheets, footer=f"方案试算 {replay.scheme.version}")


def _sums(sums: Sums) -> list[Pair]:
    rows = []
    if sums.coefficient:
        rows.append(Pair("人均系数(%)", *sums.coefficient))
    for name, pair in (("绩效工资合计", sums.pay), ("年终奖金合计", sums.bonuses)):
        if pair:
            rows.append(pair._replace(name=name))
    rows += [pair._replace(name=f"奖惩建议 {pair.name}") for pair in sums.rules]
    rows += [pair._replace(name=f"等级 {pair.name}") for pair in sums.grades]
    return rows + [pair._replace(name=f"年度奖惩 {pair.name}") for pair in sums.led]


def _rate(year: dict[str, str | None]) -> Decimal | None:
    told = year.get("coefficient")
    return None if told is None else Decimal(told)


def _period(line: ReplayLine) -> str:
    return f"{line.month:%Y}" if line.form.cycle.kind == CycleKind.YEAR else f"{line.month:%Y-%m}"
