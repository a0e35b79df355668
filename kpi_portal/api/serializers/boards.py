"""The calibration board of a year as the API says it (P7.2), and the shapes in which it is told something."""

from typing import Any

from rest_framework import serializers

from calibration.models import Move
from calibration.states import MoveState
from common.forms import LONGEST
from kpi_portal.api.serializers.fields import Points, Told
from scoring.models import AnnualReview
from scoring.states import ReviewState


class BoardYearSerializer(serializers.ModelSerializer[AnnualReview]):
    """A year with a board; ``revision`` rises with whatever its board shows."""

    state = serializers.ChoiceField(choices=ReviewState.choices)

    class Meta:
        model = AnnualReview
        fields = ("year", "state", "revision", "excess_reason", "locked_at", "published_at")


class CardSerializer(serializers.Serializer[Any]):
    """Somebody on the board. ``computed`` is what the distribution gave, empty for a tie; ``rank`` is null where
    somebody of the pool is hidden from you. Points and coefficient (percent) have 2 decimals."""

    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    number = serializers.CharField()
    name = serializers.CharField()
    post = serializers.CharField()
    region = serializers.CharField()
    coefficient = Points()
    months = serializers.IntegerField()
    rank = serializers.SerializerMethodField()
    grade = serializers.CharField(source="lane")
    computed = serializers.CharField()
    is_tied = serializers.BooleanField()
    is_discussed = serializers.BooleanField()
    is_waiting = serializers.BooleanField()
    has_appeal = serializers.BooleanField()
    has_plan = serializers.BooleanField()
    deducted = Points()
    added = Points()
    barred_by = serializers.ListField(child=serializers.CharField())

    def get_rank(self, card: Any) -> int | None:
        return None if self.context["is_partial"] else card.rank


class LaneSerializer(serializers.Serializer[Any]):
    """A grade with its cards by merit. ``places`` and ``exact`` (people) are null where somebody is hidden from you."""

    grade = serializers.CharField(source="rule.code")
    count = serializers.IntegerField()
    places = serializers.IntegerField(source="lane.places", default=None, allow_null=True)
    exact = Points(source="lane.exact", default=None, allow_null=True)
    cards = CardSerializer(many=True)


class PoolSerializer(serializers.Serializer[Any]):
    """A pool of the distribution; the code is empty for the company as a whole."""

    code = serializers.CharField()
    name = serializers.CharField()
    people = serializers.IntegerField()


class ShiftSerializer(serializers.Serializer[Any]):
    """So many people must still move from one grade to its neighbour."""

    from_grade = serializers.CharField(source="source")
    to_grade = serializers.CharField(source="target")
    people = serializers.IntegerField()


class UngradedSerializer(serializers.Serializer[Any]):
    """Somebody of the year without a grade; ``why`` is few_months, no_annual_form or nothing_applicable."""

    number = serializers.CharField()
    name = serializers.CharField()
    months = serializers.IntegerField()
    why = serializers.CharField()


class BoardSerializer(serializers.Serializer[Any]):
    """A pool of a year as you may see it; ``is_partial``: somebody in it is hidden from you."""

    review = BoardYearSerializer()
    pool = PoolSerializer()
    pools = PoolSerializer(many=True)
    is_partial = serializers.BooleanField()
    shifts = ShiftSerializer(many=True)
    lanes = LaneSerializer(many=True)
    ungraded = UngradedSerializer(many=True)


class MoveSerializer(serializers.ModelSerializer[Move]):
    """A move; empty grades are a tie."""

    number = serializers.CharField(source="result.employee.number")
    by = serializers.CharField(source="by.number")
    authoriser = serializers.CharField(source="authoriser.number", default=None, allow_null=True)
    state = serializers.ChoiceField(choices=MoveState.choices)

    class Meta:
        model = Move
        fields = (
            *("id", "number", "from_grade", "to_grade", "reason", "by", "at", "state", "authoriser"),
            *("answered_at", "answer"),
        )


class MoveCardSerializer(Told):
    """Which card, by its id, to which grade, and why; 409 if it isn't the version that you saw.

    Against the order of scores an ``authoriser`` is named by number.
    """

    card = serializers.IntegerField(min_value=1, max_value=10**LONGEST - 1)
    to_grade = serializers.CharField(max_length=1)
    reason = serializers.CharField(max_length=300, allow_blank=True)
    version = serializers.IntegerField(min_value=1, max_value=10**9)
    authoriser = serializers.CharField(max_length=20, allow_blank=True, default="")


class NoteCardSerializer(Told):
    """What was said about somebody."""

    card = serializers.IntegerField(min_value=1, max_value=10**LONGEST - 1)
    text = serializers.CharField(max_length=300, allow_blank=True)


class AnswerMoveSerializer(Told):
    """Consent to a move, or refuse it with words."""

    move = serializers.IntegerField(min_value=1, max_value=10**LONGEST - 1)
    consents = serializers.BooleanField()
    answer = serializers.CharField(max_length=300, allow_blank=True, default="")


class StepBoardSerializer(Told):
    """The leader's words for a step of the year."""

    reason = serializers.CharField(max_length=300, allow_blank=True, default="")
