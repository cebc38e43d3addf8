"""The targets of a project: regions, quotas, and names that two of them share."""

from __future__ import annotations

import pytest

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest.load import load, load_all
from personalize_gitops.model.problem import Severity
from personalize_gitops.render.reasons import full_text
from tests.manifest.writing import Folder

ACCOUNT = 'account: "123456789012", region: eu-west-1'
GROUPS = "---\n".join(f"{{kind: DatasetGroup, name: g{number}, spec: {{}}}}\n" for number in range(6))
SCHEMA = (
    "{type: record, name: Users, namespace: com.amazonaws.personalize.schema, version: '1.0', "
    "fields: [{name: USER_ID, type: string}, {name: AGE, type: int}]}"
)


def told(folder: Folder, targets: str, documents: str = "{kind: DatasetGroup, name: shop, spec: {}}") -> list[str]:
    """The severity and the sentence of each problem of a project with these targets."""
    folder.write("project.yaml", f"kind: Project\nname: shop\nspec: {{targets: {{{targets}}}}}\n")
    (folder.path / "group.yaml").unlink(missing_ok=True)
    folder.write("a.yaml", documents)
    try:
        problems = [warning for loaded in load_all(folder.path) for warning in loaded.warnings]
    except ManifestError as error:
        problems = list(error.problems)
    return [f"{problem.severity}: {full_text(problem.reason, problem.suggestion)}" for problem in problems]


ROLE = (
    "{kind: DatasetExportJob, name: e, spec: {dataset: arn:aws:personalize:eu-west-1:123456789012:dataset/g/ITEMS, "
    "jobOutput: {s3DataDestination: {path: s3://out/, kmsKeyArn: arn:aws:kms:eu-west-1:999999999999:key/k}}, "
    "roleArn: arn:aws:iam::999999999999:role/data}}"
)
BY_TARGET = "; set it by a variable or a patch of the target"


@pytest.mark.parametrize(
    ("targets", "problems"),
    [
        (
            f"prod: {{{ACCOUNT}}}",
            [f"warning: belongs to account 999999999999, but target prod is account 123456789012{BY_TARGET}"],
        ),
        (
            'prod: {account: "999999999999", region: us-east-1}',
            [
                f"warning: belongs to account 123456789012, but target prod is account 999999999999{BY_TARGET}",
                f"warning: is in region eu-west-1, but target prod is in us-east-1{BY_TARGET}",
            ],
        ),
        ("prod: {region: us-east-1}", []),
        (f"local: {{emulator: {{}}, {ACCOUNT}}}", []),
        (f"local: {{endpointUrl: 'http://localhost:8000', {ACCOUNT}}}", []),
    ],
)
def test_arns_of_another_place(folder: Folder, targets: str, problems: list[str]) -> None:
    """A role of another account, and a key or resource of another region, cannot be right for a target in AWS."""
    assert told(folder, targets, ROLE) == problems


SHARED = (
    "error: target blue, in the same account and region, creates objects of the same names: DatasetGroup/shop; "
    "give target green another prefix or suffix in naming"
)


@pytest.mark.parametrize(
    ("targets", "problems"),
    [
        (f"blue: {{{ACCOUNT}}}, green: {{{ACCOUNT}}}", [SHARED]),
        (f"blue: {{{ACCOUNT}}}, green: {{{ACCOUNT}, naming: {{suffix: -g}}}}", []),
        (f"blue: {{{ACCOUNT}}}, green: {{{ACCOUNT}, manage: observe}}", []),
        (f'blue: {{{ACCOUNT}}}, green: {{account: "210987654321", region: eu-west-1}}', []),
        (f'blue: {{{ACCOUNT}}}, green: {{account: "123456789012", region: us-east-1}}', []),
        ("blue: {profile: a, region: eu-west-1}, green: {profile: a, region: eu-west-1}", []),
    ],
)
def test_targets_in_one_account_have_different_names(folder: Folder, targets: str, problems: list[str]) -> None:
    """Two targets that name the same account and region cannot both create an object of a name."""
    assert told(folder, targets) == problems


def test_other_names_are_not_compared(folder: Folder) -> None:
    """Schemas have no owner, so that two targets can share one; the first name and the number are told."""
    documents = f"{GROUPS}---\n{{kind: Schema, name: s, spec: {{schema: {SCHEMA}}}}}\n"

    found = told(folder, f"blue: {{{ACCOUNT}}}, green: {{{ACCOUNT}}}", documents)

    assert [line for line in found if "DatasetGroup/g0 and 5 more" in line]


def test_regions(folder: Folder) -> None:
    """An unknown region is a warning, except for the emulator, which is in every region."""
    assert told(folder, "prod: {region: eu-wset-1}, local: {emulator: {}, region: eu-west-3}") == [
        'warning: eu-wset-1 is not a region where Amazon Personalize is known to be offered; did you mean "eu-west-1"?'
    ]


@pytest.mark.parametrize(
    ("allowed", "problems"),
    [
        ("", ["warning: 6 dataset groups, 1 more than the 5 that a region may hold by default"]),
        ("limits: {quotas: {DatasetGroup: 6}}", []),
        (
            "limits: {quotas: {DatasetGroup: 4}}",
            ["error: 6 dataset groups, 2 more than the 4 that a region may"],
        ),
    ],
)
def test_quotas(folder: Folder, allowed: str, problems: list[str]) -> None:
    """More than a default quota is a warning, more than the quota of the target an error."""
    found = told(folder, f"prod: {{{allowed}}}", GROUPS)

    assert [line[: len(problem)] for line, problem in zip(found, problems, strict=True)] == problems


def test_quotas_of_the_target_can_be_raised(folder: Folder) -> None:
    """A quota is of a kind, and of one whose quota Service Quotas can raise."""
    assert told(folder, "prod: {limits: {quotas: {Campain: 9}}}") == [
        'error: unknown kind "Campain"; did you mean "Campaign"?'
    ]
    assert told(folder, "prod: {limits: {quotas: {Recommender: 9}}}") == [
        "error: the quota of Recommender cannot be raised; use Campaign, DatasetGroup, Filter or Solution"
    ]


def test_shared_names_can_be_a_warning(folder: Folder) -> None:
    """A project that accepts shared names for now can validate; the problem is told all the same."""
    folder.write("group.yaml", "")
    targets = f"targets: {{blue: {{{ACCOUNT}}}, green: {{{ACCOUNT}}}}}"
    folder.write("project.yaml", f"kind: Project\nname: shop\nspec: {{lint: {{PG802: warning}}, {targets}}}\n")
    folder.write("a.yaml", "{kind: DatasetGroup, name: shop, spec: {}}")

    warnings = [warning for loaded in load_all(folder.path) for warning in loaded.warnings]

    assert [(warning.check, warning.severity) for warning in warnings] == [("PG802", Severity.WARNING)]


def test_quotas_of_a_group(folder: Folder) -> None:
    """Filters count by dataset group, also by one that is not declared, and the first one beyond the quota is told."""
    arn = "arn:aws:personalize:eu-west-1:123456789012:dataset-group/elsewhere"
    expression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'
    filters = [
        f"{{kind: Filter, name: f{n:02}, spec: {{datasetGroup: '{arn}', filterExpression: '{expression}'}}}}\n"
        for n in range(12)
    ]
    folder.write("a.yaml", "---\n".join(filters))

    (problem,) = load(folder.path).warnings

    assert (problem.severity, problem.subject) == (Severity.WARNING, "Filter/f10")
    assert "12 filters, 2 more than the 10 that dataset group elsewhere may hold" in full_text(problem.reason, None)
