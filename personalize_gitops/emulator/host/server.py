"""The emulator over HTTP: one port for the three services, S3 and whatever else moto knows, and its own pages.

Requests signed for `personalize` are answered here; all three services share that signing name, so path and header tell
them apart (docs/service/4 §5). Everything else goes to moto's own application, but for the pages in `pages.py`.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from email.utils import formatdate
from threading import Thread
from traceback import print_exc
from types import TracebackType
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from personalize_gitops.emulator.errors import Refusal
from personalize_gitops.emulator.host.admin_api import PREFIX, Advance, page
from personalize_gitops.emulator.host.moto_backend import account_of, answering, operation_of
from personalize_gitops.emulator.service.dispatch import Response, refused
from personalize_gitops.emulator.service.model import operation_by_path

if TYPE_CHECKING:
    from personalize_gitops.emulator import Emulator

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

_SCOPE = re.compile(r"Credential=[^/]*/\d+/([^/]+)/([^/]+)/")
_DEFAULT_REGION = "us-east-1"
_MOTOS_ACCOUNT = "HTTP_X_MOTO_ACCOUNT_ID"  # a header that would override who signed


class Server:
    """Answers from its own threads until closed; also a context manager."""

    def __init__(self, emulator: "Emulator", host: str, port: int, advance: Advance | None = None) -> None:
        self._closing = ExitStack()
        self._closing.enter_context(answering(emulator))
        application = _application(emulator, advance)

        class Handler(_Handler):
            """Dates its answers by the emulator's time."""

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
        """What clients take as their endpoint."""
        return f"http://{self.host}:{self.port}"

    def wait(self, seconds: float | None = None) -> bool:
        """Stay for some time, or until the server is closed from elsewhere; whether it still answers."""
        self._thread.join(seconds)
        return self._thread.is_alive()

    def close(self) -> None:
        """Stop answering and give the port back."""
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
    """Keeps connections open between requests, and keeps quiet."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """One line per request is more than anyone reads."""


def _application(emulator: "Emulator", advance: Advance | None) -> Callable[[Environ, StartResponse], Iterable[bytes]]:
    others = DomainDispatcherApplication(create_backend_app)

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", "/"), environ.get("REQUEST_METHOD", "GET")
        service, region = _scope(environ)
        if not service and (path.startswith(PREFIX) or path == "/health"):  # signed, it would be a bucket's name
            return _send(start_response, page(emulator, advance, method, path, _body(environ)))
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        ours = target.startswith("AmazonPersonalize.") or (not service and path in operation_by_path())
        if service == "personalize" or ours:
            account = account_of(environ.get("HTTP_AUTHORIZATION", ""), emulator.settings.account)
            answer = _respond(emulator, region, operation_of(target, path), _body(environ), account)
            return _send(start_response, answer)
        environ.pop(_MOTOS_ACCOUNT, None)
        if method not in ("GET", "HEAD"):
            emulator.changes += 1  # an object, a bucket or a role may be different now
        found: Iterable[bytes] = others(environ, start_response)
        return found

    return application


def _respond(emulator: "Emulator", region: str, operation: str, body: bytes, account: str) -> Response:
    """The emulator's answer; a mistake of its own becomes an error a client can read, and a trace on the server."""
    try:
        return emulator.respond(region, operation, body, account)
    except Exception as error:
        print_exc()
        return refused(None, Refusal("InternalFailure", f"{type(error).__name__}: {error}"))


def _body(environ: Environ) -> bytes:
    size = int(environ.get("CONTENT_LENGTH") or 0)
    content: bytes = environ["wsgi.input"].read(size)
    return content


def _scope(environ: Environ) -> tuple[str, str]:
    """Service and region a request is signed for; unsigned requests are for the default region."""
    found = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return (found[2], found[1]) if found else ("", _DEFAULT_REGION)


def _send(start_response: StartResponse, response: Response) -> list[bytes]:
    body = response.body.encode()
    dated = {name: value for name, value in response.headers.items() if name != "Date"}  # by the handler
    headers = [*dated.items(), ("Content-Length", str(len(body)))]
    start_response(f"{response.status} {'OK' if response.status < 400 else 'Error'}", headers)
    return [body]
