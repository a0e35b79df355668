"""A year from its reckoning to its publication and what is corrected afterwards (P7.2, P7.3, P6.3b)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone
from time_machine import travel

from appraisals.models import Scheme
from audit.models import Event
from calibration.models import ReviewStep
from calibration.selectors.yearly import year_page
from calibration.services.correcting import correct_year
from calibration.services.moving import Wish, move_person
from calibration.services.phases import lock_board, open_board, preview_year
from calibration.services.publishing import publish_year
from common.errors import RuleError
from incidents.models import Severity
from notices.models import Message
from people.facts import SYSTEM
from people.models import Employee, Grade
from people.selectors import standing_of
from people.services.pay_steps import set_pay_step
from people.states import Duty, Role
from reports.selectors.todos import waiting_for
from reports.selectors.waiting import BARRED_YEAR
from scoring.models import AnnualCorrection, AnnualResult, AnnualReview, PastGrade, Proposal, Result
from scoring.services.years import close_year, refresh_year
from scoring.states import ProposalState, ReviewState
from tests import world
from tests.calibration.years import a_team, corrected, published

pytestmark = pytest.mark.django_db
RATE = Decimal("96.5")
SCORES = ("96.00", "92.00", "91.00", "88.00", "86.00", "84.00", "82.00", "80.00", "78.00", "72.00", "70.00", "52.00")
"""Twelve people: 1 A, 2 B, 6 C, 2 D, 1 E."""


@dataclass
class Company:
    """Who plays; ``people`` best first, each with a published month from January to June, all alike."""

    hr: Employee
    leader: Employee
    manager: Employee
    supervisor: Employee
    people: list[Employee]

    def of(self, rank: int) -> AnnualResult:
        return AnnualResult.objects.get(review__year=2026, employee=self.people[rank - 1])

    def month(self, rank: int) -> Result:
        """The person's January as it stands."""
        mine = Result.objects.filter(employee=self.people[rank - 1], superseded_at=None)
        return mine.get(cycle__starts_on=date(2026, 1, 1))


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    """The year is over."""
    with travel(datetime(2027, 1, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))):
        yield


@pytest.fixture
def company(db) -> Company:
    manager = world.with_role(world.person("何建国", None, account=True), Role.DEPARTMENT)
    supervisor = world.person("周敏", "KFZG", superior=manager, account=True)
    made = Company(
        hr=world.with_role(world.person("赵琳", None, account=True), Role.HR),
        leader=world.in_group(world.person("方志远", None, account=True), Duty.LEADER),
        manager=manager,
        supervisor=supervisor,
        people=a_team([f"员工{n:02}" for n in range(1, len(SCORES) + 1)], supervisor),
    )
    for somebody, score in zip(made.people, SCORES, strict=True):
        published(somebody, supervisor, [score] * 6)
    return made


def closed(company: Company) -> AnnualReview:
    return close_year(2026, completion=RATE, by=company.hr)


def to_open(company: Company) -> None:
    closed(company)
    preview_year(2026, by=company.leader)
    open_board(2026, by=company.leader)


def to_published(company: Company) -> AnnualReview:
    to_open(company)
    lock_board(2026, by=company.leader)
    return publish_year(2026, by=company.hr)


def refusal(act) -> str:
    with pytest.raises(RuleError) as refused:
        act()
    return refused.value.code


def grades(company: Company) -> str:
    return "".join(company.of(rank).grade or "-" for rank in range(1, len(company.people) + 1))


def test_a_year_is_reckoned_with_every_factor_beside_it(company):
    closed(company)

    best = company.of(1)
    assert grades(company) == "ABBCCCCCCDDE"
    assert (best.computed_grade, best.pool, best.rank, best.months) == ("A", "", 1, 6)
    assert best.bonus == Decimal("4724.64")  # 96.5 % × 96 % × 1.5 × 3400
    used = {"completion": "96.5", "base_salary": "3400.00", "factor": "1.5"}
    assert best.factors == {"deducted": "0.00", "added": "0.00", **used}
    assert company.of(12).bonus == Decimal("0.00")
    assert company.of(12).consequences == ["no_annual_bonus"]


