"""Steps that scoring a call and ruling on it share: locks, who may, the gate of the month, the total.

Each needs a transaction. A call is locked before its assessments, so that two acts on one call wait and never cross.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.db import require_transaction
from common.errors import RuleError, check_length
from common.wording import month as month_words
from notices.facts import quotable
from notices.log import tell
from people.models import Employee
from people.selectors import standing_of
from policy.monitoring import CallScore
from quality.models import Assessment, Call
from quality.permissions import Ear
from quality.selectors.assessments import is_month_counted, score_of
from quality.states import AssessmentKind

TEXT_LIMIT = 300


def ear_of(by: Employee) -> Ear:
    """The person who acts, with his standing today."""
    return Ear(by, standing_of(by, timezone.localdate()))


def locked_call(pk: int) -> Call:
    """The call, locked until the service ends. Raises ``Call.DoesNotExist``."""
    require_transaction()
    return Call.objects.select_for_update(of=("self",)).select_related("employee").get(pk=pk)


def locked_assessment(pk: int) -> Assessment:
    """The assessment with its call, both locked. Raises ``Assessment.DoesNotExist``."""
    require_transaction()
    call = locked_call(Assessment.objects.values_list("call_id", flat=True).get(pk=pk))
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("rubric", "fatal_fault__incident_kind")
    found = rows.prefetch_related("rubric__items", "scores").get(pk=pk)
    found.call = call
    return found


def allow(allowed: bool) -> None:
    """Refuse what the tables of who may do not allow."""
    if not allowed:
        raise RuleError(_("这一通不归你办，或者已经有人办了，刷新看看。"), code="not_allowed")


def check_month(call: Call) -> None:
    """Refuse what would change a figure that has been consolidated, with the way out."""
    if is_month_counted(call):
        words = _(
            "%(month)s的录音成绩已经汇总进考核表，不能再改。还没出结果的，请考核值班主任撤回汇总；出了结果的，走申诉。"
        )
        raise RuleError(words % {"month": month_words(call.called_on)}, code="month_counted")


def checked_text(text: str, words: str, *, field: str, limit: int = TEXT_LIMIT) -> str:
    """The text, trimmed; refused with ``words`` when empty, or when it is too long."""
    if not text.strip():
        raise RuleError(words, code=f"{field}_missing", field=field)
    check_length(text.strip(), limit, field=field)
    return text.strip()


def total_again(assessment: Assessment) -> CallScore:
    """Set what the levels now make: the assessment's total, and of a first one the call's; the caller saves both."""
    require_transaction()
    score = score_of(assessment)
    assessment.total = score.total
    if assessment.kind == AssessmentKind.FIRST:
        assessment.call.total = score.total
    assessment.version += 1
    return score


def tell_agent(call: Call, kind: str, *, key: str) -> None:
    """As ``tell_of_call``, to its agent."""
    tell_of_call(call, [call.employee_id], kind, key=key)


def tell_of_call(call: Call, people: Iterable[int], kind: str, *, key: str) -> None:
    """Put word of a call into inboxes: the number of the recording, never how it was scored."""
    tell(
        people,
        kind,
        path=reverse("quality:call", args=[call.pk]),
        key=f"{kind}:{key}",
        detail={"number": quotable(call.number)},
    )
