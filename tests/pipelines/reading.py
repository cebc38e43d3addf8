"""What runs and comments say, for the tests of pipelines."""

from __future__ import annotations

from personalize_gitops.forge.marker import Purpose, read
from tests.support.runner.github import Run
from tests.support.runner.scene import Team


def markers(acme: Team, number: int) -> list[tuple[Purpose, str]]:
    """Our comments on a pull request: what each is about, and of which target."""
    found = [marker for body in acme.forge.bodies(number) if (marker := read(body))]
    return [(marker.purpose, marker.target) for marker in found]


def text(acme: Team, number: int, purpose: Purpose, target: str) -> str:
    """The one comment about a target, without its marker."""
    [at] = [index for index, found in enumerate(markers(acme, number)) if found == (purpose, target)]
    return acme.forge.bodies(number)[at].partition("\n")[2]


def results(run: Run) -> dict[str, str]:
    return {f"{job.name} {job.target}".strip(): job.result for job in run.jobs}


def logs(run: Run) -> str:
    return "\n".join(job.log for job in run.jobs)
