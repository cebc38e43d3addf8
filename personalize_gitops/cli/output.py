"""Writing results: every format asked for, to stdout or to a file."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from personalize_gitops import __version__
from personalize_gitops.errors import UsageError
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source
from personalize_gitops.render.style import PLAIN, Style

TOOL = f"personalize-gitops {__version__}"

Views = Mapping[str, Callable[[Style], str]]
"""For each format, what renders the result in it."""


def show(views: Views, options: argparse.Namespace) -> None:
    """Write a result in the formats asked for; text to stdout when none is."""
    for format_, path in options.output or [("text", None)]:
        if path is None:
            sys.stdout.write(views[format_](style_for(options)))
            continue
        _write(path, views[format_](PLAIN))


def claim(options: argparse.Namespace) -> None:
    """Make sure that results can be written, before something is done that they would tell of."""
    for _, path in options.output or ():
        if path is not None:
            _write(path, "")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def style_for(options: argparse.Namespace, stream: TextIO | None = None) -> Style:
    """Colour only on a terminal; NO_COLOR and --color decide."""
    if options.color != "auto":
        return Style(options.color == "always")
    return Style(
        (stream or sys.stdout).isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def show_problems(problems: Sequence[Problem[Source]], options: argparse.Namespace) -> None:
    """Problems in manifests go to stderr as text, and to where another format was asked for."""
    from personalize_gitops.render import json, text

    sys.stderr.write(text.problems(problems, style_for(options, sys.stderr)))
    asked = [(format_, path) for format_, path in getattr(options, "output", None) or () if format_ != "text"]
    if asked:
        views: Views = {"json": lambda _: json.problems(problems, TOOL)}
        show(views, argparse.Namespace(output=asked, color="never"))


def tell(line: str) -> None:
    """Progress and remarks, beside the result."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
