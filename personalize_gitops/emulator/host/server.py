"""The HTTP server: one port for the three services, S3 and everything else in moto, and the admin API.

Requests signed for `personalize` go to the emulator. All three services have this signing name, so the path or a header
tells them apart (docs/service/4 §5). Requests of the admin API are not signed. All others go to moto's own application.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from socket import create_server
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server, select_address_family

from personalize_gitops.emulator.host.admin_api import Advance, Clock
from personalize_gitops.emulator.host.application import Application
from personalize_gitops.emulator.host.moto_backend import connected
from personalize_gitops.emulator.host.request_log import RequestLog

if TYPE_CHECKING:
    from personalize_gitops.emulator.emulator import Emulator

_POLL = 0.1  # seconds until a server that is closed notices it


class Server:
    """A running server, with threads of its own; also a context manager that closes it."""

    def __init__(
        self,
        emulator: "Emulator",
        host: str,
        port: int,
        advance: Advance | None = None,
        log: Path | None = None,
        speed: float | None = None,
    ) -> None:
        self._closing = ExitStack()
        requests = RequestLog(log) if log else None
        if requests is not None:
            self._closing.callback(requests.close)
        self._closing.enter_context(connected(emulator))
        application = Application(emulator, Clock(advance, speed), host, requests)

        try:
            with create_server((host, port), family=select_address_family(host, port)) as listening:
                self._server = make_server(
                    host, port, application, threaded=True, request_handler=_Handler, fd=listening.fileno()
                )
        except BaseException:
            self._closing.close()
            raise
        self.host, self.port = host, self._server.port
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL,), name="emulator", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The endpoint URL for clients."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for some seconds, or until the server is closed; return whether it still runs."""
        self._thread.join(seconds)
        return self._thread.is_alive()

    def close(self) -> None:
        """Stop the server and release the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._closing.close()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


class _Handler(MotoRequestHandler):
    """Keeps connections open between requests and does not log requests."""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds without a byte from the client, after which the connection is closed
    wbufsize = -1  # a response is sent at once
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Answer one request. werkzeug closes the connection after each, because an application may not read it all."""
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
            self.wfile.flush()
        for content in self.server.app(self.make_environ(), self._start):
            self.wfile.write(content)

    def _start(
        self, status: str, headers: Sequence[tuple[str, str]], error: object = None
    ) -> Callable[[bytes], object]:
        """Begin the response, as WSGI wants it."""
        code, _, message = status.partition(" ")
        self.send_response(int(code), message)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        return self.wfile.write

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""
