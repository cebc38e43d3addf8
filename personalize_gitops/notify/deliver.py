"""Send a message to several channels at once, within one time limit."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Condition, Thread

from personalize_gitops.errors import GitopsError, Undelivered
from personalize_gitops.model.notice import Message
from personalize_gitops.model.ports import Channel

LIMIT = 10.0  # seconds for all channels together


def deliver(channels: Sequence[Channel], message: Message, limit: float = LIMIT) -> list[Undelivered]:
    """Send a message to every channel and return the errors of those that did not take it in time, in their order.

    A channel that does not answer goes on in the background and does not keep the program from its end.
    """
    outcomes: list[Undelivered | None] = [
        Undelivered(channel.label, f"no answer in {limit:.0f} s") for channel in channels
    ]
    condition, left = Condition(), [len(channels)]

    def send(number: int, channel: Channel) -> None:
        outcome = _outcome(channel, message)
        with condition:
            outcomes[number] = outcome
            left[0] -= 1
            condition.notify_all()

    for number, channel in enumerate(channels):
        Thread(target=send, args=(number, channel), name="notification", daemon=True).start()
    with condition:
        condition.wait_for(lambda: not left[0], timeout=limit)
        return [outcome for outcome in outcomes if outcome]


def _outcome(channel: Channel, message: Message) -> Undelivered | None:
    """Send a message. An error of a library is named by its class alone: its text can contain the URL."""
    try:
        channel.send(message)
    except GitopsError as error:
        return Undelivered(channel.label, str(error))
    except Exception as error:
        return Undelivered(channel.label, type(error).__name__)
    return None
