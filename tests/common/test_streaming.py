"""A player asks for pieces of a recording and gets just these."""

import io

import pytest
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from common.streaming import PIECE, Kept, stream
from tests.answers import let_go

CONTENT = bytes(range(256)) * 1000


def asked(method: str = "get", **headers: str) -> HttpResponseBase:
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return stream(request, Kept(io.BytesIO(CONTENT), "张三 1.mp3", "audio/mpeg", len(CONTENT), "d1"))


def body(answer: HttpResponseBase) -> bytes:
    assert isinstance(answer, StreamingHttpResponse)
    return b"".join(answer.streaming_content)  # type: ignore[arg-type]


def test_without_a_range_comes_the_whole_file_shown_in_place_and_not_sniffed():
    answer = asked()

    assert (answer.status_code, body(answer)) == (200, CONTENT)
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == "inline; filename*=utf-8''%E5%BC%A0%E4%B8%89%201.mp3"


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, len(CONTENT) - 1),
        ("bytes=-100", len(CONTENT) - 100, len(CONTENT) - 1),
        ("bytes=255900-9999999", 255900, len(CONTENT) - 1),
        ("bytes=-9999999", 0, len(CONTENT) - 1),
        (f"bytes=1-{PIECE * 2}", 1, PIECE * 2),
    ],
)
def test_a_range_is_answered_by_just_these_bytes(wanted: str, first: int, last: int):
    answer = asked(Range=wanted)

    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert body(answer) == CONTENT[first : last + 1]


@pytest.mark.parametrize("wanted", [f"bytes={len(CONTENT)}-", f"bytes={len(CONTENT)}-{len(CONTENT) + 9}", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_had(wanted: str):
    answer = asked(Range=wanted)

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


@pytest.mark.parametrize("wanted", ["bytes=5-2", "bytes=-", "bytes=0-1,5-9", "items=0-1", "bytes=a-b", "bytes=١-٢"])
def test_what_is_no_single_range_gets_the_whole_file(wanted: str):
    assert asked(Range=wanted).status_code == 200


def test_a_piece_of_another_version_is_not_mixed_in():
    assert asked(**{"Range": "bytes=0-9", "If-Range": '"d1"'}).status_code == 206
    assert asked(**{"Range": "bytes=0-9", "If-Range": '"d0"'}).status_code == 200


def test_the_file_is_let_go_even_if_nobody_reads_it():
    file = io.BytesIO(CONTENT)
    answer = stream(RequestFactory().get("/"), Kept(file, "1.mp3", "audio/mpeg", len(CONTENT), "d1"))

    let_go(answer)

    assert file.closed
