"""What a what-if answers, as one may read it: nobody finds himself or his superiors, amounts are HR's (P8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from appraisals.models import Cycle, Scheme
from appraisals.permissions import visible_schemes
from appraisals.selectors.schemes import replaced_by, rules_of
from appraisals.states import CycleKind, SchemeState
from calibration.selectors.year_lines import consequence_name
from common.wording import month
from people.facts import Standing
from policy.rounding import ZERO, cents, divide
from policy.schemes import Scheme as Rules
from scoring.facts.replays import less, tally
from scoring.models import AnnualReview, Job, Replay, ReplayLine, ReplayPerson, Result
from scoring.permissions import visible_replays
from scoring.selectors.replays import jobs_of

FLAGS = {
    "coefficient": "moves_coefficient",
    "pay": "moves_pay",
    "proposals": "moves_proposals",
    "grade": "moves_grade",
    "all": "is_moved",
}
"""What the list may be narrowed to."""


class Pair(NamedTuple):
    """Before and after under a name."""

    name: str
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The answer in sums. ``pay`` and ``bonuses`` are yuan, None for who may not know them; coefficients percent."""

    people: int
    moved: int
    flags: dict[str, int]
    coefficient: tuple[Decimal, Decimal] | None
    pay: Pair | None
    bonuses: Pair | None
    rules: list[Pair]
    grades: list[Pair]
    led: list[Pair]
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person's row in words; pay and bonus are None for who may not see amounts."""

    row: ReplayPerson
    more: list[str]
    fewer: list[str]
    grade_before: str
    grade_after: str
    pay: Pair | None
    bonus: tuple[Decimal | None, Decimal | None] | None


class Asked(NamedTuple):
    """A replay with its last job."""

    replay: Replay
    job: Job | None


def replays_asked(replays: Iterable[Replay]) -> list[Asked]:
    """The replays with how far each is; one statement."""
    rows = list(replays)
    jobs = jobs_of([replay.pk for replay in rows])
    return [Asked(replay, jobs.get(replay.pk)) for replay in rows]


def replays_listed(standing: Standing) -> QuerySet[Replay]:
    """What was asked so far, the newest first, without the numbers nobody reads in a list."""
    return visible_replays(standing).defer("rules", "summary", "scheme__parameters")


def schemes_to_try(standing: Standing) -> QuerySet[Scheme]:
    """The versions one may try, those on their way first."""
    return visible_schemes(standing).exclude(state=SchemeState.WITHDRAWN).order_by("-effective_on", "-pk")


def months_published() -> list[date]:
    """The first days of the months with a published result, newest first."""
    rows = Result.objects.filter(
        cycle__kind=CycleKind.MONTH, superseded_at__isnull=True, published_at__isnull=False
    ).order_by()
    return sorted(rows.values_list("cycle__starts_on", flat=True).distinct(), reverse=True)


def completions() -> dict[int, Decimal]:
    """Year → the company's completion rate it was reckoned with, percent."""
    return dict(AnnualReview.objects.values_list("year", "completion"))


def people_in_sight(replay: Replay, hidden: set[int], *, kind: str, text: str) -> QuerySet[ReplayPerson]:
    """Who moves, the greatest change first; ``kind`` is one of ``FLAGS``."""
    rows = all_in_sight(replay, hidden).filter(**{FLAGS.get(kind, FLAGS["all"]): True})
    if text:
        rows = rows.filter(Q(employee__name__icontains=text) | Q(employee__number__icontains=text))
    return rows


def all_in_sight(replay: Replay, hidden: set[int]) -> QuerySet[ReplayPerson]:
    """Everybody but who is hidden from the reader, the greatest change first."""
    rows = ReplayPerson.objects.filter(replay=replay).exclude(employee_id__in=hidden)
    return rows.select_related("employee__region", "employee__position").order_by("-change", "employee__number")


def lines_in_sight(replay: Replay, hidden: set[int]) -> QuerySet[ReplayLine]:
    """Every form but those of who is hidden from the reader, by employee and month."""
    rows = ReplayLine.objects.filter(replay=replay).exclude(employee_id__in=hidden)
    return rows.select_related("employee", "form__cycle").order_by("employee__number", "month", "form")


def person_in_sight(replay: Replay, hidden: set[int], employee_id: int) -> ReplayPerson | None:
    """One person's row, unless he is hidden from the reader."""
    rows = ReplayPerson.objects.filter(replay=replay, employee_id=employee_id).exclude(employee_id__in=hidden)
    return rows.select_related("employee__region", "employee__position", "replay").first()


def lines_of(person: ReplayPerson) -> list[ReplayLine]:
    """The person's forms of the period, in order."""
    rows = ReplayLine.objects.filter(replay=person.replay_id, employee=person.employee_id)
    return list(rows.select_related("form__cycle").order_by("month", "form"))


