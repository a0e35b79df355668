"""The sheet 考核指标: a form per person and month, its items, and whether they may be what they are (P4, P6.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from appraisals.selectors.drafts import day_within
from appraisals.states import OPEN_STATES, DataSource, FormState, Part
from common.problems import sentence
from policy.facts import PART_NAMES
from policy.items import check_item
from policy.parameters import read_params
from policy.schemes import Scheme
from policy.weights import Weight, check_weights
from reports.facts.changes import Changes, Seen, is_twice
from reports.facts.faults import Faults, Place
from reports.facts.parsing import Parsed
from reports.facts.roster import Roster, month_end
from reports.facts.rows import TargetRow
from reports.facts.scheme import SchemePlan
from reports.facts.sheets import SCHEME, TARGETS
from reports.selectors.known import FormKey, Known, KnownForm, KnownItem

DRAFTS = (FormState.TARGETS, FormState.APPROVAL, FormState.CONFIRMATION)
RUNNING = (FormState.ACTIVE, FormState.REVIEW, FormState.READY)


class Target(NamedTuple):
    """An item as it will stand; ``pk`` is None until it is stored."""

    pk: int | None
    part: str
    name: str
    standard: str
    points: Decimal
    method: str
    parameters: str
    data_source: str
    provider: str
    not_applicable: str = ""


@dataclass(slots=True)
class FormPlan:
    """A form as it will stand: ``known`` is the one there is; ``is_rewritten`` its items are replaced.

    ``day`` is the one whose reporting lines hold.
    """

    month: date
    number: str
    owner: str
    rules: Scheme
    version: str
    known: KnownForm | None
    day: date
    items: dict[tuple[str, str], Target] = field(default_factory=dict)
    is_rewritten: bool = False
    is_agreed: bool = False
    state: str = FormState.ACTIVE

    @property
    def key(self) -> FormKey:
        return self.month, self.number

    @property
    def is_closed(self) -> bool:
        """Consolidated or further: what differs from it is refused."""
        return self.known is not None and self.known.state not in OPEN_STATES


@dataclass(slots=True)
class FormsPlan:
    """Every form the workbook speaks of, and the counts of the sheet by rows."""

    forms: dict[FormKey, FormPlan] = field(default_factory=dict)
    rows: Changes[TargetRow] = field(default_factory=lambda: Changes(TARGETS))
    spoilt: set[tuple[object, ...]] = field(default_factory=set)
    is_partial: bool = False

    def is_spoilt(self, key: FormKey) -> bool:
        """Whether a fault of the targets explains why the form or one of its items is missing."""
        return self.is_partial or key in self.spoilt


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What the checks of forms read."""

    known: Known
    roster: Roster
    schemes: SchemePlan
    faults: Faults
    today: date

    def day_of(self, month: date) -> date:
        """The day whose reporting lines hold for a month: its last, while it lasts today."""
        return day_within(month, month_end(month), self.today)


def plan_forms(parsed: Parsed, grounds: Grounds) -> FormsPlan:
    """Put the rows together by form, check each, and take over the forms that stand."""
    plan = FormsPlan(spoilt=parsed.spoilt_keys(TARGETS, "月份", "工号"), is_partial=TARGETS in parsed.unread)
    grouped: dict[FormKey, list[TargetRow]] = {}
    for row in parsed.of(TARGETS):
        grouped.setdefault((row.month, row.number), []).append(row)
    knows_schemes = not any(fault.sheet == SCHEME for fault in grounds.faults.found)
    for key, rows in grouped.items():
        form = _form(key, rows[0], grounds, knows_schemes=knows_schemes)
        if form is None:
            plan.spoilt.add(key)
            continue
        sound = _read_items(form, rows, grounds)
        if sound and key not in plan.spoilt:
            _check_fill(form, rows, grounds)
        _compare(plan, form, rows, grounds)
        plan.forms[key] = form
    for key, known in grounds.known.forms.items():
        if key not in plan.forms:
            plan.forms[key] = _standing(known, grounds)
    return plan


def _form(key: FormKey, row: TargetRow, grounds: Grounds, *, knows_schemes: bool) -> FormPlan | None:
    """The head of a form, or the fault that keeps the person from having one."""
    month, number = key
    known = grounds.known.forms.get(key)
    if grounds.roster.check(row.at, "工号", number) is None:
        return None
    version = grounds.schemes.in_force(month)
    if version is None:
        if knows_schemes:
            grounds.faults.add(row.at, "月份", _("这个月还没有生效的方案"), _("加一版生效日期更早的“方案”"))
        return None
    owner = known.owner if known else _owner(key, row, grounds)
    if owner is None:
        return None
    day = grounds.day_of(month)
    return FormPlan(month, number, owner, version.rules, version.version, known, day, is_agreed=True)


def _owner(key: FormKey, row: TargetRow, grounds: Grounds) -> str | None:
    """The appraisal owner of a person who may have a form that month; else a fault."""
    month, number = key
    roster, faults = grounds.roster, grounds.faults
    person = roster.people[number]
    if not person.position or not person.region:
        faults.add(row.at, "工号", _("没有岗位或区域，不参加考核"), _("在“员工”表里填上岗位编码和区域编码"))
        return None
    if not roster.works_within(number, month, month_end(month)):
        faults.add(row.at, "月份", _("这个人这个月不在职"), _("核对“员工”表里的入职日期和离职日期"))
        return None
    owner = roster.owner_on(number, grounds.day_of(month))
    if owner is None and number not in roster.unjudged:
        faults.add(row.at, "工号", _("没有考核负责人"), _("在“员工”表里填上直接上级工号"))
    return owner


