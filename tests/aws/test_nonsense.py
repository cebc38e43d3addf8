"""Answers that make no sense: an error of the call, which is repeated where that is safe, and never a traceback."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from personalize_gitops.aws.cloud import AwsCloud
from personalize_gitops.aws.connect import connect
from personalize_gitops.aws.retry import ATTEMPTS
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.errors import CloudError, EffectUnknown, Unavailable
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.live import Live
from personalize_gitops.model.tags import ADDRESS, PROJECT
from tests.support.proxy import Answer, Request, proxied
from tests.support.world import START

GROUP, SOLUTION, TRAINING = KINDS["DatasetGroup"], KINDS["Solution"], KINDS["SolutionVersion"]
OURS = {PROJECT: "shop/local", ADDRESS: "DatasetGroup/shop"}
PAGE = b"<!DOCTYPE html><html><head><title>Log in</title></head><body><p>Log in to the network</p></body></html>"
HTML = {"Content-Type": "text/html"}
ID = {"x-amzn-RequestId": "5b6f1d3e-0000-4000-8000-000000000000"}
ARN = "arn:aws:personalize:us-east-1:123456789012:dataset-group/shop"


class Strange:
    """Answers the requests of some operations, the next `times` of them; with `effect` they are carried out."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.reset()

    def reset(self, *operations: str, answer: Answer | None = None, times: int = 1000, effect: bool = False) -> None:
        self.operations, self.answer, self.times, self.effect = operations, answer, times, effect
        self.asked.clear()

    def __call__(self, request: Request, forward: Callable[[], Answer]) -> Answer:
        operation = "ListObjectsV2" if request.service == "s3" else request.operation
        self.asked[operation] += 1
        if operation not in self.operations or not self.times or self.answer is None:
            return forward()
        self.times -= 1
        if self.effect:
            forward()
        return self.answer


@dataclass(frozen=True)
class Account:
    """An account in which nothing takes time, reached through something strange."""

    strange: Strange
    cloud: AwsCloud
    group: Live
    solution: Live
    names: Iterator[str] = field(default_factory=lambda: (f"new-{number}" for number in range(10_000)))

    def create(self) -> str:
        return self.cloud.create(GROUP, next(self.names), {}, OURS)

    def solve(self) -> str:
        """Create a solution like the one there is."""
        return self.cloud.create(SOLUTION, next(self.names), self.solution.attributes, OURS)


@pytest.fixture(scope="module")
def opened() -> Iterator[Account]:
    clock, strange = SimulatedClock(START), Strange()
    emulator = Emulator(clock.now, instant=True, quotas={"DatasetGroup": 1000, "Solution": 1000})
    emulator.put_bucket("shop", {"a.csv": "1"})
    with pytest.MonkeyPatch.context() as patch, emulator.serve(port=0) as server, proxied(server.url, strange) as url:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "local")
        cloud = connect(clock, region="us-east-1", endpoint_url=url)
        group = cloud.create(GROUP, "shop", {}, OURS)
        recipe = "arn:aws:personalize:::recipe/aws-similar-items"
        attributes = {"datasetGroup": group, "recipe": recipe, "performAutoTraining": False}
        solution = cloud.create(SOLUTION, "home", attributes, OURS)
        yield Account(strange, cloud, _owned(cloud, GROUP, group), _owned(cloud, SOLUTION, solution))


def _owned(cloud: AwsCloud, kind: Any, arn: str) -> Live:
    live = cloud.describe(kind, arn)
    assert live
    return replace(live, tags=OURS)


@pytest.fixture
def account(opened: Account) -> Iterator[Account]:
    """Nothing is strange at first."""
    opened.strange.reset()
    yield opened
    opened.strange.reset()


CALLS: dict[str, Callable[[Account], object]] = {
    "ListDatasetGroups": lambda account: account.cloud.list(GROUP),
    "DescribeDatasetGroup": lambda account: account.cloud.describe(GROUP, account.group.arn),
    "ListTagsForResource": lambda account: account.cloud.tags(account.group.arn),
    "ListObjectsV2": lambda account: account.cloud.objects("s3://shop/a.csv"),
    "CreateDatasetGroup": Account.create,
    "UpdateSolution": lambda account: account.cloud.update(account.solution, {"performAutoTraining": True}),
    "DeleteSolution": lambda account: account.cloud.delete(_owned(account.cloud, SOLUTION, account.solve())),
    "TagResource": lambda account: account.cloud.tag(account.group, {"team": "web"}),
    "UntagResource": lambda account: account.cloud.untag(account.group, ["team"]),
}
READING = ("ListDatasetGroups", "DescribeDatasetGroup", "ListTagsForResource", "ListObjectsV2")

