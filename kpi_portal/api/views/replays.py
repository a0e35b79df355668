"""What-if (P8): ask what a version of the scheme would have changed, and read it; as on the pages."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from calibration.permissions import hidden_from, sees_bonuses
from calibration.selectors.replays import (
    FLAGS,
    people_in_sight,
    person_lines,
    rule_names,
    rules_before,
    schemes_to_try,
)
from kpi_portal.api.serializers import replays as serializers
from kpi_portal.api.views.base import Asked
from scoring.models import Replay
from scoring.permissions import can_ask_replay, reads_replays, visible_replays
from scoring.services.replaying import ask_replay


class ReplayViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, Asked):
    """What was asked so far, by whoever may ask, the newest first."""

    model = Replay
    serializer_class = serializers.ReplaySerializer

    def visible(self) -> QuerySet[Replay]:
        if not reads_replays(self.standing):
            raise PermissionDenied
        rows = visible_replays(self.standing).prefetch_related("jobs")
        return rows.defer("rules", "summary", "scheme__parameters") if self.action == "list" else rows

    def get_serializer_class(self) -> type[serializers.ReplaySerializer]:
        return serializers.ReplayAnswerSerializer if self.action == "retrieve" else serializers.ReplaySerializer

    @extend_schema(request=serializers.AskReplaySerializer, responses={201: serializers.ReplaySerializer})
    def create(self, _request: Request) -> Response:
        """Ask; the answer is reckoned in the background. The same question under way is returned, not asked twice."""
        if not can_ask_replay(self.standing):
            raise PermissionDenied
        told = self.told(serializers.AskReplaySerializer)
        scheme = self.found(schemes_to_try(self.standing), pk=told.pop("scheme"))
        job = ask_replay(scheme.pk, **told, by=self.person)
        made = self.get_queryset().get(pk=job.replay_id)
        return Response(serializers.ReplaySerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("kind", enum=list(FLAGS)), OpenApiParameter("text", str)],
        responses=serializers.MovedSerializer(many=True),
    )
    @action(detail=True, methods=["get"])
    def people(self, request: Request, **_key: str) -> Response:
        """Who would move, the greatest change first; nobody finds himself or his superiors."""
        found: Replay = self.get_object()
        asked = {name: request.query_params.get(name, "") for name in ("kind", "text")}
        rows = self.paginate_queryset(people_in_sight(found, hidden_from(self.person, self.standing), **asked)) or []
        names = rule_names(found, rules_before(found))
        lines = person_lines(rows, names, with_pay=sees_bonuses(self.standing))
        return self.get_paginated_response(serializers.MovedSerializer(lines, many=True).data)
