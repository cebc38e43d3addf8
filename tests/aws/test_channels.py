"""The channels in AWS, on the emulator's SNS, EventBridge and SQS."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from personalize_gitops.errors import CloudError
from personalize_gitops.model.notice import Message
from tests.support.world import World

MESSAGE = Message("Amazon Personalize: applied", "shop/prod: applied", "shop/prod: applied", "text", '{"a": 1}')
REGION = "eu-west-1"  # another one than that of the account


def queue_of(name: str) -> tuple[Any, str, str]:
    """A client of SQS, and the address and ARN of a new queue."""
    sqs = boto3.client("sqs", region_name=REGION)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return sqs, url, arn


def received(sqs: Any, url: str) -> Any:
    """The body of the only message in a queue."""
    (found,) = sqs.receive_message(QueueUrl=url)["Messages"]
    return json.loads(found["Body"])


def test_a_topic_publishes(world: World) -> None:
    """Subject and text arrive at the subscribers of the topic, in its own region."""
    sqs, url, queue = queue_of("mail")
    sns = boto3.client("sns", region_name=REGION)
    topic = sns.create_topic(Name="ops")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)

    world.cloud.topic(topic).send(MESSAGE)

    body = received(sqs, url)
    assert (body["Subject"], body["Message"]) == (MESSAGE.short_subject, MESSAGE.text)


def test_an_event_bus_takes_the_notice(world: World) -> None:
    """A rule finds the event by its source and detail type, and gets the notice as JSON."""
    sqs, url, queue = queue_of("events")
    events = boto3.client("events", region_name=REGION)
    bus = events.create_event_bus(Name="ops")["EventBusArn"]
    pattern = json.dumps({"source": ["personalize-gitops"], "detail-type": [MESSAGE.kind]})
    events.put_rule(Name="all", EventBusName="ops", EventPattern=pattern)
    events.put_targets(Rule="all", EventBusName="ops", Targets=[{"Id": "queue", "Arn": queue}])

    world.cloud.event_bus(bus).send(MESSAGE)

    assert received(sqs, url)["detail"] == {"a": 1}


def test_a_missing_topic_is_an_error(world: World) -> None:
    """What AWS answers is the error, translated as everywhere."""
    with pytest.raises(CloudError, match="does not exist"):
        world.cloud.topic(f"arn:aws:sns:{REGION}:123456789012:none").send(MESSAGE)
