"""Load a workbook: all or nothing, the same again changes nothing (contract of the import)."""

from dataclasses import dataclass
from datetime import datetime

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
from reports.facts.replaced import Line, is_weighty, replaced
from reports.permissions import can_import
from reports.selectors.known import Wanted, known_for
from reports.services.load_calls import load_calls
from reports.services.load_events import load_events, lock_records
from reports.services.load_forms import load_figures, load_forms, load_scores, lock_months
from reports.services.load_ratings import load_ratings
from reports.services.load_staff import Keys, load_group, load_scheme, load_staff
from reports.services.tell import concerned_by, tell_overwritten, tell_people

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
def load_workbook(
    parsed: Parsed, *, by: Actor, name: str = "", sender: Employee | None = None, shown: list[Line] | None = None
) -> Imported:
    """Judge the workbook under the locks of its months, then write it; ``WorkbookRefusedError`` has every fault.

    What decides scores or pay takes two of HR: ``sender`` sent it, ``by`` has looked at what it replaces (``shown``)
    and brings it in. The command line stands for setting the portal up and needs no second person.
    """
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
        _check_importers(plan, by, sender, shown)
    keys = _write(plan, by, now)
    if isinstance(by, Employee):
        tell_people(plan, keys, parsed.digest, by=by, sender=sender or by)
    if sum(sheet.new for sheet in plan.counts) >= BULK:
        count_rows_anew(Form, Item, Figure, Score)
    counts = {sheet.sheet: {"new": sheet.new, "changed": sheet.changed} for sheet in plan.counts}
    told = {"name": name, "sheets": counts} | ({"sender": sender.number} if sender else {})
    record_file("workbook.imported", "workbook", parsed.digest, by=by, after=told)
    return done


def _write(plan: Plan, by: Actor, now: datetime) -> Keys:
    """Every sheet in its order, and the audit's rows of what was replaced."""
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
    return keys


def check_importer(plan: Plan, by: Employee) -> None:
    """Refuse what a person may not bring in: rows about himself, and a scheme, which takes three people (P8)."""
    if plan.scheme.new is not None:
        words = _("工作簿里有一版新的考核方案：方案由三个人拟定、审核、批准，在“考核方案”里办。把“方案”表去掉再导入。")
        raise RuleError(words, code="scheme_of_three", field="workbook")
    if by.number in concerned_by(plan):
        words = _("工作簿里有你自己的资料、目标、数据、评分或事故加分，请人力资源部的另一位来导入，或先把这些行去掉。")
        raise RuleError(words, code="own_rows", field="workbook")


def _check_importers(plan: Plan, by: Employee, sender: Employee | None, shown: list[Line] | None) -> None:
    """Neither is concerned; what is weighty was sent by another of HR, and replaces what its preview showed."""
    check_importer(plan, by)
    if is_weighty(plan) and (sender is None or sender.pk == by.pk):
        words = _("这份工作簿动到评分、数据、事故加分或等级，要由人力资源部的另一位看过再导入：先点“请另一位导入”。")
        raise RuleError(words, code="second_person", field="workbook")
    if sender is not None:
        standing = standing_for(sender, timezone.now())
        if standing is None or not can_import(standing):
            words = _("%(who)s已不在人力资源部，请重新上传。") % {"who": sender.name}
            raise RuleError(words, code="sender_left", field="workbook")
        check_importer(plan, sender)
    if shown is not None and replaced(plan) != shown:
        words = _("预览以后，系统里的数据又变了，会覆盖的和你看到的不一样。请发的人重新上传。")
        raise RuleError(words, code="shown_otherwise", field="workbook")


def _lock(wanted: Wanted) -> None:
    """Two imports at once would both find a person missing; the shipped scheme's row is their gate."""
    Scheme.objects.select_for_update().order_by("pk").first()
    lock_months(wanted.months)
    lock_records(wanted)
