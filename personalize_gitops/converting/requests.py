"""From the members of a create request, in any spelling, to those of a document."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from personalize_gitops.catalog.recipes import ParameterKind, Tuning, find_recipe
from personalize_gitops.converting.collected import Collected
from personalize_gitops.converting.source import Value, same_key
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import ConversionCode
from personalize_gitops.model.draft import Draft, Template
from personalize_gitops.model.members import Member, members
from personalize_gitops.model.reason import Path, Reason, Verbatim, because
from personalize_gitops.model.structure import Structure

SUCCESSOR = "aws-user-personalization-v2"
"""The recipe that takes the place of the retired ones, as `validate` advises (docs/service/1 §13.4)."""

SPEC = Path(("spec",))
NAME = Path(("name",))
_NUMBERS = {"algorithmHyperParameters", "featureTransformationParameters", "itemExplorationConfig"}
_PARAMETERS = {
    "algorithmHyperParameters": ParameterKind.ALGORITHM,
    "featureTransformationParameters": ParameterKind.FEATURIZATION,
}


def draft_of(
    made: Collected,
    kind: str,
    config: Value,
    *,
    name: str = "",
    sends_empty: bool = True,
    run: Mapping[str, Any] | None = None,
    **spec: Any,
) -> Draft:
    """Return the document of a create request, and note what became of its members.

    `spec` has the members that the request leaves to the system. A system that does not send empty values leaves them
    at their defaults.
    """
    member = KINDS[kind].name_member
    address = Address(kind, _name(member, config, name))
    if config[member]:
        config[member].exact(address, NAME)
    elif name:
        config[member].defaulted(Reason(ConversionCode.NAME_MADE), address, NAME)
    tags = tags_of(config["tags"], address) if config["tags"] else {}
    found = {**spec, **_taken(address, config, sends_empty=sends_empty)}
    _fit_recipe(address, found, config)
    return Draft(address, found, tags, run or {}, file=made.file)


def _taken(address: Address, config: Value, *, sends_empty: bool) -> dict[str, Any]:
    """Return the members of a request that a document has, without name and tags."""
    class_ = KINDS[address.kind_name]
    known = {same_key(spelling): member for member in members(class_).values() for spelling in _spellings(member)}
    found: dict[str, Any] = {}
    for key, value in config.items():
        member = known.get(same_key(key))
        if same_key(key) in (same_key(class_.name_member), "tags"):
            continue
        if member is None:
            value.dropped(because(ConversionCode.UNKNOWN_MEMBER, kind=Verbatim(address.kind_name)))
        elif not sends_empty and not value.value:
            value.defaulted(Reason(ConversionCode.EMPTY_NOT_SENT), address, SPEC / member.alias)
        else:
            found[member.alias] = _converted(member, value, address)
    return found


def _name(member: str, config: Value, name: str) -> str:
    """Return the name in a request, else the given one, else a placeholder to decide."""
    found = config[member]
    if not found and not name:
        found.decision(Reason(ConversionCode.NO_NAME))
    return str(found.value) if found and not isinstance(found.value, Template) else found.value or name or "unnamed"


def _spellings(member: Member) -> set[str]:
    return {member.alias, member.wire}


def tags_of(value: Value, address: Address | None = None) -> dict[str, str]:
    """Return a list of pairs as a mapping; the tags of a kind that AWS cannot tag are dropped."""
    if address and not KINDS[address.kind_name].taggable:
        value.dropped(Reason(ConversionCode.UNTAGGABLE))
        return {}
    if address:
        value.exact(address, Path(("tags",)))
    pairs = [(pair["tagKey"] or pair["Key"], pair["tagValue"] or pair["Value"]) for pair in value.each()]
    return {key.value: str(value.value) for key, value in pairs if isinstance(key.value, str)}


def _converted(member: Member, value: Value, address: Address) -> Any:
    """Return the value of a member as a document has it."""
    value.exact(address, SPEC / member.alias)
    if member.json_text:
        return _schema(value, address)
    if member.ref == "Recipe":
        return recipe_of(str(value.value), value, address)
    return _spelled(member, value)


def _spelled(member: Member, value: Value) -> Any:
    """Return a value with the members in it spelled as in a document; texts of numbers are numbers."""
    if member.structure and isinstance(value.value, list):
        return [_members(member.structure, item) for item in value.each()]
    if member.structure and isinstance(value.value, dict):
        return _members(member.structure, value)
    if member.alias in _NUMBERS and isinstance(value.value, dict):
        return {key: _number(item) for key, item in value.value.items() if item is not None}
    return value.value


def _members(structure: type[Structure], value: Value) -> dict[str, Any]:
    known = {same_key(member.alias): member for member in members(structure).values()}
    found: dict[str, Any] = {}
    for key, item in value.items():
        if member := known.get(same_key(key)):
            found[member.alias] = _spelled(member, item)
        else:
            item.dropped(because(ConversionCode.UNKNOWN_MEMBER, kind=Verbatim(structure.__name__)))
    return found


def _number(text: Any) -> Any:
    """Return the number of a text that is written as JSON writes it, any other value as it is."""
    if isinstance(text, Template) or not isinstance(text, str):
        return text
    if re.fullmatch(r"-?(0|[1-9]\d*)", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d+\.\d+", text) and repr(float(text)) == text else text


def _schema(value: Value, address: Address) -> Any:
    if not isinstance(value.value, str):
        return value.value
    try:
        return json.loads(value.value)
    except ValueError:
        value.decision(Reason(ConversionCode.INVALID_SCHEMA), address, SPEC / "schema")
        return value.value


def recipe_of(given: str, at: Value, address: Address) -> str:
    """Return the short name of a recipe, or that of the successor of a retired one."""
    recipe = find_recipe(given)
    if recipe and recipe.legacy:
        reason = because(ConversionCode.SUCCESSOR, recipe=Verbatim(recipe.name), successor=Verbatim(SUCCESSOR))
        at.defaulted(reason, address, SPEC / "recipe")
        return SUCCESSOR
    return recipe.name if recipe else given


def _fit_recipe(address: Address, found: dict[str, Any], config: Value) -> None:
    """Drop AutoML and the parameters that the recipe does not have; a solution without a recipe gets one to decide."""
    if address.kind_name != "Solution":
        return
    if found.pop("performAutoML", None) is not None:
        config["performAutoML"].dropped(Reason(ConversionCode.AUTO_ML))
    settings = found.get("solutionConfig")
    if isinstance(settings, dict) and settings.pop("autoMLConfig", None) is not None:
        config["solutionConfig"]["autoMLConfig"].dropped(Reason(ConversionCode.AUTO_ML))
    if "recipe" not in found:
        reason = because(ConversionCode.NO_RECIPE, recipe=Verbatim(SUCCESSOR))
        config["recipeArn"].decision(reason, address, SPEC / "recipe")
        found["recipe"] = SUCCESSOR
    _fit_tuning(str(found["recipe"]), found, config)
    if isinstance(settings, dict):
        _fit_parameters(str(found["recipe"]), settings, config["solutionConfig"])
        if not settings:
            del found["solutionConfig"]


def _fit_tuning(name: str, found: dict[str, Any], config: Value) -> None:
    """Drop the tuning that the recipe does on no request."""
    recipe = find_recipe(name)
    if recipe is None or recipe.tuning is Tuning.ON_REQUEST:
        return
    reason = because(ConversionCode.PARAMETER_OF_OTHER_RECIPE, recipe=Verbatim(name))
    if found.pop("performHPO", None) is not None:
        config["performHPO"].dropped(reason)
    settings = found.get("solutionConfig")
    if isinstance(settings, dict) and settings.pop("hpoConfig", None) is not None:
        config["solutionConfig"]["hpoConfig"].dropped(reason)


def _fit_parameters(name: str, settings: dict[str, Any], config: Value) -> None:
    recipe = find_recipe(name)
    for member, kind in _PARAMETERS.items():
        known = {parameter.name for parameter in recipe.parameters_of(kind)} if recipe else None
        given = settings.get(member)
        for parameter in [*given] if isinstance(given, dict) else ():
            if known is not None and parameter not in known:
                reason = because(ConversionCode.PARAMETER_OF_OTHER_RECIPE, recipe=Verbatim(name))
                config[member][parameter].dropped(reason)
                del settings[member][parameter]
        if member in settings and not settings[member]:
            del settings[member]
