"""The switches of Settings for open questions: each row sets one and shows the difference to the default."""

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from personalize_gitops.emulator import Emulator, Settings

from .account import INTERACTIONS, ITEMS, ROLE, Account, avro, client, interactions_csv
from .clock import Clock
from .refusals import refusal

Look = Callable[[Account], Any]

NOT_DOUBTS = {
    "calls_per_second",
    "account",
    "seed",
    "quotas",
    "durations",
    "instant",
    "rates_enforced",
    "roles_enforced",
    "callers_enforced",
}
USER_PERSONALIZATION = "arn:aws:personalize:::recipe/aws-user-personalization"
TIME = {"name": "TIMESTAMP", "type": "long"}
VALUE = {"name": "EVENT_VALUE", "type": ["null", "float"]}
COUNT = {"eventType": "watch", "metricName": "count", "expression": "SAMPLECOUNT()"}


def _schema_text(account: Account) -> Any:
    text = INTERACTIONS.replace('", "', '" ,  "')
    arn = account.schema("spaced", text)
    return account.personalize.describe_schema(schemaArn=arn)["schema"]["schema"] == text


def _pending_group_filter(account: Account) -> Any:
    group = account.personalize.create_dataset_group(name="g")["datasetGroupArn"]
    request = {"name": "f", "datasetGroupArn": group, "filterExpression": "EXCLUDE ItemID WHERE Items.A IN (1)"}
    return refusal(account.personalize.create_filter, **request)[0]


def _tracker_twice(account: Account) -> Any:
    group = account.group()
    account.personalize.create_event_tracker(name="a", datasetGroupArn=group)
    return refusal(account.personalize.create_event_tracker, name="b", datasetGroupArn=group)[0]


def _tracker(account: Account) -> Any:
    try:
        arn = account.personalize.create_event_tracker(name="clicks", datasetGroupArn=account.group())
    except account.personalize.exceptions.InvalidInputException:
        return "refused"
    return str(arn["eventTrackerArn"]).endswith("/clicks")


def _list_of_unknown(account: Account) -> Any:
    unknown = "arn:aws:personalize:us-east-1:123456789012:dataset-group/no"
    try:
        return account.personalize.list_filters(datasetGroupArn=unknown)["Filters"]
    except account.personalize.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


def _recommender(account: Account) -> Any:
    return refusal(account.personalize.start_recommender, recommenderArn=_recommending(account))[0]


def _retrained(account: Account) -> Any:
    arn = _recommending(account)
    account.clock.pass_time(days=8)
    return "latestRecommenderUpdate" in account.personalize.describe_recommender(recommenderArn=arn)["recommender"]


def _recommending(account: Account) -> str:
    group = account.group(domain="VIDEO_ON_DEMAND")
    # The domain asks for EVENT_TYPE; the use case for the events themselves.
    dataset = account.dataset(group, domain="VIDEO_ON_DEMAND")
    account.imported(dataset, interactions_csv(event="Watch"))
    recipe = "arn:aws:personalize:::recipe/aws-vod-top-picks"
    create = account.personalize.create_recommender
    arn = create(name="r", datasetGroupArn=group, recipeArn=recipe)["recommenderArn"]
    account.train()
    return str(arn)


def _unknown_tracker(account: Account) -> Any:
    event = {"eventType": "watch", "sentAt": 1_700_000_000, "itemId": "i"}
    events = client("personalize-events")
    try:
        events.put_events(trackingId="no", sessionId="s", userId="u", eventList=[event])
    except events.exceptions.InvalidInputException:
        return "refused"
    return "swallowed"


def _segment_job(account: Account) -> Any:
    recipe = "arn:aws:personalize:::recipe/aws-item-affinity"
    version = account.version(account.solution(account.filled_group(), recipeArn=recipe))
    created = account.personalize.create_batch_segment_job(
        jobName="job",
        solutionVersionArn=version,
        roleArn=ROLE,
        jobInput={"s3DataSource": {"path": "s3://ask/a.json"}},
        jobOutput={"s3DataDestination": {"path": "s3://out/"}},
    )
    return account.status(created["batchSegmentJobArn"])


def _attribution(account: Account) -> str:
    group = account.group()
    account.dataset(group)
    output = {"roleArn": ROLE}
    create = account.personalize.create_metric_attribution
    arn = create(name="m", datasetGroupArn=group, metrics=[COUNT], metricsOutputConfig=output)["metricAttributionArn"]
    account.settle()
    return str(arn)


