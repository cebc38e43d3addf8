"""Values as YAML text: in one line, or as the entries of a block mapping."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver

_WIDTH = 100  # characters of a value in one line
_RESOLVER: Any = VersionedResolver()
_PLAIN = re.compile(r"[\w./$(+](.*\S)?")  # it begins with no indicator, and has no space at an end
_OF_FLOW = frozenset(",[]{}")


def flow(value: Any) -> str:
    """Return a value in one line, safe inside of brackets."""
    match value:
        case Mapping():
            return f"{{{', '.join(f'{scalar(key)}: {flow(item)}' for key, item in value.items())}}}"
        case list():
            return f"[{', '.join(map(flow, value))}]"
        case _:
            return scalar(value)


def block(members: Mapping[str, Any], column: int) -> Iterator[str]:
    """Yield the lines of a block mapping that begins at a column, mappings in it as blocks too."""
    for key, value in members.items():
        if isinstance(value, Mapping) and value:
            yield f"{' ' * column}{scalar(key)}:"
            yield from block(value, column + 2)
        else:
            yield f"{' ' * column}{scalar(key)}: {flow(value) if isinstance(value, list | Mapping) else scalar(value)}"


def laid_out(value: Mapping[str, Any], column: int) -> Iterator[str]:
    """Yield the lines of a mapping as people write it: a short mapping or list takes one line, except `spec`."""
    for key, item in value.items():
        head = f"{' ' * column}{scalar(key, inside=False)}:"
        if not isinstance(item, Mapping | list):
            yield f"{head} {scalar(item, inside=False)}"
        elif not item or (_is_short(item) and key != "spec"):
            yield f"{head} {flow(item)}"
        else:
            yield head
            yield from laid_out(item, column + 2) if isinstance(item, Mapping) else _items(item, column + 2)


def _items(items: list[Any], column: int) -> Iterator[str]:
    """Yield the lines of a list."""
    for item in items:
        if isinstance(item, Mapping) and not _is_short(item):
            first, *others = laid_out(item, column + 2)
            yield f"{' ' * column}- {first.lstrip()}"
            yield from others
        else:
            yield f"{' ' * column}- {flow(item)}"


def _is_short(value: Any) -> bool:
    """Return whether a value takes one line. The C parser does not read a URL inside of brackets."""
    inner = value.values() if isinstance(value, Mapping) else value
    text = flow(value)
    return len(text) <= _WIDTH and "://" not in text and not any(isinstance(item, Mapping) for item in inner)


def scalar(value: Any, quote: str = "", *, inside: bool = True) -> str:
    """Return a scalar, a text in these quotes if it can be; `inside` of brackets fewer texts need none."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    if not quote and _is_plain(value, inside):
        return value
    if quote != '"' and value.isprintable():
        return f"'{value.replace(chr(39), chr(39) * 2)}'"
    return "".join(map(_visible, json.dumps(value, ensure_ascii=False)))


def _visible(character: str) -> str:
    """Return a character as it is, or as an escape if it is invisible."""
    code = ord(character)
    return character if character.isprintable() else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _is_plain(text: str, inside: bool) -> bool:
    """Return whether a text without quotes is read as this text."""
    return (
        text.isprintable()
        and bool(_PLAIN.fullmatch(text))
        and ": " not in text
        and " #" not in text
        and not text.endswith(":")
        and not (inside and not _OF_FLOW.isdisjoint(text))
        and _RESOLVER.resolve(ScalarNode, text, (True, False)) == _RESOLVER.DEFAULT_SCALAR_TAG
    )
