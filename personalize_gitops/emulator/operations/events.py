"""PutEvents, PutItems, PutUsers, PutActions, PutActionInteractions (docs/service/3 §2, docs/service/4 §6.1)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from personalize_gitops.emulator.data.put_rows import row_of
from personalize_gitops.emulator.data.tables import ID_COLUMNS, Row, Table
from personalize_gitops.emulator.errors import in_use, invalid, not_found
from personalize_gitops.emulator.operations.attribution_reports import count_streamed
from personalize_gitops.emulator.operations.serving import source_of
from personalize_gitops.emulator.service.kind import Handler, Request, Response
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region

_ACTION_EVENTS = frozenset(("taken", "not taken", "viewed"))  # in any case, also with `_` (docs/service/3 §2.5)


def put_events(region: Region, request: Request) -> Response:
    """Add the events of one session. Without a user they wait for an event that names one (docs/service/3 §2.7)."""
    tracker = _tracker(region, request["trackingId"])
    if tracker is None and region.settings.unknown_trackers_are_ignored:
        return {}
    if tracker is None:
        raise invalid(f"trackingId {request['trackingId']} is unknown.")
    dataset = region.group_datasets(tracker.fields["datasetGroupArn"]).get("INTERACTIONS")
    if dataset is None or dataset.status != ACTIVE:
        raise invalid("The dataset group of the tracker has no ACTIVE Interactions dataset.")
    schema, user, session = region.schema_of(dataset), request.get("userId"), request["sessionId"]
    columns = [field.name for field in schema.fields]
    table = region.table_of(dataset, columns)
    _check_sizes(region, request["eventList"])
    new = _new_events(table, request["eventList"])
    source_of_row: dict[Row, str | None] = {}
    for event in new:
        members = _members(region, event, user or session)
        row = row_of(schema, members, event.get("properties"), of_event=True)
        source_of_row.setdefault(row, members["EVENT_ATTRIBUTION_SOURCE"])
    rows = table.without_known("anonymous" if user is None else "put", user or session, list(source_of_row))
    table.event_ids.update(event["eventId"] for event in new if "eventId" in event)
    table.delay_events(region.now, region.settings.events_delay)
    if user is None:
        table.add_anonymous(columns, rows)
    else:
        table.identify(session, user, region.now)
        table.add_put(columns, rows, region.now)
    sourced = [(row, source_of_row[row]) for row in rows]
    count_streamed(region, tracker.fields["datasetGroupArn"], columns, sourced)
    return {}


def put_action_interactions(region: Region, request: Request) -> Response:
    """Add interactions with actions to the dataset with this tracking id (docs/service/3 §2.5)."""
    found = [d for d in region.listed("Dataset") if d.fields.get("trackingId") == request["trackingId"]]
    if not found:
        raise not_found(request["trackingId"])
    dataset = found[0]
    _check_dataset_active(dataset)
    _check_sizes(region, request["actionInteractions"])
    schema, rows = region.schema_of(dataset), []
    for action in request["actionInteractions"]:
        if action["eventType"].lower().replace("_", " ") not in _ACTION_EVENTS:
            raise invalid(f"eventType {action['eventType']} must be one of Taken, Not Taken, Viewed.")
        members = {
            "USER_ID": action.get("userId") or action["sessionId"],
            "ACTION_ID": action["actionId"],
            "EVENT_TYPE": action["eventType"],
            "TIMESTAMP": _seconds(action["timestamp"]),
        }
        rows.append(row_of(schema, members, action.get("properties"), of_event=True))
    columns = [field.name for field in schema.fields]
    table = region.table_of(dataset, columns)
    table.delay_events(region.now, region.settings.events_delay)
    table.add_put(columns, rows, region.now)
    return {}


def put_items(region: Region, request: Request) -> Response:
    """Add items; an existing item is replaced."""
    return _put(region, request, "ITEMS", request["items"], "itemId")


def put_users(region: Region, request: Request) -> Response:
    """Add users; an existing user is replaced."""
    return _put(region, request, "USERS", request["users"], "userId")


def put_actions(region: Region, request: Request) -> Response:
    """Add actions; an existing action is replaced."""
    return _put(region, request, "ACTIONS", request["actions"], "actionId")


def _put(
    region: Region, request: Request, type_: str, entries: Sequence[Mapping[str, Any]], id_member: str
) -> Response:
    dataset = region.find("Dataset", request["datasetArn"])
    _check_dataset_active(dataset)
    if dataset.fields["datasetType"] != type_:
        raise invalid(f"Dataset {dataset.arn} is not of type {type_}.")
    schema = region.schema_of(dataset)
    rows: list[Row] = [
        row_of(schema, {ID_COLUMNS[type_]: entry[id_member]}, entry.get("properties"), of_event=False)
        for entry in entries
    ]
    columns = [field.name for field in schema.fields]
    table = region.table_of(dataset, columns)
    table.delay_rows(region.now, region.settings.rows_delay)
    table.add_put(columns, rows, region.now)
    return {}


def _tracker(region: Region, tracking_id: str) -> Record | None:
    """Return the event tracker with a tracking id, or None. Refuse one that is not ACTIVE (docs/service/4 §6.1)."""
    for tracker in region.listed("EventTracker"):
        if tracker.fields["trackingId"] == tracking_id:
            if tracker.status != ACTIVE:
                raise invalid(f"Event tracker {tracker.arn} is in state {tracker.status}.")
            return tracker
    return None


def _check_dataset_active(dataset: Record) -> None:
    if dataset.status != ACTIVE:
        raise in_use(f"Dataset {dataset.arn} is in state {dataset.status}.")


def _check_sizes(region: Region, events: Sequence[Mapping[str, Any]]) -> None:
    """Refuse an event that is too large (docs/service/3 §13.4)."""
    most = region.settings.limit("bytes of an event")
    if any(len(json.dumps(event).encode()) > most for event in events):
        raise invalid(f"An event cannot be larger than {most} bytes.")


def _new_events(table: Table, events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the events without an id, and those whose id is new (docs/service/3 §2.2)."""
    seen, new = set(table.event_ids), []
    for event in events:
        if "eventId" not in event or event["eventId"] not in seen:
            new.append(event)
            seen.add(event.get("eventId", ""))
    return new


