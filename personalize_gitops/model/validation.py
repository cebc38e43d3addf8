"""The error that our validators of pydantic models raise: it carries a reason instead of a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from personalize_gitops.model.reason import Reason

INVALID = "invalid"
"""The type of these errors, for those who read pydantic's list of errors."""


def invalid(reason: Reason, suggestion: Reason | None = None) -> PydanticCustomError:
    """The error for a value that a validator refuses."""
    return PydanticCustomError(INVALID, INVALID, {"reason": reason, "suggestion": suggestion})


def carried(context: Mapping[str, Any]) -> tuple[Reason, Reason | None]:
    """The reason and the suggestion that an error of `invalid` carries in its context."""
    return context["reason"], context["suggestion"]
