"""Secrets of documents: which fields have them, and how texts are shown without them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown
from personalize_gitops.model.reason import Path, ReasonCode, Verbatim, because, service_message
from personalize_gitops.model.secrets import Secrets, secrets_of, together, without
from personalize_gitops.render.values import field_lines

LONG, SHORT = "0123-4567-89", "ab"
SECRETS = secrets_of(
    [("spec", "roleArn"), ("spec", "metrics", 1, "expression"), ("tags", "team"), ("name",)],
    [frozenset({LONG, SHORT, ""})],
)


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        (("roleArn",), True),
        (("metrics",), True),  # a list is compared as a whole
        (("metrics", 1), True),
        (("metrics", 0), False),
        (("tags", "team"), True),
        (("tags", "other"), False),
        (("roleArn2",), False),
        (("name",), False),
    ],
)
def test_fields_that_are_hidden(path: Sequence[str | int], hidden: bool) -> None:
    """A field is hidden if it has a secret, or if a secret is somewhere inside."""
    assert SECRETS.hides(path) is hidden


def test_long_secrets_are_masked_in_every_text() -> None:
    """A text that repeats a long secret shows a mask; short and empty ones are not looked for."""
    assert SECRETS.masked(f"no {LONG} about, {LONG}") == "no *** about, ***"
    assert SECRETS.masked("about") == "about"


def test_the_field_is_masked_before_the_variable_in_it() -> None:
    """A text with the whole value of a field shows one mask, not a mask inside the rest of the value."""
    secrets = Secrets(texts=frozenset({LONG, f"key={LONG};"}))

    assert secrets.masked(f"bad key={LONG}; here") == "bad *** here"


@pytest.mark.parametrize(
    ("text", "shown"), [(SHORT, "***"), ("a", "***"), ("4567", "***"), ("other", "other"), ("", "")]
)
def test_texts_about_a_hidden_field(text: str, shown: str) -> None:
    """In a problem of the field itself, also a short secret and a piece of a secret are masked."""
    assert SECRETS.masked_inside(text) == shown


def test_reasons() -> None:
    """Texts and names are masked however deep they are; paths and numbers stay."""
    inner = service_message(f"no {LONG}")
    reason = because(ReasonCode.ENDED, status=(Verbatim(LONG), 3), failure=inner, at=Path((LONG,)))
    named = because(ReasonCode.BASE_RECREATED, address=Address("Filter", LONG))

    assert without(reason, SECRETS.masked) == because(
        ReasonCode.ENDED, status=(Verbatim("***"), 3), failure=service_message("no ***"), at=Path((LONG,))
    )
    assert without(named, SECRETS.masked) == because(ReasonCode.BASE_RECREATED, address=Address("Filter", "***"))
    assert without(None, SECRETS.masked) is None


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("old", "new", "*** (before) → *** (after)"),
        ("", "x", "*** (before) → *** (after)"),
        (["a"], ["b"], "*** (before) → *** (after)"),
        ("a long text " * 9, "another long text " * 9, "*** (before) → *** (after)"),
        (ABSENT, "new", "(absent) → *** (after)"),
        ("old", ABSENT, "*** (before) → (absent)"),
        (None, Unknown(Address("Solution", "s")), "null → *** (after)"),
    ],
)
def test_a_change_of_a_secret(before: object, after: object, shown: str) -> None:
    """For any values, only the fact of the change is shown."""
    assert list(field_lines(FieldChange(("x",), before, after, secret=True))) == [shown]


def test_several_documents() -> None:
    """The secrets of all documents are masked in texts that belong to none of them."""
    assert together([SECRETS, Secrets(texts=frozenset({"more-than-eight"}))]).masked("more-than-eight") == "***"
