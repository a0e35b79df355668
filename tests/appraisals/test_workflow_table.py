"""The table of moves: every state is reached and left, and the drawing in the documents is the table."""

from pathlib import Path

import pytest

from appraisals.states import FormState
from appraisals.workflow import EDITS, MOVES, Hat, may_edit, moves_from
from appraisals.workflow import diagram as drawn

DOCUMENT = Path(__file__).parents[2] / "docs" / "workflow.md"


@pytest.mark.parametrize("state", FormState.values)
def test_every_state_is_reached_and_left(state):
    assert any(move.target == state for move in MOVES) or state == FormState.TARGETS
    assert any(move.source == state for move in MOVES)


@pytest.mark.parametrize("managerial", [True, False])
def test_a_form_of_either_class_can_be_filed(managerial):
    reached, frontier = {FormState.TARGETS}, [FormState.TARGETS]
    while frontier:
        state = frontier.pop()
        for move in moves_from(state, frozenset(Hat), managerial=managerial):
            if move.target not in reached:
                reached.add(move.target)
                frontier.append(move.target)

    assert FormState.FILED in reached
    assert (FormState.APPROVAL in reached) is not managerial


def test_going_back_always_asks_for_a_reason():
    order = {state: place for place, state in enumerate(FormState.values)}
    back = [move for move in MOVES if order[move.target] < order[move.source]]

    assert back
    assert all(move.needs_reason for move in back)


def test_the_duty_officer_never_writes_a_figure_or_a_score():
    for piece in EDITS:
        for state in FormState.values:
            assert not may_edit(piece, state, frozenset((Hat.DUTY, Hat.LEADER, Hat.HR, Hat.AUDITOR)))


def test_an_auditor_moves_nothing():
    assert not any(Hat.AUDITOR in move.by for move in MOVES)


def test_the_document_shows_the_table_as_it_is():
    assert drawn() in DOCUMENT.read_text(encoding="utf-8")
