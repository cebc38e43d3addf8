"""The marker: an HTML comment in the first line of a comment or an issue that says what the text is about.

```
<!-- personalize-gitops:1 {"base": "…", "head": "…", "plan": "…", "project": "movielens", …} -->
```

A marker anyone can write proves nothing: a reader compares the author too. What does not have exactly this form is not
a marker, so that names and values in a text below the first line never count.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

_PREFIX = "<!-- personalize-gitops:1 "
_SUFFIX = " -->"
_LONGEST = 16_384  # characters of a marker that is read
_DIGEST = re.compile(r"(?:[0-9a-f]{64})?")
_COMMIT = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})?")
_RUN = re.compile(r"[0-9]{0,20}")
_UNSAFE = re.compile(r"[<>&-]")  # cannot end the comment early when they are escaped


class Purpose(StrEnum):
    """What a comment or an issue is about."""

    PLAN = "plan"  # the plan of a target
    APPLY = "apply"  # what became of the apply of a target
    FORK = "fork"  # the plan of a fork on an emulator: never one that was approved
    INDEX = "index"  # links to the comments of all targets
    DRIFT = "drift"  # the drift issue of a target


class State(StrEnum):
    """What the last check of a target found, in its drift issue, and whether an apply ended, in its comment."""

    NONE = ""
    DRIFT = "drift"
    CLEAN = "clean"
    DONE = "done"  # everything in the plan was applied
    UNKNOWN = "unknown"  # the check failed; the text below is of the last one that did not


@dataclass(frozen=True, slots=True)
class Marker:
    """What a comment or an issue is about, and what it was written from."""

    purpose: Purpose
    project: str
    target: str
    plan: str = ""  # the fingerprint of the plan, or the digest of the drift: 64 digits
    head: str = ""  # the commit that was planned or checked
    base: str = ""  # the commit it is merged into
    run: str = ""  # the id of the pipeline run
    state: State = State.NONE

    def same_subject(self, other: Marker) -> bool:
        """Return whether both are about the same purpose, project and target."""
        return (self.purpose, self.project, self.target) == (other.purpose, other.project, other.target)


def write(marker: Marker, text: str) -> str:
    """Return a text with its marker. Raises ValueError if the marker could not be read again."""
    content = json.dumps(asdict(marker), sort_keys=True)
    line = _PREFIX + _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", content) + _SUFFIX
    if _parse(line) != marker:
        raise ValueError("invalid marker")
    return f"{line}\n{text}"


def read(body: str) -> Marker | None:
    """Return the marker in the first line of a body; None if there is none, or one of another form."""
    return _parse(body[: _LONGEST + 1].partition("\n")[0].removesuffix("\r"))


def text_of(body: str) -> str:
    """Return a body without its first line, the marker."""
    return body.partition("\n")[2]


def _parse(line: str) -> Marker | None:
    content = line.removeprefix(_PREFIX).removesuffix(_SUFFIX)
    if len(line) > _LONGEST or line != _PREFIX + content + _SUFFIX or _UNSAFE.search(content):
        return None
    try:
        members = json.loads(content, object_pairs_hook=_unique)
        return _checked(Marker(**members))
    except (ValueError, TypeError, RecursionError):
        return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member occurs twice")
    return members


def _checked(found: Marker) -> Marker:
    """Return a marker with the types of its members. Raises ValueError if one does not fit."""
    members = asdict(found)
    if not all(isinstance(value, str) for value in members.values()):
        raise ValueError("a member is not a string")
    "".join(members.values()).encode()  # a lone surrogate cannot be written
    forms = ((_DIGEST, found.plan), (_COMMIT, found.head), (_COMMIT, found.base), (_RUN, found.run))
    if not all(form.fullmatch(value) for form, value in forms):
        raise ValueError("a member has another form")
    return Marker(**{**members, "purpose": Purpose(found.purpose), "state": State(found.state)})
