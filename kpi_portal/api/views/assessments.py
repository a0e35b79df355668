"""Scorings of calls and objections to them (A2), as on their pages."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kpi_portal.api.serializers import assessments as serializers
from kpi_portal.api.serializers.fields import Nothing
from kpi_portal.api.views.base import Asked, act
from quality.models import Assessment, Call, Dispute, RubricItem
from quality.permissions import Ear, Lines, can_listen, can_view_assessment, visible_calls
from quality.selectors.assessments import open_disputes, ruled_disputes, whole_assessments
from quality.services import assessing, disputes

SHOWN = {200: serializers.AssessmentSerializer}


class Scorings(Asked):
    """Finds a scoring that the asker may see, whole."""

    @property
    def ear(self) -> Ear:
        return Ear(self.person, self.standing)

    def scoring(self, **wanted: Any) -> Assessment:
        """The scoring with that key, or of that objection; not there for whoever may not see it."""
        rows = whole_assessments().filter(call__in=visible_calls(self.ear))
        rows = rows.select_related("call__employee").prefetch_related("call__assessments")
        found: Assessment = self.found(rows, **wanted)
        if not can_view_assessment(self.ear, found):
            raise Http404
        return found

    def heard(self, pk: Any) -> Call:
        """A call that the asker may listen to; no other is there to be scored."""
        found: Call = self.found(visible_calls(self.ear).prefetch_related("assessments"), pk=pk)
        if not can_listen(self.ear, found, Lines.of([found])):
            raise Http404
        return found

    def shown(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """The scoring as it stands now."""
        context = self.get_serializer_context()
        return Response(serializers.AssessmentSerializer(self.scoring(pk=pk), context=context).data, status=code)


class AssessmentViewSet(Scorings):
    """Scorings: a draft is its listener's alone; who scores a call blind sees nothing of the first."""

    model = Assessment
    serializer_class = serializers.AssessmentSerializer
    field_names = {"fatal_note": "fatal", "comments": "notes"}

    def get_object(self) -> Assessment:
        return self.scoring(pk=self.kwargs["pk"])

    @extend_schema(responses=SHOWN)
    def retrieve(self, _request: Request, **_key: str) -> Response:
        """A scoring with its levels, notes and objections."""
        return self.shown(self.get_object().pk)

    @extend_schema(request=serializers.OpenAssessmentSerializer, responses=SHOWN)
    def create(self, _request: Request) -> Response:
        """Your draft of a call: the one you have, or a new one."""
        call = self.heard(self.told(serializers.OpenAssessmentSerializer)["call"])
        return self.shown(assessing.open_assessment(call.pk, by=self.person).pk)

    @extend_schema(request=serializers.WriteAssessmentSerializer, responses=SHOWN)
    def partial_update(self, _request: Request, **_key: str) -> Response:
        """Save your draft, whole or a single item of it; 409 if it was changed since ``version``."""
        draft = self.get_object()
        faults = {fault.code: fault for fault in draft.rubric.fatal_faults.all()}
        told = self.told(serializers.WriteAssessmentSerializer, items=_items(draft), faults=faults)
        assessing.save_sheet(draft.pk, entries=serializers.entries_told(told), by=self.person)
        return self.shown(draft.pk)

    @extend_schema(responses={204: None})
    def destroy(self, _request: Request, **_key: str) -> Response:
        """Put your own first draft away, so that somebody else may score the call."""
        assessing.discard_assessment(self.get_object().pk, by=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=Nothing, responses=SHOWN)
    @act()
    def submit(self, _request: Request, **_key: str) -> Response:
        """The total stands; a fatal fault is filed as an incident."""
        pk, _told = self.get_object().pk, self.told(Nothing)
        assessing.submit_assessment(pk, by=self.person)
        return self.shown(pk)

    @extend_schema(request=Nothing, responses=SHOWN)
    @act()
    def acknowledge(self, _request: Request, **_key: str) -> Response:
        """The agent has seen how his call was scored."""
        pk, _told = self._own().pk, self.told(Nothing)
        disputes.acknowledge_assessment(pk, by=self.person)
        return self.shown(pk)

    @extend_schema(request=serializers.RaiseDisputeSerializer, responses=SHOWN)
    @act()
    def dispute(self, _request: Request, **_key: str) -> Response:
        """The agent objects to an item, or (null) to the fatal fault."""
        scored = self._own()
        given = {score.item_id for score in scored.scores.all()}
        items = {pk: item for pk, item in _items(scored).items() if pk in given}
        told = self.told(serializers.RaiseDisputeSerializer, items=items)
        item = told["item"]
        disputes.raise_dispute(scored.pk, item.pk if item else None, reason=told["reason"], by=self.person)
        return self.shown(scored.pk)

    def _own(self) -> Assessment:
        """The scoring of a call of the asker's own; nobody speaks for another."""
        scored = self.get_object()
        if scored.call.employee_id != self.person.pk:
            raise Http404
        return scored


class DisputeViewSet(Scorings):
    """Objections that wait for your ruling, the oldest first."""

    model = Dispute
    serializer_class = serializers.DisputeSerializer

    @extend_schema(responses=serializers.DisputeSerializer(many=True))
    def list(self, _request: Request) -> Response:
        """Objections that wait for your ruling."""
        rows = open_disputes(self.ear)
        lines = Lines.of(one.assessment.call for one in rows)
        return self.paged(rows, serializers.DisputeSerializer, lines=lines)

    @extend_schema(responses=serializers.DisputeSerializer(many=True))
    @action(detail=False, methods=["get"], filterset_class=None)
    def ruled(self, _request: Request) -> Response:
        """The last rulings on calls of those you may rule about, the latest first."""
        rows = ruled_disputes(self.ear)
        lines = Lines.of(one.assessment.call for one in rows)
        return self.paged(rows, serializers.DisputeSerializer, lines=lines)

    @extend_schema(request=serializers.RuleDisputeSerializer, responses=SHOWN)
    @act()
    def rule(self, _request: Request, pk: str) -> Response:
        """Uphold it with the right level, dismiss it, or leave it to an appeal; answers with the scoring."""
        scored = self.scoring(disputes=pk)
        if scored.call.employee_id == self.person.pk:
            raise Http404
        told = self.told(serializers.RuleDisputeSerializer)
        if told.pop("is_referred"):
            disputes.refer_dispute(int(pk), ruling=told["ruling"], by=self.person)
        else:
            disputes.rule_dispute(int(pk), **told, by=self.person)
        return self.shown(scored.pk)


def _items(scored: Assessment) -> dict[int, RubricItem]:
    return {item.pk: item for item in scored.rubric.items.all()}
