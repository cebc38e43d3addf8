"""A declared run and the input of the decision whether it is due: fingerprint, and runs of the account. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import CREATES_OBJECT, Decisions, resolve
from personalize_gitops.engine.plan.fingerprints import fingerprint_of
from personalize_gitops.model.desired import RunDocument, addresses_in
from personalize_gitops.model.live import Live
from personalize_gitops.model.run_names import PART, fingerprint_in, run_name
from personalize_gitops.model.structure import Attributes
from personalize_gitops.model.tags import ADDRESS, FINGERPRINT


@dataclass(frozen=True)
class Candidate:
    """A declared run and the input of the decision whether it is due."""

    document: RunDocument
    context: PlanContext
    decisions: Decisions

    @cached_property
    def attributes(self) -> Attributes:
        """The wanted members, with references resolved."""
        references = self.document.references.items()
        resolved = {
            member: resolve(reference, self.decisions, self.context.snapshot) for member, reference in references
        }
        return {**self.document.attributes, **resolved}

    @cached_property
    def fingerprint(self) -> str:
        """The wanted fingerprint: a digest of the inputs."""
        return fingerprint_of(self.document, self.context, self.decisions)

    @cached_property
    def history(self) -> Sequence[Live]:
        """The runs of the document with any fingerprint, oldest first."""
        runs = self.context.snapshot.of_kind(self.document.address.kind_name)
        return [live for live in runs if self.fingerprint_of(live)]

    def fingerprint_of(self, live: Live) -> str:
        """Return the fingerprint of a run of the document: of its name or, if it was renamed, of its tags."""
        return fingerprint_in(self.document, live.name) or self._recorded(live)

    def _recorded(self, live: Live) -> str:
        """Return the fingerprint in the tags of a run of the document. Every run of the kind is asked for it."""
        if live.tags.get(ADDRESS) != str(self.document.address) or live.owner != self.context.desired.owner:
            return ""
        return "" if live.has_copied_tags else live.tags.get(FINGERPRINT, "")

    @cached_property
    def attempts(self) -> Sequence[Live]:
        """The runs with the wanted fingerprint, oldest first."""
        snapshot, document = self.context.snapshot, self.document
        named = snapshot.series(document.address.kind_name, run_name(document, self.fingerprint))
        ours = snapshot.owned(self.context.desired.owner, document.address)
        renamed = [live for live in ours if live not in named and self.fingerprint_of(live) == self.fingerprint]
        found = sorted((*named, *renamed), key=lambda live: (live.created, live.arn))
        if found or "data" in document.run.when:
            return found
        # `run.when` contained `data` earlier; the runs of that time had the same configuration.
        return [live for live in self.history if self.fingerprint_of(live)[:PART] == self.fingerprint]

    @cached_property
    def valid(self) -> Sequence[Live]:
        """The attempts that are not outdated."""
        return [live for live in self.attempts if not self.is_outdated(live)]

    def is_outdated(self, live: Live) -> bool:
        """Return whether a resource that the document refers to has a newer object than the run, or gets a new one."""
        for reference in self.document.references.values():
            for address in addresses_in(reference):
                change = self.decisions[address].change
                if change.action in CREATES_OBJECT or (change.live and change.live.created > live.created):
                    return True
        return False
