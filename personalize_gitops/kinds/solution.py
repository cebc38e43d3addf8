"""A solution: a recipe and its training settings. Deleting it deletes its versions, the trained models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from personalize_gitops.catalog.recipes import ParameterKind, find_recipe
from personalize_gitops.kinds.types import (
    NumberText,
    Parameters,
    ParameterValue,
    Recipe,
    Reference,
    Text256,
    TrainingDataConfig,
    Weight,
    by_meaning,
    in_days,
    most_per_group,
    switched_on,
    typical,
)
from personalize_gitops.model.action import Risk
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.forms import Form
from personalize_gitops.model.problem_codes import FieldsCode, Remedy
from personalize_gitops.model.reason import Verbatim, because
from personalize_gitops.model.resource import Most, Replace, Resource
from personalize_gitops.model.structure import Attributes, Compare, Default, Mutable, Note, Ref, Structure
from personalize_gitops.model.validation import invalid


def _without_prefix(name: Any) -> Any:
    """Return the name of a range without the prefix that the service adds: `training.bptt` (docs/service/2 §3.8)."""
    return str(name).rpartition(".")[2]


RangeName = Annotated[Text256, Compare(_without_prefix)]


class IntegerRange(Structure):
    """The search range of an integer hyperparameter."""

    name: RangeName
    min_value: Annotated[int, Field(ge=-1_000_000)] | None = None
    max_value: Annotated[int, Field(le=1_000_000)] | None = None


class ContinuousRange(Structure):
    """The search range of a continuous hyperparameter."""

    name: RangeName
    min_value: Annotated[float, Field(ge=-1_000_000)] | None = None
    max_value: Annotated[float, Field(ge=-1_000_000)] | None = None


class CategoricalRange(Structure):
    """The search values of a categorical hyperparameter."""

    name: RangeName
    values: Annotated[list[ParameterValue], Field(max_length=100), Compare(by_meaning)] | None = None


class HyperParameterRanges(Structure):
    """The hyperparameters to tune. The service requires all three lists, even empty ones (docs/service/2 §8.3)."""

    integer_hyper_parameter_ranges: Annotated[list[IntegerRange], Field(max_length=100)]
    continuous_hyper_parameter_ranges: Annotated[list[ContinuousRange], Field(max_length=100)]
    categorical_hyper_parameter_ranges: Annotated[list[CategoricalRange], Field(max_length=100)]

    @model_validator(mode="before")
    @classmethod
    def _all_three(cls, members: Any) -> Any:
        """Return the members with empty lists for those that are not declared."""
        if not isinstance(members, dict):
            return members
        empty: dict[str, Any] = {f"{sort}HyperParameterRanges": [] for sort in ("integer", "continuous", "categorical")}
        return {**empty, **members}


class HpoObjective(Structure):
    """Accepted by the service, but not supported (docs/service/4 §2.6)."""

    type: Text256 | None = None
    metric_name: Text256 | None = None
    metric_regex: Text256 | None = None


class HpoResourceConfig(Structure):
    """The limits of tuning."""

    max_number_of_training_jobs: NumberText | None = None
    max_parallel_training_jobs: NumberText | None = None


class HpoConfig(Structure):
    """The settings of hyperparameter optimization."""

    hpo_objective: HpoObjective | None = None
    hpo_resource_config: HpoResourceConfig | None = None
    algorithm_hyper_parameter_ranges: HyperParameterRanges | None = None


class AutoMlConfig(Structure):
    """The recipes that AutoML selects from, and the metric it selects by."""

    metric_name: Text256 | None = None
    recipe_list: Annotated[list[Recipe], Field(max_length=100)] | None = None


class EventParameters(Structure):
    """The weight and threshold of one event type in training."""

    event_type: Text256 | None = None
    event_value_threshold: float | None = None
    weight: Weight | None = None


class EventsConfig(Structure):
    """The event types to train on."""

    event_parameters_list: Annotated[list[EventParameters], Field(max_length=10)] | None = None


class OptimizationObjective(Structure):
    """A numeric item column to optimize for beside relevance."""

    item_attribute: Annotated[str, StringConstraints(min_length=1, max_length=150)] | None = None
    objective_sensitivity: Literal["LOW", "MEDIUM", "HIGH", "OFF"] | None = None


class AutoTrainingConfig(Structure):
    """The schedule of automatic training."""

    scheduling_expression: (
        Annotated[
            str,
            StringConstraints(pattern=Form.RATE.pattern),
            Compare(in_days),
            Default("rate(7 days)"),
        ]
        | None
    ) = None


class SolutionConfig(Structure):
    """The training settings. An update accepts only the events and the schedule."""

    event_value_threshold: NumberText | None = None
    hpo_config: HpoConfig | None = None
    algorithm_hyper_parameters: Parameters | None = None
    feature_transformation_parameters: Parameters | None = None
    auto_ml_config: Annotated[AutoMlConfig | None, Field(alias="autoMLConfig")] = None
    events_config: Annotated[
        EventsConfig | None,
        Mutable,
        Note(Fact.FROM_NEXT_TRAINING),  # docs/service/2 §3.9
    ] = None
    optimization_objective: OptimizationObjective | None = None
    training_data_config: TrainingDataConfig | None = None
    auto_training_config: Annotated[AutoTrainingConfig | None, Mutable, Note(Fact.SCHEDULE_TRAINS, Risk.COST)] = (
        None  # docs/service/2 §3.8
    )


class Solution(Resource):
    """Described in docs/service/2 §3.8 and 4 §2.6."""

    durations = typical("Solution")
    most_per_group: ClassVar[Most | None] = most_per_group("Solution")
    replace: ClassVar[Replace] = Replace.SUCCESSOR
    loses: ClassVar[Fact | None] = Fact.LOSES_VERSIONS
    immutable: ClassVar[Fact | None] = Fact.UPDATE_TAKES_TRAINING_SETTINGS  # docs/service/4 §1.2
    catch_up: ClassVar = {  # docs/service/3 §3.3
        "Schema": Fact.REPLACE_SOLUTION
    }
    after: ClassVar = ("Dataset", "DatasetImportJob", "DataDeletionJob")  # automatic training starts within the hour

    perform_hpo: Annotated[bool | None, Field(alias="performHPO"), Default(False)] = None
    perform_auto_ml: Annotated[bool | None, Field(alias="performAutoML"), Default(False)] = None
    perform_auto_training: Annotated[
        bool | None,
        Mutable,
        Note(Fact.TRAINS_WITHIN_THE_HOUR, Risk.COST, when=switched_on),  # docs/service/2 §3.8
        Default(True),
    ] = None
    perform_incremental_update: Annotated[
        bool | None,
        Mutable,
        Note(Fact.BILLS_INCREMENTAL_UPDATES, Risk.COST, when=switched_on),  # docs/service/2 §13.1
        Default(False),
    ] = None
    recipe: Annotated[Recipe, Ref("Recipe")] | None = None
    dataset_group: Annotated[Reference, Ref("DatasetGroup")]
    event_type: Text256 | None = None
    solution_config: SolutionConfig | None = None

    @model_validator(mode="after")
    def _recipe_or_choice(self) -> Solution:
        """Check that a solution has either a recipe or performAutoML (docs/service/1 §14)."""
        if self.perform_auto_ml and self.recipe:
            first, second = Verbatim("recipe"), Verbatim("performAutoML")
            remedy = because(Remedy.REMOVE_ONE_OF, first=first, second=second)
            raise invalid(because(FieldsCode.RECIPE_WITH_AUTO_ML), remedy)
        if not self.perform_auto_ml and not self.recipe:
            raise invalid(because(FieldsCode.NEITHER_RECIPE_NOR_AUTO_ML))
        return self

    @classmethod
    def dependent_defaults(cls, attributes: Attributes) -> Attributes:
        """Return the hyperparameters of the recipe, which Describe leaves out if none was given (docs/service/4 §9)."""
        recipe = find_recipe(attributes.get("recipe") or "")
        parameters = recipe.parameters_of(ParameterKind.ALGORITHM) if recipe else ()
        defaults = {parameter.name: parameter.default_text for parameter in parameters if parameter.settable}
        return {"solutionConfig": {"algorithmHyperParameters": defaults}} if defaults else {}

    @classmethod
    def bills(cls, attributes: Attributes) -> Fact | None:
        """Return how automatic training bills; None if it is turned off. It is on by default (docs/service/2 §13.1)."""
        return None if attributes.get("performAutoTraining") is False else Fact.BILLS_AUTOMATIC_TRAINING

    @classmethod
    def update_request(cls, before: Attributes, after: Attributes) -> dict[str, Any]:
        """Return the update request, with `solutionConfig` as `solutionUpdateConfig` (docs/service/4 §1.2)."""
        plain = {key: value for key, value in after.items() if key != "solutionConfig"}
        request = super().update_request(before, plain)
        if "solutionConfig" in after:
            request["solutionUpdateConfig"] = after["solutionConfig"]
        return request

    @classmethod
    def read_update(cls, update: Mapping[str, Any]) -> dict[str, Any]:
        """Return the attributes of `latestSolutionUpdate`, with `solutionUpdateConfig` as `solutionConfig`."""
        attributes = super().read_update(update)
        if "solutionUpdateConfig" in update:
            attributes["solutionConfig"] = update["solutionUpdateConfig"]
        return attributes
