"""What a run pays: forms, differences and extras put together as lines, their sums and their digest (P7.1)."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from policy.pay import base_pay, performance_pay
from policy.rounding import ZERO, cents
from policy.schemes import Scheme
from scoring.models import PayRun
from scoring.selectors.pay import Beside, FiledPay

NO_RESULT = "", ZERO, ZERO, None


class DraftLine(NamedTuple):
    """A line of a run as it would be paid now, every factor as used; the fields of ``PayLine`` but its run."""

    employee_id: int
    form_id: int | None
    result_id: int | None
    grade_name: str
    post_wage: Decimal
    pay_cap: Decimal
    coefficient: Decimal | None
    counted: Decimal | None
    performance_pay: Decimal
    base_pay: Decimal
    differences: Decimal
    extras: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRun:
    """Everything a run would pay now. ``faces`` are number and name by employee; ``seals`` what each line rests on."""

    lines: tuple[DraftLine, ...]
    difference_ids: tuple[int, ...]
    extra_ids: tuple[int, ...]
    faces: dict[int, tuple[str, str]]
    seals: dict[int, str]

    @property
    def digest(self) -> str:
        """SHA-256 of the lines: another as soon as a person, a factor or an amount is another."""
        whole = "\n".join(f"{person} {seal}" for person, seal in sorted(self.seals.items()))
        return hashlib.sha256(whole.encode()).hexdigest()

    def fill(self, run: PayRun) -> None:
        """Write the sums and the digest on the run."""
        run.people = len(self.lines)
        run.performance_pay = sum((line.performance_pay for line in self.lines), ZERO)
        run.base_pay = sum((line.base_pay for line in self.lines), ZERO)
        run.differences = sum((line.differences for line in self.lines), ZERO)
        run.extras = sum((line.extras for line in self.lines), ZERO)
        run.total = sum((line.total for line in self.lines), ZERO)
        run.digest = self.digest


def draft_run(
    filed: Iterable[FiledPay], differences: Sequence[Beside], extras: Sequence[Beside], rules: Scheme
) -> DraftRun:
    """The lines by employee number: a filed form makes one, and so does whoever is owed something without."""
    forms = {row.employee_id: row for row in filed}
    everybody: list[FiledPay | Beside] = [*forms.values(), *differences, *extras]
    faces = {row.employee_id: (row.number, row.name) for row in everybody}
    owed, added = _by_person(differences), _by_person(extras)
    lines, seals = [], {}
    for person in sorted(faces, key=lambda pk: faces[pk]):
        form, more, beside = forms.get(person), owed.get(person, []), added.get(person, [])
        line = _line(person, form, rules, more, beside)
        lines.append(line)
        seals[person] = _seal(line, form, more, beside)
    return DraftRun(
        lines=tuple(lines),
        difference_ids=tuple(row.pk for row in differences),
        extra_ids=tuple(row.pk for row in extras),
        faces=faces,
        seals=seals,
    )


def paid_with(after: date, today: date) -> date:
    """Which month a difference is paid with: the running one, never the one it corrects. ``after`` lies in that."""
    following = date(after.year + after.month // 12, after.month % 12 + 1, 1)
    return max(today.replace(day=1), following)


def _line(
    person: int, form: FiledPay | None, rules: Scheme, differences: Sequence[Beside], extras: Sequence[Beside]
) -> DraftLine:
    grade, wage, cap, coefficient = form[6:] if form else NO_RESULT
    counted, performance = None, ZERO
    if coefficient is not None:
        pay = performance_pay(cap, coefficient, rules)
        counted, performance = pay.counted, pay.amount
    base = base_pay(wage, performance)
    owed, added = _total(differences), _total(extras)
    return DraftLine(
        employee_id=person,
        form_id=form.form_id if form else None,
        result_id=form.result_id if form else None,
        grade_name=grade,
        post_wage=wage,
        pay_cap=cap,
        coefficient=coefficient,
        counted=counted,
        performance_pay=performance,
        base_pay=base,
        differences=owed,
        extras=added,
        total=cents(base + owed + added),
    )


def _by_person(rows: Iterable[Beside]) -> dict[int, list[Beside]]:
    found: dict[int, list[Beside]] = {}
    for row in rows:
        found.setdefault(row.employee_id, []).append(row)
    return found


def _total(rows: Iterable[Beside]) -> Decimal:
    return sum((row.amount for row in rows), ZERO)


def _seal(line: DraftLine, form: FiledPay | None, differences: Sequence[Beside], extras: Sequence[Beside]) -> str:
    said = [None if value is None else str(value) for value in line]
    beside = [[[row.pk, str(row.amount)] for row in rows] for rows in (differences, extras)]
    text = json.dumps([form.digest if form else "", said, beside], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
