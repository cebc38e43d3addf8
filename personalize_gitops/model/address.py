"""The logical identity of a resource: `Kind/name`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Address:
    """Identifies a document, independent of the AWS name of its object."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """`Kind/name` as an address. Raises ValueError for anything else."""
        kind, slash, name = text.partition("/")
        if not (kind and slash and name) or "/" in name:
            raise ValueError(f"{text!r} is not of the form Kind/name")
        return cls(kind, name)
