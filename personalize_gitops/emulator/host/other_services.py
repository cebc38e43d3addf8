"""The action and the resource of a request to a service that moto answers, as far as this program calls it."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from personalize_gitops.catalog.policies import Question

_PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}
"""The prefixes of actions that differ from the name that a request is signed for."""

_OF_BUCKET = {"location": "GetBucketLocation", "policy": "GetBucketPolicy"}
_OF_OBJECT = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
_NAMED_BY = ("RoleArn", "PolicySourceArn", "TopicArn", "KeyId", "ResourceArn")


_CBOR = re.compile(r"/service/[^/]+/operation/(\w+)")  # the path of an operation whose request is CBOR


def question_of(
    service: str, method: str, path: str, query: str, target: str, body: bytes, role_arn: Callable[[str], str]
) -> Question:
    """Return what a request asks to do; `role_arn` returns the ARN of a role's name.

    An action whose resource is not known here is on `*`.
    """
    if service == "s3":
        return _of_s3(method, unquote(path).lstrip("/"), parse_qs(query, keep_blank_values=True))
    by_path = _CBOR.fullmatch(path)
    members = {} if by_path else _members(target, body, role_arn)
    operation = by_path[1] if by_path else target.rpartition(".")[2] or str(members.get("Action", ""))
    action = f"{_PREFIXES.get(service, service)}:{operation}"
    return Question(action, next((str(members[name]) for name in _NAMED_BY if members.get(name)), "*"))


def _of_s3(method: str, path: str, query: Mapping[str, Any]) -> Question:
    bucket, _, key = path.partition("/")
    if key:
        return Question(f"s3:{_OF_OBJECT.get(method, method)}", f"arn:aws:s3:::{bucket}/{key}")
    read = next((action for name, action in _OF_BUCKET.items() if name in query), "ListBucket")
    return Question(f"s3:{read if method in ('GET', 'HEAD') else method}", f"arn:aws:s3:::{bucket}")


def _members(target: str, body: bytes, role_arn: Callable[[str], str]) -> Mapping[str, Any]:
    """Return the members of a request: JSON if a header names the operation, else a form."""
    if not target:
        form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        named = form.get("RoleName")
        return {**form, "RoleArn": role_arn(named)} if named else form
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return _with_bus(found) if isinstance(found, Mapping) else {}


def _with_bus(members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the members of a request with the event bus of its entries as the resource."""
    entries = members.get("Entries")
    bus = entries[0].get("EventBusName") if isinstance(entries, list) and entries else None
    return {**members, "ResourceArn": bus} if bus and re.match("arn:", str(bus)) else members
