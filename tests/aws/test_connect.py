"""Connections: credentials that are renewed, endpoints that are none, and an identity that is asked for patiently."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from personalize_gitops.aws.cloud import AwsCloud
from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.errors import CredentialsError, CredentialsExpired, Unavailable, UsageError
from personalize_gitops.kinds import KINDS
from tests.support.credentials import Expired, Profile
from tests.support.proxy import UNAVAILABLE, Answer, Request, Rule, proxied
from tests.support.world import START, World

GROUP = KINDS["DatasetGroup"]
PAGE = b"<!DOCTYPE html><html><head><title>Log in</title></head><body><p>Log in to the network</p></body></html>"

Connect = Callable[..., AwsCloud]


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


@pytest.fixture
def connected(profile: Profile, clock: SimulatedClock) -> Iterator[Connect]:
    """Connect to an emulator behind a proxy with this rule."""
    with ExitStack() as closing:
        server = closing.enter_context(Emulator(clock.now).serve(port=0))

        def open_(rule: Rule, *, profile: str | None = "deploy") -> AwsCloud:
            url = closing.enter_context(proxied(server.url, rule))
            return connect(clock, region="us-east-1", profile=profile, endpoint_url=url)

        yield open_


def test_renewed_credentials_are_used(connected: Connect, profile: Profile) -> None:
    """After the token has expired, the call is repeated with those that the profile's file has by then."""
    expired = Expired()
    cloud = connected(expired)
    cloud.create(GROUP, "shop", {}, {})

    expired.keys.add("AKIAOLD")
    profile.write("AKIANEW")

    assert [live.name for live in cloud.list(GROUP)] == ["shop"]


def test_credentials_that_are_not_renewed_have_expired(connected: Connect, profile: Profile) -> None:
    """A file with the same keys is no reason to try again."""
    expired = Expired()
    cloud = connected(expired)
    expired.keys |= {"AKIAOLD", "AKIANEW"}

    with pytest.raises(CredentialsExpired, match="expired"):
        cloud.list(GROUP)
    profile.write("AKIANEW")
    with pytest.raises(CredentialsExpired, match="expired"):
        cloud.list(GROUP)


def test_credentials_renewed_for_another_account_are_refused(connected: Connect, profile: Profile) -> None:
    """Nothing is sent to another account because somebody has logged in to it meanwhile."""
    expired = Expired()
    seen: list[str] = []

    def elsewhere(request: Request, forward: Callable[[], Answer]) -> Answer:
        if request.service == "sts" and b"GetCallerIdentity" in request.body:
            answer = forward()
            other = answer.body.replace(b"123456789012", b"444455556666")
            return Answer(200, other if "AKIANEW" in request.headers["Authorization"] else answer.body, answer.headers)
        seen.append(request.headers["Authorization"])
        return expired(request, forward)

    cloud = connected(elsewhere)
    expired.keys.add("AKIAOLD")
    profile.write("AKIANEW")

    with pytest.raises(CredentialsError, match="the renewed credentials are for account 444455556666, not 1234"):
        cloud.list(GROUP)
    assert not [signed for signed in seen if "AKIANEW" in signed]


def test_the_identity_is_asked_for_as_patiently_as_everything_else(connected: Connect) -> None:
    """GetCallerIdentity is repeated when the service is unavailable."""
    refusals = [UNAVAILABLE] * 3

    cloud = connected(lambda _, forward: refusals.pop() if refusals else forward())

    assert cloud.account == "123456789012"
    assert refusals == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(503, b"try again"),
        Answer(200),
        Answer(200, b"<GetCallerIdentityResponse>", missing=50),
        Answer(403, PAGE),
    ],
    ids=["plain text", "empty", "truncated", "a portal"],
)
def test_an_identity_without_sense_is_asked_for_again(connected: Connect, answer: Answer) -> None:
    """One bad answer of a network on the way is not taken for another server."""
    answers = [answer, answer]

    cloud = connected(lambda _, forward: answers.pop() if answers else forward())

    assert cloud.account == "123456789012"


def test_credentials_that_are_no_json_are_told(connected: Connect, profile: Profile, tmp_path: Path) -> None:
    """What a process prints instead is a matter of credentials: exit code 4."""
    (tmp_path / "config").write_text("[profile said]\ncredential_process = echo welcome\n")

    with pytest.raises(CredentialsError, match=r"^the AWS credentials cannot be read: "):
        connected(lambda _, forward: forward(), profile="said")


def test_an_unavailable_service_is_told_in_the_end(connected: Connect) -> None:
    """A service that stays unavailable through every attempt is an error of the call."""
    with pytest.raises(Unavailable, match="connecting to AWS"):
        connected(lambda *_: UNAVAILABLE)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, PAGE, {"Content-Type": "text/html"}),
        Answer(200, b"<html><body>well-formed</body></html>"),
        Answer(200, b'{"hello": "world"}', {"Content-Type": "application/json"}),
        Answer(200),
        Answer(404, PAGE),
        Answer(404, b"<html><body>well-formed</body></html>"),
        Answer(404, b"not found"),
        Answer(403),
        Answer(501, PAGE),
        Answer(302, b"", {"Location": "http://127.0.0.1:1/login"}),
    ],
    ids=lambda answer: f"{answer.status} {answer.body[:12].decode()}",
)
def test_a_server_that_is_not_aws_is_told(connected: Connect, answer: Answer) -> None:
    """Each foreign answer of the endpointUrl gives one sentence about the endpointUrl, the third time."""
    asked: list[str] = []

    def foreign(request: Request, _: Callable[[], Answer]) -> Answer:
        asked.append(request.path)
        return answer

    with pytest.raises(UsageError, match=r"^http://127.0.0.1:\d+ does not answer as AWS does; check .*endpointUrl`$"):
        connected(foreign)
    assert len(asked) == 3


@pytest.mark.parametrize("region", ["us-esat-1", "eu-north-1"])
def test_a_region_without_the_service_is_told(world: World, region: str) -> None:
    """A misspelt region, and one that has no Amazon Personalize, are told with those that have it."""
    with pytest.raises(UsageError, match=rf'^region "{region}" has no endpoint .*: expected .*us-east-1'):
        connect(world.clock, region=region)