NONSENSE = {
    "an empty 200": Answer(200),
    "other members": Answer(200, b'{"hello": "world"}', {"Content-Type": "application/json"}),
    "a list": Answer(200, b"[1, 2]"),
    "a number": Answer(200, b"5"),
    "nothing": Answer(200, b"null"),
    "deep": Answer(200, b"[" * 100_000),
    "a page": Answer(200, PAGE, HTML),
    "well-formed XML": Answer(200, b"<html><body>Log in</body></html>", HTML),
    "a page elsewhere": Answer(302, PAGE, {"Location": "http://127.0.0.1:1/login", **HTML}),
    "a forbidden page": Answer(403, PAGE, HTML),
    "a missing page": Answer(404, b"not found"),
    "a late page": Answer(503, PAGE, HTML),
    "an error of numbers": Answer(400, b'{"__type": 5, "message": 7}'),
    "an error of lists": Answer(400, b'{"__type": ["x"], "message": ["y"]}'),
    "a list as an error": Answer(400, b"[1]"),
    "half an answer": Answer(200, b'{"datasetGroups": [{"name": "sh'),
    "a truncated body": Answer(200, b'{"datasetGroups": [', missing=100),
    "no UTF-8": Answer(200, b'\xff\xfe{"\xff\x00'),
    "not compressed": Answer(200, b"no gzip", {"Content-Encoding": "gzip"}),
}


ALWAYS = ("ListDatasetGroups", "TagResource", "an empty 200", "a page")
EVERY = [
    pytest.param(operation, nonsense, marks=() if {operation, nonsense} & {*ALWAYS} else pytest.mark.slow)
    for operation in CALLS
    for nonsense in NONSENSE
    if (operation, nonsense) != ("ListObjectsV2", "a page elsewhere")  # botocore itself follows redirects of S3
]
"""Every operation with every nonsense; most pairs run in `make explore` only."""


@pytest.mark.parametrize(("operation", "nonsense"), EVERY)
def test_every_operation_and_every_nonsense(account: Account, operation: str, nonsense: str) -> None:
    """The error names the operation, or what is read, after as many attempts as every call has."""
    account.strange.reset(operation, answer=NONSENSE[nonsense])
    named = "reading s3://shop/a.csv" if operation == "ListObjectsV2" else operation

    with pytest.raises(CloudError, match=f"^{named}: ") as caught:
        CALLS[operation](account)

    assert isinstance(caught.value, Unavailable)
    assert account.strange.asked[operation] == ATTEMPTS


@pytest.mark.parametrize(("operation", "nonsense"), EVERY)
def test_nonsense_that_ends(account: Account, operation: str, nonsense: str) -> None:
    """After an answer without sense the next one counts."""
    expected = CALLS[operation](account) if operation in READING else None
    account.strange.reset(operation, answer=NONSENSE[nonsense], times=1)

    found = CALLS[operation](account)

    assert operation not in READING or found == expected
    assert account.strange.asked[operation] == 2


TYPES: list[tuple[str, Any]] = [
    ("ListDatasetGroups", {"datasetGroups": {"a": 1}}),
    ("ListDatasetGroups", {"datasetGroups": None}),
    ("ListDatasetGroups", {"datasetGroups": [5]}),
    ("ListDatasetGroups", {"datasetGroups": [None]}),
    ("ListDatasetGroups", {"datasetGroups": [{"name": "shop"}]}),
    ("ListDatasetGroups", {"datasetGroups": [{"name": 5, "datasetGroupArn": ARN}]}),
    ("ListDatasetGroups", {"datasetGroups": [], "nextToken": 7}),
    ("ListDatasetGroups", {"datasetGroups": [], "nextToken": "the same each time"}),
    ("DescribeDatasetGroup", {"datasetGroup": []}),
    ("DescribeDatasetGroup", {"datasetGroup": {}}),
    ("DescribeDatasetGroup", {"datasetGroup": {"datasetGroupArn": 1}}),
    ("DescribeDatasetGroup", {"datasetGroup": {"datasetGroupArn": ARN, "status": ["ACTIVE"]}}),
    ("DescribeDatasetGroup", {"datasetGroup": {"datasetGroupArn": ARN, "roleArn": {"a": 1}}}),
    ("DescribeDatasetGroup", {"datasetGroup": {"datasetGroupArn": ARN, "creationDateTime": "yesterday"}}),
    ("DescribeDatasetGroup", {"datasetGroup": {"datasetGroupArn": ARN, "creationDateTime": 1e300}}),
    ("DescribeDatasetGroup", {"datasetGroup": {"datasetGroupArn": ARN, "creationDateTime": [1]}}),
    ("ListTagsForResource", {"tags": {"a": 1}}),
    ("ListTagsForResource", {"tags": ["team"]}),
    ("ListTagsForResource", {"tags": [{"tagKey": 1, "tagValue": "web"}]}),
    ("ListTagsForResource", {"tags": [{"tagKey": "team"}]}),
    ("CreateDatasetGroup", {"datasetGroupArn": 5}),
    ("CreateDatasetGroup", {"datasetGroupArn": None}),
    ("UpdateSolution", {"solutionArn": ["x"]}),
]


