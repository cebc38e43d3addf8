"""A clock, an emulator on it, and the account in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from personalize_gitops.emulator import Emulator
from personalize_gitops.emulator.host.server import Server

from .account import Account
from .asking import QUOTAS, Cinema
from .clock import Clock
from .estate import Estate, estate_in


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


@pytest.fixture(scope="session")
def saved_estate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Estate, float, Path]:
    """The estate, the time it was saved, and the directory."""
    place = tmp_path_factory.mktemp("estate")
    return *estate_in(place), place


@pytest.fixture
def estate(saved_estate: tuple[Estate, float, Path], clock: Clock) -> Iterator[Estate]:
    """A copy of the estate that a test can change."""
    known, clock.time, place = saved_estate
    with Emulator(clock.now).started() as emulator:
        emulator.load(place)
        yield known.taken_over_by(Account(emulator, clock))


@pytest.fixture(scope="session")
def saved_cinema(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cinema, float, Path]:
    """The cinema, the time it was saved, and the directory."""
    place, clock = tmp_path_factory.mktemp("cinema"), Clock()
    with Emulator(clock.now, quotas=QUOTAS).started() as emulator:
        cinema = Cinema(emulator, clock)
        cinema.train()
        emulator.save(place)
    return cinema, clock.time, place


@pytest.fixture
def cinema(saved_cinema: tuple[Cinema, float, Path], clock: Clock) -> Iterator[Cinema]:
    """A copy of the cinema that a test can change."""
    known, clock.time, place = saved_cinema
    with Emulator(clock.now, quotas=QUOTAS).started() as emulator:
        emulator.load(place)
        yield known.taken_over_by(emulator, clock)


@pytest.fixture
def served(saved_cinema: tuple[Cinema, float, Path], clock: Clock) -> Iterator[tuple[Server, Cinema]]:
    """A server with a copy of the cinema."""
    known, clock.time, place = saved_cinema
    with Emulator(clock.now, quotas=QUOTAS).started() as emulator:
        emulator.load(place)
        with emulator.serve(port=0, advance=lambda seconds: clock.pass_time(seconds=seconds), speed=60) as server:
            yield server, known.taken_over_by(emulator, clock)
