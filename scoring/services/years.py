"""Close a year: annual coefficients, forced distribution, consequences, year-end bonus (P7.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.services.steps import Actor, standing_for
from audit.log import record
from common.db import require_transaction
from common.errors import RuleError
from common.wording import listed, percent2
from incidents.selectors.counting import barred_by
from policy.schemes import Scheme as Rules
from scoring.facts.years import YearFigures, outcome_of, reckoned, year_facts
from scoring.models import AnnualResult, AnnualReview
from scoring.selectors.years import grades_of, rules_of_year
from scoring.states import ReviewState

FIELDS = (
    *("pool", "months", "coefficient", "rank", "computed_grade", "grade"),
    *("is_undecided", "bonus", "factors", "consequences", "version"),
)
PLACE = ("pool", "months", "coefficient", "rank", "computed_grade")
"""What the months make of a person among the others; grade and bonus are the group's from the preview on."""
OWN = ("months", "coefficient")
"""What may be corrected once the year is published: others' places stay (P6.3b, decided)."""
KEPT = ("base_salary", "choices")
"""What a correction leaves as it was used: it follows the months, not what was registered since."""
FEW = 5


@transaction.atomic(durable=True)
def close_year(year: int, *, completion: Decimal, by: Actor) -> AnnualReview:
    """Grade everybody with a published month of the year; ``completion`` is the company's rate in percent.

    Closed again while it is prepared, the year is reckoned anew from what is published now: what comes out the same is
    not touched. Whoever lies in a tie across a boundary stays undecided, for the group. From the preview on nothing
    changes here: refused with who would come out otherwise, and what to do instead.
    """
    now = timezone.now()
    _check_hr(by, now)
    rules = rules_of_year(year)
    review, is_new = AnnualReview.objects.select_for_update().get_or_create(
        year=year, defaults={"completion": completion, "closed_at": now, "closed_by": by.number}
    )
    before = _stored(review)
    also = () if review.state == ReviewState.PREPARING else before
    facts = year_facts(year, rules, completion=completion, also=also)
    if not facts.people:
        raise RuleError(_("%(year)s年还没有出过月度结果。") % {"year": year}, code="no_results")
    figures = reckoned(facts, rules)
    if review.state != ReviewState.PREPARING:
        _check_unchanged(review, figures, before, completion)
        return review
    rows = [_made(review, one, before.get(one.employee_id)) for one in figures]
    changed = [row for row in rows if _differs(row, before.get(row.employee_id))]
    gone = before.keys() - {row.employee_id for row in rows}
    if changed or gone or is_new or review.completion != completion:
        AnnualResult.objects.filter(review=review, employee_id__in=list(gone)).delete()
        detail = {"completion": str(completion), "people": len(rows), "changed": len(changed), "gone": len(gone)}
        review.completion = completion
        _keep(review, changed, by=by, now=now)
        record("year.closed", review, by=by, after=detail)
    return review


@transaction.atomic(durable=True)
def refresh_year(year: int, *, completion: Decimal, by: Actor) -> AnnualReview:
    """Take what was published since into a year under calibration; what the group has decided stands.

    A moved person, and one whose tie was decided, keeps his grade; the others follow the distribution. Of a locked year
    every grade stays, and only figures are renewed: refused where somebody would come or go, the leader opens it first.
    """
    now = timezone.now()
    _check_hr(by, now)
    review = locked_review(year)
    if review.state not in (ReviewState.PREVIEW, ReviewState.OPEN, ReviewState.LOCKED):
        raise RuleError(_("%(year)s年现在不能更新。") % {"year": year}, code="not_now")
    rules = rules_of_year(year)
    before = _stored(review)
    facts = year_facts(year, rules, completion=completion, also=before)
    rows = []
    for one in reckoned(facts, rules):
        row = _made(review, one, before.get(one.employee_id))
        _keep_grade(row, before.get(one.employee_id), rules, is_locked=review.state == ReviewState.LOCKED)
        _settle(row, completion, facts.last.get(row.employee_id), rules)
        rows.append(row)
    changed = [row for row in rows if _differs(row, before.get(row.employee_id))]
    if changed or review.completion != completion:
        detail = {"completion": str(completion), "people": len(rows), "changed": len(changed)}
        review.completion = completion
        _keep(review, changed, by=by, now=now)
        record("year.refreshed", review, by=by, after=detail)
    return review


