"""Commands notify the channels of their target on transitions; what fails is a warning."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from tests.support.hands import arns, by_hand
from tests.support.project import Project
from tests.support.webhook import Webhook, webhook
from tests.support.world import World

MANIFESTS = """
kind: Project
name: shop
spec:
  targets:
    local: {emulator: {}, notify: ["${env:HOOK_URL}"]}
---
kind: DatasetGroup
name: shop
spec: {}
"""


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    """A webhook, whose URL is in the environment, outside of a pipeline."""
    for name in ("CI", "GITHUB_EVENT_NAME", "GITHUB_RUN_ID", "CI_MERGE_REQUEST_IID", "CI_PIPELINE_URL"):
        monkeypatch.delenv(name, raising=False)
    with webhook() as found:
        monkeypatch.setenv("HOOK_URL", found.url)
        yield found


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """A project that notifies, not applied yet."""
    project = Project(tmp_path)
    project.write("shop.yaml", MANIFESTS)
    return project


def titles(hook: Webhook) -> list[str]:
    """The subjects of what was posted."""
    return [posted["title"] for posted in hook.posted]


def test_an_apply_is_told_once(shop: Project, hook: Webhook) -> None:
    """One message when the changes are made; none while they are in progress, and none without changes."""
    codes = [shop.run("apply", "--auto-approve", *options).code for options in (["--no-wait"], [], [])]

    assert codes == [9, 0, 0]
    assert titles(hook) == ["shop/local: applied (1 done)"]
    assert "- DatasetGroup/shop: wait" in hook.posted[0]["message"]


def test_a_failed_step_is_told(shop: Project, hook: Webhook) -> None:
    """The message names the step and the reason of the service."""
    shop.write(
        "export.yaml",
        "kind: Solution\nname: x\nspec: {datasetGroup: shop, recipe: aws-similar-items, performAutoTraining: false}\n"
        "---\nkind: SolutionVersion\nname: x\nspec: {solution: x}\n",
    )

    result = shop.run("apply", "--auto-approve")

    assert result.code == 10
    (title,) = titles(hook)
    assert title.startswith("shop/local: apply failed (1 failed")
    assert "- SolutionVersion/x: create failed" in hook.posted[0]["message"]


def test_drift_is_told_when_it_appears_and_when_it_is_gone(shop: Project, hook: Webhook) -> None:
    """Each night compares with the one before: new drift once, lasting drift never, its end once."""
    shop.edit("shop.yaml", "name: shop\nspec: {}", "name: shop\nspec: {}\ntags: {a: b}")
    assert shop.run("apply", "--auto-approve").code == 0
    hook.posted.clear()

    def night(number: int) -> int:
        since = ["--since", f"{number - 1}.json"] if number else []
        return shop.run("drift", *since, "--output", f"json={number}.json").code

    codes = [night(0)]
    (arn,) = arns(shop, "datasetGroups")
    with by_hand(shop) as client:
        client.untag_resource(resourceArn=arn, tagKeys=["a"])
    codes += [night(1), night(2)]
    with by_hand(shop) as client:
        client.tag_resource(resourceArn=arn, tags=[{"tagKey": "a", "tagValue": "b"}])
    codes += [night(3), night(4)]

    assert codes == [0, 2, 2, 0, 0]
    assert titles(hook) == ["shop/local: new drift (1 changed)", "shop/local: drift resolved (1 changed)"]
    assert "- DatasetGroup/shop: changed: changed in the account" in hook.posted[0]["message"]


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, False),
        ({"CI": "true"}, True),
        ({"CI": "true", "GITHUB_EVENT_NAME": "pull_request"}, False),
        ({"CI": "true", "CI_MERGE_REQUEST_IID": "7"}, False),
    ],
    ids=["laptop", "after the merge", "pull request", "merge request"],
)
def test_a_plan_that_waits_is_told(
    shop: Project, hook: Webhook, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], told: bool
) -> None:
    """A plan with changes that a pipeline saves after the merge waits for approval; one without `--out` does not."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert shop.run("plan").code == 2
    assert shop.run("plan", "--out", "plan.json").code == 2

    assert titles(hook) == (["shop/local: plan waits for approval (1 create)"] if told else [])