def test_the_bonus_is_reckoned_on_the_wage_that_was_decided_during_the_year(company):
    best, other = company.people[:2]
    higher = Grade.objects.create(position=best.position, name="高等", rank=9, post_wage=Decimal(4000), pay_cap=2000)
    with transaction.atomic():
        for somebody, month in ((best, date(2026, 12, 1)), (other, date(2027, 1, 1))):
            set_pay_step(somebody.pk, kind="wage", grade_id=higher.pk, starts_on=month, source="JC-1", by=company.hr)

    closed(company)

    assert company.of(1).bonus == Decimal("5558.40")  # 96.5 % × 96 % × 1.5 × 4000
    assert company.of(2).factors["base_salary"] == "3400.00"  # that of the next year comes too late


def test_who_is_not_graded_is_kept_with_the_reason(company):
    newcomer, idle = a_team(["新人", "全不适用"], company.supervisor)
    published(newcomer, company.supervisor, ["90"] * 5)
    published(idle, company.supervisor, [None] * 6)

    closed(company)

    few, blank = (AnnualResult.objects.get(employee=one) for one in (newcomer, idle))
    assert (few.coefficient, few.rank, few.grade, few.bonus) == (Decimal(90), None, "", None)
    assert (few.factors["why"], few.factors["need"]) == ("few_months", 6)
    assert (blank.coefficient, blank.factors["why"]) == (None, "nothing_applicable")
    assert grades(company) == "ABBCCCCCCDDE"


def test_a_scheme_that_blends_in_the_annual_form_counts_both_by_hand_made_figures(company):
    set_scheme(annual_mode="blend", annual_form_share=40)
    for somebody, score in zip(company.people[:2], ("80.00", "99.99"), strict=True):
        published(somebody, company.supervisor, [score], kind="year")

    closed(company)

    first, second = company.of(1), company.of(2)
    assert first.coefficient == Decimal("89.60")  # 96 × 0.6 + 80 × 0.4
    assert second.coefficient == Decimal("95.20")  # 92 × 0.6 + 99.99 × 0.4 = 95.196
    assert (second.rank, first.rank) == (1, 2)
    missing = company.of(3)
    assert (missing.coefficient, missing.grade, missing.factors["why"]) == (None, "", "no_annual_form")


def test_reckoned_again_while_it_is_prepared_the_year_follows_and_twice_changes_nothing(company):
    before = closed(company)
    again = closed(company)
    assert (again.revision, again.closed_at) == (before.revision, before.closed_at)

    corrected(company.month(2), "99.98", timezone.now())
    review = closed(company)

    assert review.revision == before.revision + 1
    assert company.of(2).coefficient == Decimal("93.33")  # (99.98 + 5 × 92) ÷ 6 = 93.3300
    assert company.of(2).version == 2
    assert company.of(1).version == 1


def test_from_the_preview_on_the_same_year_is_fine_and_another_one_is_refused_with_names(company):
    closed(company)
    preview_year(2026, by=company.leader)

    closed(company)
    corrected(company.month(2), "80.00", timezone.now())

    with pytest.raises(RuleError) as refused:
        closed(company)
    assert refused.value.code == "would_differ"
    assert "员工02（92.00% → 90.00%）" in str(refused.value)
    assert company.of(2).coefficient == Decimal(92)
    assert refusal(lambda: close_year(2026, completion=Decimal(90), by=SYSTEM)) == "would_differ"


def test_refreshing_takes_what_changed_and_keeps_what_the_group_decided(company):
    to_open(company)
    move_person(company.of(3).pk, Wish(to_grade="C", reason="五月有一次有效投诉"), by=company.leader)
    corrected(company.month(4), "99.99", timezone.now())

    refresh_year(2026, completion=Decimal(100), by=company.hr)

    moved, risen = company.of(3), company.of(4)
    assert (moved.grade, moved.computed_grade) == ("C", "B")
    assert risen.coefficient == Decimal("90.00")
    assert company.of(1).bonus == Decimal("4896.00")  # 100 % × 96 % × 1.5 × 3400
    assert moved.bonus == Decimal("3094.00")  # 100 % × 91 % × 1.0 × 3400
    before = list(AnnualResult.objects.order_by("pk").values_list("pk", "version"))
    refresh_year(2026, completion=Decimal(100), by=company.hr)
    assert list(AnnualResult.objects.order_by("pk").values_list("pk", "version")) == before


def test_a_locked_year_takes_new_figures_but_nobody_in_or_out(company):
    to_open(company)
    lock_board(2026, by=company.leader)
    corrected(company.month(4), "99.99", timezone.now())

    refresh_year(2026, completion=RATE, by=company.hr)

    assert (company.of(4).coefficient, company.of(4).grade) == (Decimal("90.00"), "C")
    late = a_team(["迟来"], company.supervisor)[0]
    published(late, company.supervisor, ["95.00"] * 6)
    assert refusal(lambda: refresh_year(2026, completion=RATE, by=company.hr)) == "open_first"


