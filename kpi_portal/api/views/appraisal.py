"""People, cycles, forms, results and jobs: read only."""

from typing import Any

from django.db.models import QuerySet

from appraisals.models import Cycle, Form
from appraisals.permissions import hats_on, visible_forms
from appraisals.selectors.terms import all_cycles
from kpi_portal.api.filters import appraisal as filters
from kpi_portal.api.serializers import appraisal as serializers
from kpi_portal.api.views.base import ReadOnly
from people.models import Employee
from people.permissions import visible_employees
from reports.selectors.papers import paper_of
from scoring.models import Job, Result
from scoring.permissions import visible_jobs, visible_results


class EmployeeViewSet(ReadOnly):
    """People you may see: yourself, your direct reports, or everybody by your role."""

    model = Employee
    serializer_class = serializers.EmployeeSerializer
    filterset_class = filters.EmployeeFilter
    lookup_field = "number"
    lookup_value_regex = "[^/]+"

    def visible(self) -> QuerySet[Employee]:
        return visible_employees(self.person, self.standing).order_by("number")


class CycleViewSet(ReadOnly):
    """Months, quarters and years of appraisal, newest first."""

    model = Cycle
    serializer_class = serializers.CycleSerializer
    filterset_class = filters.CycleFilter

    def visible(self) -> QuerySet[Cycle]:
        _known = self.person  # everybody who is somebody
        return all_cycles()


class FormViewSet(ReadOnly):
    """Forms you may see; one by its id comes with its parts."""

    model = Form
    serializer_class = serializers.FormSerializer
    filterset_class = filters.FormFilter

    def visible(self) -> QuerySet[Form]:
        forms = visible_forms(self.person, self.standing)
        return forms.select_related("cycle__scheme", "employee", "region", "position", "owner").order_by("-pk")

    def get_serializer_class(self) -> type[serializers.FormSerializer]:
        return serializers.FormDetailSerializer if self.action == "retrieve" else serializers.FormSerializer

    def get_object(self) -> Form:
        form: Form = super().get_object()
        self.paper = paper_of(form, hats_on(form, self.person, self.standing), self.person.pk)
        return form

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"paper": getattr(self, "paper", None)}


class ResultViewSet(ReadOnly):
    """Results that hold now: your own once published, others' as you may see their forms."""

    model = Result
    serializer_class = serializers.ResultSerializer
    filterset_class = filters.ResultFilter

    def visible(self) -> QuerySet[Result]:
        results = visible_results(self.person, self.standing).filter(superseded_at__isnull=True)
        return results.select_related("cycle", "employee").order_by("-pk")


class JobViewSet(ReadOnly):
    """Long work you asked for, or of the months you answer for."""

    model = Job
    serializer_class = serializers.JobSerializer
    filterset_class = filters.JobFilter

    def visible(self) -> QuerySet[Job]:
        return visible_jobs(self.person, self.standing).order_by("-pk")
