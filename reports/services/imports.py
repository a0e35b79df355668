"""Load a workbook: all or nothing, the same again changes nothing (contract of the import)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Figure, Form, Item, Scheme, Score
from appraisals.services.steps import Actor, standing_for
from audit.log import record_file
from common.db import count_rows_anew
from common.errors import RuleError
from people.models import Employee
from reports.facts.changes import Counts
from reports.facts.faults import Fault
from reports.facts.parsing import Parsed
from reports.facts.plan import Plan, plan_import, wanted_of
from reports.permissions import can_import
from reports.selectors.known import Wanted, known_for
from reports.services.load_calls import load_calls
from reports.services.load_events import load_events, lock_records
from reports.services.load_forms import load_figures, load_forms, load_scores, lock_months
from reports.services.load_ratings import load_ratings
from reports.services.load_staff import Keys, load_group, load_scheme, load_staff
from reports.services.tell import concerned_by, tell_overwritten

BULK = 1000
"""New rows from which on the database is told at once how many it has now."""


class WorkbookRefusedError(RuleError):
    """The workbook has faults: all of them, and nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        words = _("工作簿有 %(n)s 处要改，什么都没有写进系统。") % {"n": len(faults)}
        super().__init__(words, code="workbook_refused", field="workbook")
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What loading did, sheet by sheet; ``is_idle``: everything stood already."""

    counts: list[Counts]
    warnings: list[str]
    is_idle: bool


def examine_workbook(parsed: Parsed) -> Plan:
    """What loading would do now; nothing is written."""
    return plan_import(parsed, known_for(wanted_of(parsed)), timezone.localdate())


@transaction.atomic(durable=True)
def load_workbook(parsed: Parsed, *, by: Actor, name: str = "") -> Imported:
    """Judge the workbook under the locks of its months, then write it; ``WorkbookRefusedError`` has every fault."""
    now = timezone.now()
    standing = standing_for(by, now)
    if standing is not None and not can_import(standing):
        raise RuleError(_("导入由人力资源部来做。"), code="not_allowed")
    wanted = wanted_of(parsed)
    _lock(wanted)
    plan = plan_import(parsed, known_for(wanted), timezone.localdate(now))
    if plan.found:
        raise WorkbookRefusedError(plan.found)
    done = Imported(counts=plan.counts, warnings=parsed.faults.warnings, is_idle=plan.is_idle)
    if plan.is_idle:
        return done
    if isinstance(by, Employee):
        check_importer(plan, by)
    keys = Keys()
    load_scheme(plan, by=by)
    load_staff(plan, keys, by=by)
    load_group(plan, keys)
    load_forms(plan, keys, now)
    load_figures(plan, keys, now)
    load_scores(plan, keys, now)
    load_ratings(plan, keys)
    load_events(plan, keys, now)
    load_calls(plan, keys, now)
    tell_overwritten(plan, keys, by=by)
    if sum(sheet.new for sheet in plan.counts) >= BULK:
        count_rows_anew(Form, Item, Figure, Score)
    counts = {sheet.sheet: {"new": sheet.new, "changed": sheet.changed} for sheet in plan.counts}
    record_file("workbook.imported", "workbook", parsed.digest, by=by, after={"name": name, "sheets": counts})
    return done


def check_importer(plan: Plan, by: Employee) -> None:
    """Refuse what a person may not bring in: rows about himself, and a scheme, which takes three people (P8)."""
    if plan.scheme.new is not None:
        words = _("工作簿里有一版新的考核方案：方案由三个人拟定、审核、批准，在“考核方案”里办。把“方案”表去掉再导入。")
        raise RuleError(words, code="scheme_of_three", field="workbook")
    if by.number in concerned_by(plan):
        words = _("工作簿里有你自己的资料、目标、数据、评分或事故加分，请人力资源部的另一位来导入，或先把这些行去掉。")
        raise RuleError(words, code="own_rows", field="workbook")


def _lock(wanted: Wanted) -> None:
    """Two imports at once would both find a person missing; the shipped scheme's row is their gate."""
    Scheme.objects.select_for_update().order_by("pk").first()
    lock_months(wanted.months)
    lock_records(wanted)