def _reported(account: Account) -> list[str]:
    account.emulator.put_bucket("reports")
    arn = _attribution(account)
    output = {"roleArn": ROLE, "s3DataDestination": {"path": "s3://reports/"}}
    account.personalize.update_metric_attribution(metricAttributionArn=arn, metricsOutputConfig=output)
    group = account.personalize.describe_metric_attribution(metricAttributionArn=arn)["metricAttribution"]
    tracker = account.personalize.create_event_tracker(name="t", datasetGroupArn=group["datasetGroupArn"])
    account.settle()
    events = [{"eventType": "watch", "itemId": "i", "sentAt": 1}]
    client("personalize-events").put_events(
        trackingId=tracker["trackingId"], sessionId="s", userId="u", eventList=events
    )
    account.settle()
    account.emulator.catch_up()
    objects = account.s3.list_objects_v2(Bucket="reports").get("Contents", [])
    return [each["Key"].split(" - ")[1] for each in objects]


def _attribution_update(account: Account) -> Any:
    arn = _attribution(account)
    account.personalize.update_metric_attribution(metricAttributionArn=arn, removeMetrics=["count"])
    return account.status(arn)


def _metric_swap(account: Account) -> Any:
    arn = _attribution(account)
    swap = {"removeMetrics": ["count"], "addMetrics": [{**COUNT, "eventType": "click"}]}
    try:
        account.personalize.update_metric_attribution(metricAttributionArn=arn, **swap)
    except account.personalize.exceptions.ResourceAlreadyExistsException:
        return "taken"
    return "swapped"


def _campaign_update(account: Account) -> dict[str, Any]:
    _, _, campaign = account.served()
    update = account.personalize.update_campaign
    for config in ({"enableMetadataWithRecommendations": False}, {"itemExplorationConfig": {"explorationWeight": "0"}}):
        update(campaignArn=campaign, campaignConfig=config)
        account.settle()
    return dict(account.personalize.describe_campaign(campaignArn=campaign)["campaign"])


def _synced(account: Account) -> dict[str, Any]:
    solution = account.solution(account.filled_group())
    account.version(solution)
    config = {"syncWithLatestSolutionVersion": True}
    campaign = account.campaign(f"{solution}/$LATEST", campaignConfig=config)
    account.version(solution)
    account.settle()
    return dict(account.personalize.describe_campaign(campaignArn=campaign)["campaign"])


def _version_names(account: Account) -> Any:
    solution = account.solution(account.filled_group())
    account.version(solution, name="v")
    try:
        return len(account.version(solution, name="v").split("/"))
    except account.personalize.exceptions.ResourceAlreadyExistsException:
        return "taken"


def _automatic(account: Account) -> Any:
    solution = account.solution(account.filled_group(), performAutoTraining=True)
    account.clock.pass_time(hours=1)
    versions = account.personalize.list_solution_versions(solutionArn=solution)["solutionVersions"]
    return [version["trainingMode"] for version in versions]


def _soon_trained(account: Account) -> Any:
    solution = account.solution(account.filled_group(), performAutoTraining=True)
    return len(account.personalize.list_solution_versions(solutionArn=solution)["solutionVersions"])


def _group_with_filter(account: Account) -> Any:
    group = account.group()
    dataset = account.dataset(group)
    expression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'
    account.personalize.create_filter(name="f", datasetGroupArn=group, filterExpression=expression)
    account.settle()
    account.personalize.delete_dataset(datasetArn=dataset)
    account.settle()
    try:
        account.personalize.delete_dataset_group(datasetGroupArn=group)
    except account.personalize.exceptions.ResourceInUseException:
        return "blocked"
    return "goes"


def _import_without_role(account: Account) -> Any:
    create = account.personalize.create_dataset_import_job
    request = {"jobName": "j", "datasetArn": account.dataset(account.group())}
    try:
        create(**request, dataSource={"dataLocation": "s3://bucket/data.csv"})
    except account.personalize.exceptions.InvalidInputException:
        return "refused"
    return "accepted"


def _swapped_columns(account: Account) -> Any:
    rows = "".join(f"i{n},u{n % 60},{n},watch\n" for n in range(1000))
    dataset = account.dataset(account.group())
    return account.imported(dataset, f"ITEM_ID,USER_ID,TIMESTAMP,EVENT_TYPE\n{rows}")["status"]


