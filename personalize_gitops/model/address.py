"""The logical identity of a resource: `Kind/name`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

_KNOWN: dict[tuple[str, str], Address] = {}


@dataclass(frozen=True, eq=False, slots=True)
class Address:
    """Identifies a document, independent of the AWS name of its object.

    Equal addresses are one object: a plan compares and hashes little else, and identity is the quickest comparison.
    """

    kind_name: str
    name: str

    def __new__(cls, kind_name: str, name: str) -> Address:
        """Return the one address of a document."""
        return _KNOWN.get((kind_name, name)) or _KNOWN.setdefault((kind_name, name), object.__new__(cls))

    def __reduce__(self) -> tuple[type[Address], tuple[str, str]]:
        """Copy and pickle by value."""
        return Address, (self.kind_name, self.name)

    def __lt__(self, other: Address) -> bool:
        return reading_order(self) < reading_order(other)

    def __str__(self) -> str:
        return f"{self.kind_name}/{self.name}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Return the address `Kind/name`. Raises ValueError for anything else."""
        kind, slash, name = text.partition("/")
        if not (kind and slash and name) or "/" in name:
            raise ValueError(f'invalid address "{text}": expected Kind/name')
        return cls(kind, name)


reading_order: Callable[[Address], tuple[str, str]] = attrgetter("kind_name", "name")
"""The key by which addresses are sorted: quicker over many addresses than comparing them with each other."""
