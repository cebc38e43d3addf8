"""Standard streams that were closed before the start, or that cannot be written."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.project import Project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a shell and /dev/full")

PROGRAM = f"{sys.executable} -m personalize_gitops"


def shell(project: Project, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", f"{PROGRAM} {command}"], cwd=project.folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_changes_no_exit_code(project: Project, closed: str) -> None:
    """A scheduler may start a command without them."""
    done = shell(project, f"validate {closed}")

    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["validate", "plan --output json", "plan --target none --output json"])
def test_a_full_disk_is_told_in_one_sentence(project: Project, command: str) -> None:
    """What stdout cannot take is not a success, and no bug either."""
    done = shell(project, f"{command} >/dev/full")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "Error: [Errno 28] No space left on device"
    assert "Traceback" not in done.stderr
