"""Edit the text of a YAML file so that its documents have other values, and nothing else changes.

The parser says where each node begins and ends, so only the characters of what differs are replaced. Comments, the
order of keys, quotes, indentation and line widths of the rest stay as they are. A comment inside of what is removed
stays on a line of its own. The edited text is read again: it has the new values and every comment, or it is not
returned.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest.nodes import MappingNode, Node, ScalarNode, SequenceNode, parsed, place_of
from personalize_gitops.manifest.values import scalar
from personalize_gitops.manifest.yaml_text import block, flow
from personalize_gitops.manifest.yaml_text import scalar as written
from personalize_gitops.model.problem_codes import AcceptCode
from personalize_gitops.model.reason import Reason, Source

_COMMENT = re.compile(r"(?:^|(?<=[ \t\r\n]))#[^\r\n]*")
_BOM = "\ufeff"


class CannotEdit(Exception):
    """The text cannot be edited safely. Carries the reason and the place."""

    def __init__(self, code: AcceptCode, place: Source) -> None:
        super().__init__(code.about)
        self.reason, self.place = Reason(code), place


@dataclass(frozen=True)
class _Edit:
    """The characters from `start` to `end` become another text."""

    start: int
    end: int
    text: str


def edited(content: str, file: str, wanted: Mapping[int, Any]) -> str:
    """Return the content of a file in which some documents, by their index, have the wanted values.

    Values are as `value_of` returns them. Raises CannotEdit if that would change something else.
    """
    bom, text = (_BOM, content[1:]) if content.startswith(_BOM) else ("", content)
    documents = parsed(text, file)
    editor = _Editor(text, documents)
    edits = [edit for index, value in wanted.items() for edit in editor.edits(documents[index], value)]
    found = _applied(text, edits)
    expected = [wanted.get(index, value_of(document)) for index, document in enumerate(documents)]
    if not _holds(found, file, expected, editor.comments):
        raise CannotEdit(AcceptCode.UNEDITABLE, place_of(documents[min(wanted)]))
    return bom + found


def value_of(node: Any) -> Any:
    """Return the value of a node as it is written: variables, files and merge keys are not resolved."""
    match node:
        case SequenceNode():
            return [value_of(item) for item in node.value]
        case MappingNode():
            return {key.value: value_of(value) for key, value in node.value}
        case _:
            return scalar(node)


def same(one: Any, other: Any) -> bool:
    """Return whether two values are equal and of the same types, so that `1`, `1.0` and `true` differ."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def _applied(text: str, edits: Sequence[_Edit]) -> str:
    """Return a text with edits. Of those that begin at the same character, the earlier one comes first."""
    found, at = "", 0
    for edit in sorted(edits, key=lambda each: each.start):
        found += text[at : edit.start] + edit.text
        at = max(at, edit.end)
    return found + text[at:]


def _holds(text: str, file: str, expected: Sequence[Any], comments: Counter[str]) -> bool:
    """Return whether a text has the expected documents and, at least, these comments."""
    try:
        documents = parsed(text, file)
    except ManifestError:
        return False
    has_values = same([value_of(document) for document in documents], [*expected])
    return has_values and _Editor(text, documents).comments >= comments


