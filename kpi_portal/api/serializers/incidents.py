"""Incident records as the API says and is told them (P4.5): each share as far as the reader may see it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.models import Incident, IncidentKind, Involvement
from incidents.permissions import Judge, Sight, concerned_with, sight_of
from incidents.selectors.records import RecordView, ShareView
from incidents.states import EventState
from kpi_portal.api.serializers.fields import Coded, PersonNumber, Points, Told
from kpi_portal.api.serializers.files import EventFileSerializer
from kpi_portal.api.serializers.people import PersonSerializer


class IncidentKindNameSerializer(serializers.ModelSerializer[IncidentKind]):
    severity = serializers.CharField(source="severity.code")

    class Meta:
        model = IncidentKind
        fields = ("code", "name", "severity")


class ShareSerializer(serializers.ModelSerializer[Involvement]):
    """One person's share. ``severity`` is the one it was judged by, after repetition.

    Where ``is_whole`` is false you see what was filed and where it stands; view, points and verifier are null.
    """

    ALWAYS: tuple[str, ...] = (
        "id",
        "is_whole",
        "employee",
        "filed_points",
        "state",
        "statement_due_on",
        "decided_at",
    )

    employee = PersonSerializer()
    state = serializers.ChoiceField(choices=EventState.choices)
    severity = serializers.CharField(source="severity.code", default=None, allow_null=True)
    verified_by = PersonSerializer(allow_null=True)
    is_whole = serializers.SerializerMethodField()

    class Meta:
        model = Involvement
        fields: tuple[str, ...] = (
            "id",
            "is_whole",
            "employee",
            "filed_points",
            "state",
            "points",
            "severity",
            "repeats",
            "statement",
            "stated_at",
            "statement_due_on",
            "verified_by",
            "confirmed_at",
            "decided_at",
            "decision_reason",
            "counted_month",
        )
        extra_kwargs = {
            name: {"allow_null": True}
            for name in ("points", "repeats", "statement", "stated_at", "confirmed_at", "decision_reason")
        }

    @extend_schema_field(serializers.BooleanField)
    def get_is_whole(self, share: Involvement) -> bool:
        return share.pk in self.context["whole"]

    def to_representation(self, instance: Involvement) -> Any:
        """Nothing of a share goes out that its reader does not see."""
        told = super().to_representation(instance)
        if instance.pk in self.context["whole"]:
            return told
        # Why it was turned down is for whoever filed it; why the points were altered is not.
        seen = self.ALWAYS if instance.state == EventState.CONFIRMED else (*self.ALWAYS, "decision_reason")
        return {name: value if name in seen else None for name, value in told.items()}


class IncidentSerializer(serializers.ModelSerializer[Incident]):
    """A record; ``others`` more people are concerned of whom you don't learn. ``origin`` names a call it came from."""

    kind = IncidentKindNameSerializer(allow_null=True)
    found_by = PersonSerializer()
    filed_by = PersonSerializer(allow_null=True)
    people = serializers.SerializerMethodField()
    others = serializers.SerializerMethodField()

    class Meta:
        model = Incident
        fields: tuple[str, ...] = (
            "id",
            "number",
            "occurred_on",
            "occurred_time",
            "place",
            "description",
            "kind",
            "found_by",
            "filed_by",
            "filed_at",
            "origin",
            "people",
            "others",
        )

    @extend_schema_field(ShareSerializer(many=True))
    def get_people(self, incident: Incident) -> Any:
        sights = self._sights(incident)
        seen = [share for share in incident.involvements.all() if sights[share.pk] != Sight.NOTHING]
        whole = {pk for pk, sight in sights.items() if sight == Sight.WHOLE}
        return ShareSerializer(seen, many=True, context={**self.context, "whole": whole}).data

    @extend_schema_field(serializers.IntegerField)
    def get_others(self, incident: Incident) -> int:
        return sum(sight == Sight.NOTHING for sight in self._sights(incident).values())

    def _sights(self, incident: Incident) -> dict[int, Sight]:
        judge, above = Judge(self.context["person"], self.context["standing"]), self.context["above"]
        concerned = concerned_with(incident)
        return {share.pk: sight_of(judge, share, concerned, above) for share in incident.involvements.all()}


