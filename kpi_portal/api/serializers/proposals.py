"""Proposals, decisions and checklists as the API says and is told them (P7.1, P7.2)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consequences.models import CheckFile, CheckItem, Decision
from consequences.permissions import Reader, sees_amounts, tells_the_employee
from consequences.selectors.counters import Tally
from consequences.services.checking import NOTE_LIMIT
from consequences.services.steps import REASON_LIMIT
from consequences.states import CheckCode, Choice, DecisionState
from kpi_portal.api.serializers.fields import Money, Points, Told
from kpi_portal.api.serializers.people import PersonSerializer
from scoring.models import Proposal
from scoring.states import ProposalState

MOST = 2_000_000_000


class CheckFileSerializer(serializers.ModelSerializer[CheckFile]):
    class Meta:
        model = CheckFile
        fields = ("id", "name", "size", "sha256", "added_at")


class CheckItemSerializer(serializers.ModelSerializer[CheckItem]):
    """A point of the checklist; ``signed_for`` names who spoke for legal or the union."""

    code = serializers.ChoiceField(choices=CheckCode.choices)
    signed_by = PersonSerializer(allow_null=True)
    files = CheckFileSerializer(many=True)

    class Meta:
        model = CheckItem
        fields = ("id", "code", "note", "signed_by", "signed_at", "signed_for", "files")


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """A decision. ``amount`` (yuan) is null where it is not yours to see; nothing holds before ``in_force_at``."""

    choice = serializers.ChoiceField(choices=Choice.choices)
    state = serializers.ChoiceField(choices=DecisionState.choices)
    amount = serializers.SerializerMethodField()
    decided_by = PersonSerializer()
    approved_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Decision
        fields: tuple[str, ...] = (
            *("id", "number", "proposal", "choice", "state", "reason", "amount", "effective_from", "leaves_on"),
            *("open_checks", "decided_by", "decided_at", "approved_by", "approved_at", "in_force_at"),
            *("undone_at", "undone_reason", "kept_at", "kept_reason", "read_at", "version"),
        )

    @extend_schema_field(Money(allow_null=True))
    def get_amount(self, decision: Decision) -> Any:
        reader = Reader(self.context["person"], self.context["standing"])
        sees = decision.amount is not None and sees_amounts(reader, decision.proposal.employee_id)
        return str(decision.amount) if sees else None


class DecisionDetailSerializer(DecisionSerializer):
    """With its checklist, for those on the desk; the person himself has the point in which he is heard."""

    checks = serializers.SerializerMethodField()

    class Meta(DecisionSerializer.Meta):
        fields = (*DecisionSerializer.Meta.fields, "checks")

    @extend_schema_field(CheckItemSerializer(many=True))
    def get_checks(self, decision: Decision) -> Any:
        rows = list(decision.checks.select_related("signed_by").prefetch_related("files"))
        if decision.proposal.employee_id == self.context["person"].pk:
            rows = [row for row in rows if row.code == CheckCode.STATEMENT]
        return CheckItemSerializer(rows, many=True).data


class ProposalSerializer(serializers.ModelSerializer[Proposal]):
    """A fired rule of a month (``month``) or what a year's grade leads to (``year``), with its evidence.

    ``leads_to`` is the rule of the policy that it is decided like: a scheme may add rules, never outcomes.
    """

    employee = PersonSerializer()
    month = serializers.CharField(source="cycle.key", default=None, allow_null=True)
    year = serializers.IntegerField(source="review.year", default=None, allow_null=True)
    state = serializers.ChoiceField(choices=ProposalState.choices)
    evidence = serializers.SerializerMethodField()
    decisions = serializers.SerializerMethodField()

    class Meta:
        model = Proposal
        fields = (
            *("id", "employee", "month", "year", "rule", "leads_to", "evidence", "state", "ground_lost_at"),
            "decisions",
        )

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_evidence(self, proposal: Proposal) -> Any:
        return proposal.evidence

    @extend_schema_field(DecisionSerializer(many=True))
    def get_decisions(self, proposal: Proposal) -> Any:
        is_own = proposal.employee_id == self.context["person"].pk
        rows = [row for row in proposal.decisions.all() if not is_own or tells_the_employee(row)]
        for row in rows:
            row.proposal = proposal
        return DecisionSerializer(rows, many=True, context=self.context).data


class DecideSerializer(Told):
    """What is decided: ``amount`` in yuan for a bonus or an award, ``leaves_on`` the last day of a dismissal."""

    choice = serializers.CharField(max_length=12)
    reason = serializers.CharField(max_length=REASON_LIMIT, allow_blank=True, default="")
    amount = Money(allow_null=True, default=None)
    leaves_on = serializers.DateField(allow_null=True, default=None)


class SeenVersionSerializer(Told):
    """The version of the case that the writer saw; without it nothing is compared."""

    version = serializers.IntegerField(min_value=0, max_value=MOST, allow_null=True, default=None)


class LastDaySerializer(SeenVersionSerializer):
    """Another last day."""

    day = serializers.DateField()


class CareerReportSerializer(Told):
    """What the department's manager says of a person's development."""

    text = serializers.CharField(max_length=1000, allow_blank=True)


class WhySerializer(Told):
    """Why; the employee reads it."""

    reason = serializers.CharField(max_length=REASON_LIMIT, allow_blank=True)


class OwnWordsSerializer(Told):
    """What the person has to say."""

    text = serializers.CharField(max_length=NOTE_LIMIT, allow_blank=True)


class FindingSerializer(SeenVersionSerializer):
    """A point as written; ``sign`` puts one's name to it."""

    note = serializers.CharField(max_length=NOTE_LIMIT, allow_blank=True)
    signed_for = serializers.CharField(max_length=60, allow_blank=True, default="")
    sign = serializers.BooleanField(default=False)


class CountedMonthSerializer(serializers.Serializer[Any]):
    """A month that counts, with its coefficient in percent."""

    month = serializers.CharField()
    coefficient = Points(source="value")


class TallySerializer(serializers.Serializer[Any]):
    """One rule: ``have`` of ``need`` months so far. ``rule`` is its code, ``words`` what it says."""

    rule = serializers.CharField(source="code")
    words = serializers.CharField(source="rule")
    have = serializers.IntegerField()
    need = serializers.IntegerField()
    months = serializers.SerializerMethodField()

    @extend_schema_field(CountedMonthSerializer(many=True))
    def get_months(self, tally: Tally) -> Any:
        return CountedMonthSerializer([box for box in tally.boxes if box.month], many=True).data


class CounterSerializer(serializers.Serializer[Any]):
    """Where somebody stands with each rule at the end of the newest published month."""

    employee = PersonSerializer(source="person")
    counts = TallySerializer(many=True)
