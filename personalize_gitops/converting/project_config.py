"""The project_config.json of a REST API over Personalize: a project, and a list to import (docs/service/5 §5)."""

from __future__ import annotations

from personalize_gitops.converting.collected import Collected
from personalize_gitops.converting.source import Value
from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import ConversionCode, Parsed
from personalize_gitops.model.reason import Path, Reason

_LISTS = ("APIS", "EVENT_TRACKERS", "FILTERS")
_TARGET = Path(("spec", "targets", "aws", "region"))


def convert(made: Collected, files: tuple[Parsed, ...]) -> None:
    """Set name, tags and region of the project; the resources have to come from the account."""
    for root, _ in made.roots(files):
        _project(made, root)
        for name in _LISTS:
            for each in root[name].each():
                each.decision(Reason(ConversionCode.IMPORT_IT))


def _project(made: Collected, root: Value) -> None:
    made.name = made.name or str(root["STACK_NAME"].value or "")
    project = Address("Project", made.name or "converted")
    if root["STACK_NAME"]:
        root["STACK_NAME"].exact(project, Path(("name",)))
    if root["REGION"]:
        made.region = str(root["REGION"].value)
        root["REGION"].exact(project, _TARGET)
    for key, value in root["RESOURCE_TAGS"].items():
        made.tags[key] = str(value.value)
        value.exact(project, Path(("spec", "tags", key)))
    everything = root["USE_ACCOUNT_PERSONALIZE_RESOURCES"]
    if everything.value is True:
        everything.decision(Reason(ConversionCode.IMPORT_ACCOUNT))
    elif everything:
        everything.dropped(Reason(ConversionCode.OF_THE_STACK))