def _more_columns(account: Account) -> Any:
    rows = "".join(f"u{n % 60},i{n},{n},watch,x\n" for n in range(1000))
    dataset = account.dataset(account.group())
    return account.imported(dataset, f"USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,MORE\n{rows}")["status"]


def _items_with(name: str, value: str, header: str = "ITEM_ID,TITLE,CREATION_TIMESTAMP") -> Look:
    """Return what imports an item with one unusual value, and returns the status of the import."""

    def look(account: Account) -> Any:
        row = {"ITEM_ID": "i1", "TITLE": "t", "CREATION_TIMESTAMP": "1596238243", name: value}
        title, made = {"name": "TITLE", "type": "string"}, {"name": "CREATION_TIMESTAMP", "type": "long"}
        dataset = account.dataset(account.group(), "Items", avro("Items", "ITEM_ID", title, made))
        return account.imported(dataset, f"{header}\n{','.join(row.values())}\n")["status"]

    return look


def _action_of_value(account: Account) -> Any:
    text = avro("Actions", "ACTION_ID", {"name": "VALUE", "type": ["null", "long"]})
    dataset = account.dataset(account.group(), "Actions", text)
    return account.imported(dataset, "ACTION_ID,VALUE\na1,11\n")["status"]


def _tuned(account: Account) -> Any:
    request = {"name": "tuned", "datasetGroupArn": account.group(), "recipeArn": USER_PERSONALIZATION}
    return _answer(account.personalize.create_solution, performHPO=True, **request)


def _threshold_alone(account: Account) -> Any:
    group = account.group()
    account.dataset(group, text=avro("Interactions", "USER_ID", "ITEM_ID", TIME, "EVENT_TYPE", VALUE))
    request = {"name": "valued", "datasetGroupArn": group, "recipeArn": USER_PERSONALIZATION}
    return _answer(account.personalize.create_solution, solutionConfig={"eventValueThreshold": "0.5"}, **request)


def _ten_event_types(account: Account) -> Any:
    """The status of a training on ten event types, beside the column EVENT_TYPE."""
    group = account.group()
    rows = "".join(f"u{n % 60},i{n % 37},{n},event-{n % 10}\n" for n in range(1200))
    account.imported(account.dataset(group), f"USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\n{rows}")
    return account.status(account.version(account.solution(group)))


def _shown_parameters(account: Account) -> Any:
    arn = account.solution(account.group(), recipeArn=USER_PERSONALIZATION)
    found = account.personalize.describe_solution(solutionArn=arn)["solution"]["solutionConfig"]
    return set(found.get("algorithmHyperParameters", {})) or {}


def _import_anew(account: Account) -> Any:
    group = account.group()
    dataset = account.dataset(group)
    account.imported(dataset, interactions_csv())
    account.personalize.delete_dataset(datasetArn=dataset)
    account.settle()
    again = account.personalize.create_dataset(
        name="again",
        datasetGroupArn=group,
        datasetType="Interactions",
        schemaArn=account.personalize.list_schemas()["schemas"][0]["schemaArn"],
    )["datasetArn"]
    account.settle()
    source = {"dataLocation": "s3://bucket-first/data.csv"}
    create = account.personalize.create_dataset_import_job
    return _answer(create, jobName="first", datasetArn=again, dataSource=source, roleArn=ROLE)


def _same_configuration(account: Account) -> Any:
    return _answer(account.personalize.update_recommender, recommenderArn=_recommending(account), recommenderConfig={})


def _answer(call: Callable[..., Any], **request: Any) -> str:
    try:
        call(**request)
    except client("personalize").exceptions.ClientError as error:
        return str(error.response["Error"]["Code"]).removesuffix("Exception")
    return "accepted"


def _pending(account: Account) -> Any:
    arn = account.personalize.create_dataset_group(name="g")["datasetGroupArn"]
    account.clock.pass_time(seconds=10)
    return account.status(arn)


def _touched(account: Account) -> Any:
    campaign = _campaign_update(account)
    return campaign["lastUpdatedDateTime"] >= campaign["latestCampaignUpdate"]["creationDateTime"]


