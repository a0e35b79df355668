"""Which scheme is in force, and its numbers as the policy core reads them."""

from datetime import date

from django.db.models import QuerySet

from appraisals.models import Scheme
from appraisals.states import SchemeState
from policy.schemes import Scheme as Rules


def scheme_in_force(day: date) -> Scheme | None:
    """The approved version in force on ``day`` (P8, P9): the latest that had taken effect."""
    approved = Scheme.objects.filter(state=SchemeState.APPROVED, effective_on__lte=day)
    return approved.order_by("-effective_on", "-pk").first()


def all_schemes() -> QuerySet[Scheme]:
    """Every version, newest first."""
    return Scheme.objects.order_by("-effective_on", "-pk")


def rules_of(scheme: Scheme) -> Rules:
    """The numbers of a version; ``PolicyError`` if the record was spoilt."""
    return Rules.from_dict(scheme.parameters)
