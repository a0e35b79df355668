"""Appeals of the demo: two ruled in filed months of minor figures, one under examination, none of the main cast's."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from django.core.files.base import ContentFile

from appeals.facts import BONUS, INCIDENT, LINE, Contestable, ItemRuling
from appeals.models import Appeal
from appeals.selectors.contested import contestable_of
from appeals.services.examining import add_finding, assign_appeal
from appeals.services.filing import (
    AppealDraft,
    Contested,
    draft_appeal,
    submit_appeal,
    supplement_appeal,
)
from appeals.services.ruling import rule_appeal
from appeals.states import Grounds, Ruling
from appraisals.models import Cycle
from appraisals.states import Part
from common.uploads import Checked, check_upload
from policy.rounding import ZERO, cents
from policy.workdays import working_day_after
from reports.management.demo.clock import at
from reports.management.demo.months import Troupe, noon
from scoring.models import Result
from scoring.services.filing import file_forms
from scoring.services.signing import sign_result

LEADER, HR = "方志远", "赵琳"


class Tale(NamedTuple):
    """Who appeals in a closed month, who examines it, why it is about a figure, and how it is ruled."""

    person: str
    handler: str
    reason: str
    finding: str
    ruling: Ruling
    why: str
    words: str


RULED = {
    -5: Tale(
        "卢伟", "郑洁", "两张转单是系统割接时自动转的，不是我转的。",
        "查了工单日志，割接时自动转的两张已经剔除。", Ruling.REJECTED,
        "自动转的两张没有算进差错，重算的结果和原来一样。", "程序和数据都查过，维持原结果；再有割接提前报备。",
    ),
    -3: Tale(
        "韩雪梅", "韩冰", "系统导出漏了月末两天的记录，原始明细在附件里。",
        "核对了两天的原始明细：一天确实漏导，另一天的记录已在表里。", Ruling.PARTLY,
        "漏导一天属实，按补回的记录重算。", "漏导的一天补回，其余维持；数据提供人下月起导出后核对条数。",
    ),
}  # fmt: skip
EXAMINED = Tale(
    "何晓彤", "沈玉兰", "有三通是系统故障期间的重复来电，按口径不应算进去。",
    "已调取三通录音的来电记录，正在和当班调度核对。", Ruling.PARTLY, "", "",
)  # fmt: skip


def appeal(troupe: Troupe, cycle: Cycle, today: date, ahead: int) -> None:
    """What was contested of a closed month."""
    if ahead in RULED:
        _ruled(troupe, cycle, RULED[ahead])
    elif ahead == -1:
        _examined(troupe, cycle, today - timedelta(days=1))


def _ruled(troupe: Troupe, cycle: Cycle, tale: Tale) -> None:
    """Handed in on the last day, when the result had been filed; ruled within the term, signed and filed again."""
    result = _result(cycle, tale)
    last, named = result.appeal_until or cycle.publish_due_on, troupe.cast.named
    made = _submit(result, tale, last)
    days = [working_day_after(last, n, troupe.calendar) for n in range(1, 6)]
    with at(noon(days[0], -2)):
        assign_appeal(made.pk, handler_id=named(tale.handler).pk, by=named(LEADER))
    with at(noon(days[1], 3)):
        add_finding(made.pk, text=tale.finding, by=named(tale.handler))
    with at(noon(days[2], 4)):
        ruled = rule_appeal(
            made.pk, rulings=_rulings(made, tale), reason=tale.words, version=None, by=named(tale.handler)
        )
    if ruled.outcome is None:
        return
    for signer, hours in ((result.form.owner, -2), (result.employee, 1)):
        with at(noon(days[3], hours)):
            sign_result(result.form_id, digest=ruled.outcome.digest, by=signer)
    with at(noon(days[4], 2)):
        file_forms(cycle.pk, form_ids=[result.form_id], by=named(HR))


def _examined(troupe: Troupe, cycle: Cycle, day: date) -> None:
    """Handed in on the evening of the publication, and already given to somebody."""
    named = troupe.cast.named
    made = _submit(_result(cycle, EXAMINED), EXAMINED, day, hours=8)
    handler = named(EXAMINED.handler)
    with at(noon(day, 9)):
        assign_appeal(made.pk, handler_id=handler.pk, by=named(LEADER))
    with at(noon(day, 10)):
        add_finding(made.pk, text=EXAMINED.finding, by=handler)
        supplement_appeal(made.pk, text="故障公告是当天14点发的，三通都在公告之后。", by=made.employee)


def _result(cycle: Cycle, tale: Tale) -> Result:
    rows = Result.objects.select_related("form__owner", "form__cycle__scheme", "employee")
    return rows.get(cycle=cycle, employee__name=tale.person, superseded_at__isnull=True)


def _submit(result: Result, tale: Tale, day: date, *, hours: int = -2) -> Appeal:
    figure, review = _most(result, Part.KPI), _most(result, Part.BEHAVIOUR)
    items = [
        Contested(key=figure.key, grounds=Grounds.DATA, reason=tale.reason, wanted=figure.full),
        Contested(key=review.key, grounds=Grounds.STANDARD, reason="当月没有被提醒过，事例里的一次不在本月。"),
    ]
    draft = AppealDraft(items=items, wish="按核对后的数据重算这一项。", files=[_evidence(result)])
    with at(noon(day, hours) + timedelta(minutes=20)):
        made = draft_appeal(result.pk, draft, by=result.employee)
        return submit_appeal(made.pk, by=result.employee)


def _most(result: Result, part: str) -> Contestable:
    """The line of that part which lost most."""
    lines = [one for one in contestable_of(result).values() if one.kind not in (INCIDENT, BONUS) and one.part == part]
    return max((one for one in lines if one.key.startswith(LINE)), key=lambda one: one.most or ZERO)


def _rulings(made: Appeal, tale: Tale) -> Mapping[int, ItemRuling]:
    """The figure as told, half of what it lost where it was right; the rest is not upheld."""
    found = contestable_of(Result.objects.get(form=made.result.form, superseded_at__isnull=True))
    figure, review = made.items.order_by("pk")
    lost = found[figure.key].most or ZERO
    given = cents(lost / 2) if tale.ruling == Ruling.PARTLY else ZERO
    return {
        figure.pk: ItemRuling(ruling=tale.ruling, reason=tale.why, points=given),
        review.pk: ItemRuling(ruling=Ruling.REJECTED, reason="事例发生在本月，等级和标准相符。"),
    }


def _evidence(result: Result) -> Checked:
    text = f"日期,工号,备注\n{result.cycle.ends_on},{result.employee.number},系统内有记录，导出缺这一行\n"
    return check_upload(ContentFile(text.encode("utf-8-sig"), name="原始明细.csv"))
