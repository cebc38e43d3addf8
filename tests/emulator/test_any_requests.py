"""Random requests, events and changes of a cinema that answers: no server error, and answers that a restart keeps."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.service.model import operations

from .account import REGION, ROLE
from .asking import DOMAIN, QUOTAS, SEGMENTS, START, Cinema, films_csv
from .clock import Clock
from .shapes import departures

CALLS = {"ranking": "GetPersonalizedRanking", "actions": "GetActionRecommendations"}
EXPRESSIONS = (
    'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch") | INCLUDE ItemID WHERE Items.YEAR > $YEAR',
    "INCLUDE ItemID WHERE Items.YEAR < CurrentItem.YEAR AND Items.GENRES IN CurrentItem.GENRES",
    "EXCLUDE ItemID WHERE Items.GENRES IN ($GENRE) IF CurrentUser.AGE > 20",
    'EXCLUDE ActionID WHERE Actions.KIND IN ("k1") | EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("x")',
)
LINES = (
    '{"userId": "u1"}',
    '{"userId": "u1", "itemList": ["f1", "none"], "filterValues": {"YEAR": "1955"}}',
    '{"userId": "new", "filterValues": {"YEAR": 3}}',
    '{"itemId": "f2"}',
    '{"itemAttributes": "ITEMS.GENRES = \\"War\\" AND ITEMS.NONE = \\"1\\""}',
    '{"itemAttributes": 5}',
    "[1]",
    "{",
    "",
)
users = st.sampled_from(("u1", "u2", "new", "visit", ""))
items = st.sampled_from(("f1", "f2", "f39", "f100", "none", ""))
values = st.sampled_from(({}, {"YEAR": "1960"}, {"YEAR": '"1,2"'}, {"GENRE": '"War","x"', "YEAR": "x"}, {"GENRE": ""}))


class Requests(RuleBasedStateMachine):
    """Requests to all campaigns and recommenders, between events, imports, trainings, deletions and restarts."""

    saved: tuple[Cinema, float, Path]

    def __init__(self) -> None:
        super().__init__()
        known, time, place = self.saved
        self.clock = Clock()
        self.clock.time = time
        self.emulator = Emulator(self.clock.now, quotas=QUOTAS)
        self.emulator.load(place)
        self.cinema = known
        self.filters: list[str] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.number = 0
        for expression in EXPRESSIONS:
            self.new_filter(expression)
        self.clock.pass_time(minutes=20)

    def call(self, name: str, request: Any) -> dict[str, Any]:
        """Make a call, check the response against the service model, and return its members; none after an error."""
        operation = operations()[name]
        response = self.emulator.respond(REGION, name, json.dumps(request))
        answer = json.loads(response.body)
        if response.status != 200:
            assert response.status in (400, 404, 409), response.body
            assert answer["__type"] in operation.errors, (name, answer)
            return {}
        assert not operation.output or list(departures(operation.shapes, operation.output, answer, name)) == []
        return dict(answer)

    def new_filter(self, expression: str) -> None:
        self.number += 1
        request = {"name": f"r{self.number}", "datasetGroupArn": self.cinema.group, "filterExpression": expression}
        self.filters += [str(arn) for arn in self.call("CreateFilter", request).values()]

    @rule(
        data=st.data(),
        name=st.sampled_from(("v1", "v2", "ranking", "related", "popular", "actions", *DOMAIN)),
        user=st.none() | users,
        item=st.none() | items,
        count=st.none() | st.sampled_from((0, 1, 7, 500, 501)),
    )
    def ask(self, data: st.DataObject, name: str, user: str | None, item: str | None, count: int | None) -> None:
        operation = CALLS.get(name, "GetRecommendations")
        request = self.cinema.request(name, userId=user, itemId=item, numResults=count)
        request["inputList"] = data.draw(st.lists(items, max_size=6))
        request["context"] = data.draw(st.sampled_from((None, {"DEVICE": "tv"}, {"DEVICE": "fridge"}, {"X": "y"})))
        request["metadataColumns"] = data.draw(st.sampled_from((None, None, {"ITEMS": ["YEAR", "TITLE"]}, {"X": []})))
        if data.draw(st.booleans()):
            request |= {"filterArn": data.draw(st.sampled_from(self.filters)), "filterValues": data.draw(values)}
        if data.draw(st.integers(0, 3)) == 0:
            promotion = {"filterArn": data.draw(st.sampled_from(self.filters)), "filterValues": data.draw(values)}
            request["promotions"] = [{**promotion, "name": "p", "percentPromotedItems": 30}]
        known = operations()[operation].input_members
        request = {member: value for member, value in request.items() if member in known}
        answer = self.call(operation, request)
        self.asked.append((operation, request))
        for results in (value for value in answer.values() if isinstance(value, list)):
            ids = [each.get("itemId") or each.get("actionId") for each in results]
            assert len(ids) == len(set(ids)) <= (500 if count is None else count or 0) or "inputList" in known

    @rule(data=st.data(), user=st.none() | users, session=users, count=st.integers(1, 11))
    def put_events(self, data: st.DataObject, user: str | None, session: str, count: int) -> None:
        more = st.fixed_dictionaries(
            {"eventType": st.sampled_from(("watch", "Click", "x")), "sentAt": st.sampled_from((START, 0, 4e9, "x"))},
            optional={
                "itemId": items,
                "eventId": st.sampled_from("ab"),
                "eventValue": st.sampled_from((0, 2.5, -1e30)),
                "properties": st.sampled_from(
                    ("{}", '{"device": "tv"}', '{"itemId": "f3"}', '{"itemId": 3}', "[]", "{")
                ),
                "recommendationId": st.sampled_from(("RID-1", "RID-00000001-0", "x")),
                "impression": st.lists(items, min_size=1, max_size=3),
            },
        )
        events = [data.draw(more) for _ in range(count)]
        request = {"trackingId": self.cinema.tracking_id, "sessionId": session, "userId": user, "eventList": events}
        self.call("PutEvents", request)

    @rule(data=st.data(), kind=st.sampled_from(("Items", "Users", "Actions")))
    def put_records(self, data: st.DataObject, kind: str) -> None:
        dataset = {"Items": self.cinema.films, "Users": self.cinema.people, "Actions": self.cinema.offers}[kind]
        own: dict[str, dict[str, Any]] = {
            "Items": {
                "genres": "War|x",
                "creationTimestamp": START,
                "year": data.draw(st.none() | st.integers(0, 9**15)),
            },
            "Users": {"age": data.draw(st.none() | st.integers(0, 99)), "tier": "gold"},
            "Actions": {"value": data.draw(st.integers(-5, 5)), "kind": "k1"},
        }
        properties = data.draw(st.sampled_from((json.dumps(own[kind]), "{}")))
        record = {f"{kind[:-1].lower()}Id": data.draw(st.one_of(items, users)), "properties": properties}
        self.call(f"Put{kind}", {"datasetArn": dataset, kind.lower(): [record]})

    @rule(
        user=st.none() | users, action=st.sampled_from(("a1", "a2", "none")), kind=st.sampled_from(("Taken", "viewed"))
    )
    def put_action_interactions(self, user: str | None, action: str, kind: str) -> None:
        dataset = self.call("DescribeDataset", {"datasetArn": self.cinema.done})
        done = {"actionId": action, "userId": user, "sessionId": "s", "timestamp": START, "eventType": kind}
        request = {"trackingId": dataset.get("dataset", {}).get("trackingId", "none"), "actionInteractions": [done]}
        self.call("PutActionInteractions", request)

    @rule(count=st.integers(0, 40), mode=st.sampled_from(("FULL", "INCREMENTAL")))
    def import_films(self, count: int, mode: str) -> None:
        self.number += 1
        self.emulator.put_bucket("more", {"films.csv": "\n".join(films_csv().splitlines()[: count + 1]) + "\n"})
        request = {"jobName": f"r{self.number}", "datasetArn": self.cinema.films, "roleArn": ROLE, "importMode": mode}
        self.call("CreateDatasetImportJob", {**request, "dataSource": {"dataLocation": "s3://more/films.csv"}})

    @rule(data=st.data(), name=st.sampled_from(("v1", "ranking", "related", "by-item", "by-attribute", "popular")))
    def batch(self, data: st.DataObject, name: str) -> None:
        """A job with any lines; each has a result or an error."""
        self.number += 1
        lines = data.draw(st.lists(st.sampled_from(LINES), max_size=4))
        self.emulator.put_bucket("ask", {"lines": "\n".join(lines)})
        self.emulator.put_bucket("told")
        kind = "Segment" if name in SEGMENTS else "Inference"
        request: dict[str, Any] = {"jobName": f"r{self.number}", "roleArn": ROLE}
        request |= {"solutionVersionArn": self.cinema.versions[name]}
        request |= {"jobInput": {"s3DataSource": {"path": "s3://ask/lines"}}}
        request |= {"jobOutput": {"s3DataDestination": {"path": "s3://told/"}}}
        chosen = {"filterArn": data.draw(st.sampled_from(self.filters))} if data.draw(st.booleans()) else {}
        arn = self.call(f"CreateBatch{kind}Job", {**request, **chosen})
        self.clock.pass_time(hours=1)
        for member, value in arn.items():
            self.call(f"DescribeBatch{kind}Job", {member: value})
            told = self.emulator.objects.read("told", "lines.out") or {}
            answers = [json.loads(line) for text in told.values() for line in text.decode().splitlines()]
            assert len(answers) == len([line for line in lines if line])
            assert all(each["error"] is None or each["error"].startswith("User error: ") for each in answers)

    @rule(user=users)
    def delete_data_of(self, user: str) -> None:
        self.number += 1
        self.emulator.put_bucket("gone", {"users.csv": f"USER_ID\n{user}\n"})
        request = {"jobName": f"r{self.number}", "datasetGroupArn": self.cinema.group, "roleArn": ROLE}
        self.call("CreateDataDeletionJob", {**request, "dataSource": {"dataLocation": "s3://gone/users.csv"}})

    @rule(name=st.sampled_from(("v1", "popular", "related", "actions")), other=st.sampled_from(("v1", "popular")))
    def train_and_update(self, name: str, other: str) -> None:
        version = self.cinema.versions[other]
        self.call("CreateSolutionVersion", {"solutionArn": version.rpartition("/")[0]})
        self.call("UpdateCampaign", {"campaignArn": self.cinema.arns[name], "solutionVersionArn": version})

    @rule(name=st.sampled_from(sorted(DOMAIN)), deed=st.sampled_from(("Start", "Stop")))
    def start_or_stop(self, name: str, deed: str) -> None:
        self.call(f"{deed}Recommender", {"recommenderArn": self.cinema.arns[name]})

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        choices = [
            ("DeleteDataset", {"datasetArn": self.cinema.people}),
            ("DeleteDataset", {"datasetArn": self.cinema.done}),
            ("DeleteFilter", {"filterArn": self.filters[-1]}),
            ("DeleteCampaign", {"campaignArn": self.cinema.arns["popular"]}),
        ]
        self.call(*data.draw(st.sampled_from(choices)))

    @rule(minutes=st.sampled_from((0.02, 5, 30, 150, 60 * 24 * 8)))
    def time_passes(self, minutes: float) -> None:
        self.clock.pass_time(minutes=minutes)

    @rule()
    def restart(self) -> None:
        """Saving and loading changes no answer."""
        before = self.answers()
        with TemporaryDirectory() as folder:
            self.emulator.save(Path(folder))
            self.emulator = Emulator(self.clock.now, quotas=QUOTAS)
            self.emulator.load(Path(folder))
            assert self.answers() == before

    def answers(self) -> list[Any]:
        """The answers to the last requests, without their ids."""
        return [
            {name: value for name, value in self.call(*asked).items() if name != "recommendationId"}
            for asked in self.asked[-4:]
        ]


def explore(saved: tuple[Cinema, float, Path], examples: int, steps: int, *, repeatable: bool) -> None:
    machine = type("Requests", (Requests,), {"saved": saved})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=repeatable,
            deadline=None,
            suppress_health_check=[*HealthCheck],
        ),
    )


def test_any_requests(saved_cinema: tuple[Cinema, float, Path]) -> None:
    """Responses are valid for any requests and events in any order, and restarts change no answer."""
    explore(saved_cinema, examples=12, steps=25, repeatable=True)


@pytest.mark.slow
def test_any_requests_for_long(saved_cinema: tuple[Cinema, float, Path]) -> None:
    """The same with many more examples."""
    explore(saved_cinema, examples=600, steps=60, repeatable=False)
