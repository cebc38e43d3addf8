"""Connect to an account with the user's profiles, environment, SSO or an assumed role, and check its number."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.session import Session as CoreSession

from personalize_gitops.aws.cloud import AwsCloud
from personalize_gitops.aws.errors import translated
from personalize_gitops.errors import CredentialsError
from personalize_gitops.model.ports import Clock
from personalize_gitops.model.secrets import NO_SECRETS, Secrets

THREADS = 32  # more gain nothing: boto3 is bound by the interpreter's lock (docs/service/6 §1)

_CONFIG = Config(
    retries={"total_max_attempts": 1, "mode": "standard"},  # `retry` is the only layer that retries
    max_pool_connections=THREADS,
    connect_timeout=10,
    read_timeout=60,
    user_agent_extra="personalize-gitops",
)


def connect(
    clock: Clock,
    *,
    region: str | None = None,
    account: str | None = None,
    profile: str | None = None,
    assume_role: str | None = None,
    endpoint_url: str | None = None,
    secrets: Secrets = NO_SECRETS,
) -> AwsCloud:
    """Connect to the account of a target. Messages of the service are returned without `secrets`.

    Raises CredentialsError if there are no credentials, or if they are for another account than `account`.
    """
    with translated("connecting to AWS"):
        session = boto3.Session(profile_name=profile, region_name=region)
        if session.get_credentials() is None:
            raise CredentialsError(
                "no AWS credentials: set AWS_PROFILE or the environment, or log in with `aws sso login`"
            )
        if assume_role:
            session = _assumed(session, assume_role, endpoint_url)
    return opened(session, clock, account=account, endpoint_url=endpoint_url, secrets=secrets)


def opened(
    session: boto3.Session,
    clock: Clock,
    *,
    account: str | None = None,
    endpoint_url: str | None = None,
    secrets: Secrets = NO_SECRETS,
) -> AwsCloud:
    """Connect with the credentials of a boto3 session. Raises CredentialsError if its account is not `account`."""
    with translated("connecting to AWS"):
        personalize: Any = session.client("personalize", config=_CONFIG, endpoint_url=endpoint_url)
        sts: Any = session.client("sts", config=_CONFIG, endpoint_url=endpoint_url)
        s3: Any = session.client("s3", config=_CONFIG, endpoint_url=endpoint_url)
        tagging: Any = session.client("resourcegroupstaggingapi", config=_CONFIG, endpoint_url=endpoint_url)
        actual = sts.get_caller_identity()["Account"]
    if account and actual != account:
        raise CredentialsError(f"the credentials are for account {actual}; this target is account {account}")
    return AwsCloud(personalize, s3, tagging, clock, actual, personalize.meta.region_name, secrets)


def _assumed(session: boto3.Session, role: str, endpoint_url: str | None) -> boto3.Session:
    """Return a session with the role's credentials, renewed automatically: an apply can take hours longer."""
    core: CoreSession = session._session  # boto3 has no public access to the client creator

    def client(service: str, **options: Any) -> Any:
        return core.create_client(service, **{"endpoint_url": endpoint_url, **options})

    fetcher = AssumeRoleCredentialFetcher(
        client, session.get_credentials(), role, extra_args={"RoleSessionName": "personalize-gitops"}
    )
    assumed = CoreSession(profile=session.profile_name if session.profile_name != "default" else None)
    assumed._credentials = DeferredRefreshableCredentials(  # type: ignore[attr-defined]  # no public setter for these
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
    return boto3.Session(botocore_session=assumed, region_name=session.region_name)
