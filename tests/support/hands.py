"""What happens to the account of a project's local target between two commands: time passes, and colleagues act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import Any

import boto3

from personalize_gitops.connection import connected
from personalize_gitops.manifest import load
from tests.support.project import Project


@contextmanager
def by_hand(project: Project, *, after_days: float = 0) -> Iterator[Any]:
    """Yield a client of the account; `after_days` pass before."""
    with connected(load(project.manifests), changes=True) as connection:
        connection.clock.sleep(after_days * 86400)
        client = boto3.client("personalize", region_name="us-east-1")
        if after_days:  # only a change is saved, and with it the time
            client.create_dataset_group(name=f"unmanaged-{connection.clock.now():.0f}")
        yield client


def pass_days(project: Project, days: float) -> None:
    """Let time pass."""
    with by_hand(project, after_days=days):
        pass


def arns(project: Project, kind: str) -> list[str]:
    """Return the ARNs of all objects of a kind, such as `campaigns`, in the order of their creation."""
    with by_hand(project) as client:
        found = getattr(client, f"list_{_snake(kind).lstrip('_')}")()[kind]
        key = next(key for key in found[0] if key.endswith("Arn")) if found else ""
        return [one[key] for one in sorted(found, key=lambda one: one["creationDateTime"])]


def _snake(word: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in word)


def copied(project: Project, folder: Path) -> Project:
    """Return a copy of a project and its account in another folder."""
    copytree(project.folder, folder, dirs_exist_ok=True)
    return Project(folder)


def write_shop_project(folder: Path) -> Project:
    """Write the smallest complete project for its local target."""
    from tests.support.shop import write_shop

    write_shop(folder)
    return Project(folder)
