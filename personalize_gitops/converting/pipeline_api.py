"""The request bodies of a pipeline API for Personalize, one file for each call, named after its route: `sims.json`.

The routes are those of docs/service/5 §4. A second part in the name of a file tells calls of one route apart:
`schema.items.json`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from personalize_gitops.converting.collected import Collected
from personalize_gitops.converting.requests import NAME, SPEC, draft_of, recipe_of
from personalize_gitops.converting.source import Value
from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import ConversionCode, Parsed
from personalize_gitops.model.draft import Draft
from personalize_gitops.model.reason import Reason, Verbatim, because

_RECIPES = {
    "user-personalization": "aws-user-personalization",
    "sims": "aws-sims",
    "ranking": "aws-personalized-ranking",
    "hrnn-metadata": "aws-hrnn-metadata",
    "metadata-dataset": "aws-hrnn-metadata",
}
_FULL_ARN = re.compile(r"arn:[a-z\d-]+:personalize:[a-z\d-]+:\d{12}:.+")
_SIDE_DATA = {"Interactions": ("bucket", "schema_arn"), "Items": ("item_bucket", "item_schema_arn")} | {
    "Users": ("user_bucket", "user_schema_arn")
}


def convert(made: Collected, files: tuple[Parsed, ...]) -> None:
    """Add the documents of each call: schemas first, because others refer to them, and batch jobs last."""
    ordered = sorted(files, key=lambda each: (each.stem != "schema", each.stem == "batch-inference"))
    for root, stem in made.roots(ordered):
        _ROUTES.get(stem, _unknown_route)(made, root, stem)


def _unknown_route(made: Collected, body: Value, route: str) -> None:
    body.decision(because(ConversionCode.UNKNOWN_ROUTE, routes=tuple(map(Verbatim, sorted(_ROUTES)))))


def _command(*words: str) -> Callable[[Collected, Value, str], None]:
    """Return what reads a call that leaves nothing behind: this program has a command for it."""

    def read(made: Collected, body: Value, route: str) -> None:
        body.dropped(because(ConversionCode.RUN_COMMAND, command=tuple(map(Verbatim, words))))

    return read


def _events(made: Collected, body: Value, route: str) -> None:
    body.dropped(Reason(ConversionCode.EVENTS))


def _schema(made: Collected, body: Value, route: str) -> None:
    made.file = "schemas"
    made.add(draft_of(made, "Schema", body), body)


def _pipeline(made: Collected, body: Value, route: str) -> None:
    """Add the group, its datasets with their imports, a tracker, and a solution with its training and campaign."""
    group = _group(made, body)
    for type_, (location, schema) in _SIDE_DATA.items():
        if body[location] or body[schema]:
            _dataset(made, body, group, type_)
    tracker = Draft(Address("EventTracker", group), {"datasetGroup": group}, file=group)
    body["event_tracker"].defaulted(Reason(ConversionCode.MADE_BY_SYSTEM), tracker.address)
    made.add(tracker, body)
    _train(made, body, route)
    campaign = Address("Campaign", f"{group}-{route}")
    body["campaign"].defaulted(Reason(ConversionCode.MADE_BY_SYSTEM), campaign)
    made.add(Draft(campaign, {"solutionVersion": campaign.name, "minProvisionedTPS": 1}, file=group), body)


def _train(made: Collected, body: Value, route: str) -> None:
    """Add a solution and its training. A call trains once, so the service does not train by itself."""
    group = _group(made, body)
    name = f"{group}-{route}"
    address = Address("Solution", name)
    given: dict[str, Any] = {"datasetGroup": group, "performAutoTraining": False}
    given["recipe"] = recipe_of(_RECIPES.get(route, ""), body["route"], address)
    if not given["recipe"]:
        del given["recipe"]
    body["perform_auto_training"].defaulted(
        Reason(ConversionCode.TRAINED_BY_CALL), address, SPEC / "performAutoTraining"
    )
    if body["perform_hpo"]:
        reason = Reason(ConversionCode.ANY_VALUE_MEANS_YES)
        body["perform_hpo"].exact(address, SPEC / "performHPO", reason)
        given |= {"performHPO": True} if body["perform_hpo"].value != "" else {}
    made.add(draft_of(made, "Solution", body.only("recipe_arn", "solution_config"), name=name, **given), body)
    made.add(Draft(Address("SolutionVersion", name), {"solution": name}, file=group), body)


def _group(made: Collected, body: Value) -> str:
    """Add the dataset group of a call, and return its name."""
    group = str(body["name"].value or "unnamed")
    address = Address("DatasetGroup", group)
    if not body["name"]:
        body["name"].decision(Reason(ConversionCode.NO_NAME), address, NAME)
    body["name"].exact(address, NAME)
    made.file = group
    made.add(Draft(address, {}, file=group), body)
    return group


def _dataset(made: Collected, body: Value, group: str, type_: str) -> None:
    """Add a dataset and the import that each call makes."""
    location, schema = _SIDE_DATA[type_]
    name = f"{group}-{type_.lower()}"
    address, job = Address("Dataset", name), Address("DatasetImportJob", name)
    spec = {"datasetGroup": group, "datasetType": type_, "schema": _schema_of(made, body[schema], address)}
    made.add(Draft(address, spec, file=group), body)
    body[location].exact(job, SPEC / "dataSource" / "dataLocation")
    made.add(
        Draft(
            job,
            {
                "dataset": name,
                "dataSource": {"dataLocation": body[location].value},
                "roleArn": made.role(body["role_arn"], job, SPEC / "roleArn"),
            },
            file=group,
        ),
        body,
    )


def _schema_of(made: Collected, arn: Value, dataset: Address) -> str:
    """Return the name of a schema that a call creates, else its ARN; an ARN that is not complete is a decision."""
    name = str(arn.value).rpartition("/")[2].strip() or "unnamed"
    declared = Address("Schema", name) in made.drafts
    arn.exact(dataset, SPEC / "schema")
    if declared or not _FULL_ARN.fullmatch(str(arn.value)):
        if not declared and dataset not in made.drafts:
            reason = because(ConversionCode.NOT_DECLARED, address=Address("Schema", name))
            arn.decision(reason, dataset, SPEC / "schema")
        return name
    return str(arn.value)


def _batch(made: Collected, body: Value, route: str) -> None:
    """Add a batch inference job. The version of a solution that no call makes is pinned, which is a decision."""
    address = Address("BatchInferenceJob", str(body["name"].value or "unnamed"))
    made.file = made.file or "batch"
    version = body["solution_version_arn"]
    version.decision(Reason(ConversionCode.PINNED_VERSION), address, SPEC / "solutionVersion")
    for key, member in (("name", NAME), ("input_path", SPEC / "jobInput"), ("output_path", SPEC / "jobOutput")):
        body[key].exact(address, member)
    spec = {
        "solutionVersion": version.value,
        "jobInput": {"s3DataSource": {"path": body["input_path"].value}},
        "jobOutput": {"s3DataDestination": {"path": body["output_path"].value}},
        "roleArn": made.role(body["role_arn"], address, SPEC / "roleArn"),
    }
    made.add(Draft(address, spec, file=made.file), body)


_ROUTES: Mapping[str, Callable[[Collected, Value, str], None]] = {
    "cleanup": _command("destroy"),
    **dict.fromkeys(("user-personalization", "sims", "ranking", "hrnn-metadata"), _pipeline),
    **dict.fromkeys(("metadata-dataset", "interactions-dataset"), _pipeline),
    "train-recipe": _train,
    "batch-inference": _batch,
    "schema": _schema,
    "put-events": _events,
    "tracking": _command("status"),
    "metrics": _command("metrics"),
    "campaigns": _command("status"),
    **dict.fromkeys(("recommend-sims", "recommend-hrnn", "recommend-ranking"), _command("recommend")),
}
