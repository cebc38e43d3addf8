"""Options several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_manifests(parser: argparse.ArgumentParser) -> None:
    """Where the manifests are, and for which target they are read."""
    parser.add_argument(
        "--manifests",
        type=Path,
        default=Path("manifests"),
        metavar="DIR",
        help="folder of manifests (default: manifests)",
    )
    parser.add_argument("--target", metavar="NAME", help="target of the project (default: its defaultTarget)")


def add_output(parser: argparse.ArgumentParser) -> None:
    """How the result is written."""
    parser.add_argument(
        "--output",
        action="append",
        type=output,
        metavar="FORMAT[=PATH]",
        help="text (default) or json, to stdout or to a file; may be given several times",
    )
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colour (default: auto)")


def output(text: str) -> tuple[str, Path | None]:
    """`json=plan.json` as a format and a path."""
    format_, _, path = text.partition("=")
    if format_ not in ("text", "json"):
        raise argparse.ArgumentTypeError(f"{format_} is no format; there are text and json")
    return format_, Path(path) if path else None
