"""Manual and automatic training, and campaigns that follow the newest version (docs/service/2 §5, §7.1, §8.1)."""

from typing import Any

import pytest

from .account import RECIPE, RECIPE_V2, Account, avro, interactions_csv
from .refusals import refusal


def described(account: Account, version: str) -> dict[str, Any]:
    return dict(account.personalize.describe_solution_version(solutionVersionArn=version)["solutionVersion"])


def versions(account: Account, solution: str) -> list[dict[str, Any]]:
    return list(account.personalize.list_solution_versions(solutionArn=solution)["solutionVersions"])


def automatic(account: Account, group: str, name: str = "auto", **more: Any) -> str:
    """A solution with automatic training that has just become ACTIVE."""
    created = account.personalize.create_solution(name=name, datasetGroupArn=group, recipeArn=RECIPE_V2, **more)
    account.clock.pass_time(minutes=1)
    return str(created["solutionArn"])


def test_success(account: Account) -> None:
    """A version has the configuration of its solution and shows its training hours."""
    group = account.filled_group()
    solution = account.solution(group, eventType="watch")

    version = described(account, account.version(solution, name="v1"))

    assert (version["status"], version["trainingMode"], version["trainingType"]) == ("ACTIVE", "FULL", "MANUAL")
    assert (version["eventType"], version["recipeArn"], version["datasetGroupArn"]) == ("watch", RECIPE, group)
    assert version["trainingHours"] == pytest.approx(35 / 60, abs=0.001)
    assert version["solutionVersionArn"].startswith(f"{solution}/")
    assert len(version["solutionVersionArn"].rpartition("/")[2]) == 8


@pytest.mark.parametrize(
    ("content", "request_", "reason"),
    [
        (interactions_csv(1000, users=24), {}, "fewer than 25 users with at least 2 interactions each."),
        (interactions_csv(), {"eventType": "buy"}, "fewer than 1000 interactions after filtering by event type: buy"),
    ],
)
def test_too_little_data(account: Account, content: str, request_: dict[str, Any], reason: str) -> None:
    """A training with too little data fails and has no training hours."""
    group = account.group()
    account.imported(account.dataset(group), content)

    version = described(account, account.version(account.solution(group, **request_)))

    assert version["status"] == "CREATE FAILED"
    assert reason in version["failureReason"]
    assert "trainingHours" not in version


def test_only_unique_interactions_count(account: Account) -> None:
    """Rows that are equal count once for the 1,000 interactions that a training needs (docs/service/3 §13.4)."""
    group = account.group()
    once = interactions_csv(999).splitlines()
    account.imported(account.dataset(group), "\n".join([*once, *once[1:]]) + "\n")

    version = described(account, account.version(account.solution(group)))

    assert (version["status"], version["failureReason"]) == (
        "CREATE FAILED",
        "Dataset has fewer than 1000 interactions",
    )


def test_segments_need_an_attribute(account: Account) -> None:
    """Item-Attribute-Affinity needs a column in Items that is not textual (docs/service/1 §13.11)."""
    group = account.filled_group()
    account.dataset(group, "Items", avro("Items", "ITEM_ID", {"name": "PLOT", "type": "string", "textual": True}))
    recipe = "arn:aws:personalize:::recipe/aws-item-attribute-affinity"

    version = described(account, account.version(account.solution(group, recipeArn=recipe)))

    assert version["status"] == "CREATE FAILED"
    assert "needs an attribute in the Items dataset" in version["failureReason"]


