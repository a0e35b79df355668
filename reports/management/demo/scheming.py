"""The next version of the scheme in the demo: drafted by one member of the group, waiting for another to check it."""

from datetime import date, timedelta

from appraisals.models import Scheme
from appraisals.services.schemes import SchemeChanges, draft_scheme, save_scheme, submit_scheme
from policy.schemes import SCHEME_1_0
from reports.management.demo.clock import at
from reports.management.demo.months import Troupe, noon

WRITER = "沈玉兰"
WHY = "月度加分封顶10分；R4改为低于65%；复核延到次月第5个工作日，结果延到第6个。"


def amend(troupe: Troupe, today: date) -> None:
    """Three numbers are to change, two days ago."""
    writer, old = troupe.cast.named(WRITER), Scheme.objects.get(version=SCHEME_1_0.version)
    with at(noon(today - timedelta(days=2), -2)):
        draft = draft_scheme(old.pk, by=writer)
        changes = SchemeChanges(
            version=draft.version, effective_on=draft.effective_on, note=WHY, parameters=_changed(draft)
        )
        save_scheme(draft.pk, changes, revision=draft.revision, by=writer)
        submit_scheme(draft.pk, by=writer)


def _changed(draft: Scheme) -> dict[str, object]:
    rules, steps = draft.parameters["triggers"], draft.parameters["month_timeline"]
    later = {"review": 5, "publish": 6}
    return {
        "bonus_limit": "10",
        "triggers": [{**rule, "threshold": "65"} if rule["code"] == "R4" else rule for rule in rules],
        "month_timeline": [{**step, "days": later.get(step["code"], step["days"])} for step in steps],
    }
