"""The models of solution versions and recommenders: when they are trained, updated and refreshed.

begin_training   fixes the data of a training
model_of         the model of an ACTIVE version or recommender, to be asked
metrics_of       its offline metrics
"""

from collections.abc import Mapping

from personalize_gitops.catalog.recipes import Recipe, find_recipe
from personalize_gitops.emulator.data.learning import columns_of, features_of
from personalize_gitops.emulator.errors import invalid
from personalize_gitops.emulator.models import Model, family_of
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.emulator.state.trainings import Training

_UPDATE_INTERVAL = 2 * 3600  # seconds between automatic updates (docs/service/1 §11.3)
_DISCOVERY = {"30 minutes": 1800, "1 hour": 3600, "3 hours": 3 * 3600, "1 day": 24 * 3600}


def begin_training(region: Region, record: Record) -> None:
    """Fix the data that the training of a version or recommender uses: all rows that are there now."""
    group = record.fields["datasetGroupArn"]
    schemas = {type_: region.schema_of(dataset) for type_, dataset in region.group_datasets(group).items()}
    present = region.group_tables(group)
    tables = {type_: table.snapshot() for type_, table in present.items()}
    for table in present.values():
        table.marks[record.arn] = table.events
    region.trainings[record.arn] = Training(region.now, tables, features_of(schemas), region.now)


def retrained(region: Region, record: Record) -> Record:
    """Return a recommender after another training.

    It has no effect unless rows have arrived since the last one, and without a dataset of interactions.
    """
    tables = region.group_tables(record.fields["datasetGroupArn"])
    began = region.trainings[record.arn].began
    if "INTERACTIONS" not in tables or all(table.changed_at <= began for table in tables.values()):
        return record
    begin_training(region, record)
    return record.with_fields(modelMetrics=metrics_of(region, record))


def model_of(region: Region, record: Record) -> Model:
    """Return the model of an ACTIVE solution version or recommender.

    It has the items of the last automatic update; that of a trending recipe, all rows of its last interval.
    """
    training = region.trainings.get(record.arn)
    if record.status != ACTIVE or training is None:
        raise invalid(f"{record.arn} is in state {record.status} and has no model.")
    recipe = find_recipe(record.fields["recipeArn"])
    if recipe is not None and family_of(recipe.name).module == "trending":
        if region.now - training.began >= _interval(record):
            metrics = training.measured(record.fields)  # they stay those of the training
            begin_training(region, record)
            region.trainings[record.arn].metrics = metrics
        return region.trainings[record.arn].model(record.fields)
    if region.now - training.updated >= _UPDATE_INTERVAL and recipe is not None and _updates(region, record, recipe):
        items = region.group_tables(record.fields["datasetGroupArn"]).get("ITEMS")
        training.add_items(record.fields, columns_of(items) if items else {}, region.now)
    return training.model(record.fields)


def metrics_of(region: Region, record: Record) -> Mapping[str, float]:
    """Return the metrics of a version or recommender whose training has begun."""
    return region.trainings[record.arn].measured(record.fields)


def _updates(region: Region, record: Record, recipe: Recipe) -> bool:
    """Return whether automatic updates add new items: not to a version that has a newer ACTIVE one."""
    if not recipe.automatic_update:
        return False
    if record.kind != "SolutionVersion":
        return True
    solution = arns.without_last_segment(record.arn)
    return not any(
        other.number > record.number and other.status == ACTIVE for other in region.listed("SolutionVersion", solution)
    )


def _interval(record: Record) -> int:
    """Return the seconds between two looks at the trends (docs/service/1 §13.5)."""
    parameters = record.fields.get("solutionConfig", {}).get("featureTransformationParameters", {})
    return _DISCOVERY.get(parameters.get("trend_discovery_frequency", ""), _UPDATE_INTERVAL)
