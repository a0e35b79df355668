"""Every term that runs, extended together when the calendar gets a new day off; none is ever shortened (P6.3)."""

from typing import NamedTuple

from appeals.services.terms import extend_appeal_terms
from appraisals.services.steps import Actor
from appraisals.services.terms import extend_cycle_terms
from development.services.terms import extend_interview_terms
from incidents.services.terms import extend_statement_terms
from quality.services.terms import extend_dispute_terms
from scoring.services.terms import extend_result_terms


class Extended(NamedTuple):
    """What got more time: cycles by their keys, results, appeals, and views on incidents with disputes of calls.

    An interview's term is its result's, and is counted there.
    """

    cycles: list[str]
    results: int
    appeals: int
    others: int


def extend_all_terms(*, by: Actor) -> Extended:
    """Each room its own, one after the other; twice changes nothing. What follows a result's term comes after it."""
    found = Extended(
        cycles=extend_cycle_terms(by=by),
        results=extend_result_terms(by=by),
        appeals=extend_appeal_terms(by=by),
        others=extend_statement_terms(by=by) + extend_dispute_terms(by=by),
    )
    extend_interview_terms(by=by)
    return found
