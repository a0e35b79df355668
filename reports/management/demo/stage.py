"""Sixteen months put on stage: fourteen closed, one being consolidated, one in target setting."""

from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from appraisals.models import Cycle, Figure, Form, Item, Remark, Scheme
from appraisals.selectors.terms import period_of, stored_terms
from appraisals.services.figures import add_evidence
from appraisals.states import CycleKind, FormState, RemarkKind
from common.uploads import check_upload
from notices.models import Message
from people.facts import SYSTEM
from policy.schemes import SCHEME_1_0
from reports.management.demo.appealing import appeal
from reports.management.demo.calibrating import ENOUGH, calibrate
from reports.management.demo.calls import listen
from reports.management.demo.cast import NEWCOMER, month_after
from reports.management.demo.claims import reward
from reports.management.demo.growing import improve
from reports.management.demo.happenings import happen
from reports.management.demo.listening import hear, hear_again
from reports.management.demo.meetings import meet
from reports.management.demo.months import Troupe, fill, noon, open_forms
from reports.management.demo.paying import pay
from reports.management.demo.post import ask_for_views, ask_to_confirm, read_the_old, remind
from reports.management.demo.remembering import remember
from reports.management.demo.scheming import amend
from reports.management.demo.talks import talk
from reports.management.demo.weighing import weigh
from scoring.models import Proposal, Result, Signature
from scoring.selectors.terms import stored_result_terms
from scoring.services.consolidation import consolidate_forms
from scoring.services.publication import publish_results
from scoring.states import Side

LEAST_CLOSED = 14
HEARD_AGAIN = 3
"""The last closed months in which calls were scored a second time."""


def stage(troupe: Troupe, today: date) -> None:
    """Every month in order, since proposals look back."""
    scheme = Scheme.objects.get(version=SCHEME_1_0.version)
    closed = max(LEAST_CLOSED, today.month - 1 + ENOUGH)  # so many that the last year can be calibrated
    for ahead in range(-closed, 2):
        cycle = _cycle(month_after(today, ahead), scheme)
        happen(troupe, cycle, today, ahead)
        reward(troupe, cycle, today, ahead)
        if ahead < 0:
            listen(troupe, cycle, today, ahead)
            _close(troupe, cycle, today, is_last=ahead == -1)
            weigh(troupe, cycle, today, ahead)
            if ahead < -1:
                pay(troupe, cycle, today, is_latest=ahead == -2)
            if ahead >= -HEARD_AGAIN:
                hear_again(troupe, cycle, is_done=True)
            for follow in (appeal, talk, improve, meet):
                follow(troupe, cycle, today, ahead)
        elif ahead == 0:
            hear(troupe, cycle, today)
            hear_again(troupe, cycle, is_done=False)
            _consolidating(troupe, cycle, today)
            ask_for_views(cycle)
            remind(troupe, cycle, today)
        else:
            _setting_targets(troupe, cycle, today)
            ask_to_confirm(cycle, today)
    amend(troupe, today)
    calibrate(troupe, today)
    remember(troupe)
    read_the_old(today)


def _cycle(month: date, scheme: Scheme) -> Cycle:
    starts_on, ends_on = period_of(CycleKind.MONTH, month)
    terms = stored_terms(starts_on, ends_on, SCHEME_1_0)
    return Cycle.objects.create(starts_on=starts_on, ends_on=ends_on, scheme=scheme, **terms)


def _close(troupe: Troupe, cycle: Cycle, today: date, *, is_last: bool) -> None:
    forms = open_forms(troupe, cycle, FormState.READY, noon(cycle.targets_due_on))
    fill(troupe, forms, noon(cycle.data_due_on))
    Form.objects.filter(cycle=cycle).update(
        self_submitted_at=noon(cycle.self_due_on), reviewed_at=noon(cycle.review_due_on)
    )
    everybody = [form.pk for form in forms]
    consolidate_forms(cycle.pk, form_ids=everybody, by=SYSTEM)
    publish_results(cycle.pk, form_ids=everybody, by=SYSTEM)
    published = noon(today - timedelta(days=1), 5) if is_last else noon(cycle.publish_due_on, 5)
    Form.objects.filter(cycle=cycle).update(consolidated_at=published, published_at=published)
    terms = stored_result_terms(cycle, published)  # stored with a result, and so they run from the day it is dated to
    Result.objects.filter(cycle=cycle).update(consolidated_at=published, published_at=published, **terms)
    Proposal.objects.filter(cycle=cycle).update(created_at=published)
    told = Message.objects.filter(kind="result_published", detail__month=cycle.key)
    told.update(at=published, read_at=None if is_last else published + timedelta(hours=1))
    _sign(cycle, keep_some=is_last)
    if not is_last:
        Form.objects.filter(cycle=cycle).update(state=FormState.FILED, filed_at=published + timedelta(days=6))