@pytest.mark.parametrize(("operation", "body"), TYPES, ids=lambda value: json.dumps(value)[:60])
def test_members_of_other_types(account: Account, operation: str, body: Any) -> None:
    """A number for a name, a list for an object, a page that leads to itself: an error of the call, not of Python."""
    account.strange.reset(operation, answer=Answer(200, json.dumps(body).encode(), ID))

    with pytest.raises(Unavailable, match=rf"^{operation}: the answer makes no sense; is something else than AWS"):
        CALLS[operation](account)


@pytest.mark.parametrize(
    "text",
    [
        "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents/></ListBucketResult>",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a.csv</Key></Contents></ListBucketResult>",
        "<ListBucketResult/>",
        '{"Contents": []}',
    ],
)
def test_a_folder_that_makes_no_sense(account: Account, text: str) -> None:
    """What is not a list of objects does not pass for an empty folder, or for all pages of one."""
    account.strange.reset("ListObjectsV2", answer=Answer(200, text.encode()))

    with pytest.raises(Unavailable, match=r"^reading s3://shop/a\.csv: "):
        CALLS["ListObjectsV2"](account)


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_an_index_without_sense_is_done_without(account: Account, nonsense: str) -> None:
    """The objects know their tags as well, so the index is asked once."""
    account.strange.reset("GetResources", answer=NONSENSE[nonsense])

    assert account.cloud.tag_index() is None
    assert account.strange.asked["GetResources"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {"ResourceTagMappingList": {"a": 1}},
        {"ResourceTagMappingList": [{"ResourceARN": 5, "Tags": []}]},
        {"ResourceTagMappingList": [{"ResourceARN": ARN, "Tags": [{"Key": "a", "Value": 1}]}]},
        {"ResourceTagMappingList": [], "PaginationToken": "the same each time"},
    ],
    ids=json.dumps,
)
def test_an_index_of_other_types_is_done_without(account: Account, body: Any) -> None:
    """An index that lacks something does not pass for a complete one."""
    account.strange.reset("GetResources", answer=Answer(200, json.dumps(body).encode(), ID))

    assert account.cloud.tag_index() is None


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_a_creation_is_looked_up_not_repeated(account: Account, nonsense: str) -> None:
    """The object that was created although the answer made no sense is found by its name and tags."""
    account.strange.reset("CreateDatasetGroup", answer=NONSENSE[nonsense], effect=True)

    arn = account.create()

    assert account.cloud.tags(arn) == OURS
    assert account.strange.asked["CreateDatasetGroup"] == 1


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_a_training_is_not_repeated_blindly(account: Account, nonsense: str) -> None:
    """Where a second call could buy a second training, there is only one, and the caller decides."""
    account.strange.reset("CreateSolutionVersion", answer=NONSENSE[nonsense])

    with pytest.raises(EffectUnknown, match=r"^CreateSolutionVersion: "):
        account.cloud.create(TRAINING, "v1", {"solution": account.solution.arn}, OURS)

    assert account.strange.asked["CreateSolutionVersion"] == 1


@pytest.mark.parametrize("operation", ["DescribeSolution", "ListTagsForResource"])
def test_an_identity_without_sense_changes_nothing(account: Account, operation: str) -> None:
    """While nobody can say whether an object is the one of the plan, nothing is sent to it."""
    account.strange.reset(operation, answer=Answer(200, PAGE, HTML))

    with pytest.raises(Unavailable, match=f"^{operation}: "):
        account.cloud.update(account.solution, {"performAutoTraining": True})

    assert account.strange.asked["UpdateSolution"] == 0