@pytest.mark.parametrize("who", ["leader", "manager", "supervisor"])
def test_only_hr_reckons_refreshes_and_publishes(company, who):
    by = getattr(company, who)

    assert refusal(lambda: close_year(2026, completion=RATE, by=by)) == "not_allowed"
    to_open(company)
    assert refusal(lambda: refresh_year(2026, completion=RATE, by=by)) == "not_allowed"
    lock_board(2026, by=company.leader)
    assert refusal(lambda: publish_year(2026, by=by)) == "not_allowed"


def test_publication_freezes_the_final_grades_makes_proposals_and_tells_no_grade(company):
    for rank, grade in ((1, "A"), (2, "A"), (12, "E")):
        PastGrade.objects.create(year=2025, employee=company.people[rank - 1], grade=grade)
    to_open(company)
    move_person(company.of(3).pk, Wish(to_grade="C", reason="五月有一次有效投诉"), by=company.leader)
    lock_board(2026, reason="少一名B", by=company.leader)

    review = publish_year(2026, by=company.hr)

    assert (review.state, bool(review.published_at)) == (ReviewState.PUBLISHED, True)
    assert grades(company) == "ABCCCCCCCDDE"
    moved = company.of(3)
    assert moved.bonus == Decimal("2985.71")  # 96.5 % × 91 % × 1.0 × 3400
    assert (Decimal(moved.factors["factor"]), moved.coefficient, moved.rank) == (Decimal(1), Decimal(91), 3)
    made = set(Proposal.objects.filter(review=review).values_list("employee__name", "rule"))
    assert made == {
        ("员工01", "promote_or_raise"),
        ("员工01", "excellence_award"),
        ("员工01", "career_plan"),
        ("员工02", "promote_or_raise"),
        ("员工12", "demote_or_dismiss"),
    }
    told = Message.objects.filter(kind="year_published")
    assert set(told.values_list("recipient_id", flat=True)) == {one.pk for one in company.people}
    assert set(told.values_list("path", flat=True)) == {"/year/mine/2026/"}
    assert not [row for row in told if set(row.detail) - {"year"}]
    assert set(Message.objects.filter(kind="year_closed").values_list("recipient__name", flat=True)) == {
        "何建国",
        "方志远",
    }
    assert ReviewStep.objects.filter(after=ReviewState.PUBLISHED, by=company.hr).exists()
    assert Event.objects.filter(action="year.published").exists()


def test_a_year_is_published_once_and_only_when_locked(company):
    to_open(company)
    assert refusal(lambda: publish_year(2026, by=company.hr)) == "not_now"
    lock_board(2026, by=company.leader)
    publish_year(2026, by=company.hr)
    before = list(AnnualResult.objects.order_by("pk").values())

    assert refusal(lambda: publish_year(2026, by=company.hr)) == "not_now"
    assert list(AnnualResult.objects.order_by("pk").values()) == before
    close_year(2026, completion=RATE, by=company.hr)
    assert list(AnnualResult.objects.order_by("pk").values()) == before


def test_a_month_changed_after_the_lock_or_a_missing_salary_keeps_the_year_back(company):
    to_open(company)
    lock_board(2026, by=company.leader)
    corrected(company.month(2), "99.98", timezone.now())
    assert refusal(lambda: publish_year(2026, by=company.hr)) == "would_differ"
    poor = company.people[4]
    poor.grade = None
    poor.save(update_fields=["grade"])

    refresh_year(2026, completion=RATE, by=company.hr)

    assert refusal(lambda: publish_year(2026, by=company.hr)) == "no_base_salary"
    poor.base_salary = Decimal("3000.00")
    poor.save(update_fields=["base_salary"])
    refresh_year(2026, completion=RATE, by=company.hr)
    publish_year(2026, by=company.hr)
    assert company.of(5).bonus == Decimal("2489.70")  # 96.5 % × 86 % × 1.0 × 3000


