"""Imports point one way; libraries and the system clock appear in the places that are theirs."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.members import references
from personalize_gitops.model.resource import Resource, Run
from tests.contracts.imports import ROOT, Import, imports, module_name, modules

PROBLEMS = {"model.checks", "model.nearest", "model.problem", "model.problem_codes", "model.reason"}
"""The modules of the vocabulary that problems are made of."""

LAYERS = {
    "cli": {
        *{
            "asking",
            "checking",
            "importing",
            "converting",
            "starting",
            "session",
            "locking",
            "render",
            "engine",
            "forge",
        },
        *{"manifest", "notify", "emulator", "catalog", "model", "errors", "clock", "permissions"},
    },
    "session": {"cache_file", "connection", "engine", "locking", "manifest", "model", "permissions", "checking"},
    "importing": {"engine", "errors", "manifest", "model", "session"},
    "connection": {
        *{"aws", "cache_file", "emulator", "locking", "manifest", "model", "notify", "clock", "errors", "state_lock"},
    },
    "locking": {"model", "errors"},
    "state_lock": {"emulator", "locking", "model", "clock", "errors"},
    "cache_file": {"engine.observe.cache", "model"},
    "manifest": {"lint", "kinds", "model", "errors"},
    "lint": {"catalog", "filters", "model"},
    "kinds": {"catalog", "filters", "model"},
    "aws": {"model", "errors"},
    "forge": {"model", "errors"},
    "notify": {"model", "errors"},
    "permissions": {"catalog", "model", "errors"},
    "asking": {"catalog", "filters", "model", "errors"},
    "converting": {"catalog", "kinds", "model"},
    "starting": {"catalog", "model", "errors"},
    "checking": {"catalog", "filters", "lint", "model"},
    "engine": {"model", "errors"},
    "render": {"model"},
    "model": set(),
    "emulator": {"catalog", "filters", "render.reasons"} | PROBLEMS,  # the sentences of its refusals
    "catalog": PROBLEMS,
    "filters": PROBLEMS,
    "errors": set(),
    "clock": set(),
    "files": set(),
    "span": set(),
    "stopping": set(),
    "": set(),
    "__main__": {"cli"},
}
"""What each package may import of ours beside itself and LEAVES."""

LEAVES = {"files", "span", "stopping"}
"""Small modules that import nothing of ours, so that every package may import them."""

STAGES = ("engine.observe", "engine.plan", "engine.apply", "engine.drift", "engine.importing")
"""The stages of the engine. They exchange values of `model` and know nothing of each other."""

LIBRARIES = {
    "boto3": {"aws"},
    "botocore": {"aws", "emulator"},
    "filelock": {"emulator"},
    "moto": {"emulator"},
    "numpy": {"emulator"},
    "scipy": {"emulator"},
    "threadpoolctl": {"emulator"},
    "werkzeug": {"emulator"},  # moto's server runs on it
    "tenacity": {"aws"},
    "pydantic": {"model", "kinds", "manifest"},
    "pydantic_core": {"model", "manifest"},
    "ruamel": {"manifest"},
    "deepdiff": {"render"},
    "urllib3": {"forge"},
    "apprise": {"notify"},
    "jinja2": {"render", "emulator"},
    "shtab": {"cli"},
}
"""Who may import what; nothing else comes from outside the standard library."""

TESTS = Path(__file__).parent.parent

CLOCK = "clock"
SYSTEM_TIME = {
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "sleep", "localtime", "gmtime"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
}


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_point_one_way(layer: str) -> None:
    """A package imports itself and those below it."""
    of_layer = [found for found in imports() if found.layer == layer and found.ours and not found.only_types]

    wrong = [str(found) for found in of_layer if not _allowed(found, layer)]

    assert wrong == []


@pytest.mark.parametrize("stage", STAGES)
def test_the_stages_of_the_engine_do_not_import_each_other(stage: str) -> None:
    """Each stage imports itself and `model`; `session` calls one after the other."""
    others = [other for other in STAGES if other != stage]

    wrong = [
        str(found)
        for found in imports()
        if _is_within(found.importer, stage) and any(_is_within(found.ours, other) for other in others)
    ]

    assert wrong == []


def test_every_engine_module_belongs_to_a_stage() -> None:
    """A new package or module of the engine is added to STAGES."""
    engine = [name for name in map(module_name, modules()) if name.startswith("engine.")]

    assert [name for name in engine if not any(_is_within(name, stage) for stage in STAGES)] == []


def test_every_engine_module_has_its_tests() -> None:
    """The tests of `engine/plan/quotas.py` are in `tests/engine/plan/test_quotas.py`, and so on for every module."""
    engine, tests = ROOT / "engine", TESTS / "engine"
    sources = {path.relative_to(engine).as_posix() for path in engine.rglob("[!_]*.py")}
    tested = {path.relative_to(tests).as_posix().replace("test_", "") for path in tests.rglob("test_*.py")}

    assert sorted(sources ^ tested) == []  # modules without tests, and tests without a module


def test_every_package_has_a_place() -> None:
    """The table of layers names every package and module at the top."""
    assert {module_name(path).partition(".")[0] for path in modules()} == LAYERS.keys()


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_stay_where_they_belong(library: str) -> None:
    """A library is imported by the packages that border on it and by no other."""
    users = [found for found in imports() if found.library == library]

    strangers = [str(found) for found in users if found.layer not in LIBRARIES[library]]

    assert users, f"nothing imports {library} any more"
    assert strangers == []


def test_no_other_library_is_used() -> None:
    """Everything imported is ours, of the standard library, or in the table."""
    known = sys.stdlib_module_names | LIBRARIES.keys() | {ROOT.name}

    assert [str(found) for found in imports() if found.library not in known] == []


def test_only_one_module_reads_the_system_clock() -> None:
    """Time is something the program is given; `clock` is where it is taken from."""
    readers = {module_name(path) for path in modules() if any(_time_reads(ast.parse(path.read_text())))}

    assert readers == {CLOCK}


def test_every_package_says_what_it_is_for() -> None:
    """Each `__init__` has a docstring, and so has every other module."""
    silent = [module_name(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text()))]

    assert silent == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_kinds_refer_to_earlier_ones(kind: type[Resource]) -> None:
    """What a kind refers to or comes after stands before it in KINDS: no circle of documents can be written."""
    before = list(KINDS)[: list(KINDS).index(kind.kind_name())]

    assert {reference.ref for reference in references(kind)} - {"Recipe"} <= set(before)
    assert set(kind.after) <= set(before)
    assert not issubclass(kind, Run) or kind.data_from in {None, *before}


def _is_within(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


def _allowed(found: Import, layer: str) -> bool:
    if found.ours == "__version__":
        return True
    return any(_is_within(found.ours, target) for target in LAYERS[layer] | LEAVES | {layer} if target)


def _time_reads(tree: ast.AST) -> Iterator[str]:
    """Uses of the system's time: `time.time`, `datetime.now`, `from time import monotonic`."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(owner) | ast.Attribute(attr=owner), attr=word):
                if word in SYSTEM_TIME.get(owner, ()):
                    yield f"{owner}.{word}"
            case ast.ImportFrom(module="time", names=names):
                yield from (f"time.{name.name}" for name in names if name.name in SYSTEM_TIME["time"])
