"""From schedules and ages of other systems to `run.every`."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), start=1)}
_WEEK = 7 * 24 * 60  # minutes
_UNITS = {"w": _WEEK, "d": 1440, "h": 60, "m": 1}
_AGE = re.compile(r"(\d+)\s*(minute|hour|day|week)s?", re.IGNORECASE)


def every(cron: str) -> str | None:
    """Return the interval of a cron expression of EventBridge, such as `7d`; None if it is not always the same.

    Raises ValueError for text that is not such an expression.
    """
    inside = re.fullmatch(r"cron\((.*)\)", cron.strip(), re.IGNORECASE)
    fields = (inside[1] if inside else cron).split()
    if len(fields) != 6:
        raise ValueError(cron)
    minute, hour, day, month, weekday, year = fields
    if month != "*" or year != "*" or re.search("[LW#]", day + re.sub("WED", "", weekday.upper())):
        return None
    if day != "?" and _numbers(day, 1, 31) != set(range(1, 32)):
        return None  # months differ in length
    days = _numbers(weekday, 1, 7)
    times = [
        (each - 1) * 1440 + h * 60 + m for each in days for h in _numbers(hour, 0, 23) for m in _numbers(minute, 0, 59)
    ]
    return _interval(sorted(times))


def age(text: str) -> str | None:
    """Return an age such as `365 days` as `365d`; None if it has no fixed length."""
    found = _AGE.fullmatch(text.strip())
    return f"{int(found[1])}{found[2][0].lower()}" if found and int(found[1]) else None


def _interval(times: list[int]) -> str | None:
    """Return the distance of the times of a week if it is always the same."""
    following = [*times[1:], times[0] + _WEEK]
    gaps = {later - earlier for earlier, later in zip(times, following, strict=True)}
    if len(gaps) != 1:
        return None
    (gap,) = gaps
    unit = next(unit for unit, minutes in _UNITS.items() if gap % minutes == 0 and (unit, gap) != ("w", _WEEK))
    return f"{gap // _UNITS[unit]}{unit}"


def _numbers(field: str, first: int, last: int) -> set[int]:
    """Return the numbers that a field of a cron expression stands for. Raises ValueError if it is invalid."""
    found = {number for part in field.split(",") for number in _part(part, first, last)}
    if not found or min(found) < first or max(found) > last:
        raise ValueError(field)
    return found


def _part(part: str, first: int, last: int) -> Iterable[int]:
    span, slash, step = part.partition("/")
    begin, dash, end = span.partition("-")
    if span in ("*", "?"):
        begin, end = str(first), str(last)
    elif not dash:
        end = str(last) if slash else begin
    return range(_number(begin), _number(end) + 1, int(step) if slash else 1)


def _number(text: str) -> int:
    return _DAYS[text.upper()] if text.upper() in _DAYS else int(text)
