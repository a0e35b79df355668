"""A year of twelve people under calibration, with a group that sits on its board."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from people.models import Employee
from people.states import Duty, Role
from policy.distribution import UNDECIDED, Candidate, distribute
from policy.schemes import SCHEME_1_0
from scoring.models import AnnualResult, AnnualReview
from scoring.states import ReviewState
from tests import world

YEAR = 2026
SCORES = ("96.00", "92.00", "91.00", "88.00", "86.00", "84.00", "82.00", "80.00", "78.00", "72.00", "70.00", "52.00")
"""Twelve people: 1 A, 2 B, 6 C, 2 D, 1 E."""


@dataclass
class Board:
    """Who plays: the group, who reads, a stranger; and the people of the year, best first."""

    review: AnnualReview
    leader: Employee
    member: Employee
    second: Employee
    manager: Employee
    hr: Employee
    auditor: Employee
    supervisor: Employee
    people: list[Employee] = field(default_factory=list)

    def at(self, rank: int) -> AnnualResult:
        """The place of the person of that rank, as it stands."""
        return AnnualResult.objects.get(review=self.review, employee=self.people[rank - 1])

    def grades(self) -> str:
        """Everybody's grade, best first; - for a tie."""
        return "".join(self.at(rank).grade or "-" for rank in range(1, len(self.people) + 1))


@pytest.fixture
def board(db) -> Board:
    """The board, open."""
    return make_board()


def make_board(scores: Sequence[str] = SCORES, *, state: str = ReviewState.OPEN, pool: str = "") -> Board:
    """As the fixture, for tests that end their transactions or want other scores."""
    manager = world.with_role(world.person("何建国", None, account=True), Role.DEPARTMENT)
    supervisor = world.person("周敏", "KFZG", superior=manager, account=True)
    made = Board(
        review=AnnualReview.objects.create(
            year=YEAR,
            completion=Decimal("96.5"),
            state=state,
            closed_at=datetime(2027, 1, 8, tzinfo=UTC),
            closed_by="T1",
        ),
        leader=world.in_group(world.person("方志远", None, account=True), Duty.LEADER),
        member=world.in_group(world.person("沈玉兰", None, account=True)),
        second=world.in_group(world.person("韩冰", None, account=True)),
        manager=manager,
        hr=world.with_role(world.person("赵琳", None, account=True), Role.HR),
        auditor=world.with_role(world.person("孙悦", None, account=True), Role.AUDITOR),
        supervisor=supervisor,
    )
    fill(made, [(f"员工{n:02}", score) for n, score in enumerate(scores, start=1)], pool=pool)
    return made


def fill(made: Board, people: Sequence[tuple[str, str]], *, pool: str = "", barred: str = "") -> None:
    """Put people with these coefficients into the year, placed as the distribution places them."""
    hired = [world.person(name, superior=made.supervisor, account=True) for name, _score in people]
    candidates = [
        Candidate(one.pk, Decimal(score), 12, pool=pool, barred=one.name == barred)
        for one, (_name, score) in zip(hired, people, strict=True)
    ]
    for placing in distribute(candidates, SCHEME_1_0).values():
        score = next(one.coefficient for one in candidates if one.key == placing.key)
        person = next(one for one in hired if one.pk == placing.key)
        factors = {"deducted": "0", "added": "0", "choices": list(placing.choices)}
        AnnualResult.objects.create(
            review=made.review,
            employee=person,
            pool=pool,
            months=12,
            coefficient=score,
            rank=placing.rank,
            computed_grade=placing.grade or "",
            grade=placing.grade or "",
            is_undecided=placing.state == UNDECIDED,
            factors=factors | ({"barred_by": ["SG-2026-0512"]} if person.name == barred else {}),
        )
    made.people += sorted(hired, key=lambda one: -next(row.coefficient for row in candidates if row.key == one.pk))
