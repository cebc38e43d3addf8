"""Mute the findings that a baseline knows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from personalize_gitops.model.baseline import Mute
from personalize_gitops.model.drift import Drift, Finding, Muted
from personalize_gitops.model.reason import ReasonCode, Verbatim, because


def mute(
    found: Sequence[Drift], baseline: Iterable[Mute], target: str, now: float
) -> tuple[tuple[Drift, ...], tuple[Muted, ...]]:
    """Return the findings that are not muted, with one for each entry that has ended, and those that are.

    An entry with a path mutes a finding once every member that differs is muted; until then, only those members.
    """
    entries = [entry for entry in baseline if entry.target in ("", target)]
    current = [entry for entry in entries if now < entry.ends]
    kept: list[Drift] = [_expired(entry) for entry in entries if entry not in current]
    muted: list[Muted] = []
    for item in found:
        own = [entry for entry in current if entry.address == item.address]
        whole = next((entry for entry in own if not entry.path), None)
        covering = [next((entry for entry in own if entry.path and entry.covers(field)), None) for field in item.fields]
        if known := whole or (all(covering) and next(iter(covering), None)):
            muted.append(Muted(item, known))
        else:
            left = (field for field, entry in zip(item.fields, covering, strict=True) if entry is None)
            kept.append(replace(item, fields=tuple(left)))
    return tuple(sorted(kept, key=lambda item: (item.address, item.finding, item.arn or ""))), tuple(muted)


def _expired(entry: Mute) -> Drift:
    last = (datetime.fromtimestamp(entry.ends, UTC) - timedelta(days=1)).date().isoformat()
    reason = because(ReasonCode.BASELINE_EXPIRED, until=Verbatim(last), why=Verbatim(entry.reason))
    return Drift(entry.address, Finding.EXPIRED, (reason,), source=entry.source)
