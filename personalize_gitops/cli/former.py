"""Read the JSON document of an earlier drift check, for `--since`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from personalize_gitops.errors import UsageError
from personalize_gitops.model.drift import Former, Known
from personalize_gitops.model.plan import Plan


def read_former(path: Path) -> Former:
    """Return what an earlier check found. Raises UsageError if the file is not its JSON document."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return _former(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise UsageError(f"{path} is not what `drift --output json={path}` writes") from error


def _former(content: dict[str, Any]) -> Former:
    if not content["formatVersion"].startswith("1."):
        raise ValueError(content["formatVersion"])
    found = {(known.address, known.finding): known for known in _known(content)}
    target = content["target"]
    return Former(
        (content["project"], target["name"], target["account"], target["region"]),
        _seconds(content["checkedAt"]),
        found,
        frozenset(map(str, content["present"])),
    )


def _known(content: dict[str, Any]) -> Iterator[Known]:
    for member in ("drift", "muted", "unresolved"):
        for item in content[member]:
            is_muted = member == "muted" or bool(item.get("muted"))
            yield Known(str(item["address"]), str(item["finding"]), _seconds(item["firstSeen"]), is_muted)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).astimezone(UTC).timestamp()


def check_same_target(former: Former, plan: Plan, path: Path) -> None:
    """Raise UsageError if an earlier check is of another project, target, account or region."""
    now = (plan.project, plan.target, plan.account, plan.region)
    if former.of != now:
        raise UsageError(f"{path} is of {' '.join(former.of)}, not of {' '.join(now)}")
