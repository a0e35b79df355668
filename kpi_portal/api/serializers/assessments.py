"""Scorings of calls as the API says and is told them (A2)."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi_portal.api.serializers.fields import Coded, Key, KeyOf, Points, Told
from kpi_portal.api.serializers.people import PersonSerializer
from quality.models import Assessment, CallNote, Dispute, RubricItem
from quality.permissions import Ear, Lines, can_rule, can_see_total
from quality.selectors.assessments import score_of
from quality.services.filling import Comment, Entries, Fatal, Level
from quality.states import AssessmentKind, AssessmentState, DisputeState


class ScoredCallSerializer(serializers.Serializer[Any]):
    """The call that is scored."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    called_on = serializers.DateField()
    employee = PersonSerializer()


class LevelGivenSerializer(serializers.Serializer[Any]):
    """What an item got: a level, or that it does not apply; both empty: not decided yet."""

    item = serializers.IntegerField()
    category = serializers.CharField()
    name = serializers.CharField()
    full_points = Points()
    points = Points(allow_null=True)
    is_not_applicable = serializers.BooleanField()


class NoteSerializer(serializers.ModelSerializer[CallNote]):
    """What the listener says of an item (null: of the call), at a second of the recording."""

    item = serializers.IntegerField(source="item_id", allow_null=True)

    class Meta:
        model = CallNote
        fields = ("item", "at_second", "text")


class DisputeSerializer(serializers.ModelSerializer[Dispute]):
    """The agent's objection to an item (null: to the fatal fault) and how it was ruled.

    ``old_points`` and ``old_total`` stay what they were; ``may_rule``: it is yours to rule on now.
    """

    assessment = serializers.IntegerField(source="assessment_id")
    item = serializers.IntegerField(source="item_id", allow_null=True)
    state = serializers.ChoiceField(choices=DisputeState.choices)
    ruled_by = PersonSerializer(allow_null=True)
    old_fault = serializers.CharField(source="old_fault.code", default=None, allow_null=True)
    may_rule = serializers.SerializerMethodField()

    class Meta:
        model = Dispute
        fields = (
            "id",
            "assessment",
            "item",
            "reason",
            "raised_at",
            "state",
            "ruled_by",
            "ruled_at",
            "ruling",
            "old_points",
            "new_points",
            "old_total",
            "old_fault",
            "may_rule",
        )

    @extend_schema_field(serializers.BooleanField)
    def get_may_rule(self, dispute: Dispute) -> bool:
        ear, lines = Ear(self.context["person"], self.context["standing"]), self.context["lines"]
        return can_rule(ear, dispute, lines) and can_see_total(ear, dispute.assessment.call)


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """A scoring, item by item. ``version`` goes back with a write; ``open_items`` of a draft still need a level."""

    call = ScoredCallSerializer()
    kind = serializers.ChoiceField(choices=AssessmentKind.choices)
    state = serializers.ChoiceField(choices=AssessmentState.choices)
    listener = PersonSerializer()
    rubric = serializers.IntegerField(source="rubric_id")
    fatal_fault = serializers.CharField(source="fatal_fault.code", default=None, allow_null=True)
    levels = serializers.SerializerMethodField()
    notes = NoteSerializer(many=True)
    open_items = serializers.SerializerMethodField()
    so_far = serializers.SerializerMethodField()
    disputes = serializers.SerializerMethodField()

    class Meta:
        model = Assessment
        fields = (
            "id",
            "version",
            "call",
            "kind",
            "state",
            "listener",
            "rubric",
            "levels",
            "notes",
            "fatal_fault",
            "fatal_note",
            "remark",
            "so_far",
            "open_items",
            "total",
            "started_at",
            "submitted_at",
            "acknowledged_at",
            "dispute_until",
            "disputes",
        )

    @extend_schema_field(LevelGivenSerializer(many=True))
    def get_levels(self, assessment: Assessment) -> Any:
        given = {score.item_id: score for score in assessment.scores.all()}
        return LevelGivenSerializer(
            [_level(item, given.get(item.pk)) for item in assessment.rubric.items.all()], many=True
        ).data

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_open_items(self, assessment: Assessment) -> list[Any]:
        is_draft = assessment.state == AssessmentState.DRAFT
        return list(score_of(assessment).open) if is_draft else []

    @extend_schema_field(Points(allow_null=True))
    def get_so_far(self, assessment: Assessment) -> str | None:
        reckoned = score_of(assessment).so_far if assessment.state == AssessmentState.DRAFT else assessment.total
        return None if reckoned is None else str(reckoned)

    @extend_schema_field(DisputeSerializer(many=True))
    def get_disputes(self, assessment: Assessment) -> Any:
        rows = list(assessment.disputes.all())
        for one in rows:
            one.assessment = assessment
        context = {**self.context, "lines": Lines.of([assessment.call] if rows else [])}
        return DisputeSerializer(rows, many=True, context=context).data


