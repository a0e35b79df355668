"""Improvement plans and training requests of the demo: one plan that runs, one to sign for, requests at every stage."""

from dataclasses import replace
from datetime import date, timedelta

from appraisals.models import Cycle
from development.models import Plan, PlanItem
from development.selectors.obligations import everybody_owing
from development.services.plans import Improving, PlanDraft, draft_plan, publish_plan, save_plan
from development.services.running import acknowledge_plan, comment_plan, hold_checkpoint
from development.services.training import (
    Wanted,
    arrange_training,
    collect_training,
    pass_training_on,
    request_training,
)
from development.services.waiving import waive_plan
from policy.workdays import working_day_after
from reports.management.demo.clock import at
from reports.management.demo.months import Troupe, noon

RUNS, TO_SIGN = ("孙磊", "周敏"), ("刘志强", "许静怡")
LEADER, HR = "方志远", "赵琳"
DAYS = 90
SEEN = ("这个月没有新的有效投诉，交接本有三天没写全。", "连续四周没有投诉，交接本天天写全。")
ACTIONS = {
    "有效投诉": ("先复述客户要什么再答；每周复盘两通录音", "考核负责人"),
    "团队协作": ("中班交接固定留15分钟，积压逐件写明", "班长每日看交接本"),
    "纪律与出勤": ("示忙和换班先报备，早班提前10分钟到岗", "班长"),
    "客户意识": ("答应的回访写进清单，当日回完", "考核负责人"),
}
WAIVED = "当月已当面辅导，次月跟踪达标，不另写计划。"
USUAL = ("每周自查一次，和考核负责人对一遍", "考核负责人")


def improve(troupe: Troupe, cycle: Cycle, today: date, ahead: int) -> None:
    """Plans and requests that came out of a closed month."""
    day = working_day_after(cycle.publish_due_on, 6, troupe.calendar)
    if ahead < -3:
        _waived(troupe, day)
    elif ahead == -3:
        _trained(troupe, _runs(troupe, day, today))
    elif ahead == -2:
        day = working_day_after(cycle.publish_due_on, 4, troupe.calendar)
        _collected(troupe, day)
    elif ahead == -1:
        yesterday = today - timedelta(days=1)
        _published(troupe, TO_SIGN, yesterday)
        own = Wanted(topic="携号转网新规则", why="下月起换新流程，想先学再上线。", wanted_by=today + timedelta(days=20))
        with at(noon(yesterday, 8)):
            request_training(troupe.cast.named("陈思雨").pk, own, by=troupe.cast.named("陈思雨"))


def _waived(troupe: Troupe, day: date) -> None:
    """What older months asked for was settled without a plan."""
    for person in everybody_owing(day):
        with at(noon(day, 3)):
            waive_plan(person.pk, reason=WAIVED, by=troupe.cast.named(HR))


def _published(troupe: Troupe, who: tuple[str, str], day: date) -> Plan:
    """Drafted from the weakest items and published on the same day."""
    person, owner = map(troupe.cast.named, who)
    with at(noon(day, 8)):
        plan = draft_plan(person.pk, by=owner)
        items = [_improving(item) for item in plan.items.all()]
        checkpoints = [day + timedelta(days=days) for days in (30, 60, DAYS)]
        draft = PlanDraft(starts_on=day, days=DAYS, items=items, checkpoints=checkpoints)
        save_plan(plan.pk, draft, version=None, by=owner)
        return publish_plan(plan.pk, by=owner)


def _improving(item: PlanItem) -> Improving:
    action, support = ACTIONS.get(item.what, USUAL)
    target = item.target or "不低于满分的八成"
    return Improving(what=item.what, baseline=item.baseline, target=target, action=action, support=support)


def _runs(troupe: Troupe, day: date, today: date) -> Plan:
    """Signed for the day after; looked at on each checkpoint that is past."""
    plan = _published(troupe, RUNS, day)
    with at(noon(day + timedelta(days=1), 1)):
        acknowledge_plan(plan.pk, text="交接这块我自己也着急，按计划来。", by=plan.employee)
    past = plan.checkpoints.filter(due_on__lt=today).order_by("due_on")
    for checkpoint, (number, seen) in zip(past, enumerate(SEEN), strict=False):
        with at(noon(checkpoint.due_on, 4)):
            hold_checkpoint(plan.pk, checkpoint.pk, seen=seen, is_on_track=number > 0, by=plan.owner)
        if number == 0:
            with at(noon(checkpoint.due_on, 6)):
                comment_plan(plan.pk, text="没写全的三天是临时顶班，已经补上。", by=plan.employee)
    return plan


def _trained(troupe: Troupe, plan: Plan) -> None:
    """Asked for with the plan, collected, arranged by HR."""
    begins, named = plan.starts_on or plan.created_at.date(), troupe.cast.named
    wanted = Wanted(topic="投诉预防与首问负责", why="改进计划的第一项，先学再练。", plan_id=plan.pk)
    with at(noon(begins, 9)):
        made = request_training(plan.employee_id, wanted, by=plan.owner)
    with at(noon(begins + timedelta(days=3), 2)):
        collect_training([made.pk], by=named(LEADER))
    with at(noon(begins + timedelta(days=5), 2)):
        day = begins + timedelta(days=12)
        arrange_training(made.pk, day=day, answer="培训中心周六上午一期，计入工时。", by=named(HR))


def _collected(troupe: Troupe, day: date) -> None:
    """One from an agent himself, passed on; one from a superior; the first has been collected."""
    named = troupe.cast.named
    own = Wanted(topic="来电情绪安抚", why="晚高峰投诉多，想学降温的说法。")
    with at(noon(day, 1)):
        asked = request_training(named("吴海燕").pk, own, by=named("吴海燕"))
    with at(noon(day, 4)):
        pass_training_on(asked.pk, by=named("林国栋"))
        system = replace(own, topic="排队系统升级操作", why="上次升级误停排队服务，要按新手册练一遍。")
        request_training(named("卢伟").pk, system, by=named("马晓东"))
    with at(noon(day + timedelta(days=1), 1)):
        collect_training([asked.pk], by=named(LEADER))
