"""Replacement: the strategy of each kind, who can choose another, and what happens without room or permission."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, Lifecycle
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Change
from personalize_gitops.model.reason import ReasonCode
from personalize_gitops.model.resource import Replace
from personalize_gitops.model.tags import ADDRESS, PROJECT
from tests.support.builders import HEAD, desired, document, live, schema, snapshot
from tests.support.every import DOCUMENTS
from tests.support.texts import reason_of
from tests.support.world import change_of

SUCCESSOR, RECREATE, FORBID = Replace.SUCCESSOR, Replace.RECREATE, Replace.FORBID

DEFAULTS = {
    "Solution": SUCCESSOR,
    "Schema": SUCCESSOR,
    "Filter": RECREATE,
    "DatasetGroup": FORBID,
    "Dataset": FORBID,
    "EventTracker": FORBID,
    "Campaign": FORBID,
    "Recommender": FORBID,
    "MetricAttribution": FORBID,
}
"""The built-in defaults: successor where no application embeds the ARN, never where something would be lost."""

KINDS_REPLACED = sorted(kind for kind, found in KINDS.items() if not found.is_run)
SAYS = [None, SUCCESSOR, RECREATE, FORBID]


def strategy(folder: Path, kind: str, project: Replace | None, document: Replace | None) -> Replace:
    """How a document of a kind is replaced, by what the project and the document say."""
    address = next(address for address in DOCUMENTS if address.startswith(f"{kind}/"))
    defaults = f"  defaults: {{replace: {{{kind}: {project}}}}}\n" if project else ""
    lifecycle = f"lifecycle: {{replace: {document}}}\n" if document else ""
    texts = [
        f"kind: Project\nname: every\nspec:\n{defaults}  targets: {{local: {{emulator: {{state: state}}}}}}",
        *(f"kind: {at.split('/')[0]}\nname: {at.split('/')[1]}\n{text.strip()}" for at, text in DOCUMENTS.items()),
    ]
    place = next(n for n, text in enumerate(texts) if text.startswith(f"kind: {kind}\nname: {address.split('/')[1]}\n"))
    texts[place] += f"\n{lifecycle}"
    (folder / "all.yaml").write_text("\n---\n".join(texts))
    wanted = load(folder).desired
    return wanted.strategy(wanted.documents[Address.parse(address)])


def test_every_kind_has_its_default() -> None:
    """Each kind that can be replaced at all has the built-in default that is promised."""
    found = {kind: KINDS[kind].replace for kind in KINDS_REPLACED}
    assert found == DEFAULTS, "a new kind goes into DEFAULTS of tests/engine/plan/test_replacement.py"


@pytest.mark.parametrize("kind", KINDS_REPLACED)
def test_the_document_decides_before_the_project_before_the_kind(tmp_path: Path, kind: str) -> None:
    """`lifecycle.replace` wins over `spec.defaults.replace`, which wins over the built-in default."""
    cases = [(None, None), (SUCCESSOR, None), (FORBID, None), (RECREATE, SUCCESSOR), (None, RECREATE), (FORBID, FORBID)]
    for project, own in cases:
        expected = own or project or DEFAULTS[kind]

        assert strategy(tmp_path, kind, project, own) is expected, (project, own)


OWNER = {PROJECT: "shop/local"}
GROUP = f"{HEAD}:dataset-group/shop"


def items(*columns: str) -> dict[str, Any]:
    """The attributes of an Items schema with these nullable columns."""
    return schema("ITEM_ID", *({"name": column, "type": ["null", "string"]} for column in columns))


def change(address: str, documents: list[Document], lives: list[Live], replace: Mapping[str, Replace]) -> Change:
    return change_of(make_plan(PlanContext(desired(*documents, replace=replace), snapshot(*lives))), address)


def schemas(count: int, *, used: bool) -> Change:
    """The change for `Schema/items` with one more column, in a region that holds so many schemas."""
    lives = [live(f"Schema/other-{n}x", items("B")) for n in range(count - 1)] + [live("Schema/items", items())]
    if not used:
        return change(
            "Schema/items", [document("Schema/items", items("A"), lifecycle=Lifecycle(adopt=True))], lives, {}
        )
    attributes = {"datasetGroup": GROUP, "datasetType": "Items", "schema": lives[-1].arn}
    lives.append(live("Dataset/items", attributes, tags=OWNER | {ADDRESS: "Dataset/items"}))
    documents = [document("Schema/items", items("A")), document("Dataset/items", {**attributes, "schema": "items"})]
    return change("Schema/items", documents, lives, {})


def test_a_region_full_of_schemas_blocks_one_that_is_used() -> None:
    """The five hundred and first schema is refused, and what a dataset uses cannot go first."""
    found = schemas(500, used=True)

    assert found.action is Action.BLOCKED
    assert reason_of(found) == (
        "schema.fields cannot be updated in place: schemas are immutable; "
        "the region holds 500 schemas, the default quota, "
        "so there is no room for a successor; it is in use; delete another one first"
    )


@pytest.mark.parametrize("count", [499, 501])
def test_a_region_with_room_for_a_schema(count: int) -> None:
    """One schema less leaves room; more of them than the default show that the quota was raised."""
    assert schemas(count, used=True).action is Action.SUCCESSOR


def filters(statuses: list[str]) -> Change:
    """The change for one of two filters that are to be succeeded, beside others of the given statuses."""
    expressions = [f'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("{word}")' for word in ("a", "b", "c")]
    mine = [
        live(
            f"Filter/{name}",
            {"datasetGroup": GROUP, "filterExpression": text},
            tags=OWNER | {ADDRESS: f"Filter/{name}"},
        )
        for name, text in zip(("first", "second"), expressions, strict=False)
    ]
    theirs = [
        live(f"Filter/other-{n}x", {"datasetGroup": GROUP, "filterExpression": expressions[0]}, status=status)
        for n, status in enumerate(statuses)
    ]
    elsewhere = live("Filter/far", {"datasetGroup": f"{GROUP}-2", "filterExpression": expressions[0]})
    documents = [
        document("DatasetGroup/shop"),
        document("Filter/first", {"datasetGroup": "shop", "filterExpression": expressions[1]}),
        document("Filter/second", {"datasetGroup": "shop", "filterExpression": expressions[2]}),
    ]
    shop = live("DatasetGroup/shop", tags=OWNER | {ADDRESS: "DatasetGroup/shop"})
    return change("Filter/second", documents, [shop, *mine, *theirs, elsewhere], {"Filter": SUCCESSOR})


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["ACTIVE"] * 6, Action.SUCCESSOR),  # eight, and one for the other's successor
        (["ACTIVE"] * 7, Action.RECREATE),  # nine, and one for the other's successor
        (["ACTIVE"] * 6 + ["CREATE PENDING"], Action.RECREATE),
        (["ACTIVE"] * 6 + ["CREATE FAILED"], Action.SUCCESSOR),
        (["ACTIVE"] * 6 + ["DELETE IN_PROGRESS"], Action.SUCCESSOR),
        (["ACTIVE"] * 9, Action.SUCCESSOR),  # eleven: the quota was raised
    ],
)
def test_what_counts_against_the_room_of_a_group(statuses: list[str], expected: Action) -> None:
    """What is there or comes with this plan does; what failed, what is leaving and other groups do not."""
    assert filters(statuses).action is expected


ITEMS = {"datasetGroup": GROUP, "datasetType": "Items", "schema": f"{HEAD}:schema/items"}


@pytest.mark.parametrize(
    ("lifecycle", "action", "codes"),
    [
        pytest.param({}, Action.BLOCKED, [ReasonCode.RECREATE_TO_REPLACE], id="by default"),
        pytest.param({"replace": SUCCESSOR}, Action.BLOCKED, [ReasonCode.NO_SUCCESSOR], id="successor"),
        pytest.param({"replace": RECREATE}, Action.RECREATE, [], id="recreate"),
        pytest.param({"replace": RECREATE, "protect": True}, Action.BLOCKED, [ReasonCode.PROTECTED], id="protected"),
    ],
)
def test_a_dataset_is_only_recreated_on_request(
    lifecycle: dict[str, Any], action: Action, codes: list[ReasonCode]
) -> None:
    """A dataset holds data and has no successor: only its document can permit the loss, and `protect` forbids it."""
    wanted = document("Dataset/items", {**ITEMS, "datasetType": "Users"}, lifecycle=Lifecycle.model_validate(lifecycle))
    found = change(
        "Dataset/items", [wanted], [live("Dataset/items", ITEMS, tags=OWNER | {ADDRESS: "Dataset/items"})], {}
    )

    assert (found.action, [reason.code for reason in found.reasons]) == (action, [ReasonCode.IMMUTABLE_FIELDS, *codes])
    assert found.risk is (Risk.DATA_LOSS if action is Action.RECREATE else Risk.NONE)


def test_a_successor_without_room_is_not_forced() -> None:
    """Where the document asks for a successor, a full group blocks the plan instead of causing an outage."""
    held = [live(f"Filter/other-{n}x", {"datasetGroup": GROUP, "filterExpression": "x"}) for n in range(9)]
    found = live("Filter/seen", {"datasetGroup": GROUP, "filterExpression": "x"}, tags=OWNER | {ADDRESS: "Filter/seen"})
    attributes = {"datasetGroup": GROUP, "filterExpression": "y"}

    asked = document("Filter/seen", attributes, lifecycle=Lifecycle(replace=SUCCESSOR))
    by_document = change("Filter/seen", [asked], [found, *held], {})
    by_project = change("Filter/seen", [document("Filter/seen", attributes)], [found, *held], {"Filter": SUCCESSOR})

    assert (by_document.action, by_document.reasons[-2].code) == (Action.BLOCKED, ReasonCode.RAISE_QUOTA)
    assert (by_project.action, by_project.reasons[-1].code) == (Action.RECREATE, ReasonCode.NO_ROOM_RECREATED)


def test_what_must_not_be_recreated_blocks_along_with_its_base() -> None:
    """A dataset whose group is recreated has to be recreated too, which needs the permission of its own document."""
    shop = document("DatasetGroup/shop", {"domain": "ECOMMERCE"}, lifecycle=Lifecycle(replace=RECREATE))
    items = document("Dataset/items", {**ITEMS, "datasetGroup": "shop"})
    lives = [
        live("DatasetGroup/shop", tags=OWNER | {ADDRESS: "DatasetGroup/shop"}),
        live("Dataset/items", ITEMS, tags=OWNER | {ADDRESS: "Dataset/items"}),
    ]

    found = change("Dataset/items", [shop, items], lives, {})

    assert found.action is Action.BLOCKED
    assert [reason.code for reason in found.reasons] == [ReasonCode.BASE_RECREATED, ReasonCode.RECREATE_ALONG]
