"""A time limit for a whole call: name resolution, connection, headers and body."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NoReturn, TypeVar

T = TypeVar("T")


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return the result of a call, or raise its error. Raises TimeoutError if it takes longer.

    The timeouts of sockets are for single reads: a name server that does not answer, or headers that arrive one by
    one, would extend them without end. A call that takes longer continues in its thread, which ends with the program.
    """
    ended: SimpleQueue[Callable[[], T]] = SimpleQueue()

    def work() -> None:
        try:
            result = call()
        except BaseException as error:
            ended.put(_raising(error))
        else:
            ended.put(lambda: result)

    Thread(target=work, daemon=True).start()
    try:
        outcome = ended.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    return outcome()


def _raising(error: BaseException) -> Callable[[], NoReturn]:
    def outcome() -> NoReturn:
        raise error

    return outcome
