"""The sentences of what a preflight finds about roles, buckets and keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from personalize_gitops.model.preflight import PreflightCode
from personalize_gitops.model.reason import Code

PREFLIGHT: Mapping[Code, str | Callable[..., str]] = {
    PreflightCode.ROLE_MISSING: "role {role} does not exist",
    PreflightCode.ROLE_NOT_TRUSTING: "role {role} does not let personalize.amazonaws.com assume it",
    PreflightCode.ROLE_TRUSTS_ANY_SOURCE: "role {role} can be assumed on behalf of any account",
    PreflightCode.ROLE_LACKS: "role {role} lacks {actions}",
    PreflightCode.BUCKET_MISSING: "bucket {bucket} does not exist",
    PreflightCode.BUCKET_ELSEWHERE: "bucket {bucket} is in region {region}",
    PreflightCode.BUCKET_LACKS: "the policy of bucket {bucket} does not allow personalize.amazonaws.com {actions}",
    PreflightCode.BUCKET_ONLY_FROM_VPC: (
        "the policy of bucket {bucket} denies requests from outside of a VPC, as those of the service are"
    ),
    PreflightCode.KEY_MISSING: "key {key} does not exist",
    PreflightCode.KEY_LACKS: "the policy of key {key} does not allow the role and personalize.amazonaws.com {actions}",
    PreflightCode.UNCHECKED: "{what} was not checked: {error}",
    PreflightCode.ADD_TO_POLICY: "add to the policy of {of}: {statements}",
    PreflightCode.TRUST_POLICY: "let {of} have this trust policy: {policy}",
    PreflightCode.SAME_REGION: "use a bucket in {region}",
}