def test_a_threshold_without_an_event_type(account: Account) -> None:
    """It applies to events of all types, as in the example of the guide (docs/service/2 §8.5)."""
    group = account.group()
    columns = ("USER_ID", "ITEM_ID", {"name": "TIMESTAMP", "type": "long"}, "EVENT_TYPE")
    value = {"name": "EVENT_VALUE", "type": ["null", "float"]}
    dataset = account.dataset(group, text=avro("Interactions", *columns, value))
    rows = (f"u{n % 60},i{n % 37},{n},{'buy' if n % 2 else 'watch'},{n % 4}" for n in range(2000))
    account.imported(dataset, "\n".join(["USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE", *rows]) + "\n")

    enough = account.solution(group, "enough", solutionConfig={"eventValueThreshold": "2"})
    few = account.solution(group, "few", solutionConfig={"eventValueThreshold": "3"})

    assert described(account, account.version(enough))["status"] == "ACTIVE"
    assert described(account, account.version(few))["failureReason"] == "Dataset has fewer than 1000 interactions"


def test_ranges_without_bounds(account: Account) -> None:
    """A range without a bound has that of the recipe."""
    group = account.filled_group()
    ranges = {
        "integerHyperParameterRanges": [{"name": "bptt", "minValue": 10}],
        "continuousHyperParameterRanges": [],
        "categoricalHyperParameterRanges": [{"name": "recency_mask"}],
    }
    config = {"hpoConfig": {"algorithmHyperParameterRanges": ranges}}

    version = described(account, account.version(account.solution(group, performHPO=True, solutionConfig=config)))

    assert version["tunedHPOParams"] == {"algorithmHyperParameters": {"training.bptt": "21"}}


def test_data_that_come_too_late(account: Account) -> None:
    """Data imported during a training do not count for it (docs/service/2 §6.1)."""
    group = account.group()
    dataset = account.dataset(group)
    solution = account.solution(group)
    late = account.personalize.create_solution_version(solutionArn=solution)["solutionVersionArn"]
    account.clock.pass_time(minutes=6)
    account.imported(dataset, interactions_csv())

    again = account.version(solution)

    assert (account.status(late), account.status(again)) == ("CREATE FAILED", "ACTIVE")


def test_thresholds(account: Account) -> None:
    """Only interactions at or above the threshold count (docs/service/2 §8.5)."""
    text = avro(
        "Interactions",
        "USER_ID",
        "ITEM_ID",
        {"name": "TIMESTAMP", "type": "long"},
        "EVENT_TYPE",
        {"name": "EVENT_VALUE", "type": ["null", "float"]},
    )
    rows = "".join(f"u{n % 50},i1,{n},rate,{'' if n % 4 == 0 else n % 4}\n" for n in range(2000))
    group = account.group()
    account.imported(account.dataset(group, text=text), f"USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE\n{rows}")

    statuses = [
        account.status(
            account.version(
                account.solution(
                    group, f"at-{level}", eventType="rate", solutionConfig={"eventValueThreshold": str(level)}
                )
            )
        )
        for level in (2, 3)
    ]

    assert statuses == ["ACTIVE", "CREATE FAILED"]


def test_echoes(account: Account) -> None:
    """Describe shows defaults and prefixes the names of tuned ranges (docs/service/2 §3.8)."""
    ranges = {
        "integerHyperParameterRanges": [{"name": "bptt", "minValue": 2, "maxValue": 22}],
        "continuousHyperParameterRanges": [],
        "categoricalHyperParameterRanges": [{"name": "recency_mask", "values": ["true", "false"]}],
    }
    config = {
        "hpoConfig": {"algorithmHyperParameterRanges": ranges},
        "algorithmHyperParameters": {"hidden_dimension": "55"},
    }
    arn = account.solution(account.filled_group(), performHPO=True, solutionConfig=config)
    account.version(arn)

    solution = account.personalize.describe_solution(solutionArn=arn)["solution"]

    echoed = solution["solutionConfig"]["hpoConfig"]["algorithmHyperParameterRanges"]
    assert echoed["integerHyperParameterRanges"][0]["name"] == "training.bptt"
    assert echoed["categoricalHyperParameterRanges"][0]["name"] == "data.recency_mask"
    assert solution["solutionConfig"]["algorithmHyperParameters"]["hidden_dimension"] == "55"
    assert (solution["performHPO"], solution["performAutoML"]) == (True, False)
    assert "autoTrainingConfig" not in solution["solutionConfig"]
    newest = described(account, solution["latestSolutionVersion"]["solutionVersionArn"])
    assert newest["tunedHPOParams"]["algorithmHyperParameters"] == {
        "training.bptt": "12",
        "data.recency_mask": "true",
    }


