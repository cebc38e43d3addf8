"""A saved plan does what it showed, or refuses with exit code 6."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it comes with moto, without types
import pytest

from personalize_gitops.render.json import seal_of, written
from tests.support.project import Project, Result

MANIFESTS = """
kind: Project
name: shop
spec: {targets: {local: {emulator: {}}}}
---
kind: DatasetGroup
name: shop
spec: {}
---
kind: Solution
name: home
spec:
  datasetGroup: shop
  recipe: aws-similar-items
  performAutoTraining: false
  solutionConfig: {algorithmHyperParameters: {popularity_discount_factor: 0.3}}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """A dataset group and a solution, not applied yet."""
    project = Project(tmp_path)
    project.write("shop.yaml", MANIFESTS)
    return project


@pytest.fixture
def saved(shop: Project) -> Path:
    """The plan of a shop that nothing was applied of yet."""
    assert shop.run("plan", "--out", "plan.json").code == 2
    return shop.folder / "plan.json"


def test_a_saved_plan_is_applied_as_it_is(shop: Project, saved: Path) -> None:
    """It holds as long as nothing has changed, and says when there is nothing left to do."""
    assert shop.run("apply", str(saved), "--auto-approve").code == 0

    again = shop.run("apply", str(saved), "--auto-approve")

    assert again.code == 0
    assert "is already applied" in again.err


def test_an_interrupted_plan_is_continued(shop: Project, saved: Path) -> None:
    """The file holds as long as only its own changes were made, and names what else has changed."""
    assert shop.run("apply", str(saved), "--no-wait").code == 9
    assert shop.run("apply", str(saved)).code == 0
    assert "is already applied" in shop.run("apply", str(saved)).err

    shop.edit("shop.yaml", "performAutoTraining: false", "performAutoTraining: true")
    assert shop.run("apply", "--auto-approve").code == 0
    shop.edit("shop.yaml", "performAutoTraining: true", "performAutoTraining: false")

    result = shop.run("apply", str(saved))

    assert result.code == 6
    assert "Solution/home is not as saved (now: update)" in result.err


def test_a_removed_document_is_not_an_applied_plan(shop: Project, saved: Path) -> None:
    """Without the documents nothing is left to do, but the manifests are others than those of the plan."""
    text = (shop.manifests / "shop.yaml").read_text()
    shop.write("shop.yaml", text.split("---\nkind: Solution")[0])

    result = shop.run("apply", str(saved))

    assert result.code == 6
    assert "the manifests differ; plan again" in result.err


@pytest.mark.parametrize("name", ["project", "target", "applyable", "summary", "madeAt", "adopt", "changes", "tool"])
def test_an_edited_plan_is_refused(shop: Project, saved: Path, name: str) -> None:
    """Whichever member of the file differs from the plan made now, apply changes nothing."""
    content = json.loads(saved.read_text())
    match content[name]:
        case bool():
            content[name] = not content[name]
        case str():
            content[name] = f"{content[name]}x"
        case float() | int():
            content[name] += 1
        case list():
            content[name][0]["awsName"] = "other"
        case _:
            content[name] = {**content[name], **({"region": "eu-west-3"} if name == "target" else {"create": 1})}
    saved.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")

    assert shop.run("apply", str(saved), "--auto-approve").code == 6


def resealed(path: Path, forge: Callable[[Any, Any], object]) -> None:
    """Edit a plan file, which has a last change, and recompute its seal as the program does."""
    content = json.loads(path.read_text())
    forge(content, content["changes"][-1])
    path.write_text(written({**content, "seal": seal_of(content)}))


FORGED: dict[str, Callable[[Any, Any], object]] = {
    "format": lambda plan, _: plan.update(formatVersion="1.1"),
    "project": lambda plan, _: plan.update(project="shoe"),
    "account": lambda plan, _: plan["target"].update(account="210987654321"),
    "region": lambda plan, _: plan["target"].update(region="eu-west-3"),
    "applyable": lambda plan, _: plan.update(applyable=False),
    "refusal": lambda plan, _: plan.update(refusal="no"),
    "choice": lambda plan, _: plan.update(only=["Solution/home"]),
    "no change": lambda plan, _: plan["changes"].pop(),
    "a change more": lambda plan, _: plan["changes"].append("Solution/home"),
    "risk": lambda _, change: change.update(risk="none"),
    "risk beside another field": lambda _, change: change.update(risk="none", fields=change["fields"] * 2),
    "name": lambda _, change: change.update(awsName="shoe"),
    "action": lambda _, change: change.update(action="adopt"),
    "no field": lambda _, change: change["fields"].pop(),
    "value": lambda _, change: change["fields"][0].update(after="no"),
    "object": lambda _, change: change.update(created=0.0),
    "no object": lambda _, change: change.update(reliesOn=["shop"]),
    "no fields": lambda _, change: change.pop("fields"),
}


