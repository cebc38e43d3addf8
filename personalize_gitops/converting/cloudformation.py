"""CloudFormation templates with `AWS::Personalize::*` resources, as plain values with long intrinsic functions."""

from __future__ import annotations

from dataclasses import replace

from personalize_gitops.converting.collected import Collected
from personalize_gitops.converting.intrinsics import Intrinsics
from personalize_gitops.converting.registry_types import add_resource, kind_of
from personalize_gitops.converting.source import Value
from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import ConversionCode, Parsed
from personalize_gitops.model.reason import Path, Reason, Verbatim, because

_REMOVAL = {"Retain": "retain", "Delete": "delete"}
_ORDER = ("DependsOn",)
_META = ("Metadata", "UpdateReplacePolicy", "UpdatePolicy", "CreationPolicy")


def convert(made: Collected, files: tuple[Parsed, ...]) -> None:
    """Add a document for each resource of Personalize, and variables for the parameters of each template."""
    for root, stem in made.roots(files):
        made.file = stem
        _template(made, root)


def _template(made: Collected, root: Value) -> None:
    resources = dict(root["Resources"].items())
    ours = {name: kind for name, value in resources.items() if (kind := kind_of(str(value["Type"].value)))}
    intrinsics = Intrinsics(root["Parameters"].mapping)
    intrinsics.names = {name: _name(intrinsics, resources[name], name) for name in ours}
    intrinsics.solutions = {name for name, kind in ours.items() if kind == "Solution"}
    for name, value in resources.items():
        if name in ours:
            _resource(made, ours[name], name, value, intrinsics)
        else:
            value.dropped(because(ConversionCode.OTHER_SERVICE, type=Verbatim(value["Type"].value)))
    made.variables |= {name: value for name, value in intrinsics.variables.items() if name not in made.variables}
    _sections(root, intrinsics)


def _name(intrinsics: Intrinsics, resource: Value, logical: str) -> str:
    """Return the name of the document of a resource, with its variables."""
    name = resource["Properties"]["Name"]
    found = intrinsics.resolved(name.value, name, logical)
    return found if isinstance(found, str) and found else logical


def _resource(made: Collected, kind: str, logical: str, value: Value, intrinsics: Intrinsics) -> None:
    properties = value["Properties"]
    plain = {**intrinsics.members(properties, logical), "Name": intrinsics.names[logical]}
    name = add_resource(made, kind, Value(plain, properties.path, properties.log))
    address = Address(kind, name)
    value["Type"].exact(address, Path(("kind",)))
    if value["Condition"]:
        value["Condition"].decision(Reason(ConversionCode.CONDITION), address)
    for key in _ORDER:
        if value[key]:
            value[key].dropped(Reason(ConversionCode.ORDER_FOLLOWS))
    for key in _META:
        if value[key]:
            value[key].dropped(Reason(ConversionCode.OF_THE_STACK))
    if policy := _REMOVAL.get(str(value["DeletionPolicy"].value)):
        member = Path(("lifecycle", "onRemove"))
        value["DeletionPolicy"].exact(address, member, Reason(ConversionCode.KEPT_ON_REMOVAL))
        made.drafts[address] = replace(made.drafts[address], lifecycle={"onRemove": policy})


def _sections(root: Value, intrinsics: Intrinsics) -> None:
    """Note the parameters that became variables, and the sections that describe no resource."""
    for name, value in root["Parameters"].items():
        if name in intrinsics.variables:
            value.exact(None, Path(("spec", "variables", name)), Reason(ConversionCode.IN_PROJECT))
        else:
            value.dropped(Reason(ConversionCode.OF_THE_STACK))
    for name, value in root.items():
        if name not in ("Resources", "Parameters"):
            value.dropped(Reason(ConversionCode.SECTION))
