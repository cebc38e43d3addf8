"""Notices as messages: one line for each resource, no control characters, and within the limits of the channels."""

from __future__ import annotations

import json

from personalize_gitops.model.notice import Item, Notice, Occurrence
from personalize_gitops.model.reason import Reason, ReasonCode, service_message
from personalize_gitops.render.notices import message

HOME = Item("Campaign/home", "changed", (Reason(ReasonCode.CHANGED_IN_ACCOUNT),))


def notice(*items: Item, occurrence: Occurrence = Occurrence.DRIFT, **fields: str) -> Notice:
    """A notice about the target prod of the shop."""
    return Notice(occurrence, "shop", "prod", "123456789012", "eu-west-1", items, {"changed": len(items)}, **fields)


def test_a_message_says_what_where_and_why() -> None:
    """The subject has the target and the counts, the text each resource with its reason, the event is JSON."""
    found = message(notice(HOME, fingerprint="ab" * 32, link="https://ci.example/run/1"))

    assert found.subject == found.short_subject == "shop/prod: new drift (1 changed)"
    assert found.text.splitlines() == [
        "shop/prod: new drift (1 changed)",
        "Account 123456789012, eu-west-1.",
        "- Campaign/home: changed: changed in the account",
        "Fingerprint abababababab.",
        "https://ci.example/run/1",
    ]
    detail = json.loads(found.detail)
    assert detail["resources"][0]["reasons"][0]["code"] == "changed_in_account"
    assert (detail["target"]["name"], detail["occurrence"], detail["fingerprint"]) == ("prod", "drift", "ab" * 32)


def test_a_message_of_many_resources_is_short() -> None:
    """A chat gets twenty lines and the number of the others; an event two hundred resources."""
    found = message(notice(*[HOME] * 1000))

    assert found.text.count("- Campaign/home") == 20
    assert "and 980 other resources" in found.text
    detail = json.loads(found.detail)
    assert (len(detail["resources"]), detail["more"]) == (200, 800)
    assert len(found.detail.encode()) < 256 * 1024


def test_text_from_outside_begins_no_line() -> None:
    """Control characters of a message of the service are escaped; a subject for SNS is printable ASCII."""
    foreign = Item("Campaign/häuser", "create failed", (service_message("no\n::error::\x1b[31m"),))

    found = message(notice(foreign, occurrence=Occurrence.FAILED))

    assert r"no\n::error::\x1b[31m" in found.text
    assert all(character.isprintable() or character == "\n" for character in found.text)
    assert found.short_subject.isascii()


def test_a_long_subject_is_cut() -> None:
    """SNS takes a hundred characters."""
    long = Notice(Occurrence.APPLIED, "p" * 63, "t" * 63, "1", "eu-west-1", ())

    assert len(message(long).short_subject) == 100
