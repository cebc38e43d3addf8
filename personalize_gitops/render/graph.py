"""The drawing of a plan's dependencies: boxes in columns, each right of all that it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from statistics import fmean

from personalize_gitops.model.address import Address
from personalize_gitops.model.graph import direct
from personalize_gitops.model.plan import Change, Plan

MOST = 300  # boxes; a larger drawing helps nobody

_CHARACTER, _LONGEST = 8, 40  # pixels; characters of a name in a box
_HEIGHT, _ROW, _GAP, _EDGE = 26, 38, 70, 8  # pixels


@dataclass(frozen=True)
class Box:
    """One change in the drawing. `x` and `y` are of its upper left corner."""

    address: Address
    action: str
    x: int
    y: int

    @property
    def label(self) -> str:
        """The address, as far as it fits into the box."""
        whole = str(self.address)
        return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1]}…"


@dataclass(frozen=True)
class Drawing:
    """Boxes of one size, and for each dependency the path of a line between two of them."""

    boxes: Sequence[Box]
    lines: Sequence[str]
    box_width: int
    width: int
    height: int
    box_height: int = _HEIGHT


def drawing_of(plan: Plan) -> Drawing | None:
    """Return the dependencies between the changes of a plan; None if there are none, or too many changes to draw."""
    changes = {change.address: change for change in plan.pending}
    needs = {
        address: sorted(need for need in plan.needs.get(address, ()) if need in changes) for address in sorted(changes)
    }
    joined = {address for user, of_user in needs.items() if of_user for address in (user, *of_user)}
    if not joined or len(joined) > MOST:
        return None
    return _drawn({address: changes[address] for address in needs if address in joined}, direct(needs))


def _drawn(changes: Mapping[Address, Change], needs: Mapping[Address, Sequence[Address]]) -> Drawing:
    columns = _columns(changes, needs)
    box_width = max(min(len(str(address)), _LONGEST) for address in changes) * _CHARACTER + 2 * _EDGE
    boxes = {
        address: Box(address, changes[address].action, _EDGE + x * (box_width + _GAP), _EDGE + y * _ROW)
        for x, column in enumerate(columns)
        for y, address in enumerate(column)
    }
    lines = [_line(boxes[need], boxes[user], box_width) for user in changes for need in needs[user]]
    width = len(columns) * (box_width + _GAP) - _GAP + 2 * _EDGE
    return Drawing(list(boxes.values()), lines, box_width, width, max(map(len, columns)) * _ROW + _EDGE)


def _columns(changes: Mapping[Address, Change], needs: Mapping[Address, Sequence[Address]]) -> list[list[Address]]:
    """Return the addresses in columns; within one, those with the same needs are neighbours."""
    depth: dict[Address, int] = {}
    for address in TopologicalSorter({user: needs[user] for user in changes}).static_order():
        depth[address] = 1 + max((depth[need] for need in needs[address]), default=-1)
    columns: list[list[Address]] = []
    places: dict[Address, float] = {}
    for column in range(max(depth.values()) + 1):
        found = [address for address in changes if depth[address] == column]
        found.sort(key=lambda address: (fmean([places[need] for need in needs[address]] or [0]), address))
        places |= {address: float(place) for place, address in enumerate(found)}
        columns.append(found)
    return columns


def _line(start: Box, end: Box, box_width: int) -> str:
    """Return a curve from the right of one box to the left of another, as a path of SVG."""
    x, y, to_x, to_y = start.x + box_width, start.y + _HEIGHT // 2, end.x, end.y + _HEIGHT // 2
    middle = (x + to_x) // 2
    return f"M{x} {y}C{middle} {y} {middle} {to_y} {to_x} {to_y}"
