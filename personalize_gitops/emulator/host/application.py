"""The WSGI application of the server: finds who answers a request, saves what it changed, and logs it.

A change is saved before it is answered, so that no crash loses what a client was told is done. If it cannot be saved,
the client gets an error that says so, and the server goes on with what it has in memory.
"""

import json
import re
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from threading import Lock
from traceback import print_exc
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from personalize_gitops.catalog.policies import allowed
from personalize_gitops.emulator.errors import BadRequest, Refusal, StateInUse, UnwritableState
from personalize_gitops.emulator.host import admin_api
from personalize_gitops.emulator.host.http_body import read_body
from personalize_gitops.emulator.host.moto_backend import access_key_of, account_of, operation_of
from personalize_gitops.emulator.host.origin import refusal
from personalize_gitops.emulator.host.other_services import question_of
from personalize_gitops.emulator.host.page import view as page
from personalize_gitops.emulator.host.request_log import RequestLog
from personalize_gitops.emulator.service.callers import denied
from personalize_gitops.emulator.service.dispatch import HttpResponse, changes_state, error_response
from personalize_gitops.emulator.service.model import operation_by_path

if TYPE_CHECKING:
    from personalize_gitops.emulator.emulator import Emulator

Environ = dict[str, Any]  # a request, as WSGI gives it
StartResponse = Callable[..., Any]

_SCOPE = re.compile(r"Credential=[^/]*/\d+/([^/]+)/([^/]+)/")
_DEFAULT_REGION = "us-east-1"
_MOTO_ACCOUNT = "HTTP_X_MOTO_ACCOUNT_ID"  # a header of moto that would override the account of the credentials
_ONLY_READ = ("tagging", "monitoring", "cloudtrail")
"""Services, as a request is signed for them, that hold nothing of a saved state."""

_WHO_AM_I = b"Action=GetCallerIdentity&"  # with which every command begins
_MOTO_ADMIN = "/moto-api"  # moto's own requests, such as one that removes all buckets
_CODE = re.compile(rb'<Code>([^<]*)</Code>|"__type": *"([^"]*)"')
_INTERNAL = "InternalFailure"
_DENIED = "AccessDeniedException"
_MOST_BYTES = 64 * 1024**2  # of a request that moto does not answer
_MOST_OBJECT = 5 * 1024**3  # of one to S3 (and all others in moto), as in S3


@dataclass(frozen=True)
class Request:
    """One request: its parts that decide who answers it."""

    environ: Environ
    method: str
    path: str
    service: str  # it is signed for; "" without a signature
    region: str

    @property
    def target(self) -> str:
        """The header that names the operation of a JSON protocol."""
        return str(self.environ.get("HTTP_X_AMZ_TARGET", ""))

    @property
    def authorization(self) -> str:
        """The header with the signature."""
        return str(self.environ.get("HTTP_AUTHORIZATION", ""))

    @property
    def is_admin(self) -> bool:
        """Whether it is for the admin API. In a signed request the path is that of an object in S3."""
        return not self.service and admin_api.is_admin_path(self.path)

    @property
    def is_page(self) -> bool:
        """Whether a browser wants the page, or sends its form. Clients of S3 do not accept HTML."""
        wants_html = "text/html" in str(self.environ.get("HTTP_ACCEPT", ""))
        shows = self.method in ("GET", "HEAD") and self.path == "/" and wants_html
        return not self.service and (shows or (self.method == "POST" and self.path == page.ADVANCE))

    @property
    def is_personalize(self) -> bool:
        """Whether it is for one of the three services."""
        unsigned = self.target.startswith("AmazonPersonalize.") or self.path in operation_by_path()
        return self.service == "personalize" or (not self.service and unsigned)

    @property
    def is_controlling(self) -> bool:
        """Whether it controls the emulator instead of using it. moto looks at the path only."""
        return (
            self.is_page
            or self.path.startswith(_MOTO_ADMIN)
            or (not self.service and self.path.startswith("/emulator/"))
        )

    @property
    def operation(self) -> str:
        """What it asks for, for the log: an operation of the service, or method and path."""
        if self.is_personalize or self.target:
            return operation_of(self.target, self.path)
        return f"{self.service}:{self.method}:{self.path}" if self.service else f"{self.method}:{self.path}"

    @property
    def may_change_state(self) -> bool:
        """Whether it can change anything that is saved. Saving takes time, and some read with POST."""
        if self.is_personalize:
            return changes_state(self.operation)
        return self.method not in ("GET", "HEAD") and self.service not in _ONLY_READ


