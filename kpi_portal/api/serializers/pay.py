"""A month's pay as the API says it and is told it (P7.1)."""

from rest_framework import serializers

from kpi_portal.api.serializers.fields import Money, MonthKey, Points, Reason, Told
from kpi_portal.api.serializers.people import PersonSerializer
from scoring.models import PayLine, PayRun
from scoring.states import PayRunState


class PayRunSerializer(serializers.ModelSerializer[PayRun]):
    """A settlement of a month and its sums, yuan. ``digest`` is sent back when it is settled."""

    month = serializers.CharField(source="cycle.key")
    state = serializers.ChoiceField(choices=PayRunState.choices)
    prepared_by = PersonSerializer()
    settled_by = PersonSerializer(allow_null=True)

    class Meta:
        model = PayRun
        fields = (
            *("id", "month", "number", "state", "people", "performance_pay", "base_pay", "differences", "extras"),
            *("total", "digest", "prepared_by", "prepared_at", "settled_by", "settled_at"),
        )


class PayLineSerializer(serializers.ModelSerializer[PayLine]):
    """What one person is paid by a run, yuan and percent. Without ``form`` only differences or extras are paid."""

    run = serializers.IntegerField(source="run_id")
    month = serializers.CharField(source="run.cycle.key")
    state = serializers.ChoiceField(source="run.state", choices=PayRunState.choices)
    employee = PersonSerializer()
    form = serializers.IntegerField(source="form_id", allow_null=True)
    result = serializers.IntegerField(source="result_id", allow_null=True)
    coefficient = Points(allow_null=True)
    counted = Points(allow_null=True)
    performance_pay = Money()

    class Meta:
        model = PayLine
        fields = (
            *("id", "run", "month", "state", "employee", "form", "result", "grade_name", "post_wage", "pay_cap"),
            *("coefficient", "counted", "performance_pay", "base_pay", "differences", "extras", "total"),
        )


class PreparePaySerializer(Told):
    """Which month is prepared."""

    month = MonthKey()


class SettlePaySerializer(Told):
    """Which run was looked at, by its ``digest``, and the password of whoever settles it."""

    digest = serializers.CharField(max_length=64)
    password = serializers.CharField(max_length=128, trim_whitespace=False, style={"input_type": "password"})


class DiscardPaySerializer(Reason):
    """Why a prepared run is handed back; whoever prepared it reads it."""
