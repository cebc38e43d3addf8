"""The server's own pages, beside the service: health, time, faults, and a clean slate. JSON in, JSON out.

GET    /health                    {"status": "ok", "account": …, "now": …, "resources": {account: {region: number}}, …}
POST   /emulator/advance          {"seconds": 7200}
POST   /emulator/reset            {}
GET    /emulator/faults           {"faults": [rule, …]}
POST   /emulator/faults           a rule (see `faults.Rule`), or {"faults": [rule, …]}
DELETE /emulator/faults           forgets them
"""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from personalize_gitops.emulator.service.dispatch import Response
from personalize_gitops.emulator.state.faults import read, written

if TYPE_CHECKING:
    from personalize_gitops.emulator import Emulator

PREFIX = "/emulator/"
LONGEST_ADVANCE = 10 * 366 * 86400  # seconds; beyond it is a slip of the keyboard

Advance = Callable[[float], None]


def page(emulator: "Emulator", advance: Advance | None, method: str, path: str, body: bytes) -> Response:
    """Answer a request for one of the pages."""
    try:
        return Response(200, _JSON, json.dumps(_content(emulator, advance, method, path, body)))
    except _Missing as error:
        return _problem(404, str(error))
    except ValueError as error:
        return _problem(400, str(error))


class _Missing(Exception):
    """There is no such page."""


_JSON = {"Content-Type": "application/json"}


def _problem(status: int, message: str) -> Response:
    return Response(status, _JSON, json.dumps({"message": message}))


def _content(emulator: "Emulator", advance: Advance | None, method: str, path: str, body: bytes) -> Mapping[str, Any]:
    match method, path:
        case "GET" | "HEAD", "/health":
            return _health(emulator)
        case "POST", "/emulator/advance":
            _move(emulator, advance, _object(body).get("seconds"))
            return _health(emulator)
        case "POST", "/emulator/reset":
            emulator.reset()
            return _health(emulator)
        case "POST", "/emulator/faults":
            given = _object(body)
            several = given.get("faults", [given])
            if not isinstance(several, list) or not all(isinstance(rule, dict) for rule in several):
                raise ValueError("faults must be a list of objects")
            emulator.faults.rules.extend([read(rule) for rule in several])
        case "DELETE", "/emulator/faults":
            emulator.faults.clear()
        case "GET", "/emulator/faults":
            pass
        case _:
            raise _Missing(f"there is no {method} {path}")
    emulator.changes += method != "GET"
    return {"faults": [written(rule) for rule in emulator.faults.rules]}


def _move(emulator: "Emulator", advance: Advance | None, seconds: Any) -> None:
    if advance is None:
        raise ValueError("the clock of this emulator cannot be moved from here")
    number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not number or not 0 <= seconds <= LONGEST_ADVANCE:
        raise ValueError(f"seconds must be a number from 0 to {LONGEST_ADVANCE}, found {seconds!r}")
    advance(seconds)
    emulator.catch_up()
    emulator.changes += 1


def _object(body: bytes) -> Mapping[str, Any]:
    given = json.loads(body or b"{}")
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
    }
