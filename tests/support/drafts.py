"""Random projects of documents of `tests.support.every`, and random edits of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ruamel.yaml import YAML

from tests.support.every import DOCUMENTS, NEEDS

T = TypeVar("T")


class Pick(Protocol):
    """Chooses one of several values."""

    def __call__(self, options: Sequence[T], /) -> T: ...


REFERENCES = {
    "datasetGroup": "DatasetGroup",
    "schema": "Schema",
    "dataset": "Dataset",
    "solution": "Solution",
    "solutionVersion": "SolutionVersion",
    "filter": "Filter",
}
"""The kinds that members refer to."""

NEWEST = ("latest", "$LATEST")
NAMES = ["home", "home-2", "rank", "n" * 63]
LIKED, WATCHED = (f'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("{word}")' for word in ("like", "watch"))
YEAR, RUNTIME = ({"name": name, "type": ["null", "int"]} for name in ("YEAR", "RUNTIME"))

MEMBERS: dict[str, list[tuple[str, list[Any]]]] = {
    "Filter/fresh": [("filterExpression", [LIKED, WATCHED])],
    "Recommender/next": [
        ("recipe", ["aws-vod-top-picks", "aws-vod-most-popular"]),
        ("recommenderConfig.minRecommendationRequestsPerSecond", [1, 2]),
        ("state", ["running", "stopped"]),
    ],
    "DatasetGroup/shop": [("domain", [None, "ECOMMERCE"])],
    "Solution/home": [("solutionConfig.algorithmHyperParameters.hidden_dimension", [100, 120, 140])],
    "Solution/lookalikes": [
        ("performAutoTraining", [True, False]),
        ("solutionConfig.algorithmHyperParameters.hidden_dimension", [100, 120]),
    ],
    "SolutionVersion/home": [("trainingMode", [None, "FULL"])],
    "Campaign/home": [
        ("minProvisionedTPS", [1, 2, 3]),
        ("solutionVersion", ["home", *NEWEST]),
        ("campaignConfig.enableMetadataWithRecommendations", [None, True]),
    ],
    "BatchInferenceJob/mail": [("numResults", [10, 20]), ("filter", [None, "fresh"])],
    "Schema/items": [("schema.fields.3", [YEAR, RUNTIME]), ("schema.fields.4", [None, RUNTIME])],
}
"""Members to edit, mutable and immutable, and their possible values; None removes the member."""

LIFECYCLES: dict[str, list[Any]] = {
    "protect": [None, True],
    "replace": [None, "successor", "recreate", "forbid"],
    "retireAfter": [None, "30d"],
    "ignore": [None, ["spec.minProvisionedTPS"]],
    "onRemove": [None, "retain", "delete"],
    "manage": [None, "observe", "paused"],
    "bounds": [None, {"spec.minProvisionedTPS": {"min": 1, "max": 2}}],
}


@dataclass
class Draft:
    """Manifests to be edited. The key of a document stays its address in `tests.support.every` if it is renamed."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    replace: dict[str, str] = field(default_factory=dict)
    prune: bool = False

    def add(self, address: str) -> None:
        """Add a document and the documents it needs."""
        for needed in (*NEEDS.get(address, ()), address):
            if needed not in self.documents:
                kind, name = needed.split("/")
                body = YAML(typ="safe", pure=True).load(DOCUMENTS[needed])
                self.documents[needed] = {"kind": kind, "name": name, **body}

    def remove(self, address: str) -> None:
        """Remove a document, and the documents that refer to it or cannot succeed without it."""
        if self.documents.pop(address, None):
            for other in list(self.documents):
                named = dict(self._named(self.documents[other])).values() if other in self.documents else ()
                if address in named or address in NEEDS.get(other, ()):
                    self.remove(other)

    def put(self, address: str, path: str, value: Any) -> None:
        """Set one member of a document; None removes it."""
        *above, last = path.split(".")
        place: Any = self.documents[address]
        for step in above:
            place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
        if isinstance(place, list):
            place[int(last) :] = [] if value is None else [value]
        elif value is None:
            place.pop(last, None)
        else:
            place[last] = value

    def write(self, manifests: Path) -> None:
        """Write all documents to one file."""
        target = {"emulator": {"state": "state", "buckets": {"every": "../data"}}, "prune": self.prune}
        project = {"targets": {"local": target}, "defaults": {"replace": self.replace}}
        texts = [{"kind": "Project", "name": "every", "spec": project}, *map(self._renamed, self.documents.values())]
        (manifests / "all.yaml").write_text("\n---\n".join(map(json.dumps, texts)))

    def _named(self, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield the members of a document that refer to another document, each with the key of that document."""
        for member, kind in REFERENCES.items():
            name = document["spec"].get(member)
            if name in NEWEST:
                yield member, "Solution/home"
            elif isinstance(name, str):
                yield member, f"{kind}/{name}"

    def _renamed(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return a document with the current names of the documents it refers to."""
        found = deepcopy(document)
        for member, address in self._named(document):
            name = self.documents[address]["name"]
            version = document["spec"][member]
            found["spec"][member] = {"solution": name, "version": version} if version in NEWEST else name
        return found


def edited(draft: Draft, pick: Pick) -> tuple[Draft, str]:
    """Return the draft after one random edit, and a description of the edit."""
    found = deepcopy(draft)
    addresses = sorted(found.documents)
    sort = pick(["member"] * 5 + ["lifecycle"] * 2 + ["tag", "name", "add", "remove", "project"])
    if sort == "project" and addresses:
        found.prune = pick([False, True])
        kind = pick(sorted({address.split("/")[0] for address in addresses}))
        found.replace[kind] = pick(["successor", "recreate", "forbid"])
        return found, f"prune {found.prune}, {kind} {found.replace[kind]}"
    if sort == "add" or not addresses:
        address = pick(sorted(NEEDS))
        found.add(address)
        return found, f"add {address}"
    editable = [address for address in addresses if address in MEMBERS] if sort == "member" else addresses
    if not editable:
        return found, "nothing"
    address = pick(editable)
    if sort == "member":
        member, values = pick(MEMBERS[address])
        value = pick(values)
        if member == "filter" and value:
            found.add("Filter/fresh")
        found.put(address, f"spec.{member}", value)
        return found, f"{address} {member}: {value}"
    if sort == "lifecycle":
        option = pick(sorted(LIFECYCLES))
        value = pick(LIFECYCLES[option])
        found.put(address, f"lifecycle.{option}", value)
        return found, f"{address} {option}: {value}"
    if sort == "tag":
        value = pick([None, "a", "b"])
        found.put(address, "tags.team", value)
        return found, f"{address} team: {value}"
    if sort == "name":
        found.documents[address]["name"] = name = pick(NAMES)
        return found, f"{address} is {name}"
    found.remove(address)
    return found, f"remove {address}"
