"""How a refusal leaves the API: in words, with the code that the page's refusal has too (docs/api.md)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from rest_framework import serializers, status
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from common.errors import ConflictError, RuleError
from kpi_portal.api.parsers import TooLarge


class DetailSerializer(serializers.Serializer[Any]):
    """Not signed in, not there or not yours, a method or content type that is not served, too many requests."""

    detail = serializers.CharField()


class RefusalSerializer(serializers.Serializer[Any]):
    """A rule says no, and nothing was written: ``message`` says what to do, ``code`` is for programs.

    ``field`` names the input it is about, empty without one; ``problems`` lists several faults at once.
    """

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField()
    problems = serializers.ListField(child=serializers.CharField())


class ConflictSerializer(RefusalSerializer):
    """Somebody else saved first: ``theirs`` is what stands now."""

    theirs = serializers.CharField()


def answer(fault: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to what a view raised; None leaves it to the page of our own mistakes."""
    if isinstance(fault, RuleError):
        return _refusal(fault, getattr(context["view"], "field_names", {}))
    if isinstance(fault, RequestDataTooBig):
        fault = TooLarge()
    elif isinstance(fault, SuspiciousOperation):  # Django's own limits on forms: too many parts, a crooked name
        fault = ParseError()
    return exception_handler(fault, context)


def _refusal(fault: RuleError, names: Mapping[str, str]) -> Response:
    told: dict[str, Any] = {
        "code": fault.code,
        "message": str(fault),
        "field": names.get(fault.field, fault.field),
        "problems": [str(problem) for problem in fault.problems],
    }
    if isinstance(fault, ConflictError):
        return Response(told | {"theirs": str(fault.theirs)}, status=status.HTTP_409_CONFLICT)
    return Response(told, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
