"""Members of answers, with the types that the API documents."""

from __future__ import annotations

from typing import Any

from personalize_gitops.errors import ForgeError


def member(answer: Any, *names: str) -> Any:
    """Return a member of an answer, or a member of a member. Raises ForgeError if it is missing."""
    for name in names:
        if not isinstance(answer, dict) or name not in answer:
            raise ForgeError(f"the answer of the forge has no member {'.'.join(names)}")
        answer = answer[name]
    return answer


def string(answer: Any, *names: str) -> str:
    """Return a member that is a string; an empty one for null."""
    found = member(answer, *names)
    if found is not None and not isinstance(found, str):
        raise ForgeError(f"member {'.'.join(names)} in the answer of the forge is not a string")
    return found or ""


def number(answer: Any, *names: str) -> int:
    """Return a member that is an integer."""
    found = member(answer, *names)
    if not isinstance(found, int):
        raise ForgeError(f"member {'.'.join(names)} in the answer of the forge is not a number")
    return found
