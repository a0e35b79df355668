"""Load a workbook: all or nothing, the same again changes nothing (contract of the import)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Figure, Form, Item, Scheme, Score
from appraisals.services.steps import Actor, standing_for
from audit.log import record_file, record_many
from common.db import count_rows_anew
from common.errors import RuleError
from people.models import Employee
from policy.rounding import plain
from reports.facts.changes import Counts
from reports.facts.entries import KIND_NAMES
from reports.facts.faults import Fault
from reports.facts.parsing import Parsed
from reports.facts.plan import Plan, plan_import, wanted_of
from reports.permissions import can_import
from reports.selectors.known import FormKey, known_for
from reports.services.load_events import load_calls, load_events
from reports.services.load_forms import load_figures, load_forms, load_scores, lock_months
from reports.services.load_ratings import load_ratings
from reports.services.load_staff import Keys, load_group, load_scheme, load_staff


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
    _one_at_a_time()
    lock_months(wanted.months)
    plan = plan_import(parsed, known_for(wanted), timezone.localdate(now))
    if plan.found:
        raise WorkbookRefusedError(plan.found)
    done = Imported(counts=plan.counts, warnings=parsed.faults.warnings, is_idle=plan.is_idle)
    if plan.is_idle:
        return done
    if isinstance(by, Employee) and by.number in _concerned(plan):
        words = _("工作簿里有你自己的资料、目标、数据、评分或事故加分，请人力资源部的另一位来导入，或先把这些行去掉。")
        raise RuleError(words, code="own_rows", field="workbook")
    keys = Keys()
    load_scheme(plan, approved_by=by.name)
    load_staff(plan, keys)
    load_group(plan, keys)
    load_forms(plan, keys, now)
    load_figures(plan, keys, now)
    load_scores(plan, keys, now)
    load_ratings(plan, keys)
    load_events(plan, keys, now)
    load_calls(plan, keys, now)
    _tell_overwritten(plan, keys, by=by)
    count_rows_anew(Form, Item, Figure, Score)
    counts = {sheet.sheet: {"new": sheet.new, "changed": sheet.changed} for sheet in plan.counts}
    record_file("workbook.imported", "workbook", parsed.digest, by=by, after={"name": name, "sheets": counts})
    return done


def _concerned(plan: Plan) -> set[str]:
    """The numbers of everybody whose form, figures, scores, pay or standing the workbook would change."""
    entries, events, calls = plan.entries, plan.events, plan.calls.calls
    scored = (entries.figures, entries.scores)
    told = (events.incidents, events.bonuses, events.grades)
    moved = (form for form in plan.forms.forms.values() if form.known is None or form.state != form.known.state)
    rewritten = (form for form in plan.forms.forms.values() if form.is_rewritten)
    return {
        *(change.form[1] for changes in scored for change in (*changes.new, *changes.changed)),
        *(change.row.number for changes in told for change in (*changes.new, *changes.changed)),
        *(call.number for call in (*calls.new, *calls.changed)),
        *(form.number for form in (*moved, *rewritten) if not form.is_closed),
        *(number for _month, number in entries.upward),
        *(row.number for row in plan.staff.employees.changed),
        *(line.number for line in plan.staff.lines),
        *(row.number for row in (*plan.group.members.new, *plan.group.members.changed)),
    }


def _one_at_a_time() -> None:
    """Two imports at once would both find a person missing; the shipped scheme's row is their gate."""
    Scheme.objects.select_for_update().order_by("pk").first()


def _tell_overwritten(plan: Plan, keys: Keys, *, by: Actor) -> None:
    """One audit row per form whose figures or scores were replaced, with what stood before."""
    told: dict[FormKey, tuple[dict[str, str], dict[str, str]]] = {}
    for figure in plan.entries.figures.changed:
        before, after = told.setdefault(figure.form, ({}, {}))
        before[figure.item.name] = _said(figure.stands.value if figure.stands else None)
        after[figure.item.name] = _said(figure.row.value)
    for score in plan.entries.scores.changed:
        before, after = told.setdefault(score.form, ({}, {}))
        name = f"{score.item.name} · {KIND_NAMES[score.row.kind]}"
        before[name] = _said(score.stands.points if score.stands else None)
        after[name] = _said(score.row.points)
    rows = [(Form(pk=keys.forms[key]), before, after) for key, (before, after) in told.items()]
    record_many("form.imported", rows, by=by)


def _said(value: Decimal | None) -> str:
    return "-" if value is None else plain(value)
