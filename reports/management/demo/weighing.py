"""What HR of the demo decided on proposals: most of the closed months', one case half done, the last month's open."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from appraisals.models import Cycle
from common.uploads import check_upload
from consequences.models import Decision
from consequences.selectors.rungs import effective_from, rungs_of
from consequences.services.checking import Finding, save_check
from consequences.services.deciding import Verdict, decide_proposal
from consequences.services.undoing import note_letter_read
from consequences.states import CheckCode, Choice, DecisionState
from notices.models import Message
from reports.management.demo.clock import at
from reports.management.demo.months import Troupe, noon
from scoring.models import Proposal
from scoring.states import ProposalState

HR = "赵琳"
RECENT = 4
"""In how many of the last closed months a dismissal may still be on its way."""
ASIDE = "当月在岗不足一半，且已转为改进计划跟进，不宜据此辞退。"
LOWEST = "上限额已在最低等，改为跟进改进计划。"
FOUND = {
    CheckCode.EVIDENCE: "三个月的结果都已签认，本人没有申诉。",
    CheckCode.TRAINING: "参加了话术和系统操作两次培训，共16课时，签到和测验都有记录。",
    CheckCode.SECOND: "培训后的一次考核仍低于50%，见当月考核表。",
}
REASONS = {
    Choice.WARNING: "请和负责人商定改进计划，两个月后复看。",
    Choice.CAP_DOWN: "按办法执行，连续两个月达到60%可以申请复核。",
    Choice.CAP_UP: "服务质量稳定，带教新人表现好。",
    Choice.BONUS: "已在最高等或当季名额已满，改发奖金。",
}


def weigh(troupe: Troupe, cycle: Cycle, today: date, ahead: int) -> None:
    """HR decides a month's proposals some days after its results; those of the last month wait."""
    told = Message.objects.filter(kind__in=("rule_near", "rule_near_of"), detail__month=cycle.key)
    told.update(at=noon(today - timedelta(days=1) if ahead == -1 else cycle.publish_due_on, 5))
    rows = Proposal.objects.filter(cycle=cycle, state=ProposalState.PROPOSED).select_related("employee")
    if ahead == -1:
        return
    day = min(cycle.publish_due_on + timedelta(days=5), today - timedelta(days=1))
    for place, row in enumerate(rows.exclude(employee__name=HR).order_by("pk")):
        with at(noon(day, 4)):
            decision = _decide(troupe, row, today, is_recent=ahead >= -RECENT, place=place)
        if decision.in_force_at is not None and ahead < -2:
            with at(noon(day + timedelta(days=1), 6)):
                note_letter_read(decision.pk, by=row.employee)


def _decide(troupe: Troupe, row: Proposal, today: date, *, is_recent: bool, place: int) -> Decision:
    hr = troupe.cast.named(HR)
    begun = Decision.objects.filter(proposal__employee=row.employee, state=DecisionState.PREPARING).exists()
    if row.rule == "R2" and is_recent and not begun:
        leaves_on = today.replace(day=1) + timedelta(days=75)
        decision = decide_proposal(row.pk, Verdict(choice=Choice.DISMISS, leaves_on=leaves_on), by=hr)
        for item in decision.checks.filter(code__in=FOUND):
            file = check_upload(ContentFile(b"%PDF-1.4\n%%EOF\n", name=f"{item.get_code_display()}.pdf"))
            save_check(item.pk, Finding(note=FOUND[CheckCode(item.code)], files=(file,), is_signed=True), by=hr)
        return decision
    if row.rule == "R2" or begun:
        return decide_proposal(row.pk, Verdict(choice=Choice.SET_ASIDE, reason=ASIDE), by=hr)
    choice = _choice(row, timezone.localdate(), place)
    amount = Decimal(600) if choice == Choice.BONUS else None
    reason = REASONS.get(choice, LOWEST)
    return decide_proposal(row.pk, Verdict(choice=choice, reason=reason, amount=amount), by=hr)


def _choice(row: Proposal, today: date, place: int) -> Choice:
    """Every other of the best goes up while there is a rung; who stands at the lowest is spared, with the reason."""
    if row.rule == "R1":
        return Choice.WARNING
    rungs = rungs_of([row.employee], effective_from(row.employee_id, today))[row.employee_id]
    if row.rule == "R4":
        return Choice.CAP_DOWN if rungs.target(Choice.CAP_DOWN) else Choice.SET_ASIDE
    return Choice.CAP_UP if place % 2 == 0 and rungs.target(Choice.CAP_UP) else Choice.BONUS
