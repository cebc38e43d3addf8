"""A small movie service: the manifests of the example with generated data that has a known structure.

Forty people in two camps watch eighty movies in two genres: each camp watches its own genre, in a different order.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "manifests"
PEOPLE, MOVIES, SEEN = 40, 80, 30
START = 1_700_000_000  # epoch seconds of the first event


def interactions() -> list[list[str]]:
    """Return 1,200 events: person p of camp p % 2 watches thirty movies of genre p % 2."""
    rows = []
    for person in range(PEOPLE):
        for step in range(SEEN):
            movie = (person + step * 2) % MOVIES
            event = "like" if step % 3 == 0 else "watch"
            stars = "5" if event == "like" else "3"
            rows.append([f"p{person}", f"m{movie}", event, stars, str(START + person * 1000 + step)])
    return rows


def movies() -> list[list[str]]:
    """Return the movies: even ones are comedies, odd ones dramas."""
    return [[f"m{n}", f"Movie {n}", "Comedy" if n % 2 == 0 else "Drama|War", str(1950 + n)] for n in range(MOVIES)]


def people() -> list[list[str]]:
    """Return the people, each with an age, a gender and an occupation."""
    return [[f"p{n}", str(20 + n), "F" if n % 2 else "M", "artist" if n % 3 else "doctor"] for n in range(PEOPLE)]


FILES = {
    "interactions.csv": (["USER_ID", "ITEM_ID", "EVENT_TYPE", "EVENT_VALUE", "TIMESTAMP"], interactions),
    "items.csv": (["ITEM_ID", "TITLE", "GENRES", "YEAR"], movies),
    "users.csv": (["USER_ID", "AGE", "GENDER", "OCCUPATION"], people),
}


def write_data(folder: Path) -> None:
    """Write the CSV files that the example's schemas describe."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (header, rows) in FILES.items():
        with (folder / name).open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows())


def write_project(folder: Path) -> None:
    """Write the example's manifests to `folder/manifests`, and the generated data beside them."""
    shutil.copytree(EXAMPLE, folder / "manifests", ignore=shutil.ignore_patterns(".*", "*.py", "__pycache__"))
    write_data(folder / "data" / "movielens")
