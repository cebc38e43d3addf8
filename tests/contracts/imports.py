"""Every import of the package, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import personalize_gitops

ROOT = Path(personalize_gitops.__file__).parent


@dataclass(frozen=True)
class Import:
    """One import statement of one name."""

    importer: str  # the module it stands in, without the name of the package: `engine.apply`
    imported: str  # what it names in full: `personalize_gitops.model.plan.Plan`
    line: int
    lazy: bool  # inside a function
    only_types: bool  # under `if TYPE_CHECKING:`

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"

    @property
    def layer(self) -> str:
        """The package, or the module at the top, that imports."""
        return self.importer.partition(".")[0]

    @property
    def library(self) -> str:
        """The top-level package that is imported."""
        return self.imported.partition(".")[0]

    @property
    def ours(self) -> str:
        """What is imported of this program, without its name; empty for anything else."""
        return self.imported.partition(".")[2] if self.library == ROOT.name else ""


def modules() -> list[Path]:
    """Every source file."""
    return sorted(ROOT.rglob("*.py"))


@cache
def imports() -> tuple[Import, ...]:
    """Every import of the package, whether at the top of a module or in a function."""
    return tuple(found for path in modules() for found in _imports_of(path))


def module_name(path: Path) -> str:
    """`engine.apply`; the package itself has an empty name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def _imports_of(path: Path) -> Iterator[Import]:
    package = [ROOT.name, *path.parent.relative_to(ROOT).parts]
    for statement, lazy, only_types in _statements(ast.parse(path.read_text()), lazy=False, only_types=False):
        match statement:
            case ast.Import(names):
                named = [alias.name for alias in names]
            case ast.ImportFrom(module, names, level):
                above = package[: len(package) - level + 1] if level else []
                named = [".".join([*above, *([module] if module else []), alias.name]) for alias in names]
        for name in named:
            yield Import(module_name(path), name, statement.lineno, lazy, only_types)


def _statements(
    node: ast.AST, *, lazy: bool, only_types: bool
) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool, bool]]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Import() | ast.ImportFrom():
                yield child, lazy, only_types
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from _statements(child, lazy=True, only_types=only_types)
            case ast.If(test=ast.Name("TYPE_CHECKING")):
                yield from _statements(child, lazy=lazy, only_types=True)
            case _:
                yield from _statements(child, lazy=lazy, only_types=only_types)
