"""The members that are needed of the JSON documents which `plan` and `drift` write."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from personalize_gitops.errors import UsageError, reading
from personalize_gitops.forge.labels import Outlook
from personalize_gitops.forge.schema_check import first_error
from personalize_gitops.model.digest import digest

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_LONGEST_NAME = 256
_LARGEST_OF_FORK = 8 * 1024 * 1024  # bytes
UNCHECKED = "unchecked"  # the finding of a resource that could not be read


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """What `plan --output json` says about itself."""

    project: str
    target: str
    fingerprint: str
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class DriftDocument:
    """What `drift --output json` found."""

    project: str
    target: str  # "" where the document does not name it
    digest: str  # equal as long as the same fields of the same resources differ in the same way
    complete: bool  # every resource could be read
    failed: bool | None = None  # a finding fails the check; None where the document does not say


def read_plan(path: Path) -> PlanDocument:
    """Return the plan of a file. Raises UsageError if it is not the document of a plan."""
    content = _content(path, "plan")
    fingerprint = content.get("fingerprint")
    if not isinstance(fingerprint, str) or not _FINGERPRINT.fullmatch(fingerprint):
        raise UsageError(f"{path} is not a plan: it has no fingerprint")
    target = _name(path, _target(path, content))
    return PlanDocument(_name(path, content.get("project")), target, fingerprint, _outlook(path, content))


def _outlook(path: Path, content: dict[str, Any]) -> Outlook:
    """Return what a plan would do."""
    changes = content.get("changes")
    if not isinstance(changes, list) or not all(isinstance(change, dict) for change in changes):
        raise UsageError(f"{path} is not a plan: it has no list of changes")
    pending = [change for change in changes if change.get("action") != "keep"]
    if content.get("applyable") is not True:
        return Outlook.BLOCKED
    if any(change.get("risk") != "none" for change in pending):
        return Outlook.AT_RISK
    return Outlook.CHANGES if pending else Outlook.NO_CHANGES


def read_fork(path: Path) -> dict[str, Any]:
    """Return the plan that the pipeline of a fork wrote. Raises UsageError unless it is exactly what `plan` writes."""
    if path.exists() and path.stat().st_size > _LARGEST_OF_FORK:
        raise UsageError(f"{path} is too large: {path.stat().st_size} bytes, at most {_LARGEST_OF_FORK}")
    read_plan(path)
    content = _content(path, "plan")
    schema = json.loads(files("personalize_gitops.schemas").joinpath("plan.json").read_text(encoding="utf-8"))
    try:
        place = first_error(content, schema)
    except RecursionError:
        place = "the document"
    if place is not None:
        raise UsageError(f"{path} is not a plan: {place} is not as the schema says")
    return content


def read_drift(path: Path) -> DriftDocument:
    """Return the drift of a file. Raises UsageError if it is not the document of a drift check."""
    content = _content(path, "drift")
    found = content.get("drift")
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise UsageError(f"{path} is not a drift report: it has no list of drift")
    grave = [item for item in found if item.get("fails") or item.get("severity") != "info"]  # others come and go
    told = [{name: item.get(name) for name in ("address", "finding", "fields")} for item in grave]
    complete = all(item.get("finding") != UNCHECKED for item in found)
    project, target, failed = _name(path, content.get("project")), _target(path, content), content.get("failed")
    return DriftDocument(project, target, digest(told, 64), complete, failed if isinstance(failed, bool) else None)


def read_text(path: Path) -> str:
    """Return the content of a text file. Raises UsageError if it cannot be read."""
    with reading(path):
        return path.read_text(encoding="utf-8")


def _content(path: Path, document: str) -> dict[str, Any]:
    try:
        content = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not JSON: expected what `{document} --output json={path}` writes") from error
    if not isinstance(content, dict) or not str(content.get("formatVersion", "")).startswith("1."):
        raise UsageError(f"{path} is not a document of version 1: expected what `{document} --output json` writes")
    return content


def _target(path: Path, content: dict[str, Any]) -> str:
    target = content.get("target")
    return _name(path, target.get("name")) if isinstance(target, dict) else ""


def _name(path: Path, value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > _LONGEST_NAME or not value.isprintable():
        raise UsageError(f"{path} names an invalid project or target")
    return value
