"""The intrinsic functions of CloudFormation, as variables of the project and names of documents."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from personalize_gitops.converting.collected import LOCAL_BUCKET, LOCAL_ROLE
from personalize_gitops.converting.source import Value
from personalize_gitops.model.conversion import ConversionCode
from personalize_gitops.model.draft import Template, joined
from personalize_gitops.model.reason import Verbatim, because

_PART = re.compile(r"\$\{(!?)([\w:.]+)\}")
_NEWEST = re.compile(r"\$\{(\w+)(?:\.SolutionArn)?\}/\$LATEST")
_PLACEHOLDERS = {
    "RoleArn": LOCAL_ROLE,
    "KmsKeyArn": "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000",
    "DataLocation": f"s3://{LOCAL_BUCKET}/change-me",
    "Path": f"s3://{LOCAL_BUCKET}/change-me",
    "FilterExpression": 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("change-me")',
    "SolutionVersionArn": "arn:aws:personalize:us-east-1:000000000000:solution/change-me/00000000",
}
"""Values that are valid where they are written, by property, until the user has decided."""

_PSEUDO = {"AWS::Region": "us-east-1", "AWS::AccountId": "000000000000", "AWS::Partition": "aws"}


@dataclass
class Intrinsics:
    """Resolves the values of one template."""

    parameters: dict[str, Any]  # by name, with their declarations
    names: dict[str, str] = field(default_factory=dict)  # of the documents, by logical id
    solutions: set[str] = field(default_factory=set)  # logical ids
    variables: dict[str, Any] = field(default_factory=dict)

    def members(self, properties: Value, owner: str) -> dict[str, Any]:
        """Return the properties of a resource without intrinsic functions."""
        return {key: self.resolved(value.value, value, owner) for key, value in properties.items()}

    def resolved(self, value: Any, at: Value, owner: str) -> Any:
        """Return a value without intrinsic functions; `owner` is the logical id of its resource."""
        if isinstance(value, list):
            return [self.resolved(item, at_key(at, index), owner) for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (name := next(iter(value))) in {"Ref", "Condition"} | _functions(value):
            return self._function(name, value[name], at, owner)
        return {key: self.resolved(item, at_key(at, key), owner) for key, item in value.items()}

    def _function(self, name: str, given: Any, at: Value, owner: str) -> Any:
        match name, given:
            case "Ref", str():
                return self._referred(given, at)
            case "Fn::GetAtt", [str(logical), str(attribute)]:
                return self._attribute(logical, attribute, at)
            case "Fn::GetAtt", str():
                logical, _, attribute = given.partition(".")
                return self._attribute(logical, attribute, at)
            case "Fn::Sub", str():
                return self._filled(given, {}, at, owner)
            case "Fn::Sub", [str(text), dict(values)]:
                return self._filled(text, self.resolved(values, at, owner), at, owner)
            case "Fn::Join", [str(between), list(parts)]:
                return self._joined(between, self.resolved(parts, at, owner), at, owner)
        return self._unknown(at, owner)

    def _referred(self, name: str, at: Value) -> Any:
        """Return what `Ref` gives: the document of a resource, or the variable of a parameter."""
        if name in self.names:
            return self.names[name]
        return self._variable(name, at)

    def _attribute(self, logical: str, attribute: str, at: Value) -> Any:
        """Return what `Fn::GetAtt` gives: the document of a resource of Personalize, or a variable."""
        if logical in self.names and attribute.endswith("Arn"):
            return self.names[logical]
        return self._as_variable(f"{logical}{attribute.replace('.', '')}", None, at)

    def _joined(self, between: str, parts: list[Any], at: Value, owner: str) -> Any:
        """Return parts with a text between them; a list that is not known is a decision as a whole."""
        if any(isinstance(part, dict | list) for part in parts):
            return self._unknown(at, owner)
        return joined(parts, between)

    def _filled(self, text: str, values: dict[str, Any], at: Value, owner: str) -> Any:
        """Return the text of `Fn::Sub` with variables of the project in the place of its own."""
        if (newest := _NEWEST.fullmatch(text)) and newest[1] in self.solutions:
            return {"solution": self.names[newest[1]], "version": "$LATEST"}

        def part(found: re.Match[str]) -> str:
            literal, name = found[1], found[2]
            return f"$${{{name}}}" if literal else joined([values.get(name) or self._named(name, at), Template()])

        filled = _PART.sub(part, text)
        return Template(filled) if "${" in filled else filled

    def _named(self, name: str, at: Value) -> Any:
        logical, dot, attribute = name.partition(".")
        return self._attribute(logical, attribute, at) if dot else self._referred(name, at)

    def _variable(self, name: str, at: Value) -> Template:
        """Return the variable of a parameter or of another resource; one without a default is a decision."""
        declared = self.parameters.get(name)
        default = declared.get("Default") if isinstance(declared, dict) else None
        return self._as_variable(name.removeprefix("AWS::"), default, at, _PSEUDO.get(name, ""))

    def _unknown(self, at: Value, owner: str) -> Template:
        """Return a variable for a value that only CloudFormation knows."""
        return self._as_variable(f"{owner}{_property(at)}", None, at)

    def _as_variable(self, name: str, value: Any, at: Value, placeholder: str = "") -> Template:
        name = re.sub(r"\W", "", name) or "value"  # such as env:HOME, which manifests would read from the environment
        if name not in self.variables and value is None:
            at.decision(because(ConversionCode.NO_VALUE, variable=Verbatim(name)))
        known = isinstance(value, str | int | float | bool)
        self.variables.setdefault(name, value if known else placeholder or _placeholder(at))
        return Template(f"${{{name}}}")


def _placeholder(at: Value) -> str:
    """Return a value that is valid at a place; in a part of the text of a location it is a bucket."""
    whole = _PLACEHOLDERS.get(_property(at), "change-me")
    if isinstance(at.value, dict) and not {"Fn::Join", "Fn::Sub"}.isdisjoint(at.value):
        return LOCAL_BUCKET if whole.startswith("s3://") else "change-me"
    return whole


def at_key(at: Value, key: str | int) -> Value:
    """Return the value at a key or index; the arguments of a function are at the place of the function."""
    try:
        return Value(at.value[key], at.path / key, at.log)
    except (KeyError, IndexError, TypeError):
        return at


def _property(at: Value) -> str:
    return next((str(step) for step in reversed(at.path) if isinstance(step, str)), "")


def _functions(value: dict[str, Any]) -> set[str]:
    return {key for key in value if key.startswith("Fn::")}
