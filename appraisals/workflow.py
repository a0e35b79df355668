"""A form's workflow as one table: no queries, no side effects.

Buttons, checks, tests and the diagram in the documents come from ``MOVES``; who may write which
part in which state comes from ``EDITS``.
"""

from dataclasses import dataclass
from enum import StrEnum

from appraisals.states import FormState as S


class Hat(StrEnum):
    """What a person is to one form. On his own form everybody is only the appraisee."""

    APPRAISEE = "appraisee"
    OWNER = "owner"
    PROVIDER = "provider"
    RATER = "rater"
    DEPARTMENT = "department"
    DUTY = "duty"
    LEADER = "leader"
    HR = "hr"
    AUDITOR = "auditor"
    JUDGE = "judge"  # whoever rules on an appeal against the result; nobody wears it otherwise
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed step: from where, to where, by whom, and whether it must give a reason."""

    name: str
    source: S
    target: S
    by: frozenset[Hat]
    needs_reason: bool = False
    managerial: bool | None = None  # None: every class of post


def _move(name: str, source: S, target: S, *by: Hat, reason: bool = False, managerial: bool | None = None) -> Move:
    return Move(name, source, target, frozenset(by), reason, managerial)


OWNER, APPRAISEE, DUTY, LEADER = Hat.OWNER, Hat.APPRAISEE, Hat.DUTY, Hat.LEADER

MOVES: tuple[Move, ...] = (
    # P4.1: a managerial form is agreed by both, another goes to the department first.
    _move("submit_targets", S.TARGETS, S.CONFIRMATION, OWNER, Hat.SYSTEM, managerial=True),
    _move("submit_targets", S.TARGETS, S.APPROVAL, OWNER, Hat.SYSTEM, managerial=False),
    _move("approve_targets", S.APPROVAL, S.CONFIRMATION, Hat.DEPARTMENT, Hat.SYSTEM),
    _move("return_targets", S.APPROVAL, S.TARGETS, Hat.DEPARTMENT, OWNER, reason=True),
    _move("confirm_targets", S.CONFIRMATION, S.ACTIVE, APPRAISEE, Hat.SYSTEM),
    _move("reopen_targets", S.CONFIRMATION, S.TARGETS, OWNER, reason=True),
    # P6.2: targets are re-adjusted where needed, with a history.
    _move("readjust_targets", S.ACTIVE, S.TARGETS, OWNER, reason=True),
    _move("submit_self", S.ACTIVE, S.REVIEW, APPRAISEE, Hat.SYSTEM),
    # P4 decided: a missing self-score does not stop the form.
    _move("review_without_self", S.ACTIVE, S.REVIEW, OWNER, reason=True),
    _move("return_self", S.REVIEW, S.ACTIVE, OWNER, reason=True),
    _move("submit_review", S.REVIEW, S.READY, OWNER, Hat.SYSTEM),
    _move("return_review", S.READY, S.REVIEW, OWNER, DUTY, reason=True),
    # P6.3a: the duty officer consolidates, both sign, HR files.
    _move("consolidate", S.READY, S.CONSOLIDATED, DUTY, LEADER, Hat.SYSTEM),
    _move("withdraw_consolidation", S.CONSOLIDATED, S.READY, DUTY, LEADER, reason=True),
    _move("publish", S.CONSOLIDATED, S.PUBLISHED, DUTY, LEADER, Hat.SYSTEM),
    _move("withdraw_publication", S.PUBLISHED, S.READY, LEADER, reason=True),
    _move("withdraw_publication", S.SIGNED, S.READY, LEADER, reason=True),
    _move("sign", S.PUBLISHED, S.SIGNED, OWNER, APPRAISEE),
    _move("file", S.SIGNED, S.FILED, Hat.HR),
    # A result not signed by its term is filed as read, not agreed.
    _move("file_unsigned", S.PUBLISHED, S.FILED, Hat.HR, reason=True),
    _move("unfile", S.FILED, S.SIGNED, Hat.HR, reason=True),
    _move("unfile_unsigned", S.FILED, S.PUBLISHED, Hat.HR, reason=True),
    # P6.3b: what an appeal proves true gives the result a new version, signed again.
    _move("correct", S.PUBLISHED, S.PUBLISHED, Hat.JUDGE, reason=True),
    _move("correct", S.SIGNED, S.PUBLISHED, Hat.JUDGE, reason=True),
    _move("correct", S.FILED, S.PUBLISHED, Hat.JUDGE, reason=True),
)


class Piece(StrEnum):
    """What can be written on a form apart from its state."""

    ITEMS = "items"
    SELF_SCORES = "self_scores"
    REVIEW_SCORES = "review_scores"
    FIGURES = "figures"
    KPI_NOT_APPLICABLE = "kpi_not_applicable"
    ITEM_NOT_APPLICABLE = "item_not_applicable"
    UPWARD_SCORES = "upward_scores"
    REMARKS = "remarks"


_TALK = frozenset((S.APPROVAL, S.CONFIRMATION, S.ACTIVE, S.REVIEW, S.READY))
_FIGURES_OPEN = frozenset((S.ACTIVE, S.REVIEW, S.READY))

EDITS: dict[Piece, tuple[frozenset[S], frozenset[Hat]]] = {
    Piece.ITEMS: (frozenset((S.TARGETS,)), frozenset((OWNER, Hat.SYSTEM))),
    Piece.SELF_SCORES: (frozenset((S.ACTIVE,)), frozenset((APPRAISEE, Hat.SYSTEM))),
    Piece.REVIEW_SCORES: (frozenset((S.REVIEW,)), frozenset((OWNER, Hat.SYSTEM))),
    # P4.1c: only the named provider records a figure; the duty officer never does.
    Piece.FIGURES: (_FIGURES_OPEN, frozenset((Hat.PROVIDER, Hat.SYSTEM))),
    Piece.KPI_NOT_APPLICABLE: (_FIGURES_OPEN, frozenset((Hat.PROVIDER, OWNER, Hat.SYSTEM))),
    Piece.ITEM_NOT_APPLICABLE: (frozenset((S.ACTIVE, S.REVIEW)), frozenset((OWNER, Hat.SYSTEM))),
    Piece.UPWARD_SCORES: (_FIGURES_OPEN, frozenset((Hat.RATER, Hat.SYSTEM))),
    Piece.REMARKS: (_TALK, frozenset((OWNER, APPRAISEE, Hat.DEPARTMENT))),
}


def move_named(name: str, source: str, *, managerial: bool) -> Move | None:
    """The move of that name from ``source``, if the table has one for that class of post."""
    for move in MOVES:
        if move.name == name and move.source == source and move.managerial in (None, managerial):
            return move
    return None


def moves_from(source: str, hats: frozenset[Hat], *, managerial: bool) -> tuple[Move, ...]:
    """What somebody wearing ``hats`` may do with a form in ``source``."""
    return tuple(
        move for move in MOVES if move.source == source and move.managerial in (None, managerial) and move.by & hats
    )


def may_edit(piece: Piece, state: str, hats: frozenset[Hat]) -> bool:
    """Whether somebody wearing ``hats`` may write ``piece`` of a form in ``state``."""
    states, by = EDITS[piece]
    return state in states and bool(by & hats)


def diagram() -> str:
    """The moves as a Mermaid state diagram, for the document; a test keeps the two the same."""
    lines = ["stateDiagram-v2", f"  [*] --> {S.TARGETS.value}"]
    for move in MOVES:
        who = ", ".join(sorted(hat.value for hat in move.by if hat is not Hat.SYSTEM))
        klass = {True: " (managerial)", False: " (non-managerial)", None: ""}[move.managerial]
        reason = ", with a reason" if move.needs_reason else ""
        lines.append(f"  {move.source.value} --> {move.target.value}: {move.name}{klass} by {who}{reason}")
    return "\n".join(lines)
