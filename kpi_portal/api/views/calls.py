"""Calls (A2): registered one or many at once, drawn by the system, covered by the plan, as on their pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import RuleError
from common.uploads import check_sound
from kpi_portal.api.filters.fields import month_asked
from kpi_portal.api.filters.quality import CallFilter
from kpi_portal.api.parsers import body_and_files
from kpi_portal.api.schema import one_or_many
from kpi_portal.api.serializers import calls as serializers
from kpi_portal.api.serializers.fields import Nothing
from kpi_portal.api.serializers.files import AudioFormSerializer
from kpi_portal.api.views.assessments import SHOWN, Scorings
from kpi_portal.api.views.base import WITH_FILES, act
from people.selectors import employees_numbered
from quality.models import Call
from quality.permissions import can_draw, can_register, can_see_total, can_view_plan, visible_calls
from quality.selectors.assessments import first_draft
from quality.selectors.calls import month_mean
from quality.selectors.coverage import month_ends, plan_for
from quality.services.assessing import take_over_assessment
from quality.services.registering import CallDraft, attach_audio, register_calls
from quality.services.sampling import draw_calls

CALL, NEW = serializers.CallSerializer, serializers.RegisterCallSerializer
MONTH = OpenApiParameter("month", str, description="2026-10")
MEAN = [OpenApiParameter("employee", str, required=True), MONTH]


class CallViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, Scorings):
    """Calls you may see, latest first: your agents', and your own once they are scored."""

    model = Call
    serializer_class = serializers.CallSerializer
    filterset_class = CallFilter

    def visible(self) -> QuerySet[Call]:
        rows = visible_calls(self.ear).select_related("employee", "registered_by")
        return rows.prefetch_related("assessments__listener").order_by("-called_on", "-pk")

    @extend_schema(request=one_or_many("NewCalls", NEW), responses={201: one_or_many("Calls", CALL)})
    def create(self, request: Request) -> Response:
        """Register a call, or a list of them: all or none, every fault named. Each number can be registered once."""
        if not can_register(self.ear, timezone.localdate()):
            raise PermissionDenied
        many = isinstance(request.data, list)
        told = self.shaped(serializers.RegisterCallSerializer, request.data, many=many)
        calls = register_calls(_drafts(told if many else [told]), by=self.person)
        rows = self.get_queryset().filter(pk__in=[call.pk for call in calls]).order_by("pk")
        shown = self.get_serializer(rows, many=True).data
        return Response(shown if many else shown[0], status=status.HTTP_201_CREATED)

    @extend_schema(request=AudioFormSerializer, responses=serializers.CallSerializer)
    @act(parser_classes=WITH_FILES[1:])
    def audio(self, request: Request, **_key: str) -> Response:
        """Put a recording to a call until it has been scored by it: a form with one part ``audio``."""
        pk, (body, files) = self.get_object().pk, body_and_files(request, "audio")
        self.shaped(Nothing, body)
        if len(files) != 1:
            raise RuleError(_("选一个录音文件。"), code="no_file", field="audio")
        attach_audio(pk, audio=check_sound(files[0]), by=self.person)
        return Response(self.get_serializer(self.get_queryset().get(pk=pk)).data)

    @extend_schema(request=Nothing, responses=SHOWN)
    @act(url_path="take-over")
    def take_over(self, _request: Request, pk: str) -> Response:
        """Take over a first scoring that has lain for a day, and begin it anew. Answers with the scoring."""
        call, _told = self.heard(pk), self.told(Nothing)
        draft = first_draft(call)
        if draft is None or not self.ear.hears_all or not can_see_total(self.ear, call):
            raise Http404
        return self.shown(take_over_assessment(draft.pk, by=self.person).pk)

    @extend_schema(request=serializers.MonthSerializer, responses=serializers.DrawSerializer)
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def draw(self, _request: Request) -> Response:
        """Have a month's calls drawn, up to what the plan wants; the same again draws nothing."""
        month = self.told(serializers.MonthSerializer)["month"]
        if not can_draw(self.ear, *month_ends(month)):
            raise PermissionDenied
        return Response(serializers.DrawSerializer(draw_calls(month, by=self.person)).data)

    @extend_schema(parameters=[MONTH], responses=serializers.CoverageSerializer(many=True))
    @action(detail=False, methods=["get"], filterset_class=None)
    def coverage(self, request: Request) -> Response:
        """The sampling plan of a month, agent by agent; without ``month`` this one."""
        month = month_asked(request, "month", timezone.localdate())
        if not can_view_plan(self.ear, *month_ends(month)):
            raise PermissionDenied
        plan = plan_for(self.ear, month)
        return self.paged(plan.agents, serializers.CoverageSerializer)

    @extend_schema(parameters=MEAN, responses=serializers.MeanSerializer)
    @action(detail=False, methods=["get"], filterset_class=None, pagination_class=None)
    def mean(self, request: Request) -> Response:
        """An agent's figure of a month as a form has it, by his number; not there without a call that you may see."""
        month = month_asked(request, "month", timezone.localdate())
        found = month_mean(self.ear, request.query_params.get("employee", "")[:20], month)
        if found is None:
            raise Http404
        return Response(serializers.MeanSerializer(found).data)


def _drafts(told: list[dict[str, Any]]) -> list[CallDraft]:
    """As the service takes them. A number that nobody has goes on as nobody's: the refusal is that of a stranger's."""
    people = employees_numbered(one["employee"] for one in told)
    keys = {number: person.pk for number, person in people.items()}
    return [CallDraft(**(one | {"employee_id": keys.get(one.pop("employee"), 0)})) for one in told]
