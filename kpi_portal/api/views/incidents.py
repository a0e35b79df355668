"""Incident records and the shares in them (P4.5): filed, answered, verified, taken back, as on their pages."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.models import Incident, Involvement
from incidents.permissions import Judge, Superiors, visible_incidents, visible_shares
from incidents.selectors.records import incident_with_shares, record_view
from incidents.selectors.rules import kinds_to_file
from incidents.services import deciding, filing
from kpi_portal.api.filters.events import IncidentFilter
from kpi_portal.api.serializers import incidents as serializers
from kpi_portal.api.serializers.fields import Nothing, Reason
from kpi_portal.api.serializers.files import FilesSerializer, with_files
from kpi_portal.api.views.base import WITH_FILES, Asked, act, checked

SHOWN = {200: serializers.IncidentDetailSerializer}


class Records(Asked):
    """Answers with a record as the asker sees it."""

    def shown(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """The record as it stands now; not there for whoever sees nothing of it."""
        incident = incident_with_shares(pk)
        record = None if incident is None else record_view(Judge(self.person, self.standing), incident)
        if record is None:
            raise Http404
        context = self.get_serializer_context() | {"record": record}
        return Response(serializers.IncidentDetailSerializer(record.incident, context=context).data, status=code)


class IncidentViewSet(mixins.ListModelMixin, Records):
    """Incident records you may see, latest first."""

    model = Incident
    serializer_class = serializers.IncidentSerializer
    filterset_class = IncidentFilter
    parser_classes = WITH_FILES
    field_names = {"text": "description"}

    def visible(self) -> QuerySet[Incident]:
        rows = visible_incidents(Judge(self.person, self.standing))
        shares = "involvements__employee", "involvements__severity", "involvements__verified_by"
        return rows.prefetch_related(*shares).order_by("-occurred_on", "-pk")

    def get_serializer(self, rows: Any = None, **options: Any) -> Any:
        """Who stood above whom is read for all rows at once."""
        if not self.is_drawn:
            above = Superiors.of(share for one in rows for share in one.involvements.all())
            options["context"] = self.get_serializer_context() | {"above": above}
        return self.serializer_class(rows, **options)

    @extend_schema(responses=SHOWN)
    def retrieve(self, _request: Request, **_key: str) -> Response:
        """A record with its files; of each person's share what is yours to see."""
        return self.shown(self.get_object().pk)

    @extend_schema(request=with_files(serializers.FileIncidentSerializer), responses={201: SHOWN[200]})
    def create(self, _request: Request) -> Response:
        """File what went wrong: anybody may; it counts once somebody neutral has confirmed it."""
        kinds = {kind.code: kind for kind in kinds_to_file()}
        told, files = self.told_with_files(serializers.FileIncidentSerializer, incident_kinds=kinds)
        draft = filing.IncidentDraft(
            kind_id=told["kind"].pk,
            occurred_on=told["occurred_on"],
            occurred_time=told["occurred_time"],
            place=told["place"],
            description=told["description"],
            found_by_id=told["found_by"].pk if told["found_by"] else None,
            people=tuple(filing.Share(one["employee"].pk, one["points"]) for one in told["people"]),
            files=checked(files),
        )
        return self.shown(filing.file_incident(draft, by=self.person).pk, status.HTTP_201_CREATED)

    @extend_schema(request=FilesSerializer, responses=SHOWN)
    @act(url_path="add-files", parser_classes=WITH_FILES[1:])
    def add_files(self, _request: Request, **_key: str) -> Response:
        """More evidence while something of the record is undecided: a form with parts ``files``."""
        pk, (_told, files) = self.get_object().pk, self.told_with_files(Nothing)
        filing.add_incident_files(pk, files=checked(files), by=self.person)
        return self.shown(pk)

    @extend_schema(request=Reason, responses=SHOWN)
    @act()
    def withdraw(self, _request: Request, **_key: str) -> Response:
        """Take a record back while nothing of it is confirmed; it stays in the ledger."""
        pk, told = self.get_object().pk, self.told(Reason)
        filing.withdraw_incident(pk, reason=told["reason"], by=self.person)
        return self.shown(pk)


class InvolvementViewSet(Records):
    """What is done with one person's share in a record; each answers with the record."""

    model = Involvement
    serializer_class = serializers.ShareDetailSerializer
    field_names = {"statement": "text"}

    def visible(self) -> QuerySet[Involvement]:
        return visible_shares(Judge(self.person, self.standing)).order_by("pk")

    @extend_schema(request=serializers.StateViewSerializer, responses=SHOWN)
    @act()
    def state(self, _request: Request, **_key: str) -> Response:
        """The person concerned says what he has to say, or that he has nothing."""
        share, told = self.get_object(), self.told(serializers.StateViewSerializer)
        filing.state_view(share.pk, text=told["text"], by=self.person)
        return self.shown(share.incident_id)

    @extend_schema(request=serializers.ConfirmSerializer, responses=SHOWN)
    @act()
    def confirm(self, _request: Request, **_key: str) -> Response:
        """It happened and is this person's: by a verifier, once the view is in or its term is over."""
        share, told = self.get_object(), self.told(serializers.ConfirmSerializer)
        deciding.confirm_involvement(share.pk, points=told["points"], reason=told["reason"], by=self.person)
        return self.shown(share.incident_id)

    @extend_schema(request=Reason, responses=SHOWN)
    @act()
    def reject(self, _request: Request, **_key: str) -> Response:
        """It did not happen so, or is not this person's: by a verifier, at any time."""
        share, told = self.get_object(), self.told(Reason)
        deciding.reject_involvement(share.pk, reason=told["reason"], by=self.person)
        return self.shown(share.incident_id)

    @extend_schema(request=serializers.ConfirmSerializer, responses=SHOWN)
    @act()
    def rejudge(self, _request: Request, **_key: str) -> Response:
        """Judge a confirmed one anew whose time changed because one before it was decided later (``is_outdated``)."""
        share, told = self.get_object(), self.told(serializers.ConfirmSerializer)
        deciding.rejudge_involvement(share.pk, points=told["points"], reason=told["reason"], by=self.person)
        return self.shown(share.incident_id)

    @extend_schema(request=Reason, responses=SHOWN)
    @act()
    def overturn(self, _request: Request, **_key: str) -> Response:
        """Undo a confirmation that no consolidated form has counted."""
        share, told = self.get_object(), self.told(Reason)
        deciding.overturn_involvement(share.pk, reason=told["reason"], by=self.person)
        return self.shown(share.incident_id)
