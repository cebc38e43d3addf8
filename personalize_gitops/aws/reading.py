"""Sessions whose clients only read: an operation that is not in the list is refused before anything is sent."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import boto3

from personalize_gitops.errors import Refused

READING = {
    "personalize": ("Describe*", "List*"),
    "resourcegroupstaggingapi": ("GetResources",),
    "s3": ("ListObjectsV2", "HeadBucket"),  # botocore asks for the region of a bucket with HeadBucket
    "sns": ("Publish",),  # notifications, which change no resource
    "events": ("PutEvents",),
    "cloudtrail": ("LookupEvents",),
    "sts": ("GetCallerIdentity", "AssumeRole", "AssumeRoleWithWebIdentity"),
    # How botocore obtains the credentials of a profile:
    "sso": ("GetRoleCredentials",),
    "sso-oidc": ("CreateToken",),
    "signin": ("CreateOAuth2Token",),
}
"""The operations that commands without changes may call, by service. `*` stands for the rest of a name."""

_EVENT = "provide-client-params"
"""The first event of every call in botocore, before it looks at the parameters; also of a presigned URL."""


def only_reading(session: boto3.Session) -> boto3.Session:
    """Let all clients that a session makes from now on refuse operations that are not in READING. Return the session.

    Such a call raises Refused.
    """
    session.events.register(_EVENT, _check, unique_id=__name__)
    return session


def _check(model: Any, **_: Any) -> None:
    service = model.service_model.service_name
    if not any(fnmatchcase(model.name, allowed) for allowed in READING.get(service, ())):
        raise Refused(f"{service}:{model.name} was not sent: this command only reads")
