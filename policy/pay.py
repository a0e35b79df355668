"""Money that follows from a result (P7.1, P7.2): every sum with the factors it is made of.

Money has 2 decimals, half up, rounded once; amounts are in the company's one currency.
"""

from decimal import Decimal
from typing import NamedTuple

from policy.rounding import cents, divide
from policy.schemes import Scheme

_PERCENT_OF_PERCENT = Decimal(10000)
_PERCENT = Decimal(100)


class PerformancePay(NamedTuple):
    """Monthly performance pay = cap × coefficient, the coefficient held at the pay ceiling."""

    cap: Decimal
    coefficient: Decimal
    counted: Decimal
    held: bool
    amount: Decimal


class YearEndBonus(NamedTuple):
    """Completion rate × annual coefficient × bonus factor × base salary; rates in percent."""

    completion: Decimal
    coefficient: Decimal
    factor: Decimal
    base_salary: Decimal
    amount: Decimal


def performance_pay(cap: Decimal, coefficient: Decimal, scheme: Scheme) -> PerformancePay:
    """P7.1: pay of a month for a cap and a recorded coefficient in percent."""
    ceiling = scheme.pay_ceiling
    held = ceiling is not None and coefficient > ceiling
    counted = ceiling if ceiling is not None and held else coefficient
    return PerformancePay(cap, coefficient, counted, held, cents(divide(cap * counted, _PERCENT)))


def base_pay(post_wage: Decimal, performance: Decimal) -> Decimal:
    """P7.1: 基本薪酬 = post wage + performance pay."""
    return cents(post_wage + performance)


def year_end_bonus(*, completion: Decimal, coefficient: Decimal, factor: Decimal, base_salary: Decimal) -> YearEndBonus:
    """P7.2: the year-end bonus; the pay ceiling is of the month and does not apply here."""
    product = completion * coefficient * factor * base_salary
    amount = cents(divide(product, _PERCENT_OF_PERCENT))
    return YearEndBonus(completion, coefficient, factor, base_salary, amount)
