"""Calls as the API says and is told them (A2). Nothing of a first scoring for whoever still has to score it blind."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi_portal.api.serializers.fields import MonthKey, Points, Told
from kpi_portal.api.serializers.people import PersonSerializer
from quality.models import Assessment, Call
from quality.permissions import Ear, can_see_total, can_view_assessment
from quality.selectors.calls import MonthMean
from quality.states import AssessmentKind, AssessmentState, DrawnWhy


class AudioSerializer(serializers.Serializer[Call]):
    """The recording; ``url`` is its address on the portal, for those who may see the call."""

    name = serializers.CharField(source="audio_name")
    kind = serializers.CharField(source="audio_kind")
    size = serializers.IntegerField(source="audio_size")
    sha256 = serializers.CharField(source="audio_sha256")
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField)
    def get_url(self, call: Call) -> str:
        return reverse("quality:call_audio", args=[call.pk])


class ScoringSerializer(serializers.ModelSerializer[Assessment]):
    """A scoring of the call that you may see."""

    kind = serializers.ChoiceField(choices=AssessmentKind.choices)
    state = serializers.ChoiceField(choices=AssessmentState.choices)
    listener = PersonSerializer()

    class Meta:
        model = Assessment
        fields = ("id", "kind", "state", "listener", "total", "submitted_at")


class CallSerializer(serializers.ModelSerializer[Call]):
    """A call. ``total`` is that of its submitted first scoring: null while there is none, or it is not yours to see.

    ``drawn_why`` says why it is listened to, empty: not drawn. ``counted_month`` is written at consolidation.
    """

    employee = PersonSerializer()
    registered_by = PersonSerializer(allow_null=True)
    drawn_why = serializers.ChoiceField(choices=DrawnWhy.choices, allow_blank=True)
    total = serializers.SerializerMethodField()
    audio = serializers.SerializerMethodField()
    assessments = serializers.SerializerMethodField()

    class Meta:
        model = Call
        fields = (
            "id",
            "number",
            "called_on",
            "called_at",
            "employee",
            "seconds",
            "link",
            "audio",
            "is_complaint",
            "registered_by",
            "registered_at",
            "drawn_why",
            "drawn_at",
            "total",
            "counted_month",
            "assessments",
        )

    @property
    def _ear(self) -> Ear:
        return Ear(self.context["person"], self.context["standing"])

    @extend_schema_field(Points(allow_null=True))
    def get_total(self, call: Call) -> str | None:
        return str(call.total) if call.total is not None and can_see_total(self._ear, call) else None

    @extend_schema_field(AudioSerializer(allow_null=True))
    def get_audio(self, call: Call) -> Any:
        return AudioSerializer(call).data if call.audio else None

    @extend_schema_field(ScoringSerializer(many=True))
    def get_assessments(self, call: Call) -> Any:
        rows = list(call.assessments.all())
        for one in rows:
            one.call = call  # the rule asks the call for its other scorings
        return ScoringSerializer([one for one in rows if can_view_assessment(self._ear, one)], many=True).data


class RegisterCallSerializer(Told):
    """A call to register; ``employee`` is the agent's number, ``seconds`` the length, ``link`` an https address."""

    number = serializers.CharField(max_length=40, allow_blank=True)
    called_on = serializers.DateField()
    called_at = serializers.TimeField(allow_null=True, default=None)
    employee = serializers.CharField(max_length=20)
    seconds = serializers.IntegerField(min_value=0, max_value=2**31 - 1, allow_null=True, default=None)
    link = serializers.CharField(max_length=500, allow_blank=True, default="")
    is_complaint = serializers.BooleanField(default=False)


class MonthSerializer(Told):
    """A month, as 2026-10."""

    month = MonthKey()


class CoverageSerializer(serializers.Serializer[Any]):
    """An agent's calls of the month by the sampling plan. ``scored`` counts those of the drawn ones.

    ``chosen`` were scored by a listener's own choice and cover nothing; the register is short of ``missing``.
    """

    employee = PersonSerializer(source="person")
    is_new = serializers.BooleanField()
    is_counted = serializers.BooleanField()
    needed = serializers.IntegerField(source="calls.needed")
    registered = serializers.IntegerField(source="calls.registered")
    drawn = serializers.IntegerField(source="calls.drawn")
    scored = serializers.IntegerField(source="calls.scored")
    chosen = serializers.IntegerField(source="calls.chosen")
    missing = serializers.IntegerField(source="calls.missing")


class MeanSerializer(serializers.Serializer[Any]):
    """The mean of an agent's scored calls of a month, as his form has it.

    ``mean`` is null while none is scored, and to whoever does not see all of them or has one still to score blind.
    ``at_least`` calls make a figure to rely on.
    """

    employee = PersonSerializer(source="agent")
    month = serializers.DateField()
    calls = serializers.IntegerField()
    mean = serializers.SerializerMethodField()
    at_least = serializers.IntegerField()
    is_counted = serializers.BooleanField()

    @extend_schema_field(Points(allow_null=True))
    def get_mean(self, found: MonthMean) -> str | None:
        return str(found.mean) if found.is_shown and found.mean is not None else None


class ShortfallSerializer(serializers.Serializer[Any]):
    """Somebody whose registered calls don't reach for the plan."""

    employee = PersonSerializer(source="person")
    registered = serializers.IntegerField()
    missing = serializers.IntegerField()


class DrawSerializer(serializers.Serializer[Any]):
    """What came of a draw: calls by chance and as complaints, of how many agents, and who is short of calls."""

    random = serializers.IntegerField()
    complaints = serializers.IntegerField()
    agents = serializers.IntegerField()
    short = ShortfallSerializer(many=True)
