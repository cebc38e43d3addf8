"""Delivering: every channel is tried, within one time limit, and no error gets out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from personalize_gitops.errors import AccessDenied
from personalize_gitops.model.notice import Message
from personalize_gitops.notify.deliver import deliver

MESSAGE = Message("kind", "subject", "subject", "text", "{}")


@dataclass
class Fake:
    """A channel that keeps what it was sent."""

    label: str
    act: Callable[[], object] = lambda: None
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.act()
        self.sent.append(message)


def failing(error: Exception) -> Callable[[], object]:
    """A function that raises an error."""

    def act() -> object:
        raise error

    return act


def test_every_channel_gets_the_message() -> None:
    """A channel that fails keeps the message from no other; an error of a library is told without its text."""
    first, last = Fake("first"), Fake("last")
    refused = Fake("refused", failing(AccessDenied("not allowed")))
    broken = Fake("broken", failing(ValueError("https://hooks.example/s3cret")))

    failures = deliver([first, refused, broken, last], MESSAGE)

    assert (first.sent, last.sent) == ([MESSAGE], [MESSAGE])
    assert [(failure.label, failure.why) for failure in failures] == [
        ("refused", "not allowed"),
        ("broken", "ValueError"),
    ]


def test_a_silent_channel_does_not_hold_up() -> None:
    """After the limit its message counts as not delivered, and the others as delivered."""
    never = Event()
    prompt, silent = Fake("prompt"), Fake("silent", never.wait)

    failures = deliver([silent, prompt], MESSAGE, limit=0.05)

    assert [(failure.label, failure.why) for failure in failures] == [("silent", "no answer in 0 s")]
    assert prompt.sent == [MESSAGE]
    never.set()


def test_no_channel_is_no_work() -> None:
    """Without channels nothing is waited for."""
    assert deliver([], MESSAGE) == []