def _read_items(form: FormPlan, rows: list[TargetRow], grounds: Grounds) -> bool:
    """The form's items by part and name; whether no name stood twice."""
    seen, sound = Seen(), True
    for row in rows:
        if is_twice(seen, row.name, row.at, "指标名称", grounds.faults):
            sound = False
            continue
        is_kpi = row.part == Part.KPI
        if is_kpi:
            _check_kpi(row, grounds)
        source = row.source if is_kpi and row.source else DataSource.MANUAL.value
        form.items[row.part, row.name] = Target(
            None,
            row.part,
            row.name,
            row.standard,
            row.points,
            row.method if is_kpi else "",
            row.parameters if is_kpi else "",
            source,
            row.provider if is_kpi else "",
        )
    return sound


def _check_kpi(row: TargetRow, grounds: Grounds) -> None:
    """Method, parameters and provider of a KPI (P4.1)."""
    faults = grounds.faults
    if not row.method:
        faults.add(row.at, "评分方式", _("空着"), _("关键业绩指标要有评分方式"))
    else:
        reading = read_params(row.method, row.parameters)
        for problem in reading.problems:
            faults.add(row.at, "评分参数", sentence(problem))
        for problem in check_item(reading.params, row.points) if reading.params else ():
            faults.add(row.at, "评分参数", sentence(problem), _("改分档的分，或改权重"))
    is_manual = row.source != DataSource.MONITORING
    if row.provider:
        grounds.roster.check(row.at, "信息提供人工号", row.provider)
        if is_manual and row.provider == row.number:
            faults.add(row.at, "信息提供人工号", _("自己的数据不能自己报"), _("换一位信息提供人"))
    elif is_manual:
        faults.add(row.at, "信息提供人工号", _("空着"), _("写由谁报这个数"))


def _check_fill(form: FormPlan, rows: list[TargetRow], grounds: Grounds) -> None:
    """Each part's weights fill what the class of post demands; a fault stands at the part's first row."""
    post = grounds.roster.people[form.number].position
    if not grounds.roster.classes.get(post or ""):
        return  # the post's own row has a fault
    weights = [Weight(item.part, item.name, item.points) for item in form.items.values()]
    managerial = form.known.position_class == "managerial" if form.known else grounds.roster.is_managerial(form.number)
    for problem in check_weights(weights, form.rules, managerial=managerial):
        part, name = problem.values.get("part", ""), problem.values.get("name", "")
        of_part = [row for row in rows if PART_NAMES[row.part] in part.split("、") and name in ("", row.name)]
        row = (of_part or rows)[0]
        column = "部分" if problem.code == "part_not_for_class" else "权重"
        who = _("%(person)s %(month)s：") % {
            "person": grounds.roster.named(form.number),
            "month": f"{form.month:%Y-%m}",
        }
        grounds.faults.add(row.at, column, who + sentence(problem))


def _compare(plan: FormsPlan, form: FormPlan, rows: list[TargetRow], grounds: Grounds) -> None:
    """New rows, or what stands: drafts are rewritten, agreed targets are not (P6.2 has its own way)."""
    if form.known is None:
        plan.rows.new += rows
        return
    stands = {(item.part, item.name): item for item in grounds.known.items.get(form.known.pk, ())}
    differing = [row for row in rows if _differs(form.items[row.part, row.name], stands.get((row.part, row.name)))]
    gone = [item.name for key, item in stands.items() if key not in form.items]
    plan.rows.same += len(rows) - len(differing)
    form.state = form.known.state
    if form.known.state in DRAFTS:
        plan.rows.changed += differing
        form.is_rewritten = bool(differing or gone)
        form.state = FormState.ACTIVE
        if form.is_rewritten:
            return
    elif differing or gone:
        _refuse_change(form, differing, gone, rows[0].at, grounds.faults)
    form.items = {key: _as_target(item) for key, item in stands.items()}


def _differs(item: Target, stands: KnownItem | None) -> bool:
    return stands is None or _as_target(stands)._replace(pk=None, not_applicable="") != item


def _refuse_change(form: FormPlan, rows: Sequence[TargetRow], gone: Iterable[str], at: Place, faults: Faults) -> None:
    """Agreed targets change by re-adjustment on the form, with its reason and history; consolidated ones not at all."""
    if form.is_closed:
        reason, hint = _("这张表已经汇总，和系统里的不一样"), _("撤回汇总后再改，或改回原样")
    else:
        reason, hint = _("目标已经定了，和系统里的不一样"), _("在考核表上“调整目标”后再导入，或改回原样")
    for row in rows:
        faults.add(row.at, "指标名称", reason, hint)
    for name in gone:
        faults.add(at, "指标名称", _("系统里这张表还有“%(name)s”") % {"name": name}, hint)


def _standing(known: KnownForm, grounds: Grounds) -> FormPlan:
    """A form that the workbook's targets leave alone."""
    version = grounds.schemes.in_force(known.month) or grounds.schemes.versions[0]
    day, state = grounds.day_of(known.month), known.state
    form = FormPlan(known.month, known.number, known.owner, version.rules, version.version, known, day, state=state)
    form.items = {(item.part, item.name): _as_target(item) for item in grounds.known.items.get(known.pk, ())}
    return form


def _as_target(item: KnownItem) -> Target:
    return Target(
        item.pk,
        item.part,
        item.name,
        item.standard,
        item.points,
        item.method,
        item.parameters,
        item.data_source,
        item.provider or "",
        item.not_applicable,
    )
