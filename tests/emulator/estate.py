"""One account with a resource of every kind, and the smallest valid request of every operation."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.service.dispatch import HttpResponse

from .account import INTERACTIONS, ITEMS, RECIPE, REGION, ROLE, USERS, Account, avro, interactions_csv
from .clock import Clock

SEGMENTS = "arn:aws:personalize:::recipe/aws-item-affinity"
TOP_PICKS = "arn:aws:personalize:::recipe/aws-vod-top-picks"
ACTIONS = avro("Actions", "ACTION_ID", {"name": "VALUE", "type": ["null", "long"]})
DONE = avro("ActionInteractions", "USER_ID", "ACTION_ID", {"name": "TIMESTAMP", "type": "long"}, "EVENT_TYPE")
MORE_ITEMS = json.dumps(
    {**json.loads(ITEMS), "fields": [*json.loads(ITEMS)["fields"], {"name": "NEW", "type": ["null", "float"]}]}
)
OUTPUT = {"s3DataDestination": {"path": "s3://output/done/"}}
INPUT = {"s3DataSource": {"path": "s3://input/users.json"}}
METRIC = {"eventType": "watch", "metricName": "count", "expression": "SAMPLECOUNT()"}

Request = Mapping[str, Any]


class Estate:
    """The account, the ARNs of its resources, and the requests."""

    def __init__(self, account: Account) -> None:
        make = account.personalize
        self.account = account
        self.group = account.filled_group()
        self.interactions = f"{self.group.replace(':dataset-group', ':dataset')}/INTERACTIONS"
        self.items = account.dataset(self.group, "Items", ITEMS)
        self.users = account.dataset(self.group, "Users", USERS)
        self.actions = account.dataset(self.group, "Actions", ACTIONS)
        self.done = account.dataset(self.group, "Action_Interactions", DONE)
        self.solution = account.solution(self.group)
        self.version = account.version(self.solution)
        self.training = make.create_solution_version(solutionArn=self.solution)["solutionVersionArn"]
        self.segmenting = account.version(account.solution(self.group, "segments", recipeArn=SEGMENTS))
        self.campaign = account.campaign(self.version)
        ranking, acting = (
            account.version(account.solution(self.group, name, recipeArn=f"{RECIPE.rpartition('/')[0]}/aws-{recipe}"))
            for name, recipe in (("ranking", "personalized-ranking"), ("acting", "next-best-action"))
        )
        self.ranking, self.acting = account.campaign(ranking, "ranking"), account.campaign(acting, "acting")
        self.domain = account.group("films", domain="VIDEO_ON_DEMAND")
        watched = account.dataset(self.domain, domain="VIDEO_ON_DEMAND")
        account.imported(watched, interactions_csv(event="Watch"), "watched")
        config = {"name": "r", "datasetGroupArn": self.domain, "recipeArn": TOP_PICKS}
        self.recommender = make.create_recommender(**config)["recommenderArn"]
        self.stopped = make.create_recommender(**{**config, "name": "stopped"})["recommenderArn"]
        account.train()
        make.stop_recommender(recommenderArn=self.stopped)
        tracker = make.create_event_tracker(name="t", datasetGroupArn=self.group)
        self.tracker, self.tracking_id = tracker["eventTrackerArn"], tracker["trackingId"]
        self.filter = make.create_filter(
            name="f",
            datasetGroupArn=self.group,
            filterExpression='EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")',
        )["filterArn"]
        self.attribution = make.create_metric_attribution(
            name="m", datasetGroupArn=self.group, metrics=[METRIC], metricsOutputConfig={"roleArn": ROLE}
        )["metricAttributionArn"]
        account.emulator.put_bucket("input", {"users.json": '{"userId": "u1"}', "gone.csv": "USER_ID\nu1\n"})
        account.emulator.put_bucket("output")
        self.schema, self.unused = account.schema("more", MORE_ITEMS), account.schema("unused")
        self.empty = account.group("empty")
        self.jobs = {
            name: json.loads(self.respond(name, {**self.request(name), "jobName": "made"}).body)[answer]
            for name, answer in (
                ("CreateDatasetImportJob", "datasetImportJobArn"),
                ("CreateDatasetExportJob", "datasetExportJobArn"),
                ("CreateBatchInferenceJob", "batchInferenceJobArn"),
                ("CreateBatchSegmentJob", "batchSegmentJobArn"),
                ("CreateDataDeletionJob", "dataDeletionJobArn"),
            )
        }
        account.clock.pass_time(hours=1, minutes=30)

    def taken_over_by(self, account: Account) -> "Estate":
        """Return the same estate in an account that has loaded it."""
        copy = object.__new__(Estate)
        copy.__dict__ = {**self.__dict__, "account": account}
        return copy

    def respond(self, name: str, request: Request) -> HttpResponse:
        return self.account.emulator.respond(REGION, name, json.dumps(request))

    def request(self, name: str) -> Request:
        """Return the smallest valid request of an operation."""
        if name.startswith("List"):
            of = {"ListTagsForResource": "resourceArn", "ListMetricAttributionMetrics": "metricAttributionArn"}
            values = {"resourceArn": self.group, "metricAttributionArn": self.attribution}
            return {of[name]: values[of[name]]} if name in of else {}
        special = self._special()
        if name in special:
            return special[name]()
        kind = name.removeprefix("Describe").removeprefix("Delete").removeprefix("Start").removeprefix("Stop")
        noun = f"{kind[0].lower()}{kind[1:]}Arn"
        arns = self._arns()
        if kind not in arns:
            raise LookupError(f"no request for {name}: add it to tests/emulator/estate.py")
        return {noun: arns[kind]}

    def _arns(self) -> Mapping[str, str]:
        """The ARN of a resource of each kind. Resources that contain others are deleted in an account of their own."""
        catalogue = "arn:aws:personalize:::"
        return {
            "Algorithm": f"{catalogue}algorithm/aws-user-personalization",
            "FeatureTransformation": f"{catalogue}feature-transformation/JSON-percentile-filtering",
            "Recipe": RECIPE,
            "Schema": self.unused,
            "DatasetGroup": self.empty,
            "Dataset": self.users,
            "EventTracker": self.tracker,
            "Filter": self.filter,
            "MetricAttribution": self.attribution,
            "Solution": self.solution,
            "SolutionVersion": self.version,
            "Campaign": self.campaign,
            "Recommender": self.recommender,
            **{name.removeprefix("Create"): arn for name, arn in self.jobs.items()},
        }

    def _special(self) -> Mapping[str, Callable[[], Request]]:
        event = {"eventType": "watch", "sentAt": 1_700_000_000, "itemId": "i"}
        done = {"actionId": "a", "sessionId": "s", "timestamp": 1_700_000_000, "eventType": "Taken"}
        job = {"jobName": "job", "roleArn": ROLE}
        batch = {**job, "jobInput": INPUT, "jobOutput": OUTPUT}
        where = {"dataLocation": "s3://bucket-shop-data/data.csv"}
        gone = {"dataLocation": "s3://input/gone.csv"}
        named = {"name": "new", "datasetGroupArn": self.group}
        domain = {"name": "new", "datasetGroupArn": self.domain}
        expression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'
        empty = {**named, "datasetGroupArn": getattr(self, "empty", "")}
        return {
            "CreateSchema": lambda: {"name": "new", "schema": INTERACTIONS},
            "CreateDatasetGroup": lambda: {"name": "new"},
            "CreateDataset": lambda: {**empty, "schemaArn": self.unused, "datasetType": "Interactions"},
            "CreateDatasetImportJob": lambda: {**job, "datasetArn": self.interactions, "dataSource": where},
            "CreateDatasetExportJob": lambda: {**job, "datasetArn": self.interactions, "jobOutput": OUTPUT},
            "CreateEventTracker": lambda: empty,
            "CreateFilter": lambda: {**named, "filterExpression": expression},
            "CreateMetricAttribution": lambda: {
                **domain,
                "metrics": [METRIC],
                "metricsOutputConfig": {"roleArn": ROLE},
            },
            "CreateSolution": lambda: {**named, "recipeArn": RECIPE},
            "CreateSolutionVersion": lambda: {"solutionArn": self.solution},
            "CreateCampaign": lambda: {"name": "new", "solutionVersionArn": self.version},
            "CreateRecommender": lambda: {**domain, "recipeArn": TOP_PICKS},
            "CreateBatchInferenceJob": lambda: {**batch, "solutionVersionArn": self.version},
            "CreateBatchSegmentJob": lambda: {**batch, "solutionVersionArn": self.segmenting},
            "CreateDataDeletionJob": lambda: {**job, "datasetGroupArn": self.group, "dataSource": gone},
            "UpdateCampaign": lambda: {"campaignArn": self.campaign},
            "UpdateDataset": lambda: {"datasetArn": self.items, "schemaArn": self.schema},
            "UpdateMetricAttribution": lambda: {"metricAttributionArn": self.attribution},
            "UpdateRecommender": lambda: {
                "recommenderArn": self.recommender,
                "recommenderConfig": {"minRecommendationRequestsPerSecond": 2},
            },
            "UpdateSolution": lambda: {"solutionArn": self.solution, "performAutoTraining": True},
            "StartRecommender": lambda: {"recommenderArn": self.stopped},
            "StopSolutionVersionCreation": lambda: {"solutionVersionArn": self._fresh_version()},
            "GetSolutionMetrics": lambda: {"solutionVersionArn": self.version},
            "TagResource": lambda: {"resourceArn": self.group, "tags": [{"tagKey": "a", "tagValue": ""}]},
            "UntagResource": lambda: {"resourceArn": self.group, "tagKeys": ["a"]},
            "DeleteSolution": lambda: {"solutionArn": self.segmenting.rpartition("/")[0]},
            "PutEvents": lambda: {"trackingId": self.tracking_id, "sessionId": "s", "eventList": [event]},
            "PutItems": lambda: {
                "datasetArn": self.items,
                "items": [{"itemId": "i", "properties": '{"price": 1.5}'}],
            },
            "PutUsers": lambda: {"datasetArn": self.users, "users": [{"userId": "u"}]},
            "PutActions": lambda: {"datasetArn": self.actions, "actions": [{"actionId": "a"}]},
            "PutActionInteractions": lambda: {"trackingId": self._done_id(), "actionInteractions": [done]},
            "GetRecommendations": lambda: {"campaignArn": self.campaign, "userId": "u"},
            "GetPersonalizedRanking": lambda: {"campaignArn": self.ranking, "userId": "u", "inputList": ["i"]},
            "GetActionRecommendations": lambda: {"campaignArn": self.acting, "userId": "u"},
        }

    def _fresh_version(self) -> str:
        make = self.account.personalize.create_solution_version
        return str(make(solutionArn=self.solution)["solutionVersionArn"])

    def _done_id(self) -> str:
        described = self.account.personalize.describe_dataset(datasetArn=self.done)["dataset"]
        return str(described["trackingId"])


def estate_in(directory: Path) -> tuple[Estate, float]:
    """Create the estate and save it; return it and the time."""
    clock = Clock()
    with Emulator(clock.now).started() as emulator:
        estate = Estate(Account(emulator, clock))
        estate.respond("ListSchemas", {})
        emulator.save(directory)
    return estate, clock.time
