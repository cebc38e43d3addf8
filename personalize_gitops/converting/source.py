"""The input with its paths, and a log of what became of each part: no key is lost without an entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import ConversionCode, Entry, Outcome
from personalize_gitops.model.reason import Path, Reason, because

_GRAVITY = list(Outcome)


def same_key(name: str) -> str:
    """Return a comparable form of a member's name: `kmsKeyArn`, `KmsKeyArn` and `kms_key_arn` are the same."""
    return name.replace("_", "").casefold()


@dataclass
class Log:
    """The entries about one file."""

    file: str
    entries: dict[tuple[Path, Address | None, Path | None], Entry] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Add an entry; of two about the same path and member, the graver one stays."""
        key = (entry.path, entry.address, entry.field)
        before = self.entries.get(key) or self.entries.get((entry.path, None, None))
        if before is None or _GRAVITY.index(entry.outcome) < _GRAVITY.index(before.outcome):
            self.entries[key] = entry

    def close(self, root: Value) -> tuple[Entry, ...]:
        """Return all entries, with one for each part of the input that none is about yet."""
        known = {path for path, _, _ in self.entries}
        above = {Path(path[:end]) for path in known for end in range(len(path))}
        for rest in _rest(root, known, above):
            rest.dropped(because(ConversionCode.UNKNOWN_KEY))
        return tuple(self.entries.values())


@dataclass(frozen=True)
class Value:
    """A value of the input at its path; the value of a missing key is None."""

    value: Any
    path: Path
    log: Log

    def __bool__(self) -> bool:
        return self.value is not None

    def __getitem__(self, name: str) -> Value:
        """Return the value of a key; a key in another spelling is found too."""
        found = next((key for key in self.mapping if same_key(str(key)) == same_key(name)), name)
        return Value(self.mapping.get(found), self.path / found, self.log)

    def without(self, *names: str) -> Value:
        """Return the mapping without some keys, whose values are read on their own."""
        rest = {key: value for key, value in self.mapping.items() if key not in names}
        return Value(rest if isinstance(self.value, dict) else self.value, self.path, self.log)

    def only(self, *names: str) -> Value:
        """Return the mapping with some keys only; the others are read on their own."""
        return Value({key: value for key, value in self.mapping.items() if key in names}, self.path, self.log)

    @property
    def mapping(self) -> dict[str, Any]:
        """The keys and values of a mapping; empty for any other value."""
        return self.value if isinstance(self.value, dict) else {}

    def items(self) -> Iterator[tuple[str, Value]]:
        """Yield the keys of a mapping with their values; a null counts as a missing key."""
        for key, value in self.mapping.items():
            if value is not None:
                yield key, Value(value, self.path / key, self.log)

    def each(self) -> Iterator[Value]:
        """Yield the elements of a list."""
        for index, value in enumerate(self.value if isinstance(self.value, list) else ()):
            yield Value(value, self.path / index, self.log)

    def exact(self, address: Address | None, field: Path, reason: Reason | None = None) -> None:
        """Note that a document has the same value."""
        self._add(Outcome.EXACT, reason, address, field)

    def defaulted(self, reason: Reason, address: Address | None = None, field: Path | None = None) -> None:
        """Note that a default, or a value by convention, is in the place of the value."""
        self._add(Outcome.DEFAULTED, reason, address, field)

    def dropped(self, reason: Reason) -> None:
        """Note that no document has the value."""
        self._add(Outcome.DROPPED, reason)

    def decision(self, reason: Reason, address: Address | None = None, field: Path | None = None) -> None:
        """Note that the user has to decide."""
        self._add(Outcome.DECISION, reason, address, field)

    def _add(
        self, outcome: Outcome, reason: Reason | None, address: Address | None = None, field: Path | None = None
    ) -> None:
        self.log.add(Entry(outcome, self.log.file, self.path, address, field, reason))


def _rest(value: Value, known: set[Path], above: set[Path]) -> Iterator[Value]:
    """Yield the highest parts that no entry is about; an entry about a part is about everything in it."""
    if value.path in known:
        return
    if value.path in above and isinstance(value.value, dict | list):
        for child in (*value.each(), *(child for _, child in value.items())):
            yield from _rest(child, known, above)
    elif value.value not in ({}, []):
        yield value
