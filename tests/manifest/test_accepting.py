"""Live values in manifests: where they are written, how they are spelled, and when they are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest import load
from personalize_gitops.manifest.accepting import accept
from personalize_gitops.model.acceptance import LiveValue, Written
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import ABSENT
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import AcceptCode, ValueCode
from personalize_gitops.model.reason import Path as Field
from personalize_gitops.model.reason import Source

PROJECT = """\
kind: Project
name: shop
spec: {variables: {n: 5}, targets: {prod: {region: us-east-1}}}
---
kind: Dataset
name: events
spec:
  datasetGroup: shop
  datasetType: Interactions
  schema: arn:aws:personalize:us-east-1:123456789012:schema/events
"""
GROUP = "---\nkind: DatasetGroup\nname: shop\nspec: {}\n"
SOLUTION = """\
---
kind: Solution
name: home
spec:
  datasetGroup: shop
  recipe: aws-user-personalization
  performAutoTraining: false
  eventType: watch
  solutionConfig:
    hpoConfig: {hpoResourceConfig: {maxNumberOfTrainingJobs: 2}}
    algorithmHyperParameters: {hidden_dimension: 100, bptt: 32}  # tuned
    trainingDataConfig: {excludedDatasetColumns: {interactions: [GENRE]}}
---
kind: Solution
name: plain
spec: {datasetGroup: shop, recipe: aws-similar-items}
---
kind: SolutionVersion
name: home
spec: {solution: home}
---
kind: SolutionVersion
name: next
spec: {solution: home, trainingMode: FULL}
---
kind: Campaign
name: home
spec:
  solutionVersion: home
  campaignConfig:
    itemExplorationConfig: {explorationWeight: 0.3}
