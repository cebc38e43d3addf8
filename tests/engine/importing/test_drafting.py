"""Drafts: references, tags, names and what a reader has to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from personalize_gitops.engine.importing.drafting import draft
from personalize_gitops.model.address import Address
from personalize_gitops.model.importing import Drafts, ObjectDraft, Wanted
from personalize_gitops.model.live import Live
from personalize_gitops.model.problem_codes import ImportCode
from personalize_gitops.model.reference import Newest, Reference
from personalize_gitops.model.tags import ADDRESS, NAME, PROJECT
from tests.support.builders import HEAD, desired, document, live, snapshot

GROUP = live("DatasetGroup/g")
SOLUTION = live("Solution/s", {"datasetGroup": GROUP.arn})


def version(number: int, **fields: Any) -> Live:
    found = live(f"SolutionVersion/s-{number}", {"solution": SOLUTION.arn}, created=float(number))
    return Live(**{**found.__dict__, "arn": f"{SOLUTION.arn}/{number}", **fields})


def campaign(target: str, **config: Any) -> Live:
    settings = {"campaignConfig": config} if config else {}
    return live("Campaign/c", {"solutionVersion": target, **settings})


def drafts(*objects: Live, declared: Mapping[str, Address] | None = None, **wanted: Any) -> Drafts:
    return draft(snapshot(*objects), desired(), declared or {}, Wanted(**wanted))


def of(found: Drafts, address: str) -> ObjectDraft:
    return next(each for each in found.drafts if str(each.address) == address)


FIRST, SECOND, MADE = version(1), version(2), version(3, service_made=True)
FOREIGN = "arn:aws:personalize:us-east-1:999999999999:solution/x/1"
LATEST, FOLLOWED = (Newest("SolutionVersion", Address("Solution", "s"), followed) for followed in (False, True))


@pytest.mark.parametrize(
    ("found", "reference", "code"),
    [
        (campaign(SECOND.arn), Address("SolutionVersion", "s"), None),
        (campaign(FIRST.arn), FIRST.arn, ImportCode.REFERS_BY_ARN),
        (campaign(MADE.arn), LATEST, ImportCode.MOVES_TO_NEWEST),
        (campaign(f"{SOLUTION.arn}/$LATEST", syncWithLatestSolutionVersion=True), FOLLOWED, None),
        (campaign(MADE.arn, syncWithLatestSolutionVersion=True), FOLLOWED, None),
        (campaign(FOREIGN), FOREIGN, ImportCode.REFERS_BY_ARN),
    ],
    ids=["documented", "older", "newest, by the service", "followed", "followed by version", "of another account"],
)
def test_a_campaign_names_its_version(found: Live, reference: Reference, code: str | None) -> None:
    """By the document of the training, as the newest one, or by an ARN, which the report tells."""
    one = of(drafts(GROUP, SOLUTION, FIRST, SECOND, MADE, found), "Campaign/c")

    assert one.references == {"solutionVersion": reference}
    assert [note.code for note in one.notes] == ([code] if code else [])
    assert one.spec == {}


def test_a_job_of_an_older_training_is_left_out() -> None:
    """Nothing could repeat it with the model that it used."""
    job = live("BatchInferenceJob/j", {"solutionVersion": FIRST.arn})

    found = drafts(GROUP, SOLUTION, FIRST, SECOND, job)

    assert {each.live.arn: each.reasons[0].code for each in found.left_out} == {
        FIRST.arn: ImportCode.SUPERSEDED,
        job.arn: ImportCode.RUN_ON_LEFT_OUT,
    }


def test_tags_are_those_of_people() -> None:
    """Ours, those of AWS, and those that the project gives every document are not declared."""
    tags = {"team": "a", "env": "prod", "aws:cloudformation:stack-name": "x", NAME: "f"}
    found = drafts(live("DatasetGroup/g", tags=tags), tags={"env": "prod"})

    assert found.drafts[0].tags == {"team": "a"}


def test_what_is_ours_and_undeclared_keeps_its_address() -> None:
    """The tags of an object tell its address, not its name."""
    tags = {PROJECT: "shop/local", ADDRESS: "Solution/home", NAME: "home-2"}

    assert drafts(live("Solution/home-2", tags=tags)).addresses == {Address("Solution", "home")}


def test_declared_objects_are_referred_to_and_not_drafted() -> None:
    """A new filter in a declared dataset group has the address of the group."""
    found = drafts(
        GROUP, live("Filter/f", {"datasetGroup": GROUP.arn}), declared={GROUP.arn: Address("DatasetGroup", "mine")}
    )

    assert found.known == 1
    assert of(found, "Filter/f").references == {"datasetGroup": Address("DatasetGroup", "mine")}


def test_a_run_of_a_resource_that_has_one_is_left_out() -> None:
    """The manifests declare a training of the solution already; a second document would train again."""
    home, training = Address("Solution", "home"), document("SolutionVersion/mine", {"solution": "home"})
    wanted = desired(document("Solution/home", {"datasetGroup": GROUP.arn}), training)

    found = draft(snapshot(SOLUTION, FIRST), wanted, {SOLUTION.arn: home}, Wanted())

    assert [each.reasons[0].code for each in found.left_out] == [ImportCode.RUN_DECLARED]


def test_of_two_objects_with_one_address_the_first_is_imported() -> None:
    """An address that a document has is not given again."""
    found = draft(snapshot(live("Filter/f")), desired(document("Filter/f")), {}, Wanted())

    assert [each.reasons[0].code for each in found.left_out] == [ImportCode.SAME_ADDRESS]


def test_a_schema_belongs_to_the_only_group_that_uses_it() -> None:
    """One that several groups use, or none, belongs to no group."""
    other, own, shared, unused = (live(address) for address in ("DatasetGroup/h", "Schema/a", "Schema/b", "Schema/c"))
    used = [(GROUP, own, "Items"), (GROUP, shared, "Users"), (other, shared, "Users")]
    datasets = [
        live(f"Dataset/{group.name}-{kind}", {"datasetGroup": group.arn, "datasetType": kind, "schema": schema.arn})
        for group, schema, kind in used
    ]

    found = drafts(GROUP, other, own, shared, unused, *datasets)

    assert {name: of(found, f"Schema/{name}").group for name in "abc"} == {"a": "g", "b": "", "c": ""}
    assert of(found, "Dataset/h-Users").group == "h"


def test_a_foreign_arn_stays_an_arn() -> None:
    """A reference to an object that the account does not list is kept as it is."""
    arn = f"{HEAD}:schema/elsewhere"
    dataset = live("Dataset/d", {"datasetGroup": GROUP.arn, "datasetType": "Items", "schema": arn})

    assert of(drafts(GROUP, dataset), "Dataset/d").references["schema"] == arn
