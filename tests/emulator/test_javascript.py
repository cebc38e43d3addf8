"""The AWS SDK for JavaScript v3, in Node.js, with `emulator serve`."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.npm import installed

from .account import avro, interactions_csv
from .served import serving

PROGRAM = Path(__file__).parent / "javascript"
CLICKS = avro(
    "Interactions",
    "USER_ID",
    "ITEM_ID",
    {"name": "TIMESTAMP", "type": "long"},
    "EVENT_TYPE",
    {"name": "DEVICE", "type": ["null", "string"]},
)


@pytest.fixture(scope="session")
def packages() -> Path:
    """The folder with the pinned packages of the SDK, installed once for each lock file."""
    return installed(PROGRAM)


@pytest.fixture
def folder(packages: Path, tmp_path: Path) -> Path:
    """The program, its packages and its data."""
    for name in ("package.json", "shop.js"):
        shutil.copy(PROGRAM / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(packages)
    (tmp_path / "schema.json").write_text(CLICKS)
    header, *rows = interactions_csv().splitlines()
    (tmp_path / "clicks.csv").write_text("\n".join([f"{header},DEVICE", *(f"{row},tablet" for row in rows)]))
    return tmp_path


def test_a_shop_is_deployed_twice_under_the_same_names(folder: Path) -> None:
    """Schema to recommendations, a filter, events, and the teardown, two times.

    The emulated time is far from the real one and passes fast. The SDK finds its clock right nevertheless. Every answer
    and every refusal has a request id.
    """
    with serving("--speed", "3600") as served:
        served.shell(f"personalize-gitops emulator advance 2000h --url {served.url}", folder)
        deployments = [
            json.loads(line) for line in served.shell("AWS_REGION=us-west-2 node shop.js 2", folder).splitlines()
        ]

    assert [len(told["before"]) for told in deployments] == [5, 5]
    for told in deployments:
        assert told["before"][0] not in told["after"]
        assert "coverage" in told["metrics"]
        assert (told["refused"]["httpStatusCode"], bool(told["refused"]["requestId"])) == (400, True)
        assert (told["ids"]["distinct"], told["ids"]["missing"]) == (told["ids"]["answers"], False)
        assert told["offset"] < 300_000
