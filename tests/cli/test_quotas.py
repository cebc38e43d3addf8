"""`limits.quotas`: what Service Quotas allows the account of a target."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.project import Project

GROUPS = "---\n".join(f"{{kind: DatasetGroup, name: g{number}, spec: {{}}}}\n" for number in range(6))


@pytest.mark.parametrize(
    ("limits", "told"), [("{}", "More than 5 resources"), ("{quotas: {DatasetGroup: 6}}", "6 created")]
)
def test_the_embedded_emulator_has_the_quotas_of_its_target(tmp_path: Path, limits: str, told: str) -> None:
    """A sixth dataset group is created only if the quota of the target is raised."""
    project = Project(tmp_path)
    project.write("a.yaml", GROUPS)
    target = f"local: {{emulator: {{}}, limits: {limits}}}"
    project.write("project.yaml", f"kind: Project\nname: quotas\nspec: {{targets: {{{target}}}}}\n")

    applied = project.run("apply", "--auto-approve")

    assert told in applied.out + applied.err
