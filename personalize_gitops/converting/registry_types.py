"""The resource types `AWS::Personalize::*`, which CloudFormation and the awscc provider of Terraform share."""

from __future__ import annotations

from dataclasses import replace

from personalize_gitops.converting.collected import Collected
from personalize_gitops.converting.requests import SPEC, draft_of
from personalize_gitops.converting.source import Value, same_key
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.conversion import ConversionCode
from personalize_gitops.model.reason import Reason

PREFIX = "AWS::Personalize::"
_KINDS = {same_key(kind): kind for kind in KINDS}
_READ_ONLY = {"id", "status", "creationdatetime", "lastupdateddatetime", "trackingid", "datasetimportjobarn"}
_IMPORT = ("DatasetImportJob", "dataset_import_job")


def kind_of(type_: str) -> str | None:
    """Return the kind of a type such as `AWS::Personalize::DatasetGroup` or `awscc_personalize_dataset_group`."""
    for prefix in (PREFIX, "awscc_personalize_"):
        if type_.startswith(prefix):
            return _KINDS.get(same_key(type_.removeprefix(prefix)))
    return None


def add_resource(made: Collected, kind: str, config: Value) -> str:
    """Add the document of a resource, and the import that a dataset contains; return the name of the document."""
    settable = config.without(*_IMPORT, *_noted_read_only(config, f"{same_key(kind)}arn"))
    draft = draft_of(made, kind, settable)
    if kind == "Solution":  # the type has no such property
        reason = Reason(ConversionCode.TRAINS_AUTOMATICALLY)
        config["PerformAutoTraining"].defaulted(reason, draft.address, SPEC / "performAutoTraining")
        draft = replace(draft, spec={**draft.spec, "performAutoTraining": True})
    name = made.add(draft, config).address.name
    job = config["DatasetImportJob"]
    if job and any(True for _ in job.items()):
        own = job.without(*_noted_read_only(job, "datasetarn"))
        made.add(draft_of(made, "DatasetImportJob", own, name=name, dataset=name), job)
    return name


def _noted_read_only(config: Value, arn: str) -> list[str]:
    """Return the keys that the service sets, and note them."""
    found = {key: value for key, value in config.items() if same_key(key) in {*_READ_ONLY, arn}}
    for value in found.values():
        value.dropped(Reason(ConversionCode.READ_ONLY))
    return [*found]
