"""Write docs/commands.md, every command with its options, from the parsers of the command line: `make docs`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

from personalize_gitops.cli import COMMANDS, HIDDEN, parser_of

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"

_ALL = {**COMMANDS, **HIDDEN}
_HEAD = """\
# Commands

<!-- Written by `make docs` from the parsers of the command line; edit those. -->

The program is `personalize-gitops`, also installed as `pgo`; `python -m personalize_gitops` works too.
`personalize-gitops COMMAND --help` prints what this page has about a command.
[Formats and exit codes](output.md) explains `--output` and the codes, [Plan and apply](plan-and-apply.md) the options
that choose what a plan does.
"""


def page() -> str:
    """Return the page as Markdown."""
    _, parsers = parser_of(_ALL)
    index = "".join(f"| [`{name}`](#{name}) | {does} |\n" for name, does in _ALL.items())
    chapters = "\n".join("\n".join(_chapter(parsers[name], name, parsers[name].description or "")) for name in _ALL)
    return f"{_HEAD}\n| command | does |\n|---|---|\n{index}\n{chapters}"


def _chapter(parser: argparse.ArgumentParser, title: str, description: str) -> Iterator[str]:
    """Yield the chapter of a command, and those of its actions."""
    yield f"{'#' * (title.count(' ') + 2)} {title}\n"
    yield f"{description}\n"
    yield f"```text\n{_usage(parser)}\n```\n"
    if rows := [_row(action) for action in _arguments(parser)]:
        yield "\n".join(["| argument | does |", "|---|---|", *rows, ""])
    for name, (inner, does) in _actions(parser).items():
        yield from _chapter(inner, f"{title} {name}", f"{does[:1].upper()}{does[1:]}.")


def _arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    others = (argparse._HelpAction, argparse._SubParsersAction)
    return [action for action in parser._actions if not isinstance(action, others)]


def _actions(parser: argparse.ArgumentParser) -> Mapping[str, tuple[argparse.ArgumentParser, str]]:
    """Return the parser of each action of a command, such as `serve` of `emulator`, with its help."""
    found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    helps = {choice.dest: choice.help or "" for action in found for choice in action._choices_actions}
    return {name: (inner, helps[name]) for action in found for name, inner in action.choices.items()}


def _usage(parser: argparse.ArgumentParser) -> str:
    """Return how the command is called; the table has its options."""
    own = _arguments(parser)
    words = ["ACTION"] if _actions(parser) else [_positional(action) for action in own if not action.option_strings]
    required = [
        _option(action, action.option_strings[0]) for action in own if action.option_strings and action.required
    ]
    options = ["[OPTIONS]"] if any(action.option_strings and not action.required for action in own) else []
    return " ".join([parser.prog, *words, *required, *options])


def _positional(action: argparse.Action) -> str:
    word = _value(action)
    return f"[{word}]" if action.nargs in ("?", "*") else word


def _value(action: argparse.Action) -> str:
    word = action.metavar if isinstance(action.metavar, str) else action.dest.upper().replace("_", "-")
    return f"{word}…" if action.nargs in ("+", "*") else word


def _option(action: argparse.Action, name: str) -> str:
    return name if action.nargs == 0 else f"{name} {_value(action)}"


def _row(action: argparse.Action) -> str:
    names = [_option(action, name) for name in action.option_strings] or [_positional(action)]
    choices = f": {', '.join(f'`{choice}`' for choice in action.choices)}" if action.choices else ""
    does = f"{action.help or ''}{choices if action.metavar is None else ''}".replace("|", "\\|")
    return f"| {', '.join(f'`{name}`' for name in names)} | {does} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
