"""Write the files of docs/pipelines into docs/pipelines.md, after the comments that name them: `make docs`."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "pipelines.md"

_SHOWN = re.compile(r"<!-- file: (\S+) -->\n(?:\[.*?\]\(.*?\):\n\n```\w+\n.*?^```\n\n)?", re.MULTILINE | re.DOTALL)
_LANGUAGES = {".yml": "yaml", ".json": "json"}


def page(text: str) -> str:
    """Return the text of the page with the files as they are now."""
    return _SHOWN.sub(lambda found: _shown(found[1]), text)


def _shown(name: str) -> str:
    path = DOCS / name
    content = path.read_text(encoding="utf-8")
    return f"<!-- file: {name} -->\n[`{path.name}`]({name}):\n\n```{_LANGUAGES[path.suffix]}\n{content}```\n\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
