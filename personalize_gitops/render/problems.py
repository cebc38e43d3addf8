"""The sentences of problems in manifests, schemas and filter expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from personalize_gitops.model.reason import Code

PROBLEMS: Mapping[Code, str | Callable[..., str]] = {}
"""The sentence of each problem's code."""
