"""docs/emulator.md: its examples work and its lists are complete."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from personalize_gitops.cli import run
from personalize_gitops.emulator.state.faults import Deed

PAGE = Path(__file__).parents[2] / "docs" / "emulator.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ personalize-gitops (emulator .+)$", TEXT, re.MULTILINE)


def test_the_fixture(tmp_path: Path) -> None:
    """The fixture and the test of the page work in an empty project."""
    fixture, example = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "conftest.py").write_text(fixture)
    (tmp_path / "test_shop.py").write_text(example)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    # Without the variables of the outer run, the inner one is no worker of it.
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "SLIPCOVER_"))}

    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=own)

    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_commands(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The program knows every command of the page."""
    with pytest.raises(SystemExit) as left:
        run([*shlex.split(command), "--help"])

    assert left.value.code == 0
    assert "usage" in capsys.readouterr().out


def test_options() -> None:
    """The page lists all options of `serve` and no others."""
    done = subprocess.run(
        [sys.executable, "-m", "personalize_gitops", "emulator", "serve", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )

    served = TEXT[TEXT.index("## As a server") : TEXT.index("A running server")]
    assert {*re.findall(r"`(--[a-z-]+)", served)} == {*re.findall(r"--[a-z-]+", done.stdout)} - {"--help"}


@pytest.mark.parametrize("deed", Deed)
def test_deeds(deed: Deed) -> None:
    """Every fault is on the page."""
    assert f"| `{deed.value}` |" in TEXT
