"""The command line: one file for each command. A command parses, calls verbs and picks a view; no formatting, no boto3.

The module of a command is imported only when that command runs, so that `--help` is fast.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, NoReturn

from personalize_gitops import __version__
from personalize_gitops.errors import GitopsError, InvalidChoice, ManifestError, UsageError

if TYPE_CHECKING:
    from personalize_gitops.model.reason import Reason

COMMANDS = {
    "init": "write a new project, from a template or around your CSV files",
    "validate": "check the manifests offline: structure, references, service rules",
    "plan": "show what would change, and why",
    "apply": "carry out what the plan shows",
    "drift": "show what differs in the account from the manifests",
    "status": "show every resource, its live state, age and failure reason",
    "outputs": "print names, ARNs and tracking ids of what exists, for applications",
    "graph": "print what depends on what, for a drawing program",
    "explain": "show why a resource changes, what it needs, and what depends on it",
    "recommend": "ask a campaign or recommender, after events if any are given",
    "metrics": "show the offline metrics of a model beside those of the version before",
    "import": "write manifests for what is live in an account",
    "destroy": "delete everything the project owns, in dependency order",
    "lock": "show or release the lock of a target",
    "convert": "write manifests from the configuration of another system, with a report",
    "render": "print the documents of a target as they are planned, each value with its place",
    "fmt": "write the fields of manifests in their usual order, with their comments",
    "completion": "print the script that completes command lines in a shell",
    "iam": "print the policies that the manifests need: of callers, or of the roles of the service",
    "schema": "print the JSON Schema of the manifests, for editors",
    "emulator": "run a local Amazon Personalize for any AWS client",
}

HIDDEN = {"forge": "comment on pull requests, keep drift issues and fetch approved plans, in pipelines"}
"""Commands that pipelines call; `--help` does not list them."""

_CHANGING = frozenset({"apply", "destroy"})
_INTERRUPTED = 8
_BUG = 255


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code. Every expected error is printed as a sentence, not a traceback."""
    try:
        return _run(arguments)
    except OSError as error:  # of stdout or stderr, such as a full disk
        with suppress(OSError):
            _tell(f"Error: {error}")
        return 1


def _run(arguments: Sequence[str]) -> int:
    options = argparse.Namespace(command=None, output=_asked_for(arguments))
    try:
        options = _parse(arguments)
        from personalize_gitops.stopping import handled_by, raise_interrupt

        command = _module_of(options.command)
        with handled_by(raise_interrupt):
            code: int = command.run(options)
        sys.stdout.flush()
    except ManifestError as error:
        return _report(error, options)
    except InvalidChoice as error:
        choice = " ".join(filter(None, [error.option, str(error.value)]))
        return _fail(error, f"{choice}: {_explained(error.reason, error.suggestion)}", options)
    except GitopsError as error:
        return _fail(error, str(error), options)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        _show_error("Interrupted", "interrupted", _INTERRUPTED, options)
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of stdout has closed it. Redirect stdout, because Python would fail again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1 if options.command in _CHANGING else 0  # an interrupted change must not look like a success
    except OSError:
        raise
    except Exception as error:
        import traceback

        for line in traceback.format_exc().splitlines():
            _tell(line)
        _tell("This is a bug in personalize-gitops: please report it with the lines above.")
        _show_error(type(error).__name__, f"a bug in personalize-gitops: {error}", _BUG, options)
        return _BUG
    return code


def _module_of(command: str) -> Any:
    """Return the module of a command; a word that Python reserves has an underscore behind it."""
    return import_module(f"personalize_gitops.cli.{command}{'_' if iskeyword(command) else ''}")


def _tell(line: str) -> None:
    from personalize_gitops.cli.output import tell

    tell(line)


def _fail(error: GitopsError, message: str, options: argparse.Namespace) -> int:
    """Tell an error, also as JSON where that was asked for, and return its exit code."""
    _tell(f"Error: {message}")
    _show_error(type(error).__name__, message, error.exit_code, options)
    return error.exit_code


def _show_error(type_: str, message: str, exit_code: int, options: argparse.Namespace) -> None:
    from personalize_gitops.cli.output import show_error

    show_error(type_, message, exit_code, getattr(options, "output", None))


def _asked_for(arguments: Sequence[str]) -> list[tuple[str, None]] | None:
    """Return the output of a command line that could not be parsed: JSON if it asks for JSON on stdout."""
    words = " ".join(arguments).replace("=", " ").split()
    return [("json", None)] if ("--output", "json") in pairwise(words) else None


def _report(error: ManifestError, options: argparse.Namespace) -> int:
    from personalize_gitops.cli.output import show_problems

    show_problems(error.problems, options)
    return error.exit_code


def _explained(reason: Reason, suggestion: Reason | None) -> str:
    from personalize_gitops.render.reasons import full_text

    return full_text(reason, suggestion)


class _Parser(argparse.ArgumentParser):
    """A parser that exits with the code of UsageError: argparse's own code 2 means `changes` here."""

    def error(self, message: str) -> NoReturn:
        """Raise the error, with where to look."""
        end = "" if message.endswith("?") else ";"
        raise UsageError(f"{message}{end} `{self.prog} --help` lists the options")


def _nearest(word: str, known: Iterable[str]) -> str:
    from personalize_gitops.model.problem import did_you_mean

    near = did_you_mean(word, known)
    return f"{_explained(near, None)} " if near else ""


def _unknown(command: argparse.ArgumentParser, word: str) -> UsageError:
    """Return the error for an argument that a command does not know."""
    if not word.startswith("-"):
        return UsageError(f'unexpected argument "{word}"; `{command.prog} --help` lists what it takes')
    given, *_ = word.partition("=")
    near = _nearest(given, re.findall(r"--[a-z-]+", command.format_help()))
    return UsageError(f'unknown option "{given}"; {near}`{command.prog} --help` lists the options')


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options of a command line. Only the module of the requested command is imported."""
    asked = next((word for word in arguments if not word.startswith("-")), None)
    if asked and asked not in {**COMMANDS, **HIDDEN}:
        raise UsageError(
            f'unknown command "{asked}"; {_nearest(asked, COMMANDS)}`personalize-gitops --help` lists them'
        )
    parser, commands = parser_of({asked})
    options, rest = parser.parse_known_args(arguments)
    if rest:
        raise _unknown(commands[asked] if asked else parser, rest[0])
    return options


def parser_of(filled: Container[str | None]) -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    """Return the parser of the command line and those of the commands; only the `filled` ones have their options."""
    parser = _Parser(
        prog="personalize-gitops",
        description="Amazon Personalize from manifests in Git: plan, apply, drift, and a local Personalize to run on.",
        epilog="`personalize-gitops COMMAND --help` lists the options of a command.",
    )
    parser.add_argument("--version", action="version", version=f"personalize-gitops {__version__}")
    adding = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    commands: dict[str, argparse.ArgumentParser] = {}
    for name, does in {**COMMANDS, **HIDDEN}.items():
        if name in HIDDEN and name not in filled:
            continue
        description = f"{does[0].upper()}{does[1:]}."
        if name in COMMANDS:
            commands[name] = adding.add_parser(name, help=does, description=description)
        else:  # without a help it is not listed
            commands[name] = adding.add_parser(name, description=description)
        if name in filled:
            _module_of(name).add_arguments(commands[name])
    return parser, commands
