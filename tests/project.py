"""A folder with a project in it, to edit and to run the command line on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from personalize_gitops.cli import run


@dataclass(frozen=True)
class Result:
    """What one command line came to."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Project:
    """A project folder; `run` is the program with the folder as its working directory."""

    folder: Path

    @property
    def manifests(self) -> Path:
        return self.folder / "manifests"

    def write(self, name: str, text: str) -> None:
        """A manifest file, new or anew."""
        path = self.manifests / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def edit(self, name: str, before: str, after: str) -> None:
        """Change the one place where `before` stands in a manifest file."""
        path = self.manifests / name
        text = path.read_text()
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {name}"
        path.write_text(text.replace(before, after))

    def run(self, *arguments: str) -> Result:
        """The program, in this process."""
        out, err = StringIO(), StringIO()
        with working_in(self.folder), redirect_stdout(out), redirect_stderr(err):
            try:
                code = run(arguments)
            except SystemExit as leaving:  # argparse leaves by itself
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
