"""What `import` wrote and what it left out, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from personalize_gitops.model.importing import LeftOut, ObjectDraft
from personalize_gitops.model.reports import ImportReport
from personalize_gitops.render import lines, reasons
from personalize_gitops.render.json import FORMAT_VERSION, TOOL, reason_of, written
from personalize_gitops.render.lines import Line, line
from personalize_gitops.render.style import PLAIN, Style, plural

_NAMED = 3  # objects that are left out for the same reason


def text(report: ImportReport, style: Style = PLAIN) -> str:
    """Return the files with their resources, then what a reader has to know, then what was left out."""
    drafts = report.drafts.drafts
    found = [line(f"Wrote {file.path}{_counted(len(file.addresses))}") for file in report.files]
    defaulted = {str(draft.address): ", ".join(map(str, draft.defaulted)) for draft in drafts if draft.defaulted}
    found += _titled("Defaults left out:", defaulted)
    notes = {str(draft.address): reasons.joined(draft.notes) for draft in drafts if draft.notes}
    found += _titled("Before you apply:", notes)
    found += _titled("Left out:", dict(_left_out(report.drafts.left_out)))
    return lines.joined([*found, style.paint(_summary(report), "bold")])


def _counted(documents: int) -> str:
    return f": {plural(documents, 'document')}" if documents else ""


def _titled(title: str, rows: Mapping[str, str]) -> Iterator[Line]:
    if rows:
        yield line(title)
        yield from (line(f"  {first}: {second}") for first, second in rows.items())


def _left_out(left_out: Sequence[LeftOut]) -> Iterator[tuple[str, str]]:
    """Yield the objects of each kind that are left out for the same reasons, with these."""
    alike: dict[tuple[str, str], list[str]] = {}
    for each in left_out:
        alike.setdefault((each.live.kind.kind_name(), reasons.joined(each.reasons)), []).append(each.live.aws_name)
    for (kind, why), names in sorted(alike.items()):
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield f"{kind} {', '.join(names[:_NAMED])}{more}", why


def _summary(report: ImportReport) -> str:
    drafts = report.drafts
    exact = sum(not draft.defaulted for draft in drafts.drafts)
    counts = [
        f"{plural(len(drafts.drafts), 'resource')} imported ({exact} exact, {len(drafts.drafts) - exact} defaulted)",
        f"{len(drafts.left_out)} left out",
        f"{drafts.known} declared already",
    ]
    return f"Account {report.account}, {report.region}: {', '.join(counts)}."


def json(report: ImportReport, _: Style = PLAIN) -> str:
    """Return the files, each resource with what was left out of its document, and each object without one."""
    return written(
        {
            "formatVersion": FORMAT_VERSION,
            "tool": TOOL,
            "project": report.project,
            "target": {"name": report.target, "account": report.account, "region": report.region},
            "files": [{"file": file.path, "addresses": [*map(str, file.addresses)]} for file in report.files],
            "resources": [_resource(draft) for draft in report.drafts.drafts],
            "leftOut": [_object(each) for each in report.drafts.left_out],
            "declared": report.drafts.known,
        }
    )


def _resource(draft: ObjectDraft) -> dict[str, Any]:
    return {
        "address": str(draft.address),
        "arn": draft.live.arn,
        "exact": not draft.defaulted,
        "defaulted": [*map(str, draft.defaulted)],
        "notes": [*map(reason_of, draft.notes)],
    }


def _object(each: LeftOut) -> dict[str, Any]:
    live = each.live
    reasons_ = [*map(reason_of, each.reasons)]
    return {"kind": live.kind.kind_name(), "awsName": live.aws_name, "arn": live.arn, "reasons": reasons_}