def test_metrics(account: Account) -> None:
    """Metrics are available after a successful training and never change (docs/service/2 §9)."""
    solution = account.solution(account.filled_group())
    version = account.personalize.create_solution_version(solutionArn=solution)["solutionVersionArn"]
    too_early = refusal(account.personalize.get_solution_metrics, solutionVersionArn=version)
    account.clock.pass_time(hours=1)

    first, second = (account.personalize.get_solution_metrics(solutionVersionArn=version)["metrics"] for _ in range(2))

    assert too_early[0] == "ResourceInUse"
    assert first == second
    assert {"coverage", "mean_reciprocal_rank_at_25", "precision_at_5"} < set(first)
    assert all(0 <= value <= 1 for value in first.values())


def test_the_first_automatic_training(account: Account) -> None:
    """The first automatic training starts within an hour of ACTIVE (docs/service/2 §8.1)."""
    solution = automatic(account, account.filled_group())
    at_once = versions(account, solution)

    account.clock.pass_time(hours=1)

    (version,) = versions(account, solution)
    assert at_once == []
    assert version["trainingType"] == "AUTOMATIC"


def test_a_manual_version_comes_first(account: Account) -> None:
    """A manual training within that hour replaces the first automatic one (docs/service/2 §8.1)."""
    solution = automatic(account, account.filled_group())
    account.personalize.create_solution_version(solutionArn=solution)

    account.clock.pass_time(hours=3)

    assert [version["trainingType"] for version in versions(account, solution)] == ["MANUAL"]


def test_trains_again_only_on_new_data(account: Account) -> None:
    """After a week, a new version is trained only if interactions arrived (docs/service/2 §8.1)."""
    group = account.filled_group()
    dataset = account.personalize.list_datasets(datasetGroupArn=group)["datasets"][0]["datasetArn"]
    solution = automatic(account, group)
    account.clock.pass_time(days=15)
    without = len(versions(account, solution))

    account.imported(dataset, interactions_csv(), "more", "INCREMENTAL")
    account.clock.pass_time(days=7)

    first, second = versions(account, solution)
    days = (second["creationDateTime"] - first["creationDateTime"]).total_seconds() / 86400
    assert without == 1
    assert days == 21  # the hour of the day is that of the first training


def test_switching_automatic_training(account: Account) -> None:
    """Disabled, nothing is trained; enabled again or with another rate, training starts within the hour."""
    group = account.filled_group()
    dataset = account.personalize.list_datasets(datasetGroupArn=group)["datasets"][0]["datasetArn"]
    solution = automatic(account, group)
    account.personalize.update_solution(solutionArn=solution, performAutoTraining=False)
    account.clock.pass_time(days=30)
    off = versions(account, solution)

    account.personalize.update_solution(
        solutionArn=solution,
        performAutoTraining=True,
        solutionUpdateConfig={"autoTrainingConfig": {"schedulingExpression": "rate(2 days)"}},
    )
    account.clock.pass_time(hours=2)
    on = versions(account, solution)
    account.imported(dataset, interactions_csv(), "more", "INCREMENTAL")
    account.clock.pass_time(days=2)

    assert (len(off), len(on), len(versions(account, solution))) == (0, 1, 2)


