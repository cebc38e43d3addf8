"""The examples of the checks of `validate`: the smallest manifests that a check refuses, and their neighbours.

An example is `tests/lint/examples/PGnnn/refused.yaml` or `accepted.yaml`, or a folder `refused` or `accepted` where one
file cannot show it. The project is added to documents without one. The folder `data` of an example has its data files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from unittest.mock import patch

from personalize_gitops.checking import check_data, local_files
from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest.load import Loaded, load_all
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, in_reading_order
from personalize_gitops.model.reason import Source

EXAMPLES = Path(__file__).parents[1] / "tests" / "lint" / "examples"

_PROJECT = "kind: Project\nname: shop\nspec: {targets: {local: {emulator: {}}}}\n"
_NOW = 1_767_225_600.0  # 2026-01-01
_ENVIRONMENT = {"CHAT_URL": "json://chat.example.com", "TEAM": "search"}
_HAS_PROJECT = re.compile(r"^kind: Project$", re.MULTILINE)


def example(check: Check, which: str) -> Mapping[str, str]:
    """Return the files of an example by name: `refused` or `accepted`."""
    folder = EXAMPLES / check / which
    if not folder.is_dir():
        return {"example.yaml": folder.with_suffix(".yaml").read_text(encoding="utf-8")}
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def problems_in(check: Check, which: str, folder: Path) -> tuple[Problem[Source], ...]:
    """Return what validation finds in an example that it writes into a folder, errors and warnings alike."""
    _write(check, which, folder)
    with patch.dict(os.environ, {"AWS_DATA_PATH": str(EXAMPLES / check / "models")}):  # where a check needs another one
        return _found(folder)


def _found(folder: Path) -> tuple[Problem[Source], ...]:
    try:
        loaded = load_all(folder, env=_ENVIRONMENT)
    except ManifestError as error:
        return error.problems
    data = (problem for each in loaded for problem in _of_data(each)) if (folder / "data").is_dir() else ()
    return in_reading_order([*(warning for each in loaded for warning in each.warnings), *data])


def _of_data(loaded: Loaded) -> Iterable[Problem[Source]]:
    """Return what `validate --data` finds in the data files of an example."""
    files = local_files({"shop": loaded.folder / "data"})
    return check_data(loaded.desired, files, _NOW, lambda *_: None).problems


def _write(check: Check, which: str, folder: Path) -> None:
    """Write the files of an example into a folder, with a project if they have none."""
    files = example(check, which)
    if not any(map(_HAS_PROJECT.search, files.values())):
        files = {"project.yaml": _PROJECT, **files}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
