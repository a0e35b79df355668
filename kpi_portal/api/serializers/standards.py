"""What the API says of the incident and the bonus standard (P4.5, P4.6)."""

from rest_framework import serializers

from incidents.models import BonusKind, BonusStep, EventRules, IncidentKind, Severity


class SeveritySerializer(serializers.ModelSerializer[Severity]):
    """How grave: the points it may cost, and what it brings besides."""

    class Meta:
        model = Severity
        fields = ("code", "name", "name_en", "rank", "low", "high", "voids_bonus", "bars_top_grade")


class IncidentKindSerializer(serializers.ModelSerializer[IncidentKind]):
    """An entry of the incident standard; ``points`` are those suggested, within its severity's range."""

    severity = serializers.CharField(source="severity.code")

    class Meta:
        model = IncidentKind
        fields = ("code", "category", "name", "name_en", "severity", "points", "is_active")


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
        fields = ("code", "name", "name_en", "cap", "is_active", "steps")


class EventRulesSerializer(serializers.ModelSerializer[EventRules]):
    """The rules around both standards, in force from ``starts_on`` on; ``statement_days`` are working days."""

    class Meta:
        model = EventRules
        fields = ("version", "starts_on", "statement_days", "repeat_months", "repeat_moves_up", "note")
