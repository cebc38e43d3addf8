"""Show a plan, ask for approval, apply it and report: what `apply` and `destroy` share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from personalize_gitops.cli import notices
from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show, style_for, tell, touch
from personalize_gitops.cli.progress import followed
from personalize_gitops.cli.stream import EventStream
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.errors import CredentialsError, Refused
from personalize_gitops.model.events import Done, Event, Left, NotBegun, exit_code
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.reports import ApplyReport
from personalize_gitops.model.steps import Verb
from personalize_gitops.render import reasons, text
from personalize_gitops.render.events import in_flight
from personalize_gitops.render.formats import Format, render_report
from personalize_gitops.render.style import PLAIN, Style
from personalize_gitops.session import Session
from personalize_gitops.stopping import handled_by, raise_interrupt, stopping


def execute(plan: Plan, session: Session, options: argparse.Namespace) -> int:
    """Show the plan, ask for approval, apply it, report, and return the exit code."""
    begun = session.connection.clock.now()
    touch(options)
    session.announce(plan)
    _show_to_person(lambda style: text.plan(plan, style), options)
    if plan.blocked:
        raise Refused(f"blocked, as the plan shows: {', '.join(str(change.address) for change in plan.blocked)}")
    if plan.refusal:
        raise Refused(f"{reasons.text(plan.refusal)}. Nothing was changed")
    if not plan.is_empty:
        _confirm(plan, options)
    stream, simulated = EventStream(options), session.connection.simulated
    stream.begin(plan, len(to_steps(plan)), begun, simulated=simulated)
    events = _applied(plan, session, options, begun, stream)
    seconds = session.connection.clock.now() - begun
    report = ApplyReport(plan, tuple(events), seconds, simulated, begun)
    show(report, options)
    if not _is_text_on_stdout(options):
        sys.stderr.write(render_report(report, Format.TEXT))
    if any(isinstance(event, Left | NotBegun) for event in events):
        tell(f"Next: {shared.next_command(_again(plan, events, options), options)}")
    notices.of_apply(session, report)
    stream.end(report)
    return exit_code(events)


def _applied(
    plan: Plan, session: Session, options: argparse.Namespace, begun: float, stream: EventStream
) -> list[Event]:
    """Apply the plan, print the progress, and return the events."""
    at, steps = session.connection, to_steps(plan)
    deadline = begun + options.deadline if options.deadline else None
    running = stream.of(session.apply(plan, wait=not options.no_wait, deadline=deadline), len(steps))
    events: list[Event] = []
    with stopping(at.clock, lambda: in_flight(events), simulated=at.simulated):
        try:
            for event in followed(running, steps, options, simulated=at.simulated):
                events.append(event)  # noqa: PERF402  an error must not lose the events before it
        except CredentialsError as error:
            tell(f"Error: {error}")
    return events


_CHOSEN = frozenset({Verb.CREATE, Verb.DELETE, Verb.FORGET})
"""The verbs of what a choice makes: what it asks for is made once such a step is done or in progress."""


def _again(plan: Plan, events: Sequence[Event], options: argparse.Namespace) -> list[str]:
    """Return the command that continues this one. A plan file has its choices; `destroy` has at most its group."""
    if options.command != "apply":
        return [options.command, *(["--dataset-group", options.dataset_group] if options.dataset_group else [])]
    if options.plan:
        return ["apply", str(options.plan)]
    made = (event.step.id for event in events if isinstance(event, Done | Left))
    begun = frozenset(step.address for step in made if step.verb in _CHOSEN)
    return ["apply", *shared.as_options(shared.choices_of(options).after(begun, plan.needs.keys()))]


def _show_to_person(view: Callable[[Style], str], options: argparse.Namespace) -> None:
    """Print text before the result: to stdout if that has text, else to stderr."""
    if _is_text_on_stdout(options):
        sys.stdout.write(view(style_for(options)))
        sys.stdout.flush()
    else:
        sys.stderr.write(view(PLAIN))


def _is_text_on_stdout(options: argparse.Namespace) -> bool:
    """Return whether stdout has the text format."""
    return not options.output or (Format.TEXT, None) in options.output


def _confirm(plan: Plan, options: argparse.Namespace) -> None:
    """Ask for approval. Raises Refused without a terminal: a pipeline must not hang.

    The answer is `yes`, or the name of the dataset group to delete.
    """
    if options.auto_approve:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused("cannot prompt for approval: not a terminal; pass --auto-approve")
    with handled_by(raise_interrupt):  # no step has begun yet
        group = getattr(options, "dataset_group", "")
        expected = f"Type the name of the dataset group, {group}:" if group else "Only `yes` is accepted:"
        tell(f"Apply this to account {plan.account}, {plan.region}? {expected}")
        answer = sys.stdin.readline().strip()
    if answer != (group or "yes"):
        raise Refused("not approved; nothing was changed")
