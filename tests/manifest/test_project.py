"""The project file, its targets, and their patches."""

from __future__ import annotations

import pytest

from personalize_gitops.errors import InvalidChoice, ManifestError
from personalize_gitops.manifest.load import load, load_all
from personalize_gitops.model.address import Address
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import because
from personalize_gitops.render.reasons import full_text
from tests.manifest.writing import PROJECT, Folder

CAMPAIGN = """\
kind: Campaign
name: c
spec:
  solutionVersion: arn:aws:personalize:eu-west-1:111122223333:solution/s/1
  minProvisionedTPS: ${tps}
  campaignConfig: {itemExplorationConfig: {explorationWeight: 0.3, explorationItemAgeCutOff: 30}}
tags: {a: b}
"""


def test_no_folder(folder: Folder) -> None:
    """The error has the option, the folder and the reason."""
    with pytest.raises(InvalidChoice) as refused:
        load(folder.path / "nowhere")

    assert refused.value.option == "--manifests"
    assert refused.value.reason == because(ManifestCode.NO_FOLDER)


def test_no_project(folder: Folder) -> None:
    """A missing project is a problem, reported together with those of the documents."""
    (folder.path / "project.yaml").unlink()
    folder.write("a.yaml", "{kind: Nothing, name: x}")

    assert folder.problems() == [
        'a.yaml:1:2 kind: unknown kind "Nothing"',
        (
            "project.yaml:1:1 no document of kind Project: expected one in the manifests "
            "(begin with `personalize-gitops init`, which writes a project)"
        ),
    ]


def test_variables_are_no_problem_while_there_is_no_project(folder: Folder) -> None:
    """Without a project the values of variables are unknown, so documents that use them are not checked."""
    (folder.path / "project.yaml").unlink()
    folder.write("a.yaml", CAMPAIGN)

    assert len(folder.problems()) == 1


def test_a_second_project(folder: Folder) -> None:
    """The second document is the problem, and its message has the place of the first."""
    folder.write("second.yaml", PROJECT)

    assert folder.problem() == (
        f"second.yaml:1:1 second document of kind Project; the first is at {folder.path}/project.yaml:1:1 "
        "(keep one of them, with the targets of both)"
    )


WRONG = {
    "defaultTarget: local": (
        "defaultTarget: locl",
        '4:3 spec.defaultTarget: unknown target "locl" (did you mean "local"?)',
    ),
    "tags: {team: discovery}": (
        "defaults: {replace: {Filtr: forbid}}",
        '5:24 spec.defaults.replace.Filtr: unknown kind "Filtr" (did you mean "Filter"?)',
    ),
    "word: red": (
        "word: [red]",
        "6:23 spec.variables.word: expected text, a whole number, a number or true or false, found a list",
    ),
    "region: eu-west-1": (
        "regoin: eu-west-1",
        '9:37 spec.targets.prod.regoin: unknown field (did you mean "region"?)',
    ),
    '"111122223333"': (
        "111122223333",
        "9:12 spec.targets.prod.account: expected text, found 111122223333",
    ),
    ", naming": (
        ", lock: s3://Locks, naming",
        (
            '9:56 spec.targets.prod.lock: invalid lock "s3://Locks": '
            "expected an object in S3, such as s3://bucket/locks/prod.json"
        ),
    ),
    "-prod}": (
        "_pröd}",
        (
            '9:65 spec.targets.prod.naming.suffix: invalid value "_pröd": '
            "expected letters, digits, - and _, such as -staging"
        ),
    ),
    "{emulator: {}}": (
        "{emulator: {}, profile: x}",
        "8:5 spec.targets.local: the embedded emulator does not accept profile",
    ),
    "name: shop": (
        "name: my shop",
        (
            '2:1 name: invalid value "my shop": '
            "expected a name of letters, digits, - and _ that begins with a letter or digit, such as for-you"
        ),
    ),
}


@pytest.mark.parametrize(("before", "after", "told"), [(k, *v) for k, v in WRONG.items()], ids=WRONG)
def test_what_is_wrong_with_a_project(folder: Folder, before: str, after: str, told: str) -> None:
    """Each problem has its place, its field and its remedy."""
    folder.write("project.yaml", PROJECT.replace(before, after))

    assert folder.problem() == f"project.yaml:{told}"


