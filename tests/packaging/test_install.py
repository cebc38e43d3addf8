"""What an installation has and has not."""

from __future__ import annotations

import subprocess
import sys

from tests.support.project import Project

WITHOUT_MOTO = (
    "import sys; sys.modules['moto'] = None; from personalize_gitops.cli import run; sys.exit(run(sys.argv[1:]))"
)


def without_moto(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT_MOTO, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=project.folder, check=False)


def test_a_local_target_without_the_extra_says_what_to_install(project: Project) -> None:
    """The core works without moto; what needs it names the extra and ends with 1, without a traceback."""
    result = without_moto(project, "plan")

    assert result.returncode == 1
    assert result.stderr == (
        'Error: target local runs on the embedded emulator: pip install "personalize-gitops[local]"\n'
    )


def test_the_emulator_without_the_extra_says_what_to_install(project: Project) -> None:
    """So does the emulator itself."""
    result = without_moto(project, "emulator", "serve")

    assert result.returncode == 1
    assert 'pip install "personalize-gitops[local]"' in result.stderr


def test_validation_needs_no_emulator(project: Project) -> None:
    """What is offline works with the core alone."""
    assert without_moto(project, "validate").returncode == 0
