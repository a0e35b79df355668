"""The words of what follows from a result: appeals, interviews, plans, training, the meeting; and of duty."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from reports.facts.todo_parts import Words, named, one_or_all
from reports.selectors import waiting as what
from reports.selectors.waiting import Waiting


def _interview(row: Waiting) -> Words:
    title = (_("和 %(name)s面谈 %(month)s考核") if row.n == 1 else _("和 %(n)s 人面谈 %(month)s考核")) % named(row)
    url = one_or_all(row, "development:interview_of", "development:interviews")
    return title, _("议程从结果里来，谈完写下约定"), _("去面谈"), url


def _agree_interview(row: Waiting) -> Words:
    url = one_or_all(row, "development:interview", "development:interviews")
    return (
        _("确认 %(month)s面谈记录") % named(row),
        _("%(name)s写好了，可以补充你的话") % named(row),
        _("去确认"),
        url,
    )


def _write_plan(row: Waiting) -> Words:
    title = (_("给 %(name)s定改进计划") if row.n == 1 else _("给 %(n)s 人定改进计划")) % named(row)
    return title, _("方案规定要有，写好发给本人签收"), _("去制定"), f"{reverse('development:plans')}#owed"


def _sign_plan(row: Waiting) -> Words:
    url = one_or_all(row, "development:plan", "development:plans")
    return _("签收改进计划"), _("%(name)s定好了，签收后开始") % named(row), _("去签收"), url


def _check_plan(row: Waiting) -> Words:
    title = (_("检查 %(name)s的改进计划") if row.n == 1 else _("检查 %(n)s 份改进计划")) % named(row)
    return title, _("记下看到的数据和事实"), _("去检查"), one_or_all(row, "development:plan", "development:plans")


def _do_agreed(row: Waiting) -> Words:
    title = (_("做 %(month)s面谈约定的事") if row.n == 1 else _("做 %(month)s面谈约定的 %(n)s 件事")) % named(row)
    detail = row.name if row.n == 1 else _("做完记为完成")  # its words may hold figures, and a title goes out by mail
    return title, detail, _("去看"), one_or_all(row, "development:interview", "development:interviews")


def _late_agreed(row: Waiting) -> Words:
    title = (_("跟进 %(name)s没做完的约定") if row.n == 1 else _("跟进 %(n)s 件没做完的约定")) % named(row)
    url = one_or_all(row, "development:interview", "development:interviews")
    return title, _("面谈时约好的，日期过了"), _("去看"), url


def _meet(row: Waiting) -> Words:
    title = _("准备 %(month)s考核交流会") % named(row)
    return title, _("结果都公布了，议程从结果里来"), _("去准备"), reverse("development:meetings")


def _send_minutes(row: Waiting) -> Words:
    url = one_or_all(row, "development:meeting", "development:meetings")
    return _("写好并发出 %(month)s交流会纪要") % named(row), _("写好各区域措施再发给有关的人"), _("去写"), url


def _package(row: Waiting) -> Words:
    title, detail = _("归档 %(month)s月度文档"), _("报表、未了事项和会议纪要一起归档")
    return title % named(row), detail, _("去归档"), reverse("scoring:duty_month", args=[row.key])


def _set_rota(row: Waiting) -> Words:
    url = f"{reverse('scoring:rota')}?year={row.key[:4]}"
    return _("排 %(month)s值班") % named(row), _("这个月还没有值班主任"), _("去安排"), url


def _pass_training(row: Waiting) -> Words:
    title = (_("转报 %(name)s的培训需求") if row.n == 1 else _("转报 %(n)s 条培训需求")) % named(row)
    url = one_or_all(row, "development:training_one", "development:training")
    return title, _("转报后人力资源部安排"), _("去转报"), url


def _take_duty(row: Waiting) -> Words:
    detail = _("%(name)s请你接手") % named(row)
    return _("答复 %(month)s值班交接") % named(row), detail, _("去答复"), reverse("scoring:handover", args=[row.key])


def _answer_swap(row: Waiting) -> Words:
    title, detail = _("答复 %(name)s的换班") % named(row), _("对方让出 %(month)s，换你的月份；你同意才换") % named(row)
    return title, detail, _("去答复"), f"{reverse('scoring:rota')}?year={row.key[:4]}#swaps"


def _submit_appeal(row: Waiting) -> Words:
    title = (_("提交申诉 %(name)s") if row.n == 1 else _("提交 %(n)s 件申诉")) % named(row)
    return title, _("写了草稿，还没有提交；过了期限就不能提了"), _("去提交"), _appeal(row)


def _supplement(row: Waiting) -> Words:
    title = (_("补充申诉 %(name)s") if row.n == 1 else _("补充 %(n)s 件申诉")) % named(row)
    return title, _("调查的人有问题要你说明"), _("去补充"), _appeal(row)


def _examine(row: Waiting) -> Words:
    title = (_("办理申诉 %(name)s") if row.n == 1 else _("办理 %(n)s 件申诉")) % named(row)
    return title, _("查清楚后逐项裁定，写明理由"), _("去办理"), _appeal(row)


def _assign(row: Waiting) -> Words:
    title = (_("给申诉 %(name)s定调查人") if row.n == 1 else _("给 %(n)s 件申诉定调查人")) % named(row)
    return title, _("考核负责人、当月值班主任和评过分的人不能办"), _("去指定"), _appeal(row)


def _may_appeal(row: Waiting) -> Words:
    detail = _("有异议就提申诉；过了期限不能再提")
    url = reverse("scoring:result", args=[row.ident])
    return _("%(month)s结果可以申诉") % named(row), detail, _("看结果"), url


def _take_further(row: Waiting) -> Words:
    title = (_("申诉 %(name)s可以再次申诉") if row.n == 1 else _("%(n)s 件申诉可以再次申诉")) % named(row)
    return title, _("没有全部成立的可以交人力资源部再裁定一次；接受就不用办"), _("看裁定"), _appeal(row)


def _appeal(row: Waiting) -> str:
    return one_or_all(row, "appeals:appeal", "appeals:appeals")


def _consent(row: Waiting) -> Words:
    title = (_("答复 %(name)s的修订提议") if row.n == 1 else _("答复 %(n)s 条修订提议")) % named(row)
    url = one_or_all(row, "development:meeting", "development:amendments")
    return title, _("你同意后才修订考核方案"), _("去答复"), url


def _arrange_training(row: Waiting) -> Words:
    title = (_("安排 %(name)s的培训") if row.n == 1 else _("安排 %(n)s 条培训需求")) % named(row)
    return (
        title,
        _("定日期，或写明为什么不安排"),
        _("去安排"),
        one_or_all(row, "development:training_one", "development:training"),
    )


def _check_scheme(row: Waiting) -> Words:
    title = (_("审核考核方案 %(name)s版") if row.n == 1 else _("审核 %(n)s 版考核方案")) % named(row)
    return title, _("看改了什么，审核后由经理批准"), _("去审核"), _scheme(row)


def _approve_scheme(row: Waiting) -> Words:
    title = (_("批准考核方案 %(name)s版") if row.n == 1 else _("批准 %(n)s 版考核方案")) % named(row)
    return title, _("批准后不能再改，按生效日期用"), _("去批准"), _scheme(row)


def _redraft(row: Waiting) -> Words:
    title = (_("改考核方案 %(name)s版") if row.n == 1 else _("改 %(n)s 版考核方案")) % named(row)
    return title, _("退回来了，看原因后再改"), _("去改"), _scheme(row)


def _scheme(row: Waiting) -> str:
    return one_or_all(row, "appraisals:scheme_version", "appraisals:schemes")


def _calibrate(row: Waiting) -> Words:
    title = _("校准 %(year)s 年度等级") % {"year": row.ident}
    return title, _("看名次和各月情况，移动要写理由"), _("去校准"), reverse("calibration:board", args=[row.ident])


def _authorise(row: Waiting) -> Words:
    title = (_("答复 %(name)s的等级移动") if row.n == 1 else _("答复 %(n)s 次等级移动")) % named(row)
    url = reverse("calibration:changes", args=[row.ident])
    return title, _("和名次的先后相反，你授权才算；答复前不能锁定"), _("去答复"), url


FOLLOW_UPS: dict[str, Callable[[Waiting], Words]] = {
    what.SUBMIT_APPEAL: _submit_appeal,
    what.SUPPLEMENT: _supplement,
    what.EXAMINE: _examine,
    what.ASSIGN: _assign,
    what.MAY_APPEAL: _may_appeal,
    what.TAKE_FURTHER: _take_further,
    what.INTERVIEW: _interview,
    what.AGREE_INTERVIEW: _agree_interview,
    what.WRITE_PLAN: _write_plan,
    what.SIGN_PLAN: _sign_plan,
    what.CHECK_PLAN: _check_plan,
    what.DO_AGREED: _do_agreed,
    what.DO_PROMISED: _do_agreed,
    what.LATE_AGREED: _late_agreed,
    what.MEET: _meet,
    what.SEND_MINUTES: _send_minutes,
    what.PACKAGE: _package,
    what.SET_ROTA: _set_rota,
    what.PASS_TRAINING: _pass_training,
    what.ARRANGE_TRAINING: _arrange_training,
    what.CONSENT: _consent,
    what.CHECK_SCHEME: _check_scheme,
    what.APPROVE_SCHEME: _approve_scheme,
    what.REDRAFT: _redraft,
    what.CALIBRATE: _calibrate,
    what.AUTHORISE: _authorise,
    what.TAKE_DUTY: _take_duty,
    what.ANSWER_SWAP: _answer_swap,
}
