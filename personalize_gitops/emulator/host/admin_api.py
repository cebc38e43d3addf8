"""The admin API of the server. Requests and responses are JSON.

GET    /health                    {"status": "ok", "account": …, "now": …, "resources": {account: {region: number}}, …}
POST   /emulator/advance          {"seconds": 7200}
POST   /emulator/reset            {}
GET    /emulator/faults           {"faults": [rule, …]}
POST   /emulator/faults           a rule (see `state.faults.Rule`), or {"faults": [rule, …]}
DELETE /emulator/faults           removes all rules
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from personalize_gitops.emulator.json_text import parsed
from personalize_gitops.emulator.service.dispatch import HttpResponse
from personalize_gitops.emulator.service.kind import KINDS
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.service.tags import INDEX
from personalize_gitops.emulator.state.faults import ANYTHING, Rule, from_json, to_json

if TYPE_CHECKING:
    from personalize_gitops.emulator.emulator import Emulator

LONGEST_ADVANCE = 10 * 366 * 86400  # seconds; a larger number is most likely a mistake

Advance = Callable[[float], None]  # moves the clock forward by seconds


@dataclass(frozen=True)
class Clock:
    """What the server knows of the clock."""

    advance: Advance | None  # None: it cannot be moved from here
    speed: float | None = None  # emulated seconds for each real second; None: not known


class _NotFound(Exception):
    """The request has an unknown method or path."""


def is_admin_path(path: str) -> bool:
    """Return whether a path is one of the admin API."""
    return path == "/health" or path.startswith("/emulator/")


def answer(emulator: "Emulator", advance: Advance | None, method: str, path: str, body: bytes) -> HttpResponse:
    """Answer a request of the admin API. Without `advance`, the clock cannot be moved."""
    try:
        return _response(200, _carry_out(emulator, advance, method, path, body))
    except _NotFound as error:
        return _response(404, {"message": str(error)})
    except ValueError as error:
        return _response(400, {"message": str(error)})


def _response(status: int, content: Mapping[str, Any]) -> HttpResponse:
    return HttpResponse(status, {"Content-Type": "application/json"}, json.dumps(content))


def _carry_out(emulator: "Emulator", advance: Advance | None, method: str, path: str, body: bytes) -> Mapping[str, Any]:
    """Carry out a request and return the content of the response. ValueError if the request is invalid."""
    match method, path:
        case "GET" | "HEAD", "/health":
            return _health(emulator)
        case "POST", "/emulator/advance":
            move_clock(emulator, advance, _parsed(body).get("seconds"))
            return _health(emulator)
        case "POST", "/emulator/reset":
            emulator.reset()
            return _health(emulator)
        case "POST", "/emulator/faults":
            given = _parsed(body)
            rules = given.get("faults", [given])
            if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
                raise ValueError("faults must be a list of objects")
            emulator.faults.rules.extend([_checked(from_json(rule)) for rule in rules])
        case "DELETE", "/emulator/faults":
            emulator.faults.clear()
        case "GET", "/emulator/faults":
            pass
        case _:
            raise _NotFound(f"not found: {method} {path}")
    if method != "GET":
        emulator.changed()
    return {"faults": [to_json(rule) for rule in emulator.faults.rules]}


def _checked(rule: Rule) -> Rule:
    """Return a fault. ValueError if its target is unknown: it would match no call, and look as if all went well."""
    kind, slash, name = rule.target.partition("/")
    known = [*operations(), *KINDS, INDEX]
    if rule.target in (*known, ANYTHING) or (kind in KINDS and name):
        return rule
    near = get_close_matches(kind, KINDS if slash else known, n=1) if name or not slash else []
    remedy = f'did you mean "{near[0]}{slash}{name}"?' if near else "expected an operation, a kind, Kind/name or *"
    raise ValueError(f'unknown target "{rule.target}": {remedy}')


def move_clock(emulator: "Emulator", advance: Advance | None, seconds: Any) -> None:
    """Move the clock forward, and let happen what is due until then. ValueError for an invalid number of seconds."""
    if advance is None:
        raise ValueError("the clock of this emulator cannot be moved from here")
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not 0 <= seconds <= LONGEST_ADVANCE:
        raise ValueError(f"seconds must be a number from 0 to {LONGEST_ADVANCE}, found {seconds!r}")
    advance(seconds)
    emulator.catch_up()
    emulator.changed()


def _parsed(body: bytes) -> Mapping[str, Any]:
    given = parsed(body or b"{}")
    if not isinstance(given, dict):
        raise ValueError("the request must be a JSON object")
    return given


def _health(emulator: "Emulator") -> Mapping[str, Any]:
    return {
        "status": "ok",
        "account": emulator.settings.account,
        "now": emulator.now(),
        "resources": emulator.counts(),
        "next_event_at": emulator.next_event_at(),
        "faults": len(emulator.faults.rules),
        "unsaved": emulator.unsaved,
    }
