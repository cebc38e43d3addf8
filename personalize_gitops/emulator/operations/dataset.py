"""A dataset: the rows of one type in a group; Items and Users can change their schema (docs/service/2 §3.3)."""

from personalize_gitops.catalog.datasets import DatasetType, Domain, find_dataset_type
from personalize_gitops.catalog.quotas import Quota
from personalize_gitops.catalog.schemas import parse, replacement_problems, schema_problems
from personalize_gitops.emulator import arns
from personalize_gitops.emulator.creation import check_ready, state_of
from personalize_gitops.emulator.errors import in_use, invalid
from personalize_gitops.emulator.kind import Answer, Kind, Request
from personalize_gitops.emulator.lifecycle import begin_update
from personalize_gitops.emulator.records import Record
from personalize_gitops.emulator.region import Region
from personalize_gitops.emulator.service_model import operations
from personalize_gitops.model.problem import Severity
from personalize_gitops.render.reasons import full_text, text


class Dataset(Kind):
    """Its own name is not in its ARN, so a second of the same type in a group clashes (docs/service/2 §2.1)."""

    name = "Dataset"
    arn_path = "dataset"

    @property
    def quotas(self) -> tuple[Quota, ...]:
        """None to count: one of each type is what the ARN allows."""
        return ()

    def arn(self, region: Region, request: Request) -> str:
        """Group name and type in capitals."""
        group = arns.last_segment(request["datasetGroupArn"])
        return region.arn(f"{self.arn_path}/{group}/{_type_of(request).arn_spelling}")

    def check(self, region: Region, request: Request) -> None:
        """The group may hold the type, and the schema is one for this type and domain."""
        group = region.find("DatasetGroup", request["datasetGroupArn"])
        schema = region.find("Schema", request["schemaArn"])
        dataset_type, domain = _type_of(request), group.fields.get("domain")
        if domain and not dataset_type.in_domain_groups:
            raise invalid(f"{dataset_type} datasets belong to custom dataset groups; this group has domain {domain}.")
        if schema.fields.get("domain") != domain:
            raise invalid(
                f"The schema has {_domain_text(schema.fields.get('domain'))}, the group has {_domain_text(domain)}."
            )
        check_schema_type(schema, dataset_type, domain)

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """Action interactions get a tracking id of their own (docs/service/2 §3.3)."""
        dataset_type = _type_of(request)
        tracked = dataset_type is DatasetType.ACTION_INTERACTIONS
        return record.showing(
            datasetType=dataset_type.arn_spelling,
            trackingId=arns.drawn_uuid(region.settings.seed, record.number) if tracked else None,
        )

    def check_delete(self, region: Region, record: Record) -> None:
        """No import, training or recommender may be at work on it (docs/service/3 §3.5)."""
        group = record.fields["datasetGroupArn"]
        busy = [
            other.arn
            for kind, parent in (
                ("DatasetImportJob", record.arn),
                ("DatasetExportJob", record.arn),
                ("SolutionVersion", group),
                ("Recommender", group),
            )
            for other in region.listed(kind, parent)
            if other.transient
        ]
        if busy:
            raise in_use(f"Dataset {record.arn} is in use by {', '.join(busy)}.")


def update_dataset(region: Region, request: Request) -> Answer:
    """Move Items or Users to a schema with more columns, all new ones nullable (docs/service/3 §3.3)."""
    dataset = region.find("Dataset", request["datasetArn"])
    schema = region.find("Schema", request["schemaArn"])
    check_ready(region, operations()["UpdateDataset"], "datasetArn", dataset)
    if dataset.updating:
        raise in_use(f"Dataset {dataset.arn} is {state_of(dataset)}.")
    if any(job.transient for job in region.listed("DatasetImportJob", dataset.arn)):
        raise in_use(f"Dataset {dataset.arn} has an import job in progress.")
    dataset_type = find_dataset_type(dataset.fields["datasetType"])
    assert dataset_type is not None  # noqa: S101 - a dataset exists only with a known type
    group = region.find("DatasetGroup", dataset.fields["datasetGroupArn"])
    if schema.fields.get("domain") != group.fields.get("domain"):
        raise invalid("The domain of the schema is not that of the dataset group.")
    old, new = parse(region.schema_text(dataset)), parse(schema.fields["schema"])
    found = [text(problem.reason) for problem in replacement_problems(old, new, dataset_type)]
    if found:
        raise invalid(f"The schema cannot replace that of {dataset.arn}: {'; '.join(found)}")
    begin_update(region, _DATASET, dataset, "latestDatasetUpdate", {"schemaArn": schema.arn})
    return {"datasetArn": dataset.arn}


def check_schema_type(schema: Record, dataset_type: DatasetType, domain: str | None) -> None:
    """The schema is one for this dataset type."""
    problems = schema_problems(schema.fields["schema"], dataset_type, Domain(domain) if domain else None)
    found = [full_text(p.reason, p.suggestion) for p in problems if p.severity is Severity.ERROR]
    if found:
        raise invalid(f"Schema {schema.arn} does not fit {dataset_type}: {'; '.join(found)}")


def _type_of(request: Request) -> DatasetType:
    found = find_dataset_type(request["datasetType"])
    if found is None:
        raise invalid(
            f"Value '{request['datasetType']}' at 'datasetType' failed to satisfy constraint: "
            f"Member must be one of {', '.join(DatasetType)}"
        )
    return found


def _domain_text(domain: str | None) -> str:
    return f"domain {domain}" if domain else "no domain"


_DATASET = Dataset()
Dataset.operations = {"UpdateDataset": update_dataset}
