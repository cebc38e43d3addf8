"""Documents, live objects, snapshots and plans made from plain values, for tests that need no account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document, RunPolicy, document_of
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.members import references
from personalize_gitops.model.plan import Change, DeclaredChange, Plan
from personalize_gitops.model.reference import read_reference
from personalize_gitops.model.tags import ADDRESS, NAME, PROJECT

ACCOUNT, REGION = "123456789012", "us-east-1"
HEAD = f"arn:aws:personalize:{REGION}:{ACCOUNT}"
"""What the ARN of every object begins with."""


def document(address: str, attributes: Mapping[str, Any] | None = None, **fields: Any) -> Document:
    """Make a document as reading a manifest makes it; `fields` are further fields of the value."""
    at = Address.parse(address)
    kind, declared = KINDS[at.kind_name], dict(attributes or {})
    named = {
        member.alias: read_reference(member.ref, declared[member.alias])
        for member in references(kind)
        if member.ref and member.ref in KINDS and member.alias in declared
    }
    members = {"address": at, "aws_name": at.name, "attributes": declared, "references": named, **fields}
    return document_of(kind, run=members.pop("run", RunPolicy()), **members)


def desired(*documents: Document, **fields: Any) -> Desired:
    """Make what the manifests of the project `shop` ask for, for the target `local`."""
    return Desired("shop", {one.address: one for one in documents}, KINDS, target="local", **fields)


def live(address: str, attributes: Mapping[str, Any] | None = None, **fields: Any) -> Live:
    """Make an ACTIVE object of the account; the address holds its kind and AWS name."""
    kind, name = KINDS[address.split("/")[0]], address.split("/")[1]
    told = dict(attributes or {})
    arn, status = f"{HEAD}:{kind.arn_tail(name, told)}", None if kind is KINDS["Schema"] else "ACTIVE"
    return replace(Live(kind, arn, name, status, told), **fields)


def owned(address: str, attributes: Mapping[str, Any] | None = None, *, name: str = "", **fields: Any) -> Live:
    """Make an ACTIVE object that the project `shop` owns under this address; `name` is its AWS name if it differs."""
    at = Address.parse(address)
    tags = {PROJECT: "shop/local", ADDRESS: address, NAME: name or at.name, **fields.pop("tags", {})}
    return live(f"{at.kind_name}/{name or at.name}", attributes, tags=tags, **fields)


def change(of: Document, action: Action, **fields: Any) -> DeclaredChange:
    """Make the change of a document; `fields` are further fields of the value."""
    members = {"aws_name": of.aws_name, "attributes": of.attributes, **fields}
    return DeclaredChange(address=of.address, kind=of.kind, document=of, action=action, **members)


def snapshot(*lives: Live, taken_at: float = 1000.0, **fields: Any) -> Snapshot:
    """Make an account that holds these objects."""
    return Snapshot(ACCOUNT, REGION, taken_at, lives, **fields)


def plan(*changes: Change, target: str = "prod") -> Plan:
    """Make a plan of these changes for the project `shop`."""
    return Plan("shop", target, ACCOUNT, REGION, changes, {})


def schema(*columns: str | Mapping[str, Any], **head: Any) -> dict[str, Any]:
    """Make the attributes of a schema; a column given by its name alone is a string."""
    fields = [{"name": column, "type": "string"} if isinstance(column, str) else column for column in columns]
    return {"schema": {"type": "record", "name": "Items", "version": "1.0", "fields": fields, **head}}
