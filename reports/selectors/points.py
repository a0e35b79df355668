"""What a month still leaves open when its documents are put together (P5.3). Names and states, never an amount."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appraisals.models import Cycle, Form
from appraisals.states import FormState
from common.wording import day, month
from development.models import Meeting
from development.states import MeetingState
from incidents.models import Bonus, Involvement
from incidents.states import EventState
from quality.models import Dispute
from quality.states import DisputeState
from scoring.models import PayDifference, Result
from scoring.selectors.board import UNPUBLISHED, unheard, unreported


class Point(NamedTuple):
    """One open point: its sort, whom it is about, what is open, and who has to act."""

    sort: str
    number: str
    name: str
    region: str
    words: str
    waits_for: str


def open_points(cycle: Cycle) -> list[Point]:
    """Every open point of the month, in nine statements however many people there are."""
    sources = (_contested, _unsigned, _undecided, _disputed, _differences, _missing, _unpublished, _minutes)
    return [point for source in sources for point in source(cycle)]


def _contested(cycle: Cycle) -> Iterator[Point]:
    for form in _forms(cycle).filter(is_contested=True):
        yield _about(form, _("申诉中"), _("申诉还没有裁定"), _("申诉处理人"))


def _unsigned(cycle: Cycle) -> Iterator[Point]:
    forms = _forms(cycle).filter(state=FormState.PUBLISHED, is_contested=False)
    terms = dict(Result.objects.filter(cycle=cycle, superseded_at__isnull=True).values_list("form_id", "sign_until"))
    for form in forms:
        until = terms.get(form.pk)
        words = _("签认到%(day)s为止") % {"day": day(until)} if until else _("等双方签认")
        yield _about(form, _("没签认"), words, _("%(name)s、%(owner)s") % _pair(form))


def _undecided(cycle: Cycle) -> Iterator[Point]:
    period, people = (cycle.starts_on, cycle.ends_on), Form.objects.filter(cycle=cycle).values("employee_id")
    shares = Involvement.objects.filter(state=EventState.FILED, incident__occurred_on__range=period)
    names = ("employee__number", "employee__name", "employee__region__name")
    rows = shares.filter(employee__in=people).order_by("incident__number")
    for number, name, region, record in rows.values_list(*names, "incident__number"):
        yield Point(_("没核实的事故"), number, name, region or "", record, _("核实人"))
    claims = Bonus.objects.filter(state=EventState.FILED, occurred_on__range=period, employee__in=people)
    for number, name, region, record in claims.order_by("number").values_list(*names, "number"):
        yield Point(_("没确认的加分"), number, name, region or "", record, _("确认人"))


def _disputed(cycle: Cycle) -> Iterator[Point]:
    period = (cycle.starts_on, cycle.ends_on)
    rows = Dispute.objects.filter(state=DisputeState.OPEN, assessment__call__called_on__range=period).order_by("pk")
    call = "assessment__call__"
    names = (f"{call}employee__number", f"{call}employee__name", f"{call}employee__region__name", f"{call}number")
    for number, name, region, record in rows.values_list(*names):
        yield Point(_("没裁定的录音异议"), number, name, region or "", record, _("裁定人"))


def _differences(cycle: Cycle) -> Iterator[Point]:
    owed = PayDifference.objects.filter(before__cycle=cycle).exclude(amount=0).order_by("employee__number")
    names = ("employee__number", "employee__name", "employee__region__name", "paid_month")
    for number, name, region, paid in owed.values_list(*names):
        words = _("差额随%(month)s的报表结清") % {"month": month(paid)}
        yield Point(_("要补的差额"), number, name, region or "", words, _("人力资源部"))


def _missing(cycle: Cycle) -> Iterator[Point]:
    form = "form__employee__"
    names = (f"{form}number", f"{form}name", "form__region__name", "name", "provider__name", "form__owner__name")
    for items in (unreported(cycle), unheard(cycle)):
        for number, name, region, item, provider, owner in items.order_by(f"{form}number").values_list(*names):
            yield Point(_("缺的数据"), number, name, region, item, provider or owner)


def _unpublished(cycle: Cycle) -> Iterator[Point]:
    for form in _forms(cycle).filter(state__in=UNPUBLISHED):
        yield _about(form, _("没出结果"), str(FormState(form.state).label), form.owner.name)


def _minutes(cycle: Cycle) -> Iterator[Point]:
    if not Meeting.objects.filter(state=MeetingState.SENT, cycle=cycle).exists():
        yield Point(_("会议纪要"), "", "", "", _("交流会纪要还没发"), _("考核值班主任"))


def _forms(cycle: Cycle) -> QuerySet[Form]:
    forms = Form.objects.filter(cycle=cycle).select_related("employee", "owner", "region")
    return forms.order_by("employee__number")


def _pair(form: Form) -> dict[str, str]:
    return {"name": form.employee.name, "owner": form.owner.name}


def _about(form: Form, sort: str, words: str, waits_for: str) -> Point:
    return Point(sort, form.employee.number, form.employee.name, form.region.name, words, waits_for)
