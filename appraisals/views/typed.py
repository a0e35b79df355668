"""What is typed into the form's page, read into values; the rules are in the services."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from django.utils.translation import gettext as _

from appraisals.services.scores import FACT_LIMIT, Entry
from common.errors import RuleError
from common.forms import version_seen, whole_number

FARTHEST = 30
"""Beyond this exponent a number is a joke or an attack, and arithmetic with it an overflow."""


def number_of(text: str, *, field: str) -> Decimal | None:
    """A decimal as people type it, full-width signs allowed; None for nothing."""
    tidy = text.strip().replace("，", ".").replace("。", ".").replace("−", "-").removesuffix("%")
    if not tidy:
        return None
    try:
        found = Decimal(tidy)
    except InvalidOperation:
        raise RuleError(_("“%(text)s”不是数字。") % {"text": text[:20]}, code="not_a_number", field=field) from None
    if not found.is_finite() or abs(found.adjusted()) > FARTHEST:
        raise RuleError(_("“%(text)s”不是数字。") % {"text": text[:20]}, code="not_a_number", field=field)
    return found


def entry_of(data: QueryDict, pk: int) -> Entry:
    """The entry of one item: ``level-12``, else ``points-12``; ``fact-12``, ``version-12``."""
    level = whole_number(data.get(f"level-{pk}", ""))
    fact = data.get(f"fact-{pk}")
    if fact is not None and len(fact) > FACT_LIMIT:
        raise RuleError(_("事实最多 %(n)s 个字。") % {"n": FACT_LIMIT}, code="too_long", field="fact")
    points = number_of(data.get(f"points-{pk}", ""), field="points")
    return Entry(
        level=level,
        points=points if level is None else None,
        fact=fact,
        version=version_seen(data.get(f"version-{pk}", "")),
    )


def entries_of(data: QueryDict) -> Mapping[int, Entry]:
    """Every item the page carried: each has its version there."""
    keys = (name.removeprefix("version-") for name in data if name.startswith("version-"))
    return {pk: entry_of(data, pk) for key in keys if (pk := whole_number(key)) is not None}