def test_a_notification_that_fails_fails_nothing(shop: Project, hook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit code stays, stderr has a warning with the name of the variable and nothing of its value."""
    hook.status = 500

    refused = shop.run("apply", "--auto-approve")
    monkeypatch.delenv("HOOK_URL")
    shop.edit("shop.yaml", "name: shop\nspec: {}", "name: shop\nspec: {}\ntags: {a: b}")
    unset = shop.run("apply", "--auto-approve")

    assert (refused.code, unset.code) == (0, 0)
    assert "Warning: no notification to HOOK_URL: the message was not accepted" in refused.err
    assert "Warning: no notification to HOOK_URL: the environment variable is not set" in unset.err
    assert "tok3n" not in refused.out + refused.err


def test_a_url_is_in_no_output(shop: Project, hook: Webhook) -> None:
    """The secret of the URL is in no format and no plan file."""
    said = [shop.run("plan", "--output", format_, "--out", "plan.json") for format_ in ("text", "json", "md", "html")]

    assert "tok3n" not in "".join(result.out + result.err for result in said) + (shop.folder / "plan.json").read_text()


def test_topics_and_buses_are_told_by_the_role(world: World, shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """SNS and EventBridge get the same notice; a command that only reads may publish it."""
    sqs = boto3.client("sqs", region_name="us-east-1")
    queue = sqs.create_queue(QueueName="mail")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns = boto3.client("sns", region_name="us-east-1")
    topic = sns.create_topic(Name="ops")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    shop.edit(
        "shop.yaml",
        'local: {emulator: {}, notify: ["${env:HOOK_URL}"]}',
        f"prod: {{region: us-east-1, notify: [{{sns: '{topic}'}}, {{eventBus: default}}]}}",
    )
    monkeypatch.setenv("CI", "true")
    monkeypatch.delenv("GITHUB_EVENT_NAME", raising=False)

    result = shop.run("plan", "--out", "plan.json")

    assert result.code == 2
    (found,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(found["Body"])["Subject"] == "shop/prod: plan waits for approval (1 create)"
    assert "event bus default" not in result.err
    assert "refused" not in result.err


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (
            "https://hooks.example/s3cret",
            "manifests/shop.yaml:6:36 Project spec.targets.local.notify[0]: the URL is a secret: expected",
        ),
        ("slack://${env:TOKEN}/s3cret", "the URL is a secret"),
        ("{sns: ops}", "spec.targets.local.notify[0].sns"),
        ("{}", "expected either `sns` or `eventBus`"),
        ("{sns: 'arn:aws:sns:eu-west-1:111122223333:ops', eventBus: x}", "expected either `sns` or `eventBus`"),
    ],
)
def test_a_destination_that_is_not_allowed(shop: Project, entry: str, line: str) -> None:
    """A URL that is written out is a problem with its place, and is not repeated."""
    shop.edit("shop.yaml", '"${env:HOOK_URL}"', entry if entry.startswith("{") else f'"{entry}"')

    result = shop.run("validate")

    assert result.code == 3
    assert line in result.err.replace("  ", " ")
    assert "s3cret" not in result.out + result.err


def test_a_plan_needs_no_url(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the variable is not set, as in the pipeline of a fork, the manifests are valid all the same."""
    monkeypatch.delenv("HOOK_URL", raising=False)

    assert shop.run("validate").code == 0
    assert shop.run("plan").code == 2


MUTE = "mute: [{address: DatasetGroup/shop, path: tags.a, reason: known, until: 9999-01-01}]\n"


def test_what_the_baseline_mutes_is_told_only_once_it_is_not_muted(shop: Project, hook: Webhook) -> None:
    """The end of a muted finding is not told; a finding that an earlier check muted is told as new."""
    shop.edit("shop.yaml", "name: shop\nspec: {}", "name: shop\nspec: {}\ntags: {a: b, c: d}")
    assert shop.run("apply", "--auto-approve").code == 0
    shop.write("drift-baseline.yaml", MUTE)
    (arn,) = arns(shop, "datasetGroups")
    hook.posted.clear()

    def night(number: int, tags: dict[str, str]) -> int:
        with by_hand(shop) as client:
            client.tag_resource(resourceArn=arn, tags=[{"tagKey": k, "tagValue": v} for k, v in tags.items()])
        since = ["--since", f"{number - 1}.json"] if number else []
        return shop.run("drift", *since, "--output", f"json={number}.json").code

    codes = [night(0, {}), night(1, {"a": "x"}), night(2, {"a": "b"}), night(3, {"a": "x"}), night(4, {"c": "x"})]

    assert codes == [0, 0, 0, 0, 2]
    assert titles(hook) == ["shop/local: new drift (1 changed)"]
