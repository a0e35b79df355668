"""One row of what waits for a person, and how rows are counted, so that one statement can read them all."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import CharField, Count, DateField, DateTimeField, F, Max, Min, QuerySet, Subquery, Value
from django.db.models.functions import Cast, TruncMonth

from appraisals.models import Cycle
from appraisals.states import CycleKind
from policy.reminders import TERM_DAYS

CONFIRM, SELF, SIGN = "confirm", "self", "sign"
RATE, FIGURES = "rate", "figures"
TARGETS, REVIEW, SIGN_TEAM = "targets", "review", "sign_team"
APPROVE, CONSOLIDATE, PUBLISH, FILE = "approve", "consolidate", "publish", "file"
SUBMIT_APPEAL, SUPPLEMENT, EXAMINE, ASSIGN = "submit_appeal", "supplement", "examine", "assign"
MAY_APPEAL, TAKE_FURTHER = "may_appeal", "take_further"
WRITE_PLAN, SIGN_PLAN, CHECK_PLAN, PASS_TRAINING = "write_plan", "sign_plan", "check_plan", "pass_training"
ARRANGE_TRAINING, CONSENT = "arrange_training", "consent"
INTERVIEW, AGREE_INTERVIEW = "interview", "agree_interview"
TAKE_DUTY, ANSWER_SWAP = "take_duty", "answer_swap"
DO_AGREED, DO_PROMISED, LATE_AGREED = "do_agreed", "do_promised", "late_agreed"
MEET, SEND_MINUTES, PACKAGE, SET_ROTA = "meet", "send_minutes", "package", "set_rota"
STATE, VERIFY, CHECK_BONUS = "state", "verify", "check_bonus"
SCORE, RESUME, BLIND, RULE, HEAR = "score", "resume", "blind", "rule", "hear"
OBJECT = "object"
CHECK_SCHEME, APPROVE_SCHEME, REDRAFT = "check_scheme", "approve_scheme", "redraft"
CALIBRATE, AUTHORISE = "calibrate", "authorise"
CLOSE_YEAR, PUBLISH_YEAR, CORRECT_YEAR = "close_year", "publish_year", "correct_year"
BARRED_YEAR = "barred_year"
DECIDE, CHECKLIST, GROUND_LOST, APPROVE_DECISION = "decide", "checklist", "ground_lost", "approve_decision"
READ_LETTER, BE_HEARD, REPORT_CAREER = "read_letter", "be_heard", "report_career"
PREPARE_PAY, SETTLE_PAY = "prepare_pay", "settle_pay"
OWNS, PROVIDES, CALLED, UNREAD, MINUTES = "owns", "provides", "called", "unread", "minutes"
MARKS = frozenset((OWNS, PROVIDES, CALLED, UNREAD, MINUTES))
"""Rows that say what a person is rather than what waits."""
DAYS_TO_ANSWER = {
    RULE: TERM_DAYS["dispute"],
    CONSENT: TERM_DAYS["consent"],
    PASS_TRAINING: TERM_DAYS["training"],
    ARRANGE_TRAINING: TERM_DAYS["arranging"],
}
"""Working days for what was asked for, from ``at``."""
NO_DAY = Cast(Value(None), DateField())
NO_WORD = Cast(Value(None), CharField())
NO_MOMENT = Cast(Value(None), DateTimeField())


class Waiting(NamedTuple):
    """Some things of one sort that wait for a person, those of one cycle together.

    ``ident`` is one of them (the only one if ``n`` is 1), ``name`` whoever stands behind it, ``at`` when the first
    result was published, or the first thing asked for. ``due_on`` None: no term, or one that runs from ``at``.
    """

    what: str
    kind: str | None
    starts_on: date | None
    due_on: date | None
    ident: int | None
    n: int
    name: str
    at: datetime | None

    @property
    def key(self) -> str:
        """The cycle's key as in addresses; empty for what belongs to none."""
        return Cycle(kind=self.kind or "", starts_on=self.starts_on).key if self.starts_on else ""

    @property
    def ends_in(self) -> date | None:
        """The month whose duty officer closes the cycle."""
        if self.starts_on is None:
            return None
        last = {CycleKind.MONTH: 0, CycleKind.QUARTER: 2, CycleKind.YEAR: 11}[CycleKind(self.kind or "")]
        return self.starts_on.replace(month=self.starts_on.month + last, day=1)


def by_cycle(
    what: str, found: QuerySet[Any], *, to: str = "", due: str = "", name: str = "", at: str = ""
) -> QuerySet[Any]:
    """One row per cycle; ``to`` leads from the rows to their form."""
    cycle = f"{to}cycle__"
    heads = {
        "kind": F(f"{cycle}kind"),
        "starts_on": F(f"{cycle}starts_on"),
        "due_on": F(f"{cycle}{due}") if due else NO_DAY,
    }
    return _counted(what, found, heads, ident=Min(f"{to}pk" if to else "pk"), name=name, at=at)


def by_month(
    what: str, found: QuerySet[Any], name: str, *, day: str, due: QuerySet[Any], ident: str = "pk"
) -> QuerySet[Any]:
    """One row per month of ``day``; ``due`` is the term of its cycle, none while the month has no cycle."""
    heads = {
        "kind": Value(CycleKind.MONTH.value, CharField()),
        "starts_on": TruncMonth(day, output_field=DateField()),
        "due_on": Subquery(due),
    }
    return _counted(what, found, heads, ident=Min(ident), name=name)


def together(
    what: str, found: QuerySet[Any], name: str = "", *, ident: str = "pk", due: str = "", at: str = ""
) -> QuerySet[Any]:
    """One row for what is not told apart by cycles; none when there is nothing. Of several terms the first counts.

    ``at``: when each was asked for, where the term runs from that (``DAYS_TO_ANSWER``).
    """
    heads = {"kind": NO_WORD, "starts_on": NO_DAY}
    first_due: Any = Min(due) if due else NO_DAY
    return _counted(what, found, heads, ident=Min(ident), name=name, at=at, due_on=first_due)


def _counted(
    what: str, found: QuerySet[Any], heads: dict[str, Any], *, name: str = "", at: str = "", **more: Any
) -> QuerySet[Any]:
    # Named apart from the columns of whatever is counted: a bonus has a kind of its own.
    heads = {f"of_{head}": value for head, value in {"what": Value(what, CharField()), **heads}.items()}
    counted: QuerySet[Any] = (
        found.order_by()
        .annotate(**heads)
        .values(*heads)
        .annotate(
            n=Count("pk"),
            name=Max(name) if name else Value("", CharField()),
            at=Min(at) if at else NO_MOMENT,
            **more,
        )
    )
    return counted.values_list(*(f"of_{one}" if f"of_{one}" in heads else one for one in Waiting._fields))
