"""Sessions whose clients only read, only notify or only record events: any other operation is refused, unsent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

import boto3

from personalize_gitops.errors import Refused

READING = {
    "personalize": ("Describe*", "List*", "GetSolutionMetrics"),
    "personalize-runtime": ("GetRecommendations", "GetPersonalizedRanking", "GetActionRecommendations"),
    "resourcegroupstaggingapi": ("GetResources",),
    # botocore asks for the region of a bucket with HeadBucket
    "s3": ("ListObjectsV2", "GetObject", "HeadBucket", "GetBucketLocation", "GetBucketPolicy"),
    "iam": ("GetRole", "SimulatePrincipalPolicy"),
    "kms": ("GetKeyPolicy",),
    "cloudtrail": ("LookupEvents",),
    "cloudwatch": ("GetMetricData",),
    "sts": ("GetCallerIdentity", "AssumeRole", "AssumeRoleWithWebIdentity"),
    # How botocore obtains the credentials of a profile:
    "sso": ("GetRoleCredentials",),
    "sso-oidc": ("CreateToken",),
    "signin": ("CreateOAuth2Token",),
}
"""The operations that commands without changes may call, by service. `*` stands for the rest of a name."""

NOTIFYING = {"sns": ("Publish",), "events": ("PutEvents",), "ssm": ("PutParameter",)}
"""The operations that notifications and `outputs --to-ssm` may call, by service. They change no resource."""

RECORDING = {"personalize-events": ("PutEvents",)}
"""The operations that `recommend --event` may call, by service. They add rows to a dataset."""

_EVENT = "provide-client-params"
"""The first event of every call in botocore, before it looks at the parameters; also of a presigned URL."""


def only_reading(session: boto3.Session) -> boto3.Session:
    """Let all clients that a session makes from now on refuse operations that are not in READING. Return the session.

    Such a call raises Refused.
    """
    return _only(READING, session, "this command only reads")


def only_notifying(session: boto3.Session) -> boto3.Session:
    """Let all clients that a session makes from now on refuse operations that are not in NOTIFYING. Return the session.

    Such a call raises Refused.
    """
    return _only(NOTIFYING, session, "this client only notifies")


def only_recording(session: boto3.Session) -> boto3.Session:
    """Let all clients that a session makes from now on refuse operations that are not in RECORDING. Return the session.

    Such a call raises Refused.
    """
    return _only(RECORDING, session, "this client only records events")


def _only(allowed: Mapping[str, Sequence[str]], session: boto3.Session, why: str) -> boto3.Session:
    def check(model: Any, **_: Any) -> None:
        service = model.service_model.service_name
        if not any(fnmatchcase(model.name, pattern) for pattern in allowed.get(service, ())):
            raise Refused(f"{service}:{model.name} was not sent: {why}")

    session.events.register(_EVENT, check, unique_id=__name__)
    return session
