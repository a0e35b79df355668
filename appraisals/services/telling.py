"""Who is told of a form's step, and what; a step inside the move's own transaction."""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse

from appraisals.models import Form
from appraisals.states import FormState
from appraisals.workflow import Move
from notices.facts import quotable
from notices.log import Letter, tell_each
from people.facts import SystemActor
from people.models import Employee


class Word(NamedTuple):
    """The kind of message, whether the owner or the appraisee gets it, and the page it is about."""

    kind: str
    to_owner: bool
    page: str


TARGETS, FORM = "appraisals:targets", "appraisals:form"
TO_CONFIRM = Word("targets_to_confirm", False, TARGETS)
WORDS: dict[str, tuple[Word, ...]] = {
    "submit_targets": (TO_CONFIRM,),
    "approve_targets": (TO_CONFIRM, Word("targets_approved", True, TARGETS)),
    "return_targets": (Word("targets_returned", True, TARGETS),),
    "reopen_targets": (Word("targets_reopened", False, TARGETS),),
    "readjust_targets": (Word("targets_reopened", False, TARGETS),),
    "return_self": (Word("self_returned", False, FORM),),
    "return_review": (Word("review_returned", True, FORM),),
    "withdraw_publication": (Word("result_withdrawn", False, FORM), Word("result_reopened", True, FORM)),
}


def tell_of_moves(moved: Iterable[tuple[Form, Move]], *, by: Employee | SystemActor) -> None:
    """Tell owner or appraisee what a move means to him; whoever made it knows. One statement per kind of message."""
    letters: dict[str, list[Letter]] = {}
    actor = by.pk if isinstance(by, Employee) else None
    for form, move in moved:
        for word in WORDS.get(move.name, ()):
            recipient = form.owner_id if word.to_owner else form.employee_id
            if recipient == actor or (word is TO_CONFIRM and form.state != FormState.CONFIRMATION):
                continue
            detail = {"month": form.cycle.key} | ({"who": quotable(form.employee.name)} if word.to_owner else {})
            key = f"form:{form.pk}:{form.version}:{word.kind}"
            letters.setdefault(word.kind, []).append(Letter(recipient, reverse(word.page, args=[form.pk]), key, detail))
    for kind, told in letters.items():
        tell_each(told, kind)
