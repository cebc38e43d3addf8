"""The sentences of decisions, for tests of what users read."""

from __future__ import annotations

from collections.abc import Sequence

from personalize_gitops.model.drift import Drift
from personalize_gitops.model.events import Failed
from personalize_gitops.model.plan import Change
from personalize_gitops.render.reasons import joined, text


def reason_of(item: Change | Drift | Failed) -> str:
    """Return the reasons of a change, drift or failure as one line."""
    return text(item.reason) if isinstance(item, Failed) else joined(item.reasons)


def notes_of(change: Change) -> Sequence[str]:
    """Return the notes of a change, one text a line."""
    return tuple(text(note) for note in change.notes)
