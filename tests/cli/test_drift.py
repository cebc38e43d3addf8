"""`drift` as a nightly job runs it: its exit codes, the baseline, and what is new since the check before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.cli.drift import _FAILING, findings
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.model.drift import FAILING
from tests.cli.test_commands import fits
from tests.support.project import Project
from tests.support.shop import write_shop
from tests.support.world import START, World


@dataclass(frozen=True)
class Shop:
    """The small shop in an account that is reached over HTTP, so that somebody else can change it too."""

    project: Project
    world: World

    def scale(self, throughput: int) -> None:
        """Change the campaign by hand."""
        self.world.cloud.update(self.world.only(self.project.manifests, "Campaign"), {"minProvisionedTPS": throughput})
        self.world.clock.sleep(3600)

    def drift(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Return the exit code and the document of a check."""
        result = self.project.run("drift", "--no-cache", *arguments, "--output", "json")
        assert not result.err, result.err
        return result.code, fits("drift", result.out)


def told(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["address"], item["finding"]) for item in document["drift"]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The shop, applied."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    manifests, clock = write_shop(tmp_path), SimulatedClock(START)
    emulator = Emulator(clock.now)
    emulator.put_bucket("shop", tmp_path / "data")
    with emulator.serve(port=0) as server:
        path = manifests / "shop.yaml"
        there = f"{{region: us-east-1, endpointUrl: '{server.url}'}}"
        path.write_text(path.read_text().replace("{emulator: {state: state, buckets: {shop: ../data}}}", there))
        world = World(emulator, clock, connect(clock, region="us-east-1", endpoint_url=server.url))
        world.apply(manifests)
        yield Shop(Project(tmp_path), world)


def test_only_what_changed_in_the_account_fails_a_nightly_check(shop: Shop) -> None:
    """Edits that are not applied and undeclared objects are told and exit with 0; a change by hand exits with 2."""
    shop.project.edit("shop.yaml", "popularity_discount_factor: 0.3", "popularity_discount_factor: 0.6")
    text = (shop.project.manifests / "shop.yaml").read_text()
    (shop.project.manifests / "shop.yaml").write_text(text[: text.index("---\nkind: Filter")])

    code, document = shop.drift()

    assert (code, document["failed"]) == (0, False)
    assert told(document) == [("Filter/bought", "undeclared"), ("Solution/home", "unapplied")]
    assert document["target"]["name"] == "local"
    shop.scale(9)
    code, document = shop.drift()
    assert code == 2
    assert [item["address"] for item in document["drift"] if item["fails"]] == ["Campaign/home"]
    assert shop.drift("--exit-zero")[0] == 0
    assert shop.drift("--fail-on", "undeclared")[0] == 2
    assert shop.drift("--fail-on", "missing")[0] == 0


def test_what_could_not_be_read_is_an_error(shop: Shop) -> None:
    """The rest is checked: 1 without drift in it, 2 with drift, and never 0."""
    shop.world.emulator.faults.deny("ListFilters", times=99)

    code, document = shop.drift("--exit-zero")

    assert (code, told(document)) == (1, [("Filter/bought", "unchecked")])
    shop.world.emulator.faults.clear()
    shop.scale(9)
    shop.world.emulator.faults.deny("ListFilters", times=99)
    assert shop.drift()[0] == 2


NEW_USERS = """
kind: Schema
name: users
spec:
  schema:
    type: record
    name: Users
    namespace: com.amazonaws.personalize.schema
    fields: [{name: USER_ID, type: string}, {name: AGE, type: int}]
---
kind: Dataset
name: users
spec: {datasetGroup: shop, datasetType: Users, schema: users}
"""

NEW_FILTER = """kind: Filter
name: fresh
spec: {datasetGroup: shop, filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'}
"""


