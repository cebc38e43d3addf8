"""The metrics of a model beside those of another, as text and as JSON."""

from __future__ import annotations

from typing import Any

from personalize_gitops.model.recommendations import Measured
from personalize_gitops.model.reports import MetricsReport
from personalize_gitops.render.json import FORMAT_VERSION, TOOL, moment, written
from personalize_gitops.render.lines import joined, line
from personalize_gitops.render.style import PLAIN, Style
from personalize_gitops.render.text import table


def text(report: MetricsReport, style: Style = PLAIN) -> str:
    """Return each metric with the other model's value and the difference, and which models these are."""
    model, beside = report.model, report.beside
    head = joined([style.paint(f"{report.address}: {_named(model)}", "bold")])
    names = _names(report)
    if not names:
        return head + joined([line("The service has no metrics of it.")])
    if beside is None:
        alone = [] if report.address.kind_name == "Recommender" else [line("There is no version before it.")]
        return head + joined(alone) + table([("METRIC", "VALUE"), *((name, _number(model, name)) for name in names)])
    word = str(report.against) if report.against else "the version before"
    head += joined([line(f"beside {word}: {_named(beside)}")])
    return head + table(
        [
            ("METRIC", "VALUE", "BESIDE" if report.against else "BEFORE", "DIFFERENCE"),
            *((name, _number(model, name), _number(beside, name), _difference(report, name)) for name in names),
        ]
    )


def _names(report: MetricsReport) -> list[str]:
    """Return the names of all metrics, those at a number of results in the order of the number."""
    found = {*report.model.metrics, *(report.beside.metrics if report.beside else ())}
    return sorted(found, key=_key)


def _key(name: str) -> tuple[str, int]:
    word, _, end = name.rpartition("_")
    return (word, int(end)) if end.isdigit() else (name, 0)


def _named(model: Measured) -> str:
    recipe = f", {model.recipe}" if model.recipe else ""
    return f"{model.name}{recipe}, {moment(model.created)}"


def _number(model: Measured, name: str) -> str:
    return f"{model.metrics[name]:.4f}" if name in model.metrics else "-"


def _difference(report: MetricsReport, name: str) -> str:
    value = _by(report, name)
    return "" if value is None else f"{value:+.4f}"


def _by(report: MetricsReport, name: str) -> float | None:
    """Return the difference in a metric; None if only one of the models has it."""
    if report.beside is None or name not in report.model.metrics or name not in report.beside.metrics:
        return None
    return report.model.metrics[name] - report.beside.metrics[name]


def json(report: MetricsReport, _: Style = PLAIN) -> str:
    """Return both models and each metric with the difference."""
    metrics = [
        {
            "name": name,
            "value": report.model.metrics.get(name),
            "beside": report.beside.metrics.get(name) if report.beside else None,
            "difference": _by(report, name),
        }
        for name in _names(report)
    ]
    head = {"formatVersion": FORMAT_VERSION, "tool": TOOL, "project": report.project, "target": report.target}
    models = {
        "address": str(report.address),
        "against": str(report.against) if report.against else None,
        "model": _model(report.model),
        "beside": _model(report.beside) if report.beside else None,
    }
    return written({**head, **models, "metrics": metrics})


def _model(model: Measured) -> dict[str, Any]:
    created = moment(model.created)
    return {"arn": model.arn, "name": model.name, "recipe": model.recipe or None, "createdAt": created}
