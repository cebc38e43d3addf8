"""`drift-baseline.yaml`: known findings that a drift check mutes until a day. It lies beside the project file.

Only `drift` and `validate` read it, so it never affects a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from personalize_gitops.errors import ManifestError
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.checking import checked, place_at
from personalize_gitops.manifest.documents import checked_address
from personalize_gitops.manifest.folder_files import BASELINE
from personalize_gitops.manifest.nodes import Flaws, Node, place_of, read
from personalize_gitops.manifest.paths import SPEC, TAGS, wrong_path
from personalize_gitops.manifest.values import Builder
from personalize_gitops.model.address import Address
from personalize_gitops.model.baseline import Mute
from personalize_gitops.model.problem import Problem, did_you_mean, in_reading_order
from personalize_gitops.model.problem_codes import ManifestCode, ValueCode
from personalize_gitops.model.reason import Path as Steps
from personalize_gitops.model.reason import Reason, Source, Verbatim, because
from personalize_gitops.model.structure import Structure
from personalize_gitops.model.validation import invalid

_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # no day follows it


def _checked_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise invalid(because(ValueCode.NOT_A_DAY, found=Verbatim(text))) from None
    return text


class Entry(Structure):
    """One known finding: of a resource, or of a member of it."""

    address: Annotated[str, AfterValidator(checked_address)]
    path: str | None = None  # None: every finding about the resource
    target: str | None = None  # None: every target
    reason: Annotated[str, StringConstraints(min_length=1)]
    until: Annotated[str, AfterValidator(_checked_day)]  # the last day, in UTC


class Baseline(Structure):
    """The content of the file."""

    mute: list[Entry] = Field(default=[])


def load_baseline(folder: Path, targets: Iterable[str]) -> tuple[Mute, ...]:
    """Return the entries of the baseline beside the project file in `folder`; none if there is no such file.

    Raises ManifestError with every problem in it.
    """
    path = folder / BASELINE
    if not path.exists():
        return ()
    problems: list[Problem[Source]] = []
    found = [entry for node in read(path) for entry in _entries(node, [*targets], problems)]
    if problems:
        raise ManifestError(in_reading_order(problems))
    return tuple(found)


def _entries(node: Node, targets: list[str], problems: list[Problem[Source]]) -> Iterator[Mute]:
    subject = place_of(node).file
    problems += [Problem(reason, place_of(at), subject=subject) for at, reason in Flaws().of(node)]
    if problems:
        return
    baseline = checked(Baseline, Builder(subject=subject, problems=problems).value(node), node, subject, problems)
    for index, entry in enumerate(baseline.mute if baseline else ()):
        for member, reason, suggestion in _wrong(entry, targets):
            at = Steps(("mute", index, member))
            problems.append(Problem(reason, place_at(node, at), suggestion=suggestion, subject=subject, field=at))
        yield _mute(entry, place_at(node, ("mute", index)))


def _wrong(entry: Entry, targets: list[str]) -> Iterator[tuple[str, Reason, Reason | None]]:
    """Yield what would keep an entry from having an effect, with the member that is wrong."""
    kind = KINDS.get(Address.parse(entry.address).kind_name)
    if kind is None:
        name = Address.parse(entry.address).kind_name
        yield "address", because(ManifestCode.NO_SUCH_KIND, kind=Verbatim(name)), did_you_mean(name, KINDS)
    if entry.target is not None and entry.target not in targets:
        reason = because(ManifestCode.UNKNOWN_TARGET, target=Verbatim(entry.target))
        yield "target", reason, did_you_mean(entry.target, targets)
    is_of_spec = entry.path is not None and not entry.path.startswith(TAGS)
    if wrong := wrong_path(kind, entry.path or "", (SPEC, TAGS)) if kind and is_of_spec else None:
        yield "path", *wrong


def _mute(entry: Entry, source: Source) -> Mute:
    day = datetime.fromisoformat(entry.until).replace(tzinfo=UTC)
    ends = day + min(timedelta(days=1), _LAST - day)
    return Mute(
        Address.parse(entry.address), entry.path or "", entry.target or "", entry.reason, ends.timestamp(), source
    )
