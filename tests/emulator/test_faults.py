"""Faults."""

import pytest

from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.state.faults import from_json, to_json

from .account import Account
from .refusals import refusal


@pytest.mark.parametrize(
    ("code", "status"), [("ThrottlingException", 400), ("AccessDeniedException", 400), ("InternalFailure", 500)]
)
def test_refusals(account: Account, emulator: Emulator, code: str, status: int) -> None:
    """A refused call has no effect, and only `times` calls are refused."""
    emulator.faults.refuse("CreateDatasetGroup", code, "Not now.", times=2)

    refused = [refusal(account.personalize.create_dataset_group, name="g") for _ in range(2)]

    assert refused == [(code.removesuffix("Exception"), "Not now.")] * 2
    assert account.personalize.list_dataset_groups()["datasetGroups"] == []
    assert account.personalize.create_dataset_group(name="g")["ResponseMetadata"]["HTTPStatusCode"] == 200
    emulator.faults.refuse("ListSchemas", code, "Not now.")
    assert emulator.respond("us-east-1", "ListSchemas", "{}").status == status


def test_lost_responses(account: Account, emulator: Emulator) -> None:
    """A call whose response is lost has its effect."""
    emulator.faults.lose_response("CreateDatasetGroup")

    lost = refusal(account.personalize.create_dataset_group, name="g")

    assert lost[0] == "InternalFailure"
    assert refusal(account.personalize.create_dataset_group, name="g")[0] == "ResourceAlreadyExists"


def test_stuck_work(account: Account, emulator: Emulator) -> None:
    """A stuck resource stays in progress forever; the next one of its kind does not."""
    emulator.faults.stick("DatasetGroup")

    stuck, next_one = account.group("a"), account.group("b")
    account.clock.pass_time(days=10)

    assert (account.status(stuck), account.status(next_one)) == ("CREATE IN_PROGRESS", "ACTIVE")


def test_faults_by_name(account: Account, emulator: Emulator) -> None:
    """A fault can have one resource as its target."""
    emulator.faults.fail("DatasetGroup/b", "not this one")

    statuses = [account.status(account.group(name)) for name in "abc"]

    assert statuses == ["ACTIVE", "CREATE FAILED", "ACTIVE"]


@pytest.mark.parametrize("target", ["UpdateCampaign", "Campaign", "Campaign/home"])
def test_a_failing_update(account: Account, emulator: Emulator, target: str) -> None:
    """An update can fail like a creation, by operation, kind or name."""
    _, _, campaign = account.served()
    emulator.faults.fail(target, "boom")

    account.personalize.update_campaign(campaignArn=campaign, minProvisionedTPS=2)
    account.settle()

    found = account.personalize.describe_campaign(campaignArn=campaign)["campaign"]
    assert (found["status"], found["minProvisionedTPS"]) == ("ACTIVE", 1)
    assert (found["latestCampaignUpdate"]["status"], found["latestCampaignUpdate"]["failureReason"]) == (
        "CREATE FAILED",
        "boom",
    )


def test_clearing(account: Account, emulator: Emulator) -> None:
    """Faults that did not apply yet can be removed."""
    emulator.faults.fail("DatasetGroup", "no")

    emulator.faults.clear()

    assert account.status(account.group()) == "ACTIVE"


def test_a_burst(account: Account, emulator: Emulator) -> None:
    """Throttling refuses the next calls of any operation, `times` times."""
    emulator.faults.throttle(times=2)

    refused = [refusal(account.personalize.list_schemas), refusal(account.personalize.list_solutions)]

    assert refused == [("Throttling", "Rate exceeded")] * 2
    assert account.personalize.list_schemas()["schemas"] == []


def test_callers_without_rights_or_time(account: Account, emulator: Emulator) -> None:
    """Calls can be refused for missing permissions and for expired credentials."""
    emulator.faults.deny("ListSchemas")
    emulator.faults.expire("ListSchemas")

    codes = [refusal(account.personalize.list_schemas)[0] for _ in range(2)]

    assert codes == ["AccessDenied", "ExpiredToken"]


def test_a_list_that_lags(account: Account, emulator: Emulator) -> None:
    """Describe shows a resource that a lagging list lacks; the next list has it."""
    account.group("old")
    emulator.faults.lag("ListDatasetGroups", seconds=60)
    new = account.personalize.create_dataset_group(name="new")["datasetGroupArn"]

    lists = [[group["name"] for group in account.personalize.list_dataset_groups()["datasetGroups"]] for _ in range(2)]

    assert lists == [["old"], ["old", "new"]]
    assert account.status(new) == "CREATE PENDING"


def test_an_edit_from_outside(account: Account, emulator: Emulator) -> None:
    """Another client deletes a resource between two calls."""
    group = account.group()
    before = account.status(group)
    emulator.faults.meddle("DescribeDatasetGroup", "DeleteDatasetGroup", {"datasetGroupArn": group})

    assert (before, account.status(group)) == ("ACTIVE", "DELETE PENDING")


def test_every_rule_can_be_written(emulator: Emulator) -> None:
    """A rule is the same after conversion to JSON and back."""
    faults = emulator.faults
    faults.fail("Solution", "no", times=2)
    faults.refuse("*", "ServiceUnavailable", "Later.")
    faults.lose_response("CreateFilter")
    faults.stick("Filter/f")
    faults.lag("ListFilters", seconds=5)
    faults.meddle("DescribeFilter", "DeleteFilter", {"filterArn": "arn"})

    assert [from_json(to_json(rule)) for rule in faults.rules] == faults.rules
