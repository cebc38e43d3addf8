"""What apply and destroy share: asking, carrying out, reporting."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable

from personalize_gitops.cli.connection import Connection
from personalize_gitops.cli.output import TOOL, Views, claim, show, style_for, tell
from personalize_gitops.cli.planning import too_many
from personalize_gitops.cli.progress import followed
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.errors import Refused, UsageError
from personalize_gitops.manifest.project import Limits
from personalize_gitops.model.events import Event, exit_code
from personalize_gitops.model.plan import Plan
from personalize_gitops.render import events as view
from personalize_gitops.render import json, text
from personalize_gitops.render.style import PLAIN, Style


def carry_out(plan: Plan, connection: Connection, options: argparse.Namespace, limits: Limits) -> int:
    """Show the plan, ask, apply it, and say what it came to."""
    begun = connection.clock.now()
    claim(options)
    _show_to_person(lambda style: text.plan(plan, style), options)
    if plan.blocked:
        raise Refused(f"{', '.join(str(change.address) for change in plan.blocked)}: blocked, as the plan says")
    if why := too_many(plan, limits):
        raise Refused(f"{why}. Nothing was changed")
    events: list[Event] = []
    if not plan.is_empty:
        _confirm(plan, options)
        events = _applied(plan, connection, options, begun)
    seconds = connection.clock.now() - begun
    views: Views = {
        "text": lambda style: view.summary(events, seconds, connection.simulated, style) if events else "",
        "json": lambda _: json.applied(plan, events, seconds, connection.simulated, TOOL),
    }
    show(views, options)
    if not _is_text_asked(options):
        sys.stderr.write(views["text"](PLAIN))
    return exit_code(events)


def _applied(plan: Plan, connection: Connection, options: argparse.Namespace, begun: float) -> list[Event]:
    """What happened, told while it does."""
    steps = to_steps(plan)
    running = apply(
        steps,
        connection.cloud,
        connection.clock,
        connection.pool,
        wait=not options.no_wait,
        deadline=begun + options.deadline if options.deadline else None,
    )
    before = signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))  # a pipeline that ends is like Ctrl-C
    try:
        return list(followed(running, steps, simulated=connection.simulated))
    finally:
        signal.signal(signal.SIGTERM, before)


def _show_to_person(view: Callable[[Style], str], options: argparse.Namespace) -> None:
    """Text before the result: on stdout where that is for people, beside it where it is for machines."""
    if _is_text_asked(options):
        sys.stdout.write(view(style_for(options)))
        sys.stdout.flush()
    else:
        sys.stderr.write(view(PLAIN))


def _is_text_asked(options: argparse.Namespace) -> bool:
    """Whether stdout is for people."""
    return not options.output or ("text", None) in options.output


def _confirm(plan: Plan, options: argparse.Namespace) -> None:
    """Ask a person. Without one that is an error, never a hang."""
    if options.auto_approve:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("nobody is there to approve this; --auto-approve goes ahead without asking")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # nothing is under way yet that has to end well
    try:
        tell(f"Apply this to account {plan.account}, {plan.region}? Only `yes` is accepted:")
        answer = sys.stdin.readline().strip()
    finally:
        signal.signal(signal.SIGINT, before)
    if answer != "yes":
        raise Refused("not approved; nothing was changed")