@dataclass(frozen=True)
class Answer:
    """A response as bytes."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def code(self) -> int:
        """The HTTP status."""
        return int(self.status.split()[0])

    @property
    def error(self) -> str:
        """The error code; "" after success."""
        if self.code < 400:
            return ""
        in_header = dict(self.headers).get("x-amzn-ErrorType", "")
        found = _CODE.search(self.body)
        return in_header or ((found[1] or found[2]).decode("utf-8", "replace") if found else str(self.code))


class Application:
    """Answers every request of the server."""

    def __init__(
        self, emulator: "Emulator", clock: admin_api.Clock, listening_on: str, log: RequestLog | None = None
    ) -> None:
        self._emulator = emulator
        self._clock = clock
        self._listening_on = listening_on
        self._log = log
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._writing = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI wants it."""
        request = _request(environ)
        answer = self._answer(request)
        if request.may_change_state:
            answer = self._saved(request, answer)
        if self._log is not None:
            account = (
                ""
                if request.is_page or request.is_admin
                else account_of(request.authorization, self._emulator.settings.account)
            )
            region = "" if request.is_page or request.is_admin else request.region
            self._log.add(self._emulator.now(), (account, region, request.operation, answer.code, answer.error))
        start_response(answer.status, answer.headers)
        return [b"" if request.method == "HEAD" else answer.body]

    def _answer(self, request: Request) -> Answer:
        try:
            is_ours = request.is_page or request.is_admin or request.is_personalize
            body = read_body(request.environ, _MOST_BYTES if is_ours else _MOST_OBJECT)
            return self._find(request, body)
        except BadRequest as error:
            answer = _error(request, 400, "InvalidInputException", str(error))
            # The rest of the request, if any comes, must not be taken for the next one.
            return Answer(answer.status, [*answer.headers, ("Connection", "close")], answer.body)
        except Exception as error:
            # A bug becomes an error of the service for the client and a traceback on stderr.
            print_exc()
            return _error(request, 500, _INTERNAL, f"{type(error).__name__}: {error}")

    def _find(self, request: Request, body: bytes) -> Answer:
        """Return the answer of the one that the request is for."""
        emulator = self._emulator
        why = refusal(request.environ, self._listening_on) if request.is_controlling else ""
        if why:
            return _error(request, 403, _DENIED, why)
        if request.is_page and request.method == "POST":
            return _answer_of(page.advance(emulator, self._clock, body))
        if request.is_page:
            query = str(request.environ.get("QUERY_STRING", ""))
            return _answer_of(page.show(emulator, self._clock, query))
        if request.is_admin:
            return _answer_of(admin_api.answer(emulator, self._clock.advance, request.method, request.path, body))
        if request.is_personalize:
            account = account_of(request.authorization, emulator.settings.account)
            key = access_key_of(request.authorization)
            return _answer_of(emulator.respond(request.region, request.operation, body, account, key))
        if refused := self._refused(request, body):
            return refused
        emulator.catch_up()  # jobs and reports write to S3 and CloudWatch
        answer = self._ask_moto(request, body)
        if request.path == f"{_MOTO_ADMIN}/reset":
            emulator.reset()  # moto has removed what it holds; Personalize is part of the same account
        return answer

    def _refused(self, request: Request, body: bytes) -> Answer | None:
        """Return the answer to a request of moto's services that its caller may not make; None if it may be made."""
        account = account_of(request.authorization, self._emulator.settings.account)
        caller = self._emulator.caller(access_key_of(request.authorization), account)
        if caller is None or request.service == "sts":  # moto's STS looks at trust policies itself
            return None
        query = str(request.environ.get("QUERY_STRING", ""))
        role_arn = partial(self._emulator.identities.role_arn, account)
        question = question_of(request.service, request.method, request.path, query, request.target, body, role_arn)
        if allowed(caller.statements, question):
            return None
        refusal = denied(caller.arn, question)
        return _error(request, 403, refusal.code, refusal.message)

    def _ask_moto(self, request: Request, body: bytes) -> Answer:
        left_out = (_MOTO_ACCOUNT, "HTTP_TRANSFER_ENCODING", "wsgi.input_terminated")
        environ = {name: value for name, value in request.environ.items() if name not in left_out}
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        started: list[Any] = []
        only_asks = request.service == "sts" and body.startswith(_WHO_AM_I)
        may_change = request.may_change_state and not only_asks
        try:
            # A write to S3 and its condition are one step.
            with self._writing if may_change else nullcontext():
                content = b"".join(self._moto(environ, lambda *given: started.extend(given)))
        except RecursionError as error:
            raise BadRequest("The request is nested too deeply.") from error
        finally:
            if may_change:
                self._emulator.changed()  # it may have changed an object, a bucket or a role
        has_length = any(name.lower() == "content-length" for name, _ in started[1])
        length = [] if has_length else [("Content-Length", str(len(content)))]
        return Answer(started[0], [*started[1], *length], content)

    def _saved(self, request: Request, answer: Answer) -> Answer:
        """Save what a request changed; return its answer, or an error if it cannot be saved."""
        try:
            self._emulator.save_changes()
        except (StateInUse, UnwritableState) as error:
            if answer.code >= 400:
                return answer
            return _error(request, 500, _INTERNAL, f"The change is made in memory only and is not saved. {error}")
        return answer


def _request(environ: Environ) -> Request:
    found = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    service, region = (found[2], found[1]) if found else ("", _DEFAULT_REGION)
    return Request(environ, environ.get("REQUEST_METHOD", "GET"), environ.get("PATH_INFO", "/"), service, region)


def _error(request: Request, status: int, code: str, message: str) -> Answer:
    """Return an error in the form that the client of a service expects."""
    if request.is_controlling or request.is_admin:
        return _answer_of(HttpResponse(status, {"Content-Type": "application/json"}, json.dumps({"message": message})))
    if request.is_personalize or request.target:
        return _answer_of(error_response(None, Refusal(code, message, status)))
    code = {_INTERNAL: "InternalError", _DENIED: "AccessDenied"}.get(code, "InvalidRequest")
    body = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return _answer_of(HttpResponse(status, {"Content-Type": "application/xml"}, body))


def _answer_of(response: HttpResponse) -> Answer:
    body = response.body.encode()
    status = f"{response.status} {'OK' if response.status < 400 else 'Error'}"
    return Answer(status, [*response.headers.items(), ("Content-Length", str(len(body)))], body)
