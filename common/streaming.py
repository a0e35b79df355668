"""A kept file sent in the pieces a player asks for (RFC 9110, 14): it can seek without fetching the whole."""

import re
from collections.abc import Iterator
from typing import IO, NamedTuple

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

PIECE = 64 * 1024
_ONE_RANGE = re.compile(r"bytes=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*")


class Kept(NamedTuple):
    """A file that is kept: ``digest`` tells one version from the next, ``kind`` is its type for the browser."""

    file: IO[bytes]
    name: str
    kind: str
    size: int
    digest: str


class Span(NamedTuple):
    """From which byte to which, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Slice:
    """The bytes of a span, piece by piece; ``close`` lets go of the file even if nothing was read."""

    def __init__(self, file: IO[bytes], span: Span) -> None:
        self._file, self._left = file, span.length
        file.seek(span.first)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._file.read(min(PIECE, self._left)) if self._left > 0 else b""
        if not piece:
            raise StopIteration
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._file.close()


def stream(request: HttpRequest, kept: Kept) -> HttpResponseBase:
    """The file, or the one range that is asked for: 200, 206, or 416 for a range beyond its end.

    It is shown in place and never sniffed. Several ranges at once, a unit other than bytes, or ``If-Range`` of
    another version get the whole file, as the standard allows.
    """
    answer = _answer(request, kept)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["ETag"] = f'"{kept.digest}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _answer(request: HttpRequest, kept: Kept) -> HttpResponseBase:
    span = _span_wanted(request, kept)
    if span is not None and span.length <= 0:
        kept.file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{kept.size}"})
    whole = Span(0, kept.size - 1)
    part = span or whole
    answer = StreamingHttpResponse(Slice(kept.file, part), status=200 if span is None else 206, content_type=kept.kind)
    answer.headers["Content-Length"] = str(part.length)
    if span is not None:
        answer.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{kept.size}"
    shown = content_disposition_header(as_attachment=False, filename=kept.name)
    if shown:
        answer.headers["Content-Disposition"] = shown
    return answer


def _span_wanted(request: HttpRequest, kept: Kept) -> Span | None:
    """The one range asked for, of no length where it begins beyond the end; None for the whole file."""
    found = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or request.method != "GET" or not (found[1] or found[2]):
        return None
    if request.headers.get("If-Range", f'"{kept.digest}"') != f'"{kept.digest}"':
        return None
    if not found[1]:
        length = min(int(found[2]), kept.size)
        return Span(kept.size - length, kept.size - 1)
    first = int(found[1])
    last = min(int(found[2]), kept.size - 1) if found[2] else kept.size - 1
    if found[2] and int(found[2]) < first:
        return None
    return Span(first, last) if first < kept.size else Span(0, -1)
