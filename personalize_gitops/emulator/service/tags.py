"""Tags: at creation, later, and their limits (docs/service/3 §8)."""

from collections.abc import Iterable, Iterator, Mapping

from personalize_gitops.emulator.errors import Refusal, invalid, not_found, too_many_tag_keys, too_many_tags
from personalize_gitops.emulator.service.kind import Answer, Carry, Request
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.state.faults import Deed
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region

LIMIT = 50
INDEX = "GetResources"
RESERVED = "aws:"


def check(arn: str, tags: Iterable[Mapping[str, str]], present: Mapping[str, str] | None = None) -> None:
    """Refuse tags that are reserved, repeated, or too many together with those present."""
    keys = [tag["tagKey"] for tag in tags]
    for tag in tags:
        if tag["tagKey"].startswith(RESERVED) or tag["tagValue"].startswith(RESERVED):
            raise invalid(f"Tag keys and values may not start with {RESERVED}: {tag['tagKey']}={tag['tagValue']}")
    if len(set(keys)) < len(keys):
        raise invalid(f"A tag key may be given once only: {', '.join(keys)}")
    if len({*(present or {}), *keys}) > LIMIT:
        raise too_many_tags(arn, LIMIT)


def tag_resource(region: Region, request: Request) -> Answer:
    """Add tags; a key that exists takes the new value."""
    record = _taggable(region, request["resourceArn"])
    present = region.tags.get(record.arn, {})
    check(record.arn, request["tags"], present)
    region.tags[record.arn] = {**present, **{tag["tagKey"]: tag["tagValue"] for tag in request["tags"]}}
    return {}


def untag_resource(region: Region, request: Request) -> Answer:
    """Remove tags by key; keys that are not there are no error."""
    record = _taggable(region, request["resourceArn"])
    if len(request["tagKeys"]) > LIMIT:
        raise too_many_tag_keys(LIMIT)
    gone = set(request["tagKeys"])
    region.tags[record.arn] = {key: value for key, value in region.tags.get(record.arn, {}).items() if key not in gone}
    return {}


def list_tags(region: Region, request: Request) -> Answer:
    """All tags of a resource; this list has no pages (docs/service/4 §1.4)."""
    record = _taggable(region, request["resourceArn"])
    return {"tags": [{"tagKey": key, "tagValue": value} for key, value in region.tags.get(record.arn, {}).items()]}


def indexed(region: Region) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What the Resource Groups Tagging API knows: all that has, or once had, tags (docs/service/4 §8).

    A fault can refuse the question, or let the index lag behind what was created last.
    """
    rule = region.faults.take(Deed.REFUSE, INDEX)
    if rule is not None:
        raise Refusal(rule.code, rule.message)
    lag = region.faults.take(Deed.LAG, INDEX)
    newest = region.now - lag.seconds if lag else float("inf")
    for arn, tags in region.tags.items():
        record = region.get(arn)
        if record is None or record.fields["creationDateTime"] <= newest:
            yield arn, tags


def _taggable(region: Region, arn: str) -> Record:
    """The resource of an ARN, if its kind takes tags: whether its Create does tells (docs/service/4 §2.17)."""
    record = region.get(arn)
    if record is None:
        raise not_found(arn)
    if "tags" not in operations()[f"Create{record.kind}"].input_members:
        raise invalid(f"Resource {arn} cannot be tagged.")
    return record


OPERATIONS: Mapping[str, Carry] = {
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags,
}
