"""Random calls in random order: every response is valid, and the invariants hold."""

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from personalize_gitops.catalog.quotas import Counted, Scope
from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.service.kind import KINDS
from personalize_gitops.emulator.service.model import RUNTIME, operations
from personalize_gitops.emulator.state.records import FAILED

from .account import INTERACTIONS, ITEMS, RECIPE, RECIPE_V2, REGION, ROLE, USERS, interactions_csv
from .clock import Clock
from .shapes import departures

ACCOUNT = "123456789012"
TOP_PICKS = "arn:aws:personalize:::recipe/aws-vod-top-picks"
SEGMENTS = "arn:aws:personalize:::recipe/aws-item-affinity"
EXPRESSIONS = (
    'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")',
    "INCLUDE ItemID WHERE Items.PRICE > 3",
    "EXCLUDE ItemID WHERE Items.PRICE > $A IF CurrentUser.AGE > 3",
    "no",
)
METRIC = {"eventType": "watch", "metricName": "count", "expression": "SAMPLECOUNT()"}
ANYWHERE = {"AccessDeniedException", "InvalidInputException", "ThrottlingException", "UnsupportedOperationException"}
HELD_BY = {
    "Dataset": "datasetGroupArn",
    "Solution": "datasetGroupArn",
    "SolutionVersion": "solutionArn",
    "Recommender": "datasetGroupArn",
    "Filter": "datasetGroupArn",
    "EventTracker": "datasetGroupArn",
    "MetricAttribution": "datasetGroupArn",
}

