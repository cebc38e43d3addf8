"""The package exports what users of the library need, and the examples for them run."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import personalize_gitops
from tests.support.project import Project

LIBRARY = Path(__file__).parents[2] / "docs" / "library.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", LIBRARY.read_text(), re.DOTALL)


@pytest.mark.parametrize("name", personalize_gitops.__all__)
def test_every_public_name_resolves(name: str) -> None:
    """Each name of `__all__` is there, and is not a package of the same name."""
    found = getattr(personalize_gitops, name)

    assert not isinstance(found, type(personalize_gitops))


def test_public_names_are_sorted_and_known_to_type_checkers() -> None:
    """`__all__` is in order, and names what the checkers see."""
    tree = ast.parse(Path(personalize_gitops.__file__).read_text())
    seen = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}

    assert personalize_gitops.__all__ == sorted(personalize_gitops.__all__)
    assert {"TYPE_CHECKING", "import_module", *personalize_gitops.__all__} == {*seen, "__version__"}


def test_an_unknown_name_is_an_error() -> None:
    """A misspelled name fails as it does in any module."""
    with pytest.raises(AttributeError, match="make_plam"):
        _ = personalize_gitops.make_plam


def test_the_examples_for_python_run(project: Project) -> None:
    """The programs of docs/library.md run one after the other, in a project with the target `local`."""
    assert len(EXAMPLES) == 2
    for example in EXAMPLES:
        subprocess.run([sys.executable, "-c", example], cwd=project.folder, check=True, capture_output=True, timeout=60)
