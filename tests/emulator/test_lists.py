"""Lists: pages, filters, order (docs/service/4 §1.5); recipes and algorithms."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalize_gitops.catalog.recipes import RECIPES
from personalize_gitops.emulator import Emulator

from .account import INTERACTIONS, REGION, Account
from .clock import Clock
from .refusals import refusal


def _schemas(account: Account, count: int) -> list[str]:
    return [account.schema(f"s{number:03}") for number in range(count)]


def test_pages(account: Account) -> None:
    """Pages follow each other in the order of creation; the last one has no token."""
    arns = _schemas(account, 7)
    found, request, sizes = [], {"maxResults": 3}, []

    while True:
        page = account.personalize.list_schemas(**request)
        found += [schema["schemaArn"] for schema in page["schemas"]]
        sizes.append(len(page["schemas"]))
        if "nextToken" not in page:
            break
        request["nextToken"] = page["nextToken"]

    assert (found, sizes) == (arns, [3, 3, 1])


def test_a_full_last_page_has_no_token(account: Account) -> None:
    """There is no empty page at the end."""
    _schemas(account, 3)

    assert "nextToken" not in account.personalize.list_schemas(maxResults=3)


def test_hundred_is_the_default(account: Account) -> None:
    """A page without a size has up to 100 entries."""
    _schemas(account, 101)

    page = account.personalize.list_schemas()

    assert (len(page["schemas"]), "nextToken" in page) == (100, True)


def test_tokens_belong_to_their_list(account: Account) -> None:
    """A token of another list, of other filters, or a made-up one is refused (docs/service/4 §4.6)."""
    _schemas(account, 2)
    token = account.personalize.list_schemas(maxResults=1)["nextToken"]
    group = account.group()
    calls = [
        refusal(account.personalize.list_datasets, nextToken=token),
        refusal(account.personalize.list_datasets, nextToken=token, datasetGroupArn=group),
        refusal(account.personalize.list_schemas, nextToken="made-up"),
        refusal(account.personalize.list_schemas, nextToken=token[:-4]),
    ]

    assert {code for code, _ in calls} == {"InvalidNextToken"}


def test_a_token_outlives_deletions(account: Account) -> None:
    """Deletions between two pages cause neither gaps nor repetitions."""
    arns = _schemas(account, 4)
    page = account.personalize.list_schemas(maxResults=2)
    account.personalize.delete_schema(schemaArn=arns[1])

    rest = account.personalize.list_schemas(nextToken=page["nextToken"])

    assert [schema["schemaArn"] for schema in rest["schemas"]] == arns[2:]


def test_filters_by_parent(account: Account) -> None:
    """A list can be filtered by parent; for an unknown parent it is empty (docs/service/4 §1.5)."""
    first, second = account.group("a"), account.group("b")
    account.dataset(first)
    dataset = account.dataset(second)

    listed = account.personalize.list_datasets(datasetGroupArn=second)["datasets"]
    nothing = account.personalize.list_datasets(datasetGroupArn=f"{second}-none")["datasets"]

    assert [entry["datasetArn"] for entry in listed] == [dataset]
    assert nothing == []
    assert len(account.personalize.list_datasets()["datasets"]) == 2


def test_summaries(account: Account) -> None:
    """A summary has only the members of its shape; the list of filters is under `Filters`."""
    group = account.group()
    account.dataset(group)
    account.personalize.create_filter(
        name="f", datasetGroupArn=group, filterExpression='INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")'
    )

    (shown,) = account.personalize.list_filters(datasetGroupArn=group)["Filters"]
    (dataset,) = account.personalize.list_datasets()["datasets"]

    assert set(shown) == {"name", "filterArn", "datasetGroupArn", "status", "creationDateTime", "lastUpdatedDateTime"}
    assert (dataset["datasetType"], "schemaArn" in dataset) == ("INTERACTIONS", False)


@settings(max_examples=25, deadline=None)
@given(count=st.integers(0, 30), size=st.integers(1, 100), deleted=st.sets(st.integers(0, 29)))
def test_pages_put_together_are_the_list(count: int, size: int, deleted: set[int]) -> None:
    """Pages of any size contain every resource exactly once."""
    emulator = Emulator(Clock().now)
    for number in range(count):
        body = json.dumps({"name": f"s{number}", "schema": INTERACTIONS})
        emulator.respond(REGION, "CreateSchema", body)
    for number in deleted:
        arn = f"arn:aws:personalize:{REGION}:123456789012:schema/s{number}"
        emulator.respond(REGION, "DeleteSchema", json.dumps({"schemaArn": arn}))

    names, request = [], {"maxResults": size}
    while True:
        page = json.loads(emulator.respond(REGION, "ListSchemas", json.dumps(request)).body)
        names += [schema["name"] for schema in page["schemas"]]
        if "nextToken" not in page:
            break
        request["nextToken"] = page["nextToken"]

    assert names == [f"s{number}" for number in range(count) if number not in deleted]


def test_recipes(account: Account) -> None:
    """Recipes are listed in pages and by domain; only the summary has the domain (docs/service/4 §2.16)."""
    pages = account.personalize.get_paginator("list_recipes").paginate(PaginationConfig={"PageSize": 7})
    everything = [recipe for page in pages for recipe in page["recipes"]]
    shop = account.personalize.list_recipes(domain="ECOMMERCE", recipeProvider="SERVICE")["recipes"]

    described = account.personalize.describe_recipe(recipeArn=shop[0]["recipeArn"])["recipe"]

    assert len(everything) == len([recipe for recipe in RECIPES.values() if not recipe.legacy])
    assert {recipe["domain"] for recipe in shop} == {"ECOMMERCE"}
    assert (len(shop), "domain" in described) == (5, False)


@pytest.mark.parametrize("name", [recipe.name for recipe in RECIPES.values() if recipe.algorithm])
def test_what_is_behind_a_recipe(account: Account, name: str) -> None:
    """The algorithm and the feature transformation of every recipe can be described."""
    recipe = account.personalize.describe_recipe(recipeArn=RECIPES[name].arn)["recipe"]

    algorithm = account.personalize.describe_algorithm(algorithmArn=recipe["algorithmArn"])["algorithm"]

    assert algorithm["name"] == RECIPES[name].algorithm
    if "featureTransformationArn" in recipe:
        arn = recipe["featureTransformationArn"]
        answer = account.personalize.describe_feature_transformation(featureTransformationArn=arn)
        assert answer["featureTransformation"]["status"] == "ACTIVE"


def test_a_transformation_of_two_recipes(account: Account) -> None:
    """That of SIMS, which Popularity-Count uses too, has the defaults of SIMS (docs/service/1 §13.9)."""
    arn = "arn:aws:personalize:::feature-transformation/sims"

    answer = account.personalize.describe_feature_transformation(featureTransformationArn=arn)

    assert answer["featureTransformation"]["defaultParameters"] == {
        "min_user_history_length_percentile": "0.005",
        "max_user_history_length_percentile": "0.995",
        "min_item_interaction_count_percentile": "0.01",
        "max_item_interaction_count_percentile": "0.9",
    }
