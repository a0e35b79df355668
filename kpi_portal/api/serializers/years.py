"""The year as the API says it (P7.2), and the shapes in which it is told something."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from calibration.forms import MOST
from calibration.permissions import sees_bonuses
from calibration.selectors.year_lines import why_words
from kpi_portal.api.serializers.fields import Money, PersonNumber, Points, Told
from scoring.models import AnnualCorrection, AnnualResult, AnnualReview
from scoring.selectors.reports import YearRow
from scoring.states import ReviewState


class YearSerializer(serializers.ModelSerializer[AnnualReview]):
    """A reckoned year; ``completion`` is the company's rate in percent."""

    state = serializers.ChoiceField(choices=ReviewState.choices)
    completion = Points()

    class Meta:
        model = AnnualReview
        fields = ("year", "completion", "state", "revision", "closed_at", "locked_at", "published_at")


class YearRowSerializer(serializers.Serializer[Any]):
    """Somebody of the year. ``rank`` is null too where somebody of the pool is kept back from you, ``bonus`` (yuan)
    where it isn't yours to see; ``why`` says why somebody isn't graded."""

    id = serializers.IntegerField(source="result_id")
    number = serializers.CharField()
    name = serializers.CharField()
    region = serializers.CharField()
    position = serializers.CharField()
    pool = serializers.CharField()
    months = serializers.IntegerField()
    coefficient = Points(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)
    grade = serializers.CharField()
    computed_grade = serializers.CharField()
    is_undecided = serializers.BooleanField()
    bonus = serializers.SerializerMethodField()
    consequences = serializers.ListField(child=serializers.CharField())
    barred_by = serializers.ListField(child=serializers.CharField())
    why = serializers.SerializerMethodField()

    @extend_schema_field(Money(allow_null=True))
    def get_bonus(self, row: YearRow) -> str | None:
        seen = row.bonus is not None and sees_bonuses(self.context["standing"])
        return str(row.bonus) if seen else None

    def get_why(self, row: YearRow) -> str:
        return why_words(row.factors, row.months)


class OwnYearSerializer(serializers.ModelSerializer[AnnualResult]):
    """One's own published year; ``factors`` are those of the bonus: completion and coefficient in percent."""

    year = serializers.IntegerField(source="review.year")
    coefficient = Points(allow_null=True)
    bonus = Money(allow_null=True)
    consequences = serializers.ListField(child=serializers.CharField())
    factors = serializers.SerializerMethodField()

    class Meta:
        model = AnnualResult
        fields = ("year", "months", "coefficient", "grade", "bonus", "consequences", "factors")

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_factors(self, result: AnnualResult) -> dict[str, str]:
        names = ("completion", "factor", "base_salary")
        return {name: result.factors[name] for name in names if name in result.factors}


class CorrectionSerializer(serializers.ModelSerializer[AnnualCorrection]):
    """A published year corrected for one person; ``amount`` (yuan) is HR's to see."""

    number = serializers.CharField(source="result.employee.number")
    coefficient = Points(source="result.coefficient", allow_null=True)
    grade = serializers.CharField(source="result.grade")
    amount = serializers.SerializerMethodField()

    class Meta:
        model = AnnualCorrection
        fields = ("number", "coefficient", "grade", "amount", "reason", "at")

    @extend_schema_field(Money(allow_null=True))
    def get_amount(self, correction: AnnualCorrection) -> str | None:
        return str(correction.amount) if sees_bonuses(self.context["standing"]) else None


class ReckonSerializer(Told):
    """The company's completion rate in percent."""

    completion = serializers.DecimalField(max_digits=6, decimal_places=2, min_value=0, max_value=MOST)


class CorrectSerializer(Told):
    """Whose year is corrected and why; ``grade`` is left out where it stays."""

    employee = PersonNumber()
    grade = serializers.CharField(max_length=1, required=False)
    reason = serializers.CharField(max_length=300, allow_blank=True)
