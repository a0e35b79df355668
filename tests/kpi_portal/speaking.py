"""Somebody who speaks to the API: requests in JSON, or as a form with files."""

import json
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from people.models import Employee

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
MP3 = b"ID3" + b"0" * 256


class Speaker:
    """A person signed in to the API."""

    def __init__(self, person: Employee, *, enforce_csrf_checks: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=enforce_csrf_checks)
        assert person.account is not None
        self.client.force_login(person.account)

    def get(self, path: str, **query: Any) -> Any:
        """The answer to a reading request."""
        return self.client.get(f"/api/v1/{path}", query)

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """The first page of a list."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content.decode()
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    def post(self, path: str, body: Any = None, **told: Any) -> Any:
        """The answer to a request in JSON."""
        return self.send("post", path, told if body is None else body)

    def fetched(self, address: str) -> bytes:
        """A file from its address on the portal."""
        answer: Any = self.client.get(address)
        return b"".join(answer.streaming_content)

    def send(self, method: str, path: str, body: Any) -> Any:
        """The answer to a request in JSON of any method."""
        return self.client.generic(method.upper(), f"/api/v1/{path}", json.dumps(body), "application/json")

    def form(self, path: str, told: Any = None, **files: Any) -> Any:
        """The answer to a form: ``data`` is JSON, every other part a file."""
        data = {} if told is None else {"data": json.dumps(told)}
        return self.client.post(f"/api/v1/{path}", {**data, **files})


def photo(name: str = "现场.png", content: bytes = PNG) -> SimpleUploadedFile:
    """A small picture."""
    return SimpleUploadedFile(name, content)


def sound(name: str = "LY-1.mp3", content: bytes = MP3) -> SimpleUploadedFile:
    """A small recording."""
    return SimpleUploadedFile(name, content)


def done(answer: Any, status: int = 200) -> Any:
    """What an answer says, once its status is the one expected."""
    assert answer.status_code == status, answer.content.decode()
    return answer.json() if answer.content else None


def code(answer: Any, status: int = 422) -> str:
    """The code of a refusal; the rest of its shape is looked at on the way."""
    told = done(answer, status)
    assert set(told) == {"code", "message", "field", "problems"} | ({"theirs"} if status == 409 else set())
    assert told["message"]
    found: str = told["code"]
    return found


def same_refusal(speaker: Speaker, answer: Any, page: str, **typed: Any) -> str:
    """The code of a refusal, once the page has been seen to refuse the same act in the same words."""
    found = code(answer)
    shown = unescape(speaker.client.post(page, typed, follow=True).content.decode())
    assert str(answer.json()["message"]) in shown
    return found
