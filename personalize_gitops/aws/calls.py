"""Make calls: counted, retried, with errors of this program, and with renewed credentials after others have expired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, TypeVar

from personalize_gitops.aws.answers import Answer, checked
from personalize_gitops.aws.credentials import RenewableCredentials
from personalize_gitops.aws.errors import Throttled, translated, understood
from personalize_gitops.aws.pace import Pace
from personalize_gitops.aws.retry import attempts
from personalize_gitops.errors import CredentialsError, CredentialsExpired, GitopsError
from personalize_gitops.model.ports import Clock
from personalize_gitops.model.secrets import NO_SECRETS, Secrets

T = TypeVar("T")


class Calls:
    """The calls of one connection. Safe to use from several threads."""

    def __init__(
        self, clock: Clock, credentials: RenewableCredentials | None = None, secrets: Secrets = NO_SECRETS
    ) -> None:
        self.clock = clock
        self.secrets = secrets  # left out of the messages of errors
        self._credentials = credentials
        self._pace = Pace(clock)
        self._counting = Lock()
        self._counts: Counter[str] = Counter()
        self.guard: Callable[[], object] = lambda: None  # called before each call; raises if none may be made

    def unguarded(self) -> Calls:
        """Return calls with the same credentials and no guard."""
        return Calls(self.clock, self._credentials, self.secrets)

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of calls of each operation so far, retries included."""
        with self._counting:
            return dict(sorted(self._counts.items()))

    def send(
        self, client: Any, operation: str, request: Mapping[str, Any], read: Callable[[Answer], T], what: str = ""
    ) -> T:
        """Make a call that can be repeated without harm, and retry while that can help. Return what `read` finds.

        `what` names the call in errors. An answer that `read` cannot understand is an error of the call.
        """
        for attempt in attempts(self.clock):
            with attempt:
                return self.once(client, operation, request, read, what)
        raise AssertionError("the last attempt returns or raises")

    def once(
        self, client: Any, operation: str, request: Mapping[str, Any], read: Callable[[Answer], T], what: str = ""
    ) -> T:
        """Make a call. A refusal of expired credentials had no effect, so the call is repeated with renewed ones."""
        version = self._credentials.version if self._credentials else 0
        try:
            return self._try(client, operation, request, read, what or operation)
        except CredentialsExpired as error:
            if not self._credentials or not self._credentials.may_be_renewed:
                raise CredentialsError(str(error)) from error
            if not self._credentials.renew(version):
                raise
        return self._try(client, operation, request, read, what or operation)

    def _try(
        self, client: Any, operation: str, request: Mapping[str, Any], read: Callable[[Answer], T], what: str
    ) -> T:
        self._pace.wait()  # no call begins after an interruption
        self.guard()
        with self._counting:
            self._counts[operation] += 1
        try:
            with translated(what), understood(what):
                answer = getattr(client, _method(operation))(**request)
                shape = client.meta.service_model.operation_model(operation).output_shape
                found = read(checked(shape, answer) if shape else answer)
        except GitopsError as error:
            if isinstance(error, Throttled):
                self._pace.throttled()
            error.args = (self.secrets.masked(str(error)),)
            raise
        self._pace.answered()
        return found


def _method(operation: str) -> str:
    """Return the boto3 method of an operation: `create_dataset_group`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).lstrip("_")
