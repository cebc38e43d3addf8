"""`emulator`: a local Amazon Personalize for any AWS client, and words with a running one."""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Callable
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from personalize_gitops.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    from personalize_gitops.emulator import Emulator
    from personalize_gitops.emulator.server import Server

URL = "http://127.0.0.1:5555"
SAVED_EVERY = 2.0  # seconds, as long as something changes

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[smhdw])+")
_INSTANT = "instant"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it does, one word each."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    serve = actions.add_parser("serve", help="answer AWS clients over HTTP until interrupted")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=_port, default=5555, help="port, 0 for a free one (default: 5555)")
    serve.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="N",
        help="emulated seconds for each real one, or instant: nothing takes time (default: 1)",
    )
    serve.add_argument("--state", type=Path, metavar="DIR", help="keep the state here, from one run to the next")
    serve.add_argument("--account", default="123456789012", help="the default account (default: 123456789012)")
    serve.add_argument(
        "--quota",
        type=_quota,
        action="append",
        default=[],
        metavar="NAME=N",
        help='raise a quota, e.g. "active dataset groups=20" or DatasetGroup=20; may be given several times',
    )
    serve.add_argument("--enforce-roles", action="store_true", help="roles must exist, be assumable and reach the data")

    advance = actions.add_parser("advance", help="let time pass at once on a running emulator")
    advance.add_argument("time", type=_duration, metavar="TIME", help="such as 90s, 45m, 2h, 1d12h, 1w")
    reset = actions.add_parser("reset", help="let a running emulator forget everything")
    faults = actions.add_parser("faults", help="show, add or clear what goes wrong on a running emulator")
    faults.add_argument(
        "deed", nargs="?", choices=("fail", "refuse", "lose", "stick", "lag", "meddle", "clear"), help="what to add"
    )
    faults.add_argument("subject", nargs="?", metavar="ON", help="an operation, a kind, Kind/name, or * for anything")
    faults.add_argument("--times", type=int, default=1, help="how many calls it is for (default: 1)")
    faults.add_argument("--code", default="", help="refuse: the error (default: ThrottlingException)")
    faults.add_argument("--message", default="", help="refuse, fail: the words")
    faults.add_argument("--seconds", type=_duration, default=60.0, help="lag: for how long (default: 60s)")
    faults.add_argument("--operation", default="", help="meddle: what somebody else calls, e.g. UpdateCampaign")
    faults.add_argument("--request", type=_json, default={}, help="meddle: their request, as JSON")
    for command in (advance, reset, faults):
        command.add_argument("--url", default=URL, help=f"where the emulator answers (default: {URL})")


def run(options: argparse.Namespace) -> int:
    """Serve, or speak to one that does."""
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "serve": _serve,
        "advance": _advance,
        "reset": _reset,
        "faults": _faults,
    }
    return actions[options.action](options)


