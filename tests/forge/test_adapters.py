"""What is different between GitHub and GitLab."""

from __future__ import annotations

import pytest

from personalize_gitops.forge.github import GitHub
from personalize_gitops.forge.gitlab import GitLab
from personalize_gitops.forge.port import Forge
from tests.forge.conftest import RecordingClock
from tests.support.forge import BOT, TOKEN, FakeForge, Fault


def test_the_author_is_who_the_token_writes_as(forge: Forge, fake: FakeForge) -> None:
    """It is asked for once, and again after an error of the server."""
    fake.faults.append(Fault(502))

    assert [forge.author(), forge.author()] == [BOT, BOT]
    assert len(fake.requests) == 2


@pytest.mark.parametrize(
    ("api", "graphql"), [("", "/graphql"), ("/api/v3", "/api/graphql"), ("/api/v3/", "/api/graphql")]
)
def test_graphql_is_beside_rest(fake: FakeForge, clock: RecordingClock, api: str, graphql: str) -> None:
    """On github.com and on an Enterprise Server."""
    assert GitHub(f"{fake.url}{api}", "acme/shop", TOKEN, clock).author() == BOT
    assert fake.requests == [("POST", graphql)]


def test_comments_of_deleted_accounts_are_read(fake: FakeForge, clock: RecordingClock) -> None:
    """GitHub answers null for their author."""
    fake.comments[1] = [{"id": 1, "body": "text", "user": ""}]

    assert [comment.author for comment in GitHub(fake.url, "acme/shop", TOKEN, clock).comments(1)] == [""]


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        ("/merge", "\\/merge"),
        ("a\n/close\n  /label ~x", "a\n\\/close\n  \\/label ~x"),
        ("```\n/approve\n```", "```\n\\/approve\n```"),
        ("a /close", "a /close"),
        ("/ x\n//y\n/7", "/ x\n//y\n/7"),
    ],
)
def test_quick_actions_are_not_carried_out(fake: FakeForge, clock: RecordingClock, text: str, inert: str) -> None:
    """A line of a comment that GitLab takes for a command is escaped; GitHub knows no commands."""
    assert GitLab(fake.url, "42", TOKEN, clock).inert(text) == inert
    assert GitHub(fake.url, "acme/shop", TOKEN, clock).inert(text) == text


def test_a_job_token_has_a_header_of_its_own(fake: FakeForge, clock: RecordingClock) -> None:
    """GitLab takes CI_JOB_TOKEN as JOB-TOKEN only."""
    fake.upload("7", "plan", {})

    assert GitLab(fake.url, "42", TOKEN, clock, of_job=True).artifact("7", "plan") is not None
