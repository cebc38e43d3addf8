"""The AWS SDK for Go v2, as Debian packages it, with `emulator serve`."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from .account import avro, interactions_csv
from .served import serving

PROGRAM = Path(__file__).parent / "go" / "shop.go"
PACKAGES = Path("/usr/share/gocode")  # of golang-github-aws-aws-sdk-go-v2-dev
CLICKS = avro("Interactions", "USER_ID", "ITEM_ID", {"name": "TIMESTAMP", "type": "long"}, "EVENT_TYPE")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program, built."""
    packages = Path(os.environ.get("GOPATH", PACKAGES))
    if not shutil.which("go") or not (packages / "src/github.com/aws/aws-sdk-go-v2/service/personalize").is_dir():
        pytest.skip("needs the Debian packages golang-go and golang-github-aws-aws-sdk-go-v2-dev")
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(packages), "GOFLAGS": "-p=2"}
    subprocess.run(["go", "build", "-o", str(tmp_path / "shop"), str(PROGRAM)], env=environment, check=True)
    return tmp_path / "shop"


@pytest.mark.slow
def test_a_shop_is_deployed_twice_under_the_same_names(program: Path, tmp_path: Path) -> None:
    """Schema to recommendations, events of a new visitor, and the teardown, two times."""
    (tmp_path / "schema.json").write_text(CLICKS)
    (tmp_path / "clicks.csv").write_text(interactions_csv())
    with serving("--speed", "3600") as served:
        served.shell("aws s3 mb s3://go-shop && aws s3 cp clicks.csv s3://go-shop/clicks.csv", tmp_path)
        deployments = [json.loads(line) for line in served.shell(str(program), tmp_path).splitlines()]

    assert [len(told["Before"]) for told in deployments] == [5, 5]
    for told in deployments:
        assert told["Before"] != told["After"]
        assert told["Metrics"] > 5
        assert "does not exist" in told["Refused"]
