"""docs/diagnostics.md is current, and explains each check."""

from __future__ import annotations

import re
from tempfile import gettempdir

from personalize_gitops.model.checks import Check
from tools.diagnostics_page import PAGE, page


def test_the_page_is_current() -> None:
    """`make docs` has been run since a check or an example changed."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_check_has_a_chapter() -> None:
    """Under the anchor that every format of `validate` links to."""
    assert re.findall(r"^## (.*)", page(), re.MULTILINE) == [*Check]


def test_the_page_is_the_same_on_every_machine() -> None:
    """No message has the path of a temporary folder."""
    assert gettempdir() not in page()
