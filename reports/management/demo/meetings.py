"""Exchange meetings of the demo: the minutes of earlier months are sent, those of the last half written."""

from datetime import date, timedelta

from appraisals.models import Cycle
from development.models import Meeting
from development.selectors.meetings import heads_of_regions
from development.services.meetings import (
    MeetingFacts,
    add_to_minutes,
    answer_amendment,
    prepare_meeting,
    propose_amendment,
    save_meeting,
    save_minute,
    send_minutes,
)
from people.models import DutyTurn, Employee
from policy.workdays import working_day_after
from reports.management.demo.clock import at
from reports.management.demo.months import Troupe, noon
from reports.services.packaging import make_package

MANAGER, LEADER = "何建国", "方志远"
PLACE = "总部3号会议室，各区域视频"
SUMMARY = "三个区域的结果都已公布。共同的短板是话后处理时间，下月统一练检索；数据报送改为提前一个工作日核对。"
SAID = {
    "R01": {
        "practice": "班前十分钟讲一通录音，连讲四周，聆听和发问两项的失分明显少了。",
        "causes": "下午三点以后积压多，交接没有固定时间。",
        "measures": "中班交接固定留15分钟清积压；培训主管每周带两次检索。",
        "next_targets": "积压工单当日清零，按时报送数据不低于98%。",
    },
    "R02": {
        "practice": "回访时段写进排班，回访及时率上来了。",
        "causes": "新流程培训晚了一周，月初答复口径不一致。",
        "measures": "流程变更三日内完成班组宣讲，当周抽听五通。",
        "next_targets": "答复口径差错降到每月两件以内，满意率不低于上月。",
    },
    "R03": {
        "practice": "故障高峰按预案分流，没有出现长时间排队。",
        "causes": "两次系统割接后工单转派慢，备件信息不全。",
        "measures": "割接当晚安排技术值守，备件台账每周核一次。",
        "next_targets": "故障工单转派不超过10分钟，系统可用率达到目标。",
    },
}
EARLIER_SUMMARY = "暑期话务高峰平稳过去，接通率都在目标以上；投诉集中在回访超时，九月起回访写进排班。"
EARLIER = {
    "R01": {
        "practice": "高峰前两天预排支援，接通率没有掉。",
        "causes": "回访靠个人记，忙起来就漏。",
        "measures": "回访清单由班长每日核一次。",
        "next_targets": "回访及时率不低于95%。",
    },
    "R02": {
        "practice": "夜班两人一组互听，口径差错少。",
        "causes": "回访没有固定时段。",
        "measures": "九月起回访时段写进排班。",
        "next_targets": "回访超时的投诉降到两件以内。",
    },
    "R03": {
        "practice": "故障公告提前十分钟发给坐席，来电解释时间短。",
        "causes": "转派信息要打两次电话才补全。",
        "measures": "转派单必填备用号码，缺的不转。",
        "next_targets": "转派一次说清的比例不低于九成。",
    },
}
HALF = {
    "R01": {
        "practice": "交接留15分钟的做法见效，当日清零的天数多了一倍。",
        "causes": "月末两天话务陡增，临时支援来得晚。",
        "measures": "月末三天预排支援名单，前一天确认到人。",
        "next_targets": "月末三天接通率不低于平日。",
    },
    "R02": {"practice": "宣讲后当周抽听，口径差错只有一件。", "causes": "新人占比高，话后处理慢。"},
}


def meet(troupe: Troupe, cycle: Cycle, today: date, ahead: int) -> None:
    """The meeting about a closed month, where there has been one."""
    day = min(working_day_after(cycle.publish_due_on, 4, troupe.calendar), today - timedelta(days=2))
    if ahead == -3:
        _held(troupe, cycle, day, EARLIER, EARLIER_SUMMARY)
        _sent(cycle, day)
    elif ahead == -2:
        meeting = _held(troupe, cycle, day, SAID, SUMMARY)
        _consented(troupe, meeting, day)
        _sent(cycle, day, "华北区域的备件台账由高翔负责，纪要里漏了名字。")
    elif ahead == -1:
        _begun(troupe, cycle, today - timedelta(days=1))


def _held(troupe: Troupe, cycle: Cycle, day: date, said: dict[str, dict[str, str]], summary: str) -> Meeting:
    """Prepared the day before, held and written down."""
    officer = _officer(cycle)
    with at(noon(day - timedelta(days=1), 3)):
        meeting = prepare_meeting(cycle.pk, by=officer)
    with at(noon(day, 3)):
        _write(meeting, officer, said)
        facts = MeetingFacts(held_on=day, place=PLACE, summary=summary, attendee_ids=_present(troupe, day))
        return save_meeting(meeting.pk, facts, version=None, by=officer)


def _consented(troupe: Troupe, meeting: Meeting, day: date) -> None:
    """A proposal to amend the scheme, consented to at once."""
    officer, manager = _officer(meeting.cycle), troupe.cast.named(MANAGER)
    with at(noon(day, 4)):
        proposed = propose_amendment(
            meeting.pk,
            text="“数据提供”第3个工作日不变，另加一条：报送前由提供人核对导出条数。",
            reason="本月有一件申诉查明导出漏了一天，核对条数可以当场发现。",
            by=officer,
        )
    with at(noon(day, 5)):
        answer_amendment(proposed.pk, consents=True, answer="同意，下一版方案写入。", by=manager)


def _sent(cycle: Cycle, day: date, addendum: str = "") -> None:
    """The minutes are sent and added to; the month goes into the archive."""
    officer, meeting = _officer(cycle), Meeting.objects.get(cycle=cycle)
    with at(noon(day, 6)):
        send_minutes(meeting.pk, by=officer)
    with at(noon(day + timedelta(days=1), -2)):
        if addendum:
            add_to_minutes(meeting.pk, text=addendum, by=officer)
        make_package(cycle.pk, by=officer)


def _begun(troupe: Troupe, cycle: Cycle, day: date) -> None:
    """Prepared when the results were out; two regions have begun to write, a proposal waits for the manager."""
    officer, leader = _officer(cycle), troupe.cast.named(LEADER)
    with at(noon(day, 7)):
        meeting = prepare_meeting(cycle.pk, by=officer)
        facts = MeetingFacts(place=PLACE, attendee_ids=_present(troupe, day))
        save_meeting(meeting.pk, facts, version=None, by=officer)
        _write(meeting, officer, HALF)
    with at(noon(day, 9)):
        propose_amendment(
            meeting.pk,
            text="客服专员“知识库更新”由每月1条改为每月2条。",
            reason="三个区域连续三个月都是满分，分不出高下。",
            by=leader,
        )


def _write(meeting: Meeting, officer: Employee, said: dict[str, dict[str, str]]) -> None:
    for minute in meeting.regions.select_related("region"):
        if minute.region.code in said:
            save_minute(minute.pk, said[minute.region.code], version=None, by=officer)


def _present(troupe: Troupe, day: date) -> list[int]:
    group = [troupe.cast.named(name).pk for name in (LEADER, "沈玉兰", "韩冰", "郑洁")]
    return [*group, *heads_of_regions(day).values_list("pk", flat=True)]


def _officer(cycle: Cycle) -> Employee:
    return DutyTurn.objects.select_related("officer").get(month=cycle.duty_month).officer
