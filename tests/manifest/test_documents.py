"""From documents to the desired state: members, references, envelopes, and the problems of each."""

from __future__ import annotations

import gc

import pytest

from personalize_gitops.errors import ManifestError
from personalize_gitops.model.address import Address
from personalize_gitops.model.reference import Newest
from tests.manifest.writing import Folder

ARN = "arn:aws:personalize:eu-west-1:111122223333"
TRAINED = """\
{kind: Solution, name: s, spec: {datasetGroup: g, recipe: aws-sims}}
---
{kind: SolutionVersion, name: v, spec: {solution: s}}
---
"""


REFERENCES = {
    "v": Address("SolutionVersion", "v"),
    "SolutionVersion/v": Address("SolutionVersion", "v"),
    f"{ARN}:solution/s/1": f"{ARN}:solution/s/1",
    "{solution: s, version: latest}": Newest("SolutionVersion", Address("Solution", "s"), followed=False),
    "{solution: Solution/s, version: $LATEST}": Newest("SolutionVersion", Address("Solution", "s"), followed=True),
    f"{{solution: {ARN}:solution/x, version: latest}}": Newest("SolutionVersion", f"{ARN}:solution/x", followed=False),
}


@pytest.mark.parametrize(("text", "reference"), REFERENCES.items())
def test_references(folder: Folder, text: str, reference: Address | str | Newest) -> None:
    """A name, a Kind/name, an ARN, or the newest version of a solution."""
    folder.write("a.yaml", f"{TRAINED}kind: Campaign\nname: c\nspec:\n  solutionVersion: {text}\n")

    document = folder.load().desired.documents[Address("Campaign", "c")]

    assert document.references == {"solutionVersion": reference}


FILTER = "kind: Filter\nname: f\nspec:\n  datasetGroup: @\n  filterExpression: INCLUDE ItemID WHERE Items.A IN ($X)\n"
CAMPAIGN = TRAINED + "kind: Campaign\nname: c\nspec:\n  @\n"
SOLUTION = "kind: Solution\nname: s\nspec:\n  datasetGroup: g\n  recipe: aws-sims\n  @\n"
ENVELOPE = "kind: DatasetGroup\nname: h\nspec: {}\n@\n"
TRAINING = TRAINED + "kind: SolutionVersion\nname: w\nspec: {solution: s}\n@\n"