@pytest.mark.parametrize("begun", [False, True], ids=["not begun", "begun"])
def test_a_recomputed_seal_helps_nobody(shop: Project, saved: Path, begun: bool) -> None:
    """The file is compared with the plan made now, member by member, also if a part of it is done."""
    assert shop.run("apply", str(saved)).code == 0
    shop.edit("shop.yaml", "performAutoTraining: false", "performAutoTraining: true")
    shop.write("more.yaml", "kind: DatasetGroup\nname: more\nspec: {}\n")
    shop.run("plan", "--out", "plan.json")
    if begun:
        shop.run("apply", "--exclude", "Solution/home", "--auto-approve")
    original, found = saved.read_text(), {}
    for name, forge in FORGED.items():
        saved.write_text(original)
        resealed(saved, forge)
        result = shop.run("apply", str(saved))
        found[name] = (result.code, result.out)

    assert {name: result for name, result in found.items() if result != (6, "")} == {}
    saved.write_text(original)
    assert shop.run("apply", str(saved)).code == 0


def test_a_summary_that_does_not_fit_is_refused(shop: Project, saved: Path) -> None:
    """The counts that people read belong to the changes, whatever the seal says."""
    resealed(saved, lambda plan, _: plan["summary"].update(unchanged=7))

    assert shop.run("apply", str(saved)).code == 6


def flipped(shop: Project, saved: Path, patterns: Callable[[int], Iterable[int]]) -> dict[tuple[int, int], int]:
    """Flip every byte of a plan file in turn with the patterns of its position; return the exit codes other than 6."""
    original = saved.read_bytes()
    codes: dict[tuple[int, int], int] = {}
    for position, byte in enumerate(original):
        for pattern in patterns(position):
            saved.write_bytes(original[:position] + bytes([byte ^ pattern]) + original[position + 1 :])
            if (code := shop.run("apply", str(saved)).code) != 6:
                codes[position, pattern] = code
    saved.write_bytes(original)
    return codes


def test_every_flipped_byte_is_refused(shop: Project, saved: Path) -> None:
    """A byte changed anywhere, even in white space, makes the file unusable; unchanged, it is applied."""
    shop.run("plan", "--only", "DatasetGroup/shop", "--out", "plan.json")

    assert flipped(shop, saved, lambda position: [1 << position % 8]) == {}
    assert shop.run("apply", str(saved)).code == 0


@pytest.mark.slow
def test_every_flipped_bit_is_refused(shop: Project, saved: Path) -> None:
    """The same for each bit of each byte, and for all of them at once."""
    assert flipped(shop, saved, lambda _: [*(1 << bit for bit in range(8)), 255]) == {}


def test_half_a_plan_is_refused_as_edited(shop: Project, saved: Path) -> None:
    """A plan file that lost its end is told apart from a file that never was a plan."""
    original = saved.read_bytes()
    saved.write_bytes(original[: len(original) // 2])

    result = shop.run("apply", str(saved), "--auto-approve")

    assert result.code == 6
    assert "was edited after it was written; plan again" in result.err


@pytest.mark.parametrize("levels", [900, 100_000])
def test_a_deeply_nested_plan_is_refused_as_edited(shop: Project, saved: Path, levels: int) -> None:
    """A value that is nested too deeply to be parsed, or to be written again, is an edit like any other."""
    deep = f'"deep": {"[" * levels}{"]" * levels}, "madeAt": '
    saved.write_text(saved.read_text().replace('"madeAt": ', deep, 1))

    result = shop.run("apply", str(saved), "--auto-approve")

    assert result.code == 6
    assert "was edited after it was written; plan again" in result.err


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace('"shop"', r'"\ud800"').encode(),
        lambda text: b"\xff" + text.encode(),
    ],
    ids=["UTF-16", "byte order mark", "lone surrogate", "not UTF-8"],
)
def test_a_plan_in_another_encoding_is_refused(shop: Project, saved: Path, edit: Callable[[str], bytes]) -> None:
    """What an editor or a shell made of the file is an edit, never a traceback."""
    saved.write_bytes(edit(saved.read_text()))

    result = shop.run("apply", str(saved), "--auto-approve")

    assert result.code == 6
    assert "Traceback" not in result.err


def test_a_shorter_retirement_makes_a_plan_stale(shop: Project, saved: Path) -> None:
    """What would be done to the old object is part of the plan: `retireAfter` that is removed later counts."""
    shop.run("apply", "--auto-approve")
    shop.edit("shop.yaml", "popularity_discount_factor: 0.3", "popularity_discount_factor: 0.5")
    shop.edit("shop.yaml", "name: home\n", "name: home\nlifecycle: {retireAfter: 7d}\n")
    assert shop.run("plan", "--out", "plan.json").code == 2
    shop.edit("shop.yaml", "lifecycle: {retireAfter: 7d}\n", "")

    assert shop.run("apply", str(saved), "--auto-approve").code == 6


