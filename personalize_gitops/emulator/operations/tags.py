"""TagResource, UntagResource and ListTagsForResource."""

from collections.abc import Mapping

from personalize_gitops.emulator.errors import invalid, not_found, too_many_tag_keys
from personalize_gitops.emulator.service import tags
from personalize_gitops.emulator.service.kind import Handler, Request, Response
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region


def tag_resource(region: Region, request: Request) -> Response:
    """Add tags; an existing key gets the new value."""
    record = _taggable(region, request["resourceArn"])
    present = region.tags.get(record.arn, {})
    tags.check(record.arn, request["tags"], present)
    region.tags[record.arn] = {**present, **{tag["tagKey"]: tag["tagValue"] for tag in request["tags"]}}
    return {}


def untag_resource(region: Region, request: Request) -> Response:
    """Remove tags by key; unknown keys are ignored."""
    record = _taggable(region, request["resourceArn"])
    if len(request["tagKeys"]) > tags.LIMIT:
        raise too_many_tag_keys(tags.LIMIT)
    removed = set(request["tagKeys"])
    present = region.tags.get(record.arn, {})
    region.tags[record.arn] = {key: value for key, value in present.items() if key not in removed}
    return {}


def list_tags(region: Region, request: Request) -> Response:
    """Return all tags of a resource; this list has no pages (docs/service/4 §1.4)."""
    record = _taggable(region, request["resourceArn"])
    return {"tags": [{"tagKey": key, "tagValue": value} for key, value in region.tags.get(record.arn, {}).items()]}


def _taggable(region: Region, arn: str) -> Record:
    """Return the resource of an ARN. Refuse it if its Create operation takes no tags (docs/service/4 §2.17)."""
    record = region.get(arn)
    if record is None:
        raise not_found(arn)
    if "tags" not in operations()[f"Create{record.kind}"].input_members:
        raise invalid(f"Resource {arn} cannot be tagged.")
    return record


HANDLERS: Mapping[str, Handler] = {
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags,
}