class ShareDetailSerializer(ShareSerializer):
    """A share on its record: who holds it, whether the view is in or its term over, and what the points may be.

    ``is_outdated``: one before it was decided after it was confirmed, and it is another time than it was judged by.

    ``allowed`` names what you may do with it now, beneath ``/involvements/<id>/``.
    """

    ALWAYS = (*ShareSerializer.ALWAYS, "holder", "is_view_in", "allowed")

    holder = serializers.SerializerMethodField()
    is_view_in = serializers.SerializerMethodField()
    is_outdated = serializers.SerializerMethodField()
    lowest = serializers.SerializerMethodField()
    highest = serializers.SerializerMethodField()
    suggested = serializers.SerializerMethodField()
    allowed = serializers.SerializerMethodField()

    class Meta(ShareSerializer.Meta):
        fields = (
            *ShareSerializer.Meta.fields,
            "holder",
            "is_view_in",
            "is_outdated",
            "lowest",
            "highest",
            "suggested",
            "allowed",
        )

    def _view(self, share: Involvement) -> ShareView:
        view: ShareView = self.context["views"][share.pk]
        return view

    @extend_schema_field(serializers.CharField)
    def get_holder(self, share: Involvement) -> str:
        return self._view(share).holder

    @extend_schema_field(serializers.BooleanField)
    def get_is_view_in(self, share: Involvement) -> bool:
        return self._view(share).is_view_in

    @extend_schema_field(serializers.BooleanField)
    def get_is_outdated(self, share: Involvement) -> bool:
        return self._view(share).is_outdated

    @extend_schema_field(Points(allow_null=True))
    def get_lowest(self, share: Involvement) -> str | None:
        told = self._view(share).judgement
        return None if told is None else str(told.judged.low)

    @extend_schema_field(Points(allow_null=True))
    def get_highest(self, share: Involvement) -> str | None:
        told = self._view(share).judgement
        return None if told is None else str(told.judged.high)

    @extend_schema_field(Points(allow_null=True))
    def get_suggested(self, share: Involvement) -> str | None:
        told = self._view(share).judgement
        return None if told is None else str(told.judged.suggested)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed(self, share: Involvement) -> list[str]:
        view = self._view(share)
        acts = {
            "state": view.may_state,
            "confirm": view.may_confirm,
            "reject": view.may_verify,
            "rejudge": view.may_overturn and view.is_outdated,
            "overturn": view.may_overturn,
        }
        return [name for name, allowed in acts.items() if allowed]


class IncidentDetailSerializer(serializers.ModelSerializer[Incident]):
    """A record with its files and, of each share you see, what may be done with it.

    ``allowed`` names what you may do with the record now, beneath its address.
    """

    people = serializers.SerializerMethodField()
    others = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()
    allowed = serializers.SerializerMethodField()
    kind = IncidentKindNameSerializer(allow_null=True)
    found_by = PersonSerializer()
    filed_by = PersonSerializer(allow_null=True)

    class Meta(IncidentSerializer.Meta):
        fields = (*IncidentSerializer.Meta.fields, "files", "allowed")

    @property
    def _record(self) -> RecordView:
        record: RecordView = self.context["record"]
        return record

    @extend_schema_field(ShareDetailSerializer(many=True))
    def get_people(self, _incident: Incident) -> Any:
        views = {view.share.pk: view for view in self._record.shares}
        whole = {pk for pk, view in views.items() if view.is_whole}
        shares = [view.share for view in self._record.shares]
        context = {**self.context, "views": views, "whole": whole}
        return ShareDetailSerializer(shares, many=True, context=context).data

    @extend_schema_field(serializers.IntegerField)
    def get_others(self, _incident: Incident) -> int:
        return self._record.others

    @extend_schema_field(EventFileSerializer(many=True))
    def get_files(self, _incident: Incident) -> Any:
        return EventFileSerializer(self._record.files, many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed(self, _incident: Incident) -> list[str]:
        acts = {"withdraw": self._record.may_withdraw, "add-files": self._record.may_add_files}
        return [name for name, allowed in acts.items() if allowed]


class ConcernedSerializer(Told):
    """One person concerned; without ``points`` what the standard says."""

    employee = PersonNumber()
    points = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True, default=None)


class FileIncidentSerializer(Told):
    """A record to file; ``found_by`` left out is you."""

    kind = Coded("incident_kinds")
    occurred_on = serializers.DateField()
    occurred_time = serializers.TimeField(allow_null=True, default=None)
    place = serializers.CharField(max_length=80, allow_blank=True, default="")
    description = serializers.CharField(max_length=500, allow_blank=True)
    found_by = PersonNumber(allow_null=True, default=None)
    people = ConcernedSerializer(many=True)


class StateViewSerializer(Told):
    """What the person concerned has to say; empty: nothing. Once, for good."""

    text = serializers.CharField(max_length=500, allow_blank=True)


class ConfirmSerializer(Told):
    """``points`` left out are those suggested; others within the severity's range take a reason."""

    points = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True, default=None)
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")
