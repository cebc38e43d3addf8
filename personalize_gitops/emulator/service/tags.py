"""Tags: their limits (docs/service/3 §8), and the tag index of the Resource Groups Tagging API."""

from collections.abc import Iterable, Iterator, Mapping

from personalize_gitops.emulator.errors import Refusal, invalid, too_many_tags
from personalize_gitops.emulator.state.faults import Deed
from personalize_gitops.emulator.state.region import Region

LIMIT = 50
INDEX = "GetResources"  # the operation of the Resource Groups Tagging API that reads the index
RESERVED = "aws:"


def check(arn: str, tags: Iterable[Mapping[str, str]], present: Mapping[str, str] | None = None) -> None:
    """Refuse tags that are reserved, repeated, or too many together with those already present."""
    keys = [tag["tagKey"] for tag in tags]
    for tag in tags:
        if tag["tagKey"].startswith(RESERVED) or tag["tagValue"].startswith(RESERVED):
            raise invalid(f"Tag keys and values may not start with {RESERVED}: {tag['tagKey']}={tag['tagValue']}")
    if len(set(keys)) < len(keys):
        raise invalid(f"A tag key may be given once only: {', '.join(keys)}")
    if len({*(present or {}), *keys}) > LIMIT:
        raise too_many_tags(arn, LIMIT)


def indexed(region: Region) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the ARN and the tags of each resource that has, or once had, tags (docs/service/4 §8).

    Faults can refuse the call, or let the index lack the newest resources.
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
