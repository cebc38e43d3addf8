"""The README's own lines install the program, here from a clone of this repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.project import Project
from tests.support.runner.github import read_yaml

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
LINES = re.findall(r'^\$ (pip install "personalize-gitops.*?")', README, re.MULTILINE)
OTHERS = [*LINES[1:], "pip install ."]


def redirected(to: Path) -> Mapping[str, str]:
    """Variables with which Git finds the repository of the README in a folder."""
    [address] = {found for line in LINES for found in re.findall(r"git\+(https://\S+?)\"", line)}
    git = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.file://{to}.insteadOf", "GIT_CONFIG_VALUE_0": address}
    return {**os.environ, **git}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone without what was left in the working folder."""
    folder = tmp_path_factory.mktemp("clone") / "personalize-gitops"
    subprocess.run(["git", "clone", "-q", ROOT, folder], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("line", [LINES[0], *(pytest.param(line, marks=pytest.mark.slow) for line in OTHERS)])
def test_a_line_installs_the_program(line: str, clone: Path, tmp_path: Path) -> None:
    """From the address of Git that it names, or in the clone, which has everything that the program ships."""
    typed = f"{sys.executable} -m {line} --quiet --no-deps --target {tmp_path}"  # what it needs is here already

    subprocess.run(["sh", "-c", typed], cwd=clone, env=redirected(clone), check=True)

    command = [sys.executable, "-P", "-m", "personalize_gitops", "validate", "--manifests", str(clone / "manifests")]
    shown = subprocess.run(
        command, cwd="/", env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert shown.stdout == "Valid: 22 documents, for targets local, prod, staging.\n", shown.stderr
    assert (tmp_path / "personalize_gitops" / "schemas" / "plan.json").exists()


@pytest.mark.slow
def test_the_action_installs_the_program(clone: Path, tmp_path: Path) -> None:
    """The first step of action.yml, as a runner executes it: with everything that the program needs."""
    [step] = [step for step in read_yaml(ROOT / "action.yml")["runs"]["steps"] if step["name"] == "Install"]
    environ = {**os.environ, "GITHUB_ACTION_PATH": str(clone), "RUNNER_TEMP": str(tmp_path), "EXTRAS": "local"}
    project = Project(tmp_path)
    project.write("project.yaml", "kind: Project\nname: shop\nspec: {targets: {local: {emulator: {}}}}\n")
    project.write("group.yaml", "kind: DatasetGroup\nname: shop\nspec: {}\n")

    subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], env=environ, check=True)

    program = [str(tmp_path / "pgo" / "bin" / "pgo"), "plan"]
    shown = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (shown.returncode, "DatasetGroup/shop" in shown.stdout) == (2, True), shown.stderr


def test_the_lines_are_there() -> None:
    """One with and one without the emulator."""
    assert [("[local]" in line) for line in LINES] == [True, False]