names = st.sampled_from(("a", "b", "c", "-", ""))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.just(RECIPE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


ids = st.sampled_from(("i1", "i2", "i36", "u1", "new"))
MORE_OF_EVENTS: tuple[dict[str, Any], ...] = (
    {},
    {"eventId": "e"},
    {"properties": "{}"},
    {"recommendationId": "RID-x"},
    {"eventValue": 2.5, "impression": ["i1", "i2"]},
    {"itemId": None, "properties": '{"itemId": "i2"}'},
)
RUNTIME_CALLS = [name for name, operation in operations().items() if operation.service == RUNTIME]
PROMOTION = {"name": "p", "percentPromotedItems": 40}


def questions(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """The members of a request besides its target and filters."""
    optional: dict[str, st.SearchStrategy[Any]] = {
        "userId": ids,
        "itemId": ids,
        "numResults": st.sampled_from((0, 1, 25, 501)),
        "context": st.sampled_from(({}, {"EVENT_TYPE": "x"}, {"NONE": ""})),
        "filterValues": st.just({"A": '"x"'}),
        "promotions": st.lists(
            st.fixed_dictionaries({}, optional={k: st.just(v) for k, v in PROMOTION.items()}), max_size=1
        ),
        "metadataColumns": st.just({"ITEMS": ["PRICE"]}),
        "inputList": st.lists(ids, max_size=3),
    }
    known = operations()[name].input_members
    required = {"userId": ids, "inputList": optional["inputList"]} if name == "GetPersonalizedRanking" else {}
    more = {member: values for member, values in optional.items() if member in known and member not in required}
    return st.fixed_dictionaries(required, optional=more)


def _without_id(body: str) -> Any:
    return {name: value for name, value in json.loads(body).items() if name != "recommendationId"}


class Calls(RuleBasedStateMachine):
    """Random calls, valid and invalid, passing time, and restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.emulator = Emulator(self.clock.now, quotas={"DatasetGroup": 2, "Filter": 2})
        self.emulator.put_bucket("data", {"rows.csv": interactions_csv(), "films.csv": interactions_csv(event="Watch")})
        self.arns: list[str] = [f"arn:aws:personalize:us-east-1:{ACCOUNT}:dataset-group/none"]

    def call(self, name: str, request: Any) -> None:
        """Make a call and check the response against the service model."""
        operation = operations()[name]
        response = self.emulator.respond(REGION, name, json.dumps(request))
        answer = json.loads(response.body)
        if response.status == 200:
            assert not operation.output or list(departures(operation.shapes, operation.output, answer, name)) == []
            self.arns.extend(value for key, value in answer.items() if key.endswith("Arn") and value not in self.arns)
        else:
            assert response.status in (400, 403, 404, 409), response.body
            assert answer["message"]
            assert answer["__type"] in operation.errors | ANYWHERE, (name, answer)

    def arn(self, data: st.DataObject, *paths: str) -> str:
        """An ARN from an earlier response, usually of the wanted kind."""
        fitting = [arn for arn in self.arns if arn.split(":")[5].split("/")[0] in paths]
        return data.draw(st.sampled_from(fitting or self.arns) if data.draw(st.integers(0, 9)) else self.any_arn())

    def any_arn(self) -> st.SearchStrategy[str]:
        return st.sampled_from(self.arns)

    @rule(name=names, domain=st.sampled_from((None, None, "VIDEO_ON_DEMAND")))
    def create_group(self, name: str, domain: str | None) -> None:
        self.call("CreateDatasetGroup", {"name": name, "domain": domain})

    @rule(
        name=names, text=st.sampled_from((INTERACTIONS, ITEMS, USERS, "{")), domain=st.sampled_from((None, "ECOMMERCE"))
    )
    def create_schema(self, name: str, text: str, domain: str | None) -> None:
        self.call("CreateSchema", {"name": name, "schema": text, "domain": domain})

    @rule(data=st.data(), type_=st.sampled_from(("Interactions", "items", "USERS", "Actions")))
    def create_dataset(self, data: st.DataObject, type_: str) -> None:
        request = {"name": "d", "datasetType": type_, "schemaArn": self.arn(data, "schema")}
        self.call("CreateDataset", {**request, "datasetGroupArn": self.arn(data, "dataset-group")})

    @rule(data=st.data())
    def fill_a_group(self, data: st.DataObject) -> None:
        """The usual sequence of calls for a group, so that operations that need data succeed too."""
        self.call("CreateSchema", {"name": "rows", "schema": INTERACTIONS})
        self.call("CreateDatasetGroup", {"name": "a"})
        self.clock.pass_time(hours=1)
        prefix = f"arn:aws:personalize:us-east-1:{ACCOUNT}"
        group, dataset = f"{prefix}:dataset-group/a", f"{prefix}:dataset/a/INTERACTIONS"
        request = {"name": "rows", "schemaArn": f"{prefix}:schema/rows", "datasetGroupArn": group}
        self.call("CreateDataset", {**request, "datasetType": "Interactions"})
        self.clock.pass_time(hours=1)
        self._import(dataset, f"filling-{len(self.arns)}", "FULL")
        self.clock.pass_time(hours=1)
        self.call("CreateSolution", {"name": "a", "datasetGroupArn": group, "recipeArn": RECIPE})
        self.clock.pass_time(minutes=30)
        self.call("CreateSolutionVersion", {"solutionArn": f"{prefix}:solution/a"})
        self.call("CreateEventTracker", {"name": "a", "datasetGroupArn": group})
        self.clock.pass_time(hours=data.draw(st.integers(0, 3)))
        version = f"{prefix}:solution/a/$LATEST"
        config = {"syncWithLatestSolutionVersion": True}
        self.call("CreateCampaign", {"name": "a", "solutionVersionArn": version, "campaignConfig": config})

    def _import(self, dataset: str, name: str, mode: str) -> None:
        source = {"dataLocation": "s3://data/rows.csv"}
        request = {"jobName": name, "datasetArn": dataset, "dataSource": source, "roleArn": ROLE, "importMode": mode}
        self.call("CreateDatasetImportJob", request)

    @rule(data=st.data(), name=names, mode=st.sampled_from(("FULL", "INCREMENTAL")))
    def create_import(self, data: st.DataObject, name: str, mode: str) -> None:
        self._import(self.arn(data, "dataset"), name, mode)

    @rule(data=st.data(), name=names, recipe=st.sampled_from((RECIPE, RECIPE_V2, SEGMENTS, TOP_PICKS)))
    def create_solution(self, data: st.DataObject, name: str, recipe: str) -> None:
        group = self.arn(data, "dataset-group")
        automatic = data.draw(st.booleans())
        request = {"name": name, "datasetGroupArn": group, "recipeArn": recipe, "performAutoTraining": automatic}
        self.call("CreateSolution", request)

    @rule(data=st.data(), mode=st.sampled_from(("FULL", "UPDATE", "AUTOTRAIN")))
    def create_version(self, data: st.DataObject, mode: str) -> None:
        self.call("CreateSolutionVersion", {"solutionArn": self.arn(data, "solution"), "trainingMode": mode})

    @rule(data=st.data(), name=names, latest=st.booleans())
    def create_campaign(self, data: st.DataObject, name: str, latest: bool) -> None:
        version = self.arn(data, "solution")
        request = {"name": name, "solutionVersionArn": f"{version}/$LATEST" if latest else version}
        self.call("CreateCampaign", {**request, "campaignConfig": {"syncWithLatestSolutionVersion": latest}})

    @rule(data=st.data(), name=names, expression=st.sampled_from(EXPRESSIONS))
    def create_filter(self, data: st.DataObject, name: str, expression: str) -> None:
        group = self.arn(data, "dataset-group")
        self.call("CreateFilter", {"name": name, "datasetGroupArn": group, "filterExpression": expression})

    @rule(data=st.data(), name=names, kind=st.sampled_from(("EventTracker", "MetricAttribution", "Recommender")))
    def create_child(self, data: st.DataObject, name: str, kind: str) -> None:
        own: dict[str, dict[str, Any]] = {
            "EventTracker": {},
            "MetricAttribution": {"metrics": [METRIC], "metricsOutputConfig": {"roleArn": ROLE}},
            "Recommender": {"recipeArn": TOP_PICKS},
        }
        request = {"name": name, "datasetGroupArn": self.arn(data, "dataset-group")}
        self.call(f"Create{kind}", {**request, **own[kind]})

    @rule(data=st.data(), name=names, kind=st.sampled_from(("DatasetExportJob", "BatchSegmentJob", "DataDeletionJob")))
    def create_job(self, data: st.DataObject, name: str, kind: str) -> None:
        output = {"s3DataDestination": {"path": "s3://data/out/"}}
        own: dict[str, dict[str, Any]] = {
            "DatasetExportJob": {"datasetArn": self.arn(data, "dataset"), "jobOutput": output},
            "BatchSegmentJob": {
                "solutionVersionArn": self.arn(data, "solution"),
                "jobInput": {"s3DataSource": {"path": "s3://data/ask"}},
                "jobOutput": output,
            },
            "DataDeletionJob": {
                "datasetGroupArn": self.arn(data, "dataset-group"),
                "dataSource": {"dataLocation": "s3://data/rows.csv"},
            },
        }
        self.call(f"Create{kind}", {"jobName": name, "roleArn": ROLE, **own[kind]})

    @rule(data=st.data())
    def update(self, data: st.DataObject) -> None:
        name, request = data.draw(
            st.sampled_from(
                (
                    ("UpdateCampaign", {"campaignArn": self.arn(data, "campaign"), "minProvisionedTPS": 2}),
                    (
                        "UpdateCampaign",
                        {
                            "campaignArn": self.arn(data, "campaign"),
                            "solutionVersionArn": self.arn(data, "solution"),
                            "campaignConfig": {},
                        },
                    ),
                    (
                        "UpdateDataset",
                        {"datasetArn": self.arn(data, "dataset"), "schemaArn": self.arn(data, "schema")},
                    ),
                    ("UpdateSolution", {"solutionArn": self.arn(data, "solution"), "performAutoTraining": False}),
                    (
                        "UpdateMetricAttribution",
                        {"metricAttributionArn": self.arn(data, "metric-attribution"), "addMetrics": [METRIC]},
                    ),
                    ("UpdateRecommender", {"recommenderArn": self.arn(data, "recommender"), "recommenderConfig": {}}),
                    ("StopRecommender", {"recommenderArn": self.arn(data, "recommender")}),
                    ("StartRecommender", {"recommenderArn": self.arn(data, "recommender")}),
                    ("StopSolutionVersionCreation", {"solutionVersionArn": self.arn(data, "solution")}),
                    ("TagResource", {"resourceArn": self.arn(data), "tags": [{"tagKey": "k", "tagValue": "v"}]}),
                    ("UntagResource", {"resourceArn": self.arn(data), "tagKeys": ["k"]}),
                )
            )
        )
        self.call(name, request)

    @rule(data=st.data(), deed=st.sampled_from(("Delete", "Delete", "Describe")))
    def look_or_delete(self, data: st.DataObject, deed: str) -> None:
        name = data.draw(st.sampled_from([name for name in operations() if name.startswith(deed)]))
        kind = name.removeprefix(deed)
        path = KINDS[kind].arn_path if kind in KINDS else "recipe"
        self.call(name, {f"{kind[0].lower()}{kind[1:]}Arn": self.arn(data, path)})

    @rule(data=st.data())
    def list_something(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from([name for name in operations() if name.startswith("List")]))
        members = operations()[name].input_members
        parents = [member for member in members if member.endswith("Arn")]
        request = {parent: self.arn(data) for parent in parents if data.draw(st.booleans())}
        size = {"maxResults": data.draw(st.integers(0, 3))} if "maxResults" in members else {}
        token = {"nextToken": "x"} if "nextToken" in members and not data.draw(st.integers(0, 5)) else {}
        self.call(name, {**request, **size, **token})

    @rule(data=st.data(), user=st.sampled_from(("u1", "new", None)), count=st.integers(1, 3))
    def put_events(self, data: st.DataObject, user: str | None, count: int) -> None:
        event = {"eventType": "watch", "sentAt": self.clock.time, "itemId": data.draw(ids)}
        given = [{**event, **data.draw(st.sampled_from(MORE_OF_EVENTS))} for _ in range(count)]
        request = {"trackingId": data.draw(st.sampled_from(self._tracking_ids())), "sessionId": "s", "eventList": given}
        self.call("PutEvents", {**request, "userId": user})

    @rule(data=st.data(), name=st.sampled_from(("item", "user", "action")))
    def put_records(self, data: st.DataObject, name: str) -> None:
        record = {f"{name}Id": data.draw(ids), "properties": data.draw(st.sampled_from(('{"price": 4}', "{}", "x")))}
        request = {"datasetArn": self.arn(data, "dataset"), f"{name}s": [record]}
        self.call(f"Put{name.capitalize()}s", request)

    def _tracking_ids(self) -> list[str]:
        region = self.emulator.region(REGION)
        return ["none", *(record.fields["trackingId"] for record in region.listed("EventTracker"))]

    @rule(data=st.data(), name=st.sampled_from(sorted(RUNTIME_CALLS)))
    def recommend(self, data: st.DataObject, name: str) -> None:
        """Ask any campaign or recommender anything, and ask again: the answer is the same but for its id."""
        target = data.draw(st.sampled_from(("campaign", "recommender")))
        request = {f"{target}Arn": self.arn(data, target), **data.draw(questions(name))}
        for holder in (request, *request.get("promotions", ())):
            if data.draw(st.integers(0, 2)) == 0:
                holder["filterArn"] = self.arn(data, "filter")
        self.call(name, request)
        first, second = (self.emulator.respond(REGION, name, json.dumps(request)).body for _ in "ab")
        assert _without_id(first) == _without_id(second)

    @rule(data=st.data(), content=json_values)
    def nonsense(self, data: st.DataObject, content: Any) -> None:
        name = data.draw(st.sampled_from(sorted(operations())))
        members = sorted(operations()[name].input_members)
        chosen = data.draw(st.sampled_from(members)) if members else "x"
        self.call(name, data.draw(st.sampled_from(({chosen: content}, content))))

    @rule(minutes=st.sampled_from((0.2, 1, 10, 60, 600, 60 * 24 * 8)))
    def time_passes(self, minutes: float) -> None:
        self.clock.pass_time(minutes=minutes)

    @rule()
    def restart(self) -> None:
        """Saving and loading changes no response."""
        before = self.observed()
        with TemporaryDirectory() as folder:
            self.emulator.save(Path(folder))
            loaded = Emulator(self.clock.now, quotas=self.emulator.settings.quotas)
            loaded.load(Path(folder))
            for table in loaded.region(REGION).tables.values():
                assert table.rows is not None  # they are read from files that are about to go
        self.emulator = loaded
        assert self.observed() == before

    def observed(self) -> dict[str, Any]:
        """All lists, descriptions and tags, and the time of the next event."""
        seen: dict[str, Any] = {"next": self.emulator.next_event_at(), "tags": self.emulator.tagged(REGION)}
        for kind in KINDS.values():
            seen[kind.name] = self.emulator.respond(REGION, f"List{kind.name}s", "{}").body
            for record in self.emulator.region(REGION).listed(kind.name):
                if kind.name in ("Campaign", "Recommender"):
                    asked = json.dumps({kind.arn_member: record.arn, "userId": "u1", "numResults": 5})
                    answer = self.emulator.respond(REGION, "GetRecommendations", asked)
                    seen[f"{record.arn} answers"] = _without_id(answer.body)
                request = json.dumps({kind.arn_member: record.arn})
                seen[record.arn] = self.emulator.respond(REGION, f"Describe{kind.name}", request).body
        return seen

    @invariant()
    def no_child_without_parent(self) -> None:
        region = self.emulator.region(REGION)
        for record in region.records():
            if record.kind in HELD_BY:
                assert region.get(record.fields[HELD_BY[record.kind]]) is not None, record.arn
            if record.kind == "Dataset":
                assert region.get(record.fields["schemaArn"]) is not None, record.arn
            if record.kind == "Campaign":
                assert region.get(record.fields["solutionVersionArn"]) is not None, record.arn

    @invariant()
    def names_are_unique(self) -> None:
        named = Counter(
            (record.kind, record.fields[KINDS[record.kind].name_member])
            for record in self.emulator.region(REGION).records()
            if record.kind not in ("Dataset", "SolutionVersion")
        )
        assert [key for key, count in named.items() if count > 1] == []

    @invariant()
    def quotas_hold(self) -> None:
        region = self.emulator.region(REGION)
        for kind in KINDS.values():
            for quota in kind.quotas:
                grouped = quota.scope is Scope.DATASET_GROUP
                groups = [group.arn for group in region.listed("DatasetGroup")] if grouped else [""]
                for group in groups:
                    listed = list(region.listed(kind.name, group))
                    pending = quota.counted is Counted.PENDING
                    counted = [r for r in listed if (r.transient if pending else r.status != FAILED)]
                    assert len(counted) <= region.settings.limit(quota), (quota.name, group)


def explore(examples: int, steps: int, *, repeatable: bool) -> None:
    run_state_machine_as_test(
        Calls,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=repeatable,
            deadline=None,
            suppress_health_check=[*HealthCheck],
        ),
    )


def test_any_calls() -> None:
    """Responses are valid for any calls in any order; parents, names and quotas hold; restarts change nothing."""
    explore(examples=25, steps=30, repeatable=True)


@pytest.mark.slow
def test_any_calls_for_long() -> None:
    """The same with many more examples."""
    explore(examples=1500, steps=60, repeatable=False)
