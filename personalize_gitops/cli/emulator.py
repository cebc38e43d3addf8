"""`emulator`: run a local Amazon Personalize as a server, and control a running one."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from errno import EADDRINUSE
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from personalize_gitops.cli import options as shared
from personalize_gitops.errors import MissingExtra, UsageError
from personalize_gitops.span import seconds_in_sum

if TYPE_CHECKING:
    from personalize_gitops.emulator import Emulator
    from personalize_gitops.emulator.host.server import Server

URL = "http://127.0.0.1:5555"
SAVE_INTERVAL = 1.0  # seconds; a change of a request is saved before the answer, this is for those that time brings

_INSTANT = "instant"
_TARGETS = "an operation, a kind, Kind/name, or * for every call"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add a subcommand for each action."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    serve = actions.add_parser("serve", help="start a server for AWS clients; it runs until interrupted")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=_port, default=5555, help="port, 0 for a free one (default: 5555)")
    serve.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="N",
        help="emulated seconds for each real second, or instant: no transition takes time (default: 1)",
    )
    serve.add_argument("--state", type=Path, metavar="DIR", help="load the state from this folder, and save it there")
    serve.add_argument("--log", type=Path, metavar="FILE", help="add a line for each request to this file")
    serve.add_argument(
        "--account", default="123456789012", help="the account of unknown credentials (default: 123456789012)"
    )
    serve.add_argument(
        "--quota",
        type=_quota,
        action="append",
        default=[],
        metavar="NAME=N",
        help='set a quota, e.g. "active dataset groups=20" or DatasetGroup=20; may be given several times',
    )
    serve.add_argument(
        "--calls-per-second",
        type=_rate,
        metavar="N",
        help="throttle more than N requests of the control plane in an emulated second (default: no limit)",
    )
    serve.add_argument(
        "--enforce-rates",
        action="store_true",
        help="throttle requests for recommendations and events at the rates of the guide, e.g. 10 PutItems a second",
    )
    serve.add_argument(
        "--enforce-roles",
        action="store_true",
        help="check that roles exist, trust the service and grant access to the data",
    )
    serve.add_argument(
        "--enforce-callers",
        action="store_true",
        help="check that the policies of the calling role or user allow each request",
    )

    advance = actions.add_parser("advance", help="move the clock of a running emulator, or of a local target, forward")
    advance.add_argument("time", type=_duration, metavar="DURATION", help="e.g. 90s, 45m, 2h, 1d12h, 1w")
    shared.add_folder(advance)
    advance.add_argument("--target", metavar="NAME", help="a target on the embedded emulator, not a running one")
    reset = actions.add_parser("reset", help="remove all resources, buckets, roles and faults of a running emulator")
    faults = actions.add_parser("faults", help="show, add or remove faults of a running emulator")
    faults.add_argument(
        "deed",
        nargs="?",
        choices=("fail", "refuse", "lose", "stick", "lag", "meddle", "clear"),
        help="what goes wrong, or clear to remove all faults; without it, show them",
    )
    faults.add_argument("target", nargs="?", metavar="TARGET", help=f"the calls to match: {_TARGETS}")
    faults.add_argument("--times", type=int, default=1, help="number of calls (default: 1)")
    faults.add_argument("--code", default="", help="refuse: the error code (default: ThrottlingException)")
    faults.add_argument("--message", default="", help="refuse, fail: the message")
    faults.add_argument(
        "--seconds",
        type=_duration,
        default=60.0,
        help="lag: the age of the youngest resource that is listed (default: 60s)",
    )
    faults.add_argument("--operation", default="", help="meddle: the call of another client, e.g. UpdateCampaign")
    faults.add_argument("--request", type=_json, default={}, help="meddle: its request, as JSON")
    for command in (advance, reset, faults):
        command.add_argument("--url", default=URL, help=f"address of the emulator (default: {URL})")


def run(options: argparse.Namespace) -> int:
    """Start a server, or send a request to a running one."""
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "serve": _serve,
        "advance": _advance,
        "reset": _reset,
        "faults": _faults,
    }
    return actions[options.action](options)


def _serve(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM. The state is saved with each change, and at the end."""
    if find_spec("moto") is None:
        raise MissingExtra('the emulator is not installed; install it with: pip install "personalize-gitops[local]"')
    from personalize_gitops.cli.output import tell
    from personalize_gitops.clock import ScaledClock
    from personalize_gitops.emulator import Emulator, StateInUse, UnusableState, UnwritableState

    speed = 1.0 if options.speed == _INSTANT else options.speed
    clock = ScaledClock(speed)
    emulator = Emulator(
        clock.now,
        account=options.account,
        quotas=dict(options.quota),
        instant=options.speed == _INSTANT,
        calls_per_second=options.calls_per_second,
        rates_enforced=options.enforce_rates,
        roles_enforced=options.enforce_roles,
        callers_enforced=options.enforce_callers,
    )
    try:
        with ExitStack() as closing:
            if options.state:
                closing.enter_context(emulator.keeping(options.state))
                clock.advance(emulator.lived_until - clock.now())  # the saved state may be ahead of the clock
            server = closing.enter_context(_server(emulator, options, clock.advance, speed))
            try:
                tell(f"Local Amazon Personalize: {server.url}")
                tell(f"  aws --endpoint-url {server.url} personalize list-recipes")
                tell("Open the address in a browser to see what exists and to ask for recommendations.")
                tell("Press Ctrl-C to stop.")
                _wait(server, emulator)
            except KeyboardInterrupt:
                tell("Stopping.")
    except (StateInUse, UnusableState, UnwritableState) as error:
        raise UsageError(str(error)) from error
    return 0