class WriteLevelGivenSerializer(Told):
    """One of the item's levels in points, or that it does not apply."""

    item = KeyOf("items")
    points = Points(allow_null=True, default=None)
    is_not_applicable = serializers.BooleanField(default=False)


class WriteNoteSerializer(Told):
    """What is said of an item; an empty text takes it back."""

    item = KeyOf("items")
    text = serializers.CharField(max_length=300, allow_blank=True)
    at_second = serializers.IntegerField(min_value=0, max_value=2**31 - 1, allow_null=True, default=None)


class WriteFatalSerializer(Told):
    """The fatal fault by its code and the fact; null: there is none."""

    fault = Coded("faults", allow_null=True)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class WriteAssessmentSerializer(Told):
    """What is told of a draft; what is left out stays. ``version`` is that of what the writer had before him."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    levels = WriteLevelGivenSerializer(many=True, required=False)
    notes = WriteNoteSerializer(many=True, required=False)
    fatal = WriteFatalSerializer(required=False)
    remark = serializers.CharField(max_length=500, allow_blank=True, required=False)


class OpenAssessmentSerializer(Told):
    """The call to score."""

    call = Key()


class RaiseDisputeSerializer(Told):
    """The item objected to, null: the fatal fault; and why."""

    item = KeyOf("items", allow_null=True)
    reason = serializers.CharField(max_length=300, allow_blank=True)


class RuleDisputeSerializer(Told):
    """Upheld with the right level (or: does not apply), or dismissed; and why.

    Of a month that was consolidated: dismissed, or left to an appeal (``is_referred``, whatever ``upheld`` says).
    """

    upheld = serializers.BooleanField()
    points = Points(allow_null=True, default=None)
    is_not_applicable = serializers.BooleanField(default=False)
    is_referred = serializers.BooleanField(default=False)
    ruling = serializers.CharField(max_length=300, allow_blank=True)


def entries_told(told: dict[str, Any]) -> Entries:
    """What was told of a draft as the service takes it."""
    fatal = told.get("fatal")
    fault = fatal and fatal["fault"]
    return Entries(
        levels={
            one["item"].pk: Level(points=one["points"], is_not_applicable=one["is_not_applicable"])
            for one in _once(told, "levels")
        },
        comments={
            one["item"].pk: Comment(text=one["text"], at_second=one["at_second"]) for one in _once(told, "notes")
        },
        fatal=fatal and Fatal(fault_id=fault and fault.pk, note=fatal["note"]),
        remark=told.get("remark"),
        version=told["version"],
    )


def _once(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Each item once; two levels for one would leave it to chance which counts."""
    rows: list[dict[str, Any]] = told.get(name, [])
    if len({one["item"].pk for one in rows}) < len(rows):
        raise serializers.ValidationError({name: [_("同一项只写一次。")]})
    return rows


def _level(item: RubricItem, score: Any) -> dict[str, Any]:
    return {
        "item": item.pk,
        "category": item.category,
        "name": item.name,
        "full_points": item.points,
        "points": None if score is None else score.points,
        "is_not_applicable": score is not None and score.is_not_applicable,
    }
