"""The managed policies of AWS, which guides tell their readers to attach to a role.

moto has their documents and leaves them out of its IAM, because adding all takes long. Each is added when a request
names it.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

_OF_AWS = ":iam::aws:policy/"


def know_aws_policies() -> None:
    """Let moto's IAM find the managed policies of AWS."""
    from moto.iam.responses import IamResponse

    call_action = IamResponse.call_action

    def call(response: Any) -> Any:
        _add(response.backend, response._get_param("PolicyArn") or "")
        return call_action(response)

    setattr(IamResponse, "call_action", call)  # noqa: B010 - moto declares the method


def _add(backend: Any, arn: str) -> None:
    from moto.iam.models import AWSManagedPolicy

    name = arn.rpartition("/")[2]
    if _OF_AWS not in arn or arn in backend.managed_policies or name not in _documents():
        return
    policy = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, dict(_documents()[name]))
    if policy.arn == arn:
        backend.managed_policies[arn] = policy


@cache
def _documents() -> Mapping[str, Any]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    found: Mapping[str, Any] = json.loads(aws_managed_policies_data)
    return found
