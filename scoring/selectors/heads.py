"""Heads of forms as consolidation and the lists of what is missing need them, as raw rows."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max

from appraisals.models import Form
from common.db import among
from scoring.models import Result


class FormHead(NamedTuple):
    """Who, where, owned by whom, and on which grade (None: not registered)."""

    pk: int
    employee_id: int
    state: str
    number: str
    name: str
    region: str
    position: str
    position_class: str
    owner_number: str
    owner: str
    grade: str | None
    post_wage: Decimal | None
    pay_cap: Decimal | None


_NAMES = (
    "pk",
    "employee_id",
    "state",
    "employee__number",
    "employee__name",
    "region__name",
    "position__name",
    "position_class",
    "owner__number",
    "owner__name",
    "employee__grade__name",
    "employee__grade__post_wage",
    "employee__grade__pay_cap",
)


def form_heads(form_ids: Iterable[int]) -> list[FormHead]:
    """Heads of the forms, by employee number."""
    forms = Form.objects.filter(pk__in=among(form_ids)).order_by("employee__number")
    return list(map(FormHead._make, forms.values_list(*_NAMES)))


def last_versions(form_ids: Iterable[int]) -> dict[int, int]:
    """Form id → the number of the last version of its result, superseded or not."""
    results = Result.objects.filter(form_id__in=among(form_ids)).order_by()
    return dict(results.values_list("form_id").annotate(Max("version")))
