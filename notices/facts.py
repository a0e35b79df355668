"""The sentences of messages. Each names people, months and records; none has a score, a coefficient or an amount.

``detail`` fills the places; what a message may not tell is refused here, before it is written. A month is told by its
key ("2026-10") and a step by its code, so that each reads them in the language of his page.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.wording import month as month_name

SENTENCES: dict[str, Promise] = {
    "result_published": _("%(month)s的考核结果出来了，看一看并签认"),
    "result_corrected": _("%(month)s的结果有了新的一版，要重新签认"),
    "result_withdrawn": _("%(month)s的结果撤回了，改好后再发给你"),
    "result_reopened": _("%(who)s的%(month)s结果撤回了，要改的先改好"),
    "targets_to_confirm": _("%(month)s的考核目标定好了，看过后确认"),
    "targets_approved": _("%(who)s的%(month)s目标批准了"),
    "targets_returned": _("%(who)s的%(month)s目标退回了，看原因后再改"),
    "targets_reopened": _("%(month)s的考核目标要重新商定"),
    "self_returned": _("%(month)s的自评退回了，看原因后再改"),
    "review_returned": _("%(who)s的%(month)s复核退回了，看原因后再改"),
    "nudged": _("%(who)s催办：%(month)s%(step)s"),
    "escalated": _("%(who)s的%(month)s%(step)s已过期，请你跟进"),
    "view_wanted": _("有一条不良事故%(number)s和你有关，说说你的看法"),
    "incident_decided": _("不良事故%(number)s有了结论"),
    "repetition_changed": _("不良事故%(number)s的同类次数变了，看看要不要重新认定"),
    "incident_counts": _("%(who)s的不良事故%(number)s有了结论，考核表里看得到"),
    "bonus_counts": _("%(who)s的加分%(number)s有了结论，考核表里看得到"),
    "bonus_decided": _("加分申请%(number)s有了结论"),
    "call_scored": _("你的录音%(number)s评好了，有异议可以提"),
    "dispute_ruled": _("你对录音%(number)s的异议有了裁定"),
    "call_overruled": _("你评的录音%(number)s有一项改判了，看看理由"),
    "dispute_referred": _("你对录音%(number)s的异议没赶上汇总，看看理由，可以申诉"),
    "appeal_submitted": _("%(who)s提出了申诉%(number)s"),
    "appeal_assigned": _("申诉%(number)s分给你调查"),
    "appeal_question": _("申诉%(number)s要你补充"),
    "appeal_supplemented": _("申诉%(number)s有了补充"),
    "appeal_ruled": _("申诉%(number)s有了裁定"),
    "appeal_withdrawn": _("申诉%(number)s撤回了"),
    "interview_shared": _("%(who)s发来了%(month)s的面谈记录，看过后确认"),
    "interview_acknowledged": _("%(who)s确认了%(month)s的面谈记录"),
    "interview_remarked": _("%(who)s给%(month)s的面谈记录补充了一条"),
    "plan_published": _("你有一份改进计划待签收"),
    "plan_waived": _("%(who)s不用做改进计划了，看看原因"),
    "plan_acknowledged": _("%(who)s签收了改进计划"),
    "plan_remarked": _("%(who)s给改进计划补充了一条"),
    "plan_ended": _("改进计划有了结论"),
    "rule_near": _("%(month)s以后，再有一次就会产生奖惩建议，看看还差什么"),
    "rule_near_of": _("%(who)s再有一次就会产生奖惩建议，早点谈一谈"),
    "case_opened": _("公司在考虑一项和你有关的决定，请你说说意见"),
    "case_dropped": _("和你有关的那项决定不办了"),
    "approval_wanted": _("%(number)s的材料齐了，等你批准"),
    "decision_made": _("你有一份通知书，看一看"),
    "approval_undone": _("%(who)s撤回了一份批准过的决定，看看原因"),
    "decision_undone": _("一份给你的通知书撤回了，看看原因"),
    "decision_kept": _("一份给你的通知书有了补充说明"),
    "training_requested": _("%(who)s有一条培训需求"),
    "training_answered": _("你的培训需求有了答复"),
    "minutes_sent": _("%(month)s考核交流会的纪要发给你了"),
    "consent_wanted": _("%(who)s提议修订考核方案，等你同意"),
    "consent_given": _("修订考核方案的提议有了答复"),
    "swap_asked": _("%(who)s想和你换值班：%(month)s换%(other)s"),
    "swap_answered": _("换值班的请求有了答复"),
    "duty_offered": _("%(who)s请你接手%(month)s的值班"),
    "duty_answered": _("%(month)s值班的交接有了答复"),
    "duty_taken": _("%(month)s的值班换成了%(who)s"),
    "pay_settled": _("%(month)s结算了，可以看你的明细"),
    "pay_discarded": _("%(who)s退回了%(month)s的结算，看原因后重新准备"),
    "terms_extended": _("%(month)s的期限顺延了"),
    "scheme_submitted": _("%(who)s拟定了一版考核方案，等你审核"),
    "scheme_checked": _("%(who)s审核过一版考核方案，等你批准"),
    "scheme_returned": _("%(who)s退回了考核方案，看原因后再改"),
    "scheme_approved": _("考核方案有了新的一版，看看改了什么"),
    "scheme_withdrawn": _("%(who)s作废了一版考核方案"),
    "year_published": _("%(year)s年度考核结果出来了，看一看"),
    "year_closed": _("%(year)s年度考核已公布"),
    "year_corrected": _("你的%(year)s年度考核结果有更正"),
    "board_preview": _("%(year)s年度结果可以预览了"),
    "board_opened": _("%(year)s年度校准开始了，打开看板"),
    "board_locked": _("%(year)s年度校准锁定了"),
    "board_reopened": _("%(year)s年度退回校准了"),
    "move_to_authorise": _("%(who)s的一次移动请你授权"),
    "move_answered": _("你的一次移动有了答复"),
    "replay_done": _("你要的方案试算有了结果"),
    "leaving_after_set_aside": _("%(who)s登记了%(other)s的最后工作日，之前的辞退建议没有采纳；看看是不是本人要走"),
    "password_reset": _("%(who)s重设了你的密码；不是你请他做的，问一问"),
    "password_reset_of": _("%(who)s重设了%(other)s的密码；不放心就问一问%(other)s"),
    "workbook_sent": _("%(who)s请你看一份工作簿，看过再导入"),
    "workbook_returned": _("%(who)s退回了你发的工作簿，看原因后再改"),
    "workbook_loaded": _("%(who)s导入了你发的工作簿"),
    "import_concerns": _("%(who)s发的工作簿里有你的考核资料，看一看"),
    "import_scores": _("%(who)s发的工作簿里有以你名义打的评分，核对一下"),
    "import_figures": _("%(who)s发的工作簿里有以你名义报的数据，核对一下"),
    "import_incidents": _("%(who)s发的工作簿里有以你名义发现或复核的不良事故，核对一下"),
    "import_bonuses": _("%(who)s发的工作簿里有以你名义审核的加分，核对一下"),
    "import_calls": _("%(who)s发的工作簿里有以你名义评的录音，核对一下"),
    "calendar_missing": _("%(year)s年的放假安排还没有录入"),
}
WORDS = frozenset(("month", "who", "step", "number", "other", "year"))
"""What a sentence may be filled with; there is no word for a score."""
STEPS: dict[str, Promise] = {
    "targets": _("定目标"),
    "approval": _("审批目标"),
    "confirmation": _("确认目标"),
    "self": _("自评"),
    "data": _("报数据"),
    "calls": _("监听录音"),
    "review": _("复核"),
    "rate": _("评上级"),
    "publish": _("出结果"),
    "sign": _("签认"),
    "interview": _("面谈"),
    "file": _("备案"),
    "agree": _("面谈记录"),
    "plan_write": _("改进计划制定"),
    "plan_sign": _("改进计划签收"),
    "checkpoint": _("改进计划检查"),
    "agreement": _("面谈约定的事"),
    "incident": _("不良事故核实"),
    "bonus": _("加分确认"),
    "ruling": _("申诉办理"),
    "meeting": _("交流会准备"),
    "minutes": _("会议纪要"),
    "package": _("月度文档归档"),
    "dispute": _("录音异议裁定"),
    "consent": _("修订提议答复"),
    "training": _("培训需求转报"),
    "arranging": _("培训安排"),
}
"""The steps of a month by the scheme's codes, and what else has a term that somebody answers for."""
PERIODS = frozenset(("month", "other"))
PERIOD = re.compile(r"\d{4}(-(\d{2}|Q[1-4]))?")
FIGURE = re.compile(r"\d[.,\uff0e\uff0c]\d|\d\s*[%\uff05\u5206\u5143]|[\u00a5\uffe5]")
"""A number with decimals or thousands, in per cent, points or yuan."""


def check_words(kind: str, detail: Mapping[str, str]) -> dict[str, str]:
    """The words of a message, if they may stand in one.

    ``KeyError`` for an unknown kind; ``ValueError`` for a word that no message has, and for a score or an amount.
    """
    SENTENCES[kind]
    if not detail.keys() <= WORDS:
        raise ValueError(sorted(detail.keys() - WORDS))
    telling = [word for word, said in detail.items() if FIGURE.search(said)]
    if telling:
        raise ValueError(telling)
    return dict(detail)


def quotable(words: str) -> str:
    """Words that others chose (the number of a recording, a name), or nothing where they read like a figure."""
    return "" if FIGURE.search(words) else words


def sentence(kind: str, detail: Mapping[str, Any]) -> str:
    """The message in the language of the page; of a kind that is no longer told, its name."""
    if kind not in SENTENCES:
        return kind
    return str(SENTENCES[kind]) % {word: _said(word, str(detail.get(word, ""))) for word in WORDS}


def _said(word: str, told: str) -> str:
    if word in PERIODS and PERIOD.fullmatch(told):
        return month_name(told)
    return str(STEPS.get(told, told)) if word == "step" else told
