"""The year (P7.2): reckon, read, publish, correct; and one's own. The same services and refusals as on the pages."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from calibration.permissions import can_correct_year, keeps_year, visible_own_years, visible_years
from calibration.selectors.yearly import results_of, rows_seen
from calibration.selectors.years import review_of
from calibration.services.correcting import correct_year
from calibration.services.publishing import publish_year
from kpi_portal.api.serializers import years as serializers
from kpi_portal.api.serializers.fields import Nothing
from kpi_portal.api.views.base import ReadOnly, act
from scoring.models import AnnualReview
from scoring.services.years import close_year, refresh_year
from scoring.states import ReviewState


class YearViewSet(ReadOnly):
    """Reckoned years, for HR and who answers for the year; before publication without yourself and your superiors."""

    model = AnnualReview
    serializer_class = serializers.YearSerializer
    http_method_names = ["get", "head", "post"]
    lookup_field = "year"
    lookup_value_regex = "[12][0-9]{3}"

    def visible(self) -> QuerySet[AnnualReview]:
        return visible_years(self.standing)

    @extend_schema(responses=serializers.YearRowSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def rows(self, _request: Request, **_key: str) -> Response:
        """Everybody of the year that you may see, by number; the bonus as the grade that stands leads to it."""
        seen = rows_seen(self.get_object(), self.person, self.standing)
        return self.paged(seen.rows, serializers.YearRowSerializer)

    @extend_schema(responses=serializers.OwnYearSerializer)
    @action(detail=True, filterset_class=None)
    def mine(self, _request: Request, year: str) -> Response:
        """Your own year, once it is published."""
        own = get_object_or_404(visible_own_years(self.person), review__year=int(year))
        return Response(serializers.OwnYearSerializer(own).data)

    @extend_schema(request=serializers.ReckonSerializer, responses={200: serializers.YearSerializer})
    @act()
    def reckon(self, _request: Request, year: str) -> Response:
        """Close the year, or, from the preview on, take in what was published since; the same again changes nothing."""
        self.refuse_stranger()
        review = review_of(int(year))
        is_open = review is None or review.state == ReviewState.PREPARING
        reckoned = (close_year if is_open else refresh_year)(
            int(year), completion=self.told(serializers.ReckonSerializer)["completion"], by=self.person
        )
        return Response(serializers.YearSerializer(reckoned).data)

    @extend_schema(request=Nothing, responses={200: serializers.YearSerializer})
    @act()
    def publish(self, _request: Request, year: str) -> Response:
        """Publish a locked year, once: everybody is told, proposals are made."""
        self.refuse_stranger()
        self.told(Nothing)
        return Response(serializers.YearSerializer(publish_year(int(year), by=self.person)).data)

    @extend_schema(request=serializers.CorrectSerializer, responses={200: serializers.CorrectionSerializer})
    @act()
    def correct(self, _request: Request, **_key: str) -> Response:
        """Take over what the months of one person say since the publication; the leader may raise the grade."""
        review, told = self.get_object(), self.told(serializers.CorrectSerializer)
        result = get_object_or_404(results_of(review), employee=told["employee"])
        if not can_correct_year(self.person, result, self.standing):
            raise PermissionDenied
        grade = told.get("grade", result.grade)
        correction = correct_year(result.pk, grade=grade, reason=told["reason"], by=self.person)
        shape = serializers.CorrectionSerializer(correction, context=self.get_serializer_context())
        return Response(shape.data)

    def refuse_stranger(self) -> None:
        """Only HR reckons and publishes."""
        if not keeps_year(self.standing):
            raise PermissionDenied
