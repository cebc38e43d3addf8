"""Members that AWS adds before a kind knows them: told, sent and compared."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import botocore
import pytest

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest import load
from tests.support.project import Project

MODEL = Path("personalize", "2018-05-22", "service-2.json")
PROJECT = "kind: Project\nname: shop\nspec: {targets: {local: {emulator: {}}}, lint: {PG415: ignore}}\n"
SHOP = """\
{kind: DatasetGroup, name: shop, spec: {}}
---
kind: Solution
name: for-you
spec:
  datasetGroup: shop
  recipe: aws-user-personalization-v2
  performAutoTraining: false
"""


def newer_model(folder: Path) -> None:
    """Write a model of the service in which solutions have two more members, of which an update takes one."""
    found = gzip.decompress(Path(botocore.__file__).parent.joinpath("data", f"{MODEL}.gz").read_bytes())
    model = json.loads(found)
    shapes = model["shapes"]
    for name in ("CreateSolutionRequest", "UpdateSolutionRequest", "Solution"):
        shapes[name]["members"]["trainingBudget"] = {"shape": "Integer"}
    shapes["SolutionConfig"]["members"]["mood"] = {"shape": "Boolean"}
    (folder / MODEL).parent.mkdir(parents=True)
    (folder / MODEL).write_text(json.dumps(model))


class Shop:
    """A project whose program has the newer model, as after an update of botocore."""

    def __init__(self, folder: Path) -> None:
        self.project = Project(folder)
        self.models = folder / "models"
        newer_model(self.models)
        self.project.write("project.yaml", PROJECT)

    def write(self, more: str) -> None:
        """Declare a solution with more members."""
        self.project.write("shop.yaml", SHOP + more)

    def run(self, *commands: tuple[str, list[str]]) -> list[tuple[int, Any]]:
        """Return the exit code and the JSON of commands, each with more members in the solution.

        They run in a process of their own, because a process reads the models once.
        """
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(self.project.folder), json.dumps(commands)],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "AWS_DATA_PATH": str(self.models)},
            capture_output=True,
            text=True,
            check=True,
            timeout=100,
        )
        return [(code, json.loads(out)) for code, out in json.loads(done.stdout)]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_member_that_only_the_service_knows_is_a_warning(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also inside of a member. A member that neither knows stays an error."""
    monkeypatch.setenv("AWS_DATA_PATH", str(shop.models))
    shop.write("  trainingBudget: 3\n  solutionConfig: {mood: true}\n")
    found = load(shop.project.manifests).warnings
    shop.write("  trainingBudgets: 3\n")
    with pytest.raises(ManifestError) as refused:
        load(shop.project.manifests)

    assert [(problem.check, str(problem.field)) for problem in found] == [
        ("PG070", "trainingBudget"),
        ("PG070", "solutionConfig.mood"),
    ]
    assert [problem.check for problem in refused.value.problems] == ["PG010"]


def test_extra_members_are_sent_and_compared(shop: Shop) -> None:
    """Created with the object, in sync afterwards, and changed in place where the update takes them."""
    extra = "  extra: {{trainingBudget: {}, solutionConfig: {{mood: true}}}}\n"

    (created, _), (same, _), (changed, plan) = shop.run(
        (extra.format(3), ["apply", "--auto-approve"]), (extra.format(3), ["plan"]), (extra.format(4), ["plan"])
    )

    (change,) = plan["changes"]
    assert (created, same, changed) == (0, 0, 2)
    assert (change["action"], change["fields"]) == ("update", [{"path": "trainingBudget", "before": 3, "after": 4}])


def main(folder: Path, commands: Sequence[tuple[str, list[str]]]) -> None:
    """Print what the commands of `Shop.run` come to."""
    project, done = Project(folder), []
    for more, arguments in commands:
        project.write("shop.yaml", SHOP + more)
        result = project.run(*arguments, "--output", "json")
        done.append((result.code, result.out))
    print(json.dumps(done))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
