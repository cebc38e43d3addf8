"""What is asked about roles, buckets and keys before changes, and the codes of what is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from personalize_gitops.model.reason import Code


class PreflightCode(Code):
    """Of roles, buckets and keys that the service uses (docs/service/1 §5)."""

    ROLE_MISSING = "role_missing", "The role does not exist."
    ROLE_NOT_TRUSTING = "role_not_trusting", "The trust policy of the role does not let the service assume it."
    ROLE_TRUSTS_ANY_SOURCE = (
        "role_trusts_any_source",
        "The trust policy does not limit the accounts for which the service assumes the role.",
    )
    ROLE_LACKS = "role_lacks", "The policies of the role do not allow what the service has to do."
    BUCKET_MISSING = "bucket_missing", "The bucket does not exist."
    BUCKET_ELSEWHERE = "bucket_elsewhere", "The bucket is in another region than the target."
    BUCKET_LACKS = "bucket_lacks", "The policy of the bucket does not allow what the service has to do."
    BUCKET_ONLY_FROM_VPC = "bucket_only_from_vpc", "The policy of the bucket denies what comes from outside of a VPC."
    KEY_MISSING = "key_missing", "The KMS key does not exist."
    KEY_LACKS = "key_lacks", "The policy of the KMS key does not allow what the service or the role has to do."
    UNCHECKED = "unchecked", "The credentials lack a permission, so this was not checked."

    ADD_TO_POLICY = "add_to_policy", "Remedy: add these statements to a policy."
    TRUST_POLICY = "trust_policy", "Remedy: use this trust policy."
    SAME_REGION = "same_region", "Remedy: use a bucket in the region of the target."


@dataclass(frozen=True)
class Unread:
    """What could not be read, with the message of the service."""

    error: str


Granted = Mapping[tuple[str, str], bool]
"""Whether an action on a resource is allowed."""


@dataclass(frozen=True)
class Facts:
    """What the account has; None for what does not exist."""

    trusts: Mapping[str, str | Unread | None] = field(default_factory=dict)  # trust policies by role
    granted: Mapping[str, Granted | Unread] = field(default_factory=dict)  # by role
    regions: Mapping[str, str | Unread | None] = field(default_factory=dict)  # by bucket
    bucket_policies: Mapping[str, str | Unread | None] = field(default_factory=dict)
    key_policies: Mapping[str, str | Unread | None] = field(default_factory=dict)


class Inspection(Protocol):
    """Reads roles, buckets and keys. Every method returns None for what does not exist, and raises `CloudError`."""

    def trust_policy(self, role: str) -> str | None:
        """Return the trust policy of a role."""

    def granted(self, role: str, actions: Sequence[str], resources: Sequence[str]) -> Granted:
        """Return whether the policies of a role allow each action on each resource."""

    def bucket_region(self, bucket: str) -> str | None:
        """Return the region of a bucket."""

    def bucket_policy(self, bucket: str) -> str | None:
        """Return the policy of a bucket; None without one."""

    def key_policy(self, key: str) -> str | None:
        """Return the policy of a KMS key."""
