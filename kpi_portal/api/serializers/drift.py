"""How far two scorings of the same call are apart, as the API says it (A2)."""

from typing import Any

from rest_framework import serializers

from kpi_portal.api.serializers.fields import Points
from kpi_portal.api.serializers.people import PersonSerializer


class SpreadSerializer(serializers.Serializer[Any]):
    """``n`` pairs with points on both sides; without any the means are null. ``lean`` is signed, in points.

    ``agreed``, ``lean_percent`` and ``apart_percent`` are percentages; ``applies`` counts pairs that differ in whether
    the item applies.
    """

    n = serializers.IntegerField()
    calls = serializers.IntegerField()
    agreed = Points(allow_null=True)
    lean = Points(allow_null=True)
    lean_percent = Points(allow_null=True)
    apart_percent = Points(allow_null=True)
    applies = serializers.IntegerField()
    is_flagged = serializers.BooleanField()


class CompareSerializer(serializers.Serializer[Any]):
    """Of submitted first scorings: how many were given to somebody else, and how many he has submitted."""

    scored = serializers.IntegerField()
    drawn = serializers.IntegerField()
    done = serializers.IntegerField()


class ItemDriftSerializer(serializers.Serializer[Any]):
    """An item of the monitoring standard."""

    item = serializers.IntegerField(source="item.pk")
    name = serializers.CharField(source="item.name")
    spread = SpreadSerializer()


class ListenerDriftSerializer(serializers.Serializer[Any]):
    """A first listener."""

    listener = PersonSerializer()
    spread = SpreadSerializer()
    coverage = CompareSerializer()


class DriftSerializer(serializers.Serializer[Any]):
    """The comparison of some months; without the right to see all, of the listeners only yourself."""

    overall = SpreadSerializer()
    coverage = CompareSerializer()
    items = ItemDriftSerializer(many=True)
    listeners = ListenerDriftSerializer(many=True)


class SecondsGivenSerializer(serializers.Serializer[Any]):
    """How many calls went to a listener."""

    listener = serializers.CharField()
    calls = serializers.IntegerField()


class SecondsShortSerializer(serializers.Serializer[Any]):
    """A listener of whose calls more should be scored again, and nobody else may listen to them."""

    listener = serializers.CharField()
    missing = serializers.IntegerField()


class SecondDrawSerializer(serializers.Serializer[Any]):
    """What came of a draw of second scorings."""

    given = SecondsGivenSerializer(many=True)
    short = SecondsShortSerializer(many=True)
