"""The incident and the bonus standard (P4.5, P4.6): what may be filed and what it costs or adds; read only."""

from django.db.models import QuerySet

from incidents.models import BonusKind, EventRules, IncidentKind, Severity
from incidents.selectors.catalogue import every_bonus_kind, every_event_rules, every_incident_kind, every_severity
from kpi_portal.api.filters import events as filters
from kpi_portal.api.serializers import standards as serializers
from kpi_portal.api.views.base import ReadOnly


class SeverityViewSet(ReadOnly):
    """Severities, from light to grave."""

    model = Severity
    serializer_class = serializers.SeveritySerializer
    lookup_field = "code"

    def visible(self) -> QuerySet[Severity]:
        return every_severity()


class IncidentKindViewSet(ReadOnly):
    """Entries of the incident standard, those out of use included."""

    model = IncidentKind
    serializer_class = serializers.IncidentKindSerializer
    filterset_class = filters.IncidentKindFilter
    lookup_field = "code"

    def visible(self) -> QuerySet[IncidentKind]:
        return every_incident_kind()


class BonusKindViewSet(ReadOnly):
    """Entries of the bonus standard with their points, those out of use included."""

    model = BonusKind
    serializer_class = serializers.BonusKindSerializer
    filterset_class = filters.BonusKindFilter
    lookup_field = "code"

    def visible(self) -> QuerySet[BonusKind]:
        return every_bonus_kind()


class EventRulesViewSet(ReadOnly):
    """The rules around both standards, the earliest first; the last one begun is in force."""

    model = EventRules
    serializer_class = serializers.EventRulesSerializer

    def visible(self) -> QuerySet[EventRules]:
        return every_event_rules()