WRONG = {
    "dangling": (FILTER, "gg", '4:3 datasetGroup: no DatasetGroup named "gg" is declared (did you mean "g"?)'),
    "far off": (FILTER, "else", '4:3 datasetGroup: no DatasetGroup named "else" is declared'),
    "wrong kind": (FILTER, "Solution/g", "4:3 datasetGroup: expected a DatasetGroup, found Solution/g"),
    "a solution instead of its version": (
        CAMPAIGN,
        "solutionVersion: s",
        (
            "1:51 recipe: aws-sims trains on the dataset Interactions, and no dataset of the group is declared\n"
            '8:3 solutionVersion: no SolutionVersion named "s" is declared (use {solution: s, version: latest})'
        ),
    ),
    "endless number": (
        CAMPAIGN,
        f"{{solutionVersion: v, minProvisionedTPS: {'9' * 5_000}}}",
        f'8:24 minProvisionedTPS: expected a whole number, found "{"9" * 59}…"',
    ),
    "no finite number": (
        CAMPAIGN,
        "{solutionVersion: v, minProvisionedTPS: .nan}",
        "8:24 minProvisionedTPS: expected a number, found NaN",
    ),
    "typo below": (
        CAMPAIGN,
        "solutionVersion: {soluton: s, version: latest}",
        (
            "8:3 solutionVersion.solution: required field is missing\n"
            '8:21 solutionVersion.soluton: unknown field (did you mean "solution"?)'
        ),
    ),
    "version": (
        CAMPAIGN,
        "solutionVersion: {solution: s, version: last}",
        '8:34 solutionVersion.version: invalid value "last": expected latest or $LATEST (did you mean "latest"?)',
    ),
    "neither": (CAMPAIGN, "solutionVersion: [v]", "8:3 solutionVersion: expected text or a mapping, found a list"),
    "member": (SOLUTION, "eventTyp: x", '6:3 eventTyp: unknown field (did you mean "eventType"?)'),
    "deep member": (
        SOLUTION,
        "solutionConfig: {hpoConfig: {hpoResourceConfig: {maxParallelTrainingJob: 2}}}",
        (
            "6:52 solutionConfig.hpoConfig.hpoResourceConfig.maxParallelTrainingJob: unknown field "
            '(did you mean "maxParallelTrainingJobs"?)'
        ),
    ),
    "member of an element": (
        SOLUTION,
        "solutionConfig: {eventsConfig: {eventParametersList: [{eventType: a}, {evenType: b}]}}",
        '6:74 solutionConfig.eventsConfig.eventParametersList[1].evenType: unknown field (did you mean "eventType"?)',
    ),
    "bounds": (
        SOLUTION,
        "solutionConfig: {eventsConfig: {eventParametersList: [{weight: 1.5}]}}",
        "6:58 solutionConfig.eventsConfig.eventParametersList[0].weight: expected a number of at most 1, found 1.5",
    ),
    "pattern": (
        SOLUTION,
        "solutionConfig: {autoTrainingConfig: {schedulingExpression: rate(31 days)}}",
        (
            '6:41 solutionConfig.autoTrainingConfig.schedulingExpression: invalid value "rate(31 days)": '
            "expected a schedule of 1 to 30 days, such as rate(7 days)"
        ),
    ),
    "recipe": (
        "kind: Solution\nname: s\nspec: {datasetGroup: g, recipe: @}\n",
        "aws-simms",
        '3:25 recipe: unknown recipe "aws-simms" (did you mean "aws-sims"?)',
    ),
    "type": (SOLUTION, "performHPO: maybe", '6:3 performHPO: expected true or false, found "maybe"'),
    "no number": (
        CAMPAIGN,
        "{solutionVersion: v, minProvisionedTPS: 1.5}",
        "8:24 minProvisionedTPS: expected a whole number, found 1.5",
    ),
    "zero": (
        CAMPAIGN,
        "{solutionVersion: v, minProvisionedTPS: 0}",
        "8:24 minProvisionedTPS: expected a number of at least 1, found 0",
    ),
    "kind": (
        "kind: @\nname: x\nspec: {}\n",
        "Campain",
        '1:1 kind: unknown kind "Campain" (did you mean "Campaign"?)',
    ),
    "no kind": ("name: @\nspec: {}\n", "x", "1:1 kind is missing"),
    "no name": ("kind: DatasetGroup\nspec: @\n", "{}", "1:1 name: required field is missing"),
    "no spec": ("kind: DatasetGroup\nname: @\n", "x", "1:1 spec: required field is missing"),
    "spec": ("kind: DatasetGroup\nname: h\nspec: @\n", "5", "3:1 spec: expected a mapping, found 5"),
    "envelope": (ENVELOPE, "lifecyle: {}", '4:1 lifecyle: unknown field (did you mean "lifecycle"?)'),
    "name": (
        "kind: DatasetGroup\nname: @\nspec: {}\n",
        "'no way'",
        (
            '2:1 name: invalid value "no way": '
            "expected a name of letters, digits, - and _ that begins with a letter or digit, such as for-you"
        ),
    ),
    "long name": (
        "kind: DatasetGroup\nname: @\nspec: {}\n",
        "x" * 64,
        "2:1 name: expected at most 63 characters, found 64",
    ),
    "aws tag": (ENVELOPE, "tags: {aws:x: y}", "4:1 tags: aws:x: the prefix aws: is reserved by AWS"),
    "our tag": (
        ENVELOPE,
        "tags: {'personalize-gitops:x': y}",
        "4:1 tags: personalize-gitops:x: the prefix personalize-gitops: is reserved for ownership tags",
    ),
    "tag text": (
        ENVELOPE,
        "tags: {a: 'b;c'}",
        "4:1 tags: a: expected only letters, digits, spaces and _ . : / = + - @",
    ),
    "tag number": (ENVELOPE, "tags: {a: 5}", "4:8 tags.a: expected text, found 5"),
    "long tag": (
        ENVELOPE,
        f"tags: {{a: {'b' * 257}}}",
        "4:1 tags: a: expected a key of 1 to 128 characters and a value of at most 256",
    ),
    "many tags": (
        ENVELOPE,
        f"tags: {{{', '.join(f'k{n}: v' for n in range(46))}}}",
        "4:1 tags: 47 tags and 10 ownership tags: expected at most 50 together",
    ),
    "protect": (
        ENVELOPE,
        "lifecycle: {protect: often}",
        '4:13 lifecycle.protect: expected true or false, found "often"',
    ),
    "on remove": (
        ENVELOPE,
        "lifecycle: {onRemove: keep}",
        '4:13 lifecycle.onRemove: invalid value "keep": expected retain or delete',
    ),
    "manage": (
        ENVELOPE,
        "lifecycle: {manage: pause}",
        ('4:13 lifecycle.manage: invalid value "pause": expected full, observe or paused (did you mean "paused"?)'),
    ),
    "never pruned": (
        "kind: SolutionVersion\nname: v\nspec: {solution: 'arn:aws:personalize:us-east-1:1:solution/s'}\n@\n",
        "lifecycle: {onRemove: retain}",
        "4:13 lifecycle.onRemove: prune never deletes a SolutionVersion, so onRemove has no effect",
    ),
    "replace": (
        ENVELOPE,
        "lifecycle: {replace: sucessor}",
        (
            '4:13 lifecycle.replace: invalid value "sucessor": expected successor, recreate or forbid '
            '(did you mean "successor"?)'
        ),
    ),
    "ignore": (
        CAMPAIGN + "lifecycle: {ignore: [spec.minProvisionedTps]}\n",
        "solutionVersion: v",
        (
            '9:22 lifecycle.ignore[0]: invalid path "spec.minProvisionedTps": unknown field minProvisionedTps '
            '(did you mean "minProvisionedTPS"?)'
        ),
    ),
    "ignore nowhere": (
        ENVELOPE,
        "lifecycle: {ignore: [roleArn]}",
        '4:22 lifecycle.ignore[0]: invalid path "roleArn": expected one that begins with spec. or tags.',
    ),
    "no run": (ENVELOPE, "run: {when: [config]}", "4:1 run: DatasetGroup is not a run: remove the field"),
    "when": (
        TRAINING,
        "run: {when: [cfg]}",
        '8:14 run.when[0]: invalid value "cfg": expected config or data (did you mean "config"?)',
    ),
    "every": (
        TRAINING,
        "run: {every: 7 days}",
        '8:7 run.every: invalid duration "7 days": expected e.g. 90m, 5h, 7d, 2w',
    ),
    "limits": (
        ENVELOPE,
        "lifecycle: {bounds: {spec.minProvisionedTPS: {min: 5, max: 2}}}",
        "4:22 lifecycle.bounds.spec.minProvisionedTPS: min 5 is above max 2",
    ),
}


