"""Reading what the account has of roles, buckets and keys that are needed: each once, in parallel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from personalize_gitops.errors import CloudError
from personalize_gitops.model.ports import Pool
from personalize_gitops.model.preflight import Facts, Granted, Inspection, Unread
from personalize_gitops.permissions.needs import Need, merged

T = TypeVar("T")


def facts_about(needs: Sequence[Need], inspection: Inspection, pool: Pool) -> Facts:
    """Return what the account has; what the credentials may not read is `Unread` instead of an error."""
    roles = {need.role for need in needs}
    buckets = {bucket for need in needs for bucket in need.on_buckets}
    keys = {key for need in needs for key in need.of_keys}

    def granted(role: str) -> Granted:
        grants = merged(need.of_role for need in needs if need.role == role)
        actions = sorted({action for each in grants.values() for action in each})
        return inspection.granted(role, actions, [*grants]) if grants else {}

    return Facts(
        trusts=_each(inspection.trust_policy, roles, pool),
        granted=_each(granted, roles, pool),
        regions=_each(inspection.bucket_region, buckets, pool),
        bucket_policies=_each(inspection.bucket_policy, buckets, pool),
        key_policies=_each(inspection.key_policy, keys, pool),
    )


def _each(call: Callable[[str], T], names: Iterable[str], pool: Pool) -> dict[str, T | Unread]:
    def read(name: str) -> T | Unread:
        try:
            return call(name)
        except CloudError as error:
            return Unread(str(error))

    wanted = sorted(names)
    return dict(zip(wanted, pool.map(read, wanted), strict=True))
