"""Quotas can be set, and are enforced (docs/service/3 §13)."""

import json
from pathlib import Path

import pytest

from personalize_gitops.catalog.quotas import QUOTAS, Counted, Quota
from personalize_gitops.emulator import Emulator

from .account import Account, interactions_csv
from .clock import Clock
from .estate import Estate

ON_KINDS = [quota for quota in QUOTAS.values() if quota.kind]


@pytest.mark.parametrize("quota", ON_KINDS, ids=lambda quota: quota.name)
def test_quotas_on_resources(saved_estate: tuple[Estate, float, Path], clock: Clock, quota: Quota) -> None:
    """With a quota of 0 the next creation is refused, with the message for the statuses that the quota counts."""
    known, clock.time, place = saved_estate
    with Emulator(clock.now, quotas={quota.name: 0}).started() as emulator:
        emulator.load(place)
        estate = known.taken_over_by(Account(emulator, clock))

        response = estate.respond(f"Create{quota.kind}", estate.request(f"Create{quota.kind}"))

    error = json.loads(response.body)
    words = "PENDING or IN_PROGRESS" if quota.counted is Counted.PENDING else "ACTIVE"
    assert (response.status, error["__type"]) == (400, "LimitExceededException")
    assert error["message"].startswith(f"More than 0 resources with {words} status")


@pytest.mark.parametrize(
    ("quota", "limit", "reason"),
    [
        ("records of an interactions import", 1201, "The import has 1200 interactions; at least 1201 are needed."),
        ("bytes of a full import", 1000, "The data of FULL imports cannot be larger than 1000 bytes."),
        ("characters of an id", 1, "Length of USER_ID cannot be more than 1 characters."),
    ],
)
def test_quotas_on_imports(clock: Clock, quota: str, limit: int, reason: str) -> None:
    """Limits on data can be set too; an import that exceeds one fails (docs/service/3 §13.4)."""
    with Emulator(clock.now, quotas={quota: limit}).started() as emulator:
        account = Account(emulator, clock)

        job = account.imported(account.dataset(account.group()), interactions_csv())

    assert job["failureReason"] == reason


@pytest.mark.parametrize(
    ("quota", "limit", "reason"),
    [
        ("interactions to train", 1201, "Dataset has fewer than 1201 interactions"),
        (
            "users with two interactions to train",
            61,
            "Create failed. Dataset has fewer than 61 users with at least 2 interactions each.",
        ),
    ],
)
def test_quotas_on_trainings(clock: Clock, quota: str, limit: int, reason: str) -> None:
    """The minimum data of a training can be set (docs/service/2 §7.1)."""
    with Emulator(clock.now, quotas={quota: limit}).started() as emulator:
        account = Account(emulator, clock)
        version = account.version(account.solution(account.filled_group()))

        described = account.personalize.describe_solution_version(solutionVersionArn=version)["solutionVersion"]

    assert described["failureReason"] == reason
