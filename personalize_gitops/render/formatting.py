"""What `fmt` did."""

from __future__ import annotations

from collections.abc import Sequence

from personalize_gitops.render.lines import joined, line
from personalize_gitops.render.style import plural


def text(changed: Sequence[str], left_alone: Sequence[str], files: int, *, written: bool) -> str:
    """Return the files whose fields were, or would be, written in another order, and those left as they are."""
    did = "ordered" if written else "would be ordered"
    lines = [line(f"{did}: {file}") for file in changed]
    lines += [line(f"left as it is, its fields depend on their order: {file}") for file in left_alone]
    lines.append(line(f"{len(changed)} of {plural(files, 'file')} {did}."))
    return joined(lines)
