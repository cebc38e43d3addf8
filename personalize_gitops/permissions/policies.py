"""Policies of IAM, S3 and KMS that grant what is needed and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from personalize_gitops.catalog.policies import SERVICE
from personalize_gitops.model.desired import Desired, Document, RunDocument
from personalize_gitops.model.members import members
from personalize_gitops.model.reference import arn_word
from personalize_gitops.model.resource import Resource, Run
from personalize_gitops.permissions.needs import Grants, Need, merged, needs_of

Policy = dict[str, Any]
Statement = dict[str, Any]


class Purpose(StrEnum):
    """What a policy is for."""

    PLAN = "plan"
    APPLY = "apply"
    DRIFT = "drift"
    SERVICE_ROLE = "service-role"


@dataclass(frozen=True)
class Place:
    """Where a target is, and what of AWS it uses besides Amazon Personalize; "*" for any account or region."""

    account: str = "*"
    region: str = "*"
    prunes: bool = False
    lock: str = ""  # the location of an object in S3
    topics: tuple[str, ...] = ()  # of SNS that are notified
    buses: tuple[str, ...] = ()  # event buses

    @property
    def partition(self) -> str:
        """The partition of the region."""
        return next((f"aws-{name}" for name in ("cn", "us-gov") if self.region.startswith(f"{name}-")), "aws")


def policy_for(purpose: Purpose, desired: Desired, place: Place) -> Policy:
    """Return the policy of a caller, or the policies of the service's roles, buckets and keys."""
    needs = needs_of(desired.documents.values(), desired.documents)
    match purpose:
        case Purpose.PLAN:
            found = [*_reading(desired, place), *_preflight(needs, place)]
        case Purpose.DRIFT:
            found = [*_reading(desired, place), _traffic(), *_notifying(place)]
        case Purpose.APPLY:
            found = [
                *_reading(desired, place),
                *_changing(desired, place),
                *_passing(needs),
                *_locking(place),
                *_notifying(place),
            ]
        case Purpose.SERVICE_ROLE:
            return for_service(needs, place)
    return policy(found)


def policy(statements: Sequence[Statement]) -> Policy:
    """Return a policy document."""
    return {"Version": "2012-10-17", "Statement": [*statements]}


def for_service(needs: Sequence[Need], place: Place) -> Policy:
    """Return the policies of the roles that the service assumes, of the buckets and of the keys, by their names."""
    roles = sorted({need.role for need in needs})
    buckets = sorted({bucket for need in needs for bucket in need.on_buckets})
    return {
        "roles": {role: {"trust": trust(place), "policy": policy(of_role(role, needs))} for role in roles},
        "buckets": {bucket: policy(of_bucket(bucket, needs, place)) for bucket in buckets},
        "keys": {key: policy(of_key(key, needs)) for key in sorted({key for need in needs for key in need.of_keys})},
    }


def trust(place: Place) -> Policy:
    """Return the trust policy of a role, with the guard against confused deputies (docs/service/3 §11.2)."""
    statement = {"Effect": "Allow", "Principal": {"Service": SERVICE}, "Action": "sts:AssumeRole"}
    return policy([{**statement, "Condition": only_from(place)}])


def of_role(role: str, needs: Iterable[Need]) -> list[Statement]:
    """Return the statements of a role's policy."""
    return granting(merged(need.of_role for need in needs if need.role == role))


def of_bucket(bucket: str, needs: Iterable[Need], place: Place) -> list[Statement]:
    """Return the statements of a bucket's policy."""
    grants = merged(need.on_buckets.get(bucket, {}) for need in needs)
    more = {"Principal": {"Service": SERVICE}, "Condition": only_from(place)}
    return [{**statement, **more} for statement in granting(grants)]


def of_key(key: str, needs: Sequence[Need]) -> list[Statement]:
    """Return the statements of a key's policy: for the roles, and for the service (docs/service/1 §5.4)."""
    actions = merged(need.of_keys for need in needs)[key]
    roles = sorted({need.role for need in needs if key in need.of_keys})
    principal = {"AWS": roles, "Service": SERVICE}
    return [{"Effect": "Allow", "Principal": principal, "Action": [*actions], "Resource": "*"}]


def granting(grants: Grants) -> list[Statement]:
    """Return one statement for each set of actions."""
    by_actions: dict[tuple[str, ...], list[str]] = {}
    for arn, actions in grants.items():
        by_actions.setdefault(actions, []).append(arn)
    return [{"Effect": "Allow", "Action": [*actions], "Resource": arns} for actions, arns in by_actions.items()]


