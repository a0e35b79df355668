"""The lists of the API: the rows a person may see, narrowed by filters, a page at a time; nothing can be written."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import mixins, viewsets

from appraisals.models import Cycle, Form
from appraisals.permissions import hats_on, visible_forms
from appraisals.selectors.terms import all_cycles
from kpi_portal.api import filters, serializers
from people.facts import Standing
from people.models import Employee
from people.permissions import visible_employees
from people.requests import person_of, standing_in
from reports.selectors.papers import paper_of
from scoring.models import Job, Result
from scoring.permissions import visible_jobs, visible_results


class ReadOnly(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Any]):
    """Reads by id and in pages. Another's row is not found, in lists as by its id.

    The person is read from the request once; an account without a person is refused.
    """

    http_method_names = ["get", "head", "options"]
    model: type[Any]

    @property
    def person(self) -> Employee:
        return person_of(self.request)

    @property
    def standing(self) -> Standing:
        return standing_in(self.request)

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn without a person
            empty: QuerySet[Any] = self.model._default_manager.none()
            return empty
        return self.visible()

    def visible(self) -> QuerySet[Any]:
        """The rows the person may see, in a fixed order."""
        raise NotImplementedError  # each list says whose rows it shows; none may fall back to all

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if not getattr(self, "swagger_fake_view", False):
            context |= {"person": self.person, "standing": self.standing}
        return context


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
        self.paper = paper_of(form, hats_on(form, self.person, self.standing))
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
