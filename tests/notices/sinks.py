"""Real receivers on loopback: a mail server, and the far end of chat robots. What they took is kept in order."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Mail
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from scripts.programs import free_port


@dataclass
class MailSink:
    """Takes every message, after ``pause`` seconds; ``refuse`` is answered to the recipient instead."""

    port: int = 0
    pause: float = 0.0
    refuse: str = ""
    taken: list[Mail] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # the library's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        time.sleep(self.pause)
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content))
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.taken]

    @property
    def subjects(self) -> list[str]:
        return [str(make_header(decode_header(mail["Subject"]))) for mail in self.taken]


@contextmanager
def mail_sink(**facts: Any) -> Iterator[MailSink]:
    sink = MailSink(port=free_port(), **facts)
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # each word of each conversation
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@dataclass
class RobotSink:
    """Takes every call: its path, query included, and its JSON; answers ``status`` with ``answer``."""

    port: int = 0
    pause: float = 0.0
    status: int = 200
    answer: dict[str, Any] = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    location: str = ""
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def at(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def robot_sink(**facts: Any) -> Iterator[RobotSink]:
    sink = RobotSink(**facts)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(sink.pause)
            sink.taken.append((self.path, json.loads(body)))
            said = json.dumps(sink.answer).encode()
            self.send_response(sink.status)
            if sink.location:
                self.send_header("Location", sink.location)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_given: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sink.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
