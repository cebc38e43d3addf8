"""Where the embedded emulator of each target keeps its state, and that no two targets share one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from personalize_gitops.manifest.checking import place_at
from personalize_gitops.manifest.nodes import file_of
from personalize_gitops.manifest.project import Target
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Path as Field
from personalize_gitops.model.reason import Source, Verbatim, because

BESIDE = ".personalize-gitops"  # the folder beside that of the manifests, with a folder for each target


def state_folder(name: str, target: Target, project_folder: Path, manifests: Path) -> Path:
    """Return the folder for the state of a target, if it is on the embedded emulator."""
    if target.emulator is not None and target.emulator.state is not None:
        return project_folder / target.emulator.state
    return Path(os.path.normpath(manifests / ".." / BESIDE / _folder_name(name)))


def shared_states(targets: Mapping[str, Target], node: Any, manifests: Path) -> Iterator[Problem[Source]]:
    """Yield a problem for each target whose state lies in the folder of another target."""
    owners: dict[str, str] = {}
    for name, target in targets.items():
        if target.emulator is None:
            continue
        folder = state_folder(name, target, Path(file_of(node)).parent, manifests)
        owner = owners.setdefault(os.path.normcase(os.path.realpath(folder)), name)
        if owner != name:
            at = Field(("spec", "targets", name, "emulator", "state"))
            reason = because(ManifestCode.SHARED_STATE, folder=Verbatim(folder), target=Verbatim(owner))
            yield Problem(reason, place_at(node, at), subject="Project", field=at)


def _folder_name(target: str) -> str:
    """Return the name of the folder for a target. Every character of a target's name is safe in it."""
    name = quote(target, safe="")
    return name if name.strip(".") else f"%{name}"
