"""Fingerprints of runs: digests of their inputs, so that a run is repeated only when its inputs have changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import Decisions
from personalize_gitops.model.address import Address
from personalize_gitops.model.comparison import comparable, with_defaults
from personalize_gitops.model.desired import Desired, Document, RunDocument
from personalize_gitops.model.digest import digest
from personalize_gitops.model.live import arn_tail
from personalize_gitops.model.reference import Newest, Reference
from personalize_gitops.model.run_names import PART


def fingerprint_of(document: RunDocument, context: PlanContext, decisions: Decisions) -> str:
    """Return a digest of the inputs that `run.when` counts: 8 digits, or 16 with the data.

    References always count: a training for another solution is another training. A declared member with the
    server-side default does not count: it has the same effect as an omitted member.
    """
    tokens = {member: _token(reference, decisions) for member, reference in document.references.items()}
    defaults = comparable(document.kind, with_defaults(document.kind, {}))
    config = {
        member: value
        for member, value in comparable(document.kind, document.attributes).items()
        if "config" in document.run.when and member not in tokens and defaults.get(member) != value
    }
    inputs = digest([document.address.kind_name, tokens, config], PART)
    if "data" not in document.run.when:
        return inputs
    return inputs + digest(_data(document, context, decisions), PART)


def _data(document: RunDocument, context: PlanContext, decisions: Decisions) -> Any:
    """Return the digest of the S3 objects the run reads, or the tokens of the runs that provide its data."""
    if document.data_location is not None:
        return context.snapshot.inputs[document.data_location]
    feeding = feeding_runs(document, context.desired)
    return sorted(decisions[address].token for address in feeding if not decisions.lacks(address))


def feeding_runs(document: RunDocument, desired: Desired) -> Iterator[Address]:
    """Yield the declared runs whose newest success is the input data of this one."""
    return (other for other in desired.needs[document.address] if other.kind_name == document.kind.data_from)


def token_of(document: Document, aws_name: str, decisions: Decisions) -> str:
    """Return the text that identifies a document's object in fingerprints: the end of its ARN, known in advance."""
    tokens = {member: _token(reference, decisions) for member, reference in document.references.items()}
    return document.kind.arn_tail(aws_name, {**document.attributes, **tokens})


def _token(reference: Reference, decisions: Decisions) -> str:
    match reference:
        case Address():
            return decisions[reference].token
        case Newest(kind_name, of):
            return f"{kind_name} of {_token(of, decisions)}"
        case arn:
            return arn_tail(arn)
