"""The `Inspection` port over boto3: trust policies, simulated permissions, and the policies of buckets and keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import unquote

from botocore.exceptions import ClientError

from personalize_gitops.aws.answers import Answer
from personalize_gitops.aws.calls import Calls
from personalize_gitops.errors import CloudError
from personalize_gitops.model.preflight import Granted

T = TypeVar("T")

_MISSING = frozenset({"NoSuchEntity", "NoSuchBucket", "NoSuchBucketPolicy", "NotFoundException"})
_FIRST_REGION = "us-east-1"  # whose buckets have no location constraint
_OLD_NAMES = {"EU": "eu-west-1"}
_PAGE = 1000  # the most results that a simulation answers at once


class AwsInspection:
    """The roles, buckets and keys that one account can read. No call is retried: a plan need not wait for it."""

    def __init__(self, iam: Any, s3: Any, kms: Any, calls: Calls) -> None:
        self._iam = iam
        self._s3 = s3
        self._kms = kms
        self._calls = calls

    def trust_policy(self, role: str) -> str | None:
        """Return the trust policy of a role; None if the role does not exist."""
        request = {"RoleName": role.rpartition("/")[2]}
        return self._ask(self._iam, "GetRole", request, lambda answer: _policy(answer["Role"]))

    def granted(self, role: str, actions: Sequence[str], resources: Sequence[str]) -> Granted:
        """Return whether the policies of a role allow each action on each resource."""
        request = {
            "PolicySourceArn": role,
            "ActionNames": [*actions],
            "ResourceArns": [*resources],
            "MaxItems": _PAGE,
        }
        return self._ask(self._iam, "SimulatePrincipalPolicy", request, _decisions) or {}

    def bucket_region(self, bucket: str) -> str | None:
        """Return the region of a bucket; None if it does not exist."""
        return self._ask(self._s3, "GetBucketLocation", {"Bucket": bucket}, _region)

    def bucket_policy(self, bucket: str) -> str | None:
        """Return the policy of a bucket; None without one."""
        return self._ask(self._s3, "GetBucketPolicy", {"Bucket": bucket}, lambda answer: str(answer["Policy"]))

    def key_policy(self, key: str) -> str | None:
        """Return the policy of a KMS key; None if the key does not exist."""
        request = {"KeyId": key, "PolicyName": "default"}
        return self._ask(self._kms, "GetKeyPolicy", request, lambda answer: str(answer["Policy"]))

    def _ask(self, client: Any, operation: str, request: dict[str, Any], read: Callable[[Answer], T]) -> T | None:
        try:
            return self._calls.once(client, operation, request, read)
        except CloudError as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and cause.response.get("Error", {}).get("Code") in _MISSING:
                return None
            raise


def _policy(role: Answer) -> str:
    """Return the trust policy of a role as text; botocore may have decoded it."""
    found = role["AssumeRolePolicyDocument"]
    return unquote(found) if isinstance(found, str) else json.dumps(found)


def _decisions(answer: Answer) -> Granted:
    return {
        (str(each["EvalActionName"]), str(each["EvalResourceName"])): each["EvalDecision"] == "allowed"
        for each in answer["EvaluationResults"]
    }


def _region(answer: Answer) -> str:
    found = answer.get("LocationConstraint") or _FIRST_REGION
    return _OLD_NAMES.get(found, str(found))
