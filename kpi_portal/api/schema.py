"""The OpenAPI description: beside what an address answers, the refusals that each may give."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer
from rest_framework.serializers import Serializer

from kpi_portal.api.errors import ConflictSerializer, DetailSerializer, RefusalSerializer

SHAPE = OpenApiResponse(OpenApiTypes.OBJECT, "The shape is wrong: field → problems, unknown fields among them.")


def one_or_many(name: str, shape: type[Serializer[Any]]) -> PolymorphicProxySerializer:
    """One thing, or a list of them."""
    return PolymorphicProxySerializer(name, [shape, shape(many=True)], resource_type_field_name=None, many=False)


class Schema(AutoSchema):
    """Adds the refusals of docs/api.md to every operation."""

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for code, told in self._refusals().items():
            body = self._get_response_for_code(told, code, direction=direction)  # type: ignore[no-untyped-call]
            bodies.setdefault(code, body)
        return bodies

    def _refusals(self) -> dict[str, Any]:
        found: dict[str, Any] = {"403": DetailSerializer, "429": DetailSerializer}
        if "{" in self.path:
            found["404"] = DetailSerializer
        if self._is_list_view():
            found["400"] = SHAPE
        if self.method != "GET":
            found |= {"400": SHAPE, "409": ConflictSerializer, "413": DetailSerializer, "415": DetailSerializer}
            found |= {"422": RefusalSerializer}
        return found
