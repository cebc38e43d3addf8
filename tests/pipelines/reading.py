"""What runs and comments say, for the tests of pipelines."""

from __future__ import annotations

from personalize_gitops.forge.marker import Purpose, read
from tests.support.runner.github import Job, Run
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


_STEPS = {
    "validate": ["Validate"],
    "plan": ["Plan", "Keep the plan", "Comment on the plan"],
    "blocked": ["Plan", "Keep the plan", "Comment on the plan", "Refuse a plan that cannot be applied"],
    "plan of a fork": ["Plan", "Keep the plan"],
    "fork": ["Comment on the plan of a fork"],
    "apply": ["Fetch the approved plan", "Apply", "Comment on the apply"],
    "deadline": ["Fetch the approved plan", "Apply", "Continue in another run", "Comment on the apply"],
    "moved": [
        *("Fetch the approved plan", "Apply", "Compare with the approved plan", "Comment on the apply"),
        "Fail as the program did",
    ],
    "queued": ["Fetch the approved plan", "Check the approved plan"],
    "unapproved": ["Fetch the approved plan"],
    "runs": ["Apply"],
    "drift": ["Fetch the last check", "Drift", "Keep the check", "Keep the drift issue"],
    "unchecked": ["Fetch the last check", "Drift", "Keep the drift issue", "Fail as the program did"],
}
"""The steps of action.yml that run in each case, after the installation; the tests of the cases compare them."""
STEPS = {case: ["Install", *steps] for case, steps in _STEPS.items()}


def steps(job: Job) -> list[str]:
    """The steps of action.yml that a job has run."""
    return job.steps[job.steps.index("Install") :]
