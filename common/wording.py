"""Numbers, dates and months as people read them, in the language of the page."""

import datetime
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from policy.rounding import cents, plain

MINUS = "\N{MINUS SIGN}"
ABSENT = "—"  # not applicable; what is merely missing says who owes it
CHINESE_WEEKDAYS = "一二三四五六日"
YEAR_DIGITS = 4

Number = Decimal | int | str | None
Day = datetime.date | datetime.datetime | None


def _decimal(value: Number) -> Decimal | None:
    try:
        return None if value in {None, ""} else Decimal(str(value))
    except InvalidOperation:
        return None


def points(value: Number) -> str:
    """Two decimals and a true minus: 11.04, −2.00; the dash for nothing."""
    number = _decimal(value)
    return ABSENT if number is None else f"{cents(number):f}".replace("-", MINUS)


def signed(value: Number) -> str:
    """As ``points`` with the sign always written: +1.50, −2.00, 0.00."""
    number = _decimal(value)
    if number is None:
        return ABSENT
    return f"+{points(number)}" if number > 0 else points(number)


def lessened(value: Number) -> str:
    """A deduction kept as a positive number, as it counts: 2 is −2.00, and 0 is 0.00."""
    number = _decimal(value)
    return ABSENT if number is None else points(-number if number else number)


def money(value: Number) -> str:
    """Thousands apart, two decimals: 1,062.00; the unit is the template's."""
    number = _decimal(value)
    return ABSENT if number is None else f"{cents(number):,f}".replace("-", MINUS)


def percent2(value: Number) -> str:
    """A coefficient with its sign: 88.50%."""
    number = _decimal(value)
    return ABSENT if number is None else f"{points(number)}%"


def short(value: Number) -> str:
    """Without idle zeros: 20, 1.5. For full marks and weights."""
    number = _decimal(value)
    return ABSENT if number is None else plain(number).replace("-", MINUS)


def is_chinese() -> bool:
    """Is the page in Chinese?"""
    return (get_language() or "zh").startswith("zh")


def in_language(chinese: str, english: str) -> str:
    """Of a name kept in both languages, the one of the page; Chinese where there is no English."""
    return chinese if is_chinese() or not english else english


def listed(words: Iterable[str]) -> str:
    """Words one after the other, as the page's language parts them."""
    return ("、" if is_chinese() else ", ").join(words)


def day(value: Day, form: str = "") -> str:
    """A date or moment: 11月6日; ``form`` "year" 2026年11月6日, "week" 11月6日 周五, "time" 11月6日 17:42, "full" both.

    >>> day(datetime.date(2026, 11, 6), "week")
    '11月6日 周五'
    """
    if value is None:
        return ABSENT
    moment = timezone.localtime(value) if isinstance(value, datetime.datetime) and timezone.is_aware(value) else value
    with_year = form in {"year", "full"}
    if is_chinese():
        text = f"{moment.month}月{moment.day}日"
        text = f"{moment.year}年{text}" if with_year else text
        text += f" 周{CHINESE_WEEKDAYS[moment.weekday()]}" if form == "week" else ""
    else:
        text = f"{moment.day} {str(MONTHS[moment.month])[:3]}"
        text = f"{text} {moment.year}" if with_year else text
        text = f"{str(WEEKDAYS[moment.weekday()])[:3]} {text}" if form == "week" else text
    if form in {"time", "full"} and isinstance(moment, datetime.datetime):
        text = f"{text} {moment:%H:%M}"
    return text


def moment(value: Day) -> str:
    """The short stamp of tables and logs: 11-03 16:20 (11-03 for a bare date)."""
    if value is None:
        return ABSENT
    if isinstance(value, datetime.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%m-%d %H:%M}"
    return f"{value:%m-%d}"


def month(value: datetime.date | int | str | None, form: str = "") -> str:
    """10月 or October; ``form`` "year": 2026年10月 or October 2026, "short": 10月 or Oct.

    Takes a date, a number, "2026-10", or the key of a longer period: "2026-Q4" is 2026年第4季度, "2026" is 2026年.
    """
    if value in {None, ""}:
        return ABSENT
    if isinstance(value, str) and (len(value) == YEAR_DIGITS or "Q" in value):
        return _longer(value)
    year, number = _year_and_month(value)
    name = f"{number}月" if is_chinese() else _english_month(number)
    if form == "short" and not is_chinese():
        return name[:3]
    if form != "year" or not year:
        return name
    return f"{year}年{name}" if is_chinese() else f"{name} {year}"


def _longer(key: str) -> str:
    """The name of a quarter or a year."""
    year, _dash, quarter = key.partition("-Q")
    if is_chinese():
        return f"{year}年第{quarter}季度" if quarter else f"{year}年"
    return f"Q{quarter} {year}" if quarter else year


def _year_and_month(value: datetime.date | int | str | None) -> tuple[int, int]:
    if isinstance(value, datetime.date):
        return value.year, value.month
    head, _dash, tail = str(value).partition("-")
    return (int(head), int(tail.partition("-")[0])) if tail else (0, int(head))


def _english_month(number: int) -> str:
    with override("en"):
        return str(MONTHS[number])


def due_words(left: int, nights: int | None = None) -> tuple[str, str]:
    """The words of a deadline and their colour; ``nights`` until its day, negative when it is over."""
    if nights is not None and nights >= 0:
        left = 1 if nights == 0 else max(1, left)
    if left == 1 and nights:
        return ngettext("还剩 %(n)s 个工作日", "还剩 %(n)s 个工作日", left) % {"n": left}, "t-warn"
    if left <= 0:
        days = max(1, -left)
        return ngettext("逾期 %(n)s 个工作日", "逾期 %(n)s 个工作日", days) % {"n": days}, "t-late"
    if left == 1:
        return _("今天 24:00 截止"), "t-warn"
    return ngettext("还剩 %(n)s 个工作日", "还剩 %(n)s 个工作日", left) % {"n": left}, "t-warn" if left <= 2 else "dim"


def late_words(days: int) -> str:
    """What came ``days`` working days after its term, in words."""
    return ngettext("迟交 %(n)s 个工作日", "迟交 %(n)s 个工作日", days) % {"n": days}


def face(name: str) -> str:
    """The one character that stands for a person in a round field."""
    return str(name).strip()[:1].upper()
