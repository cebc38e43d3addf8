"""Ask a campaign or recommender, and show its items with their columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from personalize_gitops.asking.endpoint import endpoint_of
from personalize_gitops.asking.events import record
from personalize_gitops.asking.filters import filtered
from personalize_gitops.asking.find import Endpoint
from personalize_gitops.asking.request import asks_for_metadata, operation_of, request_of
from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Snapshot
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.ports import Clock, Runtime
from personalize_gitops.model.recommendations import Answer, Question
from personalize_gitops.model.reports import RecommendReport

Items = Callable[[str, Sequence[str], Sequence[str]], Mapping[str, Mapping[str, str]]]
"""Return columns of items, by dataset group, ids and names of columns."""


def recommend(
    address: Address,
    question: Question,
    plan: Plan,
    snapshot: Snapshot,
    runtime: Runtime,
    clock: Clock,
    now: float,
    items: Items | None,
) -> RecommendReport:
    """Record the events of a question, then ask it. `now` is in epoch seconds; `items` reads the Items dataset itself.

    Raises InvalidChoice for a question that does not fit, before anything is sent.
    """
    endpoint = endpoint_of(address, plan, snapshot)
    request = request_of(endpoint, question, filtered(question, plan, snapshot, endpoint.group))
    record(question, endpoint.group, snapshot, runtime, clock, now)
    answer = runtime.ask(operation_of(endpoint), request)
    shows = asks_for_metadata(endpoint, question)
    if not shows and items and endpoint.columns and operation_of(endpoint) != "GetActionRecommendations":
        answer, shows = _with_columns(answer, endpoint, items), True
    columns = endpoint.columns if shows else ()
    return RecommendReport(plan.project, plan.target, address, endpoint.live.arn, question, answer, columns)


def _with_columns(answer: Answer, endpoint: Endpoint, items: Items) -> Answer:
    """Return an answer with the columns of its items, for which the service was not asked."""
    rows = items(endpoint.group, [each.id for each in answer.results], endpoint.columns)
    return replace(answer, results=tuple(replace(each, columns=rows.get(each.id, {})) for each in answer.results))
