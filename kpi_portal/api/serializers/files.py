"""What the API says of files, and how they come with a record."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from incidents.models import EventFile
from kpi_portal.api.serializers.people import PersonSerializer


class EventFileSerializer(serializers.ModelSerializer[EventFile]):
    """A file behind a record; ``url`` is its address on the portal, for those who may see the record."""

    uploaded_by = PersonSerializer()
    url = serializers.SerializerMethodField()

    class Meta:
        model = EventFile
        fields = ("id", "name", "kind", "size", "sha256", "uploaded_by", "uploaded_at", "url")

    @extend_schema_field(serializers.CharField)
    def get_url(self, file: EventFile) -> str:
        if file.bonus_id is not None:
            return reverse("incidents:bonus_file", args=[file.bonus_id, file.pk])
        return reverse("incidents:incident_file", args=[file.pk])


def with_files(shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """How the schema says: JSON, or a form whose part ``data`` is that JSON and whose parts ``files`` come with it."""
    files = serializers.ListField(child=serializers.FileField(), required=False)
    form = inline_serializer(name=f"{shape.__name__}Form", fields={"data": shape(), "files": files})
    return {"application/json": shape, "multipart/form-data": form}


class FilesSerializer(serializers.Serializer[Any]):
    """A form that only brings files; for the schema."""

    files = serializers.ListField(child=serializers.FileField())


class AudioFormSerializer(serializers.Serializer[Any]):
    """A form that brings one recording; for the schema."""

    audio = serializers.FileField()
