"""Write docs/changes.md, the page "What happens when I change X?", from the marks of the kinds: `make docs`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.change_class import ChangeClass, class_of, class_of_replacement, possible_strategies
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.members import members, notes, switch_of
from personalize_gitops.model.resource import Kinds, Replace, Resource, Run
from personalize_gitops.model.structure import Structure
from personalize_gitops.render.reasons import FACTS
from personalize_gitops.render.style import span

PAGE = Path(__file__).parents[1] / "docs" / "changes.md"

_Path = tuple[str, ...]  # to a member of a spec

_HEAD = """\
# What happens when I change X?

<!-- Written by `make docs` from the marks of the kinds; edit those. -->

Every member of every kind, by what becomes of the live object when the manifest says something else than before.
`personalize-gitops plan` says the same about the change at hand, with names and values, and touches nothing. Its JSON
carries `class`, `risk` (`none`, `cost`, `outage`, `data-loss`), what is lost in `loses`, and lines to read in `notes`.

| class | what happens |
|---|---|
| in place | One update. The object keeps its ARN and serves meanwhile. |
| in place, slow or costly | One update that takes its time, costs money or stops an endpoint; the tables say which. |
| another run | What was run stays as it is; the changed document runs again, under another name. |
| successor | A new object is made beside the old one (`NAME-2`), what refers to it moves, then the old one goes. No \
outage, but another ARN, and both count against the quota meanwhile. |
| recreate | Deleted, then made again under the same name and ARN. Between the two nothing answers. |
| recreate with loss | The same, and what only the object held is gone for good. |
| impossible | The plan is blocked, and says what to do instead. |

Where no update can do it, the strategy decides. Each kind has its own; `spec.defaults.replace: {KIND: STRATEGY}` of the
project changes it for a kind, `lifecycle: {replace: STRATEGY}` for one document:

- `successor`: with `lifecycle: {retireAfter: 7d}` the old one stays that long for clients that still use its ARN.
  Where a quota leaves no room beside it, the plan says so: it is recreated, or blocked where the document itself says
  `successor` or the kind is `forbid` by default.
- `recreate`: what stands on the object is in the plan as well, and has to be allowed to be recreated itself.
- `forbid`: the plan is blocked. It is the default where an application embeds the ARN or id, or where data is lost.

`lifecycle: {protect: true}` blocks every replacement and deletion, whatever the strategy.

**Tags** change in place on every kind that has them (Schema and MetricAttribution have none), at once and without cost.
**A name** is an identity: a document under another name is another resource. The new one is made, and the old one is
kept or, with `prune: true` on the target, deleted. Where there can be but one, such as a dataset of a type or an event
tracker in a dataset group, the plan is blocked instead.

Times are what is usual, not a promise; most are assumptions of the size people report.
"""

_SCHEMAS = """\
## Another schema for a dataset

White space, the order of JSON members, the order of a union (`["null", "int"]`) and attributes that are `false` mean
nothing. The order of columns does: the header of the CSV follows it.

- **Columns that accept null, added to Items or Users**: the schema gets a successor, and the dataset moves to it in
  place. Filters can use the columns once they are imported. Recommenders and solutions that exist go on training
  without them; the plan names each of them, and what to change for it to train on them.
- **Anything else** (another domain; a column that goes, gets another name, type or attribute, or does not accept null;
  any change to Interactions, Actions or Action_Interactions): the plan is blocked, and the way to the same end is in
  it, step by step, with the columns written out.