def _members(region: Region, event: Mapping[str, Any], user: str) -> Mapping[str, Any]:
    """Return the values of an event by column. Without a source it is that of the recommendation, if it has one."""
    shown, given = event.get("impression"), event.get("metricAttribution", {}).get("eventAttributionSource")
    return {
        "USER_ID": user,
        "ITEM_ID": event.get("itemId"),
        "TIMESTAMP": _seconds(event["sentAt"]),
        "EVENT_TYPE": event["eventType"],
        "EVENT_VALUE": event.get("eventValue"),
        "IMPRESSION": "|".join(shown) if shown else None,
        "RECOMMENDATION_ID": event.get("recommendationId"),
        "EVENT_ATTRIBUTION_SOURCE": given or source_of(region, event.get("recommendationId", "")),
    }


def _seconds(timestamp: float | str) -> int:
    """Return the epoch seconds of a timestamp in a request: a number, a number as text, or an ISO date."""
    try:
        return int(float(timestamp))
    except OverflowError as error:
        raise invalid(f"{timestamp} is not a timestamp.") from error
    except ValueError:
        pass
    try:
        return int(datetime.fromisoformat(str(timestamp)).timestamp())
    except (ValueError, OverflowError) as error:
        raise invalid(f"{timestamp} is not a timestamp.") from error


HANDLERS: Mapping[str, Handler] = {
    "PutEvents": put_events,
    "PutActionInteractions": put_action_interactions,
    "PutItems": put_items,
    "PutUsers": put_users,
    "PutActions": put_actions,
}