def only_from(place: Place) -> Mapping[str, Any]:
    """Return the condition that the service acts for this account and region."""
    source = f"arn:{place.partition}:personalize:{place.region}:{place.account}:*"
    return {"StringLike": {"aws:SourceAccount": place.account, "aws:SourceArn": source}}


def _allow(sid: str, actions: Iterable[str], resources: Iterable[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": [*actions], "Resource": [*resources]}


def _reading(desired: Desired, place: Place) -> Iterable[Statement]:
    """Yield the statements for reading the account. Lists have no resource of their own (docs/service/3 §11.5)."""
    yield _allow("Read", ["personalize:Describe*", "personalize:List*", "tag:GetResources"], ["*"])
    locations = {location for document in desired.documents.values() if (location := _watched(document))}
    buckets = sorted({f"arn:{place.partition}:s3:::{location.split('/')[2]}" for location in locations})
    if buckets:
        yield _allow("Data", ["s3:ListBucket"], buckets)


def _watched(document: Document) -> str | None:
    """Return the location whose objects decide whether a run is due."""
    return document.data_location if isinstance(document, RunDocument) else None


def _preflight(needs: Sequence[Need], place: Place) -> Iterable[Statement]:
    """Yield the statements for the checks of roles, buckets and keys."""
    roles = sorted({need.role for need in needs})
    buckets = sorted({f"arn:{place.partition}:s3:::{bucket}" for need in needs for bucket in need.on_buckets})
    keys = sorted({key for need in needs for key in need.of_keys})
    if roles:
        yield _allow("Roles", ["iam:GetRole", "iam:SimulatePrincipalPolicy"], roles)
    if buckets:
        yield _allow("Buckets", ["s3:GetBucketLocation", "s3:GetBucketPolicy"], buckets)
    if keys:
        yield _allow("Keys", ["kms:GetKeyPolicy"], keys)


def _traffic() -> Statement:
    return _allow("Traffic", ["cloudtrail:LookupEvents", "cloudwatch:GetMetricData"], ["*"])


def _changing(desired: Desired, place: Place) -> Iterable[Statement]:
    """Yield the statements for changes of the declared kinds."""
    kinds = {document.kind.kind_name(): document.kind for document in desired.documents.values()}
    changed = sorted({action for kind in kinds.values() for action in _changes(kind)})
    of_objects = {name: kind for name, kind in desired.kinds.items() if not issubclass(kind, Run)}
    deleted = {name: kind for name, kind in of_objects.items() if place.prunes or name in kinds}
    deletes = sorted(kind.operation("Delete") for kind in deleted.values())
    refs = {member.ref for kind in kinds.values() for member in members(kind).values() if member.ref}
    named = refs & desired.kinds.keys()
    if changed:
        words = sorted({arn_word(name) for name in kinds.keys() | named})
        yield _allow("Change", [f"personalize:{action}" for action in changed], _arns(words, place))
    if deletes:
        words = sorted({arn_word(name) for name in deleted})
        yield _allow("Delete", [f"personalize:{action}" for action in deletes], _arns(words, place))


def _changes(kind: type[Resource]) -> Iterable[str]:
    """Yield the operations that change objects of a kind, besides their deletion."""
    yield kind.operation("Create")
    if any(member.mutable for member in members(kind).values()):
        yield kind.operation("Update")
    if any(member.switch for member in members(kind).values()):
        yield from (kind.operation("Start"), kind.operation("Stop"))
    if issubclass(kind, Run) and kind.stop_operation:
        yield kind.stop_operation
    if kind.taggable:
        yield from ("TagResource", "UntagResource")


def _arns(words: Iterable[str], place: Place) -> Iterable[str]:
    return (f"arn:{place.partition}:personalize:{place.region}:{place.account}:{word}/*" for word in words)


def _passing(needs: Sequence[Need]) -> Iterable[Statement]:
    """Yield the statement to pass roles to the service (docs/service/3 §11.3)."""
    if roles := sorted({need.role for need in needs}):
        condition = {"StringEquals": {"iam:PassedToService": SERVICE}}
        yield {**_allow("PassRole", ["iam:PassRole"], roles), "Condition": condition}


def _locking(place: Place) -> Iterable[Statement]:
    if place.lock:
        bucket, _, key = place.lock.removeprefix("s3://").partition("/")
        arn = f"arn:{place.partition}:s3:::{bucket}"
        actions = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
        yield _allow("Lock", actions, [arn, f"{arn}/{key}"])


def _notifying(place: Place) -> Iterable[Statement]:
    if place.topics:
        yield _allow("Topics", ["sns:Publish"], place.topics)
    if place.buses:
        yield _allow("EventBuses", ["events:PutEvents"], place.buses)
