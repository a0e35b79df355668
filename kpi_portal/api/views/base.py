"""What all addresses of the API share: who asks, which rows are his, what he sent."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, cast

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django_filters import FilterSet
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.throttling import UserRateThrottle
from rest_framework.utils.mediatypes import media_type_matches

from common.forms import whole_number
from common.uploads import Checked, check_upload
from kpi_portal.api.parsers import BoundedJson, body_and_files
from kpi_portal.api.schema import Schema
from kpi_portal.api.throttles import WriteThrottle
from people.facts import Standing
from people.models import Employee
from people.requests import person_of, standing_in

Act = TypeVar("Act", bound=Callable[..., Response])


class Shape(Protocol):
    """A serializer class that reads what was told."""

    def __call__(self, *, data: Any, context: dict[str, Any], many: bool = False) -> BaseSerializer[Any]: ...


class Asked(viewsets.GenericViewSet[Any]):
    """Somebody asks: another's row is not found, in lists as by its id.

    The person is read from the request once; an account without a person is refused.
    """

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    schema = Schema()
    throttle_classes = (UserRateThrottle, WriteThrottle)
    throttle_scope = "writes"
    filterset_class: type[FilterSet] | None = None
    field_names: Mapping[str, str] = {}
    """What a service calls an input, where the API calls it otherwise."""
    model: type[Any]

    @property
    def person(self) -> Employee:
        return person_of(self.request)

    @property
    def standing(self) -> Standing:
        return standing_in(self.request)

    @property
    def is_drawn(self) -> bool:
        """Whether only the schema is drawn, without a person."""
        return bool(getattr(self, "swagger_fake_view", False))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Before anything is looked up: an account with a person, and a body of a kind that is read here."""
        super().initial(request, *args, **kwargs)
        _known = self.person
        sent = request.content_type
        kinds = [parser.media_type for parser in request.parsers or () if parser.media_type]
        if request.method not in {"GET", "HEAD"} and sent and not any(media_type_matches(one, sent) for one in kinds):
            raise UnsupportedMediaType(sent)

    def get_queryset(self) -> QuerySet[Any]:
        if self.is_drawn:
            empty: QuerySet[Any] = self.model._default_manager.none()
            return empty
        return self.visible()

    def visible(self) -> QuerySet[Any]:
        """The rows the person may see, in a fixed order."""
        raise NotImplementedError  # each list says whose rows it shows; none may fall back to all

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if not self.is_drawn:
            context |= {"person": self.person, "standing": self.standing}
        return context

    def told(self, shape: Shape, **context: Any) -> Any:
        """The body in that shape; refused by field (400) where it has another."""
        return self.shaped(shape, self.request.data, **context)

    def told_with_files(self, shape: Shape, **context: Any) -> tuple[Any, Sequence["UploadedFile[bytes]"]]:
        """As ``told``, with the files that came beside it."""
        body, files = body_and_files(self.request)
        return self.shaped(shape, body, **context), files

    def shaped(self, shape: Shape, body: Any, *, many: bool = False, **context: Any) -> Any:
        """``body`` in that shape."""
        read = shape(data=body, context=self.get_serializer_context() | context, many=many)
        read.is_valid(raise_exception=True)
        return read.validated_data

    def found(self, rows: QuerySet[Any], **wanted: Any) -> Any:
        """The one row with these keys; a key that no row can have is not found either."""
        keys = {name: whole_number(str(value)) for name, value in wanted.items()}
        if None in keys.values():
            raise Http404
        return get_object_or_404(rows, **keys)

    def paged(self, rows: Iterable[Any], shape: type[BaseSerializer[Any]], **context: Any) -> Response:
        """A page of rows that were worked out and not only read."""
        page = self.paginate_queryset(list(rows))
        context = self.get_serializer_context() | context
        return self.get_paginated_response(shape(page, many=True, context=context).data)


def act(**options: Any) -> Callable[[Act], Act]:
    """A POST beneath a row's address that does one thing to it; its body is JSON unless another is said."""
    read = {"parser_classes": (BoundedJson,)} | options
    made: Any = action(detail=True, methods=["post"], filterset_class=None, pagination_class=None, **read)
    return cast(Callable[[Act], Act], made)


def checked(files: Iterable["UploadedFile[bytes]"]) -> tuple[Checked, ...]:
    """The files that may be kept; refused as on the pages."""
    return tuple(check_upload(file, field="files") for file in files)


WITH_FILES = (BoundedJson, MultiPartParser)


class ReadOnly(mixins.RetrieveModelMixin, mixins.ListModelMixin, Asked):
    """Reads by id and in pages; nothing can be written."""

    http_method_names = ["get", "head"]
