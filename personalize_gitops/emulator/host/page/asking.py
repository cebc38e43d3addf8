"""The form that asks a campaign or recommender, and the answer."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from personalize_gitops.emulator.data.tables import ID_COLUMNS
from personalize_gitops.emulator.errors import Refusal
from personalize_gitops.emulator.host.page.resources import group_of, name_of
from personalize_gitops.emulator.operations.filtering import tree_of
from personalize_gitops.emulator.operations.serving import operation_of, target_from
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.filters import parameters

if TYPE_CHECKING:
    from personalize_gitops.emulator.emulator import Emulator

_RANKING, _ACTIONS = "GetPersonalizedRanking", "GetActionRecommendations"


@dataclass(frozen=True)
class Asked:
    """What the form has, as text."""

    target: str = ""  # the ARN of a campaign or recommender
    user: str = ""
    item: str = ""
    items: str = ""  # for a ranking
    filter: str = ""  # its ARN
    values: str = ""  # NAME=value, one in a line
    count: str = ""

    @classmethod
    def of(cls, query: Mapping[str, Sequence[str]]) -> "Asked":
        """Return what a query has."""
        return cls(**{field.name: query.get(field.name, [""])[0].strip() for field in fields(cls)})


@dataclass(frozen=True)
class Row:
    """One result."""

    id: str
    score: str
    why: str  # the reasons, where the recipe gives any
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The answer to the form: results, or why there are none."""

    failure: str = ""
    name: str = ""  # of the campaign or recommender
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def has_scores(self) -> bool:
        """Whether any result has a score."""
        return any(row.score for row in self.rows)

    @property
    def has_reasons(self) -> bool:
        """Whether any result says why it is there."""
        return any(row.why for row in self.rows)


@dataclass(frozen=True)
class Choice:
    """One entry of a list to choose from."""

    group: str
    value: str
    label: str


class _NotAsked(Exception):
    """The form lacks something, or has something that cannot be sent."""


def choices(regions: Iterable[Region], *kinds: str) -> Iterator[Choice]:
    """Yield the resources of some kinds."""
    for region in regions:
        for kind in kinds:
            for record in region.listed(kind):
                group = region.get(group_of(region, record))
                place = f"{name_of(group) if group else 'no group'}, {region.name}"
                yield Choice(place, record.arn, f"{name_of(record)} ({_about(record)})")


def answer_to(emulator: "Emulator", asked: Asked) -> Answer | None:
    """Return the answer to a form; None if it asks nothing."""
    if not asked.target:
        return None
    try:
        region, record = _found(emulator, asked.target)
        operation = operation_of(target_from(region, record).recipe)
        body = json.dumps(_request(asked, record, operation))
        response = emulator.respond(region.name, operation, body, region.account)
    except (_NotAsked, Refusal) as error:
        return Answer(error.message if isinstance(error, Refusal) else str(error))
    content = json.loads(response.body)
    if response.status >= 400:
        return Answer(f"{content['__type']}: {content['message']}", name_of(record))
    return _answer(region, record, operation, content)


def _found(emulator: "Emulator", arn: str) -> tuple[Region, Record]:
    for region in emulator.regions.values():
        record = region.get(arn)
        if record is not None and record.kind in ("Campaign", "Recommender"):
            return region, record
    raise _NotAsked(f"There is no campaign or recommender {arn}.")


def _request(asked: Asked, record: Record, operation: str) -> Mapping[str, Any]:
    """Return the request that a form means; empty fields are left out."""
    member = "campaignArn" if record.kind == "Campaign" else "recommenderArn"
    request: dict[str, Any] = {
        member: record.arn,
        "userId": asked.user,
        "filterArn": asked.filter,
        "filterValues": dict(_filter_values(asked.values)),
    }
    if operation == _RANKING:
        request["inputList"] = asked.items.replace(",", " ").split()
    else:
        request["numResults"] = _number(asked.count)
    if operation not in (_RANKING, _ACTIONS):
        request["itemId"] = asked.item
    return {name: value for name, value in request.items() if value not in ("", {}, None)}


def _filter_values(text: str) -> Iterator[tuple[str, str]]:
    for line in filter(None, map(str.strip, text.splitlines())):
        name, equals, value = line.partition("=")
        if not equals:
            raise _NotAsked(f"A filter value must be NAME=value, found {line}")
        yield name.strip().removeprefix("$"), value.strip()


def _number(text: str) -> int | None:
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise _NotAsked(f"The number of results must be a whole number, found {text}")
    return int(text) if text else None


def _answer(region: Region, record: Record, operation: str, content: Mapping[str, Any]) -> Answer:
    """Return an answer with the columns of the items or actions that people can read."""
    data = target_from(region, record).data
    type_, id_ = ("ACTIONS", "actionId") if operation == _ACTIONS else ("ITEMS", "itemId")
    schema = data.schemas.get(type_)
    columns = (
        [each.name for each in schema.fields if each.name != ID_COLUMNS[type_] and not each.textual] if schema else []
    )
    results = content.get("itemList") or content.get("personalizedRanking") or content.get("actionList") or []
    rows = [
        Row(
            id=result[id_],
            score="" if result.get("score") is None else f"{result['score']:.7f}",
            why=", ".join(result.get("reason", ())),
            columns=tuple(data.text(type_, result[id_], column) or "" for column in columns),
        )
        for result in results
    ]
    return Answer("", name_of(record), tuple(columns), tuple(rows))


def _about(record: Record) -> str:
    if record.kind != "Filter":
        return f"{record.kind.lower()}, {record.status}"
    needed = sorted(parameters(tree_of(record.fields["filterExpression"])))
    return ", ".join([*(f"${name}" for name in needed), record.status])