def _popular(account: Account, **request: Any) -> Any:
    """The results of a campaign with the cheapest recipe and metadata, or the code of the error."""
    group = account.filled_group()
    films = account.dataset(group, "Items", ITEMS)
    account.imported(films, "ITEM_ID,GENRES,PRICE\ni0,x,1\ni1,y,2\n", "films")
    version = account.version(account.solution(group, recipeArn=POPULARITY))
    campaign = account.campaign(version, campaignConfig={"enableMetadataWithRecommendations": True})
    account.personalize.create_filter(name="f", datasetGroupArn=group, filterExpression=UNWATCHED)
    account.personalize.create_filter(name="g", datasetGroupArn=group, filterExpression=CHEAP)
    tracker = account.personalize.create_event_tracker(name="t", datasetGroupArn=group)["trackingId"]
    account.settle()
    event = {"eventType": "watch", "sentAt": 1_700_000_000, "itemId": "i0"}
    put = client("personalize-events")
    put.put_events(trackingId=tracker, userId="new", sessionId="s", eventList=[event])
    put.put_items(datasetArn=films, items=[{"itemId": "i0", "properties": '{"price": 9}'}])
    try:
        found = client("personalize-runtime").get_recommendations(campaignArn=campaign, userId="new", **request)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return found["itemList"]


def _popular_ids(**request: Any) -> Look:
    return lambda account: [each["itemId"] for each in _popular(account, **request)]


def _batch_output(account: Account) -> Any:
    version = account.version(account.solution(account.filled_group(), recipeArn=POPULARITY))
    account.emulator.put_bucket("ask", {"users.json": '{"userId": "u1"}'})
    account.emulator.put_bucket("out")
    account.personalize.create_batch_inference_job(
        jobName="job",
        solutionVersionArn=version,
        roleArn=ROLE,
        jobInput={"s3DataSource": {"path": "s3://ask/users.json"}},
        jobOutput={"s3DataDestination": {"path": "s3://out/"}},
    )
    account.clock.pass_time(hours=1)
    account.personalize.list_batch_inference_jobs()
    return [each["Key"] for each in account.s3.list_objects_v2(Bucket="out")["Contents"]]


POPULARITY = "arn:aws:personalize:::recipe/aws-popularity-count"
UNWATCHED = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'
CHEAP = "INCLUDE ItemID WHERE Items.PRICE < 2"
FILTER_F, FILTER_G = (f"arn:aws:personalize:us-east-1:123456789012:filter/{name}" for name in "fg")
PROMOTION = {"name": "p", "percentPromotedItems": 50}

