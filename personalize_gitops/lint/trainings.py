"""PG4xx: trainings that contradict their recipe, or the automatic training of their solution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from personalize_gitops.catalog.rules.solutions import days_between_trainings, version_problems
from personalize_gitops.lint.declared import document_at, recipe_of
from personalize_gitops.lint.place import placed, warning_at
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document, RunDocument
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import SolutionCode
from personalize_gitops.model.reason import Source, Verbatim, because
from personalize_gitops.span import seconds_in

_DAY = 86_400


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield the problems of trainings and of campaigns beside their solutions."""
    for document in desired.documents.values():
        match document.address.kind_name:
            case "SolutionVersion":
                if (solution := document_at(document.references.get("solution"), desired)) and isinstance(
                    document, RunDocument
                ):
                    yield from _training_problems(document, solution, desired)
            case "Campaign":
                yield from _campaign_problems(document, desired)


def _training_problems(document: RunDocument, solution: Document, desired: Desired) -> Iterator[Problem[Source]]:
    yield from placed(document, version_problems(recipe_of(solution), document.attributes))
    automatic = _trains_itself(solution)
    if document.has_prerequisite and not automatic and not [*desired.prerequisites(document)]:
        reason = because(SolutionCode.FULL_TRAINING_UNDECLARED, solution=solution.address)
        yield warning_at(document, ("trainingMode",), reason, Check.PG419)
    days = days_between_trainings(solution.attributes.get("solutionConfig") or {})
    trains_alike = document.attributes.get("trainingMode") != "UPDATE"  # which automatic training does not replace
    if automatic and trains_alike and document.run.every and seconds_in(document.run.every) < days * _DAY:
        reason = because(SolutionCode.TRAINED_TWICE, solution=solution.address, days=days)
        yield replace(warning_at(document, (), reason, Check.PG423), place=document.places.of(("run", "every")))


def _campaign_problems(campaign: Document, desired: Desired) -> Iterator[Problem[Source]]:
    """Yield a campaign on a training that has no `every`, so that it serves no automatic training after the first."""
    training = document_at(campaign.references.get("solutionVersion"), desired)
    if not isinstance(training, RunDocument) or training.run.every:
        return
    solution = document_at(training.references.get("solution"), desired)
    if solution and _trains_itself(solution):
        days = days_between_trainings(solution.attributes.get("solutionConfig") or {})
        address, name = solution.address, Verbatim(solution.address.name)
        reason = because(SolutionCode.SERVES_OLD_VERSIONS, solution=address, days=days, name=name)
        yield warning_at(campaign, ("solutionVersion",), reason, Check.PG424)


def _trains_itself(solution: Document) -> bool:
    """Return whether automatic training is on, which is the default (docs/service/2 §8.1)."""
    return solution.attributes.get("performAutoTraining") is not False
