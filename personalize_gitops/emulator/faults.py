"""Failures on demand: what a test or a rehearsal wants to go wrong, as a list of frozen rules."""

from dataclasses import dataclass, replace
from enum import Enum


class Deed(Enum):
    """What a rule does to the call it matches."""

    FAIL = "fail"  # the call is accepted, the work ends CREATE FAILED
    REFUSE = "refuse"  # the call is answered with an error and has no effect
    LOSE = "lose"  # the call has its effect, the client gets an error
    STICK = "stick"  # the call is accepted, the work never ends


@dataclass(frozen=True)
class Rule:
    """One failure, for the next `times` calls it matches."""

    deed: Deed
    target: str  # an operation, or a kind, or Kind/name for one resource only
    times: int = 1
    code: str = ""
    message: str = ""

    def matches(self, deed: Deed, operation: str, kind: str, name: str) -> bool:
        """Whether the rule is about this call."""
        return deed is self.deed and self.target in (operation, kind, f"{kind}/{name}")


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

    def lose_response(self, target: str, times: int = 1) -> None:
        """Carry out the next matching calls, but answer InternalFailure."""
        self.rules.append(Rule(Deed.LOSE, target, times, "InternalFailure", "The response was lost."))

    def stick(self, target: str, times: int = 1) -> None:
        """Let the next matching create stay in progress for ever."""
        self.rules.append(Rule(Deed.STICK, target, times))

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
