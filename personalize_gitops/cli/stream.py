"""The events of an apply, written as they happen in the formats that stream."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from personalize_gitops.errors import writing
from personalize_gitops.model.events import Event
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.reports import ApplyReport
from personalize_gitops.render.formats import STREAMED


@dataclass
class EventStream:
    """The outputs that stream. One that can no longer be written does not stop the apply; `end` raises its error."""

    options: argparse.Namespace
    errors: dict[Path | None, OSError] = field(default_factory=dict)

    @property
    def outputs(self) -> list[Path | None]:
        """The paths to write to; None is stdout."""
        return [path for format_, path in self.options.output or () if format_ in STREAMED]

    def begin(self, plan: Plan, total: int, begun: float, *, simulated: bool) -> None:
        """Write the first line."""
        if self.outputs:
            from personalize_gitops.render.ndjson import first_line

            self._write(first_line(plan, total, begun, simulated=simulated))

    def of(self, events: Iterable[Event], total: int) -> Iterator[Event]:
        """Yield the events, each after its line was written."""
        if not self.outputs:
            yield from events
            return
        from personalize_gitops.render.ndjson import with_lines

        for event, line in with_lines(events, total):
            self._write(line)
            yield event

    def end(self, report: ApplyReport) -> None:
        """Write the last line. Raises UsageError or BrokenPipeError if an output could not be written."""
        if not self.outputs:
            return
        from personalize_gitops.render.ndjson import last_line

        self._write(last_line(report))
        for path, error in self.errors.items():
            if path is None:
                raise error
            with writing(path):
                raise error

    def _write(self, line: str) -> None:
        for path in self.outputs:
            if path in self.errors:
                continue
            try:
                _append(line, path)
            except OSError as error:
                self.errors[path] = error


def _append(line: str, path: Path | None) -> None:
    """Write a line to stdout, or to the end of a file."""
    if path is None:
        sys.stdout.write(line)
        sys.stdout.flush()
        return
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