def test_what_is_new_since_the_check_before(shop: Shop) -> None:
    """New, then ongoing with the day of the first check, then resolved, also after a check that could not read it."""
    shop.project.run("drift", "--output", "json=before.json")
    shop.scale(9)

    code, first = shop.drift("--since", "before.json", "--output", "json=first.json")
    _, second = shop.drift("--since", "first.json", "--output", "json=second.json")
    shop.world.emulator.faults.deny("ListCampaigns", times=99)
    shop.drift("--since", "second.json", "--output", "json=second.json")
    shop.world.emulator.faults.clear()
    shop.scale(1)
    third = shop.project.run("drift", "--since", "second.json").out

    assert (code, first["drift"][0]["state"], second["drift"][0]["state"]) == (2, "new", "ongoing")
    assert second["drift"][0]["firstSeen"] == first["drift"][0]["firstSeen"] == first["checkedAt"]
    assert "Resolved: Campaign/home changed, first seen " in third
    assert ": 0 new, 2 resolved.\n" in third


def test_a_new_document_is_an_edit_and_a_deleted_object_is_missing(shop: Shop) -> None:
    """With the check before, a resource that was never there does not fail the next one."""
    shop.project.run("drift", "--output", "json=before.json")
    shop.project.write("fresh.yaml", NEW_FILTER)
    assert shop.drift()[0] == 2  # without it, a resource that is not there may have been deleted

    code, document = shop.drift("--since", "before.json")
    shop.world.cloud.delete(shop.world.only(shop.project.manifests, "Filter"))
    shop.world.clock.sleep(3600)
    later = shop.drift("--since", "before.json")

    assert (code, told(document)) == (0, [("Filter/fresh", "unapplied")])
    assert (later[0], told(later[1])) == (2, [("Filter/bought", "missing"), ("Filter/fresh", "unapplied")])


def test_a_new_document_is_told_by_the_record_of_the_last_apply(shop: Shop) -> None:
    """Alone, too: new resources, their schema included, fail no check; one that was applied and is gone does."""
    assert shop.project.run("apply", "--auto-approve").code == 0
    shop.project.write("fresh.yaml", NEW_FILTER)
    shop.project.write("users.yaml", NEW_USERS)

    code, document = shop.drift()
    shop.world.cloud.delete(shop.world.only(shop.project.manifests, "Filter"))
    shop.world.clock.sleep(3600)
    later = shop.drift()

    new = [("Dataset/users", "unapplied"), ("Filter/fresh", "unapplied"), ("Schema/users", "unapplied")]
    assert (code, told(document)) == (0, new)
    assert (later[0], told(later[1])) == (2, sorted([*new, ("Filter/bought", "missing")]))


def test_the_record_and_the_check_before_do_not_hide_a_deletion(shop: Shop) -> None:
    """A resource that came and went between two checks is missing, and so is one that was edited after its deletion."""
    shop.project.run("drift", "--output", "json=before.json")
    shop.project.write("fresh.yaml", NEW_FILTER)
    assert shop.project.run("apply", "--auto-approve", "--no-wait").code == 9
    shop.world.clock.sleep(3600)
    assert shop.project.run("apply", "--auto-approve").code == 0
    for live in shop.world.snapshot(shop.project.manifests).of_kind("Filter"):
        shop.world.cloud.delete(live)
    shop.world.clock.sleep(3600)
    shop.project.edit("shop.yaml", 'EVENT_TYPE IN ("like")', 'EVENT_TYPE IN ("watch")')

    code, document = shop.drift("--since", "before.json", "--output", "json=first.json")
    again, later = shop.drift("--since", "first.json")

    missing = [("Filter/bought", "missing"), ("Filter/fresh", "missing")]
    assert (code, told(document), again, told(later)) == (2, missing, 2, missing)
    assert [item["state"] for item in later["drift"]] == ["ongoing", "ongoing"]


