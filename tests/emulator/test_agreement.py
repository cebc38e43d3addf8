"""`validate` and the emulator refuse the same jobs and metric attributions.

The manifests declare what the cinema of `asking` has. A random request is added as a document: `lint` finds an error in
it exactly if the emulator refuses it as invalid.
"""

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalize_gitops.lint import lint
from personalize_gitops.model.desired import Document
from personalize_gitops.model.problem import Severity
from tests.support.builders import desired, document

from .account import REGION, ROLE
from .asking import CUSTOM, DONE, EVENTS, FILMS, OFFERS, PEOPLE, SEGMENTS, Cinema

SCHEMAS = {"Interactions": EVENTS, "Items": FILMS, "Users": PEOPLE, "Actions": OFFERS, "Action_Interactions": DONE}
IMPORTED = [type_ for type_ in SCHEMAS if type_ != "Action_Interactions"]  # an incremental import can follow
LOCATIONS = st.sampled_from(
    [
        "s3://ask/lines",
        "s3://ask/",
        "s3://ask/a.csv",
        "s3://ask/b.txt",
        "https://ask/a.csv",
        "s3://a/",
        "s3://answers/x/",
    ]
)
COLUMNS = st.sampled_from(["YEAR", "TITLE", "PLOT", "GENRES", "EVENT_VALUE", "NONE"])
EXPRESSIONS = st.one_of(
    st.sampled_from(["SAMPLECOUNT()", "COUNT()", "SUM(Users.AGE)", "SUM(Interactions.TIMESTAMP)"]),
    COLUMNS.map("SUM(Items.{})".format),
)
THEMES = COLUMNS.map(lambda column: {"fieldsForThemeGeneration": {"itemName": column}})
COUNTER = count()


def paths(draw: st.DrawFn) -> dict[str, Any]:
    """The input and the output of a batch job."""
    return {
        "jobInput": {"s3DataSource": {"path": draw(LOCATIONS)}},
        "jobOutput": {"s3DataDestination": {"path": draw(LOCATIONS)}},
    }


@st.composite
def imports(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, str]]:
    """An import: its kind, members, and references."""
    mode = draw(st.sampled_from(["FULL", "INCREMENTAL"]))
    request = {"dataSource": {"dataLocation": draw(LOCATIONS)}, "importMode": mode}
    return "DatasetImportJob", request, {"dataset": draw(st.sampled_from(IMPORTED))}


@st.composite
def exports(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, str]]:
    """An export: its kind, members, and references."""
    request = {"jobOutput": {"s3DataDestination": {"path": draw(LOCATIONS)}}}
    return "DatasetExportJob", request, {"dataset": draw(st.sampled_from(sorted(SCHEMAS)))}


@st.composite
def deletions(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, str]]:
    """A data deletion: its kind, members, and references."""
    location = draw(st.none() | LOCATIONS)
    return "DataDeletionJob", {"dataSource": {"dataLocation": location} if location else {}}, {"datasetGroup": "g"}


@st.composite
def batches(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, str]]:
    """A batch job: its kind, members, and references."""
    version = {"solutionVersion": draw(st.sampled_from(sorted({**CUSTOM, **SEGMENTS})))}
    request = {**paths(draw), "numResults": draw(st.sampled_from([-1, 0, 1, 500, 501, 5_000_000, 5_000_001]))}
    if draw(st.booleans()):
        return "BatchSegmentJob", request, version
    if draw(st.booleans()):
        request["batchInferenceJobMode"] = "THEME_GENERATION"
    if draw(st.booleans()):
        request["themeGenerationConfig"] = draw(THEMES)
    return "BatchInferenceJob", request, version


@st.composite
def attributions(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, str]]:
    """A metric attribution: its kind, members, and references."""
    names = draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=3))
    metrics = [{"eventType": "watch", "metricName": name, "expression": draw(EXPRESSIONS)} for name in names]
    output = {"roleArn": ROLE, "s3DataDestination": {"path": draw(LOCATIONS)}}
    return "MetricAttribution", {"metrics": metrics, "metricsOutputConfig": output}, {"datasetGroup": "g"}


REQUESTS = st.one_of(imports(), exports(), deletions(), batches(), attributions())


def declared() -> list[Document]:
    """The documents of the cinema."""
    found = [document("DatasetGroup/g")]
    for type_, schema in SCHEMAS.items():
        spec = {"datasetGroup": "g", "datasetType": type_, "schema": type_}
        found += [document(f"Schema/{type_}", {"schema": json.loads(schema)}), document(f"Dataset/{type_}", spec)]
        data = {"dataset": type_, "dataSource": {"dataLocation": "s3://ask/a.csv"}, "roleArn": ROLE}
        found.append(document(f"DatasetImportJob/{type_}", data))
    for name, recipe in {**CUSTOM, **SEGMENTS}.items():
        found.append(document(f"Solution/{name}", {"datasetGroup": "g", "recipe": recipe}))
        found.append(document(f"SolutionVersion/{name}", {"solution": name}))
    return found


def refused_by_lint(kind: str, request: Mapping[str, Any], references: Mapping[str, str]) -> bool:
    """Whether `validate` finds an error in the document."""
    role = {} if kind == "MetricAttribution" else {"roleArn": ROLE}
    added = document(f"{kind}/added", {**request, **role, **references})
    problems = lint(desired(*declared(), added, region=REGION))
    return any(problem.subject == f"{kind}/added" and problem.severity is Severity.ERROR for problem in problems)


def refused_by_emulator(cinema: Cinema, kind: str, request: Mapping[str, Any], references: Mapping[str, str]) -> bool:
    """Whether the service refuses the request as invalid."""
    names = {"Interactions": cinema.interactions, "Items": cinema.films, "Users": cinema.people}
    arns = {**names, "Actions": cinema.offers, "Action_Interactions": cinema.done, "g": cinema.group, **cinema.versions}
    name = f"agreement-{next(COUNTER)}"
    own = {"name": name} if kind == "MetricAttribution" else {"jobName": name, "roleArn": ROLE}
    given_ = {f"{member}Arn": arns[other] for member, other in references.items()}
    words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind)
    try:
        created = getattr(cinema.account.personalize, f"create{words}")(**request, **given_, **own)
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidInputException":
            raise
        return True
    cinema.clock.pass_time(hours=3)
    if kind == "MetricAttribution":  # there can be only one
        cinema.account.personalize.delete_metric_attribution(metricAttributionArn=created["metricAttributionArn"])
        cinema.clock.pass_time(hours=1)
    return False


def check(cinema: Cinema, added: tuple[str, dict[str, Any], dict[str, str]]) -> None:
    """Compare both."""
    assert refused_by_lint(*added) is refused_by_emulator(cinema, *added), added


RANDOM = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@settings(RANDOM, max_examples=150)
@given(added=REQUESTS)
def test_validate_and_the_emulator_agree(cinema: Cinema, added: tuple[str, dict[str, Any], dict[str, str]]) -> None:
    """A request that `validate` accepts is accepted, and one that it refuses is refused."""
    check(cinema, added)


@pytest.mark.slow
@settings(RANDOM, max_examples=2_000)
@given(added=REQUESTS)
def test_they_agree_on_many(cinema: Cinema, added: tuple[str, dict[str, Any], dict[str, str]]) -> None:
    """The same for many requests."""
    check(cinema, added)
