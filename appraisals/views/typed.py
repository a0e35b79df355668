"""What is typed into the form's page, read into values; the rules are in the services."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from django.utils.translation import gettext as _

from appraisals.services.scores import FACT_LIMIT, Entry
from common.errors import RuleError


def number_of(text: str, *, field: str) -> Decimal | None:
    """A decimal as people type it, full-width signs allowed; None for nothing."""
    tidy = text.strip().replace("，", ".").replace("。", ".").replace("−", "-").removesuffix("%")
    if not tidy:
        return None
    try:
        found = Decimal(tidy)
    except InvalidOperation:
        raise RuleError(_("“%(text)s”不是数字。") % {"text": text[:20]}, code="not_a_number", field=field) from None
    if not found.is_finite():
        raise RuleError(_("“%(text)s”不是数字。") % {"text": text[:20]}, code="not_a_number", field=field)
    return found


def entry_of(data: QueryDict, pk: int) -> Entry:
    """The entry of one item: ``level-12``, else ``points-12``; ``fact-12``, ``version-12``."""
    level, version = data.get(f"level-{pk}", ""), data.get(f"version-{pk}", "")
    fact = data.get(f"fact-{pk}")
    if fact is not None and len(fact) > FACT_LIMIT:
        raise RuleError(_("事实最多 %(n)s 个字。") % {"n": FACT_LIMIT}, code="too_long", field="fact")
    points = number_of(data.get(f"points-{pk}", ""), field="points")
    return Entry(
        level=int(level) if level.isdecimal() else None,
        points=None if level.isdecimal() else points,
        fact=fact,
        version=int(version) if version.isdecimal() else None,
    )


def entries_of(data: QueryDict) -> Mapping[int, Entry]:
    """Every item the page carried: each has its version there."""
    keys = (name.removeprefix("version-") for name in data if name.startswith("version-"))
    return {int(key): entry_of(data, int(key)) for key in keys if key.isdecimal()}
