"""How people, cycles, forms, results and jobs are narrowed."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from appraisals.models import Cycle, Form
from appraisals.states import CycleKind, FormState
from kpi_portal.api.filters.fields import WholeFilter, year_filter
from people.models import Employee
from scoring.models import Job, Result
from scoring.states import JobKind, JobState


class EmployeeFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By region, position, and part of the name or number."""

    region = django_filters.CharFilter(field_name="region__code")
    position = django_filters.CharFilter(field_name="position__code")
    search = django_filters.CharFilter(method="named", label="Part of the name or number")

    class Meta:
        model = Employee
        fields: tuple[str, ...] = ()

    def named(self, people: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return people.filter(Q(name__icontains=text) | Q(number__icontains=text))


class CycleFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By kind and year."""

    kind = django_filters.ChoiceFilter(choices=CycleKind.choices)
    year = year_filter("starts_on__year")

    class Meta:
        model = Cycle
        fields: tuple[str, ...] = ()


class FormFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By cycle, state, region, and the numbers of the appraisee and of the owner."""

    cycle = WholeFilter(field_name="cycle_id", label="The cycle's id")
    state = django_filters.ChoiceFilter(choices=FormState.choices)
    region = django_filters.CharFilter(field_name="region__code")
    employee = django_filters.CharFilter(field_name="employee__number")
    owner = django_filters.CharFilter(field_name="owner__number")

    class Meta:
        model = Form
        fields: tuple[str, ...] = ()


class ResultFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By cycle, region and the number of the appraisee."""

    cycle = WholeFilter(field_name="cycle_id", label="The cycle's id")
    region = django_filters.CharFilter(field_name="form__region__code")
    employee = django_filters.CharFilter(field_name="employee__number")

    class Meta:
        model = Result
        fields: tuple[str, ...] = ()


class JobFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By cycle, kind and state."""

    cycle = WholeFilter(field_name="cycle_id", label="The cycle's id")
    kind = django_filters.ChoiceFilter(choices=JobKind.choices)
    state = django_filters.ChoiceFilter(choices=JobState.choices)

    class Meta:
        model = Job
        fields: tuple[str, ...] = ()
