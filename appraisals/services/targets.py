"""The items of a form in target setting: first draft, whole-list saving, the team's drafts at once (P6.1)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Figure, Form, Item, Score, UpwardScore
from appraisals.permissions import hats_on
from appraisals.services.drafting import Drafted, fill_with_drafts
from appraisals.services.steps import Actor, check_edit, check_version, locked_form, locked_forms, standing_for
from appraisals.states import DataSource, DraftSource, Part
from appraisals.workflow import Piece, may_edit
from audit.log import record, record_many
from common.errors import RuleError
from common.problems import sentences
from common.wording import listed
from policy.items import check_item
from policy.parameters import read_params
from policy.problems import Problem

FIELDS = ("part", "order", "name", "standard", "points", "unit", "method", "parameters", "data_source", "provider_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemInput:
    """One item as somebody typed it; ``id`` is None for a new one."""

    id: int | None = None
    part: str
    name: str
    points: Decimal
    standard: str = ""
    unit: str = ""
    method: str = ""
    parameters: str = ""
    data_source: str = DataSource.MANUAL
    provider_id: int | None = None
    library_id: int | None = None
    anchors: dict[str, str] = field(default_factory=dict)


@transaction.atomic(durable=True)
def draft_items(form_id: int, *, source: DraftSource, by: Actor, version: int | None = None) -> Drafted:
    """Start a form's targets anew from the library, the period before, or nothing."""
    today = timezone.localdate()
    form = locked_form(form_id)
    check_edit(form, Piece.ITEMS, by)
    check_version(form, version)
    old = list(form.items.order_by("part", "order", "pk"))
    _check_removal(form, {item.pk: item for item in old})
    form.items.all().delete()
    drafted = fill_with_drafts([form], form.cycle, source, today)
    _touch(form)
    record("form.drafted", form, by=by, before={"items": as_rows(old)}, after={"source": str(source)})
    return drafted


@transaction.atomic(durable=True)
def draft_team(form_ids: Collection[int], *, source: DraftSource, by: Actor) -> Drafted:
    """A first draft for every form of the list that has no item yet and is one's own to set; the others stay."""
    now = timezone.now()
    standing = standing_for(by, now)
    forms = [form for form in locked_forms(form_ids) if may_edit(Piece.ITEMS, form.state, hats_on(form, by, standing))]
    if not forms:
        raise RuleError(_("这些人里没有可以定目标的表。"), code="nothing_to_do")
    filled = set(Item.objects.filter(form__in=forms).values_list("form_id", flat=True))
    empty = [form for form in forms if form.pk not in filled]
    drafted = _fill_by_cycle(empty, source, timezone.localdate(now))
    for form in empty:
        form.version += 1
    Form.objects.bulk_update(empty, ["version"])
    record_many("form.drafted", [(form, None, {"source": str(source)}) for form in empty], by=by)
    return drafted


@transaction.atomic(durable=True)
def save_items(form_id: int, *, items: Sequence[ItemInput], version: int, by: Actor) -> Form:
    """Replace a form's items by ``items``: the whole list, in the order given. The weights may still be short."""
    form = locked_form(form_id)
    check_edit(form, Piece.ITEMS, by)
    check_version(form, version)
    problems = [*_input_problems(items, form)]
    if problems:
        raise RuleError(_("还有几处要改。"), code="items_faulty", problems=tuple(problems))
    old = {item.pk: item for item in form.items.all()}
    before = as_rows(sorted(old.values(), key=lambda item: (item.part, item.order, item.pk)))
    kept, new = _laid_out(form, items, old)
    gone = {pk: item for pk, item in old.items() if pk not in {row.pk for row in kept}}
    _check_removal(form, gone)
    _check_points(form, kept, old)
    Item.objects.filter(pk__in=gone).delete()
    _rename_aside(kept, old)
    Item.objects.bulk_update(kept, FIELDS)
    Item.objects.bulk_create(new)
    _touch(form)
    record("form.items_saved", form, by=by, before={"items": before}, after={"items": as_rows([*kept, *new])})
    return form


def as_rows(items: Sequence[Item]) -> list[dict[str, str | int | None]]:
    """Items as plain rows, for the audit trail and for revisions."""
    return [
        {
            "part": item.part,
            "name": item.name,
            "standard": item.standard,
            "points": f"{item.points.normalize():f}",
            "unit": item.unit,
            "method": item.method,
            "parameters": item.parameters,
            "data_source": item.data_source,
            "provider": item.provider_id,
        }
        for item in items
    ]