def _server(emulator: Emulator, options: argparse.Namespace, advance: Callable[[float], None], speed: float) -> Server:
    from personalize_gitops.emulator.errors import UnwritableLog

    try:
        return emulator.serve(options.host, options.port, advance=advance, log=options.log, speed=speed)
    except UnwritableLog as error:
        raise UsageError(f"--log {error}") from error
    except OSError as error:
        in_use = error.errno == EADDRINUSE
        why = "the port is in use; choose another with --port" if in_use else error.strerror
        raise UsageError(f"cannot listen on {options.host}:{options.port}: {why}") from error


def _port(given: str) -> int:
    if not given.isdecimal() or int(given) > 65535:
        raise argparse.ArgumentTypeError(f'invalid port "{given}": expected 0 to 65535')
    return int(given)


def _wait(server: Server, emulator: Emulator) -> None:
    """Wait until the server is closed; save meanwhile what time has changed, and what could not be saved before."""
    from personalize_gitops.cli.output import tell
    from personalize_gitops.emulator import StateInUse, UnwritableState

    failure = ""
    while server.wait(SAVE_INTERVAL):
        before = failure
        try:
            emulator.save_changes()
            failure = ""
        except (StateInUse, UnwritableState) as error:
            failure = str(error)
        if failure != before:
            tell(failure or "The state is saved again.")


def _advance(options: argparse.Namespace) -> int:
    if options.target:
        now = _advance_target(options)
    else:
        now = _send(options.url, "POST", "/emulator/advance", {"seconds": options.time})
    _show(now)
    return 0


def _advance_target(options: argparse.Namespace) -> Mapping[str, str]:
    """Let time pass in the saved state of a target on the embedded emulator, and return its time."""
    from personalize_gitops.manifest import load
    from personalize_gitops.render.json import moment
    from personalize_gitops.session import session_of

    loaded = load(options.manifests, options.target)
    if not loaded.target.emulator:
        raise UsageError(f"target {loaded.target_name} is not on the embedded emulator: its time is not ours to move")
    with session_of(loaded, changes=True) as session:
        session.connection.clock.sleep(options.time)
        session.connection.cloud.tag_index()  # any request carries out what is due by now
        return {"now": moment(session.connection.clock.now())}


def _reset(options: argparse.Namespace) -> int:
    _show(_send(options.url, "POST", "/emulator/reset"))
    return 0


def _faults(options: argparse.Namespace) -> int:
    if options.deed is None:
        _show(_send(options.url, "GET", "/emulator/faults"))
    elif options.deed == "clear":
        _show(_send(options.url, "DELETE", "/emulator/faults"))
    elif options.target is None:
        raise UsageError(f"faults {options.deed}: TARGET is missing: {_TARGETS}")
    else:
        of_deed = {
            "refuse": {"code": options.code, "message": options.message},
            "fail": {"message": options.message},
            "lag": {"seconds": options.seconds},
            "meddle": {"operation": options.operation, "request": options.request},
        }
        rule = {"deed": options.deed, "target": options.target, "times": options.times}
        _show(_send(options.url, "POST", "/emulator/faults", {**rule, **of_deed.get(options.deed, {})}))
    return 0


def _send(url: str, method: str, path: str, content: Any = None) -> Any:
    """Send a request to the admin API of a server and return the JSON of the response."""
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    if not url.startswith(("http://", "https://")):
        raise UsageError(f'invalid URL "{url}": expected e.g. {URL}')
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
        return "the server that answered is not an emulator"


def _show(answer: Any) -> None:
    import sys

    sys.stdout.write(f"{json.dumps(answer, indent=2)}\n")


def _speed(given: str) -> float | str:
    return given if given == _INSTANT else _above_zero(given, "speed", f", or {_INSTANT}")


def _rate(given: str) -> float:
    return _above_zero(given, "rate")


def _above_zero(given: str, what: str, other: str = "") -> float:
    try:
        number = float(given)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f'invalid {what} "{given}": expected a number above 0{other}')
    return number


def _duration(given: str) -> float:
    try:
        return seconds_in_sum(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _quota(given: str) -> tuple[str, int]:
    from personalize_gitops.catalog.quotas import QUOTAS

    name, _, number = given.rpartition("=")
    known = {*QUOTAS, *(quota.kind for quota in QUOTAS.values() if quota.kind)}
    if name not in known:
        raise argparse.ArgumentTypeError(f'unknown quota "{name or given}": expected one of {", ".join(sorted(known))}')
    if not number.isdecimal():
        raise argparse.ArgumentTypeError(f'invalid value "{number}" of quota {name}: expected a whole number')
    return name, int(number)


def _json(given: str) -> Any:
    try:
        return json.loads(given)
    except (ValueError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"invalid JSON: {error}") from error
