"""Plain English: turns of phrase that readers had to decode do not come back, in code, plans, docs or commits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

BANNED = {
    r"hearsay": "say: eventually consistent, unconfirmed",
    r"by what word": "say: the setting that permits …",
    r"that which": "name the thing",
    r"\bwhatever\b": "name the thing; say: any, in any state, also if",
    r"whichever (it|they)\b": "name the thing",
    r"nobody'?s\b": "say: unmanaged, unowned",
    r"nobody (is there|here knows|knows)": "say what is unknown or missing",
    r"\b(is|are) no (span|format|recipe|schema|filter|document|variable|member|target|state|token|number)\b": (
        "say: not found, unsupported, invalid"
    ),
    r"stands? still": "say: stopped",
    r"\bstands? on\b": "say: depends on, refers to",
    r"(is|are|was|were|be|been) made anew": "say: recreated, created again",
    r"what (it|this|that) stands (on|for)": "name the thing",
    r"by its own word": "say: as read from the object itself",
    r"takes? (it|them) over\b": "say: adopt",
    r"somebody else'?s\b(?= \w+\.$)": "say: owned elsewhere",
    r"is to be (ours|had|seen|told)\b": "use the active voice",
    r"comes? to be\b": "say: is created, becomes ready",
    r"never came to be": "say: creation failed",
    r"in silence\b": "say: without a message",
    r"what the service means by": "say: default",
    r"goes on in the account": "say: continues in the account",
    r"(has|have) to be looked at": "say: check, read, poll",
    r"under way\b": "say: in progress",
    r"no further than": "say what the limit is",
    r"the news of": "name the change",
    r"its kin\b": "say: subclasses",
    r"goes on from there": "say: continues",
    r"tells the (rest|options)": "say: lists, describes",
    r"told otherwise": "say: by default",
    r"behind .{1,20}s'? back\b": "say: changed in the account, differs",
    r"\btakes? (it |them )?down\b": "say: delete",
    r"\bmade again\b": "say: recreated, created again",
    r"\bthe deed\b": "say: action, call, step",
}
"""Turns of phrase and what to write instead. Extend the list when a reader stumbles."""

_FILES = [
    *sorted((ROOT / "personalize_gitops").rglob("*.py")),
    *sorted((ROOT / "personalize_gitops").rglob("*.json")),
    *sorted((ROOT / "tests" / "cases").glob("*/plan.txt")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "tools").glob("*.py")),
    *sorted(ROOT.glob("*.md")),
    ROOT / "Makefile",
]


@pytest.mark.parametrize("turn", BANNED)
def test_a_turn_of_phrase_is_not_used(turn: str) -> None:
    """No line of the package, the plans of the cases and the docs has it."""
    pattern = re.compile(turn, re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in _FILES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == [], BANNED[turn]