DOUBTS: list[tuple[str, Any, Look, Any, Any]] = [
    ("pending_share", 0.5, _pending, "CREATE IN_PROGRESS", "CREATE PENDING"),
    ("first_training_after", timedelta(), _soon_trained, 0, 1),
    ("automatic_training_mode", "AUTOTRAIN", _automatic, ["FULL"], ["AUTOTRAIN"]),
    (
        "shape_error",
        "ValidationException",
        lambda account: refusal(account.personalize.create_schema, name="-", schema=INTERACTIONS)[0],
        "InvalidInput",
        "Validation",
    ),
    ("filters_do_not_find_unready_groups", True, _pending_group_filter, "InvalidInput", "ResourceNotFound"),
    ("second_of_its_kind_is_a_limit", True, _tracker_twice, "ResourceAlreadyExists", "LimitExceeded"),
    ("lists_of_unknown_parents_fail", True, _list_of_unknown, [], "ResourceNotFoundException"),
    ("wrong_run_state_is_invalid", True, _recommender, "ResourceInUse", "InvalidInput"),
    ("unknown_trackers_are_ignored", True, _unknown_tracker, "refused", "swallowed"),
    ("batch_jobs_lack_create", True, _segment_job, "CREATE PENDING", "PENDING"),
    ("batch_jobs_write_check", False, _batch_output, ["_CHECK", "users.json.out"], ["users.json.out"]),
    ("attribution_update_statuses", ("CREATE PENDING", "X"), _attribution_update, "UPDATE PENDING", "CREATE PENDING"),
    ("streamed_events_are_reported_to_s3", False, _reported, ["PUT"], []),
    ("updates_touch_the_parent", False, _touched, True, False),
    (
        "synced_campaign_shows_latest",
        True,
        lambda account: _synced(account)["solutionVersionArn"].endswith("$LATEST"),
        False,
        True,
    ),
    ("sync_is_seen_as_update", False, lambda account: "latestCampaignUpdate" in _synced(account), True, False),
    ("retraining_is_seen_as_update", True, _retrained, False, True),
    ("campaign_config_is_merged", True, lambda account: len(_campaign_update(account)["campaignConfig"]), 1, 2),
    (
        "events_are_seen_after",
        timedelta(),
        lambda account: "i0" in _popular_ids(numResults=40, filterArn=FILTER_F)(account),
        True,
        False,
    ),
    ("rows_are_seen_after", timedelta(), _popular_ids(filterArn=FILTER_G), ["i0"], []),
    ("zero_results_are_the_default", True, lambda account: len(_popular(account, numResults=0)), 0, 25),
    (
        "unknown_filter_values_fail",
        False,
        lambda account: _popular(account, filterArn=FILTER_F, filterValues={"NONE": "1"}, numResults=0),
        "InvalidInputException",
        [],
    ),
    (
        "unknown_context_fails",
        False,
        lambda account: _popular(account, context={"NONE": "1"}, numResults=0),
        "InvalidInputException",
        [],
    ),
    (
        "promotions_round_up",
        True,
        lambda account: sum(
            "promotionName" in each for each in _popular(account, numResults=5, promotions=[PROMOTION])
        ),
        2,
        3,
    ),
    (
        "metadata_keys_are_lower_case",
        True,
        lambda account: _popular(account, metadataColumns={"ITEMS": ["GENRES"]}, filterArn=FILTER_G)[0]["metadata"],
        {"GENRES": "x"},
        {"genres": "x"},
    ),
    ("schema_text_is_compacted", True, _schema_text, True, False),
    ("tracker_arn_has_name", True, _tracker, False, True),
    ("trackers_need_interactions", True, _tracker, False, "refused"),
    ("hpo_needs_ranges", True, _tuned, "accepted", "InvalidInput"),
    ("thresholds_need_event_type", True, _threshold_alone, "accepted", "InvalidInput"),
    ("too_many_event_types_fail", False, _ten_event_types, "CREATE FAILED", "ACTIVE"),
    ("solutions_show_defaults", True, _shown_parameters, {}, {"hidden_dimension", "bptt", "recency_mask"}),
    ("import_jobs_outlive_their_dataset", True, _import_anew, "accepted", "ResourceAlreadyExists"),
    ("recommenders_accept_no_change", True, _same_configuration, "InvalidInput", "accepted"),
    ("version_names_are_unique", False, _version_names, "taken", 3),
    ("metrics_can_be_swapped", False, _metric_swap, "swapped", "taken"),
    ("filters_block_group_deletion", False, _group_with_filter, "blocked", "goes"),
    ("import_needs_role", False, _import_without_role, "refused", "accepted"),
    ("csv_order_matters", True, _swapped_columns, "ACTIVE", "CREATE FAILED"),
    ("csv_extra_columns_fail", True, _more_columns, "ACTIVE", "CREATE FAILED"),
    (
        "csv_quoted_headers_fail",
        True,
        _items_with("TITLE", "t", '"ITEM_ID",TITLE,CREATION_TIMESTAMP'),
        "ACTIVE",
        "CREATE FAILED",
    ),
    (
        "csv_milliseconds_fail",
        True,
        _items_with("CREATION_TIMESTAMP", "1596238243000"),
        "ACTIVE",
        "CREATE FAILED",
    ),
    ("csv_line_breaks_fail", True, _items_with("TITLE", '"two\nlines"'), "ACTIVE", "CREATE FAILED"),
    ("csv_reserved_words_fail", True, _items_with("TITLE", "EVENT_TYPE"), "ACTIVE", "CREATE FAILED"),
    ("action_values_out_of_range_fail", False, _action_of_value, "CREATE FAILED", "ACTIVE"),
]


@pytest.mark.parametrize(
    ("switch", "other", "look", "usual", "changed"), [pytest.param(*row, id=row[0]) for row in DOUBTS]
)
def test_switches(switch: str, other: Any, look: Look, usual: Any, changed: Any) -> None:
    """A switch has the effect that its comment in the settings describes."""
    seen = []
    choices: list[dict[str, Any]] = [{}, {switch: other}]
    for settings in choices:
        clock = Clock()
        with Emulator(clock.now, **settings).started() as emulator:
            seen.append(look(Account(emulator, clock)))

    assert seen == [usual, changed]


def test_every_doubt_is_shown() -> None:
    """Every switch has a row."""
    assert {row[0] for row in DOUBTS} == {field.name for field in fields(Settings)} - NOT_DOUBTS
