"""`validate --data`: checks the data files of targets, and shows on a terminal how far it is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from personalize_gitops.clock import SystemClock

if TYPE_CHECKING:
    from personalize_gitops.checking import DataReport
    from personalize_gitops.manifest.load import Loaded

_CELLS = 30  # of the bar


def check_targets(loaded: Sequence[Loaded]) -> list[tuple[Loaded, DataReport]]:
    """Check the data of targets on the embedded emulator; of accounts, which need credentials, if there are none."""
    from personalize_gitops.checking import check_data
    from personalize_gitops.session import open_files

    chosen = [each for each in loaded if each.target.emulator is not None] or loaded
    bar = _Bar()
    try:
        return [(each, check_data(each.desired, open_files(each), SystemClock().now(), bar.show)) for each in chosen]
    finally:
        bar.end()


class _Bar:
    """A line of stderr that is rewritten on a terminal; elsewhere nothing is written."""

    def __init__(self) -> None:
        self._percent = -1
        self._file = ""
        self._shown = sys.stderr.isatty()

    def show(self, file: str, read: int, size: int) -> None:
        """Show how much of a file was read."""
        percent = min(100, 100 * read // size) if size else 100
        if not self._shown or (file, percent) == (self._file, self._percent):
            return
        self._file, self._percent = file, percent
        full = _CELLS * percent // 100
        from personalize_gitops.render.lines import escaped

        sys.stderr.write(f"\r\x1b[K[{'#' * full}{'.' * (_CELLS - full)}] {percent:3d}% {escaped(file[-60:])}")
        sys.stderr.flush()

    def end(self) -> None:
        """Remove the line."""
        if self._percent >= 0:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
