"""The checks before a month is consolidated and published, and the list of forms they and the matrix point at."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import (
    CharField,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisals.models import Cycle, Figure, Form, Item, Score
from appraisals.states import OPEN_STATES, CycleKind, DataSource, FormState, Part
from common.forms import whole_number
from incidents.models import Bonus, Involvement
from incidents.states import EventState
from people.states import PositionClass
from policy.items import DIRECT
from policy.schemes import Scheme as Rules
from quality.models import Call, Dispute, Rubric
from quality.states import DisputeState, RubricState
from scoring.models import Result
from scoring.selectors.board import AT, CONSOLIDATE, DATA, SETTING, SIGN, forms_owing, unheard, unreported
from scoring.selectors.owed import Missing, missing_figures, unsigned_by

S = FormState
JUMP = Decimal(30)
"""A coefficient this many points from last month's is worth a look before it is published."""
NAMES: dict[str, Promise] = {
    "weights": _("权重合计不对"),
    "missing": _("已复核，但还缺数据"),
    "range": _("分数超出范围"),
    "grade": _("没有登记等级，算不出绩效工资"),
    "few_calls": _("已复核，监听的录音不够数"),
    "jump": _("已汇总，和上月差 30 分以上"),
}
EVENTS, CLAIMS, DISPUTES, HOMELESS, HOMELESS_CLAIMS = "events", "claims", "disputes", "homeless", "homeless_claims"
BESIDE: dict[str, Promise] = {
    EVENTS: _("不良事故还没核实"),
    CLAIMS: _("加分还没确认"),
    DISPUTES: _("录音异议还没裁定"),
    HOMELESS: _("已离职，事故没有表可计"),
    HOMELESS_CLAIMS: _("已离职，加分没有表可计"),
}
"""Checks of records, not of forms: what may still change a figure of the month, or finds no form to count on."""
GRAVE = frozenset(("weights", "range", "grade"))
RARE = frozenset((HOMELESS, HOMELESS_CLAIMS))
_POINTS = DecimalField(max_digits=8, decimal_places=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing to look at, and how many it concerns. Forms are listed on the board itself; records are on the page
    ``route`` with the query ``query``."""

    code: str
    name: Promise
    n: int
    is_grave: bool
    route: str = ""
    query: str = ""

    @property
    def opens_list(self) -> bool:
        """Whether the board has the list."""
        return not self.route


class FormLine(NamedTuple):
    """A form of the board's list. ``owed`` counts figures, ``missing`` names them by provider; ``coefficient`` and last
    month's are percent."""

    form: Form
    owed: int
    coefficient: Decimal | None
    last: Decimal | None
    missing: Mapping[str, Sequence[Missing]]

    @property
    def change(self) -> Decimal | None:
        """Against last month."""
        return None if self.coefficient is None or self.last is None else self.coefficient - self.last

    @property
    def is_jump(self) -> bool:
        """Far enough to look twice."""
        return self.change is not None and abs(self.change) >= JUMP

    @property
    def is_ready(self) -> bool:
        """Handed in, and nothing missing that can be seen from here."""
        return self.form.state == S.READY and not self.owed


def checks_of(cycle: Cycle, rules: Rules, before: Cycle | None) -> list[Check]:
    """Every check with its count, in one statement."""
    counted = [_count(code, _filtered(cycle, rules, before, code)) for code in NAMES]
    counted += [_count(code, rows) for code, rows in _records(cycle)]
    first, *rest = counted
    found: dict[str, int] = {}
    for code, n in first.union(*rest, all=True):
        found[code] = found.get(code, 0) + n
    listed = [Check(code=code, name=name, n=found.get(code, 0), is_grave=code in GRAVE) for code, name in NAMES.items()]
    beside = [
        Check(code=code, name=name, n=found.get(code, 0), is_grave=False, **_place(code, cycle))
        for code, name in BESIDE.items()
    ]
    return [*listed, *(check for check in beside if check.n or check.code not in RARE)]


def _place(code: str, cycle: Cycle) -> dict[str, str]:
    """The page where the records of a check are, narrowed to them."""
    route = {CLAIMS: "incidents:bonuses", HOMELESS_CLAIMS: "incidents:bonuses", DISPUTES: "quality:calls"}
    state = {DISPUTES: "disputed", HOMELESS: EventState.CONFIRMED.value, HOMELESS_CLAIMS: EventState.CONFIRMED.value}
    query = {"month": cycle.key, "state": state.get(code, EventState.FILED.value)}
    return {"route": route.get(code, "incidents:incidents"), "query": urlencode(query)}


def _records(cycle: Cycle) -> Iterator[tuple[str, QuerySet[Any]]]:
    """The records behind ``BESIDE`` that happened in the month."""
    people = Form.objects.filter(cycle=cycle).values("employee_id")
    period = (cycle.starts_on, cycle.ends_on)
    incidents = Involvement.objects.filter(incident__occurred_on__range=period)
    bonuses = Bonus.objects.filter(occurred_on__range=period)
    yield EVENTS, incidents.filter(state=EventState.FILED, employee_id__in=people)
    yield CLAIMS, bonuses.filter(state=EventState.FILED, employee_id__in=people)
    disputes = Dispute.objects.filter(state=DisputeState.OPEN, assessment__call__called_on__range=period)
    yield DISPUTES, disputes.filter(assessment__call__employee_id__in=people)
    months = Form.objects.filter(employee=OuterRef("employee"), state__in=OPEN_STATES, cycle__kind=CycleKind.MONTH)
    for code, events in ((HOMELESS, incidents), (HOMELESS_CLAIMS, bonuses)):
        waiting = events.filter(state=EventState.CONFIRMED, counted_month__isnull=True, employee__left_on__isnull=False)
        yield code, waiting.filter(~Exists(months))


def _count(code: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    counted: QuerySet[Any] = rows.order_by().annotate(of=Value(code, CharField())).values("of").annotate(n=Count("pk"))
    pairs: QuerySet[Any] = counted.values_list("of", "n")
    return pairs


def _filtered(cycle: Cycle, rules: Rules, before: Cycle | None, code: str) -> QuerySet[Form]:
    """The forms that a check concerns."""
    forms = Form.objects.filter(cycle=cycle)
    agreed = forms.filter(state__in=OPEN_STATES).exclude(state__in=SETTING)
    if code == "weights":
        return agreed.exclude(_weights_fill(cycle, rules))
    if code == "missing":
        return forms.filter(forms_owing(cycle), state=S.READY)
    if code == "range":
        return agreed.filter(_out_of_range(cycle))
    if code == "grade":
        return agreed.filter(employee__grade__isnull=True)
    if code == "few_calls":
        return forms.filter(_heard_too_little(cycle), state=S.READY)
    return _jumped(forms.filter(state=S.CONSOLIDATED), cycle, before)


def _weights_fill(cycle: Cycle, rules: Rules) -> Q:
    """Forms whose parts sum to what their class of post demands (P4)."""
    right = Q()
    for position_class in PositionClass:
        wanted = rules.weights_of(managerial=position_class == PositionClass.MANAGERIAL)
        items = Item.objects.filter(form__cycle=cycle, form__position_class=position_class)
        sums = items.order_by().values("form_id").annotate(main=_sum(Part.KPI, Part.GOAL))
        sums = sums.annotate(own=_sum(Part.BEHAVIOUR), led=_sum(Part.MANAGEMENT))
        filled = sums.filter(main=wanted.kpi_and_goals, own=wanted.behaviour, led=wanted.management)
        right |= Q(pk__in=filled.values("form_id"))
    return right


def _sum(*parts: Part) -> Coalesce:
    return Coalesce(Sum("points", filter=Q(part__in=parts)), Value(Decimal(0), _POINTS), output_field=_POINTS)


def _out_of_range(cycle: Cycle) -> Q:
    figures = Figure.objects.filter(item__form__cycle=cycle, superseded_at__isnull=True, item__method=DIRECT)
    figures = figures.filter(Q(value__lt=0) | Q(value__gt=F("item__points")))
    scores = Score.objects.filter(item__form__cycle=cycle, points__gt=F("item__points"))
    return Q(pk__in=figures.order_by().values("item__form_id")) | Q(pk__in=scores.order_by().values("item__form_id"))


def _heard_too_little(cycle: Cycle) -> Q:
    """Agents with some calls scored, but fewer than the rubric of the month wants for a mean (A2)."""
    rubrics = Rubric.objects.filter(state=RubricState.PUBLISHED, starts_on__lte=cycle.ends_on)
    wanted = rubrics.order_by("-starts_on", "-pk").values("min_for_kpi")[:1]
    period = (cycle.starts_on, cycle.ends_on)
    calls = Call.objects.filter(called_on__range=period, total__isnull=False).order_by().values("employee_id")
    few = calls.annotate(n=Count("pk")).filter(n__lt=Subquery(wanted)).values("employee_id")
    items = Item.objects.filter(form__cycle=cycle, data_source=DataSource.MONITORING, not_applicable_reason="")
    return Q(employee_id__in=few, pk__in=items.order_by().values("form_id"))


def _jumped(forms: QuerySet[Form], cycle: Cycle, before: Cycle | None) -> QuerySet[Form]:
    """Forms whose coefficient is far from that of the month before."""
    if before is None:
        return forms.none()
    last = Result.objects.filter(cycle=before, employee=OuterRef("employee"), superseded_at__isnull=True)
    results = Result.objects.filter(cycle=cycle, superseded_at__isnull=True)
    results = results.annotate(last=Subquery(last.values("coefficient")[:1]))
    far = results.filter(Q(coefficient__gte=F("last") + JUMP) | Q(coefficient__lte=F("last") - JUMP))
    return forms.filter(pk__in=far.order_by().values("form_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the list is narrowed to: a region, a step, a check, a person who owes, a name."""

    region: str = ""
    step: str = ""
    check: str = ""
    who: str = ""
    text: str = ""


def forms_asked(cycle: Cycle, rules: Rules, before: Cycle | None, asked: Asked) -> QuerySet[Any]:
    """The forms asked for, by region and number, each with what ``FormLine`` shows; to be paged."""
    forms: QuerySet[Any] = _filtered(cycle, rules, before, asked.check) if asked.check in NAMES else Form.objects.all()
    forms = forms.filter(cycle=cycle)
    if asked.region:
        forms = forms.filter(region__code=asked.region)
    if asked.text:
        forms = forms.filter(Q(employee__name__icontains=asked.text) | Q(employee__number__icontains=asked.text))
    forms = _at_step(forms, cycle, asked)
    owed, calls = (_counted(items.filter(form=OuterRef("pk"))) for items in (unreported(cycle), unheard(cycle)))
    now = Result.objects.filter(form=OuterRef("pk"), superseded_at__isnull=True).values("coefficient")
    last = Result.objects.filter(cycle=before, employee=OuterRef("employee"), superseded_at__isnull=True)
    names = ("employee", "owner", "position", "region", "cycle")
    found: QuerySet[Any] = forms.select_related(*names).annotate(
        owed=owed + calls, now=Subquery(now[:1]), last=Subquery(last.values("coefficient")[:1])
    )
    ordered: QuerySet[Any] = found.order_by("region__code", "employee__number")
    return ordered


def _counted(items: QuerySet[Item]) -> Coalesce:
    return Coalesce(Subquery(items.order_by().values("form").annotate(n=Count("pk")).values("n")), 0)


def form_lines(page: Any) -> list[FormLine]:
    """A page of ``forms_asked`` as lines; one statement for whatever is missing, none where nothing is."""
    forms = list(page)
    missing: dict[int, dict[str, list[Missing]]] = defaultdict(lambda: defaultdict(list))
    owing = [form.pk for form in forms if form.owed]
    for row in map(Missing._make, missing_figures(forms[0].cycle, form_ids=owing) if owing else ()):
        missing[row.form_id][row.provider].append(row)
    return [FormLine(form, form.owed, form.now, form.last, dict(missing[form.pk])) for form in forms]


def _at_step(forms: QuerySet[Any], cycle: Cycle, asked: Asked) -> QuerySet[Any]:
    if asked.step == DATA:
        forms = forms.filter(forms_owing(cycle))
    elif asked.step in AT:
        forms = forms.filter(state__in=AT[asked.step])
    who = whole_number(asked.who)
    if who is None:
        return forms
    if asked.step == DATA:
        return forms.filter(forms_owing(cycle, Q(provider=who) | Q(provider__isnull=True, form__owner=who)))
    if asked.step == SIGN:
        return forms.filter(unsigned_by(who))
    if asked.step == CONSOLIDATE:
        return forms
    own = Q(state__in=(S.CONFIRMATION, S.ACTIVE), employee=who)
    return forms.filter(own | Q(state__in=(S.TARGETS, S.REVIEW), owner=who))
