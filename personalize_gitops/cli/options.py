"""Options several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from personalize_gitops.model.address import Address
from personalize_gitops.span import seconds_in


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


def add_reading(parser: argparse.ArgumentParser) -> None:
    """How much of the account is read again, and whether to tell."""
    cached = parser.add_mutually_exclusive_group()
    cached.add_argument("--no-cache", action="store_true", help="read everything again, and remember nothing of it")
    cached.add_argument(
        "--trust-timestamps",
        action="store_true",
        help="do not read again what says it was not updated; whether every update says so is not documented",
    )
    parser.add_argument("--verbose", action="store_true", help="tell how many calls were made to read the account")


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


def add_ownership(parser: argparse.ArgumentParser) -> None:
    """What becomes ours with a plan, and what is ours no longer."""
    parser.add_argument(
        "--adopt", action="store_true", help="take over untagged objects that go by the names of documents"
    )
    parser.add_argument(
        "--forget",
        type=address,
        action="append",
        default=[],
        metavar="ADDR",
        help="leave a Kind/name that is no longer declared in the account, and no longer own it; repeatable",
    )


def address(text: str) -> Address:
    """`Kind/name` as an address."""
    try:
        return Address.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def add_apply(parser: argparse.ArgumentParser) -> None:
    """How far to go without asking, and how long to wait."""
    parser.add_argument("--auto-approve", action="store_true", help="do not ask before changing anything")
    parser.add_argument(
        "--no-wait", action="store_true", help="begin what can begin and leave; exit 9 while work goes on"
    )
    parser.add_argument(
        "--deadline", type=span, metavar="SPAN", help="stop waiting after e.g. 5h; exit 9 while work goes on"
    )


def span(given: str) -> int:
    """`5h` in seconds."""
    try:
        return seconds_in(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
