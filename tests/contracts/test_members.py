"""Every member that the cases declare belongs to its kind.

A removed or renamed member fails here once, by name. `tests/conftest.py` then skips the tests that build on the kinds,
because hundreds of them would only repeat this failure.
"""

from __future__ import annotations

from tests.support.declared import mentions, orphans


def test_every_declared_member_belongs_to_its_kind() -> None:
    """No case declares a member that its kind does not have; the failure lists every file that needs an edit."""
    found = [
        f"{member} is gone. Declared in {', '.join(files)}. Mentioned in {', '.join(mentions(member))}."
        for member, files in orphans().items()
    ]

    assert not found, "\n".join(found)
