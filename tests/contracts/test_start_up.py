"""What each command imports. Time to start is imports, so they are counted, never the seconds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from personalize_gitops.cli import COMMANDS, HIDDEN
from tests.support.project import Project

HEAVY = frozenset(
    {
        "apprise",
        "boto3",
        "botocore",
        "concurrent.futures",
        "cryptography",
        "deepdiff",
        "flask",
        "jinja2",
        "moto",
        "numpy",
        "pydantic",
        "requests",
        "rich",
        "ruamel.yaml",
        "scipy",
        "tenacity",
        "urllib3",
        "werkzeug",
    }
)
"""Packages that cost a start tens of milliseconds or more, or that only some commands have a use for."""

MANIFESTS = {"pydantic", "ruamel.yaml"}
EMULATOR = {
    *("boto3", "botocore", "concurrent.futures", "cryptography", "jinja2", "moto", "requests", "tenacity", "urllib3"),
    "werkzeug",
}
SERVING = ("flask", "moto.moto_server")  # werkzeug is there in any case: moto's core needs it

_PROGRAM = """
import atexit, sys
from pathlib import Path
atexit.register(lambda: Path(sys.argv[1]).write_text("\\n".join(sys.modules)))
from personalize_gitops.cli import run
sys.exit(run(sys.argv[2:]))
"""

Loads = Callable[..., set[str]]


@pytest.fixture
def loads(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Loads:
    """Run a command line in a process of its own; the modules it has loaded when it ends."""
    listing = tmp_path_factory.mktemp("modules") / "modules"

    def run(*arguments: str) -> set[str]:
        command = [sys.executable, "-c", _PROGRAM, str(listing), *arguments]
        subprocess.run(command, cwd=project.folder, check=False, capture_output=True, timeout=60)
        return set(listing.read_text().split())

    return run


def test_the_package_alone_loads_nothing(tmp_path: Path) -> None:
    """`import personalize_gitops` costs one file."""
    program = "import sys, personalize_gitops; print(*(name for name in sys.modules if 'personalize_gitops.' in name))"

    shown = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True)

    assert shown.stdout.split() == []


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_loads_the_command_line_alone(loads: Loads, option: str) -> None:
    """`--help` needs the parser and the errors, and no library."""
    modules = loads(option)

    assert ours(modules) == {"personalize_gitops", "personalize_gitops.cli", "personalize_gitops.errors"}
    assert modules & HEAVY == set()
    assert modules & {"dataclasses", "inspect", "json", "logging"} == set()


@pytest.mark.parametrize("command", [*COMMANDS, *HIDDEN])
def test_help_of_a_command_talks_to_nobody(loads: Loads, command: str) -> None:
    """The options of a command are told without the libraries that carry it out."""
    modules = loads(command, "--help")

    assert modules & HEAVY == set()


@pytest.mark.parametrize("command", ["validate", "schema"])
def test_offline_commands_read_and_check(loads: Loads, command: str) -> None:
    """What works on manifests alone loads YAML and the kinds, neither AWS nor the emulator."""
    modules = loads(command)

    assert modules & HEAVY == MANIFESTS
    assert not any(name.startswith(("personalize_gitops.aws", "personalize_gitops.emulator")) for name in modules)


def test_invalid_manifests_are_told_as_cheaply(loads: Loads, project: Project) -> None:
    """A problem in a manifest loads no more than a valid one."""
    project.edit("for-you.yaml", "minProvisionedTPS", "minimumTPS")

    modules = loads("validate")

    assert modules & HEAVY == MANIFESTS


def test_a_local_plan_serves_no_http(loads: Loads) -> None:
    """The embedded emulator answers in process: moto and boto3 are there, its server is not; nothing is compared."""
    modules = loads("plan", "--target", "local")

    assert modules & HEAVY <= MANIFESTS | EMULATOR
    assert modules & {"moto", "boto3"} == {"moto", "boto3"}
    assert modules.isdisjoint(SERVING)


def test_a_plan_on_aws_needs_no_emulator(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target in AWS loads boto3 and leaves the emulator where it is, even to say that credentials are missing."""
    for name, value in {"AWS_CONFIG_FILE": "none", "AWS_SHARED_CREDENTIALS_FILE": "none"}.items():
        monkeypatch.setenv(name, value)

    modules = loads("plan", "--target", "staging")

    assert "boto3" in modules
    assert modules & HEAVY <= MANIFESTS | {"boto3", "botocore", "concurrent.futures", "tenacity", "urllib3"}
    assert not any(name.startswith("personalize_gitops.emulator") for name in modules)


def ours(modules: set[str]) -> set[str]:
    """The modules of this program among others."""
    return {name for name in modules if name.split(".")[0] == "personalize_gitops"}
