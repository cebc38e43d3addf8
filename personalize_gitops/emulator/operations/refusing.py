"""Refusals by the rules of the catalog, with the sentences of their problems."""

from collections.abc import Iterable, Mapping

from personalize_gitops.catalog.datasets import Domain, find_dataset_type
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.emulator.errors import invalid
from personalize_gitops.emulator.settings import Settings
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.problem_codes import LintCode, SolutionCode
from personalize_gitops.model.reason import Code, Path
from personalize_gitops.render.reasons import full_text, text

_DOUBTS: Mapping[Code, str] = {
    SolutionCode.NO_RANGES: "hpo_needs_ranges",
    LintCode.TRACKER_WITHOUT_INTERACTIONS: "trackers_need_interactions",
    SolutionCode.THRESHOLD_WITHOUT_TYPE: "thresholds_need_event_type",
}
"""The codes of problems that are errors only if a setting says so, with its name."""


def refuse_first(settings: Settings, problems: Iterable[Problem[Path]], message: str = "") -> None:
    """Refuse a request for the first of its problems that is an error, in the words of the service if given."""
    for problem in problems:
        if _is_error(settings, problem):
            place = f"{problem.place}: " if problem.place else ""
            raise invalid(message or f"{place}{text(problem.reason)}")


def refuse_all(opening: str, problems: Iterable[Problem[Path]]) -> None:
    """Refuse a request for all of its problems that are errors, after the opening words of the service."""
    found = [full_text(each.reason, each.suggestion) for each in problems if each.severity is Severity.ERROR]
    if found:
        raise invalid(f"{opening}: {'; '.join(found)}")


def _is_error(settings: Settings, problem: Problem[Path]) -> bool:
    doubt = _DOUBTS.get(problem.reason.code)
    return bool(getattr(settings, doubt)) if doubt else problem.severity is Severity.ERROR


def known_group(region: Region, arn: str) -> Group:
    """Return what rules need to know of a dataset group of the account."""
    datasets = region.group_datasets(arn).items()
    schemas = {found: region.schema_of(one) for type_, one in datasets if (found := find_dataset_type(type_))}
    domain = region.find("DatasetGroup", arn).fields.get("domain")
    return Group(known=True, domain=Domain(domain) if domain else None, schemas=schemas)
