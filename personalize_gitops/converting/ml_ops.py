"""The params.json of the ml_ops sample of amazon-personalize-samples (docs/service/5 §3)."""

from __future__ import annotations

from typing import Any

from personalize_gitops.converting.collected import Collected
from personalize_gitops.converting.requests import NAME, SPEC, draft_of
from personalize_gitops.converting.source import Value
from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import ConversionCode, Parsed
from personalize_gitops.model.draft import Draft, joined
from personalize_gitops.model.reason import Path, Reason, Verbatim, because

_CAMPAIGN = "Campaign"  # the end of a campaign's key; the rest is the key of its solution


def convert(made: Collected, files: tuple[Parsed, ...]) -> None:
    """Add the documents of each file: one dataset group."""
    for root, _ in made.roots(files):
        _read(made, root)


def _read(made: Collected, root: Value) -> None:
    service = root["datasetGroup"]
    group = made.file = str(service["name"].value or "unnamed")
    made.add(draft_of(made, "DatasetGroup", service), service)
    for type_, block in root["datasets"].items():
        _dataset(made, type_, block, group)
    if root["eventTracker"]:
        made.add(draft_of(made, "EventTracker", root["eventTracker"], datasetGroup=group), root["eventTracker"])
    for each in root["filters"].each():
        made.add(draft_of(made, "Filter", each, datasetGroup=group), each)
    for key, block in root["solutions"].items():
        _solution(made, block, root["campaigns"][f"{key}{_CAMPAIGN}"], group)


def _dataset(made: Collected, type_: str, block: Value, group: str) -> None:
    """Add a dataset with its schema, and the import that an upload starts."""
    name = str(block["name"].value or f"{group}-{type_.lower()}")
    schema = draft_of(made, "Schema", block.only("schema"), name=f"{name}-schema")
    made.add(schema, block)
    given: dict[str, Any] = {"datasetGroup": group, "datasetType": type_, "schema": schema.address.name}
    made.add(draft_of(made, "Dataset", block.without("schema"), name=name, **given), block)
    job, at = Address("DatasetImportJob", name), block["import"]
    at.defaulted(Reason(ConversionCode.NAME_MADE), job, NAME)
    at["run"].defaulted(Reason(ConversionCode.AFTER_UPLOAD), job, Path(("run", "when")))
    source, folder = SPEC / "dataSource" / "dataLocation", f"{type_}/"
    at["dataSource"].defaulted(because(ConversionCode.BY_CONVENTION, other=Verbatim(folder)), job, source)
    bucket = made.bucket(at["bucket"], job, source)
    spec = {
        "dataset": name,
        "dataSource": {"dataLocation": joined(("s3://", bucket, "/", folder))},
        "roleArn": made.role(at["roleArn"], job, SPEC / "roleArn"),
    }
    made.add(Draft(job, spec, file=group), block)


def _solution(made: Collected, block: Value, campaign: Value, group: str) -> None:
    """Add a solution, the training that each run of the pipeline starts, and the campaign whose key is bound to it."""
    draft = draft_of(made, "Solution", block, datasetGroup=group, performAutoTraining=False)
    name = made.add(draft, block).address.name
    if not block["performAutoTraining"]:
        reason = Reason(ConversionCode.TRAINED_BY_CALL)
        block["performAutoTraining"].defaulted(reason, draft.address, SPEC / "performAutoTraining")
    version = Address("SolutionVersion", name)
    block["solutionVersion"].defaulted(Reason(ConversionCode.AFTER_UPLOAD), version, Path(("run", "when")))
    made.add(Draft(version, {"solution": name}, file=group), block)
    if campaign:
        made.add(draft_of(made, _CAMPAIGN, campaign, solutionVersion=name), campaign)
