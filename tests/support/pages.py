"""The pages of docs/ and the README: their blocks, headings and links, and the commands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]

_BLOCK = re.compile(
    r"(?:^ *`(?P<file>[\w./-]+)`:\n\n)?^(?P<indent> *)```(?P<language>\w+)(?: title=\"(?P<title>.*?)\")?\n"
    r"(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(r"\[[^\]\n]*(?:\n[^\]\n]*)?\]\(([^)\s]+)\)")
_OWN = re.compile(r"(?:^|(?<=[\s(]))(?:\.venv/bin/)?(?:personalize-gitops|pgo) +(?=[a-z])(.*)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the title that says where it runs, the file that it is, and its text."""

    language: str
    title: str  # empty: it runs as it is
    file: str
    text: str

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Each command of a session with its output."""
        joined = re.sub(r"\\\n *", "", self.text)
        parts = (part.partition("\n") for part in re.split(r"^\$ ", joined, flags=re.MULTILINE)[1:])
        return [(command, output) for command, _, output in parts]


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    for found in _BLOCK.finditer(text):
        inner = re.sub(rf"^{found['indent']}", "", found["text"], flags=re.MULTILINE)
        yield Block(found["language"], found["title"] or "", found["file"] or "", inner)


def prose(text: str) -> str:
    """A page without its fenced blocks and code."""
    without = re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", lambda code: re.sub(r"[\[\]()]", "", code[0]), without)


def links(text: str) -> list[str]:
    """The targets of the links of a page."""
    return _LINK.findall(prose(text))


def anchors(text: str) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    without = re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", without, re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in plain}


def own_commands(block: Block) -> Iterator[list[str]]:
    """The words of each call of this program in a block, without what only a shell understands."""
    joined = re.sub(r"\\\n *", "", re.sub(r"\$\([^)]*\)", "", block.text))
    lines = joined.splitlines() if block.language != "console" else [command for command, _ in block.commands]
    for line in lines:
        if found := _OWN.search(line.replace("$code", "0")):
            before, *_ = re.split(r"\s(?:&&|\|\||[|>]|&)(?:\s|$)", found[1])
            yield shlex.split(before, comments=True)
