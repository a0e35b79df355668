"""What changes from one version of the scheme to another, in words and by chapter: nothing is hidden (P8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from appraisals.models import Scheme
from appraisals.selectors.scheme_fields import ORDER, OTHER, field_of, label_of, leaves, row_title, say
from appraisals.selectors.scheme_words import HEADS, term_words, trigger_words
from appraisals.selectors.schemes import rules_of
from common.wording import day, listed
from policy.schemes import Scheme as Rules

ROWS = ("triggers", "grades", "levels", "month_timeline")
HEAD = "version"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is another one now; ``before`` is empty for what is new, ``after`` for what is gone."""

    path: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangedChapter:
    """The changes of a chapter; ``clause`` is empty for what stands above the chapters."""

    code: str
    clause: str
    title: str
    changes: list[Change]


def changes_between(old: Scheme, new: Scheme) -> list[ChangedChapter]:
    """Everything that differs: dates and notes of the versions, then the chapters in the document's order."""
    heads = [
        (HEAD, _("版本"), old.version, new.version),
        ("effective_on", _("生效日期"), day(old.effective_on, "year"), day(new.effective_on, "year")),
        ("note", _("说明"), old.note or _("没有写"), new.note or _("没有写")),
    ]
    first = [Change(*one) for one in heads if one[2] != one[3]]
    return _by_chapter([*first, *rule_changes(rules_of(old), rules_of(new))])


def rule_changes(old: Rules, new: Rules) -> list[Change]:
    """Every value of the rules that differs; rows that came or went are told whole."""
    before, after = leaves(old), leaves(new)
    fresh, gone = _codes(after) - _codes(before), _codes(before) - _codes(after)
    found = [
        Change(f"{group}.{code}", _row(group, code, old), _row_words(group, code, old), "")
        for group, code in sorted(gone)
    ]
    found += [
        Change(f"{group}.{code}", _row(group, code, new), "", _row_words(group, code, new))
        for group, code in sorted(fresh)
    ]
    for path in [*before, *(path for path in after if path not in before)]:
        if path == HEAD or _row_of(path) in fresh | gone or (path in before and before[path] == after.get(path)):
            continue
        if path.endswith(f".{ORDER}") and _is_only_shorter(before[path], after[path]):
            continue
        found.append(Change(path, label_of(path, _steps(new)), _words(path, before, old), _words(path, after, new)))
    return found


def _by_chapter(changes: Iterable[Change]) -> list[ChangedChapter]:
    titles = {HEAD: ("", _("版本")), **{code: (clause, str(title)) for code, (clause, title) in HEADS.items()}}
    titles[OTHER] = ("", _("其他"))
    found: dict[str, list[Change]] = {code: [] for code in titles}
    for change in changes:
        chapter = HEAD if change.path in {"effective_on", "note"} else field_of(change.path).chapter
        found[chapter].append(change)
    return [ChangedChapter(code, *titles[code], rows) for code, rows in found.items() if rows]


def _codes(values: dict[str, Any]) -> set[tuple[str, str]]:
    return {(group, code) for group in ROWS for code in map(str, values.get(f"{group}.{ORDER}", ()))}


def _row_of(path: str) -> tuple[str, str]:
    group, *rest = path.split(".")
    return group, rest[0] if len(rest) > 1 else ""


def _is_only_shorter(before: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    """Rows came or went, and those that stayed keep their order: said already."""
    return [code for code in before if code in after] == [code for code in after if code in before]


def _words(path: str, values: dict[str, Any], rules: Rules) -> str:
    """A value in words; of a term the whole term."""
    group, code = _row_of(path)
    if path.endswith(".days") and group == "month_timeline":
        return term_words(rules.step(code))
    return say(path, values[path]) if path in values else ""


def _row(group: str, code: str, rules: Rules) -> str:
    return row_title(group, code, _steps(rules))


def _row_words(group: str, code: str, rules: Rules) -> str:
    """A whole row in words."""
    if group == "triggers":
        rule = next(one for one in rules.triggers if one.code == code)
        return _("%(when)s：%(then)s") % {"when": trigger_words(rule), "then": _(rule.consequence)}
    values = {path: value for path, value in leaves(rules).items() if _row_of(path) == (group, code)}
    return listed(f"{field_of(path).label} {say(path, value)}" for path, value in values.items())


def _steps(rules: Rules) -> dict[str, str]:
    return {step.code: step.name for step in rules.month_timeline}
