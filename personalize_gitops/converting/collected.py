"""The documents that a conversion has made so far, and the values that its project declares for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from personalize_gitops.converting.source import Log, Value
from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import Conversion, ConversionCode, Entry, Given, Parsed
from personalize_gitops.model.draft import Draft, Template
from personalize_gitops.model.reason import Path, Reason, Verbatim, because

LOCAL_ROLE = "arn:aws:iam::000000000000:role/PersonalizeData"
LOCAL_BUCKET = "personalize-data"
_ARN = re.compile(r"arn:[a-z\d-]+:personalize:([a-z\d-]+):(\d{12}):")
_BUCKET = re.compile(r"s3://([a-z\d][a-z\d.\-]+)/")


@dataclass
class Collected:
    """The state of a conversion: one for all of its files."""

    given: Given
    drafts: dict[Address, Draft] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)  # of the project
    name: str = ""  # of the project; "": that of the first dataset group
    region: str = ""  # where the input says it
    file: str = ""  # the stem of the file for new documents

    def roots(self, files: Iterable[Parsed]) -> Iterator[tuple[Value, str]]:
        """Yield the root and the stem of each file of input. After that, each part of it that was not read is told."""
        for parsed in files:
            root = Value(parsed.value, Path(), Log(parsed.file))
            yield root, parsed.stem
            self.entries += root.log.close(root)

    def add(self, draft: Draft, at: Value) -> Draft:
        """Add a document; another one of the same address is kept, and a different one is a decision."""
        before = self.drafts.setdefault(draft.address, draft)
        if (before.spec, before.tags, before.run) != (draft.spec, draft.tags, draft.run):
            at.decision(because(ConversionCode.CONFLICT, address=draft.address), draft.address)
        return before

    def change(self, address: Address, **members: Any) -> None:
        """Replace members of a document that was added."""
        self.drafts[address] = replace(self.drafts[address], **members)

    def role(self, at: Value, address: Address, member: Path) -> str:
        """Return the role that Personalize reads and writes files with: the given one, or a variable to decide."""
        if self.given.role:
            return self.given.role
        reason = because(ConversionCode.ROLE_MISSING, variable=Verbatim("role"))
        return self._decided("role", LOCAL_ROLE, reason, at, address, member)

    def bucket(self, at: Value, address: Address, member: Path) -> str:
        """Return the bucket of the system: the given one, or a variable to decide."""
        if self.given.bucket:
            return self.given.bucket
        reason = because(ConversionCode.BUCKET_MISSING, variable=Verbatim("bucket"))
        return self._decided("bucket", LOCAL_BUCKET, reason, at, address, member)

    def _decided(
        self, name: str, placeholder: str, reason: Reason, at: Value, address: Address, member: Path
    ) -> Template:
        """Return a variable of the project, whose first use is a decision."""
        if name not in self.variables:
            at.decision(reason, address, member)
        self.variables.setdefault(name, placeholder)
        return Template(f"${{{name}}}")

    def conversion(self) -> Conversion:
        """Return the result, the project first."""
        return Conversion((self._project(), *self.drafts.values()), tuple(self.entries))

    def _project(self) -> Draft:
        targets: dict[str, Any] = {"local": {"emulator": self._emulator()}}
        places = {found.groups() for text in self._texts() if (found := _ARN.match(text))}
        if len(places) == 1 or self.region:
            region, account = next(iter(places)) if len(places) == 1 else (self.region, "")
            targets["aws"] = {**({"account": account} if account else {}), "region": self.region or region}
        spec: dict[str, Any] = {"defaultTarget": "local"}
        spec |= {"tags": self.tags} if self.tags else {}
        spec |= {"variables": self.variables} if self.variables else {}
        return Draft(Address("Project", self._project_name()), {**spec, "targets": targets})

    def _project_name(self) -> str:
        groups = (address.name for address in self.drafts if address.kind_name == "DatasetGroup")
        name = re.sub(r"[^a-zA-Z0-9\-_]+", "-", self._filled(self.name or next(groups, "converted"))).strip("-_")
        return name[:63] or "converted"

    def _emulator(self) -> dict[str, Any]:
        """Return the settings of the emulator: a folder beside the manifests for each bucket that they name."""
        named = {found[1] for text in self._texts() if (found := _BUCKET.match(self._filled(text)))}
        return {"buckets": {bucket: f"../data/{bucket}" for bucket in sorted(named)}} if named else {}

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{(\w+)\}", lambda found: str(self.variables.get(found[1], "")), text)

    def _texts(self) -> Iterator[str]:
        return (text for draft in self.drafts.values() for text in _texts_of(draft.spec))


def _texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        inner: Iterable[Any] = value.values() if isinstance(value, Mapping) else value
        for item in inner:
            yield from _texts_of(item)
