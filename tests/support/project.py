"""A project folder: edit its manifests and run the command line in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from personalize_gitops.cli import run
from tests.support.edits import edit


@dataclass(frozen=True)
class Result:
    """The exit code and the output of one command."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Project:
    """A project folder; `run` runs the program with this folder as its working directory."""

    folder: Path

    @property
    def manifests(self) -> Path:
        return self.folder / "manifests"

    def write(self, name: str, text: str) -> None:
        """Write a manifest file, new or over an old one."""
        path = self.manifests / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def edit(self, name: str, before: str, after: str) -> None:
        """Replace the only occurrence of `before` in a manifest file."""
        edit(self.manifests / name, before, after)

    def run(self, *arguments: str) -> Result:
        """Run the program in this process."""
        out, err = StringIO(), StringIO()
        with working_in(self.folder), redirect_stdout(out), redirect_stderr(err):
            try:
                code = run(arguments)
            except SystemExit as leaving:  # raised by argparse
                code = int(leaving.code or 0)
        return Result(code, out.getvalue(), err.getvalue())


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
