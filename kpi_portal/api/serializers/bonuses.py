"""Bonus claims as the API says and is told them (P4.6)."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.models import Bonus, BonusKind
from incidents.permissions import (
    Judge,
    Superiors,
    can_add_bonus_files,
    can_check_first,
    can_check_second,
    can_join_event,
    can_overturn_bonus,
    can_reject_bonus,
    can_withdraw_bonus,
)
from incidents.selectors.claim_flow import holder_of
from incidents.selectors.claims import raised_as
from incidents.states import EventState, RaisedAs
from kpi_portal.api.serializers.fields import Coded, Key, PersonNumber, Told
from kpi_portal.api.serializers.files import EventFileSerializer
from kpi_portal.api.serializers.people import PersonSerializer


class BonusKindNameSerializer(serializers.ModelSerializer[BonusKind]):
    class Meta:
        model = BonusKind
        fields = ("code", "name")


class BonusSerializer(serializers.ModelSerializer[Bonus]):
    """A claim. ``points`` are the standard's; what of them still fits under a cap is reckoned when a form is scored.

    Claims with the same ``event`` are about one event, of which one counts. ``counted_month`` is written when the
    month is consolidated. ``waits_for`` names who decides next, empty once it is decided.
    """

    kind = BonusKindNameSerializer(allow_null=True)
    state = serializers.ChoiceField(choices=EventState.choices)
    raised_as = serializers.SerializerMethodField()
    employee = PersonSerializer()
    raised_by = PersonSerializer(allow_null=True)
    first_checker = PersonSerializer(allow_null=True)
    second_checker = PersonSerializer(allow_null=True)
    waits_for = serializers.SerializerMethodField()

    class Meta:
        model = Bonus
        fields: tuple[str, ...] = (
            "id",
            "number",
            "state",
            "employee",
            "kind",
            "points",
            "cap",
            "occurred_on",
            "event",
            "grounds",
            "raised_as",
            "raised_by",
            "filed_at",
            "first_checker",
            "first_checked_at",
            "second_checker",
            "confirmed_at",
            "decided_at",
            "decision_reason",
            "counted_month",
            "waits_for",
        )

    @property
    def _above(self) -> Superiors:
        above: Superiors = self.context["above"]
        return above

    @extend_schema_field(serializers.ChoiceField(choices=RaisedAs.choices))
    def get_raised_as(self, bonus: Bonus) -> str:
        return raised_as(bonus, self._above).value

    @extend_schema_field(serializers.CharField)
    def get_waits_for(self, bonus: Bonus) -> str:
        return holder_of(bonus, self._above)


class BonusDetailSerializer(BonusSerializer):
    """A claim with its files, and what the asker may do with it now: names of the actions beneath its address."""

    files = EventFileSerializer(many=True)
    allowed = serializers.SerializerMethodField()

    class Meta(BonusSerializer.Meta):
        fields = (*BonusSerializer.Meta.fields, "files", "allowed")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed(self, bonus: Bonus) -> list[str]:
        judge = Judge(self.context["person"], self.context["standing"])
        acts = {
            "first-check": can_check_first(judge, bonus, self._above),
            "second-check": can_check_second(judge, bonus, self._above),
            "reject": can_reject_bonus(judge, bonus, self._above),
            "withdraw": can_withdraw_bonus(judge, bonus),
            "overturn": can_overturn_bonus(judge, bonus),
            "join-event": can_join_event(judge, bonus, self._above),
            "add-files": can_add_bonus_files(judge, bonus, self._above),
        }
        return [name for name, allowed in acts.items() if allowed]


class RaiseBonusSerializer(Told):
    """A claim to raise. The points come from ``step`` of the kind (its only one may be left out)."""

    employee = PersonNumber()
    kind = Coded("bonus_kinds")
    step = Key(required=False, allow_null=True, default=None)
    occurred_on = serializers.DateField()
    grounds = serializers.CharField(max_length=500, allow_blank=True)
    same_event_as = Key(required=False, allow_null=True, default=None)


class JoinEventSerializer(Told):
    """Another claim of the same person about the same event; null: this one stands for itself."""

    other = Key(allow_null=True)
