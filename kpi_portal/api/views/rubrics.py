"""The monitoring standard (A2): published versions for everybody; the draft for whoever may edit it."""

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.selectors.catalogue import every_incident_kind
from kpi_portal.api.filters.quality import RubricFilter
from kpi_portal.api.serializers import rubrics as serializers
from kpi_portal.api.serializers.fields import Nothing
from kpi_portal.api.views.base import Asked, act
from quality.models import Rubric
from quality.permissions import can_edit_rubric
from quality.selectors.rubrics import whole_rubrics
from quality.services import rubrics as services
from quality.states import RubricState

SHOWN = {200: serializers.RubricDetailSerializer}


class RubricViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, Asked):
    """Versions of the monitoring standard, the latest first."""

    model = Rubric
    serializer_class = serializers.RubricSerializer
    filterset_class = RubricFilter

    def visible(self) -> QuerySet[Rubric]:
        rows = whole_rubrics().order_by(F("starts_on").desc(nulls_first=True), "-pk")
        if not can_edit_rubric(self.standing):
            rows = rows.filter(state=RubricState.PUBLISHED)
        return rows.prefetch_related(None) if self.action == "list" else rows

    def get_serializer_class(self) -> type[serializers.RubricSerializer]:
        return serializers.RubricSerializer if self.action == "list" else serializers.RubricDetailSerializer

    @extend_schema(request=Nothing, responses={201: SHOWN[200]})
    def create(self, _request: Request) -> Response:
        """Begin the next version: a copy of the one in force. There is one draft at a time."""
        if not can_edit_rubric(self.standing):
            raise PermissionDenied
        self.told(Nothing)
        return self.shown(services.draft_rubric(by=self.person).pk, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.WriteRubricSerializer, responses=SHOWN)
    def update(self, _request: Request, **_key: str) -> Response:
        """Write the draft as a whole; 409 if somebody else has written it since ``seen``."""
        pk = self.get_object().pk
        kinds = {kind.code: kind for kind in every_incident_kind()}
        told = self.told(serializers.WriteRubricSerializer, incident_kinds=kinds)
        services.save_rubric(pk, serializers.facts_told(told), seen=told["seen"], by=self.person)
        return self.shown(pk)

    @extend_schema(request=serializers.PublishRubricSerializer, responses=SHOWN)
    @act()
    def publish(self, _request: Request, **_key: str) -> Response:
        """Put the draft in force for calls from a day on; it is never changed again."""
        pk, told = self.get_object().pk, self.told(serializers.PublishRubricSerializer)
        services.publish_rubric(pk, **told, by=self.person)
        return self.shown(pk)

    @extend_schema(responses={204: None})
    def destroy(self, _request: Request, **_key: str) -> Response:
        """Drop the draft; what it said stays in the audit."""
        services.discard_rubric(self.get_object().pk, by=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def shown(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """The version as it stands now."""
        return Response(self.get_serializer(self.get_queryset().get(pk=pk)).data, status=code)