def test_an_applied_object_that_lost_its_tags_has_changed(shop: Shop) -> None:
    """Its tags were removed, or somebody created it again: the record of the apply says that it was ours."""
    assert shop.project.run("apply", "--auto-approve").code == 0
    campaign = shop.world.only(shop.project.manifests, "Campaign")
    shop.world.cloud.untag(campaign, [*campaign.tags])

    code, document = shop.drift("--who")

    assert (code, told(document)) == (2, [("Campaign/home", "changed")])
    (item,) = document["drift"]
    assert item["reasons"][-1]["text"] == "managed by the last apply, and its tags are gone since"
    assert item["who"]["event"] == "UntagResource"
    assert item["next"] == "personalize-gitops plan --adopt --only Campaign/home"


EARLIEST = """{"formatVersion": "1.0", "project": "shop", "checkedAt": "0001-01-01T00:00:00+14:00", "present": [],
"target": {"name": "local", "account": "000000000000", "region": "us-east-1"}, "drift": [], "muted": [],
"unresolved": []}
"""


@pytest.mark.parametrize(
    "content", [None, "", "[]", "{}", '{"formatVersion": "1.0"}', '{"formatVersion": "2.0"}', EARLIEST]
)
def test_an_earlier_check_that_is_none(tmp_path: Path, content: str | None) -> None:
    """A file that is missing or something else is an error before the account is read."""
    write_shop(tmp_path)
    if content is not None:
        (tmp_path / "before.json").write_text(content)

    result = Project(tmp_path).run("drift", "--since", "before.json")

    assert (result.code, result.out) == (1, "")
    assert "before.json" in result.err


def test_an_earlier_check_of_another_target(shop: Shop) -> None:
    """Its findings would all look resolved."""
    shop.project.run("drift", "--output", "json=before.json")
    path = shop.project.folder / "before.json"
    path.write_text(path.read_text().replace('"name": "local"', '"name": "prod"'))

    result = shop.project.run("drift", "--since", "before.json")

    assert (result.code, "before.json is of shop prod" in result.err) == (1, True)


BASELINE = "mute:\n  - {address: Campaign/home, path: spec.minProvisionedTPS, reason: sale, until: UNTIL}\n"


def test_a_known_change_is_muted_until_a_day(shop: Shop) -> None:
    """It does not fail the check, and the plan is the same; once the entry has ended, both are told."""
    shop.scale(9)
    before = shop.project.run("plan").out
    shop.project.write("drift-baseline.yaml", BASELINE.replace("UNTIL", "2099-12-24"))

    code, document = shop.drift()
    shown = shop.project.run("drift").out

    assert (code, told(document)) == (0, [])
    assert [(each["address"], each["finding"], each["reason"]) for each in document["muted"]] == [
        ("Campaign/home", "changed", "sale")
    ]
    assert "Muted until 2099-12-24 by manifests/drift-baseline.yaml:2: Campaign/home changed (sale).\n" in shown
    assert shop.project.run("plan").out == before
    shop.project.write("drift-baseline.yaml", BASELINE.replace("UNTIL", "2025-01-24"))
    code, document = shop.drift()
    assert (code, told(document)) == (2, [("Campaign/home", "changed"), ("Campaign/home", "expired-baseline")])


def test_an_invalid_baseline(shop: Shop) -> None:
    """`validate` and `drift` refuse it with its place; a plan does not read it."""
    shop.project.write("drift-baseline.yaml", BASELINE.replace("UNTIL", "soon"))

    refused = [shop.project.run("validate"), shop.project.run("drift")]

    assert [each.code for each in refused] == [3, 3]
    assert all("manifests/drift-baseline.yaml:2:" in each.err for each in refused)
    assert shop.project.run("plan").code == 0


@pytest.mark.parametrize("given", ["", " , "])
def test_no_class_is_an_error(tmp_path: Path, given: str) -> None:
    """A variable of a pipeline that is not set must not let every check pass."""
    result = Project(tmp_path).run("drift", "--fail-on", given)

    assert result.code == 1
    assert result.err.startswith("Error: argument --fail-on: no class given; --exit-zero lets every check pass;")


def test_what_fails_by_default_is_told() -> None:
    """The default of `--fail-on` and its help name the classes that a report fails for by itself."""
    assert findings(_FAILING) == FAILING
