"""How versions of the scheme are narrowed."""

import django_filters

from appraisals.models import Scheme
from appraisals.states import SchemeState


class SchemeFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """By state and number of the version."""

    state = django_filters.ChoiceFilter(choices=SchemeState.choices)
    version = django_filters.CharFilter()

    class Meta:
        model = Scheme
        fields: tuple[str, ...] = ()