def test_a_target_there_is_not(folder: Folder) -> None:
    """The error suggests the nearest target, or lists all of them."""
    with pytest.raises(InvalidChoice) as near:
        folder.load("prd")
    with pytest.raises(InvalidChoice) as far:
        folder.load("x")

    assert full_text(near.value.reason, near.value.suggestion) == 'unknown target "prd"; did you mean "prod"?'
    assert full_text(far.value.reason, far.value.suggestion) == 'unknown target "x"; use local or prod'


def test_no_default_target(folder: Folder) -> None:
    """A target must be chosen among several without a default; a single one is chosen automatically."""
    text = PROJECT.replace("  defaultTarget: local\n", "")
    folder.write("project.yaml", text)

    with pytest.raises(InvalidChoice) as refused:
        folder.load()
    assert refused.value.reason.code is ManifestCode.NO_TARGET

    folder.write("project.yaml", text[: text.index("    prod:")])
    assert folder.load().target_name == "local"


def test_a_patch_changes_what_it_names(folder: Folder) -> None:
    """A patch merges members at every depth, null removes one, and other targets keep the original."""
    folder.write("campaign.yaml", CAMPAIGN)
    folder.write(
        "targets/prod/any.yaml",
        "kind: Campaign\nname: c\nspec:\n  minProvisionedTPS: null\n  campaignConfig: {itemExplorationConfig: "
        "{explorationWeight: 0.9, explorationItemAgeCutOff: ~}}\ntags: {c: d}\n",
    )

    prod = folder.load("prod").desired.documents[Address("Campaign", "c")]
    local = folder.load("local").desired.documents[Address("Campaign", "c")]

    assert prod.attributes["campaignConfig"]["itemExplorationConfig"] == {"explorationWeight": "0.9"}
    assert "minProvisionedTPS" not in prod.attributes
    assert prod.tags == {"team": "discovery", "a": "b", "c": "d"}
    assert prod.aws_name == "c-prod"
    assert local.attributes["minProvisionedTPS"] == 2


def test_the_place_of_a_patched_value_is_the_patch(folder: Folder) -> None:
    """A problem with a patched value has its place in the patch."""
    folder.write("campaign.yaml", CAMPAIGN)
    folder.write("targets/prod/any.yaml", "kind: Campaign\nname: c\nspec:\n  minProvisionedTPS: 0\n")

    told = "targets/prod/any.yaml:4:3 minProvisionedTPS: expected a number of at least 1, found 0"

    assert folder.problem("prod") == told
    assert folder.load("local")


def test_a_patch_without_its_document(folder: Folder) -> None:
    """The message has the missing document, and suggests the nearest one."""
    folder.write("targets/local/any.yaml", "{kind: DatasetGroup, name: gg, spec: {}}\n---\n{spec: {}}\n")

    assert folder.problems() == [
        (
            "targets/local/any.yaml:1:1 a patch must change a declared document: DatasetGroup/gg is not declared "
            '(did you mean "DatasetGroup/g"?)'
        ),
        "targets/local/any.yaml:3:1 a patch must have the kind and the name of the document that it changes",
    ]


def test_patches_for_a_target_there_is_not(folder: Folder) -> None:
    """A folder of patches for a target that does not exist is a problem for every target."""
    folder.write("targets/prd/any.yaml", "{kind: DatasetGroup, name: g, spec: {}}\n")

    assert folder.problem() == 'targets/prd/any.yaml:1:1 unknown target "prd" (did you mean "prod"?)'


def test_every_target_is_checked(folder: Folder) -> None:
    """Loading all targets finds problems of any target, and reports a problem of several targets once."""
    folder.write("campaign.yaml", CAMPAIGN)
    folder.write("targets/prod/any.yaml", "kind: Campaign\nname: c\nspec: {minProvisionedTPS: 0}\n")
    folder.write("x.yaml", "{kind: DatasetGroup, name: x, spec: {a: b}}")

    with pytest.raises(ManifestError) as caught:
        load_all(folder.path, env={})

    assert [str(problem.field) for problem in caught.value.problems] == ["minProvisionedTPS", "a"]


def test_unreadable_files_are_told(folder: Folder) -> None:
    """A folder named like a manifest is searched; a link to itself is an unreadable file."""
    folder.write("deep.yaml/x.yaml", "{kind: DatasetGroup, name: x, spec: {}}")
    assert len(folder.load().desired.documents) == 2

    loop = folder.path / "loop.yaml"
    loop.symlink_to("loop.yaml")

    assert folder.problem() == f"loop.yaml:1:1 cannot read {loop}: Too many levels of symbolic links"
