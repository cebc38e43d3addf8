"""Find the unmanaged run that a document may take over instead of starting one. Pure.

Two runs are the same when their inputs are the same, so the newest success with the inputs of the document is the run
that it declares, under any name. A data part of the fingerprint cannot be known for it: nothing tells what the data was
when it ran.
"""

from __future__ import annotations

from personalize_gitops.engine.plan.candidate import Candidate
from personalize_gitops.model.comparison import comparable, with_defaults
from personalize_gitops.model.live import Live
from personalize_gitops.model.status import Condition
from personalize_gitops.model.structure import Attributes


def adoptable(run: Candidate) -> Live | None:
    """Return the newest unmanaged success with the inputs of a document that has never run; None if there is none.

    A run that was only listed counts unless its list entry shows another input: `confirm` describes it.
    """
    if run.history or "data" in run.document.run.when:
        return None
    kind_name, taken = run.document.address.kind_name, _taken(run)
    runs = (live for live in reversed(run.context.snapshot.of_kind(kind_name)) if live.arn not in taken)
    return next((live for live in runs if _is_free(live) and _has_inputs(live, run)), None)


def _taken(run: Candidate) -> frozenset[str]:
    """Return the ARNs of the runs that other documents with a common reference declare."""
    kind_name, references = run.document.address.kind_name, run.document.references.values()
    others = (change for reference in references for change in run.decisions.runs_of(kind_name, reference))
    return frozenset(change.live.arn for change in others if change.live)


def _is_free(live: Live) -> bool:
    return live.owner is None and not live.service_made and live.condition is Condition.READY


def _has_inputs(live: Live, run: Candidate) -> bool:
    wanted, found = _inputs(run, run.attributes), _inputs(run, live.attributes)
    if not live.described:
        found |= {member: value for member, value in wanted.items() if member not in live.attributes}
    return found == wanted and not run.is_outdated(live)


def _inputs(run: Candidate, attributes: Attributes) -> dict[str, object]:
    kind = run.document.kind
    return comparable(kind, with_defaults(kind, attributes))
