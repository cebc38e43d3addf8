"""Logical names for objects of the account: their AWS names without the prefix and suffix of the target. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from personalize_gitops.model.address import Address
from personalize_gitops.model.importing import Wanted
from personalize_gitops.model.live import Live
from personalize_gitops.model.names import next_name
from personalize_gitops.model.resource import Run

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-_]*")


def logical_name(live: Live, wanted: Wanted) -> str | None:
    """Return the name of an object in manifests; None if the naming of the target cannot make its AWS name."""
    name, fits = live.aws_name, live.aws_name.startswith(wanted.prefix) and live.aws_name.endswith(wanted.suffix)
    inner = name[len(wanted.prefix) : len(name) - len(wanted.suffix)] if fits else ""
    return inner if _NAME.fullmatch(inner) else None


def run_address(live: Live, wanted: Wanted, parent: Address | None, taken: Collection[Address]) -> Address:
    """Return the address of a run: of the resource that it changes or, if it changes none, of its own name.

    The mode of a run that needs an earlier one, such as `incremental`, is a part of it.
    """
    kind_name = live.kind.kind_name()
    base = parent.name if parent else logical_name(live, wanted) or live.aws_name
    if parent and issubclass(live.kind, Run) and live.kind.prerequisite(live.attributes):
        base = f"{base}-{_mode(live)}"
    return Address(kind_name, next_name(base, (other.name for other in taken if other.kind_name == kind_name)))


def _mode(live: Live) -> str:
    """Return the value of the member that says how a run works, such as `importMode`."""
    return next(str(value).lower() for member, value in live.attributes.items() if member.endswith("Mode"))