def test_a_published_year_is_corrected_for_one_and_the_others_stay(company):
    to_published(company)
    corrected(company.month(4), "99.99", timezone.now())
    others = AnnualResult.objects.exclude(employee=company.people[3]).order_by("pk")
    before = list(others.values())

    made = correct_year(company.of(4).pk, grade="C", reason="一月的申诉成立", by=company.hr)

    after = company.of(4)
    assert (after.coefficient, after.grade, after.rank) == (Decimal("90.00"), "C", 4)
    assert (made.before["coefficient"], made.after["coefficient"]) == ("88.00", "90.00")
    assert made.amount == Decimal("65.62")  # 96.5 % × (90 − 88) % × 1.0 × 3400
    assert after.bonus == Decimal("2952.90")
    assert list(others.values()) == before
    assert Message.objects.filter(kind="year_corrected", recipient=company.people[3]).count() == 1
    assert refusal(lambda: correct_year(after.pk, grade="C", reason="再来", by=company.hr)) == "nothing_changed"
    assert AnnualCorrection.objects.count() == 1


def test_the_leader_may_raise_the_grade_and_the_proposals_follow(company):
    PastGrade.objects.create(year=2025, employee=company.people[3], grade="B")
    to_published(company)
    corrected(company.month(4), "99.99", timezone.now())

    assert refusal(lambda: correct_year(company.of(4).pk, grade="B", reason="申诉成立", by=company.hr)) == "not_allowed"
    assert refusal(lambda: correct_year(company.of(4).pk, grade="D", reason="申诉成立", by=company.leader)) == "lower"
    correct_year(company.of(4).pk, grade="C", reason="申诉成立", by=company.hr)
    made = correct_year(company.of(4).pk, grade="B", reason="按更正后的系数应在B", by=company.leader)

    assert company.of(4).grade == "B"
    assert made.amount == Decimal("590.58")  # 96.5 % × 90 % × (1.2 − 1.0) × 3400
    assert Proposal.objects.get(employee=company.people[3]).rule == "promote_or_raise"
    assert grades(company) == "ABBBCCCCCDDE"


def test_nobody_corrects_his_own_year_or_that_of_his_line_and_only_when_published(company):
    to_open(company)
    corrected(company.month(4), "99.99", timezone.now())
    assert refusal(lambda: correct_year(company.of(4).pk, grade="C", reason="更正", by=company.hr)) == "not_now"
    refresh_year(2026, completion=RATE, by=company.hr)
    lock_board(2026, by=company.leader)
    publish_year(2026, by=company.hr)
    corrected(company.month(5), "99.99", timezone.now())
    world.with_role(company.people[4], Role.HR)

    own = lambda: correct_year(company.of(5).pk, grade="C", reason="更正", by=company.people[4])  # noqa: E731

    assert refusal(own) == "not_allowed"
    assert refusal(lambda: correct_year(company.of(5).pk, grade="C", reason="x", by=company.manager)) == "not_allowed"
    assert refusal(lambda: correct_year(company.of(5).pk, grade="C", reason=" ", by=company.hr)) == "reason_missing"
    assert not AnnualCorrection.objects.exists()


def test_a_correction_reaches_the_next_year_that_rested_on_the_grade(company):
    to_published(company)
    after = AnnualReview.objects.create(
        year=2027,
        completion=RATE,
        state=ReviewState.PUBLISHED,
        published_at=timezone.now(),
        closed_at=timezone.now(),
        closed_by="system",
    )
    following = AnnualResult.objects.create(
        review=after,
        employee=company.people[3],
        months=12,
        coefficient=Decimal(90),
        rank=1,
        computed_grade="B",
        grade="B",
        bonus=Decimal("3543.48"),
        factors={"base_salary": "3400.00", "completion": "96.50", "factor": "1.2", "last_grade": "C"},
    )
    corrected(company.month(4), "99.99", timezone.now())

    correct_year(company.of(4).pk, grade="C", reason="申诉成立", by=company.hr)
    correct_year(company.of(4).pk, grade="B", reason="申诉成立", by=company.leader)

    following.refresh_from_db()
    assert following.consequences == ["promote_or_raise"]
    assert following.bonus == Decimal("3543.48")
    assert Proposal.objects.filter(review=after, state=ProposalState.PROPOSED).get().rule == "promote_or_raise"


def critical(company: Company, rank: int) -> None:
    """A confirmed incident of the year that bars its best grade."""
    severity = Severity.objects.get(code="L4")
    day = date(2026, 3, 9)
    world.involvement(company.people[rank - 1], company.leader, company.supervisor, day=day, severity=severity)


