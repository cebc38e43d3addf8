"""The roles of the emulated IAM and the sessions of the emulated STS.

While an emulator is started they are in moto. Otherwise, and in a saved state, they are plain values, so that roles and
the accounts of assumed roles survive a restart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from personalize_gitops.catalog.policies import Statement, statements

PARTITION = "aws"


@dataclass
class Role:
    """One role with its policies as JSON text."""

    account: str
    name: str
    path: str
    trust: str  # the trust policy
    policies: dict[str, str] = field(default_factory=dict)  # inline and attached policies, by name

    @property
    def arn(self) -> str:
        """The ARN of the role."""
        return f"arn:{PARTITION}:iam::{self.account}:role{self.path}{self.name}"


@dataclass
class Session:
    """Temporary credentials from AssumeRole; requests signed with the access key belong to the account."""

    account: str
    access_key: str
    role: str


@dataclass(frozen=True)
class Caller:
    """Who makes a request, with the statements of its policies."""

    arn: str
    statements: list[Statement]


class Identities:
    """All roles and sessions, in moto or outside of it."""

    def __init__(self) -> None:
        self._roles: list[Role] = []
        self._sessions: list[Session] = []
        self._in_moto = False

    def roles(self) -> list[Role]:
        """Return the roles of all accounts."""
        return list(_roles_in_moto()) if self._in_moto else self._roles

    def sessions(self) -> list[Session]:
        """Return the sessions of all accounts."""
        return list(_sessions_in_moto()) if self._in_moto else self._sessions

    def role(self, arn: str) -> Role | None:
        """Return the role with an ARN, or None."""
        return next((role for role in self.roles() if role.arn == arn), None)

    def role_arn(self, account: str, name: str) -> str:
        """Return the ARN of a role; of one that does not exist, the ARN that it would have without a path."""
        found = (role.arn for role in self.roles() if role.account == account and role.name == name)
        return next(found, f"arn:{PARTITION}:iam::{account}:role/{name}")

    def caller(self, access_key: str, account: str) -> Caller | None:
        """Return the role or the user with an access key; None for other credentials."""
        session = next((session for session in self.sessions() if session.access_key == access_key), None)
        if session is not None:
            role = self.role(session.role)
            return Caller(session.role, statements(role.policies.values() if role else ()))
        return _user(access_key, account) if self._in_moto else None

    def clear(self) -> None:
        """Remove all roles and sessions, unless they are in moto."""
        self._roles, self._sessions = [], []

    def move_to_moto(self) -> None:
        """Move all roles and sessions into moto."""
        self._in_moto = True
        self.load(self._roles, self._sessions)

    def take_from_moto(self) -> None:
        """Copy all roles and sessions from moto; the caller then resets moto."""
        self._roles, self._sessions = self.roles(), self.sessions()
        self._in_moto = False

    def load(self, roles: list[Role], sessions: list[Session]) -> None:
        """Replace all roles and sessions; in moto, add those that do not exist."""
        if not self._in_moto:
            self._roles, self._sessions = roles, sessions
            return
        for role in roles:
            _create_in_moto(role)
        for session in sessions:
            _open_in_moto(session)


def _user(access_key: str, account: str) -> Caller | None:
    """Return the user of moto with an access key. moto collects the policies, of groups too; they are judged here."""
    from moto.iam.access_control import CreateAccessKeyFailure, IAMPolicy, IAMUserAccessKey

    try:
        key = IAMUserAccessKey(account, PARTITION, access_key, {})
    except CreateAccessKeyFailure:
        return None
    documents = [getattr(IAMPolicy(policy), "_policy_json") for policy in key.collect_policies()]  # noqa: B009
    return Caller(key.arn, statements(documents))


def account_of(access_key: str, default: str) -> str:
    """Return the account whose credentials have this access key; `default` for unknown keys."""
    from moto.iam.models import iam_backends

    for account, backends in list(iam_backends.items()):
        if PARTITION in backends and access_key in backends[PARTITION].access_keys:
            return str(account)
    return default


def caller_of(access_key: str, account: str, region: str) -> str:
    """Return the ARN of the caller with an access key, as GetCallerIdentity does."""
    from moto.sts.models import sts_backends

    _, arn, _ = sts_backends[account][PARTITION].get_caller_identity(access_key, region)
    return str(arn)


def _backends() -> Iterator[tuple[str, Any]]:
    from moto.iam.models import iam_backends

    return ((account, backends[PARTITION]) for account, backends in list(iam_backends.items()))


def _roles_in_moto() -> Iterator[Role]:
    for account, backend in _backends():
        for role in list(backend.get_roles()):
            attached = {policy.name: _document(policy) for policy in role.managed_policies.values()}
            policies = {**attached, **role.policies}
            yield Role(account, role.name, role.path, role.assume_role_policy_document, policies)


def _sessions_in_moto() -> Iterator[Session]:
    for account, backend in _backends():
        for access_key, key in list(backend.access_keys.items()):
            if getattr(key, "role_arn", None):
                yield Session(account, access_key, key.role_arn)


def _document(policy: Any) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)


def _create_in_moto(role: Role) -> None:
    from moto.iam.models import iam_backends

    backend = iam_backends[role.account][PARTITION]
    if any(known.name == role.name for known in backend.get_roles()):
        return
    backend.create_role(role.name, role.trust, role.path, None, "", [], "3600")
    for name, document in role.policies.items():
        backend.put_role_policy(role.name, name, document)


def _open_in_moto(session: Session) -> None:
    from moto.iam.models import iam_backends

    backend = iam_backends[session.account][PARTITION]
    if session.access_key not in backend.access_keys:
        # moto generates the access key of a session, so the entry is replaced by one with the saved access key.
        key = backend.create_temp_access_key()
        del backend.access_keys[key.access_key_id]
        key.access_key_id, key.role_arn = session.access_key, session.role
        backend.access_keys[session.access_key] = key
