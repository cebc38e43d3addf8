"""What the service and the manifests say cannot control the terminal or the CI system that shows the output."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project import Project, Result
from tests.support.served import Served, served

ATTACK = "\x1b]0;owned\x07\n::error::owned"
IN_YAML = r"\u001b]0;owned\u0007\n::error::owned"


def commands(result: Result) -> list[str]:
    """Return the lines that a terminal or GitHub would obey."""
    lines = (result.out + result.err).split("\n")
    return [line for line in lines if line.lstrip().startswith("::") or not line.isprintable()]


def test_a_value_of_a_manifest(project: Project) -> None:
    """A filter expression with an escape sequence is shown as text when it changes."""
    project.run("apply", "--target", "local", "--auto-approve")
    before = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch", "like")'
    after = before.replace("like", r"\u001b]0;owned\u0007\u202e").replace('"', r"\"")
    project.edit("filters.yaml", before, f'"{after}"')

    planned = project.run("plan", "--target", "local")

    assert planned.code == 2
    assert r"\x1b]0;owned\x07\u202e" in planned.out
    assert commands(planned) == []


def test_a_problem_of_a_manifest(project: Project) -> None:
    """A kind, a file name and an unknown field are shown as text."""
    project.write("::error::a.yaml", f'kind: "{IN_YAML}"\nname: x\nspec: {{}}\n')
    project.write("b.yaml", f'kind: Filter\nname: "{IN_YAML}"\nspec: {{"{IN_YAML}": 1}}\n')

    result = project.run("validate", "--manifests", "manifests")

    assert result.code == 3
    assert commands(result) == []


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A project of one dataset group on a served emulator."""
    with served(tmp_path, monkeypatch) as found:
        found.project.write("group.yaml", "kind: DatasetGroup\nname: shop\nspec: {}\n")
        yield found


def test_a_failure_reason_of_the_service(shop: Served) -> None:
    """The reason of a failed creation is shown as text in status, plan and drift."""
    shop.emulator.faults.fail("DatasetGroup/shop", ATTACK)
    shop.project.run("apply", "--auto-approve", "--no-wait")

    shown = [shop.project.run(command) for command in ("status", "plan", "drift")]

    assert [r"\n::error::owned" in each.out for each in shown] == [True] * 3
    assert [commands(each) for each in shown] == [[]] * 3


def test_an_error_of_the_service_during_an_apply(shop: Served) -> None:
    """A refusal in the words of the service is shown as text in progress and summary."""
    shop.emulator.faults.refuse("CreateDatasetGroup", "InvalidInputException", ATTACK)

    result = shop.project.run("apply", "--auto-approve")

    assert result.code == 10
    assert r"\n::error::owned" in result.out
    assert r"\n::error::owned" in result.err
    assert commands(result) == []


def test_an_error_of_the_service_that_ends_the_program(shop: Served) -> None:
    """The text of an error is shown as text."""
    shop.emulator.faults.refuse("ListDatasetGroups", "AccessDeniedException", f"::error::x{ATTACK}")

    result = shop.project.run("plan")

    assert result.code == 1
    assert r"\n::error::owned" in result.err
    assert commands(result) == []
