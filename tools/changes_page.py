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

What happens to the live object when a field of its manifest changes, for every field of every kind.
`personalize-gitops plan` shows the same for a particular change, with names and values, and changes nothing. The JSON
of a plan has `class`, `risk` (`none`, `cost`, `outage`, `data-loss`), `loses` and `notes` for each change.

| class | what happens |
|---|---|
| in place | One update. The object keeps its ARN and keeps serving. |
| in place, slow or costly | One update that takes long, costs money or stops an endpoint. The tables say which. |
| another run | The existing run stays. The changed document runs again, under another name. |
| successor | A second object is created (`NAME-2`), references move to it, then the first is deleted. No outage, but \
another ARN. Until then both count against the quota. |
| recreate | The object is deleted, then created again under the same name and ARN. In between, requests fail. |
| recreate with loss | As above, and data that only this object held is lost. |
| impossible | The plan is blocked, and shows how to reach the same result. |

If an update cannot make the change, the replacement strategy decides. Each kind has a default. Set
`spec.defaults.replace: {KIND: STRATEGY}` in the project for all documents of a kind, or
`lifecycle: {replace: STRATEGY}` in one document:

- `successor`: `lifecycle: {retireAfter: 7d}` keeps the old object that long for clients that still use its ARN. If the
  quota has no room for a second object, the plan says so and recreates the object. It is blocked instead if the
  document itself says `successor`, or if the default of the kind is `forbid`.
- `recreate`: resources that depend on the object are recreated too; each needs a strategy that permits it.
- `forbid`: the plan is blocked. This is the default of kinds whose ARN or id applications embed, and of kinds that hold
  data.

`lifecycle: {protect: true}` blocks every replacement and deletion, with any strategy.

**Tags** change in place, at once and without cost, on every kind that has them (Schema and MetricAttribution do not).
**A name** identifies a resource, so a document with another name is another resource: it is created, and the old one is
kept or, with `prune: true` in the target and `onRemove: delete`, deleted. If only one can exist, such as one event
tracker in a dataset group, the plan is blocked instead.

The times are typical values. Most are assumptions based on what users report.
"""

_SCHEMAS = """\
## Another schema for a dataset

White space, the order of JSON members, the order of a union (`["null", "int"]`) and attributes that are `false` do not
count as changes. The order of columns does, because the header of the CSV files follows it.

- **Nullable columns added to Items or Users**: the schema gets a successor, and the dataset moves to it in place.
  Filters can use the columns after the next import. Existing recommenders and solutions keep training without them;
  the plan lists each of them, and the change that makes it train on them.
- **Any other change** (another domain; a column that is removed, renamed or not nullable, or has another type or
  attribute; any change to Interactions, Actions or Action_Interactions): the plan is blocked, and lists the steps to
  the same result, with the columns written out.
- **A schema that no dataset uses** gets a successor for any change.
"""

_HEADINGS = ("field", "what happens", "usually takes", "side effects and cost", "what is lost")


@dataclass(frozen=True)
class _Row:
    """The cells of a member's row, in the order of the columns."""

    happens: str
    takes: str
    brings: str
    lost: str


def page(kinds: Kinds) -> str:
    """Return the page as Markdown."""
    chapters = ["\n".join(_chapter(kind)) for kind in kinds.values()]
    return "\n".join([_HEAD, _SCHEMAS, *chapters])


def _chapter(kind: type[Resource]) -> Iterator[str]:
    yield f"## {kind.kind_name()}\n"
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
    why = _capitalized(_fact(kind.immutable))
    if kind.is_run:
        return f"{why}: a changed field, or a change of a resource that it refers to, starts another run."
    if not why:
        return "Every field changes in place."
    only = f" A successor is not possible: {_fact(kind.no_successor)}." if kind.no_successor else ""
    return f"{why}. The default strategy for changes that no update can make is `{kind.replace}`.{only}"


def _rows(kind: type[Resource], structure: type[Structure], above: _Path) -> Iterator[tuple[_Row, _Path]]:
    """Yield each member with its row; a structure whose members all have the same row takes their place."""
    for member in members(structure).values():
        path = (*above, member.alias)
        nested = member.structure and not member.ref
        inner = list(_rows(kind, member.structure, path)) if member.structure and nested else [(_row(kind, path), path)]
        if len({row for row, _ in inner}) == 1:
            yield inner[0][0], path
        else:
            yield from inner


def outcome(kind: type[Resource], path: _Path) -> str:
    """Return what a change of the member at `path` does with the default strategy of its kind."""
    found = class_of(kind, path, kind.replace)
    return _replaced(kind) if found in (ChangeClass.RECREATE, ChangeClass.LOSS, ChangeClass.IMPOSSIBLE) else found


def _row(kind: type[Resource], path: _Path) -> _Row:
    found = class_of(kind, path, kind.replace)
    match found:
        case ChangeClass.IN_PLACE | ChangeClass.COSTLY:
            brings = " ".join(f"{_capitalized(_fact(note.fact))}." for note in notes(kind, path))
            return _Row(found, _takes_in_place(kind, path), brings or "nothing", "nothing")
        case ChangeClass.RUN:
            return _Row(found, _usual(kind, "create"), _fact(kind.bills({})) or "nothing", _lost_by_run(kind))
        case ChangeClass.SUCCESSOR:
            lost = f"with the old object: {_fact(kind.loses)}" if kind.loses else "nothing"
            return _Row(found, _usual(kind, "create"), _new_arn(kind), lost)
        case _:
            return _Row(_replaced(kind), _usual(kind, "delete", "create"), _meanwhile(kind), _lost(kind))


def _replaced(kind: type[Resource]) -> str:
    """Return the text for a change that needs a replacement other than a default successor."""
    if kind.replace is Replace.RECREATE:
        return class_of_replacement(kind, Replace.RECREATE)
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
    gone = "requests fail until it is created again"
    return f"{gone}; a successor has {_new_arn(kind)}" if Replace.SUCCESSOR in possible_strategies(kind) else gone


def _lost(kind: type[Resource]) -> str:
    return _fact(kind.loses) or "nothing"


def _lost_by_run(kind: type[Resource]) -> str:
    overwritten = kind.overwrites({}) if issubclass(kind, Run) else None
    return f"by default it {_fact(overwritten)}" if overwritten else _lost(kind)


def _fact(fact: Fact | None) -> str:
    """Return the sentence of a fact. Raises LookupError if it has none."""
    if fact and fact not in FACTS:
        raise LookupError(f"no sentence in render/reasons.py for Fact.{fact.name}: add it to FACTS")
    return FACTS[fact] if fact else ""


def _capitalized(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}"


if __name__ == "__main__":
    PAGE.write_text(page(KINDS), encoding="utf-8")
