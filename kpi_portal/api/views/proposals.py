"""Proposals, decisions on them and the checklists of the grave ones (P7.1, P7.2), as on their pages."""

from collections.abc import Callable

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from consequences.models import CheckItem, Decision
from consequences.permissions import Reader, visible_checks, visible_counters, visible_decisions, visible_proposals
from consequences.selectors.case import decision_for
from consequences.selectors.counters import last_month, standings
from consequences.services import approving, checking, deciding, reporting, undoing
from kpi_portal.api.filters.proposals import ProposalFilter
from kpi_portal.api.serializers import proposals as serializers
from kpi_portal.api.serializers.fields import Nothing
from kpi_portal.api.serializers.files import with_files
from kpi_portal.api.views.base import WITH_FILES, Asked, act, checked
from people.models import Employee
from scoring.models import Proposal

SHOWN = {200: serializers.DecisionDetailSerializer}


class Cases(Asked):
    """Answers with a decision as the asker sees it; what he does not see is not there."""

    def reader(self) -> Reader:
        """Who asks."""
        return Reader(self.person, self.standing)

    def shown(self, pk: int) -> Response:
        """The decision as it stands now, or nothing if it was dropped from sight."""
        found = decision_for(self.reader(), pk)
        if found is None:
            raise Http404
        return Response(serializers.DecisionDetailSerializer(found, context=self.get_serializer_context()).data)


class ProposalViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, Cases):
    """Proposals you may see, the newest first: of the desk all, of oneself those with a decision."""

    model = Proposal
    serializer_class = serializers.ProposalSerializer
    filterset_class = ProposalFilter

    def visible(self) -> QuerySet[Proposal]:
        decisions = Prefetch("decisions", queryset=visible_decisions(self.reader()))
        return visible_proposals(self.reader()).prefetch_related(decisions).order_by("-pk")

    @extend_schema(request=serializers.DecideSerializer, responses=SHOWN)
    @act()
    def decide(self, _request: Request, **_key: str) -> Response:
        """Decide what nobody has decided: it holds at once, or opens a case for a checklist or an approval."""
        pk, told = self.get_object().pk, self.told(serializers.DecideSerializer)
        decision = deciding.decide_proposal(pk, deciding.Verdict(**told), by=self.person)
        return self.shown(decision.pk)

    @extend_schema(request=serializers.CareerReportSerializer, responses={200: serializers.CareerReportSerializer})
    @act(url_path="career-report")
    def career_report(self, _request: Request, **_key: str) -> Response:
        """The department's manager reports on who was excellent two years running; HR decides with it."""
        pk, told = self.get_object().pk, self.told(serializers.CareerReportSerializer)
        report = reporting.report_career(pk, text=told["text"], by=self.person)
        return Response({"text": report.text})


