"""Secrets: values that a manifest takes from the environment with `${env:NAME}`. No output shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from personalize_gitops.model.address import Address
from personalize_gitops.model.reason import Param, Path, Reason, Verbatim

MASK = "***"

_LONG = 8  # characters from which a secret is masked in every text; a shorter one occurs in other texts by chance

Step = str | int
T = TypeVar("T", Reason, Reason | None)


@dataclass(frozen=True)
class Secrets:
    """The secrets of one document, or of several.

    At its own path every value is masked. In other texts, such as messages of the service that repeat it, a value is
    masked if it has eight characters or more.
    """

    paths: frozenset[tuple[Step, ...]] = frozenset()  # of the fields; those of a document as in `FieldChange`
    texts: frozenset[str] = frozenset()  # the values of the variables, and of the fields that contain them

    def __bool__(self) -> bool:
        return bool(self.paths or self.texts)

    def hides(self, path: Sequence[Step]) -> bool:
        """Return whether the field at a path has a secret, is part of one, or has one inside."""
        here = tuple(path)
        return any(here[: len(secret)] == secret[: len(here)] for secret in self.paths)

    @cached_property
    def _long(self) -> Sequence[str]:
        """The texts to mask everywhere, the longest first: a field before the variable in it."""
        return sorted((text for text in self.texts if len(text) >= _LONG), key=lambda text: (-len(text), text))

    def masked(self, text: str) -> str:
        """Return a text without long secrets."""
        for secret in self._long:
            text = text.replace(secret, MASK)
        return text

    def masked_inside(self, text: str) -> str:
        """Return a text about the field of a secret: also masked if it is a secret itself, or a piece of one."""
        return MASK if text and any(text in secret for secret in self.texts) else self.masked(text)


NO_SECRETS = Secrets()


def together(found: Iterable[Secrets]) -> Secrets:
    """Return the texts of several documents' secrets, to be masked in texts that belong to none of them."""
    return Secrets(texts=frozenset(text for secrets in found for text in secrets.texts))


def without(reason: T, mask: Callable[[str], str]) -> T:
    """Return a reason with `mask` applied to every text and name in its parameters."""
    if reason is None:
        return reason
    return replace(reason, params={name: _masked(value, mask) for name, value in reason.params.items()})


def _masked(value: Param | tuple[Param, ...], mask: Callable[[str], str]) -> Param | tuple[Param, ...]:
    match value:
        case Verbatim():
            return Verbatim(mask(value))
        case Address(kind_name, name):
            return Address(kind_name, mask(name))
        case Reason():
            return without(value, mask)
        case tuple() if not isinstance(value, Path):
            return tuple(_masked(one, mask) for one in value)  # type: ignore[misc]  # a tuple holds no tuples
        case _:
            return value


def secrets_of(paths: Iterable[tuple[Step, ...]], texts: Iterable[frozenset[str]]) -> Secrets:
    """Return the secrets of a document by the paths of their values in it, such as `spec.roleArn` and `tags.team`."""
    return Secrets(frozenset(_paths(paths)), frozenset[str]().union(*texts))


def _paths(found: Iterable[tuple[Step, ...]]) -> Iterator[tuple[Step, ...]]:
    for path in found:
        if path[:1] == ("spec",):
            yield path[1:]
        elif path[:1] == ("tags",):
            yield path
