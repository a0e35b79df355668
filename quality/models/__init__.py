"""The monitoring standard, the calls, and what was made of them."""

from quality.models.calls import Assessment, AssessmentScore, Call, CallNote, Dispute
from quality.models.rubrics import FatalFault, Rubric, RubricItem, RubricLevel

__all__ = [
    "Assessment",
    "AssessmentScore",
    "Call",
    "CallNote",
    "Dispute",
    "FatalFault",
    "Rubric",
    "RubricItem",
    "RubricLevel",
]
