"""Recommender: a use case of a domain group, trained and served as one resource (docs/service/2 §3.7, 4 §4.3)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.catalog.rules.recommenders import recommender_config_problems, recommender_problems
from personalize_gitops.emulator.data import training
from personalize_gitops.emulator.errors import in_use, invalid
from personalize_gitops.emulator.operations import models
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.operations.refusing import known_group, refuse_first
from personalize_gitops.emulator.service.crud import check_active, state_of
from personalize_gitops.emulator.service.kind import Kind, Request, Response
from personalize_gitops.emulator.service.lifecycle import begin_update, schedule_statuses
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.state.event_queue import Event
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region

INACTIVE = "INACTIVE"
_TRAINING_INTERVAL = timedelta(days=7)  # docs/service/2 §5
_RETRAIN = "retrain"  # the action of an event


class Recommender(Kind):
    """A recommender. Its creation is also a training; a stopped one keeps its model and is not billed."""

    name = "Recommender"
    arn_path = "recommender"

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse a recipe of another domain than the group's, and an invalid configuration."""
        recipe, group = recipe_of(request["recipeArn"]), known_group(region, request["datasetGroupArn"])
        refuse_first(region.settings, recommender_problems(recipe, request, group))

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add an empty configuration if there is none; the service fills in no defaults (docs/service/2 §3.7)."""
        return record.with_fields(recommenderConfig=request.get("recommenderConfig", {}))

    def begin_work(self, region: Region, record: Record) -> None:
        """Check that there are enough rows and events of each type that the use case needs, and fix them."""
        group = record.fields["datasetGroupArn"]
        training.check_data(region.settings, region.group_tables(group), record.fields, known_group(region, group))
        models.begin_training(region, record)

    def finish_work(self, region: Region, record: Record) -> Record:
        """Add the metrics of the trained model."""
        return record.with_fields(modelMetrics=models.metrics_of(region, record))

    def after_create(self, region: Region, record: Record) -> None:
        """Schedule the first weekly training."""
        region.events.schedule(region.now + _TRAINING_INTERVAL.total_seconds(), record.number, _RETRAIN)

    def handle_event(self, region: Region, record: Record, event: Event) -> None:
        """Carry out a weekly training, unless the recommender is not ACTIVE, and schedule the next one."""
        if record.status == ACTIVE:
            record = models.retrained(region, record)
            region.put(record)
        if record.status == ACTIVE and region.settings.retraining_is_seen_as_update and not record.updating:
            begin_update(region, record, {"recommenderConfig": record.fields["recommenderConfig"]})
        elif record.status == ACTIVE:
            region.put(record.with_fields(lastUpdatedDateTime=region.now))
        region.events.schedule(event.due + _TRAINING_INTERVAL.total_seconds(), record.number, _RETRAIN)

    def apply_update(self, region: Region, record: Record, update: Mapping[str, Any]) -> Record:
        """Apply the new configuration; other training columns start a training (docs/service/2 §3.7)."""
        changed = super().apply_update(region, record, update)
        before, after = (each.fields["recommenderConfig"].get("trainingDataConfig") for each in (record, changed))
        if before == after:
            return changed
        models.begin_training(region, changed)
        return changed.with_fields(modelMetrics=models.metrics_of(region, changed))

    def described(self, region: Region, record: Record) -> Mapping[str, Any]:
        """Return the fields, without metrics during a transition (docs/service/2 §3.7)."""
        if record.transient:
            return {name: value for name, value in record.fields.items() if name != "modelMetrics"}
        return record.fields


def update_recommender(region: Region, request: Request) -> Response:
    """Start a change of the configuration. The same configuration is refused (docs/service/4 §9)."""
    recommender = region.find("Recommender", request["recommenderArn"])
    check_active(region, operations()["UpdateRecommender"], "recommenderArn", recommender)
    if recommender.updating:
        raise in_use(f"Recommender {recommender.arn} is {state_of(recommender)}.")
    config = request["recommenderConfig"]
    recipe, group = recommender.fields["recipeArn"], recommender.fields["datasetGroupArn"]
    problems = recommender_config_problems(recipe_of(recipe), config, known_group(region, group))
    refuse_first(region.settings, problems)
    if config != recommender.fields["recommenderConfig"]:
        begin_update(region, recommender, {"recommenderConfig": config})
    elif not region.settings.recommenders_accept_no_change:
        raise invalid(f"The configuration of recommender {recommender.arn} would not change.")
    return {"recommenderArn": recommender.arn}


def start_recommender(region: Region, request: Request) -> Response:
    """Start an INACTIVE recommender; it serves with the model it has."""
    return _switch(region, request, INACTIVE, Transition.START, ("START PENDING", "START IN_PROGRESS", ACTIVE))


def stop_recommender(region: Region, request: Request) -> Response:
    """Stop an ACTIVE recommender."""
    return _switch(region, request, ACTIVE, Transition.STOP, ("STOP PENDING", "STOP IN_PROGRESS", INACTIVE))


def _switch(
    region: Region, request: Request, needed: str, transition: Transition, statuses: tuple[str, str, str]
) -> Response:
    recommender = region.find("Recommender", request["recommenderArn"])
    if recommender.status != needed or recommender.updating:
        message = f"Recommender {recommender.arn} is {state_of(recommender)}; it must be {needed}."
        raise invalid(message) if region.settings.wrong_run_state_is_invalid else in_use(message)
    schedule_statuses(region, recommender, transition, statuses)
    return {"recommenderArn": recommender.arn}


Recommender.operations = {
    "UpdateRecommender": update_recommender,
    "StartRecommender": start_recommender,
    "StopRecommender": stop_recommender,
}