class DecisionViewSet(Cases):
    """A decision and what is done with it."""

    model = Decision
    serializer_class = serializers.DecisionDetailSerializer

    def visible(self) -> QuerySet[Decision]:
        return visible_decisions(self.reader())

    def retrieve(self, _request: Request, **_key: str) -> Response:
        """With its checklist, for those on the desk."""
        return self.shown(self.seen())

    @extend_schema(request=serializers.SeenVersionSerializer, responses=SHOWN)
    @act()
    def approve(self, _request: Request, **_key: str) -> Response:
        """Approve a finished case: then it holds."""
        pk, told = self.seen(), self.told(serializers.SeenVersionSerializer)
        approving.approve_decision(pk, by=self.person, **told)
        return self.shown(pk)

    @extend_schema(request=serializers.WhySerializer, responses=SHOWN)
    @act()
    def drop(self, _request: Request, **_key: str) -> Response:
        """End a case that does not hold yet."""
        return self._why(approving.drop_decision)

    @extend_schema(request=serializers.WhySerializer, responses=SHOWN)
    @act()
    def undo(self, _request: Request, **_key: str) -> Response:
        """Take back what is in force."""
        return self._why(undoing.undo_decision)

    @extend_schema(request=serializers.WhySerializer, responses=SHOWN)
    @act()
    def keep(self, _request: Request, **_key: str) -> Response:
        """Leave it standing though a correction took its ground away."""
        return self._why(undoing.keep_decision)

    @extend_schema(request=serializers.LastDaySerializer, responses=SHOWN)
    @act(url_path="last-day")
    def last_day(self, _request: Request, **_key: str) -> Response:
        """Another last day of a dismissal that is prepared."""
        pk, told = self.seen(), self.told(serializers.LastDaySerializer)
        checking.set_last_day(pk, by=self.person, **told)
        return self.shown(pk)

    @extend_schema(request=serializers.OwnWordsSerializer, responses=SHOWN)
    @act()
    def state(self, _request: Request, **_key: str) -> Response:
        """Say what you have to say to a case about yourself."""
        pk, told = self.seen(), self.told(serializers.OwnWordsSerializer)
        checking.state_own_words(pk, by=self.person, **told)
        return self.shown(pk)

    @extend_schema(request=Nothing, responses=SHOWN)
    @act()
    def read(self, _request: Request, **_key: str) -> Response:
        """Note that you have read your letter."""
        pk, _told = self.seen(), self.told(Nothing)
        undoing.note_letter_read(pk, by=self.person)
        return self.shown(pk)

    def seen(self) -> int:
        """The id asked for, if the asker sees that decision."""
        found = decision_for(self.reader(), self.get_object().pk)
        if found is None:
            raise Http404
        return found.pk

    def _why(self, do: Callable[..., object]) -> Response:
        pk, told = self.seen(), self.told(serializers.WhySerializer)
        do(pk, by=self.person, **told)
        return self.shown(pk)


class CheckViewSet(Cases):
    """A point of a checklist."""

    model = CheckItem
    serializer_class = serializers.CheckItemSerializer

    def visible(self) -> QuerySet[CheckItem]:
        return visible_checks(self.reader())

    @extend_schema(request=with_files(serializers.FindingSerializer), responses=SHOWN)
    @act(parser_classes=WITH_FILES)
    def write(self, _request: Request, **_key: str) -> Response:
        """Write what was found, bring files, sign."""
        item = self.get_object()
        told, files = self.told_with_files(serializers.FindingSerializer)
        finding = checking.Finding(
            note=told["note"], signed_for=told["signed_for"], is_signed=told["sign"], files=checked(files)
        )
        checking.save_check(item.pk, finding, version=told["version"], by=self.person)
        return self.shown(item.decision_id)

    @extend_schema(request=serializers.WhySerializer, responses=SHOWN)
    @act()
    def reopen(self, _request: Request, **_key: str) -> Response:
        """Take a signature back."""
        item, told = self.get_object(), self.told(serializers.WhySerializer)
        checking.take_signature_back(item.pk, by=self.person, **told)
        return self.shown(item.decision_id)


class CounterViewSet(Asked):
    """Where people stand with the rules of P7.1: yourself, those you own, all for the desk; by number."""

    model = Employee
    serializer_class = serializers.CounterSerializer
    http_method_names = ["get", "head"]

    def visible(self) -> QuerySet[Employee]:
        return visible_counters(Reader(self.person, self.standing), timezone.localdate()).order_by("number")

    @extend_schema(
        parameters=[OpenApiParameter("employee", str, description="E0105")],
        responses=serializers.CounterSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Counters at the end of the newest published month; nobody is listed before there is one."""
        month, number = last_month(), request.query_params.get("employee", "")
        people = self.get_queryset() if month else self.get_queryset().none()
        found = self.paginate_queryset(people.filter(number=number) if number else people)
        rows = standings(found or (), month) if month else []
        return self.get_paginated_response(serializers.CounterSerializer(rows, many=True).data)
