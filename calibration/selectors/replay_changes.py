"""Which changes of a draft a what-if can show, and which it can't: forms keep the targets they were agreed with."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from appraisals.selectors.scheme_diff import Change, rule_changes
from policy.schemes import Scheme as Rules
from scoring.models import Replay

WEIGHTS = ("managerial", "non_managerial")
OF_A_YEAR = ("pool", "grades", "min_months", "annual_mode", "annual_form_share")
LATER = ("levels", "month_timeline", "gravity", "improvement_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The changes that were replayed, and those that weren't, each with why."""

    shown: list[Change]
    unseen: list[tuple[Change, str]]


def changes_tried(replay: Replay, earlier: Rules | None) -> Tried | None:
    """What the draft changes from the version it follows; None where there is none before it."""
    if earlier is None:
        return None
    shown, unseen = [], []
    for change in rule_changes(earlier, Rules.from_dict(replay.rules)):
        why = _why_not(change.path.partition(".")[0], replay)
        if why:
            unseen.append((change, why))
        else:
            shown.append(change)
    return Tried(shown=shown, unseen=unseen)


def _why_not(field: str, replay: Replay) -> str:
    if field in WEIGHTS:
        return _("过去的表按当时商定的分值，换不了权重")
    if field.startswith(LATER):
        return _("不影响已经给出的分数")
    if field in OF_A_YEAR and replay.year is None:
        return _("只在试算一整年时有影响")
    return ""
