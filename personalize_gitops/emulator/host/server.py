"""The HTTP server: one port for the three services, S3 and everything else in moto, and the admin API.

Requests signed for `personalize` go to the emulator. All three services have this signing name, so the path or a header
tells them apart (docs/service/4 §5). Requests of the admin API are not signed. All others go to moto's own application.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from email.utils import formatdate
from threading import Lock, Thread
from traceback import print_exc
from types import TracebackType
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from personalize_gitops.emulator.errors import Refusal
from personalize_gitops.emulator.host.admin_api import Advance, answer, is_admin_path
from personalize_gitops.emulator.host.moto_backend import account_of, connected, operation_of
from personalize_gitops.emulator.service.dispatch import HttpResponse, error_response
from personalize_gitops.emulator.service.model import operation_by_path

if TYPE_CHECKING:
    from personalize_gitops.emulator.emulator import Emulator

Environ = dict[str, Any]  # a request, as WSGI gives it
StartResponse = Callable[..., Any]

_SCOPE = re.compile(r"Credential=[^/]*/\d+/([^/]+)/([^/]+)/")
_DEFAULT_REGION = "us-east-1"
_MOTO_ACCOUNT = "HTTP_X_MOTO_ACCOUNT_ID"  # a header of moto that would override the account of the credentials


class Server:
    """A running server, with threads of its own; also a context manager that closes it."""

    def __init__(self, emulator: "Emulator", host: str, port: int, advance: Advance | None = None) -> None:
        self._closing = ExitStack()
        self._closing.enter_context(connected(emulator))
        application = _application(emulator, advance)

        class Handler(_Handler):
            """Writes the time of the emulator into the Date header."""

            def date_time_string(self, timestamp: float | None = None) -> str:
                return formatdate(emulator.now() if timestamp is None else timestamp, usegmt=True)

        try:
            self._server = make_server(host, port, application, threaded=True, request_handler=Handler)
        except BaseException:
            self._closing.close()
            raise
        self.host, self.port = host, self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, name="emulator", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The endpoint URL for clients."""
        return f"http://{self.host}:{self.port}"

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

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


def _application(emulator: "Emulator", advance: Advance | None) -> Callable[[Environ, StartResponse], Iterable[bytes]]:
    """Return the WSGI application."""
    moto_application = DomainDispatcherApplication(create_backend_app)
    writing = Lock()

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", "/"), environ.get("REQUEST_METHOD", "GET")
        service, region = _scope(environ)
        if not service and is_admin_path(path):  # in a signed request the path is that of an object in S3
            return _send(start_response, answer(emulator, advance, method, path, _body(environ)))
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        unsigned = target.startswith("AmazonPersonalize.") or (not service and path in operation_by_path())
        if service == "personalize" or unsigned:
            account = account_of(environ.get("HTTP_AUTHORIZATION", ""), emulator.settings.account)
            response = _respond(emulator, region, operation_of(target, path), _body(environ), account)
            return _send(start_response, response)
        environ.pop(_MOTO_ACCOUNT, None)
        if method in ("GET", "HEAD"):
            read: Iterable[bytes] = moto_application(environ, start_response)
            return read
        emulator.changes += 1  # the request may have changed an object, a bucket or a role
        with writing:  # a write to S3 and its condition are one step
            written: Iterable[bytes] = moto_application(environ, start_response)
        return written

    return application


def _respond(emulator: "Emulator", region: str, operation: str, body: bytes, account: str) -> HttpResponse:
    """Return the response of the emulator; a bug becomes InternalFailure for the client and a traceback on stderr."""
    try:
        return emulator.respond(region, operation, body, account)
    except Exception as error:
        print_exc()
        return error_response(None, Refusal("InternalFailure", f"{type(error).__name__}: {error}"))


def _body(environ: Environ) -> bytes:
    size = int(environ.get("CONTENT_LENGTH") or 0)
    content: bytes = environ["wsgi.input"].read(size)
    return content


def _scope(environ: Environ) -> tuple[str, str]:
    """Return the service and region a request is signed for; without a signature, "" and the default region."""
    found = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return (found[2], found[1]) if found else ("", _DEFAULT_REGION)


def _send(start_response: StartResponse, response: HttpResponse) -> list[bytes]:
    body = response.body.encode()
    headers = {name: value for name, value in response.headers.items() if name != "Date"}  # the handler sets Date
    status = f"{response.status} {'OK' if response.status < 400 else 'Error'}"
    start_response(status, [*headers.items(), ("Content-Length", str(len(body)))])
    return [body]
