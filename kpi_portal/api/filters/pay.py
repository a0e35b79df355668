"""How runs and lines of pay are narrowed."""

import django_filters

from kpi_portal.api.filters.fields import MonthFilter, WholeFilter
from scoring.models import PayLine, PayRun
from scoring.states import PayRunState


class PayRunFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By month and state."""

    month = MonthFilter(field_name="cycle__starts_on")
    state = django_filters.ChoiceFilter(choices=PayRunState.choices)

    class Meta:
        model = PayRun
        fields: tuple[str, ...] = ()


class PayLineFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By run, month and the person's number."""

    run = WholeFilter(field_name="run_id", label="The run's id")
    month = MonthFilter(field_name="run__cycle__starts_on")
    employee = django_filters.CharFilter(field_name="employee__number")

    class Meta:
        model = PayLine
        fields: tuple[str, ...] = ()
