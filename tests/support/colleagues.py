"""What colleagues do in the account while nobody expects it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import boto3

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.model.tags import ADDRESS, APPLIED, KEYS, NAME, PROJECT, PROTECT
from tests.support.drafts import NAMES, WATCHED, Pick
from tests.support.watched import REGION, UNTAGGABLE, Watched

LONG = 600.0
"""Seconds after which a deletion or an update has ended."""

DELETABLE = (
    "Campaign",
    "Dataset",
    "DatasetGroup",
    "EventTracker",
    "Filter",
    "MetricAttribution",
    "Recommender",
    "Schema",
    "Solution",
)
FREE_NAMES = (*NAMES, "fresh", "fresh-2", "lookalikes", "web", "events", "items", "next", "shop")
ROLE = "arn:aws:iam::123456789012:role/data"


class Colleagues:
    """They act one deed at a time, each of their choice."""

    def __init__(self, emulator: Watched, clock: SimulatedClock, pick: Pick, tell: Callable[[str], None]) -> None:
        self._emulator, self._clock, self._pick, self._tell = emulator, clock, pick, tell

    def act(self) -> None:
        """Do one thing."""
        deed = self._pick([self._delete, self._replace, self._update, self._tag, self._untag, self._run, self._create])
        deed()

    def _one(self, *kinds: str) -> Record | None:
        """Return a resource of their choice; none if there is none of these kinds."""
        found = [record for record, _ in self._emulator.state().values() if record.kind in kinds]
        return self._pick(sorted(found, key=lambda record: record.number)) if found else None

    def _call(self, operation: str, **request: Any) -> bool:
        accepted = self._emulator.call(operation, **request)
        self._tell(f"  a colleague: {operation} {_short(request)}{'' if accepted else ' (refused)'}")
        return accepted

    def _delete(self) -> Record | None:
        record = self._one(*DELETABLE)
        if record and self._call(f"Delete{record.kind}", **{_arn_member(record.kind): record.arn}):
            return record
        return None

    def _replace(self) -> None:
        """Delete something and create it again, with the old tags, with those of another project, or with none."""
        kept = self._emulator.state()
        record = self._delete()
        if record is None:
            return
        self._clock.sleep(self._pick([0.0, LONG]))
        own = kept[record.arn][1]
        tags = self._pick([{}, {PROJECT: "other/prod", ADDRESS: own.get(ADDRESS, "Filter/x")}, own])
        self._make(record.kind, record.fields, tags)

    def _make(self, kind: str, fields: Mapping[str, Any], tags: Mapping[str, str]) -> bool:
        request = {member: fields[member] for member in _members_to_create(kind) if member in fields}
        if tags and kind not in UNTAGGABLE:
            request["tags"] = [{"tagKey": key, "tagValue": value} for key, value in tags.items()]
        return self._call(f"Create{kind}", **request)

    def _update(self) -> None:
        record = self._one("Campaign", "Recommender", "Solution", "Dataset")
        if record is None:
            return
        arn = {_arn_member(record.kind): record.arn}
        match record.kind:
            case "Campaign":
                self._call("UpdateCampaign", **arn, minProvisionedTPS=self._pick([1, 2, 7]))
            case "Solution":
                self._call("UpdateSolution", **arn, performAutoTraining=self._pick([True, False]))
            case "Recommender":
                self._call(f"{self._pick(['Stop', 'Start'])}Recommender", **arn)
            case _:
                schema = self._one("Schema")
                assert schema
                self._call("UpdateDataset", **arn, schemaArn=schema.arn)

    def _tag(self) -> None:
        record = self._one(*(kind for kind in (*DELETABLE, "SolutionVersion") if kind not in UNTAGGABLE))
        if record is None:
            return
        others = [tags for arn, (_, tags) in self._emulator.state().items() if tags and arn != record.arn]
        tags = self._pick([{"team": "c"}, {PROTECT: "true"}, {PROJECT: "other/prod"}, *others])
        pairs = [{"tagKey": key, "tagValue": value} for key, value in tags.items()]
        self._call("TagResource", resourceArn=record.arn, tags=pairs)

    def _untag(self) -> None:
        found = [record for record, tags in self._emulator.state().values() if tags]
        if not found:
            return
        record = self._pick(sorted(found, key=lambda record: record.number))
        keys = self._pick([[PROJECT], [APPLIED], [KEYS, NAME], [*self._emulator.state()[record.arn][1]]])
        self._call("UntagResource", resourceArn=record.arn, tagKeys=keys)

    def _run(self) -> None:
        """Train a version, or import."""
        record = self._one("Solution", "Dataset")
        if record is None:
            return
        if record.kind == "Solution":
            self._call("CreateSolutionVersion", solutionArn=record.arn, name=self._pick(["theirs", *NAMES]))
            return
        file = {"ITEMS": "items", "INTERACTIONS": "interactions"}.get(record.fields["datasetType"].upper(), "watched")
        self._call(
            "CreateDatasetImportJob",
            datasetArn=record.arn,
            jobName=self._pick(["theirs", "events", "items"]),
            dataSource={"dataLocation": f"s3://every/{file}.csv"},
            roleArn=ROLE,
        )

    def _create(self) -> None:
        """Take a name, with no tags or with tags copied from something."""
        kind, name = self._pick(["Filter", "Solution", "Schema", "Campaign"]), self._pick(FREE_NAMES)
        state = self._emulator.state()
        copied = self._pick([{}, *(tags for _, tags in state.values() if tags)])
        if kind == "Schema":
            schema = self._one("Schema")
            assert schema
            self._make(kind, {**schema.fields, "name": name}, {})
        elif kind == "Campaign":
            if version := self._one("SolutionVersion"):
                fields = {"solutionVersionArn": version.arn, "minProvisionedTPS": 1}
                self._make(kind, {**fields, "name": name}, copied)
        elif group := self._one("DatasetGroup"):
            recipe = "arn:aws:personalize:::recipe/aws-similar-items"
            fields = {"filterExpression": WATCHED, "recipeArn": recipe, "performAutoTraining": False}
            self._make(kind, {**fields, "name": name, "datasetGroupArn": group.arn}, copied)


def _arn_member(kind: str) -> str:
    return f"{kind[0].lower()}{kind[1:]}Arn"


@cache
def _members_to_create(kind: str) -> tuple[str, ...]:
    model = boto3.client("personalize", region_name=REGION).meta.service_model
    return tuple(model.operation_model(f"Create{kind}").input_shape.members)


def _short(request: Mapping[str, Any]) -> str:
    """Return a request in one line, with the ends of the ARNs."""
    return ", ".join(
        f"{key}={str(value).rpartition(':')[2] if 'rn' in key else value}" for key, value in request.items()
    )
