"""docs/commands.md is current, and has every command."""

from __future__ import annotations

import re

import pytest

from personalize_gitops.cli import COMMANDS, HIDDEN
from tools.commands_page import PAGE, page

TEXT = page()


def test_the_page_is_current() -> None:
    """`make docs` has been run since a command or an option changed."""
    assert PAGE.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("command", [*COMMANDS, *HIDDEN])
def test_every_command_has_a_chapter(command: str) -> None:
    """And a line in the list, with the words of `--help`."""
    assert f"| [`{command}`](#{command}) | {({**COMMANDS, **HIDDEN})[command]} |" in TEXT
    assert re.search(rf"^## {command}$", TEXT, re.MULTILINE)


def test_actions_are_chapters() -> None:
    """A command of commands shows the options of each."""
    assert "### emulator serve\n\nStart a server for AWS clients; it runs until interrupted.\n" in TEXT
    assert "personalize-gitops emulator advance DURATION [OPTIONS]" in TEXT


def test_arguments() -> None:
    """What is required stands in the call, and what a value can be in its row."""
    assert "personalize-gitops forge comment --body FILE --plan FILE [OPTIONS]" in TEXT
    assert "| `--color COLOR` | color (default: auto): `auto`, `always`, `never` |" in TEXT
    assert "| `--rerun ADDR…` | start a run, such as SolutionVersion/name, although it is in sync; repeatable |" in TEXT
