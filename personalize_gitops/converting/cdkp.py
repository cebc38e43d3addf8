"""The input of aws-samples/automate-mlops-personalize-cdk-pipeline (docs/service/5 §3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from personalize_gitops.converting.collected import Collected
from personalize_gitops.converting.requests import NAME, SPEC, draft_of
from personalize_gitops.converting.source import Value
from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import ConversionCode, Parsed
from personalize_gitops.model.draft import Draft
from personalize_gitops.model.reason import Reason

_SWITCHES = (
    *("createNewJob", "createNewSolutionVersion", "createCampaign", "createRecommender"),
    *("createBatchInferenceJob", "createBatchSegmentJob", "solutionversion"),
)
"""Keys that say whether or from what something is created; a document says that it exists."""


def convert(made: Collected, files: tuple[Parsed, ...]) -> None:
    """Add the documents of each input: one dataset group."""
    for root, _ in made.roots(files):
        _read(made, root)


def _read(made: Collected, root: Value) -> None:
    service = root["datasetGroup"]["serviceConfig"]
    group = made.file = str(service["name"].value or "unnamed")
    made.add(draft_of(made, "DatasetGroup", service), service)
    for block in root["datasetGroup"]["datasets"].each():
        _dataset(made, block, group)
    for kind, block in _members(root):
        config = _config(block)
        made.add(draft_of(made, kind, config, datasetGroup=group), config)
    for block in root["solutions"].each():
        _solution(made, block, group)


def _members(root: Value) -> Iterator[tuple[str, Value]]:
    """Yield the resources that have nothing below them, with their kinds."""
    yield from (("Filter", each) for each in root["filters"].each())
    yield from (("EventTracker", each) for each in (root["eventTracker"],) if each)
    yield from (("Recommender", each) for each in root["recommenders"].each())


def _config(block: Value) -> Value:
    """Return the request of a block, and note the switches beside it."""
    for name in _SWITCHES:
        if block[name]:
            block[name].dropped(Reason(ConversionCode.CREATES_ALWAYS))
    return block["serviceConfig"]


def _dataset(made: Collected, block: Value, group: str) -> None:
    schema = _schema(made, block["schema"], group)
    config, type_ = block["dataset"]["serviceConfig"], block["type"]
    draft = draft_of(made, "Dataset", config, datasetGroup=group, datasetType=type_.value, schema=schema)
    type_.exact(draft.address, SPEC / "datasetType")
    made.add(draft, config)
    if block["datasetImportJob"]:
        job = _config(block["datasetImportJob"])
        made.add(draft_of(made, "DatasetImportJob", job, name=draft.address.name, dataset=draft.address.name), job)


def _schema(made: Collected, block: Value, group: str) -> str:
    """Add a schema under the name that the pipeline composes: group, schema and version."""
    config, version = block["serviceConfig"], block["schemaVersion"]
    parts = [group, str(config["name"].value or "schema"), str(version.value or "")]
    name = "-".join(filter(None, parts))[:63]
    address = Address("Schema", name)
    draft = draft_of(made, "Schema", config.without("name"), name=name)
    for part in (config["name"], version):
        if part:
            part.defaulted(Reason(ConversionCode.NAME_MADE), address, NAME)
    return made.add(draft, config).address.name


def _solution(made: Collected, block: Value, group: str) -> None:
    config = block["serviceConfig"]
    solution = made.add(draft_of(made, "Solution", config, datasetGroup=group), config)
    name = solution.address.name
    if "performAutoTraining" not in solution.spec:
        reason = Reason(ConversionCode.TRAINS_AUTOMATICALLY)
        config["performAutoTraining"].defaulted(reason, solution.address, SPEC / "performAutoTraining")
        made.change(solution.address, spec={**solution.spec, "performAutoTraining": True})
    version = block["solutionVersion"]
    made.add(draft_of(made, "SolutionVersion", _config(version), name=name, solution=name), version)
    for kind, key in (
        ("Campaign", "campaigns"),
        ("BatchInferenceJob", "batchInferenceJobs"),
        ("BatchSegmentJob", "batchSegmentJobs"),
    ):
        for number, each in enumerate(block[key].each(), start=1):
            _on_version(made, kind, each, f"{name}-{key}-{number}"[:63], name)


def _version_for(made: Collected, kind: str, solution: str) -> Any:
    """Return the declared training, or for a campaign whose solution trains by itself the newest version."""
    automatic = made.drafts[Address("Solution", solution)].spec["performAutoTraining"]
    return {"solution": solution, "version": "latest"} if kind == "Campaign" and automatic else solution


def _on_version(made: Collected, kind: str, block: Value, name: str, solution: str) -> None:
    config = _config(block)
    own: Any = {} if kind == "Campaign" else {"run": {"when": []}}
    version = _version_for(made, kind, solution)
    draft = draft_of(made, kind, config, name=name, solutionVersion=version, **own)
    if kind != "Campaign" and "roleArn" not in draft.spec:
        spec = {**draft.spec, "roleArn": made.role(config["roleArn"], draft.address, SPEC / "roleArn")}
        draft = Draft(draft.address, spec, draft.tags, draft.run, file=draft.file)
    made.add(draft, config)
