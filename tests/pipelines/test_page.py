"""docs/pipelines.md shows the files as they are, and what it tells a reader to type works."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.support.runner.github import ROOT, read_yaml
from tests.support.runner.scene import PIPELINES
from tools.pipelines_page import PAGE, page

TEXT = PAGE.read_text(encoding="utf-8")


def typed(about: str) -> list[str]:
    """The lines that a reader types, of the console with a word."""
    [console] = [found for found in re.findall(r"```console[^\n]*\n(.*?)```", TEXT, re.DOTALL) if about in found]
    return [line.strip().removeprefix("$ ") for line in console.splitlines() if line.strip()]


def test_the_page_is_current() -> None:
    """`make docs` has been run since a file changed, and each file is on the page."""
    shown = set(re.findall(r"^<!-- file: pipelines/(\S+) -->$", TEXT, re.MULTILINE))

    assert page(TEXT) == TEXT
    assert shown == {path.relative_to(PIPELINES).as_posix() for path in PIPELINES.rglob("*.*")}


def test_the_workflows_are_copied_as_the_page_says(tmp_path: Path) -> None:
    """They then use the action of the copy, at the commit of its clone."""
    shop = tmp_path / "shop"
    shop.mkdir()
    (tmp_path / "personalize-gitops").symlink_to(ROOT)

    subprocess.run(["sh", "-e", "-c", "\n".join(typed("sed -i"))], cwd=shop, check=True)

    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    copied = sorted((shop / ".github" / "workflows").glob("*.yml"))
    uses = {line.split()[2] for path in copied for line in path.read_text().splitlines() if "uses: OWNER/" in line}
    assert [path.name for path in copied] == ["apply.yml", "drift.yml", "fork.yml", "pull-request.yml", "runs.yml"]
    assert uses == {f"OWNER/personalize-gitops@{head.strip()}"}
    assert not [path for path in copied if "acme/" in path.read_text()]


def test_the_session_of_the_role_is_long_enough() -> None:
    """The role allows the session that the workflows ask for, and its files are on the page."""
    commands = "\n".join(typed("create-role"))

    [longest] = re.findall(r"--max-session-duration (\d+)", commands)
    asked = {
        step["with"]["role-duration-seconds"]
        for name in ("apply.yml", "runs.yml")
        for job in read_yaml(PIPELINES / "github" / name)["jobs"].values()
        for step in job["steps"]
        if "role-duration-seconds" in step["with"]
    }
    assert asked == {int(longest)}
    names = {path.name for folder in ("aws", "github") for path in (PIPELINES / folder).glob("*.json")}
    assert set(re.findall(r"file://(\S+)", commands)) == names


def test_its_outputs_are_those_of_the_action() -> None:
    """Those of a plan are listed."""
    outputs = read_yaml(ROOT / "action.yml")["outputs"]
    of_plan = [name for name, each in outputs.items() if each["description"].startswith("plan: ")]

    listed = re.search(r"its outputs (.*?):\n", TEXT, re.DOTALL)
    assert listed is not None
    assert re.findall(r"`(\w+)`", listed[1]) == of_plan
