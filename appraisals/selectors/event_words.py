"""Why an event counts on the form of another month, and why points of it do not count, in words (P4.5, P4.6)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from common.wording import month as month_name
from incidents.selectors.counting import Counting
from policy.events import BONUS_LIMIT, CRITICAL, DEDUCTION_LIMIT, KIND_CAP, Cut
from policy.rounding import plain


def kinds_of(events: Iterable[Counting]) -> dict[str, str]:
    """Code → name of every kind among the events, in the language of the page."""
    return {event.kind: event.display_kind for event in events if event.kind}


def cuts_of(cuts: Iterable[Cut], kinds: Mapping[str, str], *, deductions: bool) -> list[str]:
    """What was cut of the deductions, or of the bonuses, a sentence each; ``kinds`` gives the names of codes."""
    return [_cut_words(cut, kinds) for cut in cuts if (cut.reason == DEDUCTION_LIMIT) == deductions]


def _cut_words(cut: Cut, kinds: Mapping[str, str]) -> str:
    words = {
        CRITICAL: _("当月有重大事故 %(ref)s，加分 %(points)s 不计"),
        KIND_CAP: _("%(kind)s每月最多 %(limit)s 分，超出 %(points)s 不计"),
        BONUS_LIMIT: _("加分合计 %(claimed)s，本月上限 %(limit)s，超出 %(points)s 不计"),
        DEDUCTION_LIMIT: _("扣分合计 %(claimed)s，本月上限 %(limit)s，超出 %(points)s 不计"),
    }
    told = {"claimed": plain(cut.claimed), "limit": plain(cut.limit), "points": plain(cut.points)}
    text = words[cut.reason] % {**told, "ref": cut.ref, "kind": kinds.get(cut.kind, cut.kind)}
    return _("%(month)s：%(text)s") % {"month": month_name(cut.month), "text": text} if cut.month else text


def month_words(
    event: Counting, form_month: date | None, closed: Collection[date] = (), *, is_confirmed: bool = True
) -> str:
    """Why an event of another month counts on the form of ``form_month``; empty when it is of that month.

    ``form_month`` None is the form of a longer period. ``closed``: the person's months known to be consolidated.
    """
    own = event.occurred_on.replace(day=1)
    if form_month is None or own == form_month:
        return ""
    told = {"month": month_name(own, "" if own.year == form_month.year else "year"), "again": month_name(own)}
    if own in closed:
        words = (
            _("发生在%(month)s，%(again)s已汇总，计入本月")
            if is_confirmed
            else _("发生在%(month)s，%(again)s已汇总，确认后计入本月")
        )
    else:
        words = _("发生在%(month)s，计入本月") if is_confirmed else _("发生在%(month)s，确认后计入本月")
    return words % told
