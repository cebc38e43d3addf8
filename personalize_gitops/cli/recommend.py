"""`recommend`: ask a campaign or recommender, after events if any are given."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from personalize_gitops.cli import options as shared
from personalize_gitops.cli.output import show
from personalize_gitops.errors import Refused

if TYPE_CHECKING:
    from personalize_gitops.model.recommendations import Question

_ONE = "Campaign/name or Recommender/name"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `recommend`."""
    parser.add_argument("address", type=shared.address, metavar="ADDR", help=_ONE)
    parser.add_argument("--user", metavar="ID", help="the user who asks; an unknown one gets what is popular")
    parser.add_argument("--item", metavar="ID", help="the item that results are to be like")
    parser.add_argument("--items", type=_ids, default=(), metavar="A,B", help="the items to rank")
    parser.add_argument("--filter", metavar="NAME", help="filter of the dataset group")
    parser.add_argument(
        "--value",
        type=_value,
        action="append",
        default=[],
        metavar="K=V",
        help="value of a parameter of the filter; repeatable, also for several values of one parameter",
    )
    parser.add_argument("--num", type=_count, metavar="N", help="number of results (default: that of the service)")
    parser.add_argument(
        "--event",
        type=_event,
        action="append",
        default=[],
        metavar="TYPE:ITEM[=VALUE]",
        help="record an event of the user first; repeatable",
    )
    parser.add_argument("--session", metavar="ID", help="session of the events; without --user, of an anonymous user")
    parser.add_argument(
        "--allow-events", action="store_true", help="record events in an AWS account: its trainings learn from them"
    )
    shared.add_manifests(parser)
    shared.add_reading(parser)
    shared.add_output(parser, "recommend")


def run(options: argparse.Namespace) -> int:
    """Ask, and show the answer. Return 0, also for an empty one."""
    from personalize_gitops.asking.recommend import recommend
    from personalize_gitops.manifest import load
    from personalize_gitops.session import session_of

    loaded, question = load(*shared.where(options)), _question(options)
    if question.events and not loaded.target.emulator and not options.allow_events:
        raise Refused(
            f"target {loaded.target_name} is an AWS account, and its trainings learn from events; "
            "pass --allow-events to record them"
        )
    with session_of(loaded, events=bool(question.events)) as session:
        plan, snapshot = shared.read(session, options)
        at = session.connection
        now = max(at.clock.now(), at.cloud.now)
        report = recommend(options.address, question, plan, snapshot, at.cloud.runtime, at.clock, now, at.items)
    show(report, options)
    return 0


def _question(options: argparse.Namespace) -> Question:
    from personalize_gitops.model.recommendations import Click, Question

    return Question(
        user=options.user or None,
        item=options.item or None,
        items=options.items,
        filter=options.filter,
        values=_gathered(options.value),
        count=options.num,
        events=tuple(Click(*each) for each in options.event),
        session=options.session or None,
    )


def _gathered(pairs: list[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """Return the values by parameter, in the order in which they are given."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return found


def _ids(given: str) -> tuple[str, ...]:
    found = tuple(filter(None, (each.strip() for each in given.split(","))))
    if not found:
        raise argparse.ArgumentTypeError("expected ids, separated by commas")
    return found


def _value(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    name = name.removeprefix("$")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f'invalid value "{given}": expected e.g. GENRE=Comedy')
    return name, value


def _count(given: str) -> int:
    if not given.isdecimal() or int(given) == 0:
        raise argparse.ArgumentTypeError(f'invalid number "{given}": expected e.g. 10')
    return int(given)


def _event(given: str) -> tuple[str, str, float | None]:
    """Return the type, the item and the value of `watch:50=4.5`."""
    type_, _, rest = given.partition(":")
    item, equals, value = rest.rpartition("=") if "=" in rest else (rest, "", "")
    try:
        number = float(value) if equals else None
    except ValueError:
        item, number = rest, None  # the id of the item contains the character
    if not (type_ and item):
        raise argparse.ArgumentTypeError(f'invalid event "{given}": expected e.g. watch:50 or rating:50=4.5')
    return type_, item, number
