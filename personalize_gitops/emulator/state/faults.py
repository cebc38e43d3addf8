"""Failures on demand: what a test or a rehearsal wants to go wrong, as a list of frozen rules."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import Enum
from typing import Any

ANYTHING = "*"


class Deed(Enum):
    """What a rule does to the call it matches."""

    FAIL = "fail"  # the call is accepted, the work ends CREATE FAILED
    REFUSE = "refuse"  # the call is answered with an error and has no effect
    LOSE = "lose"  # the call has its effect, the client gets an error
    STICK = "stick"  # the call is accepted, the work never ends
    LAG = "lag"  # a list does not show yet what was created last
    MEDDLE = "meddle"  # somebody else makes a call of theirs just before


@dataclass(frozen=True)
class Rule:
    """One failure, for the next `times` calls it matches."""

    deed: Deed
    target: str  # an operation, a kind, Kind/name for one resource only, or * for anything
    times: int = 1
    code: str = ""
    message: str = ""
    seconds: float = 0  # how old something is before a lagging list shows it
    operation: str = ""  # what the meddler calls
    request: Mapping[str, Any] = field(default_factory=dict)

    def matches(self, deed: Deed, operation: str, kind: str, name: str) -> bool:
        """Whether the rule is about this call."""
        return deed is self.deed and self.target in (operation, kind, f"{kind}/{name}", ANYTHING)


class Faults:
    """The rules that wait for their call."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def fail(self, target: str, reason: str, times: int = 1) -> None:
        """Let the next matching create or update end CREATE FAILED with this reason."""
        self.rules.append(Rule(Deed.FAIL, target, times, message=reason))

    def refuse(self, target: str, code: str, message: str, times: int = 1) -> None:
        """Answer the next matching calls with an error, for instance ThrottlingException."""
        self.rules.append(Rule(Deed.REFUSE, target, times, code, message))

    def throttle(self, target: str = ANYTHING, times: int = 1) -> None:
        """A burst: refuse the next matching calls because there are too many."""
        self.refuse(target, "ThrottlingException", "Rate exceeded", times)

    def deny(self, target: str = ANYTHING, times: int = 1) -> None:
        """Refuse the next matching calls because the caller may not."""
        self.refuse(target, "AccessDeniedException", f"User is not authorized to perform: personalize:{target}", times)

    def expire(self, target: str = ANYTHING, times: int = 1) -> None:
        """Refuse the next matching calls because the caller's credentials are of yesterday."""
        message = "The security token included in the request is expired"
        self.refuse(target, "ExpiredTokenException", message, times)

    def lose_response(self, target: str, times: int = 1) -> None:
        """Carry out the next matching calls, but answer InternalFailure."""
        self.rules.append(Rule(Deed.LOSE, target, times, "InternalFailure", "The response was lost."))

    def stick(self, target: str, times: int = 1) -> None:
        """Let the next matching create stay in progress for ever."""
        self.rules.append(Rule(Deed.STICK, target, times))

    def lag(self, target: str, seconds: float = 60, times: int = 1) -> None:
        """Let the next matching lists leave out what was created in the last seconds, though describe shows it."""
        self.rules.append(Rule(Deed.LAG, target, times, seconds=seconds))

    def meddle(self, target: str, operation: str, request: Mapping[str, Any], times: int = 1) -> None:
        """Just before the next matching calls somebody else makes this one: an edit from outside between two calls."""
        self.rules.append(Rule(Deed.MEDDLE, target, times, operation=operation, request=request))

    def clear(self) -> None:
        """Forget all rules."""
        self.rules.clear()

    def take(self, deed: Deed, operation: str, kind: str = "", name: str = "") -> Rule | None:
        """The first rule about this call, used up by one."""
        for index, rule in enumerate(self.rules):
            if rule.matches(deed, operation, kind, name):
                if rule.times > 1:
                    self.rules[index] = replace(rule, times=rule.times - 1)
                else:
                    del self.rules[index]
                return rule
        return None


def written(rule: Rule) -> dict[str, Any]:
    """A rule as JSON has it, defaults left out."""
    defaults = asdict(Rule(rule.deed, rule.target))
    told = {name: value for name, value in asdict(rule).items() if value != defaults[name]}
    return {"deed": rule.deed.value, "target": rule.target, **told}


def read(given: Mapping[str, Any]) -> Rule:
    """The rule of some JSON; ValueError says what is wrong with it."""
    known = {entry.name: entry.type for entry in fields(Rule)}
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ValueError(f"a fault has no {', '.join(unknown)}; it has {', '.join(known)}")
    deeds = [deed.value for deed in Deed]
    if given.get("deed") not in deeds:
        raise ValueError(f"deed {given.get('deed')!r} is none of {', '.join(deeds)}")
    for name, type_ in (("target", str), ("code", str), ("message", str), ("operation", str), ("request", Mapping)):
        if not isinstance(given.get(name, "" if type_ is str else {}), type_):
            raise ValueError(f"{name} has the wrong type: {given[name]!r}")
    times, seconds = given.get("times", 1), given.get("seconds", 0)
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        raise ValueError(f"times must be a number from 1, found {times!r}")
    if not isinstance(seconds, int | float) or seconds < 0:
        raise ValueError(f"seconds must be a number from 0, found {seconds!r}")
    if not given.get("target"):
        raise ValueError("target is missing: an operation, a kind, Kind/name or *")
    rule = Rule(**{**given, "deed": Deed(given["deed"])})
    return replace(rule, code="ThrottlingException", message=rule.message or "Rate exceeded") if _bare(rule) else rule


def _bare(rule: Rule) -> bool:
    return rule.deed is Deed.REFUSE and not rule.code
