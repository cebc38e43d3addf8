"""Filter: an expression over the data of a group that keeps or removes items; it has no updates (docs/service/3 §4)."""

from collections.abc import Mapping

from personalize_gitops.catalog.datasets import find_dataset_type
from personalize_gitops.emulator.errors import in_use, invalid, limit_exceeded
from personalize_gitops.emulator.service.kind import Kind, Request
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.filters import FieldType, FilterSyntaxError, check, fields_used, parse
from personalize_gitops.model.problem import Problem, Severity, Span
from personalize_gitops.render.reasons import full_text

_OPENING = "Could not create filter."  # docs/service/3 §9


class Filter(Kind):
    """A filter."""

    name = "Filter"
    arn_path = "filter"

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse a syntax error, columns that the group lacks at this time, and too many fields in all its filters."""
        text, group = request["filterExpression"], request["datasetGroupArn"]
        try:
            tree = parse(text)
        except FilterSyntaxError as error:
            place = f"column {error.problem.place.start + 1}"
            raise invalid(f"{_OPENING} Invalid Expression: {place}: {_text(error.problem)}") from error
        for problem in check(tree, _columns(region, group)):
            if problem.severity is Severity.ERROR:
                symbol = text[problem.place.start : problem.place.end]
                what = f"Invalid input symbol: {symbol}." if symbol.startswith("$") else "Invalid Expression:"
                raise invalid(f"{_OPENING} {what} {_text(problem)}")
        most = region.settings.limit("distinct fields over all filters")
        others = [parse(other.fields["filterExpression"]) for other in region.not_failed(self.name, group)]
        used = len(fields_used(tree, *others))
        if used > most:
            raise limit_exceeded(f"The filters of a dataset group can use {most} distinct fields, not {used}.")

    def check_delete(self, region: Region, record: Record) -> None:
        """Refuse a filter that a running batch job uses (docs/service/3 §3.5)."""
        busy = [
            job.arn
            for kind in ("BatchInferenceJob", "BatchSegmentJob")
            for job in region.listed(kind, record.arn)
            if job.transient
        ]
        if busy:
            raise in_use(f"Filter {record.arn} is in use by {', '.join(busy)}.")


def _text(problem: Problem[Span]) -> str:
    return full_text(problem.reason, problem.suggestion)


def _columns(region: Region, group: str) -> Mapping[str, Mapping[str, FieldType]]:
    """Return the types of the columns of a group, by dataset type and column."""
    columns = {}
    for type_, dataset in region.group_datasets(group).items():
        found = find_dataset_type(type_)
        columns[str(found or type_)] = {
            field.name: FieldType.of(field.type or "", textual=field.textual)
            for field in region.schema_of(dataset).fields
        }
    return columns
