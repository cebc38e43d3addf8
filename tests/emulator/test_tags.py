"""Tags and their limits (docs/service/3 §8)."""

import json

import pytest

from .account import RECIPE, Account, client
from .refusals import refusal

Tags = dict[str, str]


def written(tags: Tags) -> list[dict[str, str]]:
    return [{"tagKey": key, "tagValue": value} for key, value in tags.items()]


def tags_of(account: Account, arn: str) -> Tags:
    listed = account.personalize.list_tags_for_resource(resourceArn=arn)["tags"]
    return {tag["tagKey"]: tag["tagValue"] for tag in listed}


def test_tags_on_creation(account: Account) -> None:
    """Tags given on creation are listed, but Describe does not show them."""
    arn = account.group(tags=written({"team": "a", "empty": ""}))

    described = account.personalize.describe_dataset_group(datasetGroupArn=arn)["datasetGroup"]

    assert tags_of(account, arn) == {"team": "a", "empty": ""}
    assert "tags" not in described


def test_changing_tags(account: Account) -> None:
    """An existing key gets the new value; the removal of an unknown key is ignored."""
    arn = account.group(tags=written({"team": "a", "stage": "test"}))

    account.personalize.tag_resource(resourceArn=arn, tags=written({"team": "b", "Team": "c"}))
    account.personalize.untag_resource(resourceArn=arn, tagKeys=["stage", "none"])

    assert tags_of(account, arn) == {"team": "b", "Team": "c"}


def test_versions_have_tags(account: Account) -> None:
    """Each solution version has its own tags."""
    solution = account.solution(account.filled_group(), tags=written({"of": "solution"}))

    version = account.version(solution, tags=written({"run": "1"}))

    assert (tags_of(account, solution), tags_of(account, version)) == ({"of": "solution"}, {"run": "1"})


TOO_MANY = {f"k{number}": "v" for number in range(51)}


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        (written({"aws:made": "by us"}), "InvalidInput"),
        (written({"made": "aws:by us"}), "InvalidInput"),
        ([*written({"a": "1"}), *written({"a": "2"})], "InvalidInput"),
        (written(TOO_MANY), "TooManyTags"),
        (written({"": "x"}), "InvalidInput"),
    ],
)
def test_refused_tags(account: Account, tags: list[dict[str, str]], code: str) -> None:
    """Reserved prefixes, repeated keys and more than 50 tags are refused, on creation and later."""
    arn = account.group()
    calls = [("CreateDatasetGroup", {"name": "other"}), ("TagResource", {"resourceArn": arn})]

    for operation, request in calls:
        response = account.emulator.respond("us-east-1", operation, json.dumps({**request, "tags": tags}))
        assert f"{code}Exception" in response.body
    assert tags_of(account, arn) == {}


def test_fifty_in_all(account: Account) -> None:
    """The limit applies to the number of tags after the call."""
    fifty = dict(list(TOO_MANY.items())[:50])
    arn = account.group(tags=written(fifty))

    account.personalize.tag_resource(resourceArn=arn, tags=written({"k0": "new"}))

    code, _ = refusal(account.personalize.tag_resource, resourceArn=arn, tags=written({"one": "more"}))
    assert (code, tags_of(account, arn)["k0"]) == ("TooManyTags", "new")


def test_too_many_keys(account: Account) -> None:
    """One call can remove at most 50 keys."""
    arn = account.group()

    assert refusal(account.personalize.untag_resource, resourceArn=arn, tagKeys=list(TOO_MANY))[0] == "TooManyTagKeys"


def test_schemas_have_none(account: Account) -> None:
    """Schemas cannot be tagged (docs/service/4 §2.17)."""
    arn = account.schema()

    assert refusal(account.personalize.tag_resource, resourceArn=arn, tags=written({"a": "b"}))[0] == "InvalidInput"


def test_tags_go_with_their_resource(account: Account) -> None:
    """A resource that is created again with the same ARN does not have its old tags."""
    group = account.group()
    arn = account.solution(group, tags=written({"a": "b"}))
    account.personalize.delete_solution(solutionArn=arn)
    account.settle()

    account.solution(group, recipeArn=RECIPE)

    assert tags_of(account, arn) == {}


def test_the_tagging_api(account: Account) -> None:
    """The Resource Groups Tagging API finds resources that have, or once had, tags (docs/service/4 §8)."""
    tagged = account.group("a", tags=written({"team": "x"}))
    once = account.group("b", tags=written({"team": "y"}))
    account.group("c")
    account.personalize.untag_resource(resourceArn=once, tagKeys=["team"])
    api = client("resourcegroupstaggingapi")

    everything = api.get_resources(ResourceTypeFilters=["personalize"])["ResourceTagMappingList"]
    by_team = api.get_resources(TagFilters=[{"Key": "team", "Values": ["x"]}])["ResourceTagMappingList"]

    assert [(entry["ResourceARN"], entry["Tags"]) for entry in everything] == [
        (tagged, [{"Key": "team", "Value": "x"}]),
        (once, []),
    ]
    assert [entry["ResourceARN"] for entry in by_team] == [tagged]


def test_pages_of_the_tagging_api(account: Account) -> None:
    """A page has as many resources as ResourcesPerPage allows; TagsPerPage limits it only if the request has it."""
    tags = written({f"k{number}": "v" for number in range(40)})
    arns = [account.group(name, tags=tags) for name in ("a", "b", "c", "d", "e")]
    api = client("resourcegroupstaggingapi")

    def pages(**limits: int) -> list[list[str]]:
        found = api.get_paginator("get_resources").paginate(**limits)
        return [[entry["ResourceARN"] for entry in page["ResourceTagMappingList"]] for page in found]

    assert pages() == [arns]
    assert pages(ResourcesPerPage=2) == [arns[:2], arns[2:4], arns[4:]]
    assert len(pages(TagsPerPage=100)) > 1
