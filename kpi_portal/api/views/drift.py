"""Blind second scorings (A2): drawn by the system, and what the comparison says."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kpi_portal.api.filters.fields import month_asked
from kpi_portal.api.serializers import drift as serializers
from kpi_portal.api.serializers.calls import MonthSerializer
from kpi_portal.api.views.base import Asked
from quality.models import Assessment
from quality.permissions import Ear, can_draw_seconds, can_view_drift
from quality.selectors.drift import Span, has_listened, month_span, overview_of
from quality.services.seconds import draw_seconds

SPAN = [OpenApiParameter(name, str, description="2026-10") for name in ("from", "to")]


class DriftViewSet(Asked):
    """For whoever sees all scorings; a listener sees his own line."""

    model = Assessment
    serializer_class = serializers.DriftSerializer
    pagination_class = None

    @extend_schema(parameters=SPAN, responses=serializers.DriftSerializer)
    def overview(self, request: Request) -> Response:
        """First against second scorings of the calls of some months; without a span the last three."""
        ear = Ear(self.person, self.standing)
        if not can_view_drift(ear, has_listened=ear.sees_all or has_listened(ear.person)):
            raise PermissionDenied
        last = month_asked(request, "to", timezone.localdate())
        first = month_asked(request, "from", month_span(last, 3).first)
        span = Span(month_span(min(first, last)).first, month_span(max(first, last)).last)
        found = overview_of(span, ear.person, only_own=not ear.sees_all)
        return Response(serializers.DriftSerializer(found).data)

    @extend_schema(request=MonthSerializer, responses=serializers.SecondDrawSerializer)
    def draw(self, _request: Request) -> Response:
        """Have a share of every listener's calls of a month scored again, blind; the same again adds what is new."""
        if not can_draw_seconds(self.standing):
            raise PermissionDenied
        drawn = draw_seconds(self.told(MonthSerializer)["month"], by=self.person)
        given = [{"listener": name, "calls": calls} for name, calls in drawn.given.items()]
        return Response(serializers.SecondDrawSerializer({"given": given, "short": drawn.short}).data)
