"""Filters of requests, against a naive oracle (docs/service/3 §4)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalize_gitops.emulator import Emulator

from .account import REGION
from .asking import ITEMS, QUOTAS, START, Cinema
from .clock import Clock
from .refusals import refusal

WINDOW = 3  # events of each type that filters see here
GENRES, TYPES = ("Comedy", "Drama", "War", "x"), ("watch", "click", "buy")
YEARS, AGES = st.integers(1948, 1956), st.integers(8, 30)


@dataclass
class Case:
    """What a condition can depend on."""

    item: dict[str, Any]
    current: dict[str, Any]
    user: dict[str, Any] | None
    types: set[str]  # of the events of the user with the item, in lower case


Check = Callable[[Case], bool]


@dataclass
class Part:
    """A piece of an expression, what it means, and the values of its parameters."""

    text: str
    holds: Check
    values: dict[str, str] = field(default_factory=dict)


_COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}


def _split(value: str | None) -> set[str]:
    return set(value.split("|")) if value else set()


def _compared(value: Any, sign: str, other: Any) -> bool:
    if value is None or other is None:
        return False
    return bool(_COMPARE[sign](value, other))


SIGNS = st.sampled_from(("<", "<=", ">", ">=", "=", "!="))


@st.composite
def genres(draw: st.DrawFn, name: str) -> Part:
    chosen = draw(st.lists(st.sampled_from(GENRES), min_size=1, max_size=2, unique=True))
    listed = ", ".join(f'"{genre}"' for genre in chosen)
    if draw(st.booleans()):
        return Part(f"Items.GENRES IN (${name})", lambda c: bool(_split(c.item["GENRES"]) & {*chosen}), {name: listed})
    if draw(st.booleans()):
        return Part(f"Items.GENRES NOT IN ({listed})", lambda c: not _split(c.item["GENRES"]) & {*chosen})
    return Part(f"items.genres in ({listed})", lambda c: bool(_split(c.item["GENRES"]) & {*chosen}))


@st.composite
def years(draw: st.DrawFn, name: str) -> Part:
    sign, year = draw(SIGNS), draw(YEARS)

    def holds(c: Case) -> bool:
        return _compared(c.item["YEAR"], sign, year)

    if draw(st.booleans()):
        return Part(f"Items.YEAR {sign} ${name}", holds, {name: draw(st.sampled_from((f"{year}", f'"{year}"')))})
    return Part(f"Items.YEAR {sign} {year}", holds)


@st.composite
def current_items(draw: st.DrawFn) -> Part:
    sign = draw(SIGNS)
    return draw(
        st.sampled_from(
            (
                Part(
                    f"Items.YEAR {sign} CurrentItem.YEAR", lambda c: _compared(c.item["YEAR"], sign, c.current["YEAR"])
                ),
                Part(
                    "Items.GENRES IN CurrentItem.GENRES",
                    lambda c: bool(_split(c.item["GENRES"]) & _split(c.current["GENRES"])),
                ),
            )
        )
    )


@st.composite
def events(draw: st.DrawFn, name: str) -> Part:
    chosen = draw(st.lists(st.sampled_from((*TYPES, "WATCH")), min_size=1, max_size=2, unique=True))
    listed = ", ".join(f'"{each}"' for each in chosen)
    lower = {each.lower() for each in chosen}
    return draw(
        st.sampled_from(
            (
                Part(f"Interactions.EVENT_TYPE IN ({listed})", lambda c: bool(c.types & lower)),
                Part(f"Interactions.EVENT_TYPE NOT IN ({listed})", lambda c: not c.types & lower),
                Part('Interactions.EVENT_TYPE IN ("*")', lambda c: bool(c.types)),
                Part(f"Interactions.EVENT_TYPE IN (${name})", lambda c: bool(c.types & lower), {name: listed}),
            )
        )
    )


@st.composite
def users(draw: st.DrawFn) -> Part:
    sign, age, tier = draw(SIGNS), draw(AGES), draw(st.sampled_from(("gold", "basic")))
    return draw(
        st.sampled_from(
            (
                Part(f"CurrentUser.AGE {sign} {age}", lambda c: _compared((c.user or {}).get("AGE"), sign, age)),
                Part(f'CurrentUser.TIER = "{tier}"', lambda c: (c.user or {}).get("TIER") == tier),
                Part(f'CurrentUser.TIER IN ("{tier}")', lambda c: (c.user or {}).get("TIER") == tier),
            )
        )
    )


def _joined(draw: st.DrawFn, parts: list[Part], words: tuple[str, ...]) -> Part:
    """Join conditions; AND binds tighter than OR."""
    groups, text = [[parts[0]]], parts[0].text
    for part in parts[1:]:
        word = draw(st.sampled_from(words))
        text += f" {word} {part.text}"
        if word == "AND":
            groups[-1].append(part)
        else:
            groups.append([part])
    values = {name: value for part in parts for name, value in part.values.items()}
    return Part(text, lambda c: any(all(part.holds(c) for part in group) for group in groups), values)


@st.composite
def expressions(draw: st.DrawFn, number: int, *, related: bool) -> tuple[bool, Part, Part | None]:
    """One expression: whether it includes, its conditions, and its IF."""
    if draw(st.booleans()):
        kinds = [genres(f"G{number}"), years(f"Y{number}"), *([current_items()] if related else [])]
        parts = draw(st.lists(st.one_of(*kinds), min_size=1, max_size=3))
    else:
        parts = [draw(events(f"E{number}"))]
    where = _joined(draw, parts, ("AND", "OR"))
    only_if = draw(st.none() | st.lists(users(), min_size=1, max_size=2).map(lambda found: found))
    return draw(st.booleans()), where, None if only_if is None else _joined(draw, only_if, ("AND",))


@dataclass
class Expression:
    """A whole filter, the values that a request gives, and which items pass."""

    text: str
    values: Mapping[str, str]
    passes: Check


@st.composite
def whole_filters(draw: st.DrawFn, *, related: bool) -> Expression:
    parts = [draw(expressions(number, related=related)) for number in range(draw(st.integers(1, 3)))]
    texts, used = [], []
    values: dict[str, str] = {}
    for includes, where, only_if in parts:
        condition = f" IF {only_if.text}" if only_if else ""
        texts.append(f"{'INCLUDE' if includes else 'EXCLUDE'} ItemID WHERE {where.text}{condition}")
        given_all = includes or not where.values or draw(st.booleans())
        values |= where.values if given_all else {}
        used.append((includes, where, only_if, given_all))

    def passes(c: Case) -> bool:
        active = [each for each in used if each[3] and (each[2] is None or each[2].holds(c))]
        included = [where.holds(c) for includes, where, _, _ in active if includes]
        excluded = [where.holds(c) for includes, where, _, _ in active if not includes]
        return (not included or any(included)) and not any(excluded)

    return Expression(" | ".join(texts), values, passes)


films = st.fixed_dictionaries(
    {
        "GENRES": st.lists(st.sampled_from(GENRES), min_size=1, max_size=3, unique=True).map("|".join),
        "YEAR": st.none() | YEARS,
    }
)
happened = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from((*TYPES, "Watch")), st.integers(0, 10_000), st.booleans()),
    max_size=14,
    unique_by=lambda event: event[2],
)


class Oracle:
    """A cinema on which many examples run; every example has a user of its own."""

    def __init__(self, emulator: Emulator, cinema: Cinema) -> None:
        self.emulator, self.cinema, self.number = emulator, cinema, 0
        self.films: dict[str, dict[str, Any]] = {
            f"f{n}": {"GENRES": "Drama|War" if n % 2 else "Comedy", "YEAR": 1950 + n} for n in range(ITEMS)
        }

    def call(self, operation: str, **request: Any) -> dict[str, Any]:
        response = self.emulator.respond(REGION, operation, json.dumps(request))
        assert response.status == 200, (request, response.body)
        return dict(json.loads(response.body))

    def put_films(self, found: list[dict[str, Any]]) -> None:
        items = []
        for number, film in enumerate(found):
            self.films[f"f{number}"] = film
            properties = {"genres": film["GENRES"], "creationTimestamp": START, "year": film["YEAR"]}
            items.append({"itemId": f"f{number}", "properties": json.dumps(properties)})
        self.call("PutItems", datasetArn=self.cinema.films, items=items)

    def put_user(self, found: list[tuple[int, str, int, bool]], user: dict[str, Any] | None) -> str:
        self.number += 1
        name = f"someone{self.number}"
        if user is not None:
            properties = json.dumps({"age": user["AGE"], "tier": user["TIER"]})
            self.call("PutUsers", datasetArn=self.cinema.people, users=[{"userId": name, "properties": properties}])
        for film, kind, at, known in found:
            event = {"itemId": f"f{film}", "eventType": kind, "sentAt": START + at}
            who = {"userId": name, "sessionId": f"{name}-known"} if known else {"sessionId": name}
            self.call("PutEvents", trackingId=self.cinema.tracking_id, eventList=[event], **who)
        self.cinema.clock.pass_time(minutes=21)
        return name

    def filter(self, text: str) -> str:
        arn = self.call(
            "CreateFilter", name=f"o{self.number}-{len(text)}", datasetGroupArn=self.cinema.group, filterExpression=text
        )["filterArn"]
        self.cinema.clock.pass_time(minutes=20)
        return str(arn)

    def drop(self, arn: str) -> None:
        self.call("DeleteFilter", filterArn=arn)
        self.cinema.clock.pass_time(minutes=20)

    def case(
        self, item: str, user: dict[str, Any] | None, found: list[tuple[int, str, int, bool]], current: str
    ) -> Case:
        newest = [
            event
            for kind in TYPES
            for event in sorted((e for e in found if e[1].lower() == kind), key=lambda e: -e[2])[:WINDOW]
        ]
        types = {kind.lower() for film, kind, _, _ in newest if f"f{film}" == item}
        return Case(self.films[item], self.films[current], user, types)


@pytest.fixture(scope="module")
def oracle(saved_cinema: tuple[Cinema, float, Path]) -> Oracle:
    known, time, place = saved_cinema
    clock = Clock()
    clock.time = time
    window = {"item interactions a filter sees of each event type": WINDOW}
    emulator = Emulator(clock.now, quotas={**QUOTAS, **window})
    emulator.load(place)
    return Oracle(emulator, known.taken_over_by(emulator, clock))


people = st.none() | st.fixed_dictionaries({"AGE": st.none() | AGES, "TIER": st.sampled_from(("gold", "basic"))})
examples = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])


@examples
@given(data=st.data(), found=st.lists(films, min_size=10, max_size=10), past=happened, user=people)
def test_results_pass_the_filter(
    oracle: Oracle, data: st.DataObject, found: list[dict[str, Any]], past: list[tuple[int, str, int, bool]], user: Any
) -> None:
    """With any filter and data, an answer has exactly the items that a naive oracle lets pass."""
    related = data.draw(st.booleans())
    asked = data.draw(whole_filters(related=related))
    oracle.put_films(found)
    name = oracle.put_user(past, user)
    arn = oracle.filter(asked.text)
    request = {**oracle.cinema.request("related" if related else "v2"), "numResults": 500, "userId": name}
    request |= {"itemId": "f3"} if related else {}

    everything = [each["itemId"] for each in oracle.call("GetRecommendations", **request)["itemList"]]
    response = oracle.call("GetRecommendations", **request, filterArn=arn, filterValues=asked.values)

    expected = [item for item in everything if asked.passes(oracle.case(item, user, past, "f3"))]
    assert [each["itemId"] for each in response["itemList"]] == expected, asked.text
    oracle.drop(arn)


@examples
@given(data=st.data(), found=st.lists(films, min_size=10, max_size=10), past=happened, percent=st.integers(1, 100))
def test_results_pass_their_own_filter(
    oracle: Oracle,
    data: st.DataObject,
    found: list[dict[str, Any]],
    past: list[tuple[int, str, int, bool]],
    percent: int,
) -> None:
    """Promoted items pass the filter of the promotion, the others that of the request; none comes twice."""
    asked, promoted = data.draw(whole_filters(related=False)), data.draw(whole_filters(related=False))
    oracle.put_films(found)
    name = oracle.put_user(past, None)
    arns = [oracle.filter(asked.text), oracle.filter(f"{promoted.text} ")]
    promotion = {"name": "p", "percentPromotedItems": percent, "filterArn": arns[1], "filterValues": promoted.values}
    request = {**oracle.cinema.request("v1"), "numResults": 10, "userId": name}

    response = oracle.call(
        "GetRecommendations", **request, filterArn=arns[0], filterValues=asked.values, promotions=[promotion]
    )["itemList"]

    for each in response:
        rule = promoted if "promotionName" in each else asked
        assert rule.passes(oracle.case(each["itemId"], None, past, "f3")), (each, rule.text)
    shown = [each["itemId"] for each in response]
    assert len(set(shown)) == len(shown)
    qualified = sum(promoted.passes(oracle.case(item, None, past, "f3")) for item in oracle.films)
    assert sum("promotionName" in each for each in response) == min(percent // 10, qualified)
    for arn in arns:
        oracle.drop(arn)


@pytest.mark.parametrize(
    ("name", "expression", "more", "words"),
    [
        ("v2", "INCLUDE ItemID WHERE Items.YEAR > $YEAR", {}, "YEAR"),
        ("v2", "INCLUDE ItemID WHERE Items.YEAR > $YEAR", {"filterValues": {"YEAR": "old"}}, "requires a number"),
        ("v2", "INCLUDE ItemID WHERE Items.YEAR > $YEAR", {"filterValues": {"year": "1"}}, "year"),
        ("v2", "INCLUDE ItemID WHERE Items.YEAR > 1", {"filterValues": {"YEAR": "1"}}, "YEAR"),
        ("v2", "INCLUDE ItemID WHERE Items.YEAR > CurrentItem.YEAR", {}, "CurrentItem"),
        ("v2", 'INCLUDE ActionID WHERE Actions.KIND IN ("k1")', {}, "ItemID"),
        ("popular", 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")', {"userId": ""}, "userId is required"),
        ("popular", "EXCLUDE ItemID WHERE Items.YEAR > 1 IF CurrentUser.AGE > 1", {"userId": ""}, "userId is required"),
    ],
)
def test_filters_that_do_not_fit(cinema: Cinema, name: str, expression: str, more: dict[str, Any], words: str) -> None:
    """A filter that does not fit the recipe, the request or its values is refused, and the message says why."""
    arn = cinema.filter(expression)

    code, message = cinema.refused(name, **{"userId": "u1", "filterArn": arn, **more})

    assert (code, words in message) == ("InvalidInput", True), message


def test_filters_that_cannot_be_used(cinema: Cinema) -> None:
    """A filter has to exist, to be ACTIVE, and to belong to the group (docs/service/3 §4.1)."""
    create = cinema.account.personalize.create_filter
    expression = "INCLUDE ItemID WHERE Items.YEAR > 1"
    pending = create(name="new", datasetGroupArn=cinema.group, filterExpression=expression)["filterArn"]
    assert "CREATE PENDING" in cinema.refused("v2", userId="u1", filterArn=pending)[1]
    assert cinema.refused("v2", userId="u1", filterArn=f"{pending}x")[0] == "ResourceNotFound"

    foreign = cinema.filter(expression, cinema.domain)

    assert "another dataset group" in cinema.refused("v2", userId="u1", filterArn=foreign)[1]


def test_filters_of_actions(cinema: Cinema) -> None:
    """Actions are filtered by their columns and by what the user did with them."""
    done = {"actionId": "a2", "userId": "u1", "sessionId": "s", "timestamp": START, "eventType": "NOT_TAKEN"}
    described = cinema.account.personalize.describe_dataset(datasetArn=cinema.done)["dataset"]
    cinema.events.put_action_interactions(trackingId=described["trackingId"], actionInteractions=[done])
    cinema.clock.pass_time(seconds=2)
    chosen = cinema.filter(
        'INCLUDE ActionID WHERE Actions.KIND IN ("k0") | '
        'EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("Not Taken")'
    )

    found = cinema.act(numResults=9, filterArn=chosen)

    assert {each["actionId"] for each in found} <= {"a0", "a4", "a6", "a8"}
    items = cinema.filter("INCLUDE ItemID WHERE Items.YEAR > 1")
    request = {"campaignArn": cinema.arns["actions"], "userId": "u1", "filterArn": items}
    assert refusal(cinema.runtime.get_action_recommendations, **request)[0] == "InvalidInput"


def test_filters_of_rankings(cinema: Cinema) -> None:
    """Items that a filter removes are not in a ranking, known and unknown ones alike."""
    young = cinema.filter("INCLUDE ItemID WHERE Items.YEAR > 1951")

    found = cinema.rank(["f1", "f2", "f3", "new"], filterArn=young)

    assert sorted(each["itemId"] for each in found) == ["f2", "f3"]
