"""The plan that was approved: found through the comment of a merged pull request, and unpacked safely."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from personalize_gitops.errors import ForgeError, StalePlan, UsageError
from personalize_gitops.files import write_atomically
from personalize_gitops.forge.comment import Marked
from personalize_gitops.forge.marker import Marker, Purpose, State
from personalize_gitops.forge.port import PullRequest
from personalize_gitops.model.plan import Scope

_CHOICES = ("destroy", "adopt", "forget", "rerun", "replace", "only", "exclude")
_MOST_FILES = 1_000
_MOST_BYTES = 256 * 1024 * 1024  # unpacked


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file in an artifact."""

    name: str
    content: bytes


def approved(found: Sequence[Marked], pull_request: PullRequest, target: str, project: str = "") -> Marker:
    """Return the marker of the plan that was approved for a target.

    Raises StalePlan if there is none, if it is of another commit than was merged, if it was made after the merge, or if
    it was applied already: the account may be again as it was then.
    Raises UsageError if the target is one of several projects.
    """
    plans = [each for each in found if each.marker.purpose is Purpose.PLAN and each.marker.target == target]
    plans = [each for each in plans if not project or each.marker.project == project]
    if len({each.marker.project for each in plans}) > 1:
        raise UsageError(f"several projects have a target {target}: pass --project")
    if not plans or not plans[0].marker.run:
        raise StalePlan(f"pull request {pull_request.number} has no comment with a plan of target {target}")
    marker = plans[0].marker
    if pull_request.merged and plans[0].comment.updated > pull_request.merged:
        raise StalePlan(
            f"pull request {pull_request.number} was merged before its plan of target {target} was written: "
            "what was approved is not known"
        )
    if marker.head != pull_request.head:
        raise StalePlan(
            f"pull request {pull_request.number} was merged with {pull_request.head[:12]}, "
            f"but its plan of target {target} is of {marker.head[:12] or 'an unknown commit'}"
        )
    if any(_is_done(each.marker, marker) for each in found):
        raise StalePlan(f"the plan of target {target} in pull request {pull_request.number} was applied already")
    return marker


def _is_done(apply: Marker, plan: Marker) -> bool:
    done = replace(plan, purpose=Purpose.APPLY, state=State.DONE)
    return apply.same_subject(done) and (apply.plan, apply.state) == (done.plan, done.state)


def files_of(archive: bytes) -> list[ArchivedFile]:
    """Return the files of a ZIP archive. Raises ForgeError if it is damaged, too large, or has unsafe names."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
            members = [member for member in zipped.infolist() if not member.is_dir()]
            if len(members) > _MOST_FILES or sum(member.file_size for member in members) > _MOST_BYTES:
                raise ForgeError("the artifact is too large")
            return [ArchivedFile(_safe(member.filename), zipped.read(member)) for member in members]
    except ForgeError:
        raise
    except Exception as error:  # zipfile and its four decompressors raise a dozen types, which no text lists
        raise ForgeError(f"the artifact is damaged: {error}") from error


def plan_in(files: Sequence[ArchivedFile], fingerprint: str) -> ArchivedFile:
    """Return the plan file with a fingerprint. Raises StalePlan if there is none, or if it was made with choices.

    Pipelines plan without choices such as --destroy, so that the merged manifests alone say what a plan may do.
    """
    for file in files:
        if _fingerprint(file) == fingerprint:
            _check_choices(file)
            return file
    found = ", ".join(sorted(_fingerprints(files))) or "none"
    raise StalePlan(f"the artifact has no plan with the approved fingerprint {fingerprint[:12]}; it has {found}")


def unpack(files: Sequence[ArchivedFile], folder: Path) -> list[Path]:
    """Write files into a folder, and return their paths."""
    paths = []
    for file in files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, file.content)
        paths.append(path)
    return paths


def _safe(name: str) -> str:
    path = PurePosixPath(name)
    unsafe = any(part == ".." or "\\" in part or ":" in part for part in path.parts)
    if unsafe or path.is_absolute() or not path.parts or not name.isprintable():
        raise ForgeError("the artifact has a file with an unsafe name")
    return str(path)


def _check_choices(plan: ArchivedFile) -> None:
    content = json.loads(plan.content)
    made_with = [name for name in _CHOICES if content.get(name)]
    if made_with or content.get("scope", Scope.ALL) != Scope.ALL:
        raise StalePlan(f"the approved plan was made with the choice {(*made_with, 'scope')[0]}; plan without it")


def _fingerprints(files: Sequence[ArchivedFile]) -> Iterator[str]:
    return (found[:12] for found in map(_fingerprint, files) if found)


def _fingerprint(file: ArchivedFile) -> str:
    """Return the fingerprint of a plan file; "" for any other file."""
    try:
        content = json.loads(file.content)
    except (ValueError, RecursionError):
        return ""
    found = content.get("fingerprint") if isinstance(content, dict) else None
    return found if isinstance(found, str) else ""
