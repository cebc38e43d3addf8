"""The errors of this program, each with its exit code.

```
GitopsError                 1   the root; its text says what happened and what to do
├── UsageError              1   a command line that cannot be carried out
│   └── InvalidChoice           a choice that the manifests or the account do not allow; carries the reason
├── MissingExtra            1   a part that is installed separately is not
├── ManifestError           3   the manifests are invalid; carries every problem found
├── CredentialsError        4   no credentials, expired ones, or ones for another account
│   └── CredentialsExpired      they are not valid any more; others may come
├── Refused                 5   a policy or safety rail forbids it
├── StalePlan               6   the plan no longer fits the account or the manifests
│   └── PlanEdited              its file is not as it was written
├── LockNotObtained         7   another apply holds the lock of the target
├── LockLost                8   the lock was lost; the next apply continues
├── ForgeError              1   GitHub or GitLab answered a call with an error
│   └── ForgeUnavailable        out of reach, or over its limit of requests, after every retry
│       └── Unanswered          a creation that was not answered, and may have taken effect
├── Undelivered             1   a channel did not take a notification; a warning, which fails no command
└── CloudError              1   the service answered a call with an error
    ├── NotFound                the object does not exist
    ├── AlreadyExists           the name is taken
    ├── Replaced                the object is not the one that the plan saw
    ├── Busy                    the object, or one it depends on, is in transition: ask again later
    │   └── NoFreeSlot          the service carries out as many of the kind as it may: wait until one ends
    ├── QuotaExceeded           a quota is full; waiting does not help
    ├── InvalidRequest          the service refuses the request as such
    ├── AccessDenied            the credentials lack a permission
    └── Unavailable             throttled or out of reach after every retry
        └── EffectUnknown       a call that must not be repeated blindly may have taken effect
```

Errors of libraries are translated at the boundary: botocore's in `aws`, those of the YAML parser and pydantic in
`manifest`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pathlib import Path

    from personalize_gitops.model.address import Address
    from personalize_gitops.model.lock import Lease
    from personalize_gitops.model.problem import Problem
    from personalize_gitops.model.reason import Reason, Source


class GitopsError(Exception):
    """The root of the tree. Its text says what happened and what to do."""

    exit_code: ClassVar[int] = 1
    request_id = ""  # the service's id of the call that it answered with this error


class UsageError(GitopsError):
    """A command line that cannot be carried out as given."""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raise UsageError if the text file of a user's path cannot be read inside of a with block."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} cannot be read: not UTF-8") from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise UsageError if the file of a user's path cannot be written inside of a with block."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


class InvalidChoice(UsageError):
    """A choice on the command line that the manifests or the account do not allow."""

    def __init__(self, option: str, value: Address | str, reason: Reason, suggestion: Reason | None = None) -> None:
        super().__init__(f"{option} {value}: {reason.code.about}")
        self.option, self.value, self.reason, self.suggestion = option, value, reason, suggestion


class MissingExtra(GitopsError):
    """A part of the program that is installed separately is missing."""


class ManifestError(GitopsError):
    """The manifests are invalid. Carries every problem with its warnings, in reading order.

    Its text explains each problem in general; rendering a ValidationReport of them has the details.
    """

    exit_code = 3

    def __init__(self, problems: Sequence[Problem[Source]]) -> None:
        super().__init__("; ".join(f"{problem.place}: {problem.reason.code.about}" for problem in problems))
        self.problems = tuple(problems)


class CredentialsError(GitopsError):
    """No credentials, expired ones, or ones for another account than the target's."""

    exit_code = 4


class CredentialsExpired(CredentialsError):
    """The credentials are not valid any more; others may come while an apply waits."""

    effect_unknown = False  # whether an earlier attempt at the call may have taken effect


class Refused(GitopsError):
    """A policy or safety rail forbids it."""

    exit_code = 5


class StalePlan(GitopsError):
    """The plan was made from other manifests or another state of the account."""

    exit_code = 6


class PlanEdited(StalePlan):
    """The file of a plan is not as it was written."""


class LockNotObtained(GitopsError):
    """Another apply holds the lock of the target."""

    exit_code = 7

    def __init__(self, place: str, lease: Lease, age: float, remedy: str) -> None:
        plan = f"plan {lease.plan[:12]}" if lease.plan else "no plan yet"
        since = f"{age:.0f} s" if age < 120 else f"{age / 60:.0f} min"
        super().__init__(f"locked: {place} is held by {lease.owner} ({lease.run}, {plan}) for {since}. {remedy}")
        self.place, self.lease, self.age = place, lease, age


class LockLost(GitopsError):
    """The lock of the target was lost while an apply held it; the next apply continues."""

    exit_code = 8


class ForgeError(GitopsError):
    """GitHub or GitLab answered a call with an error. The text has no token."""


class ForgeUnavailable(ForgeError):
    """The forge stayed out of reach, or over its limit of requests, through every retry."""


class Unanswered(ForgeUnavailable):
    """A creation was not answered, and may have taken effect."""


class Undelivered(GitopsError):
    """A channel did not take a notification."""

    def __init__(self, label: str, why: str) -> None:
        super().__init__(f"{label}: {why}")
        self.label, self.why = label, why


class CloudError(GitopsError):
    """The service returned an error, or no answer; the text is the service's own where it has one."""


class NotFound(CloudError):
    """The object does not exist."""


class AlreadyExists(CloudError):
    """The name is taken."""


class Replaced(CloudError):
    """The object of the ARN is not the one that the plan saw: another creation time, or another owner."""


class Protected(CloudError):
    """The object, or one deleted with it, was protected after the plan had seen it, so it is not deleted."""


class Busy(CloudError):
    """The object, or one it depends on, is in transition or still in use; asking again later may succeed."""


class NoFreeSlot(Busy):
    """As many runs of the kind are in progress as the quota of the region or dataset group allows."""


class QuotaExceeded(CloudError):
    """A quota of resources is full; waiting does not help, unless something is being deleted."""


class InvalidRequest(CloudError):
    """The service refuses the request as such."""


class AccessDenied(CloudError):
    """The credentials lack a permission."""


class Unavailable(CloudError):
    """The service stayed throttled or out of reach through every retry."""

    effect_unknown = False  # whether the call may have taken effect all the same


class EffectUnknown(Unavailable):
    """A call that must not be repeated blindly was not answered, and may have taken effect."""
