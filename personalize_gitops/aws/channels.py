"""The channels in AWS: a topic of SNS, and an event bus of EventBridge. The role of the target sends to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from personalize_gitops.aws.errors import translated
from personalize_gitops.errors import InvalidRequest
from personalize_gitops.model.notice import Message

SOURCE = "personalize-gitops"

Clients = Callable[[str, str], Any]
"""Return the client of a service in a region; the region of the target if that is empty."""


class Topic:
    """A topic of SNS."""

    def __init__(self, arn: str, clients: Clients) -> None:
        self.label = arn
        self._clients = clients

    def send(self, message: Message) -> None:
        """Publish a message. Raises CloudError if it is refused."""
        with translated("notifying"):
            client = self._clients("sns", self.label.split(":")[3])
            client.publish(TopicArn=self.label, Subject=message.short_subject, Message=message.text)


class EventBus:
    """An event bus of EventBridge, by name or ARN."""

    def __init__(self, bus: str, clients: Clients) -> None:
        self.label = f"event bus {bus}"
        self._bus, self._clients = bus, clients

    def send(self, message: Message) -> None:
        """Put an event. Raises CloudError if it is refused."""
        entry = {
            "EventBusName": self._bus,
            "Source": SOURCE,
            "DetailType": message.kind,
            "Detail": message.detail,
        }
        with translated("notifying"):
            client = self._clients("events", self._bus.split(":")[3] if self._bus.startswith("arn:") else "")
            answer = client.put_events(Entries=[entry])
        if failed := answer.get("FailedEntryCount"):
            codes = {str(one.get("ErrorCode", "")) for one in answer.get("Entries", [])}
            raise InvalidRequest(f"{failed} event not accepted: {', '.join(sorted(filter(None, codes)))}")
