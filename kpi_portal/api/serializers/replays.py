"""A what-if as the API says and is told it (P8): the question, the sums, everybody before and after."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from calibration.forms import MOST
from calibration.permissions import hidden_from, sees_replay_sums
from calibration.selectors.replays import rule_names, rules_before, sums_of
from kpi_portal.api.serializers.fields import Key, Money, MonthKey, Points, Told
from kpi_portal.api.serializers.people import PersonSerializer
from scoring.models import Job, Replay
from scoring.states import JobState


class ReplaySerializer(serializers.ModelSerializer[Replay]):
    """A question with how far its answer is: ``done`` of ``total`` forms. ``completion`` is percent."""

    scheme = serializers.CharField(source="scheme.version")
    first_month = serializers.DateField(format="%Y-%m")
    last_month = serializers.DateField(format="%Y-%m")
    completion = Points(allow_null=True)
    requested_by = PersonSerializer()
    state = serializers.SerializerMethodField()
    done = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()

    class Meta:
        model = Replay
        fields: tuple[str, ...] = (
            *("id", "scheme", "first_month", "last_month", "year", "completion", "requested_by", "requested_at"),
            *("finished_at", "state", "done", "total", "message"),
        )

    @extend_schema_field(serializers.ChoiceField(choices=JobState.choices))
    def get_state(self, replay: Replay) -> str:
        job = self._job(replay)
        return str(job.state) if job else str(JobState.DONE)

    def get_done(self, replay: Replay) -> int:
        job = self._job(replay)
        return job.done if job else 0

    def get_total(self, replay: Replay) -> int:
        job = self._job(replay)
        return job.total if job else 0

    def get_message(self, replay: Replay) -> str:
        job = self._job(replay)
        return job.message if job else ""

    def _job(self, replay: Replay) -> Job | None:
        return next(iter(replay.jobs.all()), None)


class PairSerializer(serializers.Serializer[Any]):
    """Before and after."""

    name = serializers.CharField()
    before = serializers.DecimalField(max_digits=14, decimal_places=2)
    after = serializers.DecimalField(max_digits=14, decimal_places=2)


class CountSerializer(serializers.Serializer[Any]):
    """How many before and after."""

    name = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()


class SumsSerializer(serializers.Serializer[Any]):
    """The sums over those you may see. ``pay`` and ``bonuses`` (yuan) are HR's and the approvers'; ``hidden`` counts
    yourself and your superiors, who are in none of it."""

    people = serializers.IntegerField()
    moved = serializers.IntegerField()
    flags = serializers.DictField(child=serializers.IntegerField())
    coefficient = serializers.ListField(child=Points(), allow_null=True)
    pay = PairSerializer(allow_null=True)
    bonuses = PairSerializer(allow_null=True)
    rules = CountSerializer(many=True)
    grades = CountSerializer(many=True)
    consequences = CountSerializer(many=True, source="led")
    hidden = serializers.IntegerField()


class ReplayAnswerSerializer(ReplaySerializer):
    """A question with its answer in sums, null until it is there."""

    sums = serializers.SerializerMethodField()

    class Meta(ReplaySerializer.Meta):
        fields = (*ReplaySerializer.Meta.fields, "sums")

    @extend_schema_field(SumsSerializer(allow_null=True))
    def get_sums(self, replay: Replay) -> Any:
        if replay.finished_at is None:
            return None
        standing, names = self.context["standing"], rule_names(replay, rules_before(replay))
        hidden = hidden_from(self.context["person"], standing)
        return SumsSerializer(sums_of(replay, hidden, names, with_pay=sees_replay_sums(standing))).data


class MovedSerializer(serializers.Serializer[Any]):
    """Somebody who would move: the mean coefficient of his months in percent, what fires more and no longer, the grade;
    ``pay`` in yuan is HR's."""

    number = serializers.CharField(source="row.employee.number")
    name = serializers.CharField(source="row.employee.name")
    coefficient_before = Points(source="row.coefficient_before", allow_null=True)
    coefficient_after = Points(source="row.coefficient_after", allow_null=True)
    more = serializers.ListField(child=serializers.CharField())
    fewer = serializers.ListField(child=serializers.CharField())
    grade_before = serializers.CharField()
    grade_after = serializers.CharField()
    pay_before = Money(source="pay.before", default=None, allow_null=True)
    pay_after = Money(source="pay.after", default=None, allow_null=True)


class AskReplaySerializer(Told):
    """Which version, over a year with the company's completion rate in percent, or over some months (2026-10)."""

    scheme = Key()
    year = serializers.IntegerField(min_value=2000, max_value=2099, allow_null=True, default=None)
    completion = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=0, max_value=MOST, allow_null=True, default=None
    )
    first_month = MonthKey(allow_null=True, default=None)
    last_month = MonthKey(allow_null=True, default=None)
