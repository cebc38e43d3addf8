"""Whether the service may do with a role and a bucket what a job asks of it (docs/service/1 §5).

Asked only where `Settings.roles_enforced` says so. A policy statement counts when its action, resource, principal and
conditions match; of conditions those on `aws:SourceAccount` and `aws:SourceArn` are understood, a statement with any
other does not count. What is denied anywhere is denied.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from personalize_gitops.emulator.errors import CreationFailed, invalid
from personalize_gitops.emulator.state.arns import partition_of
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region

READ = ("s3:GetObject", "s3:ListBucket")
WRITE = ("s3:PutObject", "s3:ListBucket")
NO_ACCESS = "Insufficient privileges for accessing data in Amazon S3."  # docs/service/2 §7.5

Statement = Mapping[str, Any]
Place = tuple[str, tuple[str, ...]]  # a location in S3 and the actions needed there

_SERVICE = "personalize.amazonaws.com"
_ON_BUCKETS = ("s3:ListBucket",)


def check_role(region: Region, arn: str) -> None:
    """Refuse a role that does not exist or that the service cannot assume."""
    role = region.identities.role(arn)
    if role is None:
        raise invalid(f"Role {arn} does not exist.")
    if not _allowed(region, _statements(role.trust), "sts:AssumeRole", None, of_service=True):
        raise invalid(f"Amazon Personalize cannot assume role {arn}: its trust policy does not allow {_SERVICE}.")


def check_places(region: Region, record: Record, places: Iterable[Place]) -> None:
    """Fail a job whose role, or whose buckets, do not allow what it needs."""
    role = region.identities.role(str(record.fields.get("roleArn", "")))
    granted = [statement for text in (role.policies.values() if role else ()) for statement in _statements(text)]
    for location, actions in places:
        bucket, key = split_location(location)
        on_bucket = list(_statements(region.objects.policy(bucket)))
        for action in actions:
            path = bucket if action in _ON_BUCKETS else f"{bucket}/{key}"
            resource = f"arn:{partition_of(region.name)}:s3:::{path}"
            by_role = _allowed(region, granted, action, resource, of_service=False)
            by_bucket = _allowed(region, on_bucket, action, resource, of_service=True)
            if not (by_role and by_bucket):
                raise CreationFailed(NO_ACCESS)


def _allowed(
    region: Region, statements: Iterable[Statement], action: str, resource: str | None, *, of_service: bool
) -> bool:
    effects = [
        statement.get("Effect")
        for statement in statements
        if _matches_action(statement, action)
        and (resource is None or _matches_resource(statement, resource))
        and (not of_service or _matches_service(statement))
        and _holds(region, statement.get("Condition", {}))
    ]
    return "Allow" in effects and "Deny" not in effects


def _statements(text: str | None) -> Iterator[Statement]:
    if text:
        yield from _many(json.loads(text).get("Statement", ()))


def _matches_action(statement: Statement, action: str) -> bool:
    if "NotAction" in statement:
        return not any(_like(action.lower(), str(given).lower()) for given in _many(statement["NotAction"]))
    return any(_like(action.lower(), str(given).lower()) for given in _many(statement.get("Action", ())))


def _matches_resource(statement: Statement, resource: str) -> bool:
    if "NotResource" in statement:
        return not any(_like(resource, str(given)) for given in _many(statement["NotResource"]))
    return any(_like(resource, str(given)) for given in _many(statement.get("Resource", ())))


def _matches_service(statement: Statement) -> bool:
    principal = statement.get("Principal", {})
    if principal == "*":
        return True
    return isinstance(principal, Mapping) and _SERVICE in _many(principal.get("Service", ()))


def _holds(region: Region, conditions: Mapping[str, Mapping[str, Any]]) -> bool:
    source = f"arn:{partition_of(region.name)}:personalize:{region.name}:{region.account}:"
    for operator, wanted in conditions.items():
        for key, values in wanted.items():
            match operator, key.lower():
                case (("StringEquals" | "StringLike"), "aws:sourceaccount"):
                    held = any(_like(region.account, str(value)) for value in _many(values))
                case (("StringEquals" | "StringLike" | "ArnEquals" | "ArnLike"), "aws:sourcearn"):
                    # Which ARN the service sends is not documented: one of this account and region has to be possible.
                    held = any(_like(source, str(value)) or str(value).startswith(source) for value in _many(values))
                case _:
                    held = False
            if not held:
                return False
    return True


def _like(text: str, pattern: str) -> bool:
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