def _sign(cycle: Cycle, *, keep_some: bool) -> None:
    rows, signed = [], []
    for result in Result.objects.filter(cycle=cycle).select_related("form__owner", "employee"):
        held_back = keep_some and result.employee_id % 3 == 0
        for side, signer in ((Side.OWNER, result.form.owner), (Side.APPRAISEE, result.employee)):
            if keep_some and (side == Side.APPRAISEE and (held_back or result.employee.name == "陈思雨")):
                continue
            rows.append(
                Signature(
                    result=result,
                    side=side,
                    signer=signer,
                    signed_at=(result.published_at or timezone.now()) + timedelta(hours=2),
                    digest=result.digest,
                    is_agreed=True,
                )
            )
        if not (held_back or (keep_some and result.employee.name == "陈思雨")):
            signed.append(result.form_id)
    Signature.objects.bulk_create(rows, batch_size=500)
    Form.objects.filter(pk__in=signed).update(state=FormState.SIGNED)


def _consolidating(troupe: Troupe, cycle: Cycle, today: date) -> None:
    """The third region is ready and partly consolidated, the second owes figures, the first is being reviewed."""
    forms = open_forms(troupe, cycle, FormState.READY, noon(cycle.targets_due_on))
    mine = {"陈思雨", "黄佩珊", "徐梦瑶", NEWCOMER}
    reviewing = {"林嘉怡", "孙磊", "周敏", "罗文静", "朱文博", "胡雪"}
    skip = {f"{name}:{what}" for name in mine for what in ("self", "review")}
    skip |= {f"{name}:review" for name in reviewing}
    skip |= {f"{name}:figures" for name in ("刘凯", "马晓东", "赵琳", "郑洁")}
    fill(troupe, forms, noon(today - timedelta(days=1)), skip=frozenset(skip))
    Form.objects.filter(cycle=cycle).update(
        self_submitted_at=noon(today - timedelta(days=2)), reviewed_at=noon(today - timedelta(days=1))
    )
    _put(cycle, mine, FormState.ACTIVE, self_submitted_at=None, reviewed_at=None)
    _put(cycle, reviewing, FormState.REVIEW, reviewed_at=None)
    _prove(cycle)
    third = [form.pk for form in forms if form.region.code == "R03"]
    consolidate_forms(cycle.pk, form_ids=third[:8], by=SYSTEM)


def _prove(cycle: Cycle) -> None:
    """Records behind some figures of the first region's agents."""
    figures = Figure.objects.filter(item__form__cycle=cycle, item__form__region__code="R01")
    for figure in figures.select_related("provider", "item__form__employee").order_by("pk")[:40:2]:
        item, month = figure.item, f"{cycle.starts_on:%Y-%m}"
        text = f"月份,工号,指标,完成值\n{month},{item.form.employee.number},{item.name},{figure.value}\n"
        file = ContentFile(text.encode("utf-8-sig"), name=f"系统导出-{item.form.employee.number}-{month}.csv")
        add_evidence(figure.pk, files=[check_upload(file)], by=figure.provider)


def _setting_targets(troupe: Troupe, cycle: Cycle, today: date) -> None:
    forms = open_forms(troupe, cycle, FormState.CONFIRMATION, None)
    Form.objects.filter(cycle=cycle).update(targets_submitted_at=noon(today - timedelta(days=2)))
    _put(cycle, {"郭志鹏", "何晓彤", "谢婷婷", "宋佳", "袁媛"}, FormState.APPROVAL)
    drafting = {"高雅琪", "胡雪", "朱文博", "蒋欣", "蔡文杰", "罗文静", "唐静"}
    _put(cycle, drafting, FormState.TARGETS, targets_submitted_at=None)
    _put(cycle, {"吕慧", "王颖", "丁香", "林国栋", "许静怡"}, FormState.ACTIVE, confirmed_at=noon(today))
    empty = [form.pk for form in forms if form.employee.name in {"高雅琪", "蔡文杰"}]
    Item.objects.filter(form_id__in=empty).delete()
    asked = next(form for form in forms if form.employee.name == "黄佩珊")
    Remark.objects.create(
        form=asked,
        author=asked.employee,
        kind=RemarkKind.QUESTION,
        text="下月有三天脱产培训，知识库条目还是按1条算吗？",
        at=noon(today - timedelta(days=1), 3),
    )


def _put(cycle: Cycle, names: set[str], state: str, **fields: object) -> None:
    Form.objects.filter(cycle=cycle, employee__name__in=names).update(state=state, **fields)
