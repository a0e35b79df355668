"""Incident records, bonus claims, and the standards they are judged by."""

from incidents.models.catalogue import BonusKind, BonusStep, EventRules, IncidentKind, Severity
from incidents.models.records import Bonus, CountedEvent, EventFile, Incident, Involvement

__all__ = [
    "Bonus",
    "BonusKind",
    "BonusStep",
    "CountedEvent",
    "EventFile",
    "EventRules",
    "Incident",
    "IncidentKind",
    "Involvement",
    "Severity",
]