"""
ARN = "arn:aws:personalize:us-east-1:123456789012:solution/other/1"


def project(folder: Path, text: str = SOLUTION, **patches: str) -> Path:
    """Manifests in one file, and patches of the target."""
    (folder / "targets/prod").mkdir(parents=True)
    (folder / "all.yaml").write_text(PROJECT + GROUP + text)
    for name, patch in patches.items():
        (folder / f"targets/prod/{name}.yaml").write_text(patch)
    return folder


def write(folder: Path, path: str, value: Any, address: str = "Solution/home") -> tuple[Written, ...]:
    """Accept one value."""
    return accept(folder, load(folder), [LiveValue(Address.parse(address), Field(path.split(".")), value)])


def refusal(folder: Path, path: str, value: Any, address: str = "Solution/home") -> Problem[Source]:
    """The problem of a value that cannot be accepted; nothing is written."""
    before = {file: file.read_bytes() for file in folder.rglob("*.yaml")}
    with pytest.raises(ManifestError) as refused:
        write(folder, path, value, address)
    assert {file: file.read_bytes() for file in folder.rglob("*.yaml")} == before
    (problem,) = refused.value.problems
    return problem


@pytest.mark.parametrize(
    ("address", "path", "value", "before", "after"),
    [
        ("Solution/home", "spec.solutionConfig.algorithmHyperParameters.bptt", "20", "bptt: 32", "bptt: 20"),
        (
            "Solution/home",
            "spec.solutionConfig.hpoConfig.hpoResourceConfig.maxNumberOfTrainingJobs",
            "4",
            "Jobs: 2",
            "Jobs: 4",
        ),
        (
            "Campaign/home",
            "spec.campaignConfig.itemExplorationConfig.explorationWeight",
            "0.45",
            "Weight: 0.3",
            "Weight: 0.45",
        ),
        (
            "Solution/home",
            "spec.solutionConfig.trainingDataConfig.excludedDatasetColumns.Interactions",
            ["GENRE", "PRICE"],
            "interactions: [GENRE]",
            "interactions: [GENRE, PRICE]",
        ),
        ("Solution/home", "spec.performAutoTraining", True, "AutoTraining: false", "AutoTraining: true"),
        ("Solution/home", "spec.eventType", "costs ${n}", "eventType: watch", "eventType: costs $${n}"),
        (
            "Solution/plain",
            "spec.recipe",
            "arn:aws:personalize:::recipe/aws-popularity-count",
            "recipe: aws-similar-items",
            "recipe: aws-popularity-count",
        ),
        ("Campaign/home", "spec.solutionVersion", Address("SolutionVersion", "next"), "Version: home", "Version: next"),
        ("Campaign/home", "spec.solutionVersion", ARN, "solutionVersion: home", f"solutionVersion: {ARN}"),
        ("Solution/home", "spec.eventType", ABSENT, "  eventType: watch\n", ""),
        (
            "Campaign/home",
            "spec.campaignConfig.itemExplorationConfig.explorationWeight",
            ABSENT,
            "\n  campaignConfig:\n    itemExplorationConfig: {explorationWeight: 0.3}",
            "",
        ),
        ("Campaign/home", "spec.minProvisionedTPS", 3, "0.3}\n", "0.3}\n  minProvisionedTPS: 3\n"),
        ("DatasetGroup/shop", "tags.team", "a: b", GROUP, f"{GROUP}tags:\n  team: 'a: b'\n"),
    ],
)
def test_a_value_is_spelled_as_before(
    tmp_path: Path, address: str, path: str, value: Any, before: str, after: str
) -> None:
    """Numbers stay numbers, references and recipes names; a removed member takes its empty parents along."""
    folder = project(tmp_path)

    (written,) = write(folder, path, value, address)

    text = PROJECT + GROUP + SOLUTION
    assert text.count(before) == 1
    assert (folder / "all.yaml").read_text() == text.replace(before, after)
    assert written.place.file == str(folder / "all.yaml")
    load(folder)


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("eventType: x${n}", "spec.eventType", AcceptCode.FROM_VARIABLE),
        ("eventType: {file: all.txt}", "spec.eventType", AcceptCode.FROM_FILE),
        ("eventType: &x watch\n  recipe: *x", "spec.eventType", AcceptCode.SHARED_BY_ALIAS),
        ("<<: {eventType: watch}", "spec.eventType", AcceptCode.SHARED_BY_ALIAS),
        ("eventType: !!str watch", "spec.eventType", AcceptCode.SHARED_BY_ALIAS),
    ],
)
def test_a_value_that_is_decided_elsewhere(tmp_path: Path, text: str, path: str, code: AcceptCode) -> None:
    """A variable, a file, an alias, a merge key or a tag of YAML is named with its place; the text before it stays."""
    (tmp_path / "all.txt").write_text("watch")
    recipe = "" if "*x" in text else "  recipe: aws-user-personalization\n"
    document = f"---\nkind: Solution\nname: home\nspec:\n  datasetGroup: shop\n{recipe}  {text}\n"
    if "*x" in text:
        document = document.replace("watch", "aws-similar-items")
    folder = project(tmp_path, document)

    problem = refusal(folder, path, "buy")

    assert problem.reason.code is code
    assert problem.place.line >= 13 - bool("*x" in text)
    assert problem.subject == "Solution/home"


def test_a_name_with_a_variable(tmp_path: Path) -> None:
    """A document whose name is filled in cannot be found in its file."""
    folder = project(tmp_path, "---\nkind: DatasetGroup\nname: shop${n}\nspec: {}\n")

    assert refusal(folder, "tags.a", "b", "DatasetGroup/shop5").reason.code is AcceptCode.FROM_VARIABLE


def test_invalid_manifests_are_not_left_behind(tmp_path: Path) -> None:
    """If the manifests would be invalid with the new value, the files are restored and the problem is told."""
    folder = project(tmp_path)

    assert refusal(folder, "spec.recipe", "aws-none").reason.code is ValueCode.UNKNOWN_RECIPE
    assert refusal(folder, "tags.aws:x", "y", "DatasetGroup/shop").reason.code is ValueCode.TAG_RESERVED_BY_AWS


def test_the_last_patch_decides(tmp_path: Path) -> None:
    """The value goes where it comes from; a member that is removed becomes null, because the document has it."""
    first = "kind: Solution\nname: home\nspec: {eventType: buy}\n"
    folder = project(tmp_path, a=first, b="# later\nkind: Solution\nname: home\nspec:\n  eventType: like  # now\n")

    write(folder, "spec.eventType", "share")
    assert (folder / "targets/prod/b.yaml").read_text().endswith("  eventType: share  # now\n")
    write(folder, "spec.eventType", ABSENT)

    assert (folder / "targets/prod/b.yaml").read_text().endswith("  eventType: null  # now\n")
    assert (folder / "targets/prod/a.yaml").read_text() == first
    assert "eventType" not in load(folder).desired.documents[Address("Solution", "home")].attributes


def test_a_new_patch_follows_those_in_its_file(tmp_path: Path) -> None:
    """Two resources of one file, which another target shares, get their patches in one file."""
    folder = project(tmp_path)
    text = (folder / "all.yaml").read_text().replace("us-east-1}", "us-east-1}, test: {region: eu-west-1}")
    (folder / "all.yaml").write_text(text.replace("spec: {variables", "spec: {defaultTarget: prod, variables"))
    values = [
        LiveValue(Address("Solution", "home"), Field(["spec", "eventType"]), "buy"),
        LiveValue(Address("DatasetGroup", "shop"), Field(["tags", "team"]), "x"),
        LiveValue(Address("Solution", "home"), Field(["spec", "performAutoTraining"]), True),
    ]

    written = accept(folder, load(folder), values)

    assert (folder / "targets/prod/all.yaml").read_text() == (
        "kind: Solution\nname: home\nspec:\n  eventType: buy\n  performAutoTraining: true\n"
        "---\nkind: DatasetGroup\nname: shop\ntags:\n  team: x\n"
    )
    assert [each.place.line for each in written] == [4, 10, 5]


def test_links_and_permissions_stay(tmp_path: Path) -> None:
    """A symbolic link is followed, and the mode of the file is kept."""
    folder = project(tmp_path / "manifests")
    real = tmp_path / "real.yaml"
    (folder / "all.yaml").rename(real)
    real.chmod(0o640)
    (folder / "all.yaml").symlink_to(real)

    write(folder, "spec.eventType", "buy")

    assert (folder / "all.yaml").is_symlink()
    assert "eventType: buy" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640
