"""A clock, an emulator on it, and the account in it."""

from collections.abc import Iterator

import pytest

from personalize_gitops.emulator import Emulator

from .account import Account
from .clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def emulator(clock: Clock) -> Iterator[Emulator]:
    with Emulator(clock.now).started() as started:
        yield started


@pytest.fixture
def account(emulator: Emulator, clock: Clock) -> Account:
    return Account(emulator, clock)
