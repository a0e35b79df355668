"""A sort of thing that people owe by a term, whoever they are: behind a person's to-dos and everybody's reminders.

Read for one person it gives his lines; read for everybody, who owes what, in one statement for any number of people.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import CharField, Count, F, IntegerField, Max, Min, QuerySet, Value
from django.db.models.functions import Cast, TruncDate

from people.models import Employee
from policy.workdays import Calendar, working_day_after
from reports.selectors.waiting import NO_DAY, NO_MOMENT, NO_WORD, Waiting

NOBODY = Cast(Value(None), IntegerField())


class Due(NamedTuple):
    """Some things of one sort that ``person_id`` owes by one term.

    ``owner_id`` is the appraisal owner of an appraisee's form; ``n``, ``ident`` and ``name`` as in ``Waiting``; ``by``
    is what the person is as debtor, of a sort that may wait for one or another.
    """

    person_id: int
    owner_id: int | None
    what: str
    kind: str | None
    starts_on: date | None
    due_on: date
    ident: int
    n: int
    name: str
    at: datetime | None
    by: str

    @property
    def waiting(self) -> Waiting:
        """The same as a line of the to-do list."""
        return Waiting._make(self[2:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A sort of thing that is owed: which rows, by whom, until when. Paths lead from the rows.

    ``step`` is the scheme's, "" where it has none; ``by`` is what its debtor is, in the words of ``policy.reminders``.
    ``word`` names it to others, by the codes of ``notices.facts.STEPS``, where that is not the step's.
    ``at``: when it was published, for signing what has no term stored. With ``days`` it is ``due`` that says when it
    was asked for, and the term is so many working days later.
    """

    what: str
    rows: QuerySet[Any]
    debtor: Any
    due: Any
    by: str
    name: str = ""
    step: str = ""
    word: str = ""
    cycle: str = "cycle__"
    owner: str = ""
    ident: str = "pk"
    at: str = ""
    days: int = 0

    @property
    def told_as(self) -> str:
        """Its code in ``notices.facts.STEPS``: what others are told that somebody owes."""
        return self.word or {"target": "targets"}.get(self.step, self.step)

    def of(self, person: Employee) -> QuerySet[Any]:
        """The person's own, one row per term, or one for all that belong to no cycle: rows of ``Waiting``."""
        rows = self.rows.alias(debtor_id=_expression(self.debtor)).filter(debtor_id=person.pk)
        if self.days:
            return self._counted(rows, {"due_on": NO_DAY}, {}).values_list(*_columns(Waiting._fields))
        heads = {"due_on": _expression(self.due)} if self.cycle else {}
        counts = {} if self.cycle else {"due_on": Min(self.due)}
        return self._counted(rows, heads, counts).values_list(*_columns(Waiting._fields))

    def of_everybody(self, until: date) -> QuerySet[Any]:
        """Everybody's with a term up to ``until``, one row per term: rows of ``Due``.

        With ``days`` it is one row per day that it was asked for on, in the place of the term (``dated``).
        """
        owner = F(self.owner) if self.owner else NOBODY
        due = TruncDate(self.due) if self.days else _expression(self.due)
        heads = {"person_id": _expression(self.debtor), "owner_id": owner, "due_on": due}
        heads["by"] = Value(self.by, CharField())
        rows = self._counted(self.rows, heads, {}).filter(of_due_on__lte=until, of_person_id__isnull=False)
        return rows.values_list(*_columns(Due._fields))

    def dated(self, row: Due, calendar: Calendar) -> Due:
        """A row of ``of_everybody`` with its term."""
        return row._replace(due_on=working_day_after(row.due_on, self.days, calendar)) if self.days else row

    def _counted(self, rows: QuerySet[Any], heads: dict[str, Any], counts: dict[str, Any]) -> QuerySet[Any]:
        # Named apart from the columns of whatever is counted: a bonus has a kind of its own.
        heads = heads | {
            "what": Value(self.what, CharField()),
            "kind": F(f"{self.cycle}kind") if self.cycle else NO_WORD,
            "starts_on": F(f"{self.cycle}starts_on") if self.cycle else NO_DAY,
        }
        counts = counts | {
            "ident": Min(self.ident),
            "n": Count("pk"),
            "name": Max(self.name) if self.name else Value("", CharField()),
            "at": Min(self.due if self.days else self.at) if self.days or self.at else NO_MOMENT,
        }
        marked = {f"of_{name}": head for name, head in heads.items()}
        grouped = rows.order_by().annotate(**marked).values(*marked)
        counted: QuerySet[Any] = grouped.annotate(**{f"of_{name}": count for name, count in counts.items()})
        return counted


def _expression(path: Any) -> Any:
    return F(path) if isinstance(path, str) else path


def _columns(names: tuple[str, ...]) -> list[str]:
    return [f"of_{name}" for name in names]