def _serve(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or a request to end; the state is kept every two seconds while it changes, and in the end."""
    if find_spec("moto") is None:
        raise MissingExtra('the emulator is installed with: pip install "personalize-gitops[local]"')
    import signal

    from personalize_gitops.cli.output import tell
    from personalize_gitops.clock import ScaledClock
    from personalize_gitops.emulator import Emulator, StateInUse, UnusableState

    clock = ScaledClock(1.0 if options.speed == _INSTANT else options.speed)
    emulator = Emulator(
        clock.now,
        account=options.account,
        quotas=dict(options.quota),
        instant=options.speed == _INSTANT,
        roles_enforced=options.enforce_roles,
    )
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as closing:
        try:
            if options.state:
                closing.enter_context(emulator.keeping(options.state))
                clock.advance(emulator.lived_until - clock.now())  # time does not go backwards
            server = closing.enter_context(emulator.serve(options.host, options.port, advance=clock.advance))
        except (StateInUse, UnusableState) as error:
            raise UsageError(str(error)) from error
        except (OSError, SystemExit) as error:  # the latter is what werkzeug makes of a port that is in use
            why = error.strerror if isinstance(error, OSError) else "something else listens there; --port names another"
            raise UsageError(f"cannot listen on {options.host}:{options.port}: {why}") from error
        try:
            tell(f"Amazon Personalize, locally: {server.url}")
            tell(f"  aws --endpoint-url {server.url} personalize list-recipes")
            tell("Ctrl-C ends it.")
            _stay(server, emulator, options.state)
        except KeyboardInterrupt:
            tell("Ending.")
    return 0


def _port(given: str) -> int:
    if not given.isdecimal() or int(given) > 65535:
        raise argparse.ArgumentTypeError(f"{given} is no port; 0 to 65535 are")
    return int(given)


def _stay(server: Server, emulator: Emulator, state: Path | None) -> None:
    """Wait for the end; keep the state meanwhile, so that a crash loses no more than the last two seconds."""
    saved = emulator.changes
    while server.wait(SAVED_EVERY):
        if state and emulator.changes != saved:
            saved = emulator.changes
            emulator.save(state)


def _advance(options: argparse.Namespace) -> int:
    _show(_ask(options.url, "POST", "/emulator/advance", {"seconds": options.time}))
    return 0


def _reset(options: argparse.Namespace) -> int:
    _show(_ask(options.url, "POST", "/emulator/reset"))
    return 0


def _faults(options: argparse.Namespace) -> int:
    if options.deed is None:
        _show(_ask(options.url, "GET", "/emulator/faults"))
    elif options.deed == "clear":
        _show(_ask(options.url, "DELETE", "/emulator/faults"))
    elif options.subject is None:
        raise UsageError(f"faults {options.deed} needs what it is about: an operation, a kind, Kind/name, or *")
    else:
        of_deed = {
            "refuse": {"code": options.code, "message": options.message},
            "fail": {"message": options.message},
            "lag": {"seconds": options.seconds},
            "meddle": {"operation": options.operation, "request": options.request},
        }
        rule = {"deed": options.deed, "target": options.subject, "times": options.times}
        _show(_ask(options.url, "POST", "/emulator/faults", {**rule, **of_deed.get(options.deed, {})}))
    return 0


def _ask(url: str, method: str, path: str, content: Any = None) -> Any:
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{url} is no URL of an emulator, such as {URL}")
    request = Request(url.rstrip("/") + path, json.dumps(content or {}).encode(), method=method)  # noqa: S310
    request.add_header("Content-Type", "application/json")
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310  the scheme is checked above
            return json.load(answer)
    except HTTPError as error:
        with error:
            raise UsageError(_message(error.read())) from error
    except (URLError, OSError, ValueError) as error:
        raise UsageError(f"no emulator answers at {url}: {getattr(error, 'reason', error)}") from error


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return "the answer is none of an emulator"


def _show(answer: Any) -> None:
    import sys

    sys.stdout.write(f"{json.dumps(answer, indent=2)}\n")


def _speed(given: str) -> float | str:
    if given == _INSTANT:
        return given
    try:
        speed = float(given)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError(f"{given} is no number above 0, nor {_INSTANT}")
    return speed


def _duration(given: str) -> float:
    if not _DURATION.fullmatch(given):
        raise argparse.ArgumentTypeError(f"{given} is no time such as 90s, 45m, 2h, 1d12h, 1w")
    return math.fsum(float(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+(?:\.\d+)?)([smhdw])", given))


def _quota(given: str) -> tuple[str, int]:
    from personalize_gitops.catalog.quotas import QUOTAS

    name, _, number = given.rpartition("=")
    known = {*QUOTAS, *(quota.kind for quota in QUOTAS.values() if quota.kind)}
    if name not in known:
        raise argparse.ArgumentTypeError(f"{name or given} is no quota; there are {', '.join(sorted(known))}")
    if not number.isdecimal():
        raise argparse.ArgumentTypeError(f"{number} is no number")
    return name, int(number)


def _json(given: str) -> Any:
    try:
        return json.loads(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{given} is no JSON: {error}") from error


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
