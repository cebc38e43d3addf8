"""Pieces of Markdown as GitHub and GitLab read it, in which text from outside stays text.

Names, values and messages come from manifests and from the service. A piece escapes what would be markup: none of them
ends a table cell, a code block or an element, begins a link, or mentions a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from urllib.parse import quote

from personalize_gitops.model.reason import Source
from personalize_gitops.render.lines import Line, escaped, line
from personalize_gitops.render.style import Style

_SIMPLE = re.compile(r"[^\s`|\\](?:[^`|\\]*[^\s`|\\])?")  # what a code span in backticks can hold, in a table too
_MARKUP = re.compile(r"[\\`*_\[\]<>&|~]")
_PUNCTUATION = re.compile(r"[!-,.:-@\[-`{-~]")  # of ASCII, without - and /
_LINKED = re.compile(r"[@#]|(?:https?|ftp):(?=//)|www(?=\.)|GH-(?=\d)", re.IGNORECASE)
_BACKTICKS = re.compile(r"`+")
_APART = "&#8203;"  # a space of no width: neither GitHub nor GitLab links or mentions what it divides


def prose(text: str) -> str:
    """Return a sentence; its parts in backticks become code."""
    parts = escaped(text).split("`")
    span = element if "``" in text else code  # two spans in backticks side by side would be read as one
    if len(parts) % 2 == 0:  # the last backtick has no partner
        parts[-2:] = [f"{parts[-2]}`{parts[-1]}"]
    return "".join(span(part) if index % 2 else _plain(part) for index, part in enumerate(parts))


def _plain(text: str) -> str:
    return _MARKUP.sub(_entity, _divided(text)).replace("$", "<span>$</span>").replace("\0", _APART)


def _divided(text: str) -> str:
    return _LINKED.sub(lambda found: f"{found[0]}\0", text)  # no visible text has this character


def code(text: str) -> str:
    """Return a name or a value as code."""
    visible = escaped(text)
    return f"`{visible}`" if _SIMPLE.fullmatch(visible) else element(text)


def element(text: str) -> str:
    """Return a name or a value as code inside HTML, such as a summary."""
    return f"<code>{_PUNCTUATION.sub(_entity, _divided(escaped(text)))}</code>".replace("\0", _APART)


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def link(source: Source, style: Style) -> str:
    """Return a link to a line of a manifest; a path outside of the repository is only shown."""
    shown = f"{source.file}:{source.line}"
    if source.file.startswith("/"):
        return code(shown)
    return f"[{_plain(escaped(shown))}]({url(source, style)})"


def url(source: Source, style: Style) -> str:
    """Return the address of a line of a manifest; a path where the address of the repository is unknown."""
    path = style.path(source.file) if style.base else source.file
    return f"{f'{style.base}/' if style.base else ''}{quote(path.encode(errors='replace'))}#L{source.line}"


def fence(language: str, content: Iterable[str]) -> Iterator[Line]:
    """Yield a code block. Its fence is longer than every row of backticks inside."""
    inside = [line(each) for each in content]
    longest = max((len(found) for each in inside for found in _BACKTICKS.findall(each)), default=0)
    ticks = "`" * max(3, longest + 1)
    yield from (line(f"{ticks}{language}"), *inside, line(ticks))


def details(summary: str, content: Iterable[Line]) -> Iterator[Line]:
    """Yield a section that is closed at first. The summary is HTML."""
    yield from (line(f"<details><summary>{summary}</summary>"), line(), *content, line(), line("</details>"), line())


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Line]:
    """Yield a table of cells that are Markdown."""
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> Line:
    return line(f"| {' | '.join(cells)} |")


def html(text: str) -> str:
    """Return a sentence inside HTML."""
    return escape(_divided(escaped(text))).replace("\0", _APART)
