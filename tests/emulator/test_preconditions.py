"""Preconditions of calls (docs/service/2 §6, docs/service/4 §4.5, §4.6)."""

from collections.abc import Callable
from typing import Any

import pytest

from personalize_gitops.emulator import Emulator

from .account import INTERACTIONS, ITEMS, RECIPE, RECIPE_V2, ROLE, USERS, Account, avro, interactions_csv
from .clock import Clock
from .refusals import refusal

UNKNOWN = "arn:aws:personalize:us-east-1:123456789012"
LATEST = "$LATEST"

ONE_LIST: dict[str, list[object]] = {"integerHyperParameterRanges": []}


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("create_dataset", {"name": "d", "schemaArn": f"{UNKNOWN}:schema/no", "datasetType": "Items"}),
        ("create_solution", {"name": "s", "recipeArn": "arn:aws:personalize:::recipe/aws-none"}),
        ("describe_recipe", {"recipeArn": "arn:aws:personalize:::recipe/aws-none"}),
        ("create_event_tracker", {"name": "t", "datasetGroupArn": f"{UNKNOWN}:dataset-group/no"}),
        ("create_solution_version", {"solutionArn": f"{UNKNOWN}:solution/no"}),
        ("create_campaign", {"name": "c", "solutionVersionArn": f"{UNKNOWN}:solution/no/12345678"}),
        ("create_campaign", {"name": "c", "solutionVersionArn": f"{UNKNOWN}:solution/no/{LATEST}"}),
        ("update_campaign", {"campaignArn": f"{UNKNOWN}:campaign/no"}),
        ("delete_filter", {"filterArn": f"{UNKNOWN}:filter/no"}),
        ("list_solution_versions", {"solutionArn": f"{UNKNOWN}:solution/no"}),
        ("list_tags_for_resource", {"resourceArn": f"{UNKNOWN}:filter/no"}),
    ],
)
def test_unknown_arns(account: Account, operation: str, request_: dict[str, Any]) -> None:
    """An unknown ARN is answered with ResourceNotFoundException and is in its message (docs/service/4 §4.6)."""
    if operation in ("create_dataset", "create_solution"):
        request_ = {**request_, "datasetGroupArn": account.group()}

    code, message = refusal(getattr(account.personalize, operation), **request_)

    assert code == "ResourceNotFound"
    assert any(str(value) in message for value in request_.values())


def test_a_bare_solution_arn_is_no_version(account: Account) -> None:
    """CreateCampaign with the ARN of a solution finds no resource (docs/service/4 §1.1)."""
    solution = account.solution(account.filled_group())

    assert refusal(account.personalize.create_campaign, name="c", solutionVersionArn=solution)[0] == "ResourceNotFound"


def _pending_group(account: Account) -> str:
    return str(account.personalize.create_dataset_group(name="pending")["datasetGroupArn"])


def test_parents_have_to_be_active(account: Account) -> None:
    """A reference to a resource that is not ACTIVE is answered with ResourceInUseException (docs/service/4 §4.6)."""
    group, schema = _pending_group(account), account.schema()
    request = {"name": "d", "schemaArn": schema, "datasetGroupArn": group, "datasetType": "Interactions"}

    code, message = refusal(account.personalize.create_dataset, **request)

    assert code == "ResourceInUse"
    assert message == f"datasetGroupArn {group} is in state CREATE PENDING; it must be ACTIVE."


def test_filters_declare_no_such_error(account: Account) -> None:
    """CreateFilter answers with InvalidInputException, because it declares no ResourceInUseException."""
    request = {"name": "f", "filterExpression": "EXCLUDE ItemID WHERE Items.A IN (1)"}

    assert refusal(account.personalize.create_filter, datasetGroupArn=_pending_group(account), **request)[0] == (
        "InvalidInput"
    )