def freeze_year(review: AnnualReview) -> list[AnnualResult]:
    """The step of publication: bonuses and consequences with the grades that stand, every factor stored as used.

    ``review`` is locked. Returns everybody's result, by employee number. ``RuleError`` while somebody is undecided, has
    no base salary to reckon a bonus on, or has other months than the year was reckoned from.
    """
    require_transaction()
    rules = rules_of_year(review.year)
    before = _stored(review)
    _check_unchanged(review, _now(review, rules, before), before, review.completion, names=OWN)
    last = grades_of(review.year - 1)
    results = list(before.values())
    _check_whole(results)
    refuse_barred(review, rules)
    changed = []
    for row in results:
        stood = (row.bonus, row.consequences, row.factors)
        row.factors = dict(row.factors)
        _settle(row, review.completion, last.get(row.employee_id), rules)
        if (row.bonus, row.consequences, row.factors) != stood:
            row.version += 1
            changed.append(row)
    AnnualResult.objects.bulk_update(changed, ["bonus", "consequences", "factors", "version"], batch_size=500)
    return results


def refuse_barred(review: AnnualReview, rules: Rules) -> None:
    """A step of lock and publication: refuse while somebody holds the best grade whom a critical incident bars (P4.5).

    What was confirmed after the last reckoning is in no factor yet: the year is brought up to date, then calibrated.
    """
    best = review.results.filter(grade=rules.grades[0].code).select_related("employee").order_by("employee__number")
    names = {row.employee_id: row.employee.name for row in best}
    found = barred_by(review.year, names)
    barred = [name for pk, name in names.items() if pk in found]
    if barred:
        words = _("%(who)s当年有重大事故，不得评%(grade)s：请组长退回校准，人力资源部更新后再定。")
        raise RuleError(words % {"who": listed(barred), "grade": rules.grades[0].code}, code="barred")


def renew_own_figures(result: AnnualResult) -> bool:
    """A step of a correction: months, coefficient and points of one locked result as they are published now.

    Whether months or coefficient are others than before; nothing is saved. The place among the others stays.
    """
    require_transaction()
    review = result.review
    rules = rules_of_year(review.year)
    facts = year_facts(review.year, rules, completion=review.completion, only=[result.employee_id])
    one = reckoned(facts, rules)[0]
    stood = (result.months, result.coefficient)
    result.months, result.coefficient = one.months, one.coefficient
    kept = {name: value for name, value in result.factors.items() if name in KEPT}
    result.factors = {**one.factors, **kept}
    return stood != (result.months, result.coefficient)


def renew_consequences(result: AnnualResult, rules: Rules) -> None:
    """A step of a correction: bonus, factors and consequences as grade and coefficient have them; nothing is saved."""
    require_transaction()
    result.factors = dict(result.factors)
    last = grades_of(result.review.year - 1, [result.employee_id])
    _settle(result, result.review.completion, last.get(result.employee_id), rules)


def locked_review(year: int) -> AnnualReview:
    """The year's review, locked before its results; ``RuleError`` if it isn't reckoned yet."""
    require_transaction()
    review = AnnualReview.objects.select_for_update().filter(year=year).first()
    if review is None:
        raise RuleError(_("%(year)s年还没有算过。") % {"year": year}, code="no_such_year")
    return review


def _check_hr(by: Actor, now: datetime) -> None:
    standing = standing_for(by, now)
    if standing is not None and not standing.is_hr:
        raise RuleError(_("年度结果由人力资源部来结。"), code="not_allowed")


def _stored(review: AnnualReview) -> dict[int, AnnualResult]:
    rows = AnnualResult.objects.select_for_update(of=("self",)).filter(review=review).select_related("employee")
    return {row.employee_id: row for row in rows.order_by("employee__number")}


def _now(review: AnnualReview, rules: Rules, before: Iterable[int]) -> list[YearFigures]:
    return reckoned(year_facts(review.year, rules, completion=review.completion, also=before), rules)


def _made(review: AnnualReview, figures: YearFigures, old: AnnualResult | None) -> AnnualResult:
    return AnnualResult(review=review, version=old.version if old else 1, **asdict(figures))


