"""The adapter to AWS, through boto3 against the emulator."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.errors import (
    AccessDenied,
    AlreadyExists,
    Busy,
    CloudError,
    CredentialsError,
    GitopsError,
    InvalidRequest,
    NoFreeSlot,
    QuotaExceeded,
    Unavailable,
    UsageError,
)
from personalize_gitops.kinds import KINDS
from tests.support.world import START, World

GROUP, FILTER = KINDS["DatasetGroup"], KINDS["Filter"]


def test_every_page_of_a_list_is_read(world: World) -> None:
    """More objects than a page holds are all listed: what a page hides would pass for absent."""
    schema = KINDS["Schema"]
    record = {"type": "record", "name": "Users", "namespace": "com.amazonaws.personalize.schema", "version": "1.0"}
    fields = [{"name": "USER_ID", "type": "string"}, {"name": "AGE", "type": "int"}]
    names = [f"schema-{number}" for number in range(230)]
    for name in names:
        world.cloud.create(schema, name, {"schema": {**record, "fields": fields}}, {})

    listed = world.cloud.list(schema)

    assert sorted(live.name for live in listed) == sorted(names)


def test_what_is_gone_is_described_as_none(world: World) -> None:
    """A missing object is an answer, not an error."""
    assert world.cloud.describe(GROUP, "arn:aws:personalize:us-east-1:123456789012:dataset-group/none") is None
    assert world.cloud.tags("arn:aws:personalize:us-east-1:123456789012:dataset-group/none") == {}


def test_deleting_what_is_gone_is_no_error(world: World) -> None:
    """A deletion can be repeated."""
    world.cloud.create(GROUP, "shop", {}, {})
    world.clock.sleep(600)
    (live,) = world.cloud.list(GROUP)

    world.cloud.delete(live)
    world.clock.sleep(600)
    world.cloud.delete(live)

    assert world.cloud.describe(GROUP, live.arn) is None


def test_a_taken_name_is_told_apart_from_a_lost_answer(world: World) -> None:
    """Only an attempt of our own may be found again; somebody else's object under the name is an error."""
    world.cloud.create(GROUP, "shop", {}, {"personalize-gitops:address": "DatasetGroup/theirs"})

    with pytest.raises(AlreadyExists, match="shop"):
        world.cloud.create(GROUP, "shop", {}, {"personalize-gitops:address": "DatasetGroup/shop"})


OURS = {"personalize-gitops:project": "shop:prod", "personalize-gitops:address": "DatasetGroup/shop"}


def test_what_another_apply_has_created_is_found(world: World) -> None:
    """A name that an object of the same owner and address has is not taken: the second creation returns the first."""
    first = world.cloud.create(GROUP, "shop", {}, OURS)

    assert world.cloud.create(GROUP, "shop", {}, OURS) == first
    with pytest.raises(AlreadyExists):
        world.cloud.create(GROUP, "shop", {}, {**OURS, "personalize-gitops:project": "shop:staging"})
    with pytest.raises(AlreadyExists):
        world.cloud.create(GROUP, "shop", {}, {})


def test_an_untaggable_object_is_found_if_it_is_equal(world: World) -> None:
    """Two projects share a schema of one name only if they mean the same one."""
    schema = KINDS["Schema"]
    users = {"type": "record", "name": "Users", "namespace": "com.amazonaws.personalize.schema", "version": "1.0"}
    fields = [{"name": "USER_ID", "type": "string"}, {"name": "AGE", "type": "int"}]
    first = world.cloud.create(schema, "users", {"schema": {**users, "fields": fields}}, {})

    assert world.cloud.create(schema, "users", {"schema": {**users, "fields": fields}}, {}) == first
    other = [{"name": "USER_ID", "type": "string"}, {"name": "CITY", "type": "string", "categorical": True}]
    with pytest.raises(AlreadyExists):
        world.cloud.create(schema, "users", {"schema": {**users, "fields": other}}, {})


def test_a_strangers_untaggable_object_is_not_a_lost_answer(world: World) -> None:
    """After an error without an effect somebody else creates another schema of the name: it is not taken for ours."""
    schema = KINDS["Schema"]
    users = {"type": "record", "name": "Users", "namespace": "com.amazonaws.personalize.schema", "version": "1.0"}
    fields = [{"name": "USER_ID", "type": "string"}, {"name": "AGE", "type": "int"}]
    other = [{"name": "USER_ID", "type": "string"}, {"name": "CITY", "type": "string", "categorical": True}]
    world.emulator.faults.refuse("CreateSchema", "InternalFailure", "try again")
    theirs = {"name": "users", "schema": json.dumps({**users, "fields": other})}
    world.emulator.faults.meddle("ListSchemas", "CreateSchema", theirs)

    with pytest.raises(CloudError, match="users"):
        world.cloud.create(schema, "users", {"schema": {**users, "fields": fields}}, {})