def test_versions_need_a_finished_solution(account: Account) -> None:
    """A solution that is not ACTIVE cannot be trained, nor can a version in training be deployed."""
    group = account.filled_group()
    solution = account.personalize.create_solution(name="s", datasetGroupArn=group, recipeArn=RECIPE)["solutionArn"]
    too_early = refusal(account.personalize.create_solution_version, solutionArn=solution)
    account.clock.pass_time(minutes=5)
    version = account.personalize.create_solution_version(solutionArn=solution)["solutionVersionArn"]

    on_training = refusal(account.personalize.create_campaign, name="c", solutionVersionArn=version)
    on_latest = refusal(account.personalize.create_campaign, name="c", solutionVersionArn=f"{solution}/{LATEST}")

    assert (too_early[0], on_training[0], on_latest[0]) == ("ResourceInUse",) * 3


def test_taken_names(account: Account) -> None:
    """A name in use is refused with the ARN of the resource that has it (docs/service/4 §4.6)."""
    group = account.group()
    schema = account.schema()

    assert refusal(account.personalize.create_dataset_group, name="shop") == (
        "ResourceAlreadyExists",
        f"Another resource with Arn {group} already exists.",
    )
    assert refusal(account.personalize.create_schema, name="interactions", schema=INTERACTIONS) == (
        "ResourceAlreadyExists",
        f"Another resource with Arn {schema} already exists.",
    )


def test_one_dataset_of_a_type(account: Account) -> None:
    """A second dataset of a type is refused, with any name and any case of the type (docs/service/2 §2.1)."""
    group = account.group()
    first = account.dataset(group)
    schema = account.schema("another")

    code, message = refusal(
        account.personalize.create_dataset,
        name="other",
        schemaArn=schema,
        datasetGroupArn=group,
        datasetType="INTERACTIONS",
    )

    assert code == "ResourceAlreadyExists"
    assert first in message


@pytest.mark.parametrize(("limit", "code"), [(False, "ResourceAlreadyExists"), (True, "LimitExceeded")])
def test_one_tracker_in_a_group(clock: Clock, limit: bool, code: str) -> None:
    """A second tracker is refused; the error code is a setting (docs/service/3 §2.1)."""
    with Emulator(clock.now, second_of_its_kind_is_a_limit=limit).started() as emulator:
        account = Account(emulator, clock)
        group = account.group()
        account.personalize.create_event_tracker(name="t", datasetGroupArn=group)
        account.settle()

        assert refusal(account.personalize.create_event_tracker, name="u", datasetGroupArn=group)[0] == code


def test_job_names_are_spent(account: Account) -> None:
    """The name of a failed import stays in use, because imports cannot be deleted (docs/service/4 §1.3)."""
    dataset = account.dataset(account.group())
    assert account.imported(dataset, "no,such,columns\n")["status"] == "CREATE FAILED"

    assert refusal(account.start_import, dataset=dataset, content="")[0] == "ResourceAlreadyExists"


def test_served_solutions_stay(account: Account) -> None:
    """A solution with a campaign cannot be deleted; otherwise its versions are deleted too (docs/service/4 §1.3)."""
    solution, version, campaign = account.served()
    blocked = refusal(account.personalize.delete_solution, solutionArn=solution)

    account.personalize.delete_campaign(campaignArn=campaign)
    account.settle()
    account.personalize.delete_solution(solutionArn=solution)
    account.settle()

    assert blocked[0] == "ResourceInUse"
    assert campaign in blocked[1]
    assert refusal(account.status, arn=version)[0] == "ResourceNotFound"


def test_training_blocks_solution_and_datasets(account: Account) -> None:
    """Neither a solution in training nor the dataset it trains on can be deleted (docs/service/3 §3.5)."""
    group = account.filled_group()
    solution = account.solution(group)
    version = account.personalize.create_solution_version(solutionArn=solution)["solutionVersionArn"]
    dataset = account.personalize.list_datasets(datasetGroupArn=group)["datasets"][0]["datasetArn"]

    for delete, arn in ((account.personalize.delete_solution, solution), (account.personalize.delete_dataset, dataset)):
        member = "solutionArn" if arn == solution else "datasetArn"
        code, message = refusal(delete, **{member: arn})
        assert (code, version in message) == ("ResourceInUse", True)