def test_updates_of_solutions(account: Account) -> None:
    """The old configuration stays until the update is done (docs/service/2 §2.3)."""
    arn = account.solution(account.filled_group())

    account.personalize.update_solution(solutionArn=arn, performAutoTraining=True)
    during = account.personalize.describe_solution(solutionArn=arn)["solution"]
    account.clock.pass_time(minutes=4)
    after = account.personalize.describe_solution(solutionArn=arn)["solution"]

    assert (during["performAutoTraining"], during["latestSolutionUpdate"]["status"]) == (False, "CREATE PENDING")
    assert (after["performAutoTraining"], after["latestSolutionUpdate"]["status"]) == (True, "ACTIVE")
    assert after["solutionConfig"]["autoTrainingConfig"] == {"schedulingExpression": "rate(7 days)"}


def test_a_namesake_has_its_own_schedule(account: Account) -> None:
    """The schedule of a deleted solution does not apply to a new one of the same name."""
    group = account.filled_group()
    solution = automatic(account, group)
    account.personalize.delete_solution(solutionArn=solution)
    account.clock.pass_time(minutes=3)

    again = account.solution(group, "auto")
    account.clock.pass_time(hours=5)

    assert again == solution
    assert versions(account, again) == []


def test_synced_campaigns_follow(account: Account) -> None:
    """A synced campaign moves to each new version and serves the old one meanwhile (docs/service/2 §5)."""
    solution = account.solution(account.filled_group())
    first = account.version(solution)
    campaign = account.campaign(f"{solution}/$LATEST", campaignConfig={"syncWithLatestSolutionVersion": True})
    second = account.personalize.create_solution_version(solutionArn=solution)["solutionVersionArn"]
    account.clock.pass_time(minutes=36)

    during = account.personalize.describe_campaign(campaignArn=campaign)["campaign"]
    account.clock.pass_time(minutes=20)
    after = account.personalize.describe_campaign(campaignArn=campaign)["campaign"]

    assert (during["status"], during["solutionVersionArn"]) == ("ACTIVE", first)
    assert during["latestCampaignUpdate"]["solutionVersionArn"] == second
    assert (after["solutionVersionArn"], after["latestCampaignUpdate"]["status"]) == (second, "ACTIVE")


def test_pinned_campaigns_stay(account: Account) -> None:
    """A campaign that is not synced keeps its version."""
    solution, first, campaign = account.served()

    account.version(solution)
    account.clock.pass_time(days=1)

    assert account.personalize.describe_campaign(campaignArn=campaign)["campaign"]["solutionVersionArn"] == first


def test_updates_of_campaigns(account: Account) -> None:
    """Members that an update lacks stay; the campaign is listed under the solution of its new version."""
    solution, _, campaign = account.served()
    group = account.personalize.describe_solution(solutionArn=solution)["solution"]["datasetGroupArn"]
    other = account.solution(group, "other")
    second = account.version(other)

    account.personalize.update_campaign(campaignArn=campaign, solutionVersionArn=second)
    account.settle()
    account.personalize.update_campaign(campaignArn=campaign, minProvisionedTPS=3)
    account.settle()

    shown = account.personalize.describe_campaign(campaignArn=campaign)["campaign"]
    assert (shown["solutionVersionArn"], shown["minProvisionedTPS"]) == (second, 3)
    assert account.personalize.list_campaigns(solutionArn=solution)["campaigns"] == []
    assert len(account.personalize.list_campaigns(solutionArn=other)["campaigns"]) == 1


def test_failed_updates(account: Account) -> None:
    """A failed update leaves the campaign ACTIVE and unchanged; the update has the reason (docs/service/2 §2.3)."""
    _, _, campaign = account.served()
    account.emulator.faults.fail("UpdateCampaign", "no capacity")

    account.personalize.update_campaign(campaignArn=campaign, minProvisionedTPS=9)
    account.settle()

    shown = account.personalize.describe_campaign(campaignArn=campaign)["campaign"]
    assert (shown["status"], shown["minProvisionedTPS"]) == ("ACTIVE", 1)
    assert shown["latestCampaignUpdate"]["status"] == "CREATE FAILED"
    assert shown["latestCampaignUpdate"]["failureReason"] == "no capacity"
