"""The only rounding of the product: half up, in decimals (P7.1, contract of the workbook)."""

from decimal import ROUND_HALF_UP, Context, Decimal

# Wide enough that a product or quotient of recorded figures never meets a tie by its own
# rounding; fixed here so that nobody's thread-wide context can change a score.
EXACT = Context(prec=40, rounding=ROUND_HALF_UP)
CENT = Decimal("0.01")
ZERO = Decimal(0)
HUNDRED = Decimal(100)

divide = EXACT.divide


def cents(value: Decimal) -> Decimal:
    """``value`` with 2 decimals, half up: scores, percentages and money alike.

    >>> cents(Decimal("17.825"))
    Decimal('17.83')
    """
    return value.quantize(CENT, ROUND_HALF_UP, EXACT)


def quotient(above: Decimal, below: Decimal) -> Decimal:
    """``above / below`` with 2 decimals, rounded once."""
    return divide(above, below).quantize(CENT, ROUND_HALF_UP, EXACT)


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """``part`` in percent of ``whole`` with 2 decimals: 87.45, not 0.8745."""
    return divide(part * HUNDRED, whole).quantize(CENT, ROUND_HALF_UP, EXACT)


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and without idle zeros, the way a person types it.

    >>> plain(Decimal("1.50")), plain(Decimal("100")), plain(Decimal("1E+2"))
    ('1.5', '100', '100')
    """
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"", "-0", "-"} else text