@pytest.mark.parametrize(("form", "put", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_at_its_place(folder: Folder, form: str, put: str, told: str) -> None:
    """Each problem has its place, its field and, where one is near, its remedy."""
    folder.write("a.yaml", form.replace("@", put))

    found = folder.problems()

    assert found == [f"a.yaml:{line}" for line in told.splitlines()]


def test_all_problems_come_at_once_in_reading_order(folder: Folder) -> None:
    """Problems of all files and documents are reported together, sorted by file, line and column."""
    folder.write("b.yaml", "{kind: Filter, name: f, spec: {datasetGroup: x, filterExpression: 5, y: z}}")
    folder.write("a.yaml", "{kind: Nothing, name: x}\n---\n{kind: DatasetGroup, name: x, spec: {domain: SHOP}}\n")

    places = [told.split(" ", 1)[0] for told in folder.problems()]

    assert places == ["a.yaml:1:2", "a.yaml:3:38", "b.yaml:1:49", "b.yaml:1:70"]


def test_every_wrong_reference_of_a_document_is_told(folder: Folder) -> None:
    """Two wrong references of a document are two problems."""
    folder.write(
        "a.yaml", "kind: Dataset\nname: d\nspec:\n  datasetGroup: Schema/x\n  schema: Filter/y\n  datasetType: Items\n"
    )

    assert [told.split(" ", 1)[0] for told in folder.problems()] == ["a.yaml:4:3", "a.yaml:5:3"]


def test_a_schema_takes_no_tags(folder: Folder) -> None:
    """Tags on a schema are a problem; default tags of the project are not."""
    folder.write("a.yaml", "kind: Schema\nname: s\nspec: {schema: {}}\ntags: {a: b}\n")

    assert folder.problem() == "a.yaml:4:1 tags: Schema cannot be tagged"


def test_documents_carry_the_tags_of_the_project(folder: Folder) -> None:
    """A document has the default tags of the project, overridden by its own."""
    folder.write("group.yaml", "{kind: DatasetGroup, name: g, spec: {}, tags: {team: search, a: b}}")

    (document,) = folder.load().desired.documents.values()

    assert document.tags == {"team": "search", "a": "b"}


@pytest.mark.parametrize(("first", "again"), [("x", "x"), ("red", "${word}")])
def test_a_document_declared_twice(folder: Folder, first: str, again: str) -> None:
    """The second document is the problem and has the place of the first, also if a variable makes its name."""
    folder.write("a.yaml", f"{{kind: DatasetGroup, name: {first}, spec: {{}}}}\n")
    folder.write("b.yaml", f"kind: DatasetGroup\nname: {again}\nspec: {{}}\n")

    assert folder.problem() == f"b.yaml:1:1 declared twice; the first declaration is at {folder.path}/a.yaml:1:1"


def test_a_name_too_long_with_the_suffix_of_the_target(folder: Folder) -> None:
    """A name is too long only for the target whose suffix makes it so."""
    name = "x" * 60
    folder.write("group.yaml", f"kind: DatasetGroup\nname: {name}\nspec: {{}}\n")

    folder.load("local")

    assert (
        folder.problem("prod")
        == f"group.yaml:2:1 name: the AWS name {name}-prod has 65 characters: expected at most 63"
    )


def test_garbage_is_collected_after_reading(folder: Folder) -> None:
    """Reading suspends garbage collection, and resumes it whether the manifests are valid or not."""
    folder.load()
    valid = gc.isenabled()
    folder.write("a.yaml", "kind: Unknown\nname: a\nspec: {}\n")
    with pytest.raises(ManifestError):
        folder.load()

    assert (valid, gc.isenabled()) == (True, True)
