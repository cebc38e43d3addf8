"""A schema: the Avro text that defines a dataset's columns; no status, tags or updates (docs/service/2 §3.2)."""

import json

from personalize_gitops.catalog.datasets import Domain
from personalize_gitops.catalog.schemas import schema_problems
from personalize_gitops.emulator.errors import in_use, invalid
from personalize_gitops.emulator.kind import Kind, Request
from personalize_gitops.emulator.records import Record
from personalize_gitops.emulator.region import Region
from personalize_gitops.model.problem import Severity
from personalize_gitops.render.reasons import full_text


class Schema(Kind):
    """Checked at once, as far as its text alone allows; its dataset type is checked when a dataset takes it."""

    name = "Schema"
    arn_path = "schema"
    has_status = False

    def check(self, region: Region, request: Request) -> None:
        """The text is a schema of some dataset type in its domain (docs/service/1 §7, §8)."""
        domain = Domain(request["domain"]) if "domain" in request else None
        problems = schema_problems(request["schema"], domain=domain)
        found = [full_text(p.reason, p.suggestion) for p in problems if p.severity is Severity.ERROR]
        if found:
            raise invalid(f"Input schema is not valid: {'; '.join(found)}")

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """The text as it came, or compacted."""
        if region.settings.schema_text_is_compacted:
            return record.showing(schema=json.dumps(json.loads(request["schema"]), separators=(",", ":")))
        return record

    def check_delete(self, region: Region, record: Record) -> None:
        """No dataset may refer to it, nor be on its way to (docs/service/2 §3.2)."""
        users = [dataset.arn for dataset in region.listed("Dataset") if record.arn in _schemas_of(dataset)]
        if users:
            raise in_use(f"Schema {record.arn} is used by {', '.join(users)}.")


def _schemas_of(dataset: Record) -> tuple[str, ...]:
    update = dataset.fields.get("latestDatasetUpdate")
    wanted = (update["schemaArn"],) if update and dataset.updating else ()
    return (dataset.fields["schemaArn"], *wanted)
