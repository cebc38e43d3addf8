"""A folder of manifests that a test writes, and the problems in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest import Loaded, load
from personalize_gitops.render.reasons import message, text

PROJECT = """\
kind: Project
name: shop
spec:
  defaultTarget: local
  tags: {team: discovery}
  variables: {tps: 2, word: red, ring: "${gnir}", gnir: "${ring}"}
  targets:
    local: {emulator: {}}
    prod: {account: "111122223333", region: eu-west-1, naming: {suffix: -prod}, variables: {tps: 9}}
"""
GROUP = "{kind: DatasetGroup, name: g, spec: {}}"


class Folder:
    """Manifests in a folder; the project is there from the beginning, with a group `g`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("project.yaml", PROJECT)
        self.write("group.yaml", GROUP)

    def write(self, name: str, content: str) -> None:
        """A file, new or anew."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(content))

    def load(self, target: str | None = None, env: Mapping[str, str] | None = None) -> Loaded:
        return load(self.path, target, env=env or {})

    def problems(self, target: str | None = None) -> list[str]:
        """`file:line:col message`, and the suggestion behind it, for each problem."""
        with pytest.raises(ManifestError) as caught:
            self.load(target)
        return [
            f"{Path(problem.place.file).relative_to(self.path)}:{problem.place.line}:{problem.place.column} "
            f"{message(problem)}{f' ({text(problem.suggestion)})' if problem.suggestion else ''}"
            for problem in caught.value.problems
        ]

    def problem(self, target: str | None = None) -> str:
        """The only problem."""
        (only,) = self.problems(target)
        return only

    def tags(self, tags: str, env: Mapping[str, str] | None = None) -> Mapping[str, str]:
        """The tags of a group whose tags are written as `tags`."""
        self.write("group.yaml", f"kind: DatasetGroup\nname: g\nspec: {{}}\ntags:\n  {tags}\n")
        (document,) = self.load(env=env).desired.documents.values()
        return {key: value for key, value in document.tags.items() if key != "team"}
