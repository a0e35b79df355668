"""The year of the demo: reckoned, previewed and half calibrated; one move waits for the leader's answer."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from calibration.services.moving import Wish, answer_move, move_person
from calibration.services.noting import note_person
from calibration.services.phases import open_board, preview_year
from people.facts import SYSTEM
from people.models import Employee
from reports.management.demo.clock import at
from reports.management.demo.months import Troupe
from scoring.models import AnnualResult, AnnualReview
from scoring.services.years import close_year

COMPLETION = Decimal("96.50")
ENOUGH = 6
"""Months of results that make a year worth calibrating."""
LEADER, MEMBER, SECOND, THIRD = "方志远", "沈玉兰", "韩冰", "郑洁"
DOWN = "年内有两次有效投诉，服务意识这一项三个月低于班组平均。"
UP = "牵头整理知识库，带出两名新人，区域内抢单支援最多。"
WAITING = "接手三个疑难客户，续约都保住了，系数没有反映出来。"
NOTES = ("上半年脱产培训两个月，后来补得很快。", "和区域经理核过，迟报都在一月，之后没有再犯。")


def calibrate(troupe: Troupe, today: date) -> None:
    """The last year, which is over: grades of the running one are published when it is."""
    year = today.year - 1
    review = close_year(year, completion=COMPLETION, by=SYSTEM)
    who = {name: troupe.cast.named(name) for name in (LEADER, MEMBER, SECOND, THIRD)}
    morning = timezone.now() - timedelta(days=2)
    with at(morning):
        preview_year(year, by=who[LEADER])
    with at(morning + timedelta(hours=3)):
        open_board(year, by=who[LEADER])
    _move(review, who, morning + timedelta(hours=20))


def _move(review: AnnualReview, who: dict[str, Employee], begun: datetime) -> None:
    """One down in order, one up against it and authorised, one that waits for the leader; two notes."""
    good, fair = (_in(review, grade) for grade in "BC")
    if len(good) < 2 or len(fair) < 6:
        return
    asks = {"by": who[SECOND]}
    with at(begun):
        move_person(good[-1].pk, Wish(to_grade="C", reason=DOWN), by=who[MEMBER])
    with at(begun + timedelta(minutes=20)):
        asked = move_person(fair[1].pk, Wish(to_grade="B", reason=UP, authoriser=who[THIRD].number), **asks)
    with at(begun + timedelta(hours=1)):
        answer_move(asked.pk, consents=True, answer="情况属实，同意。", by=who[THIRD])
    for place, words in zip((fair[2], fair[4]), NOTES, strict=True):
        with at(begun + timedelta(minutes=90)):
            note_person(place.pk, text=words, by=who[MEMBER])
    with at(begun + timedelta(hours=2)):
        move_person(fair[5].pk, Wish(to_grade="B", reason=WAITING, authoriser=who[LEADER].number), **asks)


def _in(review: AnnualReview, grade: str) -> list[AnnualResult]:
    """Who has that grade, best first."""
    return list(AnnualResult.objects.filter(review=review, grade=grade).order_by("rank", "employee__number"))
