"""Dataset: the rows of one type in a group; Items and Users datasets can change their schema (docs/service/2 §3.3)."""

from personalize_gitops.catalog.datasets import DatasetType, Domain, find_dataset_type
from personalize_gitops.catalog.quotas import Quota
from personalize_gitops.catalog.rules.needs import type_problems
from personalize_gitops.catalog.schemas import parse, replacement_problems, schema_problems
from personalize_gitops.emulator.errors import in_use, invalid
from personalize_gitops.emulator.operations.refusing import known_group, refuse_all, refuse_first
from personalize_gitops.emulator.service.crud import check_active, state_of
from personalize_gitops.emulator.service.kind import Kind, Request, Response
from personalize_gitops.emulator.service.lifecycle import begin_update
from personalize_gitops.emulator.service.model import operations
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region


class Dataset(Kind):
    """A dataset."""

    name = "Dataset"
    arn_path = "dataset"

    @property
    def quotas(self) -> tuple[Quota, ...]:
        """None: the ARN already limits a group to one dataset of each type."""
        return ()

    def new_arn(self, region: Region, request: Request) -> str:
        """Return the ARN, which ends in the type instead of the name (docs/service/2 §2.1)."""
        group = arns.last_segment(request["datasetGroupArn"])
        return region.arn(f"{self.arn_path}/{group}/{_type_of(request).arn_spelling}")

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse a type that the group cannot have, and a schema of another type or domain."""
        group = region.find("DatasetGroup", request["datasetGroupArn"])
        schema = region.find("Schema", request["schemaArn"])
        dataset_type, domain = _type_of(request), group.fields.get("domain")
        refuse_first(region.settings, type_problems(dataset_type, known_group(region, group.arn)))
        if schema.fields.get("domain") != domain:
            raise invalid(
                f"The schema has {_domain_text(schema.fields.get('domain'))}, the group has {_domain_text(domain)}."
            )
        _check_schema(schema, dataset_type, domain)

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add the type in capitals and, to an Action_Interactions dataset, a tracking id (docs/service/2 §3.3)."""
        dataset_type = _type_of(request)
        tracked = dataset_type is DatasetType.ACTION_INTERACTIONS
        return record.with_fields(
            datasetType=dataset_type.arn_spelling,
            trackingId=arns.generated_uuid(region.settings.seed, record.number) if tracked else None,
        )

    def check_delete(self, region: Region, record: Record) -> None:
        """Refuse a dataset that a running job, training or recommender transition uses (docs/service/3 §3.5)."""
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

    def delete_children(self, region: Region, record: Record) -> None:
        """Remove its import jobs, so that their names are free (docs/service/4 §9)."""
        if not region.settings.import_jobs_outlive_their_dataset:
            for job in list(region.listed("DatasetImportJob", record.arn)):
                region.remove(job)


def update_dataset(region: Region, request: Request) -> Response:
    """Start a change to a schema with more columns, all new ones nullable (docs/service/3 §3.3)."""
    dataset = region.find("Dataset", request["datasetArn"])
    schema = region.find("Schema", request["schemaArn"])
    check_active(region, operations()["UpdateDataset"], "datasetArn", dataset)
    if dataset.updating:
        raise in_use(f"Dataset {dataset.arn} is {state_of(dataset)}.")
    if any(job.transient for job in region.listed("DatasetImportJob", dataset.arn)):
        raise in_use(f"Dataset {dataset.arn} has an import job in progress.")
    dataset_type = find_dataset_type(dataset.fields["datasetType"])
    assert dataset_type is not None  # noqa: S101 - a dataset is created only with a known type
    group = region.find("DatasetGroup", dataset.fields["datasetGroupArn"])
    if schema.fields.get("domain") != group.fields.get("domain"):
        raise invalid("The domain of the schema is not that of the dataset group.")
    old, new = region.schema_of(dataset), parse(schema.fields["schema"])
    refuse_all(f"The schema cannot replace that of {dataset.arn}", replacement_problems(old, new, dataset_type))
    begin_update(region, dataset, {"schemaArn": schema.arn})
    return {"datasetArn": dataset.arn}


def _check_schema(schema: Record, dataset_type: DatasetType, domain: str | None) -> None:
    """Refuse a schema that is not one of this dataset type."""
    problems = schema_problems(schema.fields["schema"], dataset_type, Domain(domain) if domain else None)
    refuse_all(f"Schema {schema.arn} does not fit {dataset_type}", problems)


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


Dataset.operations = {"UpdateDataset": update_dataset}
