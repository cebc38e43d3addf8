"""What applications need to know of a target, as text, as variables of a shell, and as JSON."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from personalize_gitops.model.outputs import Output
from personalize_gitops.model.reports import OutputsReport
from personalize_gitops.render.json import FORMAT_VERSION, TOOL, written
from personalize_gitops.render.lines import Line, joined, line
from personalize_gitops.render.style import PLAIN, Style
from personalize_gitops.render.text import table

_HEAD = ("RESOURCE", "AWS NAME", "ARN OR ID")


def text(report: OutputsReport, style: Style = PLAIN) -> str:
    """Return a table of what exists, and the filters of each campaign and recommender."""
    if not report.outputs:
        return "Nothing that is declared exists yet.\n"
    rows = [(str(each.address), each.name, each.arn) for each in report.outputs]
    rows += [(f"{each.address} tracking id", "", each.tracking_id) for each in report.outputs if each.tracking_id]
    filters = [
        line(f"  {each.address}: {', '.join(filter_.name for filter_ in each.filters) or 'none'}")
        for each in report.outputs
        if each.filters is not None
    ]
    head = [Line(), style.paint("Filters that requests can name", "bold")] if filters else []
    return table([_HEAD, *sorted(rows)]) + joined([*head, *filters])


def env(report: OutputsReport, _: Style = PLAIN) -> str:
    """Return a variable for each ARN and tracking id, as a shell or `docker --env-file` reads them."""
    return joined(line(f"{name}={shlex.quote(value)}") for name, value in variables(report))


def variables(report: OutputsReport) -> Iterator[tuple[str, str]]:
    """Yield names such as `CAMPAIGN_FOR_YOU_ARN` with their values.

    Where the names of two resources differ only in punctuation or case, the later ones end in 2, 3, …
    """
    used: dict[str, int] = {}
    for each in report.outputs:
        stem = _variable(each)
        used[stem] = used.get(stem, 0) + 1
        stem += f"_{used[stem]}" if used[stem] > 1 else ""
        yield f"{stem}_ARN", each.arn
        if each.tracking_id:
            yield f"{stem}_TRACKING_ID", each.tracking_id


def _variable(output: Output) -> str:
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", output.address.kind_name)
    return re.sub(r"\W|-", "_", f"{kind}_{output.address.name}").upper()


def parameters(report: OutputsReport, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield names such as `/shop/Campaign/for-you/arn` with their values, for a store of parameters."""
    above = prefix.rstrip("/")
    for each in report.outputs:
        yield f"{above}/{each.address}/arn", each.arn
        if each.tracking_id:
            yield f"{above}/{each.address}/trackingId", each.tracking_id


def json(report: OutputsReport, _: Style = PLAIN) -> str:
    """Return what exists as a JSON document."""
    head = {"formatVersion": FORMAT_VERSION, "tool": TOOL, "project": report.project, "target": report.target}
    return written({**head, "outputs": [_entry(each) for each in report.outputs]})


def _entry(output: Output) -> dict[str, object]:
    return {
        "address": str(output.address),
        "awsName": output.name,
        "arn": output.arn,
        "trackingId": output.tracking_id or None,
        "filters": None if output.filters is None else [str(each) for each in output.filters],
    }
