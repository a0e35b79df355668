"""What the API says, and is told, of the incident and the bonus standard (P4.5, P4.6).

``version`` of an entry goes back with a write: 409 after somebody else's.
"""

from rest_framework import serializers

from incidents.models import BonusKind, BonusStep, EventRules, IncidentKind, Severity
from kpi_portal.api.serializers.fields import Coded, Key, Points, Told


class SeveritySerializer(serializers.ModelSerializer[Severity]):
    """How grave: the points it may cost, and what it brings besides."""

    class Meta:
        model = Severity
        fields = ("code", "name", "name_en", "rank", "low", "high", "voids_bonus", "bars_top_grade", "version")


class IncidentKindSerializer(serializers.ModelSerializer[IncidentKind]):
    """An entry of the incident standard; ``points`` are those suggested, within its severity's range."""

    severity = serializers.CharField(source="severity.code")

    class Meta:
        model = IncidentKind
        fields = ("code", "category", "category_en", "name", "name_en", "severity", "points", "is_active", "version")


class BonusStepSerializer(serializers.ModelSerializer[BonusStep]):
    """The points a kind gives, by place where it has several."""

    class Meta:
        model = BonusStep
        fields = ("id", "label", "label_en", "points")


class BonusKindSerializer(serializers.ModelSerializer[BonusKind]):
    """An entry of the bonus standard; ``cap`` is the most it adds in a month, null: no cap of its own."""

    steps = BonusStepSerializer(many=True)

    class Meta:
        model = BonusKind
        fields = ("code", "name", "name_en", "cap", "is_active", "steps", "version")


class EventRulesSerializer(serializers.ModelSerializer[EventRules]):
    """The rules around both standards, in force from ``starts_on`` on; ``statement_days`` are working days."""

    class Meta:
        model = EventRules
        fields = ("id", "version", "starts_on", "statement_days", "repeat_months", "repeat_moves_up", "note")


class NewIncidentKindSerializer(Told):
    """An entry of the incident standard; ``points`` lie in the range of its severity."""

    category = serializers.CharField(max_length=20, allow_blank=True)
    category_en = serializers.CharField(max_length=40, allow_blank=True, default="")
    name = serializers.CharField(max_length=80, allow_blank=True)
    name_en = serializers.CharField(max_length=120, allow_blank=True, default="")
    severity = Coded("severities")
    points = Points()


class WriteIncidentKindSerializer(NewIncidentKindSerializer):
    version = Key()


class WriteStepSerializer(Told):
    points = Points()
    label = serializers.CharField(max_length=20, allow_blank=True, default="")  # type: ignore[assignment]  # a field
    label_en = serializers.CharField(max_length=40, allow_blank=True, default="")


class NewBonusKindSerializer(Told):
    """An entry of the bonus standard with all its points; several have a label each."""

    name = serializers.CharField(max_length=80, allow_blank=True)
    name_en = serializers.CharField(max_length=120, allow_blank=True, default="")
    cap = Points(allow_null=True)
    steps = WriteStepSerializer(many=True)


class WriteBonusKindSerializer(NewBonusKindSerializer):
    version = Key()


class WriteSeveritySerializer(Told):
    """The range of points of a severity."""

    low = Points()
    high = Points()
    version = Key()


class SwitchSerializer(Told):
    """In use for new records, or no more; what was decided by it stays."""

    is_active = serializers.BooleanField()


class SetRulesSerializer(Told):
    """Rules from a day on; ``seen`` is the id of the last ones the writer knew, null where there were none."""

    seen = Key(allow_null=True, default=None)
    starts_on = serializers.DateField()
    statement_days = serializers.IntegerField(min_value=0, max_value=1000)
    repeat_months = serializers.IntegerField(min_value=0, max_value=1000)
    repeat_moves_up = serializers.BooleanField()
    note = serializers.CharField(max_length=200, allow_blank=True, default="")
