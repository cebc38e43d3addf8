"""What exists in an emulator, by dataset group."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from personalize_gitops.emulator.host.page.charts import Chart, charts_of
from personalize_gitops.emulator.service.kind import KINDS
from personalize_gitops.emulator.state.records import Record, is_transient
from personalize_gitops.emulator.state.region import Region

_MOST = 50
"""The most resources of one kind that a group shows, the newest first: jobs and versions are many."""

_PARENTS = ("datasetArn", "solutionArn", "solutionVersionArn")


@dataclass(frozen=True)
class Shown:
    """One resource."""

    kind: str
    name: str
    arn: str
    status: str
    reasons: tuple[str, ...]  # why it failed, or its last update

    @property
    def tone(self) -> str:
        """How the status looks: good, busy, bad or idle."""
        if self.status.endswith("FAILED") or self.reasons:
            return "bad"
        if is_transient(self.status):
            return "busy"
        return "good" if self.status in ("ACTIVE", "COMPLETED") else "idle"


@dataclass(frozen=True)
class Group:
    """A dataset group with its resources, or the resources of a region that belong to none."""

    account: str
    region: str
    arn: str  # "" without a group
    own: Shown | None  # the group itself
    domain: str
    resources: tuple[Shown, ...]
    hidden: int  # how many more there are
    charts: tuple[Chart, ...]
    unmeasured: int  # ACTIVE versions whose metrics were not computed yet


def groups_of(regions: Iterable[Region], measured: str) -> tuple[Group, ...]:
    """Return the groups of regions. Those with the ARN `measured` have the metrics of all versions."""
    return tuple(group for region in regions for group in _groups(region, measured))


def group_of(region: Region, record: Record) -> str:
    """Return the ARN of the group that a resource belongs to; "" for none."""
    if record.kind == "DatasetGroup":
        return record.arn
    if "datasetGroupArn" in record.fields:
        return str(record.fields["datasetGroupArn"])
    parents = (region.get(str(record.fields.get(member, ""))) for member in _PARENTS)
    return next((group_of(region, parent) for parent in parents if parent is not None), "")


def name_of(record: Record) -> str:
    """Return the name of a resource; that of a solution version begins with its solution."""
    name = record.fields.get(KINDS[record.kind].name_member)
    solution, _, end = record.arn.partition(":solution/")[2].rpartition("/")
    return f"{solution}/{name or end}" if record.kind == "SolutionVersion" else str(name)


def _groups(region: Region, measured: str) -> Iterator[Group]:
    by_group: dict[str, list[Record]] = {record.arn: [] for record in region.listed("DatasetGroup")}
    for record in region.records():
        by_group.setdefault(group_of(region, record), []).append(record)
    for arn, records in by_group.items():
        found = region.get(arn)
        charts, unmeasured = charts_of(region, records, measure=bool(arn) and arn == measured)
        members = [record for record in records if record is not found]
        shown = tuple(_shown(record) for record in _newest(members))
        yield Group(
            account=region.account,
            region=region.name,
            arn=arn,
            own=_shown(found) if found else None,
            domain=str(found.fields.get("domain", "")) if found else "",
            resources=shown,
            hidden=len(members) - len(shown),
            charts=charts,
            unmeasured=unmeasured,
        )


def _newest(records: list[Record]) -> Iterator[Record]:
    """Yield the newest resources of each kind, in the order in which the emulator knows the kinds."""
    for kind in KINDS:
        yield from [record for record in records if record.kind == kind][: -_MOST - 1 : -1]


def _shown(record: Record) -> Shown:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in record.kind).strip()
    return Shown(words.capitalize(), name_of(record), record.arn, record.status, tuple(_reasons(record)))


def _reasons(record: Record) -> Iterator[str]:
    if "failureReason" in record.fields:
        yield str(record.fields["failureReason"])
    for name, value in record.fields.items():
        if name.startswith("latest") and name.endswith("Update") and value and value.get("failureReason"):
            yield f"The last update failed: {value['failureReason']}"
