"""Random faults of the service."""

from __future__ import annotations

from collections.abc import Sequence

from personalize_gitops.emulator.state.faults import Faults, Rule
from tests.support.drafts import Pick

CHANGES = [f"{verb}{kind}" for verb in ("Create", "Update", "Delete") for kind in ("Campaign", "Solution", "Dataset")]
CALLS = [*CHANGES, "CreateSolutionVersion", "CreateFilter", "DeleteFilter", "TagResource", "UntagResource"]
LISTED = ["SolutionVersion", "Solution", "Filter", "DatasetImportJob", "Campaign", "Schema"]


def draw_faults(faults: Faults, kinds: Sequence[str], pick: Pick) -> Sequence[Rule]:
    """Add up to two faults, and return the rules."""
    for _ in range(pick([0, 0, 1, 2])):
        times, call = pick([1, 2, 3]), pick(CALLS)
        match pick(["throttle", "busy", "lose", "lag", "fail", "deny"]):
            case "throttle":
                faults.throttle(pick(["*", call]), times)
            case "busy":
                faults.refuse(call, "ResourceInUseException", "busy", times)
            case "lose":
                faults.lose_response(call, times)
            case "lag":
                faults.lag(pick(LISTED), pick([60, 250]), times)
            case "fail":
                faults.fail(pick(kinds or ["*"]), "bad")
            case _:
                faults.deny(call)
    return faults.rules
