"""The files that keep caches between commands, one for each account, region and endpoint."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from personalize_gitops import __version__
from personalize_gitops.engine.observe.cache import Cache, from_json, to_json
from personalize_gitops.model.digest import digest
from personalize_gitops.model.resource import Kinds


def cache_file(account: str, region: str, endpoint: str | None) -> Path:
    """Return the path for an account, in `$XDG_CACHE_HOME` or `~/.cache`."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    at = f"-{digest(endpoint, 8)}" if endpoint else ""
    return folder / "personalize-gitops" / f"{account}-{region}{at}.json"


def load_cache(path: Path | None, kinds: Kinds, *, trusting: bool) -> Cache:
    """Return the cache in a file; an empty one if there is no file or it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8") if path else ""
    except (OSError, ValueError):
        text = ""
    return from_json(text, __version__, kinds, trusting=trusting)


def save_cache(path: Path | None, cache: Cache) -> None:
    """Write a cache, readable by its user only. If that fails the next command only reads more."""
    if path is None:
        return
    new = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            new.touch(mode=0o600)
            new.write_text(to_json(cache, __version__), encoding="utf-8")
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
