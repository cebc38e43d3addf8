"""A solution: a recipe and how it is to be trained. Its versions, the trained models, live and die with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

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
from personalize_gitops.model.problem_codes import FieldsCode, Remedy
from personalize_gitops.model.reason import Verbatim, because
from personalize_gitops.model.resource import Replace, Resource
from personalize_gitops.model.structure import Attributes, Compare, Default, Mutable, Note, Ref, Structure
from personalize_gitops.model.validation import invalid


def _without_prefix(name: Any) -> Any:
    """The service answers ranges as `training.bptt` or `data.recency_mask` (docs/service/2 §3.8)."""
    return str(name).rpartition(".")[2]


RangeName = Annotated[Text256, Compare(_without_prefix)]


class IntegerRange(Structure):
    """The bounds an integer hyperparameter is tuned within."""

    name: RangeName
    min_value: Annotated[int, Field(ge=-1_000_000)] | None = None
    max_value: Annotated[int, Field(le=1_000_000)] | None = None


class ContinuousRange(Structure):
    """The bounds a continuous hyperparameter is tuned within."""

    name: RangeName
    min_value: Annotated[float, Field(ge=-1_000_000)] | None = None
    max_value: Annotated[float, Field(ge=-1_000_000)] | None = None


class CategoricalRange(Structure):
    """The values a categorical hyperparameter is tuned over."""

    name: RangeName
    values: Annotated[list[ParameterValue], Field(max_length=100), Compare(by_meaning)] | None = None


class HyperParameterRanges(Structure):
    """What tuning may vary; the service wants all three lists, empty ones included (docs/service/2 §8.3)."""

    integer_hyper_parameter_ranges: Annotated[list[IntegerRange], Field(max_length=100)]
    continuous_hyper_parameter_ranges: Annotated[list[ContinuousRange], Field(max_length=100)]
    categorical_hyper_parameter_ranges: Annotated[list[CategoricalRange], Field(max_length=100)]

    @model_validator(mode="before")
    @classmethod
    def _all_three(cls, members: Any) -> Any:
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
    """How much tuning may cost."""

    max_number_of_training_jobs: NumberText | None = None
    max_parallel_training_jobs: NumberText | None = None


class HpoConfig(Structure):
    """What to tune, within which bounds."""

    hpo_objective: HpoObjective | None = None
    hpo_resource_config: HpoResourceConfig | None = None
    algorithm_hyper_parameter_ranges: HyperParameterRanges | None = None


class AutoMlConfig(Structure):
    """The recipes to choose from, and by which metric."""

    metric_name: Text256 | None = None
    recipe_list: Annotated[list[Recipe], Field(max_length=100)] | None = None


class EventParameters(Structure):
    """How much one type of event counts in training."""

    event_type: Text256 | None = None
    event_value_threshold: float | None = None
    weight: Weight | None = None


class EventsConfig(Structure):
    """The types of events to train on."""

    event_parameters_list: Annotated[list[EventParameters], Field(max_length=10)] | None = None


class OptimizationObjective(Structure):
    """A numeric column of the items to favour beside relevance."""

    item_attribute: Annotated[str, StringConstraints(min_length=1, max_length=150)] | None = None
    objective_sensitivity: Literal["LOW", "MEDIUM", "HIGH", "OFF"] | None = None


class AutoTrainingConfig(Structure):
    """How often the service trains by itself."""

    scheduling_expression: (
        Annotated[
            str,
            StringConstraints(pattern=r"^rate\(([1-9]|[12]\d|30) days?\)$"),
            Compare(in_days),
            Default("rate(7 days)"),
        ]
        | None
    ) = None


class SolutionConfig(Structure):
    """How the recipe is to be trained; an update takes only the events and the schedule."""

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
    most_per_group: ClassVar[int | None] = most_per_group("Solution")
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
        """A solution names its recipe, or lets performAutoML select one (docs/service/1 §14)."""
        if self.perform_auto_ml and self.recipe:
            first, second = Verbatim("recipe"), Verbatim("performAutoML")
            remedy = because(Remedy.REMOVE_ONE_OF, first=first, second=second)
            raise invalid(because(FieldsCode.RECIPE_WITH_AUTO_ML), remedy)
        if not self.perform_auto_ml and not self.recipe:
            raise invalid(because(FieldsCode.NEITHER_RECIPE_NOR_AUTO_ML))
        return self

    @classmethod
    def bills(cls, attributes: Attributes) -> Fact | None:
        """Automatic training is on unless it is turned off, and every training is billed (docs/service/2 §13.1)."""
        return None if attributes.get("performAutoTraining") is False else Fact.BILLS_AUTOMATIC_TRAINING

    @classmethod
    def update_request(cls, before: Attributes, after: Attributes) -> dict[str, Any]:
        """UpdateSolution takes parts of solutionConfig under another name (docs/service/4 §1.2)."""
        plain = {key: value for key, value in after.items() if key != "solutionConfig"}
        request = super().update_request(before, plain)
        if "solutionConfig" in after:
            request["solutionUpdateConfig"] = after["solutionConfig"]
        return request

    @classmethod
    def read_update(cls, update: Mapping[str, Any]) -> dict[str, Any]:
        """`latestSolutionUpdate` uses that other name as well."""
        attributes = super().read_update(update)
        if "solutionUpdateConfig" in update:
            attributes["solutionConfig"] = update["solutionUpdateConfig"]
        return attributes
