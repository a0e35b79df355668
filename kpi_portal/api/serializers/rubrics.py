"""The monitoring standard as the API says and is told it (A2): a version is read and written whole."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi_portal.api.serializers.fields import Coded, Points, Told
from kpi_portal.api.serializers.people import PersonSerializer
from quality.facts.standards import FaultFacts, ItemFacts, LevelFacts, PlanFacts, StandardFacts
from quality.models import FatalFault, Rubric, RubricItem, RubricLevel
from quality.services.rubrics import edit_mark
from quality.states import RubricState

PLAN = PlanFacts._fields
MOST = 32767


class RubricSerializer(serializers.ModelSerializer[Rubric]):
    """A version's head. The plan's numbers are calls per agent and month; terms are working days."""

    state = serializers.ChoiceField(choices=RubricState.choices)
    published_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Rubric
        fields: tuple[str, ...] = ("id", "version", "state", "starts_on", "note", *PLAN, "published_by", "published_at")


class LevelSerializer(serializers.ModelSerializer[RubricLevel]):
    class Meta:
        model = RubricLevel
        fields = ("points", "description", "description_en")


class RubricItemSerializer(serializers.ModelSerializer[RubricItem]):
    """One thing that is scored, with its allowed levels from the most points down."""

    levels = LevelSerializer(many=True)

    class Meta:
        model = RubricItem
        fields = ("id", "category", "category_en", "name", "name_en", "points", "may_not_apply", "levels")


class FatalFaultSerializer(serializers.ModelSerializer[FatalFault]):
    """A fault that makes the call 0; ``incident_kind`` is the code of the incident it files, null: none."""

    incident_kind = serializers.CharField(source="incident_kind.code", default=None, allow_null=True)

    class Meta:
        model = FatalFault
        fields = ("id", "code", "name", "name_en", "incident_kind")


class RubricDetailSerializer(RubricSerializer):
    """A whole version. ``edit_mark`` is sent back as ``seen`` when a draft is written."""

    items = RubricItemSerializer(many=True)
    fatal_faults = FatalFaultSerializer(many=True)
    edited_by = PersonSerializer(allow_null=True)
    edit_mark = serializers.SerializerMethodField()

    class Meta(RubricSerializer.Meta):
        fields = (*RubricSerializer.Meta.fields, "items", "fatal_faults", "edited_by", "edited_at", "edit_mark")

    @extend_schema_field(serializers.CharField)
    def get_edit_mark(self, rubric: Rubric) -> str:
        return edit_mark(rubric)


class WriteLevelSerializer(Told):
    points = Points()
    description = serializers.CharField(allow_blank=True, default="")
    description_en = serializers.CharField(allow_blank=True, default="")


class WriteItemSerializer(Told):
    category = serializers.CharField(allow_blank=True)
    category_en = serializers.CharField(allow_blank=True, default="")
    name = serializers.CharField(allow_blank=True)
    name_en = serializers.CharField(allow_blank=True, default="")
    points = Points()
    may_not_apply = serializers.BooleanField(default=False)
    levels = WriteLevelSerializer(many=True)


class WriteFaultSerializer(Told):
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    name_en = serializers.CharField(allow_blank=True, default="")
    incident_kind = Coded("incident_kinds", allow_null=True, default=None)


class WriteRubricSerializer(Told):
    """A draft as a whole, finished or not; ``seen`` is the ``edit_mark`` of what the writer had before him."""

    seen = serializers.CharField(max_length=40)
    version = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True, default="")
    per_agent = serializers.IntegerField(min_value=0, max_value=MOST)
    new_agent = serializers.IntegerField(min_value=0, max_value=MOST)
    new_days = serializers.IntegerField(min_value=0, max_value=MOST)
    min_for_kpi = serializers.IntegerField(min_value=0, max_value=MOST)
    pass_mark = serializers.DecimalField(max_digits=6, decimal_places=2, min_value=0)
    second_share = serializers.IntegerField(min_value=0, max_value=100)
    dispute_days = serializers.IntegerField(min_value=0, max_value=MOST)
    items = WriteItemSerializer(many=True)
    fatal_faults = WriteFaultSerializer(many=True)


class PublishRubricSerializer(Told):
    """From which calls on it holds; ``accepts_total``: full marks that don't add up to 100 are meant."""

    starts_on = serializers.DateField()
    seen = serializers.CharField(max_length=40, allow_null=True, default=None)
    accepts_total = serializers.BooleanField(default=False)


def facts_told(told: dict[str, Any]) -> StandardFacts:
    """A written version as the service takes it; levels from the most points down."""
    return StandardFacts(
        version=told["version"],
        note=told["note"],
        plan=PlanFacts(**{name: told[name] for name in PLAN}),
        items=tuple(ItemFacts(**(item | {"levels": _levels(item["levels"])})) for item in told["items"]),
        faults=tuple(
            FaultFacts(one["code"], one["name"], one["name_en"], one["incident_kind"] and one["incident_kind"].pk)
            for one in told["fatal_faults"]
        ),
    )


def _levels(told: list[dict[str, Any]]) -> tuple[LevelFacts, ...]:
    return tuple(sorted((LevelFacts(**one) for one in told), key=lambda level: level.points, reverse=True))
