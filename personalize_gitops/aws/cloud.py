"""The `Cloud` port over boto3. It treats every kind by the same convention."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, TypeVar

from personalize_gitops.aws.answers import Answer, live_of, next_page, optional_text, tags_of, text
from personalize_gitops.aws.calls import Calls
from personalize_gitops.aws.changes import Changes
from personalize_gitops.aws.channels import Clients, EventBus, Topic
from personalize_gitops.aws.data_files import stored_files
from personalize_gitops.aws.errors import Transient, translated
from personalize_gitops.aws.inspection import AwsInspection
from personalize_gitops.aws.lock import S3Lock
from personalize_gitops.aws.retry import attempts
from personalize_gitops.aws.runtime import AwsRuntime
from personalize_gitops.aws.traffic import requests
from personalize_gitops.aws.trail import Trail
from personalize_gitops.errors import (
    AlreadyExists,
    Busy,
    CloudError,
    EffectUnknown,
    NotFound,
)
from personalize_gitops.model.comparison import comparable
from personalize_gitops.model.data_files import DataFile, split_location
from personalize_gitops.model.live import Live, is_at_or_below
from personalize_gitops.model.members import members
from personalize_gitops.model.resource import Resource, Run
from personalize_gitops.model.status import Condition
from personalize_gitops.model.tags import ADDRESS, PROJECT
from personalize_gitops.model.who import WriteEvent
from personalize_gitops.model.wire import from_wire, to_wire

PAGE = 100  # the most a list answers at once (docs/service/4 §1.5)

T = TypeVar("T")


class AwsCloud:
    """Amazon Personalize in one account and region. Safe to use from several threads."""

    def __init__(
        self,
        personalize: Any,
        s3: Any,
        tagging: Any,
        cloudtrail: Any,
        cloudwatch: Any,
        calls: Calls,
        account: str,
        region: str,
        clients: Clients,
        runtime: AwsRuntime,
        inspection: AwsInspection,
    ) -> None:
        self._personalize = personalize
        self._s3 = s3
        self._tagging = tagging
        self._trail = Trail(cloudtrail, calls)
        self._cloudwatch = cloudwatch
        self._calls = calls
        self._clients = clients
        self._dated = ""  # the date of the last answer; an emulator has a time of its own
        self.token = secrets.token_hex(8)
        self.runtime = runtime
        self.inspection = inspection
        self.account = account
        self.region = region
        self._changes = Changes(self._try, calls.clock)

    @property
    def now(self) -> float:
        """The time of the service's last answer in epoch seconds: an emulator's time can run ahead of ours."""
        if not self._dated:
            return 0.0
        try:
            return parsedate_to_datetime(self._dated).timestamp()
        except ValueError:  # a proxy writes other dates
            return self._calls.clock.now()

    @property
    def calls(self) -> Mapping[str, int]:
        """The number of calls of each operation so far, retries included."""
        return self._calls.counts

    def guard(self, check: Callable[[], object]) -> None:
        """Call a function before each call from now on. It raises an error if no call may be made."""
        self._calls.guard = check

    def lock(self, location: str) -> S3Lock:
        """Return the lock at a location in S3. Its own calls have no guard."""
        return S3Lock(self._s3, self._calls.unguarded(), location)

    def topic(self, arn: str) -> Topic:
        """Return a topic of SNS as a channel of notifications."""
        return Topic(arn, self._clients)

    def event_bus(self, bus: str) -> EventBus:
        """Return an event bus of EventBridge as a channel of notifications."""
        return EventBus(bus, self._clients)

    def put_parameter(self, name: str, value: str) -> None:
        """Write a parameter of Systems Manager, over an earlier value."""
        with translated(f"writing parameter {name}"):
            self._clients("ssm", "").put_parameter(Name=name, Value=value, Type="String", Overwrite=True)

    @property
    def request_id(self) -> str:
        """The service's id of the last call by which this thread changed something; empty if its answer was lost."""
        return self._changes.request_id

    def list(self, kind: type[Resource]) -> Sequence[Live]:
        """Return every object of a kind, all pages."""
        return [*self._pages(kind.operation("List"), kind.list_member(), lambda entry: self._live(kind, entry))]

    def describe(self, kind: type[Resource], arn: str) -> Live | None:
        """Return one object without its tags, or None if it does not exist."""
        named = {f"{kind.member()}Arn": arn}
        try:
            live = self._call(
                kind.operation("Describe"), lambda answer: self._live(kind, answer[kind.member()]), **named
            )
            listed = {
                member.alias: [*self._pages(member.listed_by, member.alias, dict, **named)]
                for member in members(kind).values()
                if member.listed_by
            }
        except NotFound:
            return None
        return replace(live, attributes={**live.attributes, **from_wire(kind, listed)}, described=True)

    def tags(self, arn: str) -> Mapping[str, str]:
        """Return the tags of an object; none if it does not exist."""
        try:
            return self._call("ListTagsForResource", tags_of, resourceArn=arn)
        except NotFound:
            return {}

    def tag_index(self) -> Mapping[str, Mapping[str, str]] | None:
        """Return the tags of all tagged objects, from the Resource Groups Tagging API (docs/service/4 §8).

        The API needs a permission of its own, and not every network reaches it. On any failure the answer is None,
        without a retry: the objects themselves can be asked instead.
        """
        found: dict[str, Mapping[str, str]] = {}
        request: dict[str, Any] = {"ResourceTypeFilters": ["personalize"], "ResourcesPerPage": PAGE}
        while True:
            try:
                page, token = self._calls.once(self._tagging, "GetResources", request, partial(_indexed, request))
            except CloudError:
                return None
            found |= page
            if not token:
                return found
            request["PaginationToken"] = token

    def create(self, kind: type[Resource], name: str, attributes: Mapping[str, Any], tags: Mapping[str, str]) -> str:
        """Start to create an object and return its ARN.

        An attempt whose answer was lost may have taken effect, so its object is searched for before the next attempt: a
        training started twice is paid twice, and no call carries an idempotency token (docs/service/4 §1). Where names
        may not be unique, a list that lags would lead to a second purchase: the caller decides (EffectUnknown).
        """
        request = {kind.name_member: name, **to_wire(kind, attributes)}
        if tags:
            request["tags"] = _on_wire(tags)
        effect_unknown = False
        self._changes.begin()
        for attempt in attempts(self._calls.clock):
            with attempt:
                try:
                    if effect_unknown and (ours := self._ours(self._named(kind, name), attributes, tags)):
                        return ours.arn
                    return self._changes.once(
                        kind.operation("Create"), request, lambda answer: text(answer, f"{kind.member()}Arn")
                    )
                except AlreadyExists as error:
                    found = self._named(kind, name)
                    if ours := self._ours(found, attributes, tags):
                        return self._taken(ours, error)  # another apply of the project was faster
                    if found and not effect_unknown:
                        raise
                    raise Transient(str(error), effect_unknown=effect_unknown) from error  # the list lags behind
                except Transient as error:
                    if error.effect_unknown and issubclass(kind, Run) and kind.announced_on:
                        raise EffectUnknown(str(error)) from error
                    effect_unknown = effect_unknown or error.effect_unknown
                    raise
        raise AssertionError("the last attempt returns or raises")

    def update(self, live: Live, attributes: Mapping[str, Any], *, again: bool = False) -> None:
        """Start to change members of an object in place."""
        self._changes.move(live, "Update", live.kind.update_request(live.attributes, attributes), again=again)

    def start(self, live: Live, *, again: bool = False) -> None:
        """Start a stopped object."""
        self._changes.move(live, "Start", {}, again=again)

    def stop(self, live: Live, *, again: bool = False) -> None:
        """Stop a running object."""
        self._changes.move(live, "Stop", {}, again=again)

    def delete(self, live: Live) -> None:
        """Start to delete an object. No error if it does not exist."""
        try:
            self._changes.change(live, live.kind.operation("Delete"), {f"{live.kind.member()}Arn": live.arn})
        except NotFound:
            return

    def tag(self, live: Live, tags: Mapping[str, str]) -> None:
        """Set tags. Other tags stay."""
        self._changes.change(live, "TagResource", {"resourceArn": live.arn, "tags": _on_wire(tags)})

    def untag(self, live: Live, keys: Sequence[str]) -> None:
        """Remove tags by key. No error for a tag that does not exist."""
        self._changes.change(live, "UntagResource", {"resourceArn": live.arn, "tagKeys": [*keys]})

    def write_events(self, operation: str) -> Iterator[WriteEvent]:
        """Yield the successful calls of an operation from CloudTrail, the newest first, up to a limit."""
        return self._trail.write_events(operation)

    def requests(self, campaigns: Sequence[str], since: float, until: float) -> Mapping[str, float]:
        """Return the number of requests between two times, in epoch seconds, by the ARN of each campaign."""
        return requests(self._cloudwatch, self._calls, campaigns, since, until)

    def objects(self, location: str) -> str:
        """Return a digest of the keys and ETags of an object, or of those directly in a folder; empty if none exist."""
        bucket, prefix = split_location(location)
        found: list[tuple[str, str]] = []
        request = {"Bucket": bucket, "Prefix": prefix, "Delimiter": "/"}
        while True:
            page, token = self._calls.send(
                self._s3, "ListObjectsV2", request, partial(_stored, request), f"reading {location}"
            )
            found += page
            if not token:
                break
            request["ContinuationToken"] = token
        inside = sorted(entry for entry in found if prefix.endswith("/") or entry[0] == prefix)
        return hashlib.sha256(repr(inside).encode()).hexdigest() if inside else ""

    def data_files(self, location: str, ending: str) -> Sequence[DataFile]:
        """Return the files at a location whose names have an ending: one file, or those directly in a folder."""
        return stored_files(self._s3, self._calls, location, ending)

    def find(
        self, kind: type[Resource], name: str, tags: Mapping[str, str], above: str = "", since: float = 0.0
    ) -> str | None:
        """Return the ARN of the object with a name and the address in `tags`; None if no list shows it."""
        found = self._named(kind, name, above, since)
        return next((live.arn for live in found if not tags or self._has(live, tags)), None)

    def _named(self, kind: type[Resource], name: str, above: str = "", since: float = 0.0) -> Sequence[Live]:
        """Return the objects of a name that were created since a time; with `above`, only those below that ARN."""
        lives = (
            summary if summary.name or summary.service_made else self.describe(kind, summary.arn)
            for summary in self.list(kind)
            if summary.created >= since and (not above or is_at_or_below(summary.arn, above))
        )
        return [live for live in lives if live and live.name == name]

    def _has(self, live: Live, tags: Mapping[str, str]) -> bool:
        """Return whether an object has the owner and the address of these tags."""
        found = self.tags(live.arn)
        return all(found.get(key) == tags.get(key) for key in (PROJECT, ADDRESS))

    def _ours(self, found: Sequence[Live], attributes: Mapping[str, Any], tags: Mapping[str, str]) -> Live | None:
        """Return the first of some objects that is the one to create."""
        return next((live for live in found if self._is_ours(live, attributes, tags)), None)

    def _is_ours(self, live: Live, attributes: Mapping[str, Any], tags: Mapping[str, str]) -> bool:
        """Return whether an object that exists already is the one to create. Without tags it is if it is equal."""
        if live.kind.taggable:
            return bool(tags) and self._has(live, tags)
        described = self.describe(live.kind, live.arn)
        now = {member: described.attributes.get(member) for member in attributes} if described else {}
        return comparable(live.kind, now) == comparable(live.kind, attributes)

    def _taken(self, live: Live, error: AlreadyExists) -> str:
        """Return the ARN of an object that exists already. Raises Busy while it is being deleted."""
        if live.condition is Condition.DELETING:
            raise Busy(str(error)) from error
        return live.arn

    def _pages(self, operation: str, member: str, read: Callable[[Answer], T], **named: str) -> Iterator[T]:
        """Yield what `read` finds in each entry of a list, all pages."""
        request: dict[str, Any] = {"maxResults": PAGE, **named}
        while True:
            page, token = self._call(
                operation,
                partial(_page, member, read, request.get("nextToken")),
                **request,
            )
            yield from page
            if not token:
                return
            request["nextToken"] = token

    def _call(self, operation: str, read: Callable[[Answer], T], **request: Any) -> T:
        """Make a call that can be repeated without harm, and return what `read` finds in the answer."""
        return self._calls.send(self._personalize, operation, request, self._dating(read))

    def _try(self, operation: str, request: Mapping[str, Any], read: Callable[[Answer], T]) -> T:
        """Make one attempt at a call."""
        return self._calls.once(self._personalize, operation, request, self._dating(read))

    def _dating(self, read: Callable[[Answer], T]) -> Callable[[Answer], T]:
        """Return `read`, and keep the date of the answer."""

        def dated(answer: Answer) -> T:
            headers = answer["ResponseMetadata"]["HTTPHeaders"]
            self._dated = headers.get("x-emulated-date") or headers.get("date", "")
            return read(answer)

        return dated

    def _live(self, kind: type[Resource], answer: Answer) -> Live:
        return live_of(kind, answer, self._calls.secrets)


