"""The total of a monitored call (annex 2): levels, what does not apply, fatal faults, and the sum behind it.

An item that does not apply leaves the call's score and its full marks alike, and what is left is
scaled to the rubric's full marks, so that no call is marked down for what could not happen in it.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from policy.items import Explanation
from policy.rounding import ZERO, quotient

PLAIN = "plain"
SCALED = "scaled"
FATAL = "fatal"
OPEN = "open"
NOTHING = "nothing"


class Mark(NamedTuple):
    """What one item of the rubric got: ``points`` are its full marks, ``given`` the level, None while open.

    ``key`` is the caller's own name of the item; an item that does not apply has no level.
    """

    key: int | str
    points: Decimal
    given: Decimal | None = None
    is_not_applicable: bool = False

    @property
    def is_open(self) -> bool:
        """Neither a level nor 'does not apply' yet."""
        return self.given is None and not self.is_not_applicable


class CallScore(NamedTuple):
    """A call's points. ``total`` is None while an item is open, or where nothing applies; ``so_far`` counts the
    items decided until now by the same rule, None before the first.

    ``given`` is the sum of the levels, ``applying`` the full marks they are out of, ``full`` the rubric's full
    marks, ``left_out`` those of the items that do not apply; ``open`` names the items still without a level.
    """

    total: Decimal | None
    so_far: Decimal | None
    given: Decimal
    applying: Decimal
    full: Decimal
    left_out: Decimal
    open: tuple[int | str, ...]
    is_fatal: bool

    @property
    def code(self) -> str:
        """Which rule made the total: ``plain``, ``scaled``, ``fatal``, or why there is none: ``open``, ``nothing``."""
        if self.open:
            return OPEN
        if self.is_fatal:
            return FATAL
        if not self.applying:
            return NOTHING
        return SCALED if self.left_out else PLAIN


def score_call(marks: Sequence[Mark], *, is_fatal: bool = False) -> CallScore:
    """Annex 2: sum of the levels × full marks ÷ the marks that apply, 2 decimals half up; a fatal fault gives 0.

    >>> marks = [Mark("a", Decimal(60), Decimal(40)), Mark("b", Decimal(40), is_not_applicable=True)]
    >>> score_call(marks).total
    Decimal('66.67')
    """
    given = sum((mark.given for mark in marks if mark.given is not None), ZERO)
    applying = sum((mark.points for mark in marks if mark.given is not None), ZERO)
    left_out = sum((mark.points for mark in marks if mark.is_not_applicable), ZERO)
    full = sum((mark.points for mark in marks), ZERO)
    open_keys = tuple(mark.key for mark in marks if mark.is_open)
    if is_fatal:
        so_far: Decimal | None = quotient(ZERO, Decimal(1))
    else:
        so_far = quotient(given * full, applying) if applying else None
    total = None if open_keys else so_far
    return CallScore(total, so_far, given, applying, full, left_out, open_keys, is_fatal)


def explain_call(score: CallScore) -> Explanation:
    """Why the call has its total: the rule's code and every figure in it, for the sentence on the page (P1)."""
    values = {
        "given": score.given,
        "applying": score.applying,
        "full": score.full,
        "left_out": score.left_out,
        "total": score.total,
    }
    return Explanation(score.code, values)