def test_groups_are_emptied_first(account: Account) -> None:
    """A group with a dataset and a schema of a dataset cannot be deleted (docs/service/3 §3.5)."""
    group = account.group()
    dataset = account.dataset(group)
    schema = account.personalize.describe_dataset(datasetArn=dataset)["dataset"]["schemaArn"]
    blocked = [
        refusal(account.personalize.delete_dataset_group, datasetGroupArn=group),
        refusal(account.personalize.delete_schema, schemaArn=schema),
    ]

    account.personalize.delete_dataset(datasetArn=dataset)
    account.settle()
    account.personalize.delete_dataset_group(datasetGroupArn=group)
    account.personalize.delete_schema(schemaArn=schema)

    assert [(code, dataset in message) for code, message in blocked] == [("ResourceInUse", True)] * 2


def test_imports_start_with_a_full_one(account: Account) -> None:
    """INCREMENTAL needs a bulk import before it (docs/service/2 §7.2)."""
    dataset = account.dataset(account.group())

    code, message = refusal(account.start_import, dataset=dataset, content=interactions_csv(), mode="INCREMENTAL")

    assert (code, "FULL" in message) == ("InvalidInput", True)


@pytest.mark.parametrize(
    "location", ["s3://bucket/folder", "s3://bucket/file.txt", "https://bucket/file.csv", "s3:///"]
)
def test_data_locations(account: Account, location: str) -> None:
    """A location is a .csv file or a folder ending in a slash (docs/service/2 §7.5)."""
    request = {"jobName": "j", "datasetArn": account.dataset(account.group()), "roleArn": ROLE}

    found = refusal(account.personalize.create_dataset_import_job, dataSource={"dataLocation": location}, **request)

    assert found == ("InvalidInput", "Invalid Data location.")


def test_running_imports_are_limited(account: Account) -> None:
    """A sixth import at a time is refused with the message for pending resources (docs/service/4 §4.6)."""
    dataset = account.dataset(account.group())
    for number in range(5):
        account.start_import(dataset, interactions_csv(), f"j{number}")

    too_many = refusal(account.start_import, dataset=dataset, content="", name="j5")
    account.settle()

    assert too_many == ("LimitExceeded", "More than 5 resources with PENDING or IN_PROGRESS status.")
    assert account.start_import(dataset, interactions_csv(), "j5")


def test_quotas_of_existing_resources(account: Account) -> None:
    """A sixth campaign in a group is refused with the message for active resources (docs/service/4 §4.6)."""
    _, version, _ = account.served()
    for number in range(4):
        account.campaign(version, f"c{number}")

    found = refusal(account.personalize.create_campaign, name="c5", solutionVersionArn=version)

    assert found == (
        "LimitExceeded",
        "More than 5 resources with ACTIVE status. Please delete some and try again.",
    )


def test_quotas_can_be_raised(clock: Clock) -> None:
    """A quota can be set when an emulator is created."""
    with Emulator(clock.now, quotas={"DatasetGroup": 7}).started() as emulator:
        account = Account(emulator, clock)
        for number in range(7):
            account.group(f"g{number}")

        assert refusal(account.personalize.create_dataset_group, name="g7")[0] == "LimitExceeded"


GROUP_RULES: list[tuple[dict[str, Any], str, str]] = [
    ({"kmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/k"}, "together", "docs/service/2 §3.1"),
    ({"roleArn": ROLE}, "together", "docs/service/2 §3.1"),
]


@pytest.mark.parametrize(("request_", "words", "reference"), GROUP_RULES)
def test_keys_need_roles(account: Account, request_: dict[str, Any], words: str, reference: str) -> None:
    """A group has a key and a role, or neither."""
    code, message = refusal(account.personalize.create_dataset_group, name="g", **request_)

    assert (code, words in message) == ("InvalidInput", True), reference