def sums_of(replay: Replay, hidden: set[int], names: Mapping[str, str], *, with_pay: bool) -> Sums:
    """The sums over those one may see: who is hidden is taken out, or the difference would show him."""
    unseen = list(ReplayPerson.objects.filter(replay=replay, employee_id__in=hidden))
    whole = {name: Decimal(value) for name, value in replay.summary.items()}
    sums = less(whole, tally(unseen)) if unseen else whole
    people, rated = int(sums.get("people", 0)), sums.get("rated", ZERO)
    draft = Rules.from_dict(replay.rules)
    means = None
    if rated:
        means = tuple([cents(divide(sums[f"coefficient_{side}"], rated)) for side in ("before", "after")])
    codes = [*(rule.code for rule in draft.grades), "tied", "out"]
    return Sums(
        people=people,
        moved=int(sums.get("moved", 0)),
        flags={name: int(sums.get(flag, 0)) for name, flag in FLAGS.items() if name != "all"},
        coefficient=(means[0], means[1]) if means else None,
        pay=_pair(sums, "pay", "") if with_pay else None,
        bonuses=_pair(sums, "bonus", "") if with_pay and replay.year else None,
        rules=_pairs(sums, "rule", {code: names.get(code, code) for code in _codes(sums, "rule")}),
        grades=_pairs(sums, "grade", {code: grade_name(code) for code in codes}) if replay.year else [],
        led=_pairs(sums, "led", {code: led_name(code) for code in _codes(sums, "led")}),
        hidden=len(unseen),
    )


def person_lines(rows: Iterable[ReplayPerson], names: Mapping[str, str], *, with_pay: bool) -> list[PersonLine]:
    """A page of people with their words; ``names`` are those of ``rule_names``."""
    return [_person(row, names, with_pay=with_pay) for row in rows]


def rules_before(replay: Replay) -> Rules | None:
    """The numbers of the version that the replayed one follows, if there is one."""
    earlier = replaced_by(replay.scheme)
    return rules_of(earlier) if earlier else None


def rule_names(replay: Replay, earlier: Rules | None) -> dict[str, str]:
    """Code → the rule with what it leads to, of the version before and of the draft."""
    found: dict[str, str] = {}
    for rules in (earlier, Rules.from_dict(replay.rules)):
        if rules is not None:
            found |= {rule.code: f"{rule.code} {_(rule.consequence)}" for rule in rules.triggers}
    return found


def promised_floor(replay: Replay) -> int | None:
    """The fewest raters that were promised in the period, where the draft would count with fewer (P4.4)."""
    cycles = Cycle.objects.filter(starts_on__range=(replay.first_month, replay.last_month)).order_by()
    schemes = Scheme.objects.filter(pk__in=cycles.values("scheme"))
    most = max((rules_of(scheme).min_raters for scheme in schemes), default=0)
    return most if most > Rules.from_dict(replay.rules).min_raters else None


def grade_name(code: str) -> str:
    """A grade, a tie, or who isn't graded."""
    return {"tied": _("待定"), "out": _("不参评")}.get(code, code)


def led_name(code: str) -> str:
    """A consequence of the year in words."""
    return _("职业发展报告") if code == "career_plan" else consequence_name(code)


def _person(row: ReplayPerson, names: Mapping[str, str], *, with_pay: bool) -> PersonLine:
    before, after = row.year_before, row.year_after
    bonuses = (_number(before.get("bonus")), _number(after.get("bonus")))
    return PersonLine(
        row=row,
        more=_fires(row.proposals_after, row.proposals_before, names) + _led(after, before),
        fewer=_fires(row.proposals_before, row.proposals_after, names) + _led(before, after),
        grade_before=_grade(before),
        grade_after=_grade(after),
        pay=Pair("", row.pay_before, row.pay_after) if with_pay else None,
        bonus=bonuses if with_pay else None,
    )


def _fires(some: Sequence[Sequence[str]], others: Sequence[Sequence[str]], names: Mapping[str, str]) -> list[str]:
    """Those of the first that the second has not."""
    known = {tuple(one) for one in others}
    found = [one for one in some if tuple(one) not in known]
    return [f"{month(when, 'year')} {names.get(rule, rule)}" for when, rule in found]


def _led(some: Mapping[str, Any], others: Mapping[str, Any]) -> list[str]:
    known = others.get("consequences", ())
    return [led_name(code) for code in some.get("consequences", ()) if code not in known]


def _grade(year: Mapping[str, Any]) -> str:
    return grade_name("tied" if year["tied"] else year["grade"] or "out") if year else ""


def _codes(sums: Mapping[str, Decimal], kind: str) -> list[str]:
    """The codes that occur before or after, in order."""
    return sorted({name.partition(":")[2] for name in sums if name.startswith(f"{kind}_")})


def _pairs(sums: Mapping[str, Decimal], kind: str, names: Mapping[str, str]) -> list[Pair]:
    found = [_pair(sums, kind, name, f":{code}") for code, name in names.items()]
    return [pair for pair in found if pair.before or pair.after]


def _pair(sums: Mapping[str, Decimal], kind: str, name: str, tail: str = "") -> Pair:
    return Pair(name, sums.get(f"{kind}_before{tail}", ZERO), sums.get(f"{kind}_after{tail}", ZERO))


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
