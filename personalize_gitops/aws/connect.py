"""Connect to an account with the user's profiles, environment, SSO or an assumed role, and check its number."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
import botocore
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, Credentials, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.loaders import Loader, create_loader
from botocore.parsers import ResponseParserError
from botocore.session import Session as CoreSession

from personalize_gitops import __version__
from personalize_gitops.aws.calls import Calls
from personalize_gitops.aws.cloud import AwsCloud
from personalize_gitops.aws.credentials import RenewableCredentials
from personalize_gitops.aws.errors import Transient, translated
from personalize_gitops.aws.inspection import AwsInspection
from personalize_gitops.aws.late import LateClient
from personalize_gitops.aws.reading import only_notifying, only_reading, only_recording
from personalize_gitops.aws.retry import attempts
from personalize_gitops.aws.runtime import AwsRuntime
from personalize_gitops.errors import CredentialsError, UsageError
from personalize_gitops.model.ports import Clock
from personalize_gitops.model.secrets import NO_SECRETS, Secrets

THREADS = 32  # more gain nothing: boto3 is bound by the interpreter's lock (docs/service/6 §1)

_CONFIG = Config(
    retries={"total_max_attempts": 1, "mode": "standard"},  # `retry` is the only layer that retries
    max_pool_connections=THREADS,
    connect_timeout=10,
    read_timeout=60,
    user_agent=f"personalize-gitops/{__version__} Botocore/{botocore.__version__}",  # botocore builds its own per call
)


_NOTIFYING = _CONFIG.merge(Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 2}))


def connect(
    clock: Clock,
    *,
    region: str | None = None,
    account: str | None = None,
    profile: str | None = None,
    assume_role: str | None = None,
    endpoint_url: str | None = None,
    secrets: Secrets = NO_SECRETS,
    read_only: bool = False,
    records_events: bool = False,
) -> AwsCloud:
    """Connect to the account of a target. Messages of the service are returned without `secrets`.

    With `read_only`, no client can send an operation that is not in `reading.READING`; with `records_events` too, one
    more client can send events, and nothing else.

    Raises CredentialsError if there are no credentials, or if they are for another account than `account`; UsageError
    if the region or the endpoint is not one of Amazon Personalize.
    """

    def limited(session: boto3.Session) -> boto3.Session:
        return only_reading(session) if read_only else session

    def read() -> boto3.Session:
        return limited(boto3.Session(botocore_session=_core(profile), region_name=region))

    def account_of(found: Credentials) -> str:
        return _account(_signing(read(), found), endpoint_url, clock)

    with translated("connecting to AWS"):
        session = read()
        try:
            first = session.get_credentials()
        except ValueError as error:  # a process prints something else than JSON
            raise CredentialsError(f"the AWS credentials cannot be read: {error}") from error
        if first is None:
            raise CredentialsError(
                "no AWS credentials: set AWS_PROFILE or the environment, or log in with `aws sso login`"
            )
        credentials = RenewableCredentials(first, lambda: read().get_credentials(), account_of)
        session = _signing(session, credentials)
        if assume_role:
            session = limited(_assumed(session, assume_role, endpoint_url))
    cloud = opened(
        session,
        clock,
        account=account,
        endpoint_url=endpoint_url,
        secrets=secrets,
        credentials=credentials,
        records_events=records_events,
    )
    credentials.account = "" if assume_role else cloud.account  # a role has an account of its own
    return cloud


def opened(
    session: boto3.Session,
    clock: Clock,
    *,
    account: str | None = None,
    endpoint_url: str | None = None,
    secrets: Secrets = NO_SECRETS,
    credentials: RenewableCredentials | None = None,
    records_events: bool = False,
) -> AwsCloud:
    """Connect with the credentials of a boto3 session. Raises CredentialsError if its account is not `account`."""
    with translated("connecting to AWS"):
        personalize: Any = session.client("personalize", config=_CONFIG, endpoint_url=endpoint_url)
        s3 = LateClient(lambda: session.client("s3", config=_CONFIG, endpoint_url=endpoint_url))
        cloudtrail = LateClient(lambda: session.client("cloudtrail", config=_CONFIG, endpoint_url=endpoint_url))
        cloudwatch = LateClient(lambda: session.client("cloudwatch", config=_CONFIG, endpoint_url=endpoint_url))
        tagging: Any = session.client("resourcegroupstaggingapi", config=_CONFIG, endpoint_url=endpoint_url)
    if not endpoint_url:
        _check_region(session, personalize)
    actual = _account(session, endpoint_url, clock)
    if account and actual != account:
        raise CredentialsError(f"the credentials are for account {actual}; this target is account {account}")
    calls = Calls(clock, credentials, secrets)

    def late(service: str) -> Callable[[], Any]:
        make: Any = session.client
        return lambda: make(service, config=_CONFIG, endpoint_url=endpoint_url)

    def ask() -> Any:
        return session.client("personalize-runtime", config=_CONFIG, endpoint_url=endpoint_url)

    def record() -> Any:
        recording = only_recording(_beside(session, session.get_credentials())) if records_events else session
        return recording.client("personalize-events", config=_CONFIG, endpoint_url=endpoint_url)

    def clients(service: str, in_region: str) -> Any:
        make: Any = only_notifying(_beside(session, session.get_credentials())).client
        return make(service, config=_NOTIFYING, region_name=in_region or cloud.region, endpoint_url=endpoint_url)

    there: str = personalize.meta.region_name
    runtime = AwsRuntime(personalize, LateClient(ask), LateClient(record), calls)
    inspection = AwsInspection(LateClient(late("iam")), s3, LateClient(late("kms")), calls)
    cloud = AwsCloud(
        personalize, s3, tagging, cloudtrail, cloudwatch, calls, actual, there, clients, runtime, inspection
    )
    return cloud


def _account(session: boto3.Session, endpoint_url: str | None, clock: Clock) -> str:
    """Return the account of a session's credentials. Raises UsageError if something else than AWS goes on answering."""
    for number, attempt in enumerate(attempts(clock), start=1):
        with attempt, translated("connecting to AWS"):
            sts: Any = session.client("sts", config=_CONFIG, endpoint_url=endpoint_url)
            try:
                return _number(sts.get_caller_identity()["Account"])
            except (ResponseParserError, KeyError, TypeError) as error:
                raise _not_aws(sts, number) from error
            except ClientError as error:
                code = error.response.get("Error", {}).get("Code", "")
                if code in _OF_NO_SERVICE:
                    raise _not_aws(sts, number) from error
                raise
    raise AssertionError("the last attempt returns or raises")


