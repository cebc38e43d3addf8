"""The config of AWS's solution "Maintaining Personalized Experiences with Machine Learning" (docs/service/5 §1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.recipes import find_recipe
from personalize_gitops.converting.collected import Collected
from personalize_gitops.converting.requests import NAME, SPEC, draft_of, tags_of
from personalize_gitops.converting.schedules import age, every
from personalize_gitops.converting.source import Value
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.address import Address
from personalize_gitops.model.conversion import ConversionCode, Parsed
from personalize_gitops.model.draft import Draft, joined
from personalize_gitops.model.reason import Path, Reason, Verbatim, because

EVERY = Path(("run", "every"))
_TYPES = {"interactions": "Interactions", "items": "Items", "users": "Users"}


def convert(made: Collected, files: tuple[Parsed, ...]) -> None:
    """Add the documents of each config: one dataset group."""
    for root, _ in made.roots(files):
        _Config(made, root).read()


class _Config:
    """One config: what its parts have in common."""

    def __init__(self, made: Collected, root: Value) -> None:
        self.made, self.root = made, root
        self.service = root["datasetGroup"]["serviceConfig"]
        self.group = str(self.service["name"].value or "unnamed")
        self.added: list[Draft] = []
        made.file = self.group

    def read(self) -> None:
        """Add every document, then the tags of the root to those that have none."""
        self._add("DatasetGroup", self.service, **self._encryption())
        self._datasets()
        for tracker in (self.root["eventTracker"],) if self.root["eventTracker"] else ():
            self._add("EventTracker", tracker["serviceConfig"], datasetGroup=self.group)
        for each in self.root["filters"].each():
            self._add("Filter", each["serviceConfig"], datasetGroup=self.group)
        for each in self.root["recommenders"].each():
            self._add("Recommender", each["serviceConfig"], datasetGroup=self.group)
        for each in self.root["solutions"].each():
            self._solution(each)
        self._root_tags()

    def _add(
        self, kind: str, config: Value, run: Mapping[str, Any] | None = None, name: str = "", **spec: Any
    ) -> Draft:
        draft = draft_of(self.made, kind, config, name=name, sends_empty=False, run=run, **spec)
        self.added.append(draft)
        return self.made.add(draft, config)

    def _encryption(self) -> dict[str, Any]:
        given = self.made.given
        return {"roleArn": given.role, "kmsKeyArn": given.kms_key} if given.role and given.kms_key else {}

    def _datasets(self) -> None:
        defaults = self.root["datasets"]["serviceConfig"]
        for key, type_ in _TYPES.items():
            block = self.root["datasets"][key]
            if not block:
                continue
            schema = self._add("Schema", block["schema"]["serviceConfig"])
            given: dict[str, Any] = {"datasetGroup": self.group, "datasetType": type_, "schema": schema.address.name}
            dataset = self._add("Dataset", block["dataset"]["serviceConfig"], **given)
            self._import(dataset, key, defaults)

    def _import(self, dataset: Draft, key: str, defaults: Value) -> None:
        """Add the import of a dataset."""
        address, at = Address("DatasetImportJob", dataset.address.name), self.root["datasets"][key]["import"]
        at.defaulted(Reason(ConversionCode.NAME_MADE), address, NAME)
        at["run"].defaulted(Reason(ConversionCode.AFTER_UPLOAD), address, Path(("run", "when")))
        spec: dict[str, Any] = {
            "dataset": dataset.address.name,
            "dataSource": {"dataLocation": self._location(at["dataSource"], key, address)},
            "roleArn": self.made.role(at["roleArn"], address, SPEC / "roleArn"),
            **_import_defaults(defaults, address, key),
        }
        workflow = self.root["datasetGroup"]["workflowConfig"]
        run = _due(workflow["schedules"]["import"], workflow["maxAge"], address)
        tags = tags_of(defaults["tags"], address) if defaults["tags"] else {}
        self.added.append(Draft(address, spec, tags, run, file=self.group))
        self.made.add(self.added[-1], at)

    def _location(self, at: Value, key: str, address: Address) -> str:
        """Return the file by convention, which can be a folder as well (docs/service/5 §2.1)."""
        member, folder = SPEC / "dataSource" / "dataLocation", f"train/{self.group}/{key}"
        at.defaulted(because(ConversionCode.BY_CONVENTION, other=Verbatim(f"{folder}/")), address, member)
        return _joined(self.made.bucket(at["bucket"], address, member), f"{folder}.csv")

    def _solution(self, block: Value) -> None:
        service, schedules = block["serviceConfig"], block["workflowConfig"]["schedules"]
        version = service["solutionVersion"]
        plain = service.without("solutionVersion")
        solution = self._add("Solution", plain, datasetGroup=self.group, performAutoTraining=True)
        name, at = solution.address.name, service["performAutoTraining"]
        at.defaulted(Reason(ConversionCode.TRAINS_AUTOMATICALLY), solution.address, SPEC / "performAutoTraining")
        full = _due(schedules["full"], schedules["maxAge"], Address("SolutionVersion", name))
        if "every" in full:
            at.decision(Reason(ConversionCode.TRAINS_TWICE), solution.address, SPEC / "performAutoTraining")
        self._add("SolutionVersion", version, run=full, name=name, solution=name)
        self._update(solution, schedules["update"])
        for each in block["campaigns"].each():
            self._add("Campaign", each["serviceConfig"], solutionVersion={"solution": name, "version": "latest"})
        for kind, key, word in (
            ("BatchInferenceJob", "batchInferenceJobs", "batch"),
            ("BatchSegmentJob", "batchSegmentJobs", "segment"),
        ):
            for number, each in enumerate(block[key].each(), start=1):
                self._batch(kind, each, f"{word}_{name}_{number}"[:63], name)

    def _update(self, solution: Draft, schedule: Value) -> None:
        """Add the update trainings of a solution; few recipes have them."""
        if not schedule:
            return
        name, recipe = solution.address.name, str(solution.spec["recipe"])
        found = find_recipe(recipe)
        if found and not found.update_mode:
            schedule.decision(because(ConversionCode.NO_UPDATE_MODE, recipe=Verbatim(recipe)))
            return
        address = Address("SolutionVersion", f"{name}-update")
        due = _due(schedule, schedule["maxAge"], address)
        if "every" in due:
            draft = Draft(address, {"solution": name, "trainingMode": "UPDATE"}, run=due, file=self.group)
            self.added.append(self.made.add(draft, schedule))

    def _batch(self, kind: str, block: Value, name: str, solution: str) -> None:
        """Add a batch job with the files of the convention; only its schedule starts it again."""
        address, config = Address(kind, name), block["serviceConfig"]
        place = f"batch/{self.group}/{solution}"
        files = config["jobInput"]
        reason = because(ConversionCode.BY_CONVENTION, other=Verbatim(f"{place}/"))
        files.defaulted(reason, address, SPEC / "jobInput")
        bucket = self.made.bucket(files["bucket"], address, SPEC / "jobInput")
        workflow = block["workflowConfig"]
        self._add(
            kind,
            config,
            run={"when": [], **_due(workflow["schedule"], workflow["maxAge"], address)},
            name=name,
            solutionVersion=solution,
            jobInput={"s3DataSource": {"path": _joined(bucket, f"{place}/job_config.json")}},
            jobOutput={"s3DataDestination": {"path": _joined(bucket, f"{place}/{name}/")}},
            roleArn=self.made.role(config["roleArn"], address, SPEC / "roleArn"),
        )

    def _root_tags(self) -> None:
        """Write the tags of the root to the resources that have none.

        They do not reach a resource with tags of its own, as those of a project do (docs/service/5 §2.3).
        """
        if not self.root["tags"]:
            return
        tags = tags_of(self.root["tags"])
        self.root["tags"].exact(Address("DatasetGroup", self.group), Path(("tags",)), Reason(ConversionCode.ROOT_TAGS))
        for draft in self.added:
            if not draft.tags and KINDS[draft.address.kind_name].taggable and draft.address in self.made.drafts:
                self.made.change(draft.address, tags=tags)


def _import_defaults(defaults: Value, address: Address, key: str) -> dict[str, Any]:
    """Return the members that all imports share. Their incremental mode never took effect (docs/service/5 §2.4).

    Only an import of interactions publishes metrics, and only with a metric attribution, which the config cannot have.
    """
    found: dict[str, Any] = {}
    mode, publish = defaults["importMode"], defaults["publishAttributionMetricsToS3"]
    if mode.value == "INCREMENTAL":
        mode.dropped(Reason(ConversionCode.NEVER_INCREMENTAL))
    elif mode:
        mode.exact(address, SPEC / "importMode")
        found["importMode"] = mode.value
    if publish.value and key == "interactions":
        member = SPEC / "publishAttributionMetricsToS3"
        publish.decision(Reason(ConversionCode.NO_ATTRIBUTION), address, member)
        found["publishAttributionMetricsToS3"] = True
    elif publish and not publish.value:
        publish.defaulted(Reason(ConversionCode.EMPTY_NOT_SENT))
    return found


def _due(schedule: Value, oldest: Value, address: Address) -> dict[str, str]:
    """Return `every` from a schedule, or from the age at which the system repeats a run, and note both."""
    found = dict(_scheduled(schedule, address))
    if oldest and found:
        oldest.dropped(Reason(ConversionCode.OTHER_SCHEDULE))
    elif oldest and (span := age(str(oldest.value))):
        oldest.exact(address, EVERY)
        return {"every": span}
    elif oldest:
        oldest.decision(because(ConversionCode.NOT_AN_AGE, age=Verbatim(oldest.value)), address, EVERY)
    return found


def _scheduled(schedule: Value, address: Address) -> Iterator[tuple[str, str]]:
    if not schedule:
        return
    text = Verbatim(schedule.value)
    if text.strip().lower() == "delete":
        schedule.dropped(Reason(ConversionCode.SCHEDULE_OFF))
        return
    try:
        span = every(text)
    except ValueError:
        schedule.decision(because(ConversionCode.NOT_A_SCHEDULE, schedule=text), address, EVERY)
        return
    if span is None:
        schedule.decision(because(ConversionCode.IRREGULAR, schedule=text), address, EVERY)
    else:
        schedule.exact(address, EVERY, because(ConversionCode.EVERY, every=Verbatim(span)))
        yield "every", span


def _joined(bucket: str, key: str) -> str:
    return joined(("s3://", bucket, "/", key))
