"""Whether a role and the policies of buckets grant the access that a job needs (docs/service/1 §5).

Checked only if `Settings.roles_enforced` is set. A policy statement applies if its action, resource, principal and
conditions match. Of the conditions, only those on `aws:SourceAccount` and `aws:SourceArn` are implemented; a statement
with another condition does not apply. As in IAM, a statement that denies overrides those that allow.
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

DataAccess = tuple[str, tuple[str, ...]]  # a location in S3, and the actions that a job needs there
_Statement = Mapping[str, Any]

_SERVICE = "personalize.amazonaws.com"
_BUCKET_ACTIONS = ("s3:ListBucket",)  # the resource of these actions is the bucket, of all others the object


def check_role(region: Region, arn: str) -> None:
    """Refuse a role that does not exist or whose trust policy excludes the service."""
    role = region.identities.role(arn)
    if role is None:
        raise invalid(f"Role {arn} does not exist.")
    if not _allowed(region, _statements(role.trust), "sts:AssumeRole", None, check_principal=True):
        raise invalid(f"Amazon Personalize cannot assume role {arn}: its trust policy does not allow {_SERVICE}.")


def check_data_access(region: Region, record: Record, needed: Iterable[DataAccess]) -> None:
    """Raise CreationFailed if the role of a job or the policy of a bucket does not grant the access that it needs."""
    role = region.identities.role(str(record.fields.get("roleArn", "")))
    of_role = [statement for text in (role.policies.values() if role else ()) for statement in _statements(text)]
    for location, actions in needed:
        bucket, key = split_location(location)
        of_bucket = list(_statements(region.objects.policy(bucket)))
        for action in actions:
            path = bucket if action in _BUCKET_ACTIONS else f"{bucket}/{key}"
            resource = f"arn:{partition_of(region.name)}:s3:::{path}"
            allowed_by_role = _allowed(region, of_role, action, resource, check_principal=False)
            allowed_by_bucket = _allowed(region, of_bucket, action, resource, check_principal=True)
            if not (allowed_by_role and allowed_by_bucket):
                raise CreationFailed(NO_ACCESS)


def _allowed(
    region: Region, statements: Iterable[_Statement], action: str, resource: str | None, *, check_principal: bool
) -> bool:
    """Return whether statements allow an action. `resource` is None in trust policies, which have none."""
    effects = [
        statement.get("Effect")
        for statement in statements
        if _matches_action(statement, action)
        and (resource is None or _matches_resource(statement, resource))
        and (not check_principal or _matches_service(statement))
        and _conditions_hold(region, statement.get("Condition", {}))
    ]
    return "Allow" in effects and "Deny" not in effects


def _statements(policy: str | None) -> Iterator[_Statement]:
    if policy:
        yield from _as_list(json.loads(policy).get("Statement", ()))


def _matches_action(statement: _Statement, action: str) -> bool:
    if "NotAction" in statement:
        return not any(_like(action.lower(), str(given).lower()) for given in _as_list(statement["NotAction"]))
    return any(_like(action.lower(), str(given).lower()) for given in _as_list(statement.get("Action", ())))


def _matches_resource(statement: _Statement, resource: str) -> bool:
    if "NotResource" in statement:
        return not any(_like(resource, str(given)) for given in _as_list(statement["NotResource"]))
    return any(_like(resource, str(given)) for given in _as_list(statement.get("Resource", ())))


def _matches_service(statement: _Statement) -> bool:
    principal = statement.get("Principal", {})
    if principal == "*":
        return True
    return isinstance(principal, Mapping) and _SERVICE in _as_list(principal.get("Service", ()))


def _conditions_hold(region: Region, conditions: Mapping[str, Mapping[str, Any]]) -> bool:
    source = f"arn:{partition_of(region.name)}:personalize:{region.name}:{region.account}:"
    for operator, wanted in conditions.items():
        for key, values in wanted.items():
            match operator, key.lower():
                case (("StringEquals" | "StringLike"), "aws:sourceaccount"):
                    holds = any(_like(region.account, str(value)) for value in _as_list(values))
                case (("StringEquals" | "StringLike" | "ArnEquals" | "ArnLike"), "aws:sourcearn"):
                    # The guide does not say which ARN the service sends, so any ARN of this account and region counts.
                    holds = any(
                        _like(source, str(value)) or str(value).startswith(source) for value in _as_list(values)
                    )
                case _:
                    holds = False
            if not holds:
                return False
    return True


def _like(text: str, pattern: str) -> bool:
    """Return whether a text matches a pattern of IAM, in which only `*` and `?` have a meaning."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
