"""The roles of the emulated IAM and the sessions of the emulated STS, as far as the emulator asks for them.

They live in moto while the emulator is started. At rest and in a saved state they are plain values, so that roles and
the accounts behind assumed roles survive a restart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

PARTITION = "aws"


@dataclass
class Role:
    """One role with the text of its policies."""

    account: str
    name: str
    path: str
    trust: str  # who may assume it
    policies: dict[str, str] = field(default_factory=dict)  # inline and attached ones by name

    @property
    def arn(self) -> str:
        """How requests name it."""
        return f"arn:{PARTITION}:iam::{self.account}:role{self.path}{self.name}"


@dataclass
class Session:
    """Credentials that AssumeRole gave out: the access key tells the account of whoever signs with it."""

    account: str
    access_key: str
    role: str


class Identities:
    """Roles and sessions, wherever they are at the moment."""

    def __init__(self) -> None:
        self.resting_roles: list[Role] = []
        self.resting_sessions: list[Session] = []
        self._deployed = False

    def roles(self) -> list[Role]:
        """Every role of every account."""
        return list(_roles()) if self._deployed else self.resting_roles

    def sessions(self) -> list[Session]:
        """Every session of every account."""
        return list(_sessions()) if self._deployed else self.resting_sessions

    def role(self, arn: str) -> Role | None:
        """The role of an ARN, if there is one."""
        return next((role for role in self.roles() if role.arn == arn), None)

    def clear(self) -> None:
        """Forget those at rest; those in moto go with moto's state."""
        self.resting_roles, self.resting_sessions = [], []

    def deploy(self) -> None:
        """Move everything into moto."""
        self._deployed = True
        self.add(self.resting_roles, self.resting_sessions)

    def withdraw(self) -> None:
        """Take everything back out of moto."""
        self.resting_roles, self.resting_sessions = self.roles(), self.sessions()
        self._deployed = False

    def add(self, roles: list[Role], sessions: list[Session]) -> None:
        """Have these too."""
        if not self._deployed:
            self.resting_roles, self.resting_sessions = roles, sessions
            return
        for role in roles:
            _create(role)
        for session in sessions:
            _open(session)


def account_of(access_key: str, otherwise: str) -> str:
    """The account whose credentials carry this access key; made-up credentials are those of the default account."""
    from moto.iam.models import iam_backends

    for account, backends in list(iam_backends.items()):
        if PARTITION in backends and access_key in backends[PARTITION].access_keys:
            return str(account)
    return otherwise


def _backends() -> Iterator[tuple[str, Any]]:
    from moto.iam.models import iam_backends

    return ((account, backends[PARTITION]) for account, backends in list(iam_backends.items()))


def _roles() -> Iterator[Role]:
    for account, backend in _backends():
        for role in list(backend.get_roles()):
            attached = {policy.name: _document(policy) for policy in role.managed_policies.values()}
            policies = {**attached, **role.policies}
            yield Role(account, role.name, role.path, role.assume_role_policy_document, policies)


def _sessions() -> Iterator[Session]:
    for account, backend in _backends():
        for access_key, key in list(backend.access_keys.items()):
            if getattr(key, "role_arn", None):
                yield Session(account, access_key, key.role_arn)


def _document(policy: Any) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)


def _create(role: Role) -> None:
    from moto.iam.models import iam_backends

    backend = iam_backends[role.account][PARTITION]
    if any(known.name == role.name for known in backend.get_roles()):
        return
    backend.create_role(role.name, role.trust, role.path, None, "", [], "3600")
    for name, document in role.policies.items():
        backend.put_role_policy(role.name, name, document)


def _open(session: Session) -> None:
    from moto.iam.models import iam_backends

    backend = iam_backends[session.account][PARTITION]
    if session.access_key not in backend.access_keys:
        key = backend.create_temp_access_key()
        del backend.access_keys[key.access_key_id]
        key.access_key_id, key.role_arn = session.access_key, session.role
        backend.access_keys[session.access_key] = key
