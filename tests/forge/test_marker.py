"""The marker of comments and issues: written, read again, and not imitated by other text."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize_gitops.forge.marker import Marker, Purpose, State, read, text_of, write

MARKER = Marker(Purpose.PLAN, "shop", "prod", "a" * 64, "b" * 40, "c" * 40, "7")

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
hex_digits = st.text("0123456789abcdef", min_size=64, max_size=64)
markers = st.builds(
    Marker,
    st.sampled_from(Purpose),
    names,
    names,
    st.just("") | hex_digits,
    st.just("") | hex_digits.map(lambda digits: digits[:40]),
    st.just("") | hex_digits,
    st.text("0123456789", max_size=20),
    st.sampled_from(State),
)


class Comments(HTMLParser):
    """What a browser takes for comments, and what it shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.shown = ""
        self.feed(text)
        self.close()

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def handle_data(self, data: str) -> None:
        self.shown += data


@given(markers, st.text(st.characters(exclude_categories=["Cs"])))
def test_a_marker_is_read_as_it_was_written(marker: Marker, text: str) -> None:
    """A marker with any names, before any text, is read as written, and the text is returned unchanged."""
    body = write(marker, text)

    assert read(body) == marker
    assert text_of(body) == text


@given(markers)
def test_a_marker_is_one_hidden_line(marker: Marker) -> None:
    """No name ends the comment, begins a line, or is shown."""
    line = write(marker, "").removesuffix("\n")
    page = Comments(line)

    assert line.isascii()
    assert line.isprintable()
    assert len(page.found) == 1
    assert page.shown == ""
    assert "--" not in page.found[0]


@given(st.text(), markers)
def test_text_before_a_marker_makes_it_text(before: str, marker: Marker) -> None:
    """A marker counts at the very beginning only: not quoted, in a code block or in a value."""
    body = f"{before}\n{write(marker, '')}"

    assert read(body) is None


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    """What is not a marker has none, also behind its first words."""
    assert read(text) is None
    read(f"<!-- personalize-gitops:1 {text} -->")


@pytest.mark.parametrize(
    "members",
    [
        {"plan": "A" * 64},
        {"plan": "a" * 63},
        {"head": "main"},
        {"base": "c" * 41},
        {"run": "7/../../8"},
        {"run": "٧"},
        {"purpose": "other"},
        {"state": "other"},
        {"project": 7},
        {"project": None},
        {"project": ["shop"]},
        {"more": ""},
        {"project": "\ud800"},
    ],
    ids=str,
)
def test_a_changed_member_makes_a_marker_invalid(members: dict[str, object]) -> None:
    """Values of another form or type, and members that are not known, are not read."""
    content = json.loads(write(MARKER, "").split(" ", 2)[2].removesuffix(" -->\n"))

    assert read(line_of({**content, **members})) is None
    assert read(line_of(content)) == MARKER


def test_other_forms_are_not_read() -> None:
    """A member twice, members missing, another version, more text in the line, deep nesting, endless text."""
    line = write(MARKER, "").rstrip()
    twice = line.replace('{"base"', '{"base": "", "base"')

    assert read(twice) is None
    assert read(line_of({"purpose": "plan"})) is None
    assert read(line.replace(":1 ", ":2 ")) is None
    assert read(f"{line} more") is None
    assert read(f" {line}") is None
    assert read("<!-- personalize-gitops:1 " + "[" * 10_000 + " -->") is None
    assert read(line + " " * 100_000) is None


def test_line_ends_of_a_forge_do_not_matter() -> None:
    """A body with CRLF is read like one with LF."""
    assert read(write(MARKER, "text").replace("\n", "\r\n")) == MARKER


def test_a_marker_that_cannot_be_read_is_not_written() -> None:
    """A mistake of ours ends at once, instead of as a second comment."""
    with pytest.raises(ValueError, match="invalid marker"):
        write(replace(MARKER, head="main"), "")


def test_the_subject_is_purpose_project_and_target() -> None:
    """Plan, commits and run do not make another subject."""
    assert MARKER.same_subject(replace(MARKER, plan="", head="", base="", run=""))
    assert not MARKER.same_subject(replace(MARKER, target="staging"))
    assert not MARKER.same_subject(replace(MARKER, project="other"))
    assert not MARKER.same_subject(replace(MARKER, purpose=Purpose.APPLY))


def line_of(content: dict[str, object]) -> str:
    text = json.dumps(content).replace("-", "\\u002d").replace("<", "\\u003c").replace(">", "\\u003e")
    return f"<!-- personalize-gitops:1 {text} -->"
