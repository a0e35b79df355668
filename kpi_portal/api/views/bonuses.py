"""Bonus claims (P4.6): raised, checked twice, turned down, withdrawn or overturned, as on their pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.models import Bonus
from incidents.permissions import Judge, Superiors, visible_bonuses
from incidents.selectors.claims import kinds_to_raise
from incidents.services import bonuses as services
from kpi_portal.api.filters.events import BonusFilter
from kpi_portal.api.serializers import bonuses as serializers
from kpi_portal.api.serializers.fields import Nothing, Reason
from kpi_portal.api.serializers.files import FilesSerializer, with_files
from kpi_portal.api.views.base import WITH_FILES, Asked, act, checked

SHOWN = {200: serializers.BonusDetailSerializer}


class BonusViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, Asked):
    """Bonus claims you may see, latest first."""

    model = Bonus
    serializer_class = serializers.BonusSerializer
    filterset_class = BonusFilter
    parser_classes = WITH_FILES
    field_names = {"text": "grounds", "same": "same_event_as"}

    def visible(self) -> QuerySet[Bonus]:
        rows = visible_bonuses(Judge(self.person, self.standing)).order_by("-occurred_on", "-pk")
        return rows if self.action == "list" else rows.prefetch_related("files__uploaded_by")

    def get_serializer_class(self) -> type[serializers.BonusSerializer]:
        return serializers.BonusSerializer if self.action == "list" else serializers.BonusDetailSerializer

    def get_serializer(self, rows: Any = None, **options: Any) -> Any:
        """Who stood above whom is read for all rows at once."""
        if not self.is_drawn:
            above = Superiors.of(rows if options.get("many") else [rows])
            options["context"] = self.get_serializer_context() | {"above": above}
        return self.get_serializer_class()(rows, **options)

    @extend_schema(request=with_files(serializers.RaiseBonusSerializer), responses={201: SHOWN[200]})
    def create(self, _request: Request) -> Response:
        """Raise a claim: for yourself, a colleague or somebody you lead."""
        kinds = {kind.code: kind for kind in kinds_to_raise()}
        told, files = self.told_with_files(serializers.RaiseBonusSerializer, bonus_kinds=kinds)
        draft = services.BonusDraft(
            employee_id=told["employee"].pk,
            kind_id=told["kind"].pk,
            step_id=told["step"],
            occurred_on=told["occurred_on"],
            grounds=told["grounds"],
            same_event_as=told["same_event_as"],
            files=checked(files),
        )
        raised = services.raise_bonus(draft, by=self.person)
        return self.shown(raised.pk, status.HTTP_201_CREATED)

    @extend_schema(request=FilesSerializer, responses=SHOWN)
    @act(url_path="add-files", parser_classes=WITH_FILES[1:])
    def add_files(self, _request: Request, **_key: str) -> Response:
        """More evidence for a claim that is not decided yet: a form with parts ``files``."""
        pk, (_told, files) = self.get_object().pk, self.told_with_files(Nothing)
        services.add_bonus_files(pk, files=checked(files), by=self.person)
        return self.shown(pk)

    @extend_schema(request=Nothing, responses=SHOWN)
    @act(url_path="first-check")
    def first_check(self, _request: Request, **_key: str) -> Response:
        """The grounds meet the standard: neither the person's own nor yours to raise."""
        pk, _told = self.get_object().pk, self.told(Nothing)
        services.first_check_bonus(pk, by=self.person)
        return self.shown(pk)

    @extend_schema(request=Nothing, responses=SHOWN)
    @act(url_path="second-check")
    def second_check(self, _request: Request, **_key: str) -> Response:
        """The direct superior of the day confirms: now it counts."""
        pk, _told = self.get_object().pk, self.told(Nothing)
        services.second_check_bonus(pk, by=self.person)
        return self.shown(pk)

    @extend_schema(request=Reason, responses=SHOWN)
    @act()
    def reject(self, _request: Request, **_key: str) -> Response:
        """Turn it down: whoever checks it next, or the direct superior."""
        pk, told = self.get_object().pk, self.told(Reason)
        services.reject_bonus(pk, reason=told["reason"], by=self.person)
        return self.shown(pk)

    @extend_schema(request=Reason, responses=SHOWN)
    @act()
    def withdraw(self, _request: Request, **_key: str) -> Response:
        """Take it back before it is decided: the person, or who raised it."""
        pk, told = self.get_object().pk, self.told(Reason)
        services.withdraw_bonus(pk, reason=told["reason"], by=self.person)
        return self.shown(pk)

    @extend_schema(request=Reason, responses=SHOWN)
    @act()
    def overturn(self, _request: Request, **_key: str) -> Response:
        """A confirmed one should not count, and is in no month yet."""
        pk, told = self.get_object().pk, self.told(Reason)
        services.overturn_bonus(pk, reason=told["reason"], by=self.person)
        return self.shown(pk)

    @extend_schema(request=serializers.JoinEventSerializer, responses=SHOWN)
    @act(url_path="join-event")
    def join_event(self, _request: Request, **_key: str) -> Response:
        """Say that it is about the same event as another claim of the person, or (null) that it is not."""
        pk, told = self.get_object().pk, self.told(serializers.JoinEventSerializer)
        services.join_event(pk, told["other"], by=self.person)
        return self.shown(pk)

    def shown(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """The claim as it stands now."""
        return Response(self.get_serializer(self.get_queryset().get(pk=pk)).data, status=code)
