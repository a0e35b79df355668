"""Figures by their named provider: entered, corrected by superseding, with the files behind them (P4.1c, P4.1d)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Evidence, Figure, Form, Item
from appraisals.permissions import hats_on, item_hats
from appraisals.services.steps import Actor, locked_form, locked_forms, standing_for
from appraisals.states import DataSource, Part
from appraisals.workflow import Hat, Piece, may_edit
from audit.log import record, record_many
from common.errors import RuleError
from common.problems import sentence
from common.uploads import Checked, keep
from people.facts import SystemActor
from people.models import Employee
from policy.items import figure_problem
from policy.parameters import read_params
from policy.rounding import plain

LARGEST = Decimal(10) ** 10
FINEST = Decimal("0.0001")
BASIS_LIMIT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureInput:
    """One figure as its provider gives it: a value, or not applicable with the reason in ``basis``.

    ``replaces`` is the figure the person saw there (None: none yet); to replace one takes a ``correction_reason``.
    """

    item_id: int
    collected_on: date
    value: Decimal | None = None
    is_not_applicable: bool = False
    basis: str = ""
    replaces: int | None = None
    correction_reason: str = ""


@dataclass(slots=True)
class Entered:
    """What became of a list of figures: the sound ones are stored, the others named by item."""

    saved: list[Figure] = field(default_factory=list)
    faults: dict[int, RuleError] = field(default_factory=dict)


@transaction.atomic(durable=True)
def enter_figures(rows: Sequence[FigureInput], *, by: Actor, files: Sequence[Checked] = ()) -> Entered:
    """Store what is sound and name what is not, row by row; ``files`` stand behind every figure of this act.

    Somebody else's item is ``Item.DoesNotExist``. A figure equal to the one that stands is left alone.
    """
    now = timezone.now()
    wanted = {row.item_id: row for row in rows}
    items = {item.pk: item for item in _provided(by).filter(pk__in=wanted)}
    if len(items) != len(wanted):
        raise Item.DoesNotExist
    forms = {form.pk: form for form in locked_forms(item.form_id for item in items.values())}
    standing = standing_for(by, now)
    hats = {pk: hats_on(form, by, standing) for pk, form in forms.items()}
    current = {figure.item_id: figure for figure in Figure.objects.filter(item__in=items, superseded_at__isnull=True)}
    entered = Entered()
    for pk, row in wanted.items():
        item, old = items[pk], current.get(pk)
        try:
            _check_right(forms[item.form_id], item, item_hats(item, by, hats[item.form_id]))
            if old is None or not _same(old, row):
                _check_row(item, old, row, forms[item.form_id], now)
                entered.saved.append(_figure(item, row, by, now, corrects=old is not None))
        except RuleError as error:
            entered.faults[pk] = error
    _store(entered.saved, current, now)
    _attach(entered.saved, files, by)
    _tell(entered.saved, current, items, forms, by)
    return entered


@transaction.atomic(durable=True)
def add_evidence(figure_id: int, *, files: Sequence[Checked], by: Employee) -> None:
    """More files behind a figure, by its item's provider while figures are open."""
    figure = Figure.objects.select_related("item").get(pk=figure_id)
    form = locked_form(figure.item.form_id)
    _check_right(form, figure.item, item_hats(figure.item, by, hats_on(form, by)))
    if not files:
        raise RuleError(_("先选文件。"), code="no_file", field="evidence")
    _attach([figure], files, by)
    names = [checked.name for checked in files]
    record("form.evidence", form, by=by, after={"item": figure.item.name, "files": names})


def _provided(by: Actor) -> QuerySet[Item]:
    items = Item.objects.all()
    return items if isinstance(by, SystemActor) else items.filter(provider=by)


def _check_right(form: Form, item: Item, hats: frozenset[Hat]) -> None:
    if Hat.APPRAISEE in hats:
        raise RuleError(_("自己的数据不能自己报，请考核负责人换信息提供人。"), code="own_figure")
    if not may_edit(Piece.FIGURES, form.state, hats):
        words = _("这张考核表现在是“%(state)s”，不能再报数。") % {"state": form.get_state_display()}
        raise RuleError(words, code="not_now")
    if item.part != Part.KPI:
        raise RuleError(_("“%(name)s”不按数据计分。") % {"name": item.name}, code="not_a_figure")
    if item.data_source == DataSource.MONITORING:
        raise RuleError(_("“%(name)s”取录音监听的平均分，不用报。") % {"name": item.name}, code="monitored")
    if item.is_not_applicable:
        raise RuleError(_("考核负责人已标为不适用，不用报。"), code="not_applicable")


