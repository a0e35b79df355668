"""The words of a board: what must still move, what follows from a move, why somebody isn't graded."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calibration.selectors.board import Board, Ungraded
from calibration.selectors.cards import Card
from common.wording import listed, short
from policy.calibration import Lane, Seat, lanes_of
from policy.schemes import Scheme


def still_to_move(board: Board) -> tuple[str, str]:
    """What must still move, as a head and a sentence; two empty texts if nothing must, or one may not know."""
    if not board.shifts:
        return "", ""
    people = sum(one.people for one in board.shifts)
    head = ngettext("还要动%(n)s人：", "还要动%(n)s人：", people) % {"n": people}
    steps = [
        _("把%(n)s人从%(source)s移到%(target)s") % {"n": one.people, "source": one.source, "target": one.target}
        for one in board.shifts
    ]
    lanes = [lane.lane for lane in board.lanes if lane.lane]
    words = _("%(lanes)s。%(steps)s，或写明超额理由，才能锁定。")
    return head, words % {"lanes": listed(over_words(lanes)), "steps": listed(steps)}


def over_words(lanes: Sequence[Lane]) -> list[str]:
    """A多1人, B少1人: the lanes that hold more or fewer than their places."""
    return [
        (_("%(grade)s多%(n)d人") if lane.over > 0 else _("%(grade)s少%(n)d人"))
        % {"grade": lane.grade, "n": abs(lane.over)}
        for lane in lanes
        if lane.over
    ]


def effect_of_move(seats: Sequence[Seat], mine: Seat, to: str, rules: Scheme) -> str:
    """The two lanes as they will be, and whether all lanes then hold their places."""
    after = lanes_of([seat._replace(grade=to) if seat.key == mine.key else seat for seat in seats], rules)
    touched = [f"{lane.grade} {lane.count} / {lane.places}" for lane in after if lane.grade in {mine.grade, to}]
    uneven = over_words(after)
    rest = listed(uneven) if uneven else _("各等级都正好")
    return _("%(lanes)s，%(rest)s。") % {"lanes": listed(touched), "rest": rest}


def bonus_words(before: str, to: str, rules: Scheme) -> str:
    """What becomes of the factor of the year-end bonus."""
    was: Decimal | None = rules.grade(before).bonus_factor if before else None
    now = rules.grade(to).bonus_factor
    if was is None:
        return _("年度奖金系数定为%(now)s，不影响其他人。") % {"now": short(now)}
    if was == now:
        return _("年度奖金系数不变，不影响其他人。")
    return _("年度奖金系数%(was)s变为%(now)s，不影响其他人。") % {"was": short(was), "now": short(now)}


def tie_words(cards: Sequence[Card]) -> str:
    """Who is tied across a line and waits for the group."""
    return _("%(names)s并列，跨等级线，由小组定；不定就留在这一级。") % {"names": listed([card.name for card in cards])}


def why_ungraded(one: Ungraded) -> str:
    """Why somebody of the year has no grade."""
    words = {
        "few_months": ngettext(
            "有%(n)s个月的结果，满%(need)s个月才参评", "有%(n)s个月的结果，满%(need)s个月才参评", one.months
        ),
        "no_annual_form": _("没有年度考核表的结果"),
        "nothing_applicable": _("没有适用的考核项"),
    }
    return words.get(one.why, words["few_months"]) % {"n": one.months, "need": one.need}
