"""The plan of a fork as a comment, made from a JSON document of the fork's pipeline: all of it is foreign text.

The document has been checked against its schema. Every text in it is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.render.gfm import code, prose, table
from personalize_gitops.render.lines import Line, joined, line
from personalize_gitops.render.text import counted

_MOST = 200  # rows

_NOTE = (
    "The pipeline of the fork made this plan on an empty emulator, with the program and the manifests of the fork. "
    "It shows what the manifests declare, not what would change in an account. It is no approval: to apply it, "
    "push the commits to a branch of this repository."
)


def plan(content: Mapping[str, Any]) -> str:
    """Return a plan as Markdown."""
    return joined(_plan(content))


def _plan(content: Mapping[str, Any]) -> Iterator[Line]:
    changes = content["changes"]
    yield from (line(f"## Plan of a fork for {code(content['project'])}, target {code(_target(content))}"), line())
    yield from (line(f"**{_counts(content)}.** {_NOTE}"), line())
    if changes:
        yield from table(["Resource", "Action", "Why"], map(_row, changes[:_MOST]))
    if more := len(changes) - _MOST if len(changes) > _MOST else 0:
        yield from (line(), line(f"_And {more} more._"))


def _target(content: Mapping[str, Any]) -> str:
    return str(content["target"]["name"])


def _counts(content: Mapping[str, Any]) -> str:
    found = content["summary"].items()
    return ", ".join(f"{count} {counted(word)}" for word, count in found if count and word != "unchanged") or (
        "No changes"
    )


def _row(change: Mapping[str, Any]) -> list[str]:
    why = "; ".join(reason["text"] for reason in change["reasons"])
    return [code(change["address"]), change["action"], prose(why)]