def _check_row(item: Item, old: Figure | None, row: FigureInput, form: Form, now: datetime) -> None:
    if (old.pk if old else None) != row.replaces:
        stands = _("不适用") if old and old.value is None else plain(old.value) if old and old.value is not None else ""
        words = (
            _("刚有人报了 %(value)s，刷新看看再改。") % {"value": stands} if old else _("原来的数已经变了，刷新再报。")
        )
        raise RuleError(words, code="changed_meanwhile")
    if old is not None and not row.correction_reason.strip():
        raise RuleError(_("改已报的数，写一句更正原因。"), code="reason_missing", field="correction_reason")
    if not form.cycle.starts_on <= row.collected_on <= timezone.localdate(now):
        words = _("采集日期要在考核期开始之后、今天之前。")
        raise RuleError(words, code="bad_date", field="collected_on")
    if row.is_not_applicable:
        if not row.basis.strip():
            raise RuleError(_("不适用要在依据里写原因。"), code="reason_missing", field="basis")
        return
    _check_value(item, row.value)


def _check_value(item: Item, value: Decimal | None) -> None:
    if value is None:
        raise RuleError(_("填一个数，或者勾“不适用”。"), code="no_value", field="value")
    if not value.is_finite() or abs(value) >= LARGEST or value != value.quantize(FINEST):
        raise RuleError(_("填一个数，最多四位小数。"), code="bad_value", field="value")
    params = read_params(item.method, item.parameters).params
    problem = None if params is None else figure_problem(params, item.points, value)
    if problem is not None:
        raise RuleError(sentence(problem), code=problem.code, field="value")


def _same(old: Figure, row: FigureInput) -> bool:
    told = (old.value, old.is_not_applicable, old.basis)
    return told == (row.value, row.is_not_applicable, row.basis.strip()) and old.pk == row.replaces


def _figure(item: Item, row: FigureInput, by: Actor, now: datetime, *, corrects: bool) -> Figure:
    provider_id = item.provider_id if isinstance(by, SystemActor) else by.pk
    if provider_id is None:
        raise RuleError(_("“%(name)s”还没有信息提供人。") % {"name": item.name}, code="no_provider")
    return Figure(
        item=item,
        value=None if row.is_not_applicable else row.value,
        is_not_applicable=row.is_not_applicable,
        basis=row.basis.strip()[:BASIS_LIMIT],
        collected_on=row.collected_on,
        provider_id=provider_id,
        entered_at=now,
        correction_reason=row.correction_reason.strip()[:BASIS_LIMIT] if corrects else "",
    )


def _store(fresh: list[Figure], current: dict[int, Figure], now: datetime) -> None:
    """The old figures step back before the new ones come: one stands at a time."""
    replaced = [current[figure.item_id].pk for figure in fresh if figure.item_id in current]
    Figure.objects.filter(pk__in=replaced).update(superseded_at=now)
    Figure.objects.bulk_create(fresh)


def _attach(figures: list[Figure], files: Iterable[Checked], by: Actor) -> None:
    """Keep each file once under a name of our own, outside the web root, and put it behind every figure."""
    if not figures or isinstance(by, SystemActor):
        return
    rows = []
    for checked in files:
        kept = keep(checked, "evidence")
        rows += [
            Evidence(
                figure=figure, file=kept, name=checked.name, size=checked.size, sha256=checked.sha256, uploaded_by=by
            )
            for figure in figures
        ]
    Evidence.objects.bulk_create(rows)


def _tell(
    fresh: list[Figure], current: dict[int, Figure], items: dict[int, Item], forms: dict[int, Form], by: Actor
) -> None:
    """One audit row per form, with each figure before and after."""
    told: dict[int, tuple[dict[str, str | None], dict[str, str | None]]] = {}
    for figure in fresh:
        item = items[figure.item_id]
        before, after = told.setdefault(item.form_id, ({}, {}))
        old = current.get(item.pk)
        before[item.name] = _said(old) if old else None
        after[item.name] = _said(figure)
    record_many("form.figures", [(forms[pk], before, after) for pk, (before, after) in told.items()], by=by)


def _said(figure: Figure) -> str:
    if figure.value is None:
        return f"- ({figure.basis})"
    reason = f" ({figure.correction_reason})" if figure.correction_reason else ""
    return plain(figure.value) + reason
