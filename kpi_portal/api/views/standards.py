"""The incident and the bonus standard (P4.5, P4.6): read by everybody, changed by who keeps them (P5.2)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.models import BonusKind, EventRules, IncidentKind, Severity
from incidents.permissions import can_edit_standards
from incidents.selectors.catalogue import every_bonus_kind, every_event_rules, every_incident_kind, every_severity
from incidents.services import standards as services
from kpi_portal.api.filters import events as filters
from kpi_portal.api.serializers import standards as serializers
from kpi_portal.api.views.base import Asked, Shape, act


class Standard(mixins.RetrieveModelMixin, mixins.ListModelMixin, Asked):
    """Entries that everybody reads; a write is refused to who does not keep the standards."""

    lookup_field = "code"

    def told_by_keeper(self, shape: Shape, **context: Any) -> Any:
        """The body, of who may change the standards."""
        if not can_edit_standards(self.standing):
            raise PermissionDenied
        return self.told(shape, **context)

    def shown(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """The entry as it stands now."""
        return Response(self.get_serializer(self.get_queryset().get(pk=pk)).data, status=code)


class SeverityViewSet(Standard):
    """Severities, from light to grave."""

    model = Severity
    serializer_class = serializers.SeveritySerializer

    def visible(self) -> QuerySet[Severity]:
        return every_severity()

    @extend_schema(request=serializers.WriteSeveritySerializer, responses=serializers.SeveritySerializer)
    def update(self, _request: Request, **_key: str) -> Response:
        """Set its range of points; 409 if somebody else has since ``version``."""
        pk, told = self.get_object().pk, self.told_by_keeper(serializers.WriteSeveritySerializer)
        return self.shown(services.save_severity(pk, **told, by=self.person).pk)


class IncidentKindViewSet(Standard):
    """Entries of the incident standard, those out of use included."""

    model = IncidentKind
    serializer_class = serializers.IncidentKindSerializer
    filterset_class = filters.IncidentKindFilter

    def visible(self) -> QuerySet[IncidentKind]:
        return every_incident_kind()

    @extend_schema(request=serializers.NewIncidentKindSerializer, responses={201: serializers.IncidentKindSerializer})
    def create(self, _request: Request) -> Response:
        """Add an entry; its code is given."""
        return self._saved(None, serializers.NewIncidentKindSerializer, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.WriteIncidentKindSerializer, responses=serializers.IncidentKindSerializer)
    def update(self, _request: Request, **_key: str) -> Response:
        """Change an entry; 409 if somebody else has since ``version``."""
        return self._saved(self.get_object().pk, serializers.WriteIncidentKindSerializer, status.HTTP_200_OK)

    @extend_schema(request=serializers.SwitchSerializer, responses=serializers.IncidentKindSerializer)
    @act()
    def switch(self, _request: Request, **_key: str) -> Response:
        """Take an entry out of use, or back."""
        pk, told = self.get_object().pk, self.told_by_keeper(serializers.SwitchSerializer)
        return self.shown(services.switch_incident_kind(pk, **told, by=self.person).pk)

    def _saved(self, pk: int | None, shape: Shape, code: int) -> Response:
        told = self.told_by_keeper(shape, severities={one.code: one for one in every_severity()})
        version, severity = told.pop("version", None), told.pop("severity")
        facts = services.IncidentKindFacts(**told, severity_id=severity.pk)
        return self.shown(services.save_incident_kind(pk, facts=facts, version=version, by=self.person).pk, code)


class BonusKindViewSet(Standard):
    """Entries of the bonus standard with their points, those out of use included."""

    model = BonusKind
    serializer_class = serializers.BonusKindSerializer
    filterset_class = filters.BonusKindFilter

    def visible(self) -> QuerySet[BonusKind]:
        return every_bonus_kind()

    @extend_schema(request=serializers.NewBonusKindSerializer, responses={201: serializers.BonusKindSerializer})
    def create(self, _request: Request) -> Response:
        """Add an entry; its code is given."""
        return self._saved(None, serializers.NewBonusKindSerializer, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.WriteBonusKindSerializer, responses=serializers.BonusKindSerializer)
    def update(self, _request: Request, **_key: str) -> Response:
        """Change an entry; 409 if somebody else has since ``version``."""
        return self._saved(self.get_object().pk, serializers.WriteBonusKindSerializer, status.HTTP_200_OK)

    @extend_schema(request=serializers.SwitchSerializer, responses=serializers.BonusKindSerializer)
    @act()
    def switch(self, _request: Request, **_key: str) -> Response:
        """Take an entry out of use, or back."""
        pk, told = self.get_object().pk, self.told_by_keeper(serializers.SwitchSerializer)
        return self.shown(services.switch_bonus_kind(pk, **told, by=self.person).pk)

    def _saved(self, pk: int | None, shape: Shape, code: int) -> Response:
        told = self.told_by_keeper(shape)
        version = told.pop("version", None)
        steps = tuple(services.StepFacts(**step) for step in told.pop("steps"))
        facts = services.BonusKindFacts(**told, steps=steps)
        return self.shown(services.save_bonus_kind(pk, facts=facts, version=version, by=self.person).pk, code)


class EventRulesViewSet(Standard):
    """The rules around both standards, the earliest first; the last one begun is in force."""

    model = EventRules
    serializer_class = serializers.EventRulesSerializer
    lookup_field = "pk"

    def visible(self) -> QuerySet[EventRules]:
        return every_event_rules()

    @extend_schema(request=serializers.SetRulesSerializer, responses={201: serializers.EventRulesSerializer})
    def create(self, _request: Request) -> Response:
        """Set rules from a day on; those that were set are never changed."""
        told = self.told_by_keeper(serializers.SetRulesSerializer)
        seen, facts = told.pop("seen"), services.RulesFacts(**told)
        return self.shown(services.set_event_rules(facts, seen=seen, by=self.person).pk, status.HTTP_201_CREATED)
