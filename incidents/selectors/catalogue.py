"""Every entry of both standards, those out of use included: what was decided by them names them."""

from django.db.models import QuerySet

from incidents.models import BonusKind, EventRules, IncidentKind, Severity


def every_severity() -> QuerySet[Severity]:
    """From light to grave."""
    return Severity.objects.order_by("rank")


def every_incident_kind() -> QuerySet[IncidentKind]:
    """In the order of the standard, with the severity."""
    return IncidentKind.objects.select_related("severity").order_by("order", "code")


def every_bonus_kind() -> QuerySet[BonusKind]:
    """In the order of the standard, with the points: two statements."""
    return BonusKind.objects.prefetch_related("steps").order_by("order", "code")


def every_event_rules() -> QuerySet[EventRules]:
    """Every version, the earliest first."""
    return EventRules.objects.order_by("starts_on", "pk")
