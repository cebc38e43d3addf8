"""A campaign or recommender with what a question to it depends on: recipe, dataset group, columns of its items."""

from __future__ import annotations

from personalize_gitops.asking.find import SERVING, Endpoint, known_recipe, ready
from personalize_gitops.catalog.recipes import MetadataUse
from personalize_gitops.catalog.schemas import Schema, SchemaSyntaxError, parse
from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Plan

_MOST_COLUMNS = 10  # docs/service/2 §10.2


def endpoint_of(address: Address, plan: Plan, snapshot: Snapshot) -> Endpoint:
    """Return the campaign or recommender of an address. Raises InvalidChoice if it cannot be asked."""
    live = ready(address, plan, SERVING)
    recipe = known_recipe(live, snapshot)
    group = snapshot.group_of(live) or ""
    kind = live.kind.kind_name()
    config = live.attributes.get(f"{kind[0].lower()}{kind[1:]}Config") or {}
    enabled = bool(config.get("enableMetadataWithRecommendations"))
    automatic = recipe is not None and recipe.metadata is MetadataUse.AUTOMATIC  # docs/service/2 §10.8
    return Endpoint(live, recipe, group, _columns(group, snapshot), enabled or automatic)


def _columns(group: str, snapshot: Snapshot) -> tuple[str, ...]:
    """Return the columns of the Items dataset that people read: no ids, times and long texts."""
    schema = next((_schema(live, snapshot) for live in snapshot.in_group(group, "Dataset") if _is_of_items(live)), None)
    if schema is None:
        return ()
    shown = (field.name for field in schema.fields if not field.textual)
    return tuple(name for name in shown if name not in ("ITEM_ID", "CREATION_TIMESTAMP"))[:_MOST_COLUMNS]


def _is_of_items(dataset: Live) -> bool:
    return str(dataset.attributes.get("datasetType", "")).upper() == "ITEMS"


def _schema(dataset: Live, snapshot: Snapshot) -> Schema | None:
    found = snapshot.by_arn.get(str(dataset.attributes.get("schema", "")))
    try:
        return parse(found.attributes["schema"]) if found else None
    except (KeyError, SchemaSyntaxError):
        return None
