"""The one label of a pull request about the plan of a target."""

from __future__ import annotations

import pytest

from personalize_gitops.forge.labels import Outlook, label, outdated


@pytest.mark.parametrize("outlook", Outlook)
def test_a_label_fits(outlook: Outlook) -> None:
    """GitHub takes 50 characters; the end, which says what the plan does, stays. GitLab divides labels at commas."""
    assert label("prod", outlook) == f"prod/{outlook}"
    assert label("x" * 60 + ",", outlook) == f"{'x' * (49 - len(outlook))}/{outlook}"
    assert label("a,b", outlook) == f"a b/{outlook}"


def test_other_labels_of_the_target_are_outdated() -> None:
    """In any case of letters, as GitHub compares them; those of other targets and of people are not."""
    found = ["Prod/Changes", "prod/blocked", "staging/blocked", "bug", "prod/other"]

    assert outdated(found, "prod", Outlook.CHANGES) == ["prod/blocked"]
