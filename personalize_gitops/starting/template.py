"""The templates of `init`: what each is for, and the files of a project that is made from it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from personalize_gitops.starting import generated

Data = Mapping[str, Callable[[], str]]

_PLACES = {
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "pull-request.yml": ".github/workflows/personalize.yml",
    "project.yaml": "manifests/project.yaml",
}
_OWN_LINE = "Replace the files in `data/` by your own, with the same columns, and apply again."


@dataclass(frozen=True)
class Template:
    """A use case: its manifests, its data, and the command that shows its first results."""

    about: str
    first: str  # the line of the README after the first apply
    folders: tuple[str, ...]  # of manifests and schemas below `templates`
    data: Data


@dataclass(frozen=True)
class Settings:
    """What a person chooses for a new project."""

    group: str
    region: str
    data: str = "../data"  # the folder of the local bucket, from that of the manifests

    @property
    def bucket(self) -> str:
        """The name of the local bucket; names of buckets have no capital letters and no underscores."""
        return f"{re.sub('[^a-z0-9-]', '-', self.group.lower())[:50]}-data"


def _asking(address: str, question: str) -> str:
    return f"`personalize-gitops recommend {address} {question}` shows the first results."


def _measuring(name: str) -> str:
    return (
        f"`personalize-gitops metrics SolutionVersion/{name}` shows how good the model is; "
        "the answers of the job are in `answers/` of the bucket."
    )


TEMPLATES: Mapping[str, Template] = {
    "movies": Template(
        "what to watch, with recommenders of the domain VIDEO_ON_DEMAND",
        _asking("Recommender/top-picks", "--user u1"),
        ("movies",),
        {"interactions.csv": lambda: generated.interactions("Watch", "Click"), "items.csv": generated.videos},
    ),
    "shop": Template(
        "what to buy, with recommenders of the domain ECOMMERCE",
        _asking("Recommender/recommended-for-you", "--user u1"),
        ("shop",),
        {"interactions.csv": lambda: generated.interactions("View", "Purchase"), "items.csv": generated.goods},
    ),
    "custom-recommendations": Template(
        "what a user will like next, with a model of your own data",
        _asking("Campaign/for-you", "--user u1"),
        ("custom", "custom-recommendations"),
        generated.CUSTOM,
    ),
    "similar-items": Template(
        "what is like an item",
        _asking("Campaign/similar", "--item i1"),
        ("custom", "similar-items"),
        generated.CUSTOM,
    ),
    "ranking": Template(
        "a list in the order that a user will like",
        _asking("Campaign/ranked", "--user u1 --items i1,i2,i3,i4"),
        ("custom", "ranking"),
        generated.CUSTOM,
    ),
    "segments": Template(
        "the users most likely to be interested in an item",
        _measuring("fans"),
        ("custom", "segments"),
        {**generated.CUSTOM, "ask/items.json": generated.asked_items},
    ),
    "next-best-action": Template(
        "the action that a user will take next",
        _asking("Campaign/next-action", "--user u1"),
        ("custom", "next-best-action"),
        {
            **generated.CUSTOM,
            "actions.csv": generated.actions,
            "action_interactions.csv": generated.action_interactions,
        },
    ),
    "batch-only": Template(
        "recommendations for all users at once, without an endpoint",
        _measuring("for-everyone"),
        ("custom", "batch-only"),
        {**generated.CUSTOM, "ask/users.json": generated.asked_users},
    ),
}


def project_of(name: str, settings: Settings) -> dict[str, str]:
    """Return the files of a project from a template, by path."""
    template = TEMPLATES[name]
    texts = common_files(settings, template.about, template.first, _OWN_LINE)
    for folder in template.folders:
        for file, text in _read(folder).items():
            place = "manifests/schemas" if file.endswith(".avsc") else "manifests"
            texts[f"{place}/{file}"] = _filled(text, settings)
    return {**texts, **{f"data/{file}": make() for file, make in template.data.items()}}


def common_files(settings: Settings, about: str, first: str, data_line: str) -> dict[str, str]:
    """Return the files that every project has: README, workflow, and the project document."""
    texts = {**_read("common"), **_read("workflows")}
    lines = {"@about@": about, "@try@": first, "@data-line@": data_line}
    found = {_PLACES[file]: _filled(text, settings) for file, text in texts.items()}
    for placeholder, line in lines.items():
        found["README.md"] = found["README.md"].replace(placeholder, line)
    return found


def _filled(text: str, settings: Settings) -> str:
    values = {
        "@group@": settings.group,
        "@bucket@": settings.bucket,
        "@region@": settings.region,
        "@data@": json.dumps(settings.data, ensure_ascii=False).replace("${", "$${"),
    }
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text


def _read(folder: str) -> dict[str, str]:
    """Return the files of a folder of templates, by name."""
    found = files("personalize_gitops").joinpath("templates", folder)
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(found.iterdir(), key=lambda each: each.name)}