SOLUTION_RULES: list[tuple[dict[str, Any], str]] = [
    ({"performAutoML": True}, "performAutoML"),  # docs/service/1 §14: its recipes are gone
    ({"recipeArn": "arn:aws:personalize:::recipe/aws-hrnn"}, "no longer available"),  # docs/service/1 §13.4
    ({"recipeArn": "arn:aws:personalize:::recipe/aws-vod-top-picks"}, "use case"),  # docs/service/1 §2
    ({"solutionConfig": {"algorithmHyperParameters": {"bptt": "33"}}}, "bptt"),  # docs/service/1 §13.3
    ({"solutionConfig": {"algorithmHyperParameters": {"wings": "2"}}}, "wings"),
    # docs/service/2 §8.1
    ({"solutionConfig": {"autoTrainingConfig": {"schedulingExpression": "rate(31 days)"}}}, "30 days"),
    ({"solutionConfig": {"eventValueThreshold": "3"}}, "EVENT_VALUE"),  # docs/service/2 §8.5
    # docs/service/2 §8.5
    ({"solutionConfig": {"eventsConfig": {"eventParametersList": [{"weight": 1.0}]}}}, "eventsConfig"),
    (
        {
            "performHPO": True,
            "solutionConfig": {"hpoConfig": {"algorithmHyperParameterRanges": ONE_LIST}},
        },
        "all three lists",  # docs/service/2 §8.3
    ),
    ({"performHPO": True, "recipeArn": RECIPE_V2, "solutionConfig": {"hpoConfig": {}}}, "performHPO"),
    ({"performIncrementalUpdate": True}, "performIncrementalUpdate"),  # docs/service/2 §14
    (
        {"solutionConfig": {"optimizationObjective": {"itemAttribute": "NO"}}},
        "no dataset of type Items",
    ),  # docs/service/2 §8.4
    (
        {"solutionConfig": {"trainingDataConfig": {"excludedDatasetColumns": {"Interactions": ["EVENT_TYPE"]}}}},
        "EVENT_TYPE",  # docs/service/2 §8.2
    ),
]


@pytest.mark.parametrize(("request_", "words"), SOLUTION_RULES)
def test_solution_rules(account: Account, request_: dict[str, Any], words: str) -> None:
    """A configuration that the recipe does not support is refused, and the message names the member."""
    group = account.group()
    account.dataset(group)
    recipe = {} if request_.get("performAutoML") else {"recipeArn": RECIPE}

    code, message = refusal(
        account.personalize.create_solution, name="s", datasetGroupArn=group, **{**recipe, **request_}
    )

    assert (code, words in message) == ("InvalidInput", True), message


CAMPAIGN_RULES: list[tuple[dict[str, Any], str]] = [
    ({"campaignConfig": {"syncWithLatestSolutionVersion": True}}, LATEST),  # docs/service/2 §3.10
    ({"campaignConfig": {"rankingInfluence": {"POPULARITY": 0.5}}}, "rankingInfluence"),  # docs/service/2 §14
    # docs/service/1 §11.2
    ({"campaignConfig": {"itemExplorationConfig": {"explorationWeight": "2"}}}, "explorationWeight"),
    ({"campaignConfig": {"itemExplorationConfig": {"courage": "1"}}}, "courage"),
    ({"campaignConfig": {"enableMetadataWithRecommendations": True}}, "Items dataset"),  # docs/service/2 §3.10
]


@pytest.mark.parametrize(("request_", "words"), CAMPAIGN_RULES)
def test_campaign_rules(account: Account, request_: dict[str, Any], words: str) -> None:
    """A campaign configuration that the recipe does not support is refused, on creation and on update."""
    _, version, campaign = account.served()

    created = refusal(account.personalize.create_campaign, name="c", solutionVersionArn=version, **request_)
    updated = refusal(account.personalize.update_campaign, campaignArn=campaign, solutionVersionArn=version, **request_)

    assert created == updated
    assert (created[0], words in created[1]) == ("InvalidInput", True), created


DATASET_RULES: list[tuple[str, str, dict[str, Any], str]] = [
    ("Items", INTERACTIONS, {}, "record"),  # docs/service/1 §7.2
    # docs/service/1 §2
    ("Actions", avro("Actions", "ACTION_ID", {"name": "V", "type": "int"}), {"domain": "ECOMMERCE"}, "domain"),
    ("Users", USERS, {"domain": "ECOMMERCE"}, "domain"),  # docs/service/4 §2.2: the schema has none
    ("Films", INTERACTIONS, {}, "datasetType"),  # docs/service/4 §2
]


