"""Correct a published year for one person whose months say something else since (P6.3b, P7.2)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from calibration.permissions import hidden_from, keeps_year
from calibration.services.publishing import own_path
from calibration.services.steps import locked_place, refuse_unless, standing_now, words_of
from common.errors import RuleError
from notices.log import tell
from people.models import Employee
from policy.rounding import ZERO
from policy.schemes import Scheme as Rules
from scoring.models import AnnualCorrection, AnnualResult, AnnualReview
from scoring.selectors.years import rules_of_year
from scoring.services.proposals import propose_for_year
from scoring.services.years import renew_consequences, renew_own_figures
from scoring.states import ReviewState


@dataclass(frozen=True, slots=True)
class _Stood:
    """What is kept of a result before and after, as text."""

    coefficient: str | None
    months: int
    grade: str
    bonus: str | None

    @classmethod
    def of(cls, result: AnnualResult) -> "_Stood":
        texts = [None if one is None else str(one) for one in (result.coefficient, result.bonus)]
        return cls(texts[0], result.months, result.grade, texts[1])

    def told(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@transaction.atomic(durable=True)
def correct_year(result_id: int, *, grade: str, reason: str, by: Employee) -> AnnualCorrection:
    """Take over what the person's months say now; ``grade`` is the one that stood, or a better one.

    HR corrects the figures; only the group's leader may raise the grade, or give one to whoever had none, after another
    has taken the figures over, where the coefficient has risen since the grade was set, and never to the best one where
    a critical incident bars it (P4.5): that alone lowers it. Other people's grades and the person's rank stay. The
    bonus is reckoned with the corrected coefficient, its difference kept; proposals follow, those of a published next
    year as well.
    """
    result = locked_place(result_id)
    review, standing = result.review, standing_now(by)
    refuse_unless(keeps_year(standing) or standing.is_leader)
    refuse_unless(result.employee_id not in hidden_from(by, standing))
    _refuse_unless_published(review)
    words = words_of(reason, field="reason", missing=_("写一句为什么更正，本人看得到。"))
    rules = rules_of_year(review.year)
    stood = _Stood.of(result)
    has_changed = renew_own_figures(result)
    if result.coefficient is None:
        raise RuleError(_("这个人没有可以计入的结果了，先把月度结果出齐。"), code="no_results")
    _check_grade(result, grade, rules, stood, is_leader=standing.is_leader)
    if _is_raised(grade, stood, rules) and (has_changed or not result.corrections.exclude(by=by).exists()):
        raise RuleError(_("先由人力资源部更正数字，你再提等级。"), code="figures_first", field="grade")
    was_corrected = has_changed or result.corrections.exists() or _is_barred(result, rules)
    if not was_corrected or (not has_changed and grade == result.grade):
        raise RuleError(_("各月结果没有变，年度不用更正。"), code="nothing_changed")
    result.grade = grade
    renew_consequences(result, rules)
    result.version += 1
    result.full_clean(exclude=["bonus", "consequences", "rank"])  # who isn't graded has none of them
    result.save(
        update_fields=["months", "coefficient", "grade", "is_undecided", "bonus", "factors", "consequences", "version"]
    )
    correction = _kept(result, stood, words, by=by)
    _follow(result, by=by)
    tell(
        [result.employee_id],
        "year_corrected",
        path=own_path(review.year),
        key=f"annual:{result.pk}:{result.version}:corrected",
        detail={"year": str(review.year)},
    )
    return correction


def _refuse_unless_published(review: AnnualReview) -> None:
    """Only a published year is corrected; before that it is refreshed."""
    if review.state != ReviewState.PUBLISHED:
        raise RuleError(_("年度还没有公布，点“更新”就行，不用更正。"), code="not_now")


def _is_barred(result: AnnualResult, rules: Rules) -> bool:
    """Whether he holds the best grade though a critical incident of the year keeps it from him."""
    return result.grade == rules.grades[0].code and bool(result.factors.get("barred_by"))


def _is_raised(grade: str, stood: _Stood, rules: Rules) -> bool:
    codes = [rule.code for rule in rules.grades]
    return grade != stood.grade and (not stood.grade or codes.index(grade) < codes.index(stood.grade))


def _risen(result: AnnualResult, stood: _Stood) -> bool:
    """Whether the coefficient is higher than when the present grade was set, at the publication or by a correction."""
    base = stood.coefficient
    for row in result.corrections.order_by("-pk"):
        if row.before["grade"] != row.after["grade"]:
            base = row.after["coefficient"]
            break
        base = row.before["coefficient"]
    return result.coefficient is not None and (base is None or result.coefficient > Decimal(base))


def _check_grade(result: AnnualResult, grade: str, rules: Rules, stood: _Stood, *, is_leader: bool) -> None:
    codes = [rule.code for rule in rules.grades]
    if grade == result.grade:
        return
    if grade not in codes:
        raise RuleError(_("没有这个等级。"), code="no_such_grade", field="grade")
    if not is_leader:
        raise RuleError(_("等级由考核小组组长提，你只更正数字。"), code="not_allowed", field="grade")
    if result.grade:
        _check_direction(result, codes.index(grade) > codes.index(result.grade), rules, stood)
    if result.months < rules.min_months:
        raise RuleError(_("满%(n)d个月才评等级。") % {"n": rules.min_months}, code="few_months", field="grade")
    if grade == codes[0] and result.factors.get("barred_by"):
        raise RuleError(_("当年有重大事故，不得评%(grade)s。") % {"grade": grade}, code="barred", field="grade")


def _check_direction(result: AnnualResult, is_lower: bool, rules: Rules, stood: _Stood) -> None:
    if is_lower and not _is_barred(result, rules):
        raise RuleError(_("更正不降等级。"), code="lower", field="grade")
    if not is_lower and not _risen(result, stood):
        raise RuleError(_("年度系数没有高过定等级时的，等级不升。"), code="not_risen", field="grade")


def _kept(result: AnnualResult, stood: _Stood, reason: str, *, by: Employee) -> AnnualCorrection:
    now = _Stood.of(result)
    amount = (result.bonus or ZERO) - Decimal(stood.bonus or 0)
    correction = AnnualCorrection(
        result=result,
        before=stood.told(),
        after=now.told(),
        amount=amount,
        reason=reason,
        by=by,
        at=timezone.now(),
    )
    correction.full_clean()
    correction.save()
    record("year.corrected", result, by=by, before=stood.told(), after=now.told(), reason=reason)
    return correction


def _follow(result: AnnualResult, *, by: Employee) -> None:
    """The proposals of this year, and what the next one, published already, had rested on this grade."""
    propose_for_year(result.review, by=by)
    rows = AnnualResult.objects.select_for_update(of=("self",)).select_related("review")
    following = rows.filter(
        employee=result.employee_id, review__year=result.review.year + 1, review__state=ReviewState.PUBLISHED
    ).first()
    if following is None:
        return
    before, last = list(following.consequences), following.factors.get("last_grade")
    renew_consequences(following, rules_of_year(following.review.year))
    if following.consequences != before or following.factors.get("last_grade") != last:
        following.version += 1
        following.save(update_fields=["bonus", "factors", "consequences", "version"])
        record(
            "year.followed",
            following,
            by=by,
            before={"consequences": before},
            after={"consequences": following.consequences},
        )
        propose_for_year(following.review, by=by)
