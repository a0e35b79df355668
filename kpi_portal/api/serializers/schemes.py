"""The scheme as the API says and is told it (P8, P9): a version, its way, and what changes from another."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appraisals.models import Scheme, SchemeStep
from appraisals.services.schemes import NOTE, VERSION, SchemeChanges
from appraisals.states import SchemeState, SchemeStepKind
from kpi_portal.api.serializers.fields import Told
from kpi_portal.api.serializers.people import PersonSerializer

MOST = 2_000_000_000


class SchemeSerializer(serializers.ModelSerializer[Scheme]):
    """A version's head. ``revision`` is sent back when a draft is written or decided."""

    state = serializers.ChoiceField(choices=SchemeState.choices)

    class Meta:
        model = Scheme
        fields: tuple[str, ...] = (
            *("id", "version", "state", "effective_on", "note", "drafted_by", "checked_by", "approved_by"),
            *("based_on", "revision"),
        )


class SchemeStepSerializer(serializers.ModelSerializer[SchemeStep]):
    """Who took a step, when, with which words."""

    kind = serializers.ChoiceField(choices=SchemeStepKind.choices)
    by = PersonSerializer()

    class Meta:
        model = SchemeStep
        fields = ("kind", "by", "at", "note")


class SchemeDetailSerializer(SchemeSerializer):
    """A whole version: its numbers by field, and the steps it has gone."""

    parameters = serializers.SerializerMethodField()
    steps = SchemeStepSerializer(many=True)

    class Meta(SchemeSerializer.Meta):
        fields = (*SchemeSerializer.Meta.fields, "parameters", "steps")

    @extend_schema_field(serializers.DictField())
    def get_parameters(self, scheme: Scheme) -> Any:
        return scheme.parameters


class DraftSchemeSerializer(Told):
    """Which version the new one is a copy of, by its id."""

    based_on = serializers.IntegerField(min_value=1, max_value=MOST)


class WriteSchemeSerializer(Told):
    """A draft: ``parameters`` holds the fields that change, as they are read; ``revision`` is what the writer saw."""

    revision = serializers.IntegerField(min_value=0, max_value=MOST)
    version = serializers.CharField(max_length=VERSION)
    effective_on = serializers.DateField()
    note = serializers.CharField(max_length=NOTE, allow_blank=True, default="")
    parameters = serializers.DictField(default=dict)

    def changes(self) -> SchemeChanges:
        """As the service takes it."""
        told = {name: value for name, value in self.validated_data.items() if name != "revision"}
        return SchemeChanges(**told)


class SeenSerializer(Told):
    """Which save is meant; without it, whatever it is now."""

    revision = serializers.IntegerField(min_value=0, max_value=MOST, allow_null=True, default=None)


class ReturnSerializer(Told):
    """Why; whoever drafted it reads it."""

    reason = serializers.CharField(max_length=300, allow_blank=True)


class ChangeSerializer(serializers.Serializer[Any]):
    """One value that is another one: ``before`` empty for what is new, ``after`` for what is gone."""

    path = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the name of a field, as others are
    before = serializers.CharField()
    after = serializers.CharField()


class ChangedChapterSerializer(serializers.Serializer[Any]):
    """The changes of a chapter, in words."""

    clause = serializers.CharField()
    title = serializers.CharField()
    changes = ChangeSerializer(many=True)
