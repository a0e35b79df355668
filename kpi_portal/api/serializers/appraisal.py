"""What the API says of people, forms, results and jobs. ``null`` is: not there, or not yours to see."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appraisals.models import Cycle, Form
from appraisals.states import FormState
from kpi_portal.api.serializers.fields import Money, Points
from kpi_portal.api.serializers.people import PersonSerializer, PositionSerializer, RegionSerializer
from people.facts import Standing
from people.models import Employee
from people.permissions import can_view_pay_facts
from reports.selectors.papers import Paper
from scoring.models import Job, Result
from scoring.permissions import can_view_pay


class EmployeeSerializer(serializers.ModelSerializer[Employee]):
    """A person. ``grade`` and ``base_salary`` are HR's and one's own; else they are null."""

    region = RegionSerializer(allow_null=True)
    position = PositionSerializer(allow_null=True)
    grade = serializers.SerializerMethodField()
    base_salary = serializers.SerializerMethodField()

    class Meta:
        model = Employee
        fields = ("number", "name", "region", "position", "hired_on", "left_on", "grade", "base_salary")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_grade(self, employee: Employee) -> str | None:
        return employee.grade.name if employee.grade and self._sees_pay(employee) else None

    @extend_schema_field(Money(allow_null=True))
    def get_base_salary(self, employee: Employee) -> str | None:
        salary = employee.base_salary
        return None if salary is None or not self._sees_pay(employee) else str(salary)

    def _sees_pay(self, employee: Employee) -> bool:
        return can_view_pay_facts(self.context["person"], employee, self.context["standing"])


class CycleSerializer(serializers.ModelSerializer[Cycle]):
    """A month, quarter or year of appraisal and its terms (each ends at 24:00 of its day)."""

    key = serializers.CharField(read_only=True)
    scheme = serializers.CharField(source="scheme.version")

    class Meta:
        model = Cycle
        fields = (
            "id",
            "key",
            "kind",
            "starts_on",
            "ends_on",
            "scheme",
            "targets_due_on",
            "self_due_on",
            "data_due_on",
            "review_due_on",
            "publish_due_on",
        )


class FormSerializer(serializers.ModelSerializer[Form]):
    """A form's head and state."""

    cycle = serializers.CharField(source="cycle.key")
    employee = PersonSerializer()
    region = RegionSerializer()
    position = PositionSerializer()
    owner = PersonSerializer()
    state = serializers.ChoiceField(choices=FormState.choices)

    class Meta:
        model = Form
        fields = (
            "id",
            "cycle",
            "employee",
            "region",
            "position",
            "owner",
            "state",
            "version",
            "consolidated_at",
            "published_at",
            "filed_at",
        )


class ItemSerializer(serializers.Serializer[Any]):
    """A line of parts 1 to 4. Scores that you may not see yet are null."""

    name = serializers.CharField()
    standard = serializers.CharField()
    points = Points()
    applies = serializers.BooleanField()
    figure = serializers.DecimalField(max_digits=14, decimal_places=4, allow_null=True)
    unit = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the name is annex 1's
    collected_on = serializers.DateField(allow_null=True)
    self_score = Points(source="own", allow_null=True)
    review_score = Points(source="review", allow_null=True)
    upward_mean = Points(source="below", allow_null=True)
    score = Points(allow_null=True)


class PartSerializer(serializers.Serializer[Any]):
    """A part of the form: kpi, goal, behaviour or management."""

    code = serializers.CharField()
    points = Points()
    score = Points(allow_null=True)
    items = ItemSerializer(many=True, source="lines")


class EntrySerializer(serializers.Serializer[Any]):
    """A confirmed incident or bonus."""

    number = serializers.CharField()
    occurred_on = serializers.DateField()
    points = Points()
    text = serializers.CharField()


class FormDetailSerializer(FormSerializer):
    """A form with its parts: as the result froze them, or as they stand today."""

    is_final = serializers.SerializerMethodField()
    parts = serializers.SerializerMethodField()
    incidents = serializers.SerializerMethodField()
    bonuses = serializers.SerializerMethodField()

    class Meta(FormSerializer.Meta):
        fields = (*FormSerializer.Meta.fields, "is_final", "parts", "incidents", "bonuses")  # type: ignore[assignment]

    @property
    def _paper(self) -> Paper:
        paper: Paper = self.context["paper"]
        return paper

    @extend_schema_field(serializers.BooleanField)
    def get_is_final(self, _form: Form) -> bool:
        return self._paper.is_final

    @extend_schema_field(PartSerializer(many=True))
    def get_parts(self, _form: Form) -> Any:
        return PartSerializer(self._paper.parts, many=True).data

    @extend_schema_field(EntrySerializer(many=True))
    def get_incidents(self, _form: Form) -> Any:
        return EntrySerializer(self._paper.incidents, many=True).data

    @extend_schema_field(EntrySerializer(many=True))
    def get_bonuses(self, _form: Form) -> Any:
        return EntrySerializer(self._paper.bonuses, many=True).data


class PaySerializer(serializers.ModelSerializer[Result]):
    """What the result pays, yuan."""

    class Meta:
        model = Result
        fields = ("grade_name", "pay_cap", "performance_pay", "post_wage", "base_pay")


class ResultSerializer(serializers.ModelSerializer[Result]):
    """The result that holds now. ``pay`` is one's own and HR's; else it is null."""

    form = serializers.IntegerField(source="form_id")
    cycle = serializers.CharField(source="cycle.key")
    employee = PersonSerializer()
    pay = serializers.SerializerMethodField()

    class Meta:
        model = Result
        fields = (
            "id",
            "form",
            "cycle",
            "employee",
            "version",
            "digest",
            "kpi",
            "goal",
            "behaviour",
            "management",
            "deduction",
            "bonus",
            "full_marks",
            "score",
            "coefficient",
            "consolidated_at",
            "published_at",
            "pay",
        )

    @extend_schema_field(PaySerializer(allow_null=True))
    def get_pay(self, result: Result) -> Any:
        person: Employee = self.context["person"]
        standing: Standing = self.context["standing"]
        return PaySerializer(result).data if can_view_pay(person, result, standing) else None


class JobSerializer(serializers.ModelSerializer[Job]):
    """Long work: how far it is, and what it could not do."""

    cycle = serializers.CharField(source="cycle.key")
    requested_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "cycle",
            "state",
            "total",
            "done",
            "message",
            "requested_by",
            "requested_at",
            "finished_at",
        )
