"""Invented calls, incidents and bonuses: those of the month that is settled, and ledgers of any length for pages."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from appraisals.models import Cycle
from common.db import insert_rows
from incidents.models import Bonus, BonusKind, Incident, IncidentKind, Involvement
from people.models import ReportingLine
from quality.models import Assessment, AssessmentScore, Call, Rubric, RubricItem

LEDGER_MONTH = date(2026, 9, 1)
"""The month before the one that is settled: its records are seen on pages and count in nothing."""

_BLANK = ("link", "audio", "audio_name", "audio_kind", "audio_sha256")
_CALL = ("number", "called_on", "employee", "total", "registered_at", "drawn_why", "is_complaint", *_BLANK)


class _Share(NamedTuple):
    """A confirmed share in an incident, or one still to be decided where nobody has verified it."""

    number: str
    day: date
    people: tuple[int, ...]
    finder: int
    verifier: int | None
    kind: IncidentKind
    points: Decimal


class _Claim(NamedTuple):
    """A bonus claim with both checks, or with none."""

    number: str
    day: date
    person: int
    checkers: tuple[int, int] | None
    kind: BonusKind
    points: Decimal


def calls(cycle: Cycle, dice: random.Random) -> None:
    """One to four scored calls for everybody with a form."""
    rows, now = [], timezone.now()
    for person in cycle.forms.values_list("employee_id", flat=True):
        for call in range(dice.randint(1, 4)):
            day = cycle.starts_on + timedelta(days=dice.randrange(28))
            rows.append(_call(f"BL{cycle.starts_on:%m}{person}-{call}", day, person, dice.randint(30, 100), now))
    insert_rows(Call, _CALL, rows)


def events(staff: list[tuple[int, int, int]], month: date, dice: random.Random) -> None:
    """An incident for every twelfth, shared by two now and then; bonuses for every twentieth.

    Every sixtieth has both, and his incident is critical: it lets none of his bonuses count. Every fortieth claims
    more of one kind than its cap.
    """
    kinds = {code: IncidentKind.objects.get(code=code) for code in ("I01", "I03", "I14")}
    praise, article = BonusKind.objects.get(code="B01"), BonusKind.objects.get(code="B07")
    shares, claims = [], []
    for place, (person, superior, _post) in enumerate(staff):
        day = month + timedelta(days=dice.randrange(28))
        points = Decimal(dice.randint(1, 10)) / 2
        finder = staff[place - 3 if staff[place - 3][0] != superior else place - 1][0]
        if place % 12 == 5 or place % 60 == 7:
            kind = kinds["I14" if place % 60 == 7 else "I03" if place % 24 == 5 else "I01"]
            neighbour = staff[place + 1][0] if place % 36 == 5 and place + 1 < len(staff) else person
            people = (person, neighbour) if neighbour not in {person, superior, finder} else (person,)
            shares.append(_Share(f"BS{month:%m}{person}", day, people, finder, superior, kind, points))
        if place % 20 == 7:
            claims.append(
                _Claim(f"BJ{month:%m}{person}", day, person, (finder, superior), praise, min(points, Decimal(3)))
            )
        if place % 40 == 7:
            claims += [
                _Claim(f"BK{month:%m}{person}-{n}", day, person, (finder, superior), article, Decimal("1.50"))
                for n in range(2)
            ]
    _incidents(shares)
    _bonuses(claims)


def ledgers(count: int, *, seed: int = 20260901) -> None:
    """So many incidents, bonus claims, and calls that two listeners have scored: a third of the first two undecided."""
    dice = random.Random(seed)
    lines = list(ReportingLine.objects.order_by("employee__number").values_list("employee_id", "superior_id"))
    agents = [line for line in lines if line[1] != lines[0][1]]
    heads = sorted({superior for _agent, superior in agents})
    with transaction.atomic():
        led = [line for line in lines if line[1] == lines[0][1]]
        _incidents(_ledger_shares(count, (agents, led), heads, dice), counted=LEDGER_MONTH)
        _bonuses(_ledger_claims(count, agents, heads, dice), counted=LEDGER_MONTH)
        _twice_scored(count, agents, heads, dice)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _ledger_shares(
    count: int, lines: tuple[list[tuple[int, int]], list[tuple[int, int]]], heads: list[int], dice: random.Random
) -> Iterator[_Share]:
    """Every third of them undecided; of agents, and every seventh of who is led by the one that looks at the pages."""
    kinds = list(IncidentKind.objects.select_related("severity"))
    for n in range(count):
        concerned = lines[n % 7 == 0]
        (person, superior), kind = concerned[n % len(concerned)], dice.choice(kinds)
        day = LEDGER_MONTH + timedelta(days=dice.randrange(28))
        finder = next(head for head in (dice.choice(heads), *heads) if head not in {superior, person})
        yield _Share(f"LS{n:05d}", day, (person,), finder, superior if n % 3 else None, kind, kind.points)


def _ledger_claims(
    count: int, agents: list[tuple[int, int]], heads: list[int], dice: random.Random
) -> Iterator[_Claim]:
    kinds = list(BonusKind.objects.all())
    for n in range(count):
        person, superior = agents[n % len(agents)]
        day = LEDGER_MONTH + timedelta(days=dice.randrange(28))
        first = next(head for head in (dice.choice(heads), *heads) if head != superior)
        checkers = (first, superior) if n % 3 else None
        yield _Claim(f"LJ{n:05d}", day, person, checkers, dice.choice(kinds), Decimal(1))


def _twice_scored(count: int, agents: list[tuple[int, int]], heads: list[int], dice: random.Random) -> None:
    """Calls with a first scoring by the superior and a second one by the head of another team, level by level."""
    now = timezone.now()
    days = [LEDGER_MONTH + timedelta(days=dice.randrange(28)) for _call_made in range(count)]
    rows = [_call(f"LL{n:05d}", days[n], agents[n % len(agents)][0], dice.randint(60, 100), now) for n in range(count)]
    insert_rows(Call, _CALL, rows)
    rubric = Rubric.objects.filter(state="published").latest("starts_on")
    names = ("call", "kind", "state", "listener", "rubric", "total", "fatal_note", "remark", "version", "started_at")
    both = []
    for n, call in enumerate(
        Call.objects.filter(number__startswith="LL").order_by("number").values_list("pk", flat=True)
    ):
        superior = agents[n % len(agents)][1]
        other = heads[(heads.index(superior) + 1) % len(heads)]
        for kind, listener in (("first", superior), ("second", other)):
            both.append((call, kind, "submitted", listener, rubric.pk, 80, "", "", 1, now, now))
    insert_rows(Assessment, (*names, "submitted_at"), both)
    items = [
        (item.pk, item.may_not_apply, [level.points for level in item.levels.all()])
        for item in RubricItem.objects.filter(rubric=rubric).prefetch_related("levels")
    ]
    scores = []
    for pk in Assessment.objects.filter(call__number__startswith="LL").values_list("pk", flat=True):
        for item, may_not_apply, levels in items:
            applies = not may_not_apply or dice.random() > 0.05
            scores.append((pk, item, dice.choice(levels[:2]) if applies else None, not applies))
    insert_rows(AssessmentScore, ("assessment", "item", "points", "is_not_applicable"), scores)


def _call(number: str, day: date, person: int, total: int, now: object) -> tuple[object, ...]:
    return number, day, person, total, now, "chosen", False, *[""] * len(_BLANK)


def _incidents(shares: Iterable[_Share], *, counted: date | None = None) -> None:
    shares, now = list(shares), timezone.now()
    stored = Incident.objects.bulk_create(
        [
            Incident(
                number=one.number,
                occurred_on=one.day,
                description="漏回访",
                kind=one.kind,
                found_by_id=one.finder,
                filed_by_id=one.finder,
            )
            for one in shares
        ],
        batch_size=1000,
    )
    Involvement.objects.bulk_create(
        [
            Involvement(
                incident=incident,
                employee_id=person,
                severity=one.kind.severity,
                verified_by_id=one.verifier,
                filed_points=one.points,
                points=one.points,
                statement_due_on=one.day,
                state="confirmed" if one.verifier else "filed",
                confirmed_at=now if one.verifier else None,
                counted_month=counted if one.verifier else None,
            )
            for incident, one in zip(stored, shares, strict=True)
            for person in one.people
        ],
        batch_size=1000,
    )


def _bonuses(claims: Iterable[_Claim], *, counted: date | None = None) -> None:
    now = timezone.now()
    Bonus.objects.bulk_create(
        [
            Bonus(
                number=one.number,
                event=one.number,
                occurred_on=one.day,
                employee_id=one.person,
                kind=one.kind,
                cap=one.kind.cap,
                points=one.points,
                grounds="客户表扬",
                state="confirmed" if one.checkers else "filed",
                first_checker_id=one.checkers[0] if one.checkers else None,
                second_checker_id=one.checkers[1] if one.checkers else None,
                confirmed_at=now if one.checkers else None,
                counted_month=counted if one.checkers else None,
            )
            for one in claims
        ],
        batch_size=1000,
    )
