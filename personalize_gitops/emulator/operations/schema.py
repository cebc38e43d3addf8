"""Schema: the Avro text with the columns of a dataset; it has no status, tags or updates (docs/service/2 §3.2)."""

import json

from personalize_gitops.catalog.datasets import Domain
from personalize_gitops.catalog.schemas import schema_problems
from personalize_gitops.emulator.errors import in_use
from personalize_gitops.emulator.operations.refusing import refuse_all
from personalize_gitops.emulator.service.kind import Kind, Request
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region


class Schema(Kind):
    """A schema. Its dataset type is not known until a dataset uses it, so those checks are in `dataset`."""

    name = "Schema"
    arn_path = "schema"
    has_status = False

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse a text that is not a schema of any dataset type in the domain (docs/service/1 §7, §8)."""
        domain = Domain(request["domain"]) if "domain" in request else None
        refuse_all("Input schema is not valid", schema_problems(request["schema"], domain=domain))

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Keep the text as it was sent, or without white space."""
        if region.settings.schema_text_is_compacted:
            return record.with_fields(schema=json.dumps(json.loads(request["schema"]), separators=(",", ":")))
        return record

    def check_delete(self, region: Region, record: Record) -> None:
        """Refuse a schema that a dataset uses or is being updated to (docs/service/2 §3.2)."""
        users = [dataset.arn for dataset in region.listed("Dataset") if record.arn in _schemas_of(dataset)]
        if users:
            raise in_use(f"Schema {record.arn} is used by {', '.join(users)}.")


def _schemas_of(dataset: Record) -> tuple[str, ...]:
    update = dataset.fields.get("latestDatasetUpdate")
    wanted = (update["schemaArn"],) if update and dataset.updating else ()
    return (dataset.fields["schemaArn"], *wanted)
