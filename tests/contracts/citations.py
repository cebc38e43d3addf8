"""Every citation of docs/service in the sources, and the sections there are.

A citation names part and section: `docs/service/2 §6.1`. Others may follow it: `docs/service/2 §6.1, 4 §4.6`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ROOT / "docs" / "service"

_GAP = r"\s+(?:# *)?"  # a citation may go on in the next line of a comment
_SECTION = rf"§(?P<section>\d+(?:\.\d+)*)(?:,?{_GAP}(?:item|row) (?P<item>\d+))?"
_FIRST = re.compile(rf"(?:docs/service/(?P<part>\d){_GAP})?{_SECTION}")
_NEXT = re.compile(rf"(?:,|;|{_GAP}and|{_GAP}to){_GAP}(?:(?:docs/service/)?(?P<part>\d){_GAP})?{_SECTION}")


@dataclass(frozen=True)
class Citation:
    """One section that a file cites; the part is 0 where the file does not say it."""

    file: Path
    line: int
    part: int
    section: str

    def __str__(self) -> str:
        cited = f"docs/service/{self.part or '?'} §{self.section}"
        return f"{self.file.relative_to(ROOT)}:{self.line} cites {cited}"

    @property
    def resolves(self) -> bool:
        """Whether the part has that section, or that item or row of a section."""
        return self.section in sections(self.part)


def files() -> list[Path]:
    """Return every file that may cite the digest."""
    python = [path for folder in ("personalize_gitops", "tests", "tools") for path in (ROOT / folder).rglob("*.py")]
    yaml = [path for folder in ("tests", "manifests") for path in (ROOT / folder).rglob("*.yaml")]
    return sorted([*python, *yaml, *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def citations(file: Path) -> Iterator[Citation]:
    """Yield the citations of a file. A bare section in a test is one of the part that the module's docstring cites."""
    text = file.read_text(encoding="utf-8")
    position = 0
    while found := _FIRST.search(text, position):
        part, line = _part_of(file, text), text.count("\n", 0, found.start()) + 1
        more: re.Match[str] | None = found
        while more:
            part, position = int(more["part"] or part), more.end()
            yield Citation(file, line, part, ".".join(filter(None, (more["section"], more["item"]))))
            more = _NEXT.match(text, position)


@cache
def sections(part: int) -> frozenset[str]:
    """Return the numbers of all sections of a part, of their numbered items and of their numbered rows."""
    found: set[str] = set()
    for path in PARTS.glob(f"{part}-*.md"):
        section = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if heading := re.match(r"#+ (\d+(?:\.\d+)*)[. ]", line):
                section = heading[1]
                found.add(section)
            elif section and (item := re.match(r"(?:\| )?(\d+)(?:\. | \|)", line)):
                found.add(f"{section}.{item[1]}")
    return frozenset(found)


def _part_of(file: Path, text: str) -> int:
    """Return the one part that the docstring of a test module cites; 0 for any other file."""
    docstring = text.split('"""')[1] if text.startswith('"""') and file.name.startswith("test_") else ""
    parts = set(re.findall(r"docs/service/(\d) §", docstring))
    return int(parts.pop()) if len(parts) == 1 else 0
