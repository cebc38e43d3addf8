"""Individual imports: events, items, users, actions, action interactions (docs/service/3 §2, docs/service/4 §6.1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from personalize_gitops.catalog.schemas import Schema, parse
from personalize_gitops.emulator.data.put_rows import row_of
from personalize_gitops.emulator.data.tables import ID_COLUMNS, Row, Table
from personalize_gitops.emulator.errors import in_use, invalid, not_found
from personalize_gitops.emulator.service.kind import Answer, Carry, Request
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region

_ACTION_EVENTS = frozenset(("taken", "not taken", "viewed"))  # in any case, `_` for a space (docs/service/3 §2.5)


def put_events(region: Region, request: Request) -> Answer:
    """Append events of one session; anonymous ones wait until an event names the user (docs/service/3 §2.7)."""
    tracker = _tracker(region, request["trackingId"])
    if tracker is None and region.settings.unknown_trackers_are_ignored:
        return {}
    if tracker is None:
        raise invalid(f"trackingId {request['trackingId']} is unknown.")
    dataset = region.group_datasets(tracker.fields["datasetGroupArn"]).get("INTERACTIONS")
    if dataset is None or dataset.status != ACTIVE:
        raise invalid("The dataset group of the tracker has no ACTIVE Interactions dataset.")
    schema, user, session = parse(region.schema_text(dataset)), request.get("userId"), request["sessionId"]
    table = _table(region, dataset, schema)
    new = _unseen(table, request["eventList"])
    rows = [row_of(schema, _event_members(event, user or session), _rest(event), of_event=True) for event in new]
    columns = [field.name for field in schema.fields]
    table.event_ids.update(event["eventId"] for event in new if "eventId" in event)
    if user is None:
        table.wait(session, columns, rows)
    else:
        table.link(session, user, region.now)
        table.add_put(columns, rows, region.now)
    return {}


def put_action_interactions(region: Region, request: Request) -> Answer:
    """Append what users did with actions; addressed by the dataset's own tracking id (docs/service/3 §2.5)."""
    found = [d for d in region.listed("Dataset") if d.fields.get("trackingId") == request["trackingId"]]
    if not found:
        raise not_found(request["trackingId"])
    dataset = _ready(found[0])
    schema, rows = parse(region.schema_text(dataset)), []
    for action in request["actionInteractions"]:
        if action["eventType"].lower().replace("_", " ") not in _ACTION_EVENTS:
            raise invalid(f"eventType {action['eventType']} is none of Taken, Not Taken, Viewed.")
        members = {
            "USER_ID": action.get("userId") or action["sessionId"],
            "ACTION_ID": action["actionId"],
            "EVENT_TYPE": action["eventType"],
            "TIMESTAMP": _seconds(action["timestamp"]),
        }
        rows.append(row_of(schema, members, action.get("properties"), of_event=True))
    _table(region, dataset, schema).add_put([field.name for field in schema.fields], rows, region.now)
    return {}


def put_items(region: Region, request: Request) -> Answer:
    """Add items, or replace those of the same id."""
    return _put(region, request, "ITEMS", request["items"], "itemId")


def put_users(region: Region, request: Request) -> Answer:
    """Add users, or replace those of the same id."""
    return _put(region, request, "USERS", request["users"], "userId")


def put_actions(region: Region, request: Request) -> Answer:
    """Add actions, or replace those of the same id."""
    return _put(region, request, "ACTIONS", request["actions"], "actionId")


def _put(region: Region, request: Request, type_: str, entries: Sequence[Mapping[str, Any]], member: str) -> Answer:
    dataset = _ready(region.find("Dataset", request["datasetArn"]))
    if dataset.fields["datasetType"] != type_:
        raise invalid(f"Dataset {dataset.arn} is not of type {type_}.")
    schema = parse(region.schema_text(dataset))
    rows: list[Row] = [
        row_of(schema, {ID_COLUMNS[type_]: entry[member]}, entry.get("properties"), of_event=False) for entry in entries
    ]
    _table(region, dataset, schema).add_put([field.name for field in schema.fields], rows, region.now)
    return {}


def _tracker(region: Region, tracking_id: str) -> Record | None:
    """The ACTIVE tracker of an id; PutEvents declares no other error than invalid input (docs/service/4 §6.1)."""
    for tracker in region.listed("EventTracker"):
        if tracker.fields["trackingId"] == tracking_id:
            if tracker.status != ACTIVE:
                raise invalid(f"Event tracker {tracker.arn} is in state {tracker.status}.")
            return tracker
    return None


def _ready(dataset: Record) -> Record:
    if dataset.status != ACTIVE:
        raise in_use(f"Dataset {dataset.arn} is in state {dataset.status}.")
    return dataset


def _table(region: Region, dataset: Record, schema: Schema) -> Table:
    columns = [field.name for field in schema.fields]
    return region.tables.setdefault(dataset.arn, Table(columns, ID_COLUMNS.get(dataset.fields["datasetType"])))


def _unseen(table: Table, events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Events whose id did not come before; later ones of an id are not used (docs/service/3 §2.2)."""
    seen, new = set(table.event_ids), []
    for event in events:
        if "eventId" not in event or event["eventId"] not in seen:
            new.append(event)
            seen.add(event.get("eventId", ""))
    return new


def _event_members(event: Mapping[str, Any], user: str) -> Mapping[str, Any]:
    shown = event.get("impression")
    return {
        "USER_ID": user,
        "ITEM_ID": event.get("itemId"),
        "TIMESTAMP": _seconds(event["sentAt"]),
        "EVENT_TYPE": event["eventType"],
        "EVENT_VALUE": event.get("eventValue"),
        "IMPRESSION": "|".join(shown) if shown else None,
        "RECOMMENDATION_ID": event.get("recommendationId"),
        "EVENT_ATTRIBUTION_SOURCE": event.get("metricAttribution", {}).get("eventAttributionSource"),
    }


def _rest(event: Mapping[str, Any]) -> str | None:
    properties: str | None = event.get("properties")
    return properties


def _seconds(moment: float | str) -> int:
    """Epoch seconds of a timestamp on the wire: a number, or text that is one or a date."""
    try:
        return int(float(moment))
    except OverflowError as error:
        raise invalid(f"{moment} is no moment in time.") from error
    except ValueError:
        pass
    try:
        return int(datetime.fromisoformat(str(moment)).timestamp())
    except (ValueError, OverflowError) as error:
        raise invalid(f"{moment} is no moment in time.") from error


OPERATIONS: Mapping[str, Carry] = {
    "PutEvents": put_events,
    "PutActionInteractions": put_action_interactions,
    "PutItems": put_items,
    "PutUsers": put_users,
    "PutActions": put_actions,
}
