"""The channel for a URL of Apprise: chats, mail, webhooks. The URL is a secret, and is in no message of ours."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from importlib.util import find_spec

from personalize_gitops.errors import InvalidRequest, MissingExtra
from personalize_gitops.model.notice import Message


@dataclass(frozen=True)
class UrlChannel:
    """A channel whose URL comes from an environment variable."""

    label: str  # the name of the variable
    url: str = field(repr=False)

    def send(self, message: Message) -> None:
        """Send a message. Raises MissingExtra without Apprise, InvalidRequest if it is not accepted."""
        if not self.url:
            raise InvalidRequest("the environment variable is not set")
        if find_spec("apprise") is None:
            raise MissingExtra('Apprise is not installed: pip install "personalize-gitops[notify]"')
        _send(self.url, message)


def _send(url: str, message: Message) -> None:
    import apprise

    for library in ("apprise", "urllib3", "requests"):  # their warnings repeat parts of the URL
        _silence(logging.getLogger(library))
    sender = apprise.Apprise()
    if not sender.add(url):
        raise InvalidRequest("Apprise does not understand the URL")
    if not sender.notify(title=message.subject, body=message.text, body_format=apprise.NotifyFormat.TEXT):
        raise InvalidRequest("the message was not accepted")


def _silence(logger: logging.Logger) -> None:
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = False
