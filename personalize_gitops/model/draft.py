"""Drafts: documents that a command is about to write as manifests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from personalize_gitops.model.address import Address


class Template(str):
    """Text whose `${variables}` are filled in when the manifest is read; in any other text they are written escaped."""

    __slots__ = ()


def joined(parts: Iterable[object], between: str = "") -> str:
    """Return parts as one text; if one is a template the text is, and only the variables of templates are filled in."""
    found = [*parts]
    if not any(isinstance(part, Template) for part in found):
        return between.join(map(str, found))
    return Template(between.join(str(part) if isinstance(part, Template) else written(str(part)) for part in found))


def written(text: str) -> str:
    """Return how a text is written so that no part of it is taken for a variable."""
    return text.replace("${", "$${")


@dataclass(frozen=True)
class Draft:
    """One document to write."""

    address: Address
    spec: Mapping[str, Any]
    tags: Mapping[str, str] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)
    lifecycle: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""  # the stem of its file; "": project