def test_the_file_has_the_whole_fingerprint(shop: Project) -> None:
    """The file has 64 digits, the text the first 12 of them."""
    shown = shop.run("plan", "--out", "plan.json").out

    fingerprint = json.loads((shop.folder / "plan.json").read_text())["fingerprint"]
    assert len(fingerprint) == 64
    assert f"Fingerprint {fingerprint[:12]}." in shown


def test_a_plan_that_holds(shop: Project, saved: Path) -> None:
    """`plan --check` answers with 0 before, during and after its apply, and says what is left; nothing is changed."""
    state = shop.folder / ".personalize-gitops" / "local"

    before = shop.run("plan", "--check", str(saved))
    untouched = not state.exists() or not [*state.rglob("*.json")]
    assert shop.run("apply", str(saved), "--no-wait").code == 9
    kept = contents(state)
    during = shop.run("plan", "--check", str(saved), "--output", "json")
    assert (contents(state), untouched) == (kept, True)
    assert shop.run("apply", str(saved)).code == 0
    after = shop.run("plan", "--check", str(saved))

    assert before.code == during.code == after.code == 0
    assert "Left to apply: 2 to create." in before.out
    assert checked(during)["left"] == 2
    assert "It is already applied." in after.out


def test_a_plan_that_does_not_hold(shop: Project, saved: Path) -> None:
    """`plan --check` answers with 6 and the list of what moved, in text and JSON, as `apply` would refuse it."""
    shop.edit("shop.yaml", "performAutoTraining: false", "performAutoTraining: true")
    shop.run("apply", "--auto-approve")
    shop.edit("shop.yaml", "performAutoTraining: true", "performAutoTraining: false")

    text, machine = shop.run("plan", "--check", str(saved)), shop.run("plan", "--check", str(saved), "--output", "json")

    assert text.code == machine.code == shop.run("apply", str(saved)).code == 6
    assert "Solution/home is not as saved (now: update)" in text.out
    assert [each["code"] for each in checked(machine)["moved"]] == ["change_differs"]


def test_a_check_after_an_edit_names_the_changes(shop: Project, saved: Path) -> None:
    """With other manifests, what differs for that is in the list; also if they do not allow the choices any more."""
    shop.run("plan", "--only", "Solution/home", "--out", "only.json")
    shop.write("more.yaml", "kind: DatasetGroup\nname: more\nspec: {}\n")

    edited = checked(shop.run("plan", "--check", str(saved), "--output", "json"))
    shop.edit("shop.yaml", "name: home", "name: other")
    removed = shop.run("plan", "--check", "only.json")

    assert [each["text"] for each in edited["moved"]] == [
        "the manifests differ",
        "DatasetGroup/more is not in the plan (now: create)",
    ]
    assert removed.code == 6
    assert "the manifests differ" in removed.out


def test_a_check_tells_an_edited_file(shop: Project, saved: Path) -> None:
    """An edited plan does not hold; a file that never was a plan is an error."""
    saved.write_text(saved.read_text().replace("shop", "shoe"))
    (shop.folder / "other.json").write_text("{}")

    result = shop.run("plan", "--check", str(saved), "--output", "json")

    assert result.code == 6
    assert [each["code"] for each in checked(result)["moved"]] == ["plan_edited"]
    assert shop.run("plan", "--check", "other.json").code == 1


@pytest.mark.parametrize(
    "options",
    [
        ["--out", "x.json"],
        ["--destroy"],
        ["--exit-zero"],
        ["--adopt"],
        ["--only", "Solution/home"],
        ["--output", "html"],
    ],
)
def test_a_check_takes_no_choices(shop: Project, saved: Path, options: list[str]) -> None:
    """What would make another plan is refused before anything is read."""
    result = shop.run("plan", "--check", str(saved), *options)

    assert result.code == 1
    assert f"it excludes {options[0]}" in result.err


def test_output_replaces_a_file_in_one_step(shop: Project) -> None:
    """A reader of an older file keeps it whole, a link keeps its target, and what is no file is written to."""
    old, real = shop.folder / "old.json", shop.folder / "real.json"
    for path in (old, real):
        path.write_text("old")
    (shop.folder / "link.json").symlink_to(real)

    with old.open() as reader:
        shop.run("plan", "--output", "json=old.json", "--out", "link.json", "--output", "json=/dev/null")

        assert reader.read() == "old"
    assert json.loads(old.read_text())["summary"] == json.loads(real.read_text())["summary"]
    assert (shop.folder / "link.json").is_symlink()
    assert sorted(path.name for path in shop.folder.glob("*.json")) == ["link.json", "old.json", "real.json"]


def checked(result: Result) -> Any:
    """The document of a check, held to its schema."""
    content = json.loads(result.out)
    jsonschema.validate(content, json.loads(files("personalize_gitops").joinpath("schemas/check.json").read_text()))
    return content


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file below a folder."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
