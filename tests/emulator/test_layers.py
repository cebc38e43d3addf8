"""Imports among the sub-packages of the emulator go one way."""

import pytest

from tests.contracts.imports import Import, imports, module_name, modules

ORDER = ("errors", "json_text", "settings", "models", "data", "state", "service", "operations", "host", "emulator", "")
"""The modules and sub-packages; each may import itself and those before it. The package itself is last."""


def of_emulator(name: str) -> str | None:
    """Return the entry of ORDER for a module or an imported name; None outside of the emulator."""
    package, _, rest = name.partition(".")
    if package != "emulator":
        return None
    first = rest.partition(".")[0]
    return first if first in ORDER else ""


FOUND = [
    found for found in imports() if of_emulator(found.importer) is not None and of_emulator(found.ours) is not None
]


@pytest.mark.parametrize("part", ORDER)
def test_imports_go_one_way(part: str) -> None:
    """A sub-package imports those before it, and only `host` names a later one, for annotations."""
    wrong = [str(found) for found in FOUND if of_emulator(found.importer) == part and not _allowed(found)]

    assert wrong == []


def test_every_sub_package_is_in_the_order() -> None:
    """ORDER names every sub-package and every module at the top."""
    names = {module_name(path) for path in modules()}

    assert {name.split(".")[1] for name in names if name.startswith("emulator.")} == {*ORDER} - {""}


def _allowed(found: Import) -> bool:
    importer, imported = of_emulator(found.importer), of_emulator(found.ours)
    assert importer is not None
    assert imported is not None
    only_annotation = found.only_types and (importer, imported) == ("host", "emulator")
    return only_annotation or ORDER.index(imported) <= ORDER.index(importer)
