"""The words of what waits for HR with a month's pay."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.facts.todo_parts import Words, counted, named
from reports.selectors import waiting as what
from reports.selectors.waiting import Waiting


def _prepare(row: Waiting) -> Words:
    title = ngettext("准备 %(month)s绩效工资：%(n)s 人", "准备 %(month)s绩效工资：%(n)s 人", row.n) % counted(row)
    return title, _("都备案了，算好后请同事复核"), _("去准备"), reverse("consequences:pay_run", args=[row.key])


def _settle(row: Waiting) -> Words:
    detail = _("%(name)s准备好了，复核无误后用密码结算") % named(row)
    url = reverse("consequences:pay_run", args=[row.key])
    return _("复核结算 %(month)s绩效工资") % named(row), detail, _("去复核"), url


PAY: dict[str, Callable[[Waiting], Words]] = {what.PREPARE_PAY: _prepare, what.SETTLE_PAY: _settle}