def test_a_critical_incident_found_after_the_reckoning_stops_lock_and_publication(company):
    to_open(company)
    critical(company, 1)
    assert refusal(lambda: lock_board(2026, reason="就这样", by=company.leader)) == "barred"
    refresh_year(2026, completion=RATE, by=company.hr)
    lock_board(2026, by=company.leader)
    assert grades(company) == "BABCCCCCCDDE"

    critical_later = company.of(2)
    world.involvement(
        critical_later.employee,
        company.leader,
        company.supervisor,
        number="BL-2",
        day=date(2026, 4, 9),
        severity=Severity.objects.get(code="L4"),
    )
    assert refusal(lambda: publish_year(2026, by=company.hr)) == "barred"


def changes_seen(company: Company) -> list[tuple[str, str, bool]]:
    """What the leader reads of whom something found since concerns."""
    standing = standing_of(company.leader, timezone.localdate())
    page = year_page(AnnualReview.objects.get(year=2026), company.leader, standing)
    return [(one.name, one.barred, one.can_correct) for one in page.changes]


def waits(person: Employee) -> set[str]:
    today = timezone.localdate()
    return {row.what for row in waiting_for(person, standing_of(person, today), today)}


def test_found_after_the_publication_it_lets_the_leader_take_the_best_grade_back(company):
    to_published(company)
    assert refusal(lambda: correct_year(company.of(1).pk, grade="B", reason="降", by=company.leader)) == "lower"
    assert changes_seen(company) == []
    critical(company, 1)
    assert changes_seen(company) == [("员工01", "BL-1", True)]
    assert BARRED_YEAR in waits(company.leader)

    assert refusal(lambda: correct_year(company.of(1).pk, grade="B", reason="重大事故", by=company.hr)) == "not_allowed"
    made = correct_year(company.of(1).pk, grade="B", reason="重大事故", by=company.leader)

    assert changes_seen(company) == []
    assert BARRED_YEAR not in waits(company.leader)
    assert (company.of(1).grade, made.before["grade"]) == ("B", "A")
    assert made.amount == Decimal("-944.93")  # 96.5 % × 96 % × (1.2 − 1.5) × 3400


def test_a_grade_rises_only_with_the_coefficient_and_once(company):
    to_published(company)
    corrected(company.month(12), "51.00", timezone.now())
    assert refusal(lambda: correct_year(company.of(12).pk, grade="A", reason="x", by=company.leader)) == "not_risen"
    correct_year(company.of(12).pk, grade="E", reason="更正", by=company.hr)
    corrected(company.month(12), "99.00", timezone.now())
    raised = {"grade": "D", "reason": "申诉成立", "by": company.leader}
    assert refusal(lambda: correct_year(company.of(12).pk, **raised)) == "figures_first"
    correct_year(company.of(12).pk, grade="E", reason="申诉成立", by=company.leader)
    AnnualCorrection.objects.exclude(by=company.leader).delete()
    assert refusal(lambda: correct_year(company.of(12).pk, **raised)) in {"figures_first", "not_risen"}
    corrected(company.month(12), "99.50", timezone.now())
    correct_year(company.of(12).pk, grade="E", reason="再更正", by=company.hr)
    correct_year(company.of(12).pk, **raised)

    assert refusal(lambda: correct_year(company.of(12).pk, grade="C", reason="再升", by=company.leader)) == "not_risen"


def test_a_year_is_published_when_it_is_over(company):
    to_open(company)
    lock_board(2026, by=company.leader)
    for day in ("2026-11-27 09:00", "2026-12-31 23:59:59"):
        with travel(datetime.fromisoformat(f"{day}+08:00"), tick=False):
            assert refusal(lambda: publish_year(2026, by=company.hr)) == "year_runs"
    with travel(datetime.fromisoformat("2027-01-01 00:00:00+08:00"), tick=False):
        assert publish_year(2026, by=company.hr).state == ReviewState.PUBLISHED


def test_a_year_is_published_after_the_one_before_it(company):
    to_open(company)
    lock_board(2026, by=company.leader)
    before = AnnualReview.objects.create(
        year=2025, completion=RATE, state=ReviewState.OPEN, closed_at=timezone.now(), closed_by="system"
    )

    assert refusal(lambda: publish_year(2026, by=company.hr)) == "year_before"
    before.delete()
    publish_year(2026, by=company.hr)


def set_scheme(**values: object) -> None:
    """The rules in force with other values for some of them."""
    scheme = Scheme.objects.latest("effective_on")
    scheme.parameters = {**scheme.parameters, **values}
    scheme.save(update_fields=["parameters"])
