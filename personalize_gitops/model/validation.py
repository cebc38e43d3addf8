"""The error that our validators of pydantic models raise: it carries a reason instead of a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from personalize_gitops.model.reason import Reason

INVALID = "invalid"
"""The type of these errors in pydantic's list of errors."""


def invalid(reason: Reason, suggestion: Reason | None = None) -> PydanticCustomError:
    """Return the error for a value that a validator refuses."""
    return PydanticCustomError(INVALID, INVALID, {"reason": reason, "suggestion": suggestion})


def carried(context: Mapping[str, Any]) -> tuple[Reason, Reason | None]:
    """Return the reason and the suggestion from the context of an error that `invalid` made."""
    return context["reason"], context["suggestion"]
