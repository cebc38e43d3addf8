"""Every expression that the digest of the guide quotes: valid ones are accepted, invalid ones are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from personalize_gitops.filters import FieldType, FilterSyntaxError, check, parse
from personalize_gitops.model.problem import Severity
from personalize_gitops.render.reasons import full_text

from .examples import GUIDE
from .test_checks import FIELDS

DIGEST = Path(__file__).parents[2] / "docs" / "service" / "3-operate-filter-measure.md"
COLUMNS = {**FIELDS, "Items": {**FIELDS["Items"], "CATEGORY": FieldType.STRING}}


def quoted(section: str) -> list[str]:
    """The expressions in backquotes of a section; the dots of a shortened one are filled in."""
    text = DIGEST.read_text(encoding="utf-8").partition(f"### {section} ")[2].partition("\n### ")[0]
    rows = [line.split(" | ")[0] if line.startswith("| `") else line for line in text.splitlines()]
    found = re.findall(r"`((?:INCLUDE|EXCLUDE|\.\.\.) [^`]+)`", "\n".join(rows))
    return [_filled_in(expression.replace("\\|", "|")) for expression in found]


def _filled_in(expression: str) -> str:
    whole = "EXCLUDE ItemID WHERE Items.PRICE > 1 IF" if expression.startswith("... IF") else "INCLUDE ItemID WHERE"
    return re.sub(r"^\.\.\. (IF)?", f"{whole} ", expression)


VALID, INVALID = quoted("4.9"), quoted("4.10")


def test_the_digest_quotes_expressions() -> None:
    """The sections are found: every numbered example but that of the console, and those of older texts."""
    assert (len(VALID), len(INVALID)) == (31, 10)


@pytest.mark.parametrize("expression", VALID)
def test_valid_expressions_are_accepted(expression: str) -> None:
    """An example of docs/service/3 §4.9 is parsed without an error, and is among the examples of these tests."""
    assert [each for each in check(parse(expression)) if each.severity is Severity.ERROR] == []
    assert expression in {text for text, _ in GUIDE.values()}


@pytest.mark.parametrize("expression", INVALID)
def test_invalid_expressions_are_refused(expression: str) -> None:
    """An expression of docs/service/3 §4.10 is refused, and the text says what is expected or what to do."""
    try:
        problems = [each for each in check(parse(expression), COLUMNS) if each.severity is Severity.ERROR]
    except FilterSyntaxError as error:
        problems = [error.problem]

    assert problems
    assert all(len(full_text(each.reason, each.suggestion).split()) > 3 for each in problems)
