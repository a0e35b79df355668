"""Ask what a draft of the scheme would have changed, before it is approved (P8)."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisals.models import Scheme
from appraisals.selectors.scheme_problems import scheme_problems
from appraisals.services.steps import standing_for
from appraisals.states import SchemeState
from audit.log import record
from common.errors import RuleError
from people.models import Employee
from scoring.models import Job, Replay
from scoring.permissions import can_ask_replay
from scoring.selectors.replays import GOING, replays_going, results_of_period
from scoring.selectors.years import rules_of_year
from scoring.services.jobs import wake
from scoring.states import JobKind

MOST_GOING = 2
"""So many a person may have under way: the machine is everybody's."""
MOST_MONTHS = 36
MOST_COMPLETION = 1000


class _Asked(NamedTuple):
    """A question: first and last month, and the year with the company's completion rate in percent."""

    first_month: date
    last_month: date
    year: int | None
    completion: Decimal | None


@transaction.atomic(durable=True)
def ask_replay(
    scheme_id: int,
    *,
    first_month: date | None = None,
    last_month: date | None = None,
    year: int | None = None,
    completion: Decimal | None = None,
    by: Employee,
) -> Job:
    """Replay the months, or a whole year, under the version's numbers as they are now; the answer comes by itself.

    Asked again while the same question is under way, its job is returned. ``RuleError`` where nothing was published,
    the version has faults, or the person has too many under way.
    """
    now = timezone.now()
    Employee.objects.select_for_update().get(pk=by.pk)
    standing = standing_for(by, now)
    if standing is None or not can_ask_replay(standing):
        raise RuleError(_("试算由考核小组、客服管理部经理、总经理或人力资源部来做。"), code="not_allowed")
    scheme = Scheme.objects.select_for_update().get(pk=scheme_id)
    asked = _checked(first_month, last_month, year, completion)
    _check_scheme(scheme)
    same = Replay.objects.filter(scheme=scheme, jobs__state__in=GOING, requested_by=by, **asked._asdict())
    for one in same:
        if one.rules == scheme.parameters:
            return one.jobs.get(state__in=GOING)
    if replays_going(by.pk).count() >= MOST_GOING:
        words = ngettext("你有%(n)s个试算还没算完，等算完再试。", "你有%(n)s个试算还没算完，等算完再试。", MOST_GOING)
        raise RuleError(words % {"n": MOST_GOING}, code="too_many")
    total = results_of_period(asked.first_month, asked.last_month, asked.year).count()
    if not total:
        raise RuleError(_("这段时间还没有出过结果。"), code="no_results")
    replay = Replay(scheme=scheme, rules=scheme.parameters, requested_by=by, requested_at=now, **asked._asdict())
    replay.full_clean(exclude=("summary",))  # an empty one is what it starts with
    replay.save()
    job = Job(kind=JobKind.REPLAY, replay=replay, total=total, requested_by=by, requested_at=now)
    job.full_clean(exclude=("refused", "parameters"))
    job.save()
    detail = {"scheme": scheme.version, "from": f"{asked.first_month:%Y-%m}", "to": f"{asked.last_month:%Y-%m}"}
    record("replay.asked", replay, by=by, after={**detail, "year": asked.year, "total": total})
    transaction.on_commit(partial(wake, job.pk))
    return job


def _checked(first: date | None, last: date | None, year: int | None, completion: Decimal | None) -> _Asked:
    if year is not None:
        if completion is None or not 0 <= completion <= MOST_COMPLETION:
            raise RuleError(_("试算一年要填公司任务完成率，0到1000。"), code="no_completion")
        rules_of_year(year)
        return _Asked(date(year, 1, 1), date(year, 12, 1), year, completion)
    if first is None or last is None:
        raise RuleError(_("选从哪个月到哪个月，或者选一年。"), code="no_period")
    first, last = first.replace(day=1), last.replace(day=1)
    if first > last:
        raise RuleError(_("开始的月份不能晚于结束的月份。"), code="no_period")
    if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
        raise RuleError(_("一次最多试算%(n)s个月。") % {"n": MOST_MONTHS}, code="too_long")
    return _Asked(first, last, None, None)


def _check_scheme(scheme: Scheme) -> None:
    if scheme.state == SchemeState.WITHDRAWN:
        raise RuleError(_("这一版已经作废，不能试算。"), code="withdrawn")
    problems = scheme_problems(scheme.parameters)
    if problems:
        raise RuleError(_("这一版还有要改的：%(what)s") % {"what": problems[0]}, code="bad_scheme")
