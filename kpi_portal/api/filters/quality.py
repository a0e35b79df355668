"""How versions of the monitoring standard, calls and scorings are narrowed."""

import django_filters

from kpi_portal.api.filters.fields import MonthFilter
from quality.models import Call, Rubric
from quality.states import DrawnWhy, RubricState


class RubricFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By state and name of the version."""

    state = django_filters.ChoiceFilter(choices=RubricState.choices)
    version = django_filters.CharFilter()

    class Meta:
        model = Rubric
        fields: tuple[str, ...] = ()


class CallFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By month, the agent's number, the call's own, why it was drawn, whether it is a complaint, has been scored."""

    month = MonthFilter(field_name="called_on")
    employee = django_filters.CharFilter(field_name="employee__number")
    number = django_filters.CharFilter()
    drawn_why = django_filters.ChoiceFilter(choices=DrawnWhy.choices)
    is_complaint = django_filters.BooleanFilter()
    is_scored = django_filters.BooleanFilter(field_name="total", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Call
        fields: tuple[str, ...] = ()
