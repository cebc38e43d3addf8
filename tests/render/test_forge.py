"""What comments and issues say beside their reports."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from personalize_gitops.render import forge


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_a_name_stays_in_its_link(name: str) -> None:
    """No target of the index ends the link, the code or the line."""
    [row] = forge.index([(name, "#1", "")]).splitlines()[2:]
    shown = row.removeprefix("- [<code>").removesuffix("</code>](#1)")

    assert not set(shown) & set("[]()<>`*_|\\@")


def test_a_title_fits() -> None:
    """Forges refuse titles that are longer."""
    assert forge.drift_title("shop", "prod") == "Drift in target prod of shop"
    assert len(forge.drift_title("p" * 256, "t" * 256)) == 250


def test_notes_link_to_the_run() -> None:
    """Where the pipeline says which it is."""
    assert forge.resolved("https://ci/7").startswith("**Resolved**: [the last check](https://ci/7) found no drift.")
    assert forge.not_checked("").startswith("**Unknown**: the last check could not check the target.")
    assert forge.duplicate("").startswith("**Duplicate**: the last check continues in another issue.")
