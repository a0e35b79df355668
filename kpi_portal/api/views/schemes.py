"""The scheme (P8, P9): approved versions for everybody, the others for who drafts, checks, approves or audits."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from appraisals.models import Scheme
from appraisals.permissions import can_draft_scheme, visible_schemes
from appraisals.selectors.scheme_diff import changes_between
from appraisals.selectors.schemes import replaced_by
from appraisals.services import schemes as services
from kpi_portal.api.filters.schemes import SchemeFilter
from kpi_portal.api.serializers import schemes as serializers
from kpi_portal.api.views.base import Asked, act

SHOWN = {200: serializers.SchemeDetailSerializer}


class SchemeViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, Asked):
    """Versions of the scheme, the latest first."""

    model = Scheme
    serializer_class = serializers.SchemeSerializer
    filterset_class = SchemeFilter

    def visible(self) -> QuerySet[Scheme]:
        rows = visible_schemes(self.standing).order_by("-effective_on", "-pk")
        return rows if self.action == "list" else rows.prefetch_related("steps__by")

    def get_serializer_class(self) -> type[serializers.SchemeSerializer]:
        return serializers.SchemeSerializer if self.action == "list" else serializers.SchemeDetailSerializer

    @extend_schema(request=serializers.DraftSchemeSerializer, responses={201: SHOWN[200]})
    def create(self, _request: Request) -> Response:
        """Begin a new version: a copy of another, with the next number and the first month that can be."""
        if not can_draft_scheme(self.standing):
            raise PermissionDenied
        based_on = self.told(serializers.DraftSchemeSerializer)["based_on"]
        source = self.found(self.get_queryset(), pk=based_on)
        return self.shown(services.draft_scheme(source.pk, by=self.person).pk, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.WriteSchemeSerializer, responses=SHOWN)
    def update(self, request: Request, **_key: str) -> Response:
        """Write a draft; what ``parameters`` does not name stays. 409 if it was saved since ``revision``."""
        pk = self.get_object().pk
        told = serializers.WriteSchemeSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        services.save_scheme(pk, told.changes(), revision=told.validated_data["revision"], by=self.person)
        return self.shown(pk)

    @extend_schema(
        parameters=[
            OpenApiParameter("against", str, description="A version's number; without it, the one it follows.")
        ],
        responses=serializers.ChangedChapterSerializer(many=True),
    )
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def diff(self, request: Request, **_key: str) -> Response:
        """What changes from another version to this one, in words and by chapter; nothing is left out."""
        scheme, asked = self.get_object(), request.query_params.get("against", "")
        old = self.get_queryset().filter(version=asked).first() if asked else replaced_by(scheme)
        if old is None:
            raise Http404
        return Response(serializers.ChangedChapterSerializer(changes_between(old, scheme), many=True).data)

    @extend_schema(request=serializers.SeenSerializer, responses=SHOWN)
    @act()
    def submit(self, _request: Request, **_key: str) -> Response:
        """Hand the draft over to be checked."""
        pk, told = self.get_object().pk, self.told(serializers.SeenSerializer)
        services.submit_scheme(pk, by=self.person, **told)
        return self.shown(pk)

    @extend_schema(request=serializers.SeenSerializer, responses=SHOWN)
    @act()
    def check(self, _request: Request, **_key: str) -> Response:
        """Check it: another member of the group, who did not write on it."""
        pk, told = self.get_object().pk, self.told(serializers.SeenSerializer)
        services.check_scheme(pk, by=self.person, **told)
        return self.shown(pk)

    @extend_schema(request=serializers.SeenSerializer, responses=SHOWN)
    @act()
    def approve(self, _request: Request, **_key: str) -> Response:
        """Put it in force from its day on; it is never changed again."""
        pk, told = self.get_object().pk, self.told(serializers.SeenSerializer)
        services.approve_scheme(pk, by=self.person, **told)
        return self.shown(pk)

    @extend_schema(request=serializers.ReturnSerializer, responses=SHOWN)
    @act(url_path="return", url_name="return")
    def send_back(self, _request: Request, **_key: str) -> Response:
        """Send it back to be changed, with a reason."""
        pk, told = self.get_object().pk, self.told(serializers.ReturnSerializer)
        services.return_scheme(pk, reason=told["reason"], by=self.person)
        return self.shown(pk)

    @extend_schema(request=serializers.ReturnSerializer, responses=SHOWN)
    @act()
    def withdraw(self, _request: Request, **_key: str) -> Response:
        """Drop a version that is not approved, with a reason."""
        pk, told = self.get_object().pk, self.told(serializers.ReturnSerializer)
        services.withdraw_scheme(pk, reason=told["reason"], by=self.person)
        return self.shown(pk)

    def shown(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """The version as it stands now."""
        return Response(serializers.SchemeDetailSerializer(self.get_queryset().get(pk=pk)).data, status=code)
