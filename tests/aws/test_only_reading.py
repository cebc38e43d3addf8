"""Connections that only read: every other operation of a service is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.aws.reading import READING, only_notifying, only_reading, only_recording
from personalize_gitops.errors import InvalidRequest, Refused
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.lock import Lease
from personalize_gitops.model.notice import Message
from tests.support.world import START, World

GROUP = KINDS["DatasetGroup"]
ROLE = "arn:aws:iam::123456789012:role/deployer"
MESSAGE = Message("Amazon Personalize: applied", "shop/prod: applied", "shop/prod: applied", "text", "{}")
READS = {
    "s3": {"ListObjectsV2", "GetObject", "HeadBucket", "GetBucketLocation", "GetBucketPolicy"},
    "iam": {"GetRole", "SimulatePrincipalPolicy"},
    "kms": {"GetKeyPolicy"},
    "sts": {"GetCallerIdentity", "AssumeRole", "AssumeRoleWithWebIdentity"},
    "resourcegroupstaggingapi": {"GetResources"},
    "cloudtrail": {"LookupEvents"},
    "cloudwatch": {"GetMetricData"},
    "personalize-runtime": {"GetRecommendations", "GetPersonalizedRanking", "GetActionRecommendations"},
    "sso": {"GetRoleCredentials"},
    "sso-oidc": {"CreateToken"},
    "signin": {"CreateOAuth2Token"},
}
"""The operations that may be sent, by service; those of Personalize are recognized by their verbs."""


def reader(service: str) -> Any:
    """A client of a session that only reads."""
    make: Any = only_reading(boto3.Session("key", "secret", region_name="us-east-1")).client
    return make(service)


def methods(client: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every operation of a client with its method."""
    return ((operation, getattr(client, method)) for method, operation in client.meta.method_to_api_mapping.items())


def may_read(service: str, operation: str) -> bool:
    """Whether a command without changes may call an operation."""
    return (
        operation.startswith(("Describe", "List", "GetSolutionMetrics"))
        if service == "personalize"
        else operation in READS.get(service, ())
    )


@pytest.mark.parametrize("service", [*READING, "personalize-events", "sns", "events"])
def test_every_other_operation_of_a_service_is_refused(service: str) -> None:
    """No operation of the service's model is sent but the listed ones, not even as a presigned URL."""
    client = reader(service)
    calls = dict(methods(client))

    for operation, call in calls.items():
        if not may_read(service, operation):
            with pytest.raises(Refused, match=f"{service}:{operation} was not sent: this command only reads"):
                call()

    assert calls.keys() == {*client.meta.service_model.operation_names}


def test_a_presigned_url_is_refused() -> None:
    """Nobody gets a URL that writes to S3 from a session that only reads."""
    with pytest.raises(Refused, match="s3:PutObject"):
        reader("s3").generate_presigned_url("put_object", Params={"Bucket": "shop", "Key": "lock"})


@pytest.mark.parametrize("role", [None, ROLE])
def test_a_connection_that_only_reads(world: World, role: str | None) -> None:
    """It lists, describes and fingerprints; it neither creates, updates, tags and deletes nor takes a lock in S3."""
    world.cloud.create(GROUP, "shop", {}, {})
    world.emulator.put_bucket("shop", {"data.csv": "USER_ID"})
    cloud = connect(world.clock, region="us-east-1", assume_role=role, read_only=True)

    (live,) = cloud.list(GROUP)
    assert cloud.describe(GROUP, live.arn)
    assert cloud.objects("s3://shop/data.csv")
    assert cloud.tag_index() == {}
    world.emulator.answered.clear()
    for change in (
        lambda: cloud.create(GROUP, "other", {}, {}),
        lambda: cloud.delete(live),
        lambda: cloud.tag(live, {"team": "x"}),
        lambda: cloud.lock("s3://shop/lock").write(Lease("ours", "ann", "process 1", START), over=None),
    ):
        with pytest.raises(Refused, match="was not sent"):
            change()
    assert not {"CreateDatasetGroup", "DeleteDatasetGroup", "TagResource"} & world.emulator.answered.keys()
    assert [live.name for live in world.cloud.list(GROUP)] == ["shop"]


def test_notifications_have_a_client_that_only_publishes(world: World) -> None:
    """A connection that only reads has a client of its own for each channel, which can do nothing else."""
    cloud = connect(world.clock, region="us-east-1", read_only=True)
    topic = boto3.client("sns", region_name="us-east-1").create_topic(Name="ops")["TopicArn"]

    cloud.topic(topic).send(MESSAGE)
    cloud.event_bus("default").send(MESSAGE)

    make: Any = only_notifying(boto3.Session("key", "secret", region_name="us-east-1")).client
    for service, allowed in (("sns", "Publish"), ("events", "PutEvents"), ("s3", ""), ("personalize", "")):
        for operation, call in methods(make(service)):
            if operation != allowed:
                with pytest.raises(Refused, match=f"{service}:{operation} was not sent: this client only notifies"):
                    call()


def test_events_have_a_client_that_only_records_them(world: World) -> None:
    """A connection that only reads puts events if it was made for it, with a client that can do nothing else."""
    events = {
        "trackingId": "t",
        "sessionId": "s",
        "eventList": [{"eventType": "watch", "itemId": "m", "sentAt": START}],
    }

    with pytest.raises(Refused, match="personalize-events:PutEvents was not sent: this command only reads"):
        connect(world.clock, region="us-east-1", read_only=True).runtime.put_events(events)
    recording = connect(world.clock, region="us-east-1", read_only=True, records_events=True)
    with pytest.raises(InvalidRequest, match="trackingId t is unknown"):
        recording.runtime.put_events(events)
    with pytest.raises(Refused, match="CreateDatasetGroup was not sent"):
        recording.create(GROUP, "shop", {}, {})
    assert world.emulator.answered["PutEvents"] == 1

    make: Any = only_recording(boto3.Session("key", "secret", region_name="us-east-1")).client
    for service, allowed in (("personalize-events", "PutEvents"), ("personalize", ""), ("s3", "")):
        for operation, call in methods(make(service)):
            if operation != allowed:
                with pytest.raises(Refused, match=f"{service}:{operation} was not sent: this client only records"):
                    call()
