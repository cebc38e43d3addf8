"""Sentences: every code has one, and it names the parameters that the code is given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path as File
from string import Formatter

import pytest

import personalize_gitops
from personalize_gitops.model.address import Address
from personalize_gitops.model.reason import Code, Path, Reason, ReasonCode, Verbatim, because
from personalize_gitops.render.reasons import SENTENCES, shown, text

PACKAGE = File(personalize_gitops.__file__).parent
CODES = [code for vocabulary in Code.__subclasses__() for code in vocabulary]


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the package outside of render, with the place it is at."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent.name != "render":
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


@cache
def given() -> dict[str, set[str]]:
    """The parameters that the package gives to each code, by the code's name."""
    found: dict[str, set[str]] = {}
    for _, call in calls():
        match call:
            case ast.Call(func=ast.Name("because" | "invalid"), args=[ast.Attribute(attr=name), *_]):
                found.setdefault(name, set()).update(word.arg for word in call.keywords if word.arg)
    return found


@pytest.mark.parametrize("code", CODES, ids=str)
def test_every_code_has_a_sentence_and_explains_itself(code: Code) -> None:
    """A code has a sentence for plans, and one for people who read the vocabulary."""
    assert code in SENTENCES
    assert code.about.endswith((".", "…"))


@pytest.mark.parametrize("code", [code for code in CODES if isinstance(SENTENCES.get(code), str)], ids=str)
def test_a_sentence_names_only_parameters_of_its_code(code: Code) -> None:
    """Each placeholder is a parameter that some call gives to the code."""
    sentence = SENTENCES[code]
    assert isinstance(sentence, str)
    named = {name for _, name, _, _ in Formatter().parse(sentence) if name}

    assert named <= given().get(code.name, set())


@pytest.mark.parametrize("code", ReasonCode, ids=str)
def test_what_a_code_explains_it_is_given(code: ReasonCode) -> None:
    """The parameters that the vocabulary announces are those that calls give."""
    announced = re.search(r"Params: (.*)\.$", code.about)
    names = {name.removesuffix(" (optional)") for name in announced[1].split(", ")} if announced else set()

    assert names == given().get(code.name, set())


def test_no_prose_reaches_a_decision() -> None:
    """No text with a space is written into a reason, a problem, an event or a change outside of render."""
    makers = {"because", "Reason", "invalid", "Problem", "Verbatim", "Failed", "Waiting", "Left", "Drift"}
    makers |= {"DeclaredChange", "UndeclaredChange", "Change"}
    prose = [
        f"{place}: {value.value!r}"
        for place, call in calls()
        if isinstance(call.func, ast.Name) and call.func.id in makers
        for node in [*call.args, *(word.value for word in call.keywords)]
        for value in ast.walk(node)
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and " " in value.value
    ]

    assert prose == []


def test_nothing_decides_by_a_sentence() -> None:
    """Only render, the command line and the emulator's refusals turn reasons into text."""
    users = {
        str(path.relative_to(PACKAGE).parts[0])
        for path in PACKAGE.rglob("*.py")
        if "render.reasons" in path.read_text() or "render.problems" in path.read_text()
    }

    assert users <= {"render", "cli", "emulator"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Address("Filter", "f"), "Filter/f"),
        (Path(("a", 1, "b")), "a[1].b"),
        (timedelta(hours=5), "5h"),
        (True, "true"),
        (12_000, "12,000"),
        ((Verbatim("a"), Verbatim("b")), "a, b"),
        (Reason(ReasonCode.NEVER_RAN), "never ran"),
        ((Reason(ReasonCode.NEVER_RAN), Reason(ReasonCode.TAGS_DIFFER)), "never ran; tags differ"),
    ],
)
def test_parameters_in_a_sentence(value: object, words: str) -> None:
    """Each sort of parameter is written as people write it."""
    assert shown(value) == words


def test_a_parameter_is_a_value_never_prose() -> None:
    """A plain text is refused: it would be a sentence in disguise."""
    with pytest.raises(TypeError, match="status is a str"):
        because(ReasonCode.IN_PROGRESS, status="it is still going on")  # type: ignore[arg-type]
    assert text(because(ReasonCode.IN_PROGRESS, status=Verbatim("ACTIVE"))) == "status is ACTIVE"
