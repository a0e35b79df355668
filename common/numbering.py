"""Running numbers of records, as BL-2026-0001: of two who file at once the later takes the next."""

from collections.abc import Iterator

from django.db import IntegrityError, models, transaction
from django.db.models.functions import Length

from common.db import require_transaction

_TRIES = 8


def free_numbers(model: type[models.Model], head: str) -> Iterator[str]:
    """The next number behind ``head``, read anew for every try; past 9999 it just grows longer."""
    for _attempt in range(_TRIES):
        taken = model._default_manager.filter(number__regex=rf"^{head}\d+$").annotate(width=Length("number"))
        last = taken.order_by("-width", "-number").values_list("number", flat=True).first()
        yield f"{head}{int(last.removeprefix(head)) + 1 if last else 1:04d}"


def is_stored(row: models.Model) -> bool:
    """Insert the row; False when somebody was quicker with its number, and nothing is broken by the try."""
    require_transaction()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True
