"""Calls: time limits, retries, pages, redirects, and errors without tokens."""

from __future__ import annotations

import socket

import pytest

from personalize_gitops.errors import CredentialsError, ForgeError, ForgeUnavailable, GitopsError, Unanswered
from personalize_gitops.forge.github import GitHub
from personalize_gitops.forge.http import Http, Limits, Rejected
from personalize_gitops.forge.pauses import ATTEMPTS
from personalize_gitops.forge.port import Forge
from tests.forge.conftest import RecordingClock
from tests.support.forge import TOKEN, FakeForge, Fault


def http(url: str, clock: RecordingClock, limits: Limits | None = None) -> Http:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return Http(url, headers, TOKEN, clock, "ask for a better token", limits or Limits())


def test_all_pages_are_read(forge: Forge, fake: FakeForge) -> None:
    """Lists longer than a page are followed by their Link header."""
    for number in range(10):
        fake.say(1, f"comment {number}")

    assert [comment.body for comment in forge.comments(1)] == [f"comment {number}" for number in range(10)]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 0])
def test_reading_is_repeated(forge: Forge, fake: FakeForge, clock: RecordingClock, status: int) -> None:
    """After an error of the server and after a broken connection, with growing pauses."""
    fake.say(1, "here")
    fake.faults.append(Fault(status, times=2))

    assert [comment.body for comment in forge.comments(1)] == ["here"]
    assert clock.pauses == [1.0, 2.0]


def test_repeating_ends(forge: Forge, fake: FakeForge) -> None:
    """After five attempts the error says which call had which status."""
    fake.faults.append(Fault(502, times=100))

    with pytest.raises(ForgeUnavailable, match=r"GET http://127\.0\.0\.1:\d+/.*: 502$"):
        forge.comments(1)
    assert len(fake.requests) == ATTEMPTS