class _Editor:
    """Finds the edits for the documents of one text."""

    def __init__(self, text: str, documents: Sequence[Node]) -> None:
        self._text = text
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._uses: Counter[int] = Counter()  # of each node, by its id; a node with an alias has several
        self._scalars: list[tuple[int, int]] = []
        for document in documents:
            self._note(document)
        self._scalars.sort()

    def _note(self, node: Any) -> None:
        self._uses[id(node)] += 1
        if self._uses[id(node)] > 1:
            return
        if isinstance(node, ScalarNode):
            self._scalars.append((self._content(node), self._end(node)))
            return
        for child in node.value:
            for each in child if isinstance(child, tuple) else (child,):
                self._note(each)

    def _content(self, node: Any) -> int:
        """Return where the text of a scalar begins: that of a block scalar on the line after its indicator."""
        start: int = node.start_mark.index
        return self._line_end(start) if node.style in ("|", ">") else start

    @property
    def comments(self) -> Counter[str]:
        """The comments of the text."""
        return Counter(self._comments(0, len(self._text)))

    def _comments(self, start: int, end: int) -> Iterator[str]:
        """Yield the comments between two characters; a # in a scalar begins none."""
        while found := _COMMENT.search(self._text, start, end):
            index = bisect_right(self._scalars, (found.start(), len(self._text))) - 1
            if index >= 0 and self._scalars[index][1] > found.start():
                start = self._scalars[index][1]
            else:
                yield found[0].rstrip()
                start = found.end()

    def _kept(self, start: int, end: int, column: int) -> str:
        """Return the comments between two characters as lines of their own."""
        return "".join(f"{' ' * column}{comment}{self._newline}" for comment in self._comments(start, end))

    def edits(self, node: Any, wanted: Any, *, inside: bool = False) -> Iterator[_Edit]:
        """Yield the edits that give a node another value; `inside` of brackets it is written differently."""
        found = value_of(node)
        if same(found, wanted):
            return
        if self._uses[id(node)] > 1:
            raise CannotEdit(AcceptCode.SHARED_BY_ALIAS, place_of(node))
        if isinstance(node, MappingNode) and isinstance(wanted, Mapping):
            yield from (self._of_flow if node.flow_style else self._of_mapping)(node, wanted, inside)
        elif isinstance(node, SequenceNode) and isinstance(wanted, list):
            yield from (self._of_flow if node.flow_style else self._of_sequence)(node, wanted, inside)
        else:
            yield from self._replaced(node, wanted, inside)

    def _replaced(self, node: Any, wanted: Any, inside: bool) -> Iterator[_Edit]:
        """Yield the edits that write a value over a whole node; its comments move to lines above it."""
        start, end = node.start_mark.index, self._end(node)
        if self._text[start : start + 1] in ("&", "!") or self._uses[id(node)] > 1:
            raise CannotEdit(AcceptCode.SHARED_BY_ALIAS, place_of(node))
        line = self._line_start(start)
        if comments := self._kept(start, end, self._indent(line)):
            yield _Edit(line, line, comments)
        if isinstance(wanted, list | Mapping) or not isinstance(node, ScalarNode):
            new = flow(wanted)
        else:
            new = written(wanted, node.style if node.style in ("'", '"') else "", inside=inside)
        before = self._text[:start].rstrip(" \t\r\n")
        if before.endswith(":") and "\n" in self._text[len(before) : start]:
            start = len(before)  # a block on the lines below its key becomes a value beside it
        is_close = start and self._text[start - 1] not in " \t\r\n[{("
        yield _Edit(start, end, f" {new}" if is_close else new)

    def _of_flow(self, node: Any, wanted: Any, _: bool) -> Iterator[_Edit]:
        """Yield the edits of a collection in brackets. It is written again if its entries are not the same."""
        if isinstance(node, MappingNode):
            own = {key.value: value for key, value in node.value}
            if own.keys() == wanted.keys():
                for key, value in own.items():
                    yield from self.edits(value, wanted[key], inside=True)
                return
            entries = [self._flow_entry(node, key, value) for key, value in wanted.items()]
        else:
            if len(node.value) == len(wanted):
                for item, value in zip(node.value, wanted, strict=True):
                    yield from self.edits(item, value, inside=True)
                return
            entries = [flow(value) for value in wanted]
        start, end = node.start_mark.index, self._end(node)
        line = self._line_start(start)
        yield _Edit(line, line, self._kept(start, end, self._indent(line)))
        opening, closing = "{}" if isinstance(node, MappingNode) else "[]"
        yield _Edit(start, end, f"{opening}{', '.join(entries)}{closing}")

    def _flow_entry(self, node: Any, key: str, wanted: Any) -> str:
        """Return an entry of a mapping in brackets, as it is written if it keeps its value."""
        for known, value in node.value:
            if known.value == key and same(value_of(value), wanted) and value.start_mark.index > known.start_mark.index:
                kept = self._text[known.start_mark.index : self._end(value)]
                if "#" not in kept and "\n" not in kept:
                    return kept
        return f"{written(key)}: {flow(wanted)}"

    def _of_mapping(self, node: Any, wanted: Mapping[str, Any], inside: bool) -> Iterator[_Edit]:
        own = [(key, value) for key, value in node.value if key.value in wanted]
        gone = [(key, value) for key, value in node.value if key.value not in wanted]
        column = node.value[0][0].start_mark.column if node.value else 0
        if not own or not all(self._is_alone(key, r"\s*") for key, _ in gone):
            yield from self._replaced(node, wanted, inside)
            return
        for key, value in own:
            yield from self.edits(value, wanted[key.value])
        for key, value in gone:
            yield self._without_lines(key.start_mark.index, self._end_of_entry(key, value), column)
        known = {key.value for key, _ in own}
        added = {key: value for key, value in wanted.items() if key not in known}
        yield self._after_line(self._end_of_entry(*own[-1]), block(added, column))

    def _of_sequence(self, node: Any, wanted: list[Any], inside: bool) -> Iterator[_Edit]:
        items = node.value
        if not wanted or not items or not all(self._is_alone(item, r"\s*-\s+") for item in items):
            yield from self._replaced(node, wanted, inside)
            return
        column = self._indent(self._line_start(items[0].start_mark.index))
        matcher = SequenceMatcher(None, [repr(value_of(item)) for item in items], [*map(repr, wanted)], autojunk=False)
        for _, first, last, start, end in matcher.get_opcodes():
            paired = min(last - first, end - start)
            for item, value in zip(items[first : first + paired], wanted[start : start + paired], strict=True):
                yield from self.edits(item, value)
            for item in items[first + paired : last]:
                yield self._without_lines(item.start_mark.index, self._end(item), column)
            lines = [f"{' ' * column}- {flow(value)}" for value in wanted[start + paired : end]]
            at = first + paired
            if at:
                yield self._after_line(self._end(items[at - 1]), lines)
            elif lines:
                line = self._line_start(items[0].start_mark.index)
                yield _Edit(line, line, "".join(f"{each}{self._newline}" for each in lines))

    def _is_alone(self, node: Any, before: str) -> bool:
        """Return whether nothing but what a pattern describes is before a node on its line."""
        start = node.start_mark.index
        return bool(re.fullmatch(before, self._text[self._line_start(start) : start])) and self._uses[id(node)] == 1

    def _without_lines(self, start: int, end: int, column: int) -> _Edit:
        """Return the edit that removes the lines of an entry and keeps their comments."""
        first, last = self._line_start(start), self._line_end(end)
        after = last + len(self._newline) if last < len(self._text) else last
        return _Edit(first, after, self._kept(start, last, column))

    def _after_line(self, end: int, lines: Iterator[str] | Sequence[str]) -> _Edit:
        """Return the edit that adds lines below the line in which an entry ends."""
        at = self._line_end(end)
        return _Edit(at, at, "".join(f"{self._newline}{line}" for line in lines))

    def _end(self, node: Any) -> int:
        """Return where a node ends; the parser's mark of a block lies behind the comments that follow it."""
        if isinstance(node, ScalarNode):
            end: int = node.end_mark.index
            return len(self._text[:end].rstrip(" \t\r\n")) if node.style in ("|", ">") else end
        if node.flow_style or not node.value:
            return int(node.end_mark.index)
        last = node.value[-1]
        return self._end_of_entry(*last) if isinstance(last, tuple) else self._end_after(last, node.start_mark.index)

    def _end_of_entry(self, key: Any, value: Any) -> int:
        return self._end_after(value, self._end(key))

    def _end_after(self, node: Any, start: int) -> int:
        """Return where a node ends that is written after a character; an alias is written elsewhere."""
        if node.start_mark.index < start:
            raise CannotEdit(AcceptCode.SHARED_BY_ALIAS, place_of(node))
        return self._end(node)

    def _line_start(self, at: int) -> int:
        return self._text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        found = self._text.find("\n", at)
        found = len(self._text) if found < 0 else found
        return found - 1 if self._newline == "\r\n" and self._text[:found].endswith("\r") else found

    def _indent(self, line: int) -> int:
        """Return the column where the indentation of a line ends."""
        rest = self._text[line:]
        return len(rest) - len(rest.lstrip(" "))
