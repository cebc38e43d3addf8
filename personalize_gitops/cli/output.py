"""Write reports: in every format of `--output`, to stdout or to a file."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, TextIO

from personalize_gitops.errors import UsageError, writing
from personalize_gitops.files import write_atomically
from personalize_gitops.render import lines
from personalize_gitops.render.formats import STREAMED, Format, formats_of, render_report
from personalize_gitops.render.style import Style

if TYPE_CHECKING:
    from personalize_gitops.model.problem import Problem
    from personalize_gitops.model.reason import Source
    from personalize_gitops.model.reports import Report


def show(report: Report, options: argparse.Namespace) -> None:
    """Write a report in every format of `--output`; without that option, as text to stdout."""
    for format_, path in options.output or [(Format.TEXT, None)]:
        if format_ in STREAMED:
            continue  # it was written while the command worked
        if path is None:
            sys.stdout.write(render_report(report, format_, style_for(options)))
        else:
            write(report, format_, path)
        if format_ is Format.GITHUB:
            _summarize(report)
            _set_outputs(report, getattr(options, "out", None))


def _summarize(report: Report) -> None:
    """Add a report to the summary of the job, if a step of GitHub runs this."""
    from personalize_gitops.render import github

    if given := os.environ.get("GITHUB_STEP_SUMMARY"):
        path = Path(given)
        room = github.SUMMARY - (path.stat().st_size if path.exists() else 0)
        _append(path, github.summary(report, Style(False, *repository()), room))


def _set_outputs(report: Report, saved: Path | None) -> None:
    """Set the outputs of the step, if one of GitHub runs this; `saved` is where the plan is written."""
    from personalize_gitops.render import github

    if given := os.environ.get("GITHUB_OUTPUT"):
        path = lines.joined([lines.line(f"plan_path={saved}")] if saved else [])
        _append(Path(given), github.outputs(report) + path)


def _append(path: Path, text: str) -> None:
    with writing(path), path.open("a", encoding="utf-8") as file:
        file.write(text)


def write(report: Report, format_: Format, path: Path) -> None:
    """Write a report to a file. Raises UsageError if that fails."""
    _write(path, render_report(report, format_, Style(False, *repository())))


def touch(options: argparse.Namespace) -> None:
    """Create the files of `--output`, so that a path that cannot be written is found before anything is changed."""
    for _, path in options.output or ():
        if path is not None:
            _write(path, "")


def _write(path: Path, text: str) -> None:
    """Replace a file in one step; what is no file, such as a pipe, is written to."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            write_atomically(path.resolve(), text)


def style_for(options: argparse.Namespace, stream: TextIO | None = None) -> Style:
    """Return the style of a stream: colour on a terminal, unless NO_COLOR or --color says otherwise, and its width.

    Commands without a report have no --color, and show problems of manifests all the same.
    """
    color = getattr(options, "color", "auto")
    is_terminal = (stream or sys.stdout).isatty()
    width = get_terminal_size().columns if is_terminal else 0
    if color != "auto":
        return Style(color == "always", *repository(), width)
    is_coloured = is_terminal and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")
    return Style(is_coloured, *repository(), width)


def repository() -> tuple[str, str]:
    """Return the address of the repository's files at this commit, and the folder of it that is the working directory.

    Both are empty outside of the pipelines of GitHub and GitLab.
    """
    given = os.environ.get
    for address, commit, root in (
        (f"{given('GITHUB_SERVER_URL')}/{given('GITHUB_REPOSITORY')}/blob", "GITHUB_SHA", "GITHUB_WORKSPACE"),
        (f"{given('CI_PROJECT_URL')}/-/blob", "CI_COMMIT_SHA", "CI_PROJECT_DIR"),
    ):
        if given(commit) and address.startswith("http"):
            return f"{address}/{given(commit)}", _folder(given(root))
    return "", ""


def _folder(root: str | None) -> str:
    here = Path.cwd()
    return here.relative_to(root).as_posix() if root and here.is_relative_to(root) and here != Path(root) else ""


def show_problems(problems: Sequence[Problem[Source]], options: argparse.Namespace) -> None:
    """Write problems in manifests to stderr as text, and in every other format of `--output`."""
    from personalize_gitops.manifest.excerpts import lines_of
    from personalize_gitops.model.problem import ValidationReport

    folder = getattr(options, "manifests", None)
    lines = lines_of(problems, folder) if folder else {}
    report = ValidationReport(tuple(problems), lines=lines, every=getattr(options, "all", False))
    sys.stderr.write(render_report(report, Format.TEXT, style_for(options, sys.stderr)))
    formats = {*formats_of(report.document)} - {Format.TEXT}
    others = [(format_, path) for format_, path in getattr(options, "output", None) or () if format_ in formats]
    if others:
        show(report, argparse.Namespace(output=others, color="never"))


def show_error(error: str, message: str, exit_code: int, output: Sequence[tuple[str, Path | None]] | None) -> None:
    """Write an error as JSON, wherever `--output` asks for JSON. A file that cannot be written is only left out."""
    for format_, path in output or ():
        if format_ != "json":
            continue
        from personalize_gitops.render.json import error_document

        text = error_document(error, message, exit_code)
        if path is None:
            sys.stdout.write(text)
        else:
            with suppress(UsageError):  # the error that is told may be this one
                _write(path, text)


def tell(line: str) -> None:
    """Print a line of progress or a remark to stderr."""
    sys.stderr.write(lines.joined([lines.line(line)]))
    sys.stderr.flush()
