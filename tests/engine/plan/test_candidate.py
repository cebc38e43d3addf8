"""The input of the decision whether a run is due."""

from __future__ import annotations

from personalize_gitops.engine.plan.candidate import Candidate
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import Decisions
from personalize_gitops.model.desired import RunDocument
from tests.support.builders import HEAD, desired, document, live, snapshot

SOLUTION = f"{HEAD}:solution/home"


def candidate(*names: str) -> Candidate:
    """The training of a solution, in an account with versions of these names."""
    training = document("SolutionVersion/home", {"solution": SOLUTION})
    assert isinstance(training, RunDocument)
    versions = [live(f"SolutionVersion/{name}", {"solution": SOLUTION}) for name in names]
    return Candidate(training, PlanContext(desired(training), snapshot(*versions)), Decisions())


def test_attempts_have_the_wanted_fingerprint_and_the_history_any() -> None:
    """A run is recognized by its name: the document's name, a fingerprint, and a number from the second attempt on."""
    wanted = candidate().fingerprint

    found = candidate(f"home-{wanted}", f"home-{wanted}-2", "home-00000000", f"other-{wanted}")

    assert [run.name for run in found.attempts] == [f"home-{wanted}", f"home-{wanted}-2"]
    assert {run.name for run in found.history} == {f"home-{wanted}", f"home-{wanted}-2", "home-00000000"}