def _fill_by_cycle(forms: Sequence[Form], source: DraftSource, today: date) -> Drafted:
    """A team's page shows one cycle; a list that spans several is filled cycle by cycle."""
    last = library = 0
    for cycle in {form.cycle_id: form.cycle for form in forms}.values():
        done = fill_with_drafts([form for form in forms if form.cycle_id == cycle.pk], cycle, source, today)
        last, library = last + done.from_last, library + done.from_library
    return Drafted(from_last=last, from_library=library)


def _input_problems(items: Sequence[ItemInput], form: Form) -> list[str]:
    """What can never be stored; unfilled weights and missing providers are only stopped at submitting."""
    problems: list[Problem] = []
    said: list[str] = []
    names: set[tuple[str, str]] = set()
    for item in items:
        if (item.part, item.name) in names:
            problems.append(Problem("repeated_item", {"name": item.name}))
        names.add((item.part, item.name))
        if not 0 < item.points <= 100:
            said.append(_("“%(name)s”的权重要在0到100之间。") % {"name": item.name})
        if item.part == Part.KPI and item.method:
            words = sentences(_parameter_problems(item))
            said += [_("%(name)s：%(text)s") % {"name": item.name, "text": text} for text in words]
        if item.provider_id == form.employee_id:
            said.append(_("“%(name)s”的信息提供人不能是被考核人自己。") % {"name": item.name})
    return [*sentences(problems), *said]


def _parameter_problems(item: ItemInput) -> list[Problem]:
    reading = read_params(item.method, item.parameters)
    if reading.params is None:
        return list(reading.problems)
    return check_item(reading.params, item.points)


def _laid_out(form: Form, items: Sequence[ItemInput], old: Mapping[int, Item]) -> tuple[list[Item], list[Item]]:
    kept, new = [], []
    for order, typed in enumerate(items, start=1):
        row = old.get(typed.id) if typed.id else None
        if row is None:
            row = Item(form=form, library_id=typed.library_id, anchors=typed.anchors)
            new.append(row)
        else:
            row = Item(pk=row.pk, form=form, library_id=row.library_id, anchors=row.anchors)
            kept.append(row)
        for name in FIELDS:
            setattr(row, name, order if name == "order" else getattr(typed, name))
        if row.part != Part.KPI:
            row.method, row.parameters, row.data_source, row.provider_id = "", "", DataSource.MANUAL, None
        elif row.data_source == DataSource.MONITORING:
            row.provider_id = None
        row.full_clean(exclude=["form", "library", "provider"], validate_constraints=False, validate_unique=False)
    return kept, new


def _check_removal(form: Form, gone: Mapping[int, Item]) -> None:
    """What has been reported or rated is a record: it is not deleted with its target (P4.1c)."""
    if not gone or form.confirmed_at is None:
        return
    rows = Item.objects.filter(pk__in=gone).filter(_HAS_FIGURE | _HAS_UPWARD)
    names = listed(rows.values_list("name", flat=True))
    if names:
        words = _("“%(names)s”已经有数据或评分，不能删。定好目标后把它标成不适用。") % {"names": names}
        raise RuleError(words, code="item_has_records")


_HAS_FIGURE = Exists(Figure.objects.filter(item=OuterRef("pk")))
_HAS_UPWARD = Exists(UpwardScore.objects.filter(item=OuterRef("pk")))


def _check_points(form: Form, kept: Sequence[Item], old: Mapping[int, Item]) -> None:
    """Points given out of other points no longer fit: ratings forbid the change, a self-score is asked for again."""
    changed = {row.pk for row in kept if row.points != old[row.pk].points}
    if not changed or form.confirmed_at is None:
        return
    names = listed(Item.objects.filter(pk__in=changed).filter(_HAS_UPWARD).values_list("name", flat=True))
    if names:
        words = _("下级已经给“%(names)s”评过分，权重不能再改。") % {"names": names}
        raise RuleError(words, code="item_has_records")
    Score.objects.filter(item_id__in=changed).delete()


def _rename_aside(kept: Sequence[Item], old: Mapping[int, Item]) -> None:
    """Two items that swap names would meet the constraint halfway."""
    renamed = [row.pk for row in kept if (row.part, row.name) != (old[row.pk].part, old[row.pk].name)]
    if len(renamed) > 1:
        Item.objects.bulk_update([Item(pk=pk, name=f"\N{ZERO WIDTH SPACE}{pk}") for pk in renamed], ["name"])


def _touch(form: Form) -> None:
    form.version += 1
    form.save(update_fields=["version"])
