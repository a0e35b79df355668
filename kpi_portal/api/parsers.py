"""Bodies that the API takes: JSON of a bounded size, or a form with files beside the same JSON."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

DATA, FILES = "data", "files"


class TooLarge(APIException):
    """A body that nobody needs to send."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("内容太大，分几次提交。")
    default_code = "too_large"


class BoundedJson(JSONParser):
    """JSON in UTF-8, no larger than a form may be."""

    def parse(
        self, stream: IO[Any], _media_type: str | None = None, _context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The body as JSON; refuses one that is too large (413) or no JSON (400)."""
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge
        found: dict[str, Any] = _json(body)
        return found


def body_and_files(request: Request, part: str = FILES) -> tuple[Any, list["UploadedFile[bytes]"]]:
    """What was sent: the JSON body, or of a form its part ``data`` (the same JSON) and the files named ``part``."""
    sent = request.data
    if not isinstance(sent, QueryDict):
        return sent, []
    strange = set(sent) - {DATA, part}
    if strange or len(sent.getlist(DATA)) > 1:
        raise ParseError(_("表单只收 data（JSON）和 %(part)s。") % {"part": part})
    text = sent.get(DATA, "{}")
    named: list[Any] = sent.getlist(part)
    files = [file for file in named if isinstance(file, UploadedFile)]
    return _json(text.read() if isinstance(text, UploadedFile) else text), files


def _json(body: bytes | str) -> Any:
    try:
        text = body.decode() if isinstance(body, bytes) else body
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:  # not UTF-8, not JSON, or nested without end
        raise ParseError(_("不是有效的 JSON。")) from fault


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
