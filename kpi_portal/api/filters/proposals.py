"""How proposals are narrowed."""

import django_filters

from kpi_portal.api.filters.fields import MonthFilter, year_filter
from scoring.models import Proposal
from scoring.states import ProposalState


class ProposalFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By the month or year it is of, the employee's number, rule and state."""

    month = MonthFilter(field_name="cycle__starts_on")
    year = year_filter("review__year")
    employee = django_filters.CharFilter(field_name="employee__number")
    rule = django_filters.CharFilter()
    state = django_filters.ChoiceFilter(choices=ProposalState.choices)

    class Meta:
        model = Proposal
        fields: tuple[str, ...] = ()
