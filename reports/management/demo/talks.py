"""Interviews of the demo: held and confirmed in closed months, one waiting for an answer, one being prepared."""

from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from appraisals.models import Cycle, Form
from development.models import Interview
from development.selectors.agenda import agenda_of
from development.services.interviews import (
    Agreed,
    Confirmation,
    Notes,
    Talk,
    acknowledge_interview,
    finish_agreement,
    prepare_interview,
    save_interview,
    share_interview,
)
from development.states import InterviewState
from policy.workdays import working_day_after
from reports.management.demo.appealing import RULED
from reports.management.demo.clock import at
from reports.management.demo.months import Troupe, noon
from scoring.models import Result

TALKED_OVER = "陈思雨"
"""Her record of the second last month waits for her; of the last month she has had no interview yet."""
PREPARED, FORGOTTEN, CORRECTED = "孙磊", "高雅琪", RULED[-3].person
PRAISED = Decimal(80)
LOW = Notes(
    achievements="复杂报障能沉得住气，业务考核全部通过。",
    shortcomings="得分低的几项都和交接有关：积压没有说清，客户要催第二次。",
    causes="中班交接没有留时间，示忙前也没有打招呼。",
    support="交接固定留15分钟；每周和负责人复盘两通录音。",
    next_targets="没有新的有效投诉，积压工单当日清零。",
)
GOOD = Notes(
    achievements="满意率和结案率都在区域前列，带新人的两通示范录音被收进样例。",
    shortcomings="忙时话术偏长，知识库条目更新少。",
    causes="习惯把相关业务一次讲全，条目多在月末才补。",
    support="每周留半小时写条目，由培训主管复核。",
    next_targets="每周更新1条知识库条目，保持满意率。",
)
OWN = Notes(
    achievements="一次解决率有提高，三次升级投诉都当天化解。",
    shortcomings="月初两天的回访记录补得晚。",
    causes="排班调整后回访时段被占用。",
    support="回访时段写进排班，班长协助调换。",
    next_targets="回访当日记录，满意率不低于上月。",
)
HEAD = Notes(
    achievements="区域结案率连续上升，录音复听按计划完成。",
    shortcomings="数据报送有一项过期，新人带教记录不全。",
    causes="报送放在月末集中做，临近期限才核对。",
    support="值班主任提前三天给一次清单。",
    next_targets="数据提前一个工作日报完，新人周谈记录齐全。",
)


class Scene(NamedTuple):
    """An interview of a closed month: with whom, what was written, what he said to it, and whether he agreed."""

    ahead: int
    person: str
    notes: Notes
    own_words: str = ""
    opinion: str = ""


HELD = (
    Scene(-3, "孙磊", LOW, "交接确实没写清，愿意按清单来。"),
    Scene(-3, "林嘉怡", GOOD, "月末补条目的习惯会改。"),
    Scene(-3, "吴海燕", LOW, "中班交接的时间不够，希望能固定下来。"),
    Scene(-2, "孙磊", LOW, "交接的15分钟有用，积压少了。"),
    Scene(-2, "刘志强", LOW, "旺季排班紧。", "积压里有一半是设备故障转来的，不都是我没交接清。"),
    Scene(-2, "周敏", HEAD, "报送已经改成每周核一次。"),
)


def talk(troupe: Troupe, cycle: Cycle, today: date, ahead: int) -> None:
    """The interviews about one closed month."""
    for scene in HELD:
        if scene.ahead == ahead:
            _confirmed(troupe, cycle, scene)
    if ahead in (-3, -2):
        _others(troupe, cycle, except_for=(TALKED_OVER, FORGOTTEN) if ahead == -2 else (CORRECTED,))
    yesterday = today - timedelta(days=1)
    if ahead == -2:
        _shared(_form(cycle, TALKED_OVER), OWN, yesterday)
    elif ahead == -1:
        with at(noon(yesterday, 7)):
            form = _form(cycle, PREPARED)
            made = prepare_interview(form.pk, by=form.owner)
            begun = Talk(notes=Notes(achievements=LOW.achievements, shortcomings=LOW.shortcomings))
            save_interview(made.pk, begun, version=None, by=form.owner)


def _confirmed(troupe: Troupe, cycle: Cycle, scene: Scene) -> None:
    """Held three working days after the publication, confirmed two later, the first agreed action done in time."""
    form = _form(cycle, scene.person)
    days = [working_day_after(cycle.publish_due_on, n, troupe.calendar) for n in (3, 5, 8)]
    made = _shared(form, scene.notes, days[0])
    said = Confirmation(own_words=scene.own_words, opinion=scene.opinion, is_agreed=not scene.opinion)
    with at(noon(days[1], 2)):
        acknowledge_interview(made.pk, said, version=None, by=form.employee)
    with at(noon(days[2], 3)):
        finish_agreement(made.pk, made.agreements.order_by("due_on")[0].pk, by=form.owner)


def _others(troupe: Troupe, cycle: Cycle, *, except_for: tuple[str, ...]) -> None:
    """Everybody else's interview, held in time and confirmed, in one statement."""
    held, confirmed = (working_day_after(cycle.publish_due_on, n, troupe.calendar) for n in (4, 5))
    results = Result.objects.filter(cycle=cycle, superseded_at__isnull=True, form__interview__isnull=True)
    results = results.exclude(employee__name__in=except_for)
    Interview.objects.bulk_create(
        Interview(
            form_id=one.form_id,
            result=one,
            owner_id=one.form.owner_id,
            employee_id=one.employee_id,
            state=InterviewState.ACKNOWLEDGED,
            due_on=one.interview_until or confirmed,
            held_on=held,
            agenda=agenda_of(one),
            **asdict(GOOD if (one.coefficient or 0) >= PRAISED else LOW),
            is_agreed=True,
            shared_at=noon(held, 4),
            acknowledged_at=noon(confirmed, 1),
        )
        for one in results.select_related("form")
    )


def _shared(form: Form, notes: Notes, day: date) -> Interview:
    agreed = [
        Agreed(text="固定交接和回访的时段，写进排班", due_on=day + timedelta(days=10), by_owner=True),
        Agreed(text="每周五自查一次积压，记在交接本上", due_on=day + timedelta(days=30)),
    ]
    with at(noon(day, -2)):
        made = prepare_interview(form.pk, by=form.owner)
    with at(noon(day, 3)):
        save_interview(made.pk, Talk(held_on=day, notes=notes, agreed=agreed), version=None, by=form.owner)
    with at(noon(day, 4)):
        return share_interview(made.pk, by=form.owner)


def _form(cycle: Cycle, name: str) -> Form:
    return Form.objects.select_related("owner", "employee").get(cycle=cycle, employee__name=name)
