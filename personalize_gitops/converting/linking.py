"""References by name in the place of the ARNs of resources that the conversion has made documents of."""

from __future__ import annotations

import re
from typing import Any

from personalize_gitops.converting.collected import Collected
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.address import Address
from personalize_gitops.model.draft import Draft
from personalize_gitops.model.members import references

_ARN = re.compile(r"arn:[a-z\d-]+:personalize:[^:]*:[^:]*:([a-z-]+)/([^/]+)(?:/(.+))?")


def link(made: Collected) -> None:
    """Replace ARNs of resources that are declared by their names."""
    for address, draft in [*made.drafts.items()]:
        refs = {member.alias: member.ref for member in references(KINDS[address.kind_name])}
        spec = {
            key: _linked(made, refs[key], value) if key in refs and isinstance(value, str) else value
            for key, value in draft.spec.items()
        }
        made.change(address, spec=spec)


def _linked(made: Collected, kind: str | None, value: str) -> Any:
    """Return the name of a declared resource, or the newest version of a declared solution, else the value itself."""
    found = _ARN.fullmatch(value)
    if not found:
        return value
    name, rest = found[2], found[3]
    if kind == "SolutionVersion" and Address("Solution", name) in made.drafts:
        return {"solution": name, "version": "$LATEST" if rest == "$LATEST" else "latest"}
    if kind == "Dataset" and rest:
        return next((of.address.name for of in made.drafts.values() if _is_dataset(of, name, rest)), value)
    return name if kind and Address(kind, name) in made.drafts and not rest else value


def _is_dataset(draft: Draft, group: str, type_: str) -> bool:
    spec = draft.spec
    return (
        draft.address.kind_name == "Dataset"
        and str(spec.get("datasetType", "")).upper() == type_
        and str(spec.get("datasetGroup", "")).rpartition("/")[2] == group
    )
