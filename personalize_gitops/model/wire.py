"""Between attributes, spelled as in a manifest, and the requests and answers of the service."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from personalize_gitops.model.members import members, switch_of
from personalize_gitops.model.structure import RUNNING, STOPPED, Attributes, Structure


def to_wire(structure: type[Structure], attributes: Attributes) -> dict[str, Any]:
    """Return attributes as members of a request: references end in `Arn`, JSON text is text."""
    known = members(structure)
    return {
        known[alias].wire: json.dumps(value) if known[alias].json_text and not isinstance(value, str) else value
        for alias, value in attributes.items()
        if not known[alias].switch
    }


def from_wire(structure: type[Structure], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of an answer that a manifest can declare, spelled as in a manifest."""
    found = {
        member.alias: json.loads(answer[member.wire]) if member.json_text else answer[member.wire]
        for member in members(structure).values()
        if member.wire in answer
    }
    switch = switch_of(structure)
    if switch and "status" in answer:
        # An object that is stopping counts as stopped, one that is starting as running.
        stopped = re.match(r"STOP|INACTIVE", answer["status"].upper())
        found[switch] = STOPPED if stopped else RUNNING
    return found
