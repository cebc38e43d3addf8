"""What documents need of roles, buckets and keys (docs/service/1 §5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from personalize_gitops.catalog.access import (
    ACCESS,
    BUCKET_ACTIONS,
    KEY_ACTIONS,
    OF_EXPORTED_KEY,
    OF_KEY_POLICY,
    READ,
    WRITE,
)
from personalize_gitops.model.address import Address
from personalize_gitops.model.data_files import split_location
from personalize_gitops.model.desired import Document

Grants = Mapping[str, tuple[str, ...]]  # actions by the ARN of what they are on


@dataclass(frozen=True)
class Need:
    """What one document needs."""

    document: Document
    member: tuple[str, ...]  # that names the role
    role: str
    on_buckets: Mapping[str, Grants]  # by name; the role and the policy of the bucket have to grant it
    on_keys: Grants  # of the role
    of_keys: Grants  # of the policy of the key
    on_anything: tuple[str, ...]
    members: Mapping[str, tuple[str, ...]]  # that name each bucket and key

    @property
    def of_role(self) -> Grants:
        """Everything that the role needs."""
        anything = {"*": self.on_anything} if self.on_anything else {}
        return merged([*self.on_buckets.values(), self.on_keys, anything])


def needs_of(documents: Iterable[Document], declared: Mapping[Address, Document]) -> list[Need]:
    """Return what some of the declared documents need."""
    return [need for document in documents if (need := _need(document, declared))]


def merged(grants: Iterable[Grants]) -> dict[str, tuple[str, ...]]:
    """Return grants together, sorted and each once."""
    found: dict[str, set[str]] = {}
    for each in grants:
        for arn, actions in each.items():
            found.setdefault(arn, set()).update(actions)
    return {arn: tuple(sorted(actions)) for arn, actions in sorted(found.items())}


def _need(document: Document, declared: Mapping[Address, Document]) -> Need | None:
    access = ACCESS.get(document.kind.kind_name())
    role = _at(document.attributes, access.role) if access else None
    if access is None or not isinstance(role, str):
        return None
    partition = role.split(":")[1]
    buckets: dict[str, dict[str, tuple[str, ...]]] = {}
    members: dict[str, tuple[str, ...]] = {}
    for path, actions in [*((path, READ) for path in access.reads), *((path, WRITE) for path in access.writes)]:
        if location := _at(document.attributes, path):
            bucket, grants = _on_bucket(str(location), actions, partition)
            buckets[bucket] = merged([buckets.get(bucket, {}), grants])
            members.setdefault(bucket, path)
    keys = {str(key): path for path in access.keys if (key := _at(document.attributes, path))}
    exported = dict.fromkeys(_keys_of_group(document, access.exports, declared), OF_EXPORTED_KEY)
    of_keys = merged([dict.fromkeys(keys, OF_KEY_POLICY), exported])
    on_keys = dict.fromkeys(keys, KEY_ACTIONS)
    return Need(document, access.role, role, buckets, on_keys, of_keys, access.actions, {**members, **keys})


def _at(attributes: Mapping[str, Any], path: Iterable[str]) -> Any:
    """Return the value at a path; None if it is not declared."""
    found: Any = attributes
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _on_bucket(location: str, actions: tuple[str, ...], partition: str) -> tuple[str, Grants]:
    """Return the bucket of a location, and the actions on it and on the objects there."""
    name, key = split_location(location)
    is_file = key and not key.endswith("/") and actions is READ
    bucket = f"arn:{partition}:s3:::{name}"
    grants: dict[str, tuple[str, ...]] = {}
    for action in actions:
        arn = bucket if action in BUCKET_ACTIONS else f"{bucket}/{key}{'' if is_file else '*'}"
        grants[arn] = (*grants.get(arn, ()), action)
    return name, grants


def _keys_of_group(document: Document, path: Iterable[str], declared: Mapping[Address, Document]) -> Iterator[str]:
    """Yield the key of the dataset group that contains the dataset at a path."""
    for member in path:
        dataset = declared.get(reference) if isinstance(reference := document.references.get(member), Address) else None
        group = dataset.references.get("datasetGroup") if dataset else None
        found = declared.get(group) if isinstance(group, Address) else None
        if found and (key := found.attributes.get("kmsKeyArn")):
            yield str(key)
