"""A recommender: a use case of a domain group, trained and served as one (docs/service/2 §3.7, docs/service/4 §4.3)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.catalog.recipes import Recipe
from personalize_gitops.emulator.data import training
from personalize_gitops.emulator.errors import in_use, invalid
from personalize_gitops.emulator.operations import solution_config
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.service.crud import check_ready, state_of
from personalize_gitops.emulator.service.kind import Answer, Kind, Request
from personalize_gitops.emulator.service.lifecycle import begin_update, plan_statuses
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.state.event_queue import Event
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region

INACTIVE = "INACTIVE"
_RETRAINED_EVERY = timedelta(days=7)  # docs/service/2 §5


class Recommender(Kind):
    """Creation is a training too; a stopped one keeps its model and costs nothing."""

    name = "Recommender"
    arn_path = "recommender"

    def check(self, region: Region, request: Request) -> None:
        """A use case of the group's domain, with a configuration it knows."""
        group = region.find("DatasetGroup", request["datasetGroupArn"])
        recipe, domain = recipe_of(request["recipeArn"]), group.fields.get("domain")
        if domain is None:
            raise invalid(f"Dataset group {group.arn} has no domain; please use a domain-specific dataset group.")
        if recipe.domain != domain:
            raise invalid(f"Recipe {recipe.name} is no use case of domain {domain}.")
        _check_config(region, recipe, group.arn, request.get("recommenderConfig", {}))

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """Defaults are not filled in: an unset configuration comes back empty (docs/service/2 §3.7)."""
        return record.showing(recommenderConfig=request.get("recommenderConfig", {}))

    def begun(self, region: Region, record: Record) -> None:
        """Training needs enough data, of every event type the use case lives on."""
        training.check_data(region, record)

    def finished(self, region: Region, record: Record) -> Record:
        """Metrics come with the trained model."""
        return record.showing(modelMetrics=training.metrics(record))

    def became_active(self, region: Region, record: Record) -> None:
        """It is trained anew every week."""
        region.agenda.plan(region.now + _RETRAINED_EVERY.total_seconds(), record.number, "retrain")

    def happen(self, region: Region, record: Record, event: Event) -> None:
        """A weekly training: no new resource, newer timestamps at most; a stopped recommender is left alone."""
        if record.status == ACTIVE and region.settings.retraining_is_seen_as_update and not record.updating:
            same = {"recommenderConfig": record.fields["recommenderConfig"]}
            begin_update(region, self, record, "latestRecommenderUpdate", same)
        elif record.status == ACTIVE:
            region.put(record.showing(lastUpdatedDateTime=region.now))
        region.agenda.plan(event.due + _RETRAINED_EVERY.total_seconds(), record.number, "retrain")

    def described(self, region: Region, record: Record) -> Mapping[str, Any]:
        """Metrics are not shown while it is made or deleted (docs/service/2 §3.7)."""
        if record.transient:
            return {name: value for name, value in record.fields.items() if name != "modelMetrics"}
        return record.fields


def update_recommender(region: Region, request: Request) -> Answer:
    """Replace the configuration; one equal to what is there changes nothing (docs/service/2 §3.7)."""
    recommender = region.find("Recommender", request["recommenderArn"])
    check_ready(region, operations()["UpdateRecommender"], "recommenderArn", recommender)
    if recommender.updating:
        raise in_use(f"Recommender {recommender.arn} is {state_of(recommender)}.")
    config = request["recommenderConfig"]
    _check_config(region, recipe_of(recommender.fields["recipeArn"]), recommender.fields["datasetGroupArn"], config)
    if config != recommender.fields["recommenderConfig"]:
        begin_update(region, _RECOMMENDER, recommender, "latestRecommenderUpdate", {"recommenderConfig": config})
    return {"recommenderArn": recommender.arn}


def start_recommender(region: Region, request: Request) -> Answer:
    """Serve again with the model there is; only from INACTIVE."""
    return _switch(region, request, INACTIVE, Transition.START, ("START PENDING", "START IN_PROGRESS", ACTIVE))


def stop_recommender(region: Region, request: Request) -> Answer:
    """Stop serving, training and billing; only from ACTIVE."""
    return _switch(region, request, ACTIVE, Transition.STOP, ("STOP PENDING", "STOP IN_PROGRESS", INACTIVE))


def _switch(
    region: Region, request: Request, needed: str, transition: Transition, statuses: tuple[str, str, str]
) -> Answer:
    recommender = region.find("Recommender", request["recommenderArn"])
    if recommender.status != needed or recommender.updating:
        message = f"Recommender {recommender.arn} is {state_of(recommender)}; it must be {needed}."
        raise invalid(message) if region.settings.wrong_run_state_is_invalid else in_use(message)
    plan_statuses(region, recommender, transition, statuses)
    return {"recommenderArn": recommender.arn}


def _check_config(region: Region, recipe: Recipe, group: str, config: Mapping[str, Any]) -> None:
    solution_config.check_exploration(recipe, config.get("itemExplorationConfig") or {})
    solution_config.check_columns(region, group, config.get("trainingDataConfig", {}))
    if config.get("enableMetadataWithRecommendations") and "ITEMS" not in region.group_datasets(group):
        raise invalid("enableMetadataWithRecommendations needs an Items dataset.")


_RECOMMENDER = Recommender()
Recommender.operations = {
    "UpdateRecommender": update_recommender,
    "StartRecommender": start_recommender,
    "StopRecommender": stop_recommender,
}
