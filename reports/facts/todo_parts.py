"""What the words of the to-do list share."""

from django.urls import reverse

from common.wording import month as month_name
from reports.selectors.waiting import Waiting

Words = tuple[str, str, str, str]
"""Title, detail, the button's word, the address."""


def named(row: Waiting) -> dict[str, str]:
    """Month, name and number, for the places of a sentence."""
    return {"month": month_name(row.key), "name": row.name, "n": str(row.n)}


def counted(row: Waiting) -> dict[str, object]:
    """As ``named``, with the number as one, for plural forms."""
    return {**named(row), "n": row.n}


def one_or_all(row: Waiting, one: str, everything: str) -> str:
    """The page of the only one, else the list."""
    return reverse(one, args=[row.ident]) if row.n == 1 else reverse(everything)
