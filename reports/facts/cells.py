"""Cells into values: each reader says in the user's words why a cell can't be read, and how to write it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from common.wording import listed
from policy.rounding import plain
from reports.workbooks.reading import Value

FIRST_YEAR, LAST_YEAR = 2000, 2100
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{1,12})?|\.\d{1,12})", re.ASCII)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")
_WIDE = str.maketrans("０１２３４５６７８９．－", "0123456789.-")

Reader = Callable[[Value], object]


class CellError(Exception):
    """Why a cell can't be read, and how to write it."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def is_blank(value: Value) -> bool:
    """Nothing, or nothing but blanks."""
    return value == "" or (isinstance(value, str) and not value.strip())


def as_text(value: Value) -> str:
    """What a person reads: 10001 for the number 10001.0, no blanks around."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    return str(value).strip()


def text(limit: int) -> Reader:
    """A text of at most ``limit`` signs."""

    def read(value: Value) -> str:
        words = as_text(value)
        if len(words) > limit:
            raise CellError(_("超过 %(n)s 个字") % {"n": limit}, _("缩短到 %(n)s 个字以内") % {"n": limit})
        if any(not sign.isprintable() and sign not in "\n\r\t" for sign in words):
            raise CellError(_("里面有看不见的字符"), _("删掉重新输入"))
        return words

    return read


def number(low: str, high: str, places: int) -> Reader:
    """A decimal from ``low`` to ``high`` with at most ``places`` decimals."""
    least, most = Decimal(low), Decimal(high)

    def read(value: Value) -> Decimal:
        found = decimal_of(value)
        if found is None:
            raise CellError(_("不是数字"), _number_hint(value))
        if not least <= found <= most:
            limits = {"low": plain(least), "high": plain(most)}
            raise CellError(_("要在 %(low)s 到 %(high)s 之间") % limits, _("改成这个范围里的数"))
        exponent = found.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            raise CellError(_("最多 %(n)s 位小数") % {"n": places}, _("四舍五入后再填"))
        return found

    return read


def decimal_of(value: Value) -> Decimal | None:
    """The number of a cell; a float as the spreadsheet means it (15 digits), a text only if it is a plain number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        try:
            found = Decimal(f"{value:.15g}")
        except InvalidOperation:
            return None
        return found if found.is_finite() else None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip())
    return None


def day(value: Value) -> date:
    """An Excel date, or YYYY-MM-DD."""
    found: date | None = None
    if isinstance(value, datetime):
        found = value.date()
    elif isinstance(value, date):
        found = value
    elif isinstance(value, str) and (match := _DATE.fullmatch(value.strip())):
        try:
            found = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            found = None
    if found is None:
        raise CellError(_("不是日期"), _("写成 YYYY-MM-DD，例如 2026-10-08"))
    return _within(found)


def month(value: Value) -> date:
    """The first day of a month written YYYY-MM; a date that Excel made of it will do."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        if value.day == 1:
            return _within(value)
    elif isinstance(value, str) and (match := _MONTH.fullmatch(value.strip())):
        number_of_month = int(match[2])
        if 1 <= number_of_month <= 12:
            return _within(date(max(int(match[1]), 1), number_of_month, 1))
    raise CellError(_("不是月份"), _("写成 YYYY-MM，例如 2026-10"))


def year(value: Value) -> int:
    """A year of four digits."""
    found = decimal_of(value)
    if found is None or found != found.to_integral_value() or not FIRST_YEAR <= found <= LAST_YEAR:
        raise CellError(_("不是年份"), _("写成四位数字，例如 2025"))
    return int(found)


def choice(words: Mapping[str, str]) -> Reader:
    """One of the words, as the code it stands for."""

    def read(value: Value) -> str:
        code = words.get(as_text(value))
        if code is None:
            raise CellError(_("没有这个选项"), _("可以写：%(words)s") % {"words": listed(words)})
        return code

    return read


def mail(value: Value) -> str:
    """An address that could be one."""
    words = as_text(value)
    if len(words) > 254 or not _MAIL.fullmatch(words):
        raise CellError(_("不是邮箱地址"), _("例如 name@example.com"))
    return words


def figure(value: Value) -> Decimal | None:
    """A month's figure; None stands for 不适用."""
    if isinstance(value, str) and value.strip() == "不适用":
        return None
    found = decimal_of(value)
    if found is None:
        hint = _number_hint(value) or _("写数字；这个月没有就写“不适用”，并在依据里写原因")
        raise CellError(_("不是数字"), hint)
    if abs(found) >= Decimal(10) ** 10 or found != found.quantize(Decimal("0.0001")):
        raise CellError(_("数太大或小数太长"), _("最多四位小数"))
    return found


def _within(found: date) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise CellError(_("年份不对"), _("年份要在 2000 到 2100 之间"))
    return found


def _number_hint(value: Value) -> str:
    """写成 95 for 九十五, ９５ or 95%."""
    words = as_text(value).translate(_WIDE).replace(",", "").replace("，", "").strip().rstrip("%％分元次个 ")
    if not _NUMBER.fullmatch(words):
        words = _chinese(words)
    return _("写成 %(n)s") % {"n": words} if words else _("写成阿拉伯数字")


def _chinese(words: str) -> str:
    """九十五 as 95: up to three digits, which is what people write out."""
    match = re.fullmatch(
        r"(?:([一二三四五六七八九])百)?零?(?:([一二三四五六七八九])?(十))?([零一二三四五六七八九])?", words
    )
    if not match or not words:
        return ""
    hundreds, tens, ten, ones = match.groups()
    total = 100 * int((hundreds or "零").translate(_DIGITS))
    total += 10 * int((tens or ("一" if ten else "零")).translate(_DIGITS))
    return str(total + int((ones or "零").translate(_DIGITS)))
