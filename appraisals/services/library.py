"""The ready-made targets of a post: edit, add, take out of use, confirm a default (P5.2)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import LibraryItem
from appraisals.permissions import can_edit_library
from appraisals.services.steps import standing_for
from appraisals.states import DataSource, ItemSource, Part
from audit.log import record
from common.errors import RuleError
from common.problems import sentences
from people.models import Employee, Position
from policy.items import check_item
from policy.parameters import read_params


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryFacts:
    """A library item as somebody typed it."""

    part: str
    name: str
    points: Decimal
    standard: str = ""
    unit: str = ""
    method: str = ""
    parameters: str = ""
    data_source: str = DataSource.MANUAL
    raw_data: str = ""
    provider_hint: str = ""


EDITED = ("name", "points", "standard", "unit", "method", "parameters", "data_source", "raw_data", "provider_hint")


@transaction.atomic(durable=True)
def save_library_item(item_id: int | None, *, position_id: int, facts: LibraryFacts, by: Employee) -> LibraryItem:
    """Store a changed item, or a new one of the company's own. Forms agreed before keep their copy."""
    _check_may(by)
    item = _locked(item_id) if item_id else _new(position_id, facts.part)
    before = _facts(item) if item_id else None
    for name in EDITED:
        setattr(item, name, getattr(facts, name))
    if item.part != Part.KPI:
        item.method, item.parameters, item.data_source = "", "", DataSource.MANUAL
    _check_method(item)
    if before and before != _facts(item):
        item.source = ItemSource.OWN  # what was changed by hand is nobody else's default any more
    item.full_clean()
    item.save()
    record("library.saved", item, by=by, before=before, after=_facts(item))
    return item


@transaction.atomic(durable=True)
def confirm_library_item(item_id: int, *, by: Employee) -> LibraryItem:
    """Make a default the company's own as it stands."""
    _check_may(by)
    item = _locked(item_id)
    if not item.needs_confirmation:
        raise RuleError(_("这一项不用确认。"), code="nothing_to_do")
    before, item.source = item.source, ItemSource.OWN
    item.save(update_fields=["source"])
    record("library.confirmed", item, by=by, before={"source": before}, after={"source": item.source})
    return item


@transaction.atomic(durable=True)
def confirm_library_of(position_id: int, *, by: Employee) -> int:
    """Confirm every default of a post that is in use; returns how many."""
    _check_may(by)
    defaults = LibraryItem.objects.filter(
        position_id=position_id, is_active=True, source__in=(ItemSource.PUBLIC, ItemSource.PROPOSED)
    )
    codes = list(defaults.values_list("part", "code"))
    defaults.update(source=ItemSource.OWN)
    position = Position.objects.get(pk=position_id)
    record("library.all_confirmed", position, by=by, after={"items": [f"{part} {code}" for part, code in codes]})
    return len(codes)


@transaction.atomic(durable=True)
def set_library_item_active(item_id: int, *, is_active: bool, by: Employee) -> LibraryItem:
    """Take an item out of use for new drafts, or back."""
    _check_may(by)
    item = _locked(item_id)
    before, item.is_active = item.is_active, is_active
    item.save(update_fields=["is_active"])
    record("library.switched", item, by=by, before={"is_active": before}, after={"is_active": is_active})
    return item


def _check_may(by: Employee) -> None:
    standing = standing_for(by, timezone.now())
    if standing is None or not can_edit_library(standing):
        raise RuleError(_("指标库由考核小组组长、客服管理部或人力资源部维护。"), code="not_allowed")


def _locked(item_id: int) -> LibraryItem:
    return LibraryItem.objects.select_for_update().get(pk=item_id)


def _new(position_id: int, part: str) -> LibraryItem:
    order = LibraryItem.objects.filter(position_id=position_id, part=part).aggregate(last=Max("order"))["last"] or 0
    taken = LibraryItem.objects.filter(position_id=position_id, part=part, code__startswith="OWN").count()
    return LibraryItem(
        position_id=position_id, part=part, code=f"OWN{taken + 1}", order=order + 1, source=ItemSource.OWN
    )


def _check_method(item: LibraryItem) -> None:
    if item.part != Part.KPI:
        return
    reading = read_params(item.method, item.parameters)
    problems = reading.problems if reading.params is None else check_item(reading.params, item.points)
    if problems:
        raise RuleError(_("评分方式还要改。"), code="bad_method", problems=sentences(problems))


def _facts(item: LibraryItem) -> dict[str, Any]:
    return {name: f"{value}" if isinstance(value := getattr(item, name), Decimal) else value for name in EDITED}
