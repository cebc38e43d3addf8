"""Credentials that are read again from their source after they have expired: a profile's files, SSO, a process."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from botocore.credentials import Credentials, ReadOnlyCredentials

from personalize_gitops.aws.errors import translated
from personalize_gitops.errors import CredentialsError, GitopsError

_FIXED = frozenset({"env", "explicit"})
"""Sources that cannot change while this process runs."""


class RenewableCredentials(Credentials):
    """The credentials of a source, as they were read last. Clients that sign with them use renewed ones too.

    `read` returns the credentials that the source has now, None without any; `account_of` returns their account.
    """

    def __init__(
        self, first: Credentials, read: Callable[[], Credentials | None], account_of: Callable[[Credentials], str]
    ) -> None:
        super().__init__("", "", None, first.method)
        self._current, self._read, self._account_of = first, read, account_of
        self._lock = Lock()
        self._used: ReadOnlyCredentials | None = None
        self.version = 0
        self.account = ""  # the account that renewed credentials must be for; "" for any

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return the keys to sign with."""
        self._used = self._current.get_frozen_credentials()
        return self._used

    @property
    def may_be_renewed(self) -> bool:
        """Whether the source can have other credentials later."""
        return self.method not in _FIXED

    def renew(self, version: int) -> bool:
        """Read the credentials again after those of a version have expired; return whether there are others.

        Raises CredentialsError if those cannot be read, have expired too, or are for another account.
        """
        with self._lock:
            if self.version != version:
                return True  # another thread has read them
            try:
                with translated("reading the credentials again"):
                    fresh = self._read()
                    if fresh is None or fresh.get_frozen_credentials() == self._used:
                        return False
                    account = self._account_of(fresh) if self.account else ""
            except CredentialsError:
                raise
            except GitopsError:
                return False  # not now; the next call tries again
            if account != self.account:
                raise CredentialsError(f"the renewed credentials are for account {account}, not {self.account}")
            self._current = fresh
            self.version += 1
            return True