@pytest.mark.parametrize("status", [403, 429])
def test_a_limit_of_requests_is_waited_for(forge: Forge, fake: FakeForge, clock: RecordingClock, status: int) -> None:
    """As long as the forge asks, and for a creation too: it has not taken effect."""
    fake.faults += [
        Fault(status, "POST", "/1/", {"Retry-After": "7"}),
        Fault(status, "POST", "/1/", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1000030"}),
    ]

    forge.create_comment(1, "text")

    assert clock.pauses == [7.0, 30.0]
    assert fake.bodies(1) == ["text"]


def test_a_long_limit_is_not_waited_for(forge: Forge, fake: FakeForge, clock: RecordingClock) -> None:
    """The error says when it is reset."""
    fake.faults.append(Fault(429, headers={"Retry-After": "3000"}))

    with pytest.raises(ForgeUnavailable, match="the limit of requests is reached, which resets in 3000 s"):
        forge.comments(1)
    assert clock.pauses == []


@pytest.mark.parametrize("status", [500, 502, 0])
def test_a_creation_is_not_repeated_blindly(forge: Forge, fake: FakeForge, status: int) -> None:
    """It may have taken effect, and here it has."""
    fake.faults.append(Fault(status, "POST", "/1/", after_effect=True))

    with pytest.raises(Unanswered, match="it may have taken effect"):
        forge.create_comment(1, "text")
    assert fake.bodies(1) == ["text"]


def test_a_replacement_is_repeated(forge: Forge, fake: FakeForge) -> None:
    """An update or a deletion has the same effect twice."""
    fake.say(1, "old")
    fake.faults.append(Fault(502, "PATCH", after_effect=True))
    fake.faults.append(Fault(502, "PUT", after_effect=True))
    [comment] = forge.comments(1)

    updated = forge.update_comment(1, comment, "new")
    fake.faults.append(Fault(502, "DELETE", after_effect=True))
    forge.delete_comment(1, updated)

    assert updated.body == "new"
    assert fake.bodies(1) == []


def test_nobody_listens(clock: RecordingClock) -> None:
    """A creation is repeated too while there is no connection; then the error names the host."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"

        with pytest.raises(ForgeUnavailable) as raised:
            GitHub(url, "acme/shop", TOKEN, clock).create_comment(1, "text")
    assert url in str(raised.value)
    assert not isinstance(raised.value, Unanswered)
    assert len(clock.pauses) == ATTEMPTS - 1


@pytest.mark.parametrize("part", ["headers", "body"])
def test_an_answer_that_never_ends_is_given_up(fake: FakeForge, clock: RecordingClock, part: str) -> None:
    """The limit is for the whole answer: bytes that still arrive do not extend it."""
    fake.faults.append(Fault(200, trickle=part, times=100))

    with pytest.raises(ForgeUnavailable, match=r"/user: no answer within 0 s$"):
        http(fake.url, clock, Limits(call=0.1)).get("/user")
    assert len(fake.requests) == ATTEMPTS


def test_a_large_answer_is_given_up(fake: FakeForge, clock: RecordingClock) -> None:
    """Before it fills the memory."""
    fake.say(1, "x" * 5_000)

    with pytest.raises(ForgeError, match="larger than 1000 bytes"):
        http(fake.url, clock, Limits(size=1000)).get("/repos/acme/shop/issues/1/comments")


@pytest.mark.parametrize("status", [401, 403, 404, 422])
def test_errors_tell_no_token(forge: Forge, fake: FakeForge, status: int) -> None:
    """Also if the forge repeats the token in its message."""
    fake.faults.append(Fault(status, content={"message": f"no access with {TOKEN}", "errors": [{"token": TOKEN}]}))

    with pytest.raises(GitopsError) as raised:
        forge.comments(1)
    assert TOKEN not in str(raised.value)
    assert "no access with ***" in str(raised.value)
    assert TOKEN not in repr(forge)
    assert TOKEN not in repr(http(fake.url, RecordingClock()))


def test_errors_have_their_exit_codes(forge: Forge, fake: FakeForge) -> None:
    """A token that is not accepted is an error of credentials, with a remedy; other errors are errors of the forge."""
    codes = []
    for status in (401, 403, 404, 422):
        fake.faults.append(Fault(status, content={"message": "no"}))
        with pytest.raises(GitopsError) as raised:
            forge.comments(1)
        codes.append((type(raised.value), raised.value.exit_code, "token" in str(raised.value).lower()))

    assert codes == [
        (CredentialsError, 4, True),
        (Rejected, 1, True),
        (Rejected, 1, True),
        (Rejected, 1, False),
    ]


def test_addresses_in_errors_have_no_user_and_no_query(clock: RecordingClock) -> None:
    """Both can hold a secret."""
    with pytest.raises(ForgeUnavailable) as raised:
        http("http://user:planted@127.0.0.1:9", clock).get("/user", signature="planted")
    assert "planted" not in str(raised.value)


@pytest.mark.parametrize(
    "link", ["http://evil.example/x", "//evil.example/x", "http://127.0.0.1:1/x", "file:///etc/passwd"]
)
def test_pages_of_another_host_are_not_read(fake: FakeForge, clock: RecordingClock, link: str) -> None:
    """A Link header cannot send the token elsewhere."""
    fake.faults.append(Fault(200, content=[], headers={"Link": f'<{link}>; rel="next"'}))

    with pytest.raises(ForgeError, match="refers to another host"):
        list(http(fake.url, clock).pages("/repos/acme/shop/issues"))


def test_a_page_that_follows_itself_ends(fake: FakeForge, clock: RecordingClock) -> None:
    """A list that never ends is read once."""
    fake.faults.append(Fault(200, content=[{}], headers={"Link": '<?page=2>; rel="next"'}, times=50))

    assert list(http(fake.url, clock).pages("/list")) == [{}, {}]


def test_a_download_follows_a_redirect_without_the_token(forge: Forge, fake: FakeForge) -> None:
    """Archives are on another host, which gets no token."""
    fake.upload("7", "plan", {"plan.json": "{}"})

    assert forge.artifact("7", "plan") == fake.artifacts["7"][0]["data"]
    assert fake.tokens_elsewhere == []


def test_redirects_end(fake: FakeForge, clock: RecordingClock) -> None:
    """A circle is an error."""
    fake.faults.append(Fault(302, headers={"Location": "/user"}, times=100))

    with pytest.raises(ForgeError, match="too many redirects"):
        http(fake.url, clock).get("/user")


@pytest.mark.parametrize("location", ["http://evil.example/", "ftp://127.0.0.1/", "/elsewhere"])
def test_a_change_is_not_redirected(fake: FakeForge, clock: RecordingClock, location: str) -> None:
    """A body is not sent to another host, and a POST does not become a GET."""
    fake.faults.append(Fault(302, headers={"Location": location}))

    with pytest.raises(ForgeError):
        http(fake.url, clock).send("POST", "/user", {})
    assert len(fake.requests) == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "api.github.com", ""])
def test_other_addresses_are_refused(clock: RecordingClock, url: str) -> None:
    """An API has an address of HTTP."""
    with pytest.raises(ForgeError, match="invalid API address"):
        http(url, clock)


@pytest.mark.parametrize("content", [{"data": None}, [{}], ["text"], "text", None, {"id": "x"}])
def test_strange_answers_are_errors(forge: Forge, fake: FakeForge, content: object) -> None:
    """An answer of another form is an error of the forge, not of the program."""
    fake.faults.append(Fault(200, content=content, times=9))

    with pytest.raises(ForgeError):
        forge.create_comment(1, "text")
    with pytest.raises(ForgeError):
        forge.author()
    with pytest.raises(ForgeError):
        forge.issues("label")
