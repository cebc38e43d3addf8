"""Each check of `validate` finds its example, and accepts the nearest manifest that is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest.load import load_all
from personalize_gitops.model.checks import Check

EXAMPLES = Path(__file__).parent / "examples"
PROJECT = "kind: Project\nname: shop\nspec: {targets: {local: {emulator: {}}}}\n---\n"


def checks_of(folder: Path, text: str) -> set[Check | None]:
    """Return the checks that find something in the documents, errors and warnings alike."""
    (folder / "a.yaml").write_text(text if "kind: Project" in text else PROJECT + text)
    try:
        problems = [warning for loaded in load_all(folder) for warning in loaded.warnings]
    except ManifestError as error:
        problems = [*error.problems]
    return {problem.check for problem in problems}


@pytest.mark.parametrize("check", [Check[folder.name] for folder in sorted(EXAMPLES.iterdir())])
def test_a_check_finds_its_example(check: Check, tmp_path: Path) -> None:
    """The example of a check is refused by this check alone, and its neighbour by none."""
    refused, accepted = ((EXAMPLES / check / name).read_text() for name in ("refused.yaml", "accepted.yaml"))
    assert checks_of(tmp_path, refused) == {check}
    assert checks_of(tmp_path, accepted) == set()
