"""Write files atomically: used for saved state and caches, which must never be left half-written."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(path: Path, content: str | bytes, mode: int = 0o666) -> None:
    """Replace the file at `path` in one step, so that readers find the old content or the new, never a part.

    Text is encoded as UTF-8. `mode` is the permission of the file, less the process's umask. If writing fails, the old
    file stays as it was.
    """
    new = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        with open(new, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content.encode() if isinstance(content, str) else content)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
