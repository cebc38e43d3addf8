"""Faults: rules that make calls fail, or let other things go wrong, for tests and rehearsals."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import Enum
from math import inf
from typing import Any

ANYTHING = "*"


class Deed(Enum):
    """What a rule does to a call. The values are the words of the admin API and the command line."""

    FAIL = "fail"  # the call succeeds, but the resource or update that it starts ends CREATE FAILED
    REFUSE = "refuse"  # the client gets an error and the call has no effect
    LOSE = "lose"  # the call has its effect, but the client gets an error
    STICK = "stick"  # the call succeeds, but the resource that it creates never leaves CREATE IN_PROGRESS
    LAG = "lag"  # the response of a list lacks the newest resources
    MEDDLE = "meddle"  # another client makes a call of its own immediately before


@dataclass(frozen=True)
class Rule:
    """One fault, for the next `times` calls that match."""

    deed: Deed
    target: str  # an operation, a kind, Kind/name for one resource, or * for every call
    times: int = 1
    code: str = ""
    message: str = ""
    seconds: float = 0  # LAG: resources younger than this are missing
    operation: str = ""  # MEDDLE: the call of the other client
    request: Mapping[str, Any] = field(default_factory=dict)  # MEDDLE: its request

    def matches(self, deed: Deed, operation: str, kind: str, name: str) -> bool:
        """Return whether the rule does this to a call, given by its operation and by the resource it is about."""
        return deed is self.deed and self.target in (operation, kind, f"{kind}/{name}", ANYTHING)


class Faults:
    """The rules that still apply to future calls."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def fail(self, target: str, reason: str, times: int = 1) -> None:
        """Let the next creations or updates end CREATE FAILED with this reason."""
        self.rules.append(Rule(Deed.FAIL, target, times, message=reason))

    def refuse(self, target: str, code: str, message: str, times: int = 1) -> None:
        """Answer the next calls with an error, for instance ThrottlingException."""
        self.rules.append(Rule(Deed.REFUSE, target, times, code, message))

    def throttle(self, target: str = ANYTHING, times: int = 1) -> None:
        """Refuse the next calls with ThrottlingException."""
        self.refuse(target, "ThrottlingException", "Rate exceeded", times)

    def deny(self, target: str = ANYTHING, times: int = 1) -> None:
        """Refuse the next calls with AccessDeniedException."""
        self.refuse(target, "AccessDeniedException", f"User is not authorized to perform: personalize:{target}", times)

    def expire(self, target: str = ANYTHING, times: int = 1) -> None:
        """Refuse the next calls with ExpiredTokenException."""
        message = "The security token included in the request is expired"
        self.refuse(target, "ExpiredTokenException", message, times)

    def lose_response(self, target: str, times: int = 1) -> None:
        """Carry out the next calls, but answer them with InternalFailure."""
        self.rules.append(Rule(Deed.LOSE, target, times, "InternalFailure", "The response was lost."))

    def stick(self, target: str, times: int = 1) -> None:
        """Let the next creations stay CREATE IN_PROGRESS forever."""
        self.rules.append(Rule(Deed.STICK, target, times))

    def lag(self, target: str, seconds: float = 60, times: int = 1) -> None:
        """Let the next lists lack the resources created in the last `seconds`; Describe shows them."""
        self.rules.append(Rule(Deed.LAG, target, times, seconds=seconds))

    def meddle(self, target: str, operation: str, request: Mapping[str, Any], times: int = 1) -> None:
        """Let another client make a call immediately before each of the next calls."""
        self.rules.append(Rule(Deed.MEDDLE, target, times, operation=operation, request=request))

    def clear(self) -> None:
        """Remove all rules."""
        self.rules.clear()

    def take(self, deed: Deed, operation: str, kind: str = "", name: str = "") -> Rule | None:
        """Return the first rule that matches a call and reduce its `times` by one; None if no rule matches."""
        for index, rule in enumerate(self.rules):
            if rule.matches(deed, operation, kind, name):
                if rule.times > 1:
                    self.rules[index] = replace(rule, times=rule.times - 1)
                else:
                    del self.rules[index]
                return rule
        return None


def to_json(rule: Rule) -> dict[str, Any]:
    """Return a rule as JSON, without default values."""
    defaults = asdict(Rule(rule.deed, rule.target))
    given = {name: value for name, value in asdict(rule).items() if value != defaults[name]}
    return {"deed": rule.deed.value, "target": rule.target, **given}


def from_json(given: Mapping[str, Any]) -> Rule:
    """Return the rule of a JSON object. ValueError if the object is not a rule."""
    known = {entry.name: entry.type for entry in fields(Rule)}
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ValueError(f"unknown field {', '.join(unknown)}: a fault has {', '.join(known)}")
    deeds = [deed.value for deed in Deed]
    if given.get("deed") not in deeds:
        raise ValueError(f"deed must be one of {', '.join(deeds)}, found {given.get('deed')!r}")
    for name, type_ in (("target", str), ("code", str), ("message", str), ("operation", str), ("request", Mapping)):
        if not isinstance(given.get(name, "" if type_ is str else {}), type_):
            raise ValueError(f"{name} has the wrong type: {given[name]!r}")
    times, seconds = given.get("times", 1), given.get("seconds", 0)
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        raise ValueError(f"times must be a number from 1, found {times!r}")
    if not isinstance(seconds, int | float) or not 0 <= seconds < inf:
        raise ValueError(f"seconds must be a number from 0, found {seconds!r}")
    if not given.get("target"):
        raise ValueError("target is missing: an operation, a kind, Kind/name or *")
    rule = Rule(**{**given, "deed": Deed(given["deed"])})
    if rule.deed is Deed.REFUSE and not rule.code:
        return replace(rule, code="ThrottlingException", message=rule.message or "Rate exceeded")
    return rule
