"""Results, what follows from them, what is paid, the duty officer's month, the year, long work."""

from scoring.models.duty import CheckRun, Document, Finding, Nudge
from scoring.models.jobs import Job
from scoring.models.pay import ExtraPay, PayDifference, PayLine, PayRun
from scoring.models.proposals import Proposal
from scoring.models.replays import Replay, ReplayLine, ReplayPerson
from scoring.models.results import Result, Signature
from scoring.models.years import AnnualCorrection, AnnualResult, AnnualReview, PastGrade

__all__ = [
    "AnnualCorrection",
    "AnnualResult",
    "AnnualReview",
    "CheckRun",
    "Document",
    "ExtraPay",
    "Finding",
    "Job",
    "Nudge",
    "PastGrade",
    "PayDifference",
    "PayLine",
    "PayRun",
    "Proposal",
    "Replay",
    "ReplayLine",
    "ReplayPerson",
    "Result",
    "Signature",
]
