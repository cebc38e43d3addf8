"""Markdown is cut to the length that a forge accepts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from personalize_gitops.forge.fitting import fitted

NOTE = "_cut_"


def test_a_text_that_fits_stays() -> None:
    """No note, no change."""
    assert fitted("a\nb", 3, NOTE) == "a\nb"


def test_a_long_text_ends_after_a_line() -> None:
    """With the note that it was cut."""
    assert fitted("one\ntwo\nthree", 12, NOTE) == "one\n\n\n_cut_"


def test_open_blocks_are_closed() -> None:
    """An open code block and the two sections around it end before the note; tags in the code block do not count."""
    text = "<details>\n<details>\n````diff\n<details>\n```\n" + "+ x\n" * 100

    cut = fitted(text, 100, NOTE)

    assert cut.endswith("+ x\n````\n\n</details>\n</details>\n\n_cut_")


lines = st.sampled_from(["```", "~~~~", "````diff", "<details>", "</details>", "text", "", "| a | b |"])


@given(st.lists(lines | st.text(max_size=30)), st.integers(len(NOTE), 200))
def test_no_text_is_longer_than_the_limit(parts: list[str], limit: int) -> None:
    """A text of any content is cut to the limit."""
    assert len(fitted("\n".join(parts), limit, NOTE)) <= limit
