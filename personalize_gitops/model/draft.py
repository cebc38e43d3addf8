"""Drafts: documents that a command is about to write as manifests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from personalize_gitops.model.address import Address


class Template(str):
    """Text whose `${variables}` are filled in when the manifest is read; in any other text they are written escaped."""

    __slots__ = ()


@dataclass(frozen=True)
class Draft:
    """One document to write."""

    address: Address
    spec: Mapping[str, Any]
    tags: Mapping[str, str] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)
    lifecycle: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""  # the stem of its file; "": project
