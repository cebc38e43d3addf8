"""Dataset types in all their spellings."""

import pytest

from personalize_gitops.catalog.datasets import DatasetType, dataset_type_of_record, find_dataset_type


@pytest.mark.parametrize("type_", DatasetType)
def test_found_in_any_case(type_: DatasetType) -> None:
    """A dataset type is found as written in requests, in ARNs and in lower case."""
    assert {find_dataset_type(text) for text in (type_.value, type_.arn_spelling, type_.value.lower())} == {type_}


@pytest.mark.parametrize("text", ["", "Event-Interactions", "ActionInteractions", "Item"])
def test_unknown(text: str) -> None:
    """No other text is a dataset type, nor is the record name without underscore."""
    assert find_dataset_type(text) is None


def test_record_names() -> None:
    """The record of action interactions has no underscore; the type's own spelling is accepted too."""
    assert DatasetType.ACTION_INTERACTIONS.record_name == "ActionInteractions"
    assert dataset_type_of_record("ActionInteractions") is DatasetType.ACTION_INTERACTIONS
    assert dataset_type_of_record("action_interactions") is DatasetType.ACTION_INTERACTIONS
    assert dataset_type_of_record("Movies") is None


def test_what_types_allow() -> None:
    """Domain groups can have three types, and datasets of two types can change their schema."""
    assert [type_ for type_ in DatasetType if type_.in_domain_groups] == ["Interactions", "Items", "Users"]
    assert [type_ for type_ in DatasetType if type_.takes_another_schema] == ["Items", "Users"]
