"""The channel for URLs of Apprise, against a web server on loopback."""

from __future__ import annotations

import pytest

from personalize_gitops.errors import GitopsError
from personalize_gitops.model.notice import Message
from personalize_gitops.notify.url import UrlChannel
from tests.support.webhook import webhook

MESSAGE = Message("kind", "shop/prod: applied", "short", "a line\n- Campaign/home: update\n", "{}")


def test_a_message_arrives() -> None:
    """Subject and text arrive as they are."""
    with webhook() as hook:
        UrlChannel("HOOK_URL", hook.url).send(MESSAGE)

    (posted,) = hook.posted
    assert (posted["title"], posted["message"].strip()) == (MESSAGE.subject, MESSAGE.text.strip())


@pytest.mark.parametrize("url", ["", "nonsense://x/s3cret", "json://127.0.0.1:1/s3cret", "s3cret"])
def test_a_url_that_does_not_work(
    url: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """The error, the output and the log of the libraries have no part of the URL."""
    channel = UrlChannel("HOOK_URL", url)

    with pytest.raises(GitopsError) as raised:
        channel.send(MESSAGE)

    told = capfd.readouterr()
    assert "s3cret" not in f"{raised.value}{told.out}{told.err}{channel!r}"
    assert raised.value.__cause__ is None


def test_a_refusal_is_an_error() -> None:
    """An answer other than a success is not a delivery."""
    with webhook() as hook:
        hook.status = 500

        with pytest.raises(GitopsError, match="not accepted"):
            UrlChannel("HOOK_URL", hook.url).send(MESSAGE)
