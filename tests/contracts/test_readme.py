"""The README promises what the program has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from personalize_gitops.cli import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_it_is_short() -> None:
    """A person with ten minutes reads it to the end; everything else is in docs/."""
    assert len(README.split()) < 1_000


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.stem)
def test_every_page_is_linked(page: Path) -> None:
    """From the README, or from the list that it links to."""
    assert f"(docs/{page.name})" in README or f"({page.name})" in (ROOT / "docs" / "index.md").read_text()


def test_its_commands_exist() -> None:
    """What a reader is told to type is a command or a make target that there is."""
    makefile = (ROOT / "Makefile").read_text()
    typed = re.findall(r"^\$ (.+)$", README, re.MULTILINE)

    programs = {line.split()[1] for line in typed if line.startswith("personalize-gitops ")}
    targets = {
        *re.findall(r"`make ([a-z]+)`", README),
        *(line.split()[1] for line in typed if line.startswith("make ")),
    }

    assert programs <= COMMANDS.keys()
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_ci_runs_the_readmes_own_command() -> None:
    """`.ci/run` checks with the README's second command, and needs nothing before it but a browser."""
    run = (ROOT / ".ci" / "run").read_text()

    assert run.endswith("\nmake test\n")
    assert re.findall(r"\b(?:make|pytest|pip|tox|nox)\b.*", run)[-1:] == ["make test"]
    assert re.findall(r"^\$ make ([a-z]+)", README, re.MULTILINE) == ["demo", "test"]


def test_its_manifest_is_valid(tmp_path: Path) -> None:
    """The manifest in a minute and its project are read without a problem, beside the group they refer to."""
    from personalize_gitops.manifest import load

    blocks = [block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "kind: " in block]
    (tmp_path / "readme.yaml").write_text("\n---\n".join([*blocks, "kind: DatasetGroup\nname: movielens\nspec: {}\n"]))

    loaded = load(tmp_path, "prod")

    assert len(loaded.desired.documents) == 4
