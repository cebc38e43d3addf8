"""`completion`: the script with which a shell completes commands, options and their values."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the shell."""
    parser.add_argument("shell", choices=("bash", "zsh"), help="the shell to write for")


def run(options: argparse.Namespace) -> int:
    """Print the script. Return 0."""
    import shtab

    from personalize_gitops.cli import COMMANDS, parser_of

    parser, commands = parser_of(COMMANDS)
    for each in commands.values():
        _complete_paths(each._actions)  # argparse has no public list of the arguments
    sys.stdout.write(f"{shtab.complete(parser, options.shell)}\n")
    return 0


def _complete_paths(actions: Iterable[argparse.Action]) -> None:
    """Let the shell complete file names where an argument takes a path."""
    import shtab

    for action in actions:
        if isinstance(action, argparse._SubParsersAction):
            for parser in action.choices.values():
                _complete_paths(parser._actions)
        elif action.type is Path:
            setattr(action, "complete", shtab.DIRECTORY if action.metavar == "DIR" else shtab.FILE)  # noqa: B010