def test_what_is_being_deleted_is_waited_for(world: World) -> None:
    """An object of ours that another apply deletes is not the new one."""
    world.cloud.create(GROUP, "shop", {}, OURS)
    world.clock.sleep(600)
    (live,) = world.cloud.list(GROUP)
    world.cloud.delete(replace(live, tags=OURS))

    with pytest.raises(Busy):
        world.cloud.create(GROUP, "shop", {}, OURS)


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("ResourceInUseException", "in transition", Busy),
        ("LimitExceededException", "More than 5 resources with PENDING or IN_PROGRESS status.", NoFreeSlot),
        ("LimitExceededException", "More than 5 resources in ACTIVE state.", QuotaExceeded),
        ("LimitExceededException", "Too many requests", Unavailable),
        ("ThrottlingException", "Rate exceeded", Unavailable),
        ("InternalFailure", "something broke", Unavailable),
        ("InvalidInputException", "no such recipe", InvalidRequest),
        ("AccessDeniedException", "not authorized to perform: personalize:CreateDatasetGroup", AccessDenied),
        ("ExpiredTokenException", "The security token included in the request is expired", CredentialsError),
        ("SomethingNewException", "who knows", CloudError),
    ],
)
def test_an_error_means_one_thing(world: World, code: str, message: str, expected: type[GitopsError]) -> None:
    """Each error of the service becomes the class that says what to do about it, with the service's own words."""
    world.emulator.faults.refuse("CreateDatasetGroup", code, message, times=100)

    with pytest.raises(expected, match=message[:20]) as caught:
        world.cloud.create(GROUP, "shop", {}, {})

    assert type(caught.value) is expected or expected is Unavailable


def test_a_folder_and_a_file_have_digests_of_their_own(world: World, tmp_path: Path) -> None:
    """The digest of a location follows the content of what an import would read there, and of nothing else."""
    files = {"day/a.csv": "1", "day/b.csv": "2", "day/old/c.csv": "3", "day.csv": "4", "day.csv.bak": "5"}
    world.emulator.put_bucket("data", files)
    folder, file = world.cloud.objects("s3://data/day/"), world.cloud.objects("s3://data/day.csv")

    world.emulator.put_bucket("data", {**files, "day/old/c.csv": "changed", "day.csv.bak": "changed"})
    assert (world.cloud.objects("s3://data/day/"), world.cloud.objects("s3://data/day.csv")) == (folder, file)
    world.emulator.put_bucket("data", {**files, "day/a.csv": "changed", "day.csv": "changed"})
    assert folder != world.cloud.objects("s3://data/day/")
    assert file != world.cloud.objects("s3://data/day.csv")


def test_a_bucket_that_is_not_there_is_an_error(world: World) -> None:
    """What cannot be read does not pass for unchanged."""
    with pytest.raises(CloudError, match="s3://nowhere/"):
        world.cloud.objects("s3://nowhere/data.csv")


def test_another_account_is_refused(world: World) -> None:
    """Credentials for another account than the target's are an error before anything is read."""
    with pytest.raises(CredentialsError, match="this target is account 444455556666"):
        connect(world.clock, region="us-east-1", account="444455556666")


def test_a_role_is_assumed(world: World) -> None:
    """With assumeRole the calls are the role's, in the role's account."""
    role = "arn:aws:iam::123456789012:role/deployer"

    cloud = connect(world.clock, region="eu-west-1", account="123456789012", assume_role=role)

    assert cloud.region == "eu-west-1"
    assert cloud.list(GROUP) == []


def test_an_unknown_profile_is_told(world: World) -> None:
    """A profile that is not configured is a sentence, not a traceback."""
    with pytest.raises(CredentialsError, match="nobody"):
        connect(world.clock, region="us-east-1", profile="nobody")


@pytest.mark.parametrize("role", [None, "arn:aws:iam::123456789012:role/deployer"])
def test_no_credentials_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, role: str | None) -> None:
    """Without credentials the answer is a sentence that says how to come by some, with and without a role to assume."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))

    with pytest.raises(CredentialsError, match="aws sso login"):
        connect(SimulatedClock(0), region="us-east-1", assume_role=role)


def test_an_endpoint_that_is_none_is_told(world: World) -> None:
    """A port that does not exist is a sentence about the endpoint."""
    with pytest.raises(UsageError, match="Port out of range"):
        connect(world.clock, region="us-east-1", endpoint_url="http://localhost:99999")


def test_a_broken_configuration_is_told(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What botocore cannot read of the user's configuration is a matter of credentials."""
    (tmp_path / "config").write_text("[profile a\nregion")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))

    with pytest.raises(CredentialsError, match="config"):
        connect(world.clock, region="us-east-1")


@pytest.mark.parametrize("code", ["AccessDeniedException", "InternalFailure", "ThrottlingException"])
def test_an_index_of_tags_that_does_not_answer_is_done_without(world: World, code: str) -> None:
    """It is asked once: the objects themselves know their tags as well."""
    world.emulator.faults.refuse("GetResources", code, "not now")

    assert world.cloud.tag_index() is None
    assert world.cloud.calls["GetResources"] == 1


def test_every_page_of_the_index_of_tags_is_read() -> None:
    """More tagged objects than a page holds are all told."""
    clock = SimulatedClock(START)
    with Emulator(clock.now, quotas={"DatasetGroup": 250}).started():
        cloud = connect(clock, region="us-east-1")
        made = {cloud.create(GROUP, f"shop-{number}", {}, {"number": f"{number}"}): number for number in range(230)}

        index = cloud.tag_index()

    assert index == {arn: {"number": f"{number}"} for arn, number in made.items()}


def test_the_request_id_of_a_change(world: World) -> None:
    """After a change the id of its request is known; after one whose answer was lost, it is not."""
    arn = world.cloud.create(GROUP, "shop", {}, {})
    first = world.cloud.request_id
    world.cloud.describe(GROUP, arn)
    read = world.cloud.request_id
    world.emulator.faults.lose_response("CreateDatasetGroup")
    world.cloud.create(GROUP, "other", {}, OURS)

    assert first
    assert read == first
    assert world.cloud.request_id == ""


def test_the_request_id_of_an_error(world: World) -> None:
    """An error of the service carries the id of the request, for the support of AWS."""
    world.emulator.faults.refuse("CreateDatasetGroup", "InvalidInputException", "no")

    with pytest.raises(InvalidRequest) as refused:
        world.cloud.create(GROUP, "shop", {}, {})

    assert refused.value.request_id
