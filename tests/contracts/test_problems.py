"""The codes of problems are used, unique, and given the parameters of their sentences."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from string import Formatter

from personalize_gitops.model import problem_codes
from personalize_gitops.model.reason import Code
from personalize_gitops.render.problems import PROBLEMS
from tests.contracts.imports import module_name, modules

VOCABULARIES = {
    name: value
    for name, value in vars(problem_codes).items()
    if isinstance(value, type) and issubclass(value, Code) and value is not Code
}
CODES: dict[str, Code] = {f"{name}.{code.name}": code for name, codes in VOCABULARIES.items() for code in codes}


@dataclass(frozen=True)
class CallSite:
    """One call of `because` in the package."""

    place: str
    codes: tuple[str, ...]  # as `Vocabulary.MEMBER`; several where a condition chooses
    params: frozenset[str]
    open: bool  # it also passes a mapping of parameters


@cache
def trees() -> dict[str, ast.Module]:
    """The syntax tree of each module, without those of `render`."""
    found = {module_name(path): ast.parse(path.read_text()) for path in modules()}
    return {name: tree for name, tree in found.items() if name.partition(".")[0] != "render"}


@cache
def call_sites() -> tuple[CallSite, ...]:
    """Every call of `because`."""
    return tuple(
        _site(module, node)
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "because"
    )


def _site(module: str, call: ast.Call) -> CallSite:
    params = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
    is_open = any(keyword.arg is None for keyword in call.keywords)
    return CallSite(f"{module}:{call.lineno}", tuple(_codes(call.args[0])), params, is_open)


def _codes(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Attribute(value=ast.Name(vocabulary), attr=member):
            yield f"{vocabulary}.{member}"
        case ast.IfExp(body=body, orelse=other):
            yield from _codes(body)
            yield from _codes(other)


def test_every_code_is_used() -> None:
    """A code that no check carries would promise what does not happen."""
    used = {
        f"{node.value.id}.{node.attr}"
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }

    assert CODES.keys() - used == set()


def test_values_of_codes_are_unique() -> None:
    """Over every vocabulary of the program: codes are compared and looked up by their values."""
    values = [code.value for vocabulary in _subclasses(Code) for code in vocabulary]

    assert sorted(values) == sorted(set(values))


def _subclasses(vocabulary: type[Code]) -> Iterator[type[Code]]:
    for subclass in vocabulary.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


def test_sentences_get_their_parameters() -> None:
    """What a sentence shows is passed wherever its code is used; a sentence that is a function gets nothing else."""
    wrong = [
        f"{site.place}: {name}"
        for site in call_sites()
        for name in CODES.keys() & set(site.codes)
        if not _fits(site, PROBLEMS[CODES[name]])
    ]

    assert wrong == []


def _fits(site: CallSite, sentence: str | Callable[..., str]) -> bool:
    if isinstance(sentence, str):
        return {field for _, field, _, _ in Formatter().parse(sentence) if field} <= site.params
    parameters = inspect.signature(sentence).parameters
    needed = {name for name, parameter in parameters.items() if parameter.default is parameter.empty}
    return site.params <= parameters.keys() and (site.open or needed <= site.params)
