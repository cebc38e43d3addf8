"""The whole example over HTTP, read back with the unmodified AWS CLI."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from tests.support.project import Project
from tests.support.world import START, World, actions

ACCOUNT = "123456789012"


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up ones, which the emulator takes."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


def aws(url: str, *arguments: str) -> dict[str, Any]:
    """The AWS CLI's answer."""
    program = Path(sys.executable).with_name("aws")
    command = [sys.executable, str(program), "--endpoint-url", url, "--output", "json", *arguments]
    answered = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    answer: dict[str, Any] = json.loads(answered.stdout)
    return answer


@pytest.mark.usefixtures("credentials")
def test_the_example_is_applied_over_http_and_read_by_the_aws_cli(project: Project) -> None:
    """What apply makes on a served emulator is there for any AWS client: campaign, tags and data included."""
    clock = SimulatedClock(START)
    with Emulator(clock.now, account=ACCOUNT).serve(port=0) as server:
        s3 = boto3.client("s3", endpoint_url=server.url)
        s3.create_bucket(Bucket="movielens-demo")
        for path in (project.folder / "data" / "movielens").iterdir():
            s3.put_object(Bucket="movielens-demo", Key=path.name, Body=path.read_bytes())
        cloud = connect(clock, region="us-east-1", account=ACCOUNT, endpoint_url=server.url)
        world = World(Emulator(clock.now), clock, cloud)

        world.apply(project.manifests)

        arn = f"arn:aws:personalize:us-east-1:{ACCOUNT}:campaign/for-you"
        campaign = aws(server.url, "personalize", "describe-campaign", "--campaign-arn", arn)["campaign"]
        assert campaign["status"] == "ACTIVE"
        assert campaign["minProvisionedTPS"] == 1
        tags = aws(server.url, "personalize", "list-tags-for-resource", "--resource-arn", arn)["tags"]
        assert {"tagKey": "personalize-gitops:address", "tagValue": "Campaign/for-you"} in tags
        imports = aws(server.url, "personalize", "list-dataset-import-jobs")["datasetImportJobs"]
        assert [job["status"] for job in imports] == ["ACTIVE"] * 3
        assert actions(world.plan(project.manifests)) == {}


@pytest.mark.usefixtures("credentials")
def test_serve_answers_until_it_is_told_to_end_and_keeps_its_state(tmp_path: Path) -> None:
    """`emulator serve` says where it listens, answers the AWS CLI, ends on SIGTERM, and knows everything next time."""
    for expected in ([], ["shop"]):
        command = [
            sys.executable,
            "-m",
            "personalize_gitops",
            "emulator",
            "serve",
            "--port",
            "0",
            "--state",
            str(tmp_path),
        ]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as serving:
            assert serving.stderr is not None
            url = serving.stderr.readline().split()[-1]
            groups = aws(url, "personalize", "list-dataset-groups")["datasetGroups"]
            if not groups:
                aws(url, "personalize", "create-dataset-group", "--name", "shop")
            serving.send_signal(signal.SIGTERM)
            serving.communicate()

        assert [group["name"] for group in groups] == expected
        assert serving.returncode == 0
