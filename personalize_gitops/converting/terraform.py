"""`awscc_personalize_*` resources of Terraform, as `terraform show -json` prints a state or a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from personalize_gitops.converting.collected import Collected
from personalize_gitops.converting.registry_types import add_resource, kind_of
from personalize_gitops.converting.source import Value
from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import ConversionCode, Parsed
from personalize_gitops.model.reason import Path, Reason, Verbatim, because

_IDENTITY = ("address", "mode", "name", "type", "index", "provider_name", "schema_version", "sensitive_values")


def convert(made: Collected, files: tuple[Parsed, ...]) -> None:
    """Add a document for each resource of Personalize."""
    for root, stem in made.roots(files):
        made.file = stem
        _state(made, root)


def _state(made: Collected, root: Value) -> None:
    part = "values" if root["values"] else "planned_values"
    resources = [*_resources(root[part]["root_module"])]
    names = {str(each["address"].value): each["values"]["name"].value for each in resources}
    referring = _references(root["configuration"]["root_module"])
    for each in resources:
        kind = kind_of(str(each["type"].value))
        if kind is None or each["mode"].value == "data":
            each.dropped(because(ConversionCode.OTHER_SERVICE, type=Verbatim(each["type"].value)))
            continue
        address, config = str(each["address"].value), each["values"]
        unknown = {key: names[to] for key, to in referring.get(address, {}).items() if names.get(to)}
        values = {**unknown, **{key: value.value for key, value in config.items()}}
        name = add_resource(made, kind, Value(values, config.path, config.log))
        each["type"].exact(Address(kind, name), Path(("kind",)))
        for key in _IDENTITY:
            if key != "type" and each[key]:
                each[key].dropped(Reason(ConversionCode.OF_THE_STACK))
        if each["depends_on"]:
            each["depends_on"].dropped(Reason(ConversionCode.ORDER_FOLLOWS))
    for name, value in root.items():
        if name != part:
            value.dropped(Reason(ConversionCode.SECTION))


def _resources(module: Value) -> Iterator[Value]:
    yield from module["resources"].each()
    for child in module["child_modules"].each():
        if child["address"]:
            child["address"].dropped(Reason(ConversionCode.OF_THE_STACK))
        yield from _resources(child)


def _references(module: Value) -> dict[str, dict[str, str]]:
    """Return the resources that members refer to, by address, of a plan that does not know their ARNs yet."""
    found: dict[str, dict[str, str]] = {}
    for resource in module["resources"].each():
        for key, expression in resource["expressions"].items():
            for target in expression["references"].each():
                if match := re.match(r"(awscc_personalize_\w+\.[\w-]+)", str(target.value)):
                    found.setdefault(str(resource["address"].value), {})[key] = match[1]
    return found
