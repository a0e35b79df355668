"""How incidents, bonus claims and their standards are narrowed."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from incidents.models import Bonus, BonusKind, Incident, IncidentKind
from incidents.permissions import Judge, visible_shares
from incidents.states import EventState
from kpi_portal.api.filters.fields import MonthFilter
from people.requests import person_of, standing_in


class BonusKindFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """Entries in use, or out of use."""

    is_active = django_filters.BooleanFilter()

    class Meta:
        model = BonusKind
        fields: tuple[str, ...] = ()


class IncidentKindFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """Entries in use, or out of use; of one severity."""

    is_active = django_filters.BooleanFilter()
    severity = django_filters.CharFilter(field_name="severity__code")

    class Meta:
        model = IncidentKind
        fields: tuple[str, ...] = ()


class BonusFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By state, month of the event, the person's number, the entry's code, and the claim's own number."""

    state = django_filters.ChoiceFilter(choices=EventState.choices)
    month = MonthFilter(field_name="occurred_on")
    employee = django_filters.CharFilter(field_name="employee__number")
    kind = django_filters.CharFilter(field_name="kind__code")
    number = django_filters.CharFilter()

    class Meta:
        model = Bonus
        fields: tuple[str, ...] = ()


class IncidentFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By state and person of a share you see, month of the incident, the entry's code, and the record's own number."""

    state = django_filters.ChoiceFilter(choices=EventState.choices, method="of_a_share")
    month = MonthFilter(field_name="occurred_on")
    employee = django_filters.CharFilter(method="of_a_share", label="The number of a person concerned")
    kind = django_filters.CharFilter(field_name="kind__code")
    number = django_filters.CharFilter()

    class Meta:
        model = Incident
        fields: tuple[str, ...] = ()

    def of_a_share(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """Left to ``filter_queryset``: both are asked of one share, and of one that is seen."""
        return rows

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with a share that is seen and answers to both."""
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        state, number = self.form.cleaned_data["state"], self.form.cleaned_data["employee"]
        if not state and not number:
            return rows
        shares = visible_shares(Judge(person_of(self.request), standing_in(self.request)))
        if number:
            shares = shares.filter(employee__number=number)
        if state:
            shares = shares.filter(state=state)
        return rows.filter(Exists(shares.filter(incident=OuterRef("pk"))))