- **A schema that no dataset uses** gets a successor whatever changes.
"""

_HEADINGS = ("member", "what happens", "usually takes", "what it brings or costs", "what is lost")


@dataclass(frozen=True)
class _Row:
    """What the page says of a member, in the order of the columns."""

    happens: str
    takes: str
    brings: str
    lost: str


def page(kinds: Kinds) -> str:
    """The page as Markdown; the same for the same kinds."""
    chapters = ["\n".join(_chapter(kind)) for kind in kinds.values()]
    return "\n".join([_HEAD, _SCHEMAS, *chapters])


def _chapter(kind: type[Resource]) -> Iterator[str]:
    yield f"## {kind.kind()}\n"
    yield f"{_introduction(kind)}\n"
    yield f"| {' | '.join(_HEADINGS)} |"
    yield f"|{'---|' * len(_HEADINGS)}"
    paths: dict[_Row, list[_Path]] = {}
    for row, path in _rows(kind, kind, ()):
        paths.setdefault(row, []).append(path)
    for row, of_row in paths.items():
        names = ", ".join(f"`{'.'.join(path)}`" for path in of_row)
        yield f"| {names} | {row.happens} | {row.takes} | {row.brings} | {row.lost} |"
    yield ""


def _introduction(kind: type[Resource]) -> str:
    fixed = _fact(kind.immutable)
    why = f"{fixed[:1].upper()}{fixed[1:]}"
    if kind.is_run:
        return f"{why}: a changed member, or a change of what it refers to, is another run."
    if not why:
        return "Every member changes in place."
    only = f" A successor is not possible: {_fact(kind.no_successor)}." if kind.no_successor else ""
    return f"{why}. The rest changes by strategy: `{kind.replace}` unless told otherwise.{only}"


def _rows(kind: type[Resource], structure: type[Structure], above: _Path) -> Iterator[tuple[_Row, _Path]]:
    """Each member with what happens, a structure in the place of its members where the same happens to all of them."""
    for member in members(structure).values():
        path = (*above, member.alias)
        nested = member.structure and not member.ref
        inner = list(_rows(kind, member.structure, path)) if member.structure and nested else [(_row(kind, path), path)]
        if len({row for row, _ in inner}) == 1:
            yield inner[0][0], path
        else:
            yield from inner


def _row(kind: type[Resource], path: _Path) -> _Row:
    found = class_of(kind, path, kind.replace)
    match found:
        case ChangeClass.IN_PLACE | ChangeClass.COSTLY:
            brings = " ".join(f"{FACTS[note.fact][:1].upper()}{FACTS[note.fact][1:]}." for note in notes(kind, path))
            return _Row(found, _takes_in_place(kind, path), brings or "nothing", "nothing")
        case ChangeClass.RUN:
            return _Row(found, _usual(kind, "create"), _fact(kind.bills({})) or "nothing", _lost_by_run(kind))
        case ChangeClass.SUCCESSOR:
            lost = f"with the old one {_fact(kind.loses)}" if kind.loses else "nothing"
            return _Row(found, _usual(kind, "create"), _new_arn(kind), lost)
        case _:
            return _Row(_replaced(kind), _usual(kind, "delete", "create"), _meanwhile(kind), _lost(kind))


def _replaced(kind: type[Resource]) -> str:
    """What replaces an object that is not succeeded by itself."""
    anew = class_of_replacement(kind, Replace.RECREATE)
    if kind.replace is Replace.RECREATE:
        return anew
    choices = (
        f"`{way}`{' (with loss)' if way is Replace.RECREATE and kind.loses else ''}"
        for way in possible_strategies(kind)
    )
    return f"{ChangeClass.IMPOSSIBLE} unless you choose {' or '.join(choices)}"


def _takes_in_place(kind: type[Resource], path: _Path) -> str:
    if switch_of(kind) == path[0]:
        return f"{_usual(kind, 'stop')} to stop, {_usual(kind, 'start')} to start"
    return _usual(kind, "update")


def _usual(kind: type[Resource], *words: str) -> str:
    seconds = sum(kind.durations[word].total_seconds() for word in words if word in kind.durations)
    return span(seconds) if seconds else "at once"


def _new_arn(kind: type[Resource]) -> str:
    return f"another ARN; it {_fact(kind.bills({}))}" if kind.bills({}) else "another ARN"


def _meanwhile(kind: type[Resource]) -> str:
    gone = "it is not there meanwhile"
    return f"{gone}; a successor has {_new_arn(kind)}" if Replace.SUCCESSOR in possible_strategies(kind) else gone


def _lost(kind: type[Resource]) -> str:
    return _fact(kind.loses) or "nothing"


def _lost_by_run(kind: type[Resource]) -> str:
    overwritten = kind.overwrites({}) if issubclass(kind, Run) else None
    return f"by default it {_fact(overwritten)}" if overwritten else _lost(kind)


def _fact(fact: Fact | None) -> str:
    return FACTS[fact] if fact else ""


if __name__ == "__main__":
    PAGE.write_text(page(KINDS), encoding="utf-8")