def _number(account: str) -> str:
    """Return an account. Raises TypeError if it is none."""
    if not re.fullmatch(r"\d{12}", account):
        raise TypeError(account)
    return account


_OF_NO_SERVICE = frozenset({"", "Unknown", *map(str, range(300, 500)), "501"})
"""What botocore takes for the error code in an answer that has none: the status, unless a proxy can answer with it."""


_DOUBTS = 3
"""Attempts after which an answer that is not of AWS shows that it is something else that answers."""


def _not_aws(client: Any, number: int) -> Transient | UsageError:
    text = f"{client.meta.endpoint_url} does not answer as AWS does; check the target's `endpointUrl`"
    return Transient(text, effect_unknown=False) if number < _DOUBTS else UsageError(text)


def _check_region(session: boto3.Session, personalize: Any) -> None:
    """Raise UsageError for a region without Amazon Personalize. A region that this boto3 does not know is asked."""
    region = personalize.meta.region_name
    known = [
        name
        for partition in session.get_available_partitions()
        for name in session.get_available_regions("personalize", partition)
    ]
    if region in known:
        return
    try:
        personalize.list_recipes(maxResults=1)
    except (EndpointConnectionError, ConnectTimeoutError) as error:
        expected = ", ".join(known)
        raise UsageError(f'region "{region}" has no endpoint of Amazon Personalize: expected {expected}') from error
    except (BotoCoreError, ClientError):
        return  # something answers there; the next call says what is wrong


def _signing(session: boto3.Session, credentials: Credentials) -> boto3.Session:
    """Let a session sign with some credentials, and return it."""
    core: Any = session._session
    core._credentials = credentials  # botocore has no public setter for these
    return session


def _assumed(session: boto3.Session, role: str, endpoint_url: str | None) -> boto3.Session:
    """Return a session with the role's credentials, renewed automatically: an apply can take hours longer."""
    core: CoreSession = session._session  # boto3 has no public access to the client creator

    def client(service: str, **options: Any) -> Any:
        return core.create_client(service, **{"endpoint_url": endpoint_url, **options})

    fetcher = AssumeRoleCredentialFetcher(
        client, session.get_credentials(), role, extra_args={"RoleSessionName": "personalize-gitops"}
    )
    return _beside(
        session, DeferredRefreshableCredentials(method="assume-role", refresh_using=fetcher.fetch_credentials)
    )


def _core(profile: str | None) -> CoreSession:
    """Return a session of botocore. All of them share what is read of the models of services."""
    core = CoreSession(profile=profile)
    core.register_component("data_loader", _loader(core.get_config_variable("data_path")))
    return core


@cache
def _loader(data_path: str | None) -> Loader:
    return create_loader(data_path)


def _beside(session: boto3.Session, credentials: Any) -> boto3.Session:
    """Return another session of the same profile and region, with its own limits, that signs with some credentials."""
    core: Any = _core(session.profile_name if session.profile_name != "default" else None)
    core._credentials = credentials  # botocore has no public setter for these
    return boto3.Session(botocore_session=core, region_name=session.region_name)
