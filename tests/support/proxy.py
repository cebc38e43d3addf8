"""A proxy before a served emulator: it refuses, changes or loses what a test wants, and forwards the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Request:
    """A request on its way."""

    method: str
    path: str
    headers: Message
    body: bytes

    @property
    def service(self) -> str:
        """The service that the request is signed for."""
        return self.headers.get("Authorization", "////").split("/")[3]

    @property
    def operation(self) -> str:
        """The operation, for services that name it in a header."""
        return self.headers.get("X-Amz-Target", "").rpartition(".")[2]


@dataclass(frozen=True)
class Answer:
    """An answer on its way back."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    missing: int = 0  # bytes at the end of the body that are announced and not sent


Rule = Callable[[Request, Callable[[], Answer]], Answer]
"""Answers a request; the function it is given forwards the request and returns the emulator's answer."""

UNAVAILABLE = Answer(503, b"<html>try again</html>")


def error(code: str, message: str) -> Answer:
    """Return an error of Personalize."""
    return Answer(400, f'{{"__type": "{code}", "message": "{message}"}}'.encode())


@contextmanager
def proxied(url: str, rule: Rule) -> Iterator[str]:
    """Serve in front of a URL, and return the URL of the proxy."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else the body waits 40 ms for the receipt of the head

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, self.path, self.headers, body)
            answer = rule(request, lambda: _forwarded(url, request))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + answer.missing))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
            self.close_connection = self.close_connection or answer.missing > 0

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass  # noqa: N815  names of http.server

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def _forwarded(url: str, request: Request) -> Answer:
    connection = HTTPConnection(url.removeprefix("http://"))
    try:
        connection.request(request.method, request.path, request.body, dict(request.headers.items()))
        found = connection.getresponse()
        kept = {n: v for n, v in found.getheaders() if n.lower() not in ("content-length", "connection")}
        return Answer(found.status, found.read(), kept)
    finally:
        connection.close()