def _differs(row: AnnualResult, old: AnnualResult | None) -> bool:
    """Whether the row is new, or another than stored; another one is the next version."""
    if old is None:
        return True
    if all(getattr(row, name) == getattr(old, name) for name in FIELDS):
        return False
    row.version = old.version + 1
    return True


def _keep(review: AnnualReview, changed: Sequence[AnnualResult], *, by: Actor, now: datetime) -> None:
    AnnualResult.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=("review", "employee"), update_fields=FIELDS, batch_size=500
    )
    review.closed_at, review.closed_by = now, by.number
    review.revision += 1
    review.full_clean()
    review.save(update_fields=["completion", "closed_at", "closed_by", "revision"])


def _keep_grade(row: AnnualResult, old: AnnualResult | None, rules: Rules, *, is_locked: bool) -> None:
    """What the group decided stands; but a critical incident found since takes the best grade away (P4.5)."""
    is_barred = "barred_by" in row.factors and old is not None and old.grade == rules.grades[0].code
    comes_or_goes = (old is None or old.rank is None) != (row.rank is None)
    if is_locked and (comes_or_goes or is_barred):
        raise RuleError(_("有人要进出名次或不得评最高等级了，请组长先退回校准再更新。"), code="open_first")
    if old is None or row.rank is None or is_barred or not old.grade:
        return
    if is_locked or old.grade != old.computed_grade:
        row.grade, row.is_undecided = old.grade, False


def _settle(row: AnnualResult, completion: Decimal, last_grade: str | None, rules: Rules) -> None:
    """Bonus, its factors and consequences as the row's grade has them; none without a grade."""
    row.bonus, row.consequences = None, []
    row.factors.pop("factor", None)
    if not row.grade or row.coefficient is None:
        return
    salary = row.factors.get("base_salary")
    row.bonus, factor, row.consequences = outcome_of(
        row.grade,
        last_grade,
        coefficient=row.coefficient,
        completion=completion,
        base_salary=None if salary is None else Decimal(salary),
        rules=rules,
    )
    row.factors |= {"completion": str(completion), "factor": str(factor)}
    row.factors |= {"last_grade": last_grade} if last_grade else {}


def _check_unchanged(
    review: AnnualReview,
    figures: Iterable[YearFigures],
    before: dict[int, AnnualResult],
    completion: Decimal,
    *,
    names: Sequence[str] = (),
) -> None:
    """Refuse where the year would come out otherwise than it stands, and say who and what to do."""
    is_published = review.state == ReviewState.PUBLISHED
    names = names or (OWN if is_published else PLACE)
    others = []
    for one in figures:
        old = before.get(one.employee_id)
        if old is None:
            others.append(_("有新出结果的人"))
        elif any(getattr(one, name) != getattr(old, name) for name in names):
            pair = {"who": old.employee.name, "was": percent2(old.coefficient), "now": percent2(one.coefficient)}
            others.append(_("%(who)s（%(was)s → %(now)s）") % pair)
    if review.completion != completion:
        others.insert(0, _("完成率（%(was)s → %(now)s）") % {"was": review.completion, "now": completion})
    if not others:
        return
    who = listed([*dict.fromkeys(others)][:FEW]) + (_("等%(n)d处") % {"n": len(others)} if len(others) > FEW else "")
    what = {
        True: _("%(year)s年已公布，不再重算。会变的：%(who)s。在年度页上逐人更正，别人的等级不变。"),
        False: _("%(year)s年已交给小组，不再重算。会变的：%(who)s。在年度页上点“更新”，小组定了的等级不变。"),
    }[is_published]
    raise RuleError(what % {"year": review.year, "who": who}, code="would_differ")


def _check_whole(results: Iterable[AnnualResult]) -> None:
    """Everybody ranked has a grade, and everybody graded a base salary."""
    ranked = [row for row in results if row.rank is not None]
    undecided = [row.employee.name for row in ranked if row.is_undecided or not row.grade]
    if undecided:
        raise RuleError(_("还有人没有定等级：%(who)s。") % {"who": listed(undecided[:FEW])}, code="undecided")
    unpaid = [row.employee.name for row in ranked if "base_salary" not in row.factors]
    if unpaid:
        words = _("%(who)s没有登记基本工资，也没有等级，算不出年终奖金。登记后点“更新”。")
        raise RuleError(words % {"who": listed(unpaid[:FEW])}, code="no_base_salary")