@pytest.mark.parametrize(("type_", "schema", "group", "words"), DATASET_RULES)
def test_dataset_rules(account: Account, type_: str, schema: str, group: dict[str, Any], words: str) -> None:
    """A dataset needs a type that its group can have and a schema of that type and domain."""
    request = {"schemaArn": account.schema("s", schema), "datasetGroupArn": account.group(**group)}

    code, message = refusal(account.personalize.create_dataset, name="d", datasetType=type_, **request)

    assert (code, words in message) == ("InvalidInput", True), message


def test_schemas_are_checked(account: Account) -> None:
    """A text that is not a schema, or lacks a required column, is refused (docs/service/1 §20)."""
    create = account.personalize.create_schema

    assert refusal(create, name="s", schema="{")[0] == "InvalidInput"
    assert "TIMESTAMP is missing" in refusal(create, name="s", schema=avro("Interactions", "USER_ID", "ITEM_ID"))[1]


@pytest.mark.parametrize(
    ("type_", "old", "new", "words"),
    [
        ("Items", ITEMS, avro("Items", "ITEM_ID", {"name": "PRICE", "type": "float"}), "GENRES must stay"),
        ("Interactions", INTERACTIONS, INTERACTIONS, "cannot be replaced"),
    ],
)
def test_schema_replacements(account: Account, type_: str, old: str, new: str, words: str) -> None:
    """Only Items and Users can change their schema, and only to one with more columns (docs/service/3 §3.3)."""
    dataset = account.dataset(account.group(), type_, old)

    code, message = refusal(
        account.personalize.update_dataset, datasetArn=dataset, schemaArn=account.schema("new", new)
    )

    assert (code, words in message) == ("InvalidInput", True), message


FILTER_RULES = [
    ("EXCLUDE ItemID WHERE Interactions.EVENT_TYPE NOT IN ($X)", "Invalid input symbol: $X"),  # docs/service/3 §9
    ("EXCLUDE ItemID WHERE Items.GENRES IN (", "Invalid Expression"),
    ('EXCLUDE ItemID WHERE Items.COLOUR IN ("red")', "COLOUR"),  # docs/service/3 §4.3
]


@pytest.mark.parametrize(("expression", "words"), FILTER_RULES)
def test_filter_rules(account: Account, expression: str, words: str) -> None:
    """A filter with a syntax error or unknown columns is refused (docs/service/3 §9)."""
    group = account.group()
    account.dataset(group)
    account.dataset(group, "Items", ITEMS)

    code, message = refusal(
        account.personalize.create_filter, name="f", datasetGroupArn=group, filterExpression=expression
    )

    assert (code, message.startswith("Could not create filter."), words in message) == ("InvalidInput", True, True)


Call = Callable[..., Any]


def test_one_update_at_a_time(account: Account) -> None:
    """During an update, another update and a deletion are refused."""
    _, _, campaign = account.served()
    account.personalize.update_campaign(campaignArn=campaign, minProvisionedTPS=2)

    calls: list[Call] = [account.personalize.update_campaign, account.personalize.delete_campaign]
    codes = [refusal(call, campaignArn=campaign)[0] for call in calls]

    assert codes == ["ResourceInUse", "ResourceInUse"]


def test_update_mode(account: Account) -> None:
    """trainingMode UPDATE needs a recipe that supports it and an ACTIVE FULL version (docs/service/2 §3.9)."""
    group = account.filled_group()
    old, new = account.solution(group), account.solution(group, "v2", recipeArn=RECIPE_V2)
    create = account.personalize.create_solution_version
    codes = [refusal(create, solutionArn=solution, trainingMode="UPDATE")[0] for solution in (old, new)]

    account.version(old)

    assert codes == ["InvalidInput", "InvalidInput"]
    assert account.status(account.version(old, trainingMode="UPDATE")) == "ACTIVE"
