"""Make calls: counted, retried, with errors of this program, and with renewed credentials after others have expired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from personalize_gitops.aws.credentials import RenewableCredentials
from personalize_gitops.aws.errors import translated
from personalize_gitops.aws.retry import attempts
from personalize_gitops.errors import CredentialsError, CredentialsExpired, GitopsError
from personalize_gitops.model.ports import Clock
from personalize_gitops.model.secrets import NO_SECRETS, Secrets


class Calls:
    """The calls of one connection. Safe to use from several threads."""

    def __init__(
        self, clock: Clock, credentials: RenewableCredentials | None = None, secrets: Secrets = NO_SECRETS
    ) -> None:
        self.clock = clock
        self.secrets = secrets  # left out of the messages of errors
        self._credentials = credentials
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

    def send(self, client: Any, operation: str, request: Mapping[str, Any], what: str = "") -> Mapping[str, Any]:
        """Make a call that can be repeated without harm, and retry while that can help; `what` names it in errors."""
        for attempt in attempts(self.clock):
            with attempt:
                return self.once(client, operation, request, what)
        raise AssertionError("the last attempt returns or raises")

    def once(self, client: Any, operation: str, request: Mapping[str, Any], what: str = "") -> Mapping[str, Any]:
        """Make a call. A refusal of expired credentials had no effect, so the call is repeated with renewed ones."""
        version = self._credentials.version if self._credentials else 0
        try:
            return self._try(client, operation, request, what)
        except CredentialsExpired as error:
            if not self._credentials or not self._credentials.may_be_renewed:
                raise CredentialsError(str(error)) from error
            if not self._credentials.renew(version):
                raise
        return self._try(client, operation, request, what)

    def _try(self, client: Any, operation: str, request: Mapping[str, Any], what: str) -> Mapping[str, Any]:
        self.clock.sleep(0)  # no call begins after an interruption
        self.guard()
        with self._counting:
            self._counts[operation] += 1
        try:
            with translated(what or operation):
                answer: Mapping[str, Any] = getattr(client, _method(operation))(**request)
        except GitopsError as error:
            error.args = (self.secrets.masked(str(error)),)
            raise
        return answer


def _method(operation: str) -> str:
    """Return the boto3 method of an operation: `create_dataset_group`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).lstrip("_")