def _page(member: str, read: Callable[[Answer], T], current: str | None, answer: Answer) -> tuple[list[T], str | None]:
    """Return what `read` finds in each entry of a page of a list, and the token of the next page."""
    return [read(entry) for entry in answer[member]], next_page(optional_text(answer, "nextToken"), current)


def _indexed(request: Mapping[str, Any], answer: Answer) -> tuple[dict[str, Mapping[str, str]], str | None]:
    """Return the tags by ARN in an answer of GetResources, and the token of the next page."""
    entries = answer["ResourceTagMappingList"]
    page: dict[str, Mapping[str, str]] = {
        text(entry, "ResourceARN"): {text(tag, "Key"): text(tag, "Value") for tag in entry["Tags"]} for entry in entries
    }
    return page, next_page(optional_text(answer, "PaginationToken"), request.get("PaginationToken"))


def _stored(request: Mapping[str, Any], answer: Answer) -> tuple[list[tuple[str, str]], str | None]:
    """Return the keys and ETags in an answer of ListObjectsV2, and the token of the next page."""
    page = [(text(entry, "Key"), text(entry, "ETag")) for entry in answer.get("Contents", ())]
    # The page of a proxy can be XML without any member: not an empty folder.
    token = text(answer, "NextContinuationToken") if answer["IsTruncated"] else None
    return page, next_page(token, request.get("ContinuationToken"))


def _on_wire(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"tagKey": key, "tagValue": value} for key, value in sorted(tags.items())]
