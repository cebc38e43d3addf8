"""Cut Markdown to the length that a forge accepts."""

from __future__ import annotations

import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def fitted(text: str, limit: int, note: str) -> str:
    """Return a text of at most `limit` characters: a longer one ends after a line, with closed blocks and a note."""
    if len(text) <= limit:
        return text
    kept: list[str] = []
    size, fence, details, closing = 0, "", 0, ""
    for line in text.split("\n"):
        within, fence = fence, _fence_after(line, fence)
        details = details if within or fence else _details_after(line, details)
        size += len(line) + 1
        end = (f"{fence}\n" if fence else "") + "\n</details>" * details + f"\n\n{note}"
        if size + len(end) > limit:
            break
        kept.append(f"{line}\n")
        closing = end
    return "".join(kept) + closing if kept else note[:limit]


def _fence_after(line: str, fence: str) -> str:
    """Return the fence of the code block that is open after a line, or ""; `fence` is the one open before."""
    found = _FENCE.match(line)
    if not fence:
        return found[1] if found else ""
    closes = found and found[1].startswith(fence) and not line.strip().strip(fence[0])
    return "" if closes else fence


def _details_after(line: str, details: int) -> int:
    return max(0, details + line.count("<details") - line.count("</details>"))
