"""The form's page as values: six parts in annex order, the rail, what is open, the sticky bar (A1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisals.selectors.event_words import cuts_of, kinds_of
from appraisals.selectors.targets import NUMBERS
from appraisals.states import FormState, Part
from appraisals.views.events import EventRow, bonus_rows, incident_rows
from appraisals.views.gather import Gathered
from appraisals.views.rows import Row, gaps_of, is_self, rows_of
from common.wording import lessened, signed
from common.wording import points as points_text
from policy.forms import MISSING, NOT_APPLICABLE, SCORED
from policy.rounding import ZERO, plain

SHORT = {
    Part.KPI: gettext_lazy("关键业绩"),
    Part.GOAL: gettext_lazy("工作目标"),
    Part.BEHAVIOUR: gettext_lazy("行为与态度"),
    Part.MANAGEMENT: gettext_lazy("管理行为"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A part as its card, its line in the rail and its chip; ``cuts`` says which points of its events do not count."""

    id: str
    code: str
    no: str
    name: str
    short: str
    note: str
    score: str
    full: str
    rows: Sequence[Row] = ()
    events: Sequence[EventRow] = ()
    cuts: Sequence[str] = ()
    open: int = 0
    count: int = 0
    shows_upward: bool = False

    @property
    def done(self) -> bool:
        return self.open == 0

    @property
    def icon(self) -> str:
        return "circle-check" if self.done else "circle-dashed"

    @property
    def colour(self) -> str:
        return "t-ok" if self.done else "t-warn"

    @property
    def mark(self) -> str:
        """4/6 on the chip while something is open."""
        return "" if self.done or not self.count else f"{self.count - self.open}/{self.count}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something open: where it is, and who holds it when it is not the reader."""

    anchor: str
    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The sticky bar's figures: marks of the stepped bar, counted and full marks, what is off and what is open."""

    coefficient: Decimal | None
    is_provisional: bool
    score: Decimal
    counted: Decimal
    full: Decimal
    off: Decimal
    got: Decimal
    plus: Decimal
    minus: Decimal
    lost: Decimal
    open: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole page but its head."""

    parts: list[PartView]
    gaps: list[Gap]
    mine: int
    total: Total
    is_self: bool
    own_score: Decimal
    own_full: Decimal


def sheet_of(gathered: Gathered) -> Sheet:
    """Lay the gathered form out."""
    rows = rows_of(gathered)
    scored = [part for code in Part if (part := _part(gathered, code, rows.get(code, [])))]
    parts = [*scored, _incidents(gathered), _bonuses(gathered)]
    mine = gaps_of(row for lines in rows.values() for row in lines)
    judged = [total for total in gathered.card.parts if total.part != Part.KPI]
    return Sheet(
        parts=parts,
        gaps=[*(_own_gap(row) for row in mine), *_others_gaps(gathered, rows)],
        mine=len(mine),
        total=_total(gathered),
        is_self=is_self(gathered),
        own_score=sum((total.score for total in judged), ZERO),
        own_full=sum((total.full_marks for total in judged), ZERO),
    )


def _part(gathered: Gathered, code: Part, rows: list[Row]) -> PartView | None:
    if not rows:
        return None
    total = gathered.card.part(code)
    open_rows = [row for row in rows if row.state == MISSING or row.is_gap]
    return PartView(
        id=f"p-{code.value}",
        code=code.value,
        no=str(NUMBERS[code]),
        name=str(code.label),
        short=str(SHORT[code]),
        note=_note(gathered, code, total.full_marks),
        score=points_text(total.score),
        full=plain(total.full_marks),
        rows=rows,
        open=len(open_rows),
        count=0 if code == Part.KPI and is_self(gathered) else sum(1 for row in rows if not row.is_off),
        shows_upward=any(row.upward is not None for row in rows),
    )


def _note(gathered: Gathered, code: Part, full: Decimal) -> str:
    marks = _("%(n)s 分") % {"n": plain(full)}
    own = is_self(gathered)
    if code == Part.KPI:
        return marks + " · " + _("数据由信息提供人报，这里不能改")
    if own:
        return marks + " · " + (_("先自评，以上级的复核分为准") if code != Part.MANAGEMENT else _upward_note(gathered))
    if code == Part.GOAL:
        return marks + " · " + _("以复核分为准")
    if code == Part.BEHAVIOUR:
        return marks + " · " + _("以复核分为准 · 短横线是自评")
    return marks + " · " + _upward_note(gathered)


def _upward_note(gathered: Gathered) -> str:
    """The shares, and how many subordinates have rated: never more than that while the form is open (P4.4)."""
    below, own, above = (plain(share) for share in gathered.rules.upward)
    words = _("自评 %(own)s%%、下级 %(below)s%%、上级 %(above)s%%") % {"own": own, "below": below, "above": above}
    asked, rated = gathered.record.asked, gathered.record.rated
    few = gathered.rules.min_raters
    if asked < few:
        return words + " · " + _("下级不到 %(few)s 人，下级的 %(below)s%% 归上级") % {"few": few, "below": below}
    told = {"asked": asked, "rated": rated, "few": few}
    if any(line.shares and line.shares[0] for line in gathered.card.lines):
        return words + " · " + _("下级 %(rated)s 人已评，只显示平均") % told
    return words + " · " + _("下级 %(asked)s 人中 %(rated)s 人已评，满 %(few)s 人，汇总时计入平均") % told


def _incidents(gathered: Gathered) -> PartView:
    return PartView(
        id="p-incidents",
        code="incidents",
        no=_("五"),
        name=_("不良事故"),
        short=_("不良事故"),
        note=_("扣分项 · 核实后才计分"),
        score=lessened(gathered.card.deducted),
        full="",
        events=incident_rows(gathered),
        cuts=cuts_of(gathered.card.cuts, {}, deductions=True),
        open=sum(1 for one in gathered.incidents if not one.is_confirmed),
    )


def _bonuses(gathered: Gathered) -> PartView:
    return PartView(
        id="p-bonuses",
        code="bonuses",
        no=_("六"),
        name=_("加分"),
        short=_("加分"),
        note=_("加分项 · 直接上级确认后计分"),
        score=signed(gathered.card.added),
        full="",
        events=bonus_rows(gathered),
        cuts=cuts_of(gathered.card.cuts, kinds_of(gathered.record.bonuses), deductions=False),
        open=sum(1 for one in gathered.bonuses if not one.is_confirmed),
    )


def _own_gap(row: Row) -> Gap:
    return Gap(anchor=f"i-{row.pk}", name=row.name, words=_("缺事实") if row.wants_fact else _("未评"))


def _others_gaps(gathered: Gathered, rows: dict[str, list[Row]]) -> list[Gap]:
    """Figures that somebody owes; the review's own gaps when the reader does not hold them."""
    found: list[Gap] = []
    if gathered.form.state == FormState.ACTIVE and not gathered.viewer.is_own:
        words = _("等%(who)s交") % {"who": gathered.form.employee.name}
        found.append(Gap(anchor="p-goal", name=_("自评"), words=words))
    for code, lines in rows.items():
        for row in lines:
            if row.state != MISSING or row.control:
                continue
            if code == Part.KPI:
                words = _owed_words(row, gathered.form.owner.name)
                found.append(Gap(anchor=f"i-{row.pk}", name=row.name, words=words))
            elif gathered.viewer.sees_review and gathered.form.state != FormState.ACTIVE:
                words = _("等%(who)s评") % {"who": gathered.form.owner.name}
                found.append(Gap(anchor=f"i-{row.pk}", name=row.name, words=words))
    return found


def _owed_words(row: Row, owner: str) -> str:
    if row.blind_url:
        return _("交了复听才看得到平均分")
    return _("当月还没有监听") if row.is_monitored else _("等%(who)s报数") % {"who": row.owed_by or owner}


def _total(gathered: Gathered) -> Total:
    card = gathered.card
    got = sum((part.score for part in card.parts), ZERO)
    return Total(
        coefficient=card.provisional,
        is_provisional=card.coefficient is None,
        score=card.total,
        counted=card.counted,
        full=card.full_marks,
        off=sum((line.points for line in card.lines if line.state == NOT_APPLICABLE), ZERO),
        got=got,
        plus=card.added,
        minus=card.deducted,
        lost=max(ZERO, sum((line.points for line in card.lines if line.state == SCORED), ZERO) - got),
        open=card.full_marks - card.counted,
    )
