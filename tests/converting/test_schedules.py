"""Schedules of EventBridge and ages as `run.every`."""

from __future__ import annotations

import pytest

from personalize_gitops.converting.schedules import age, every


@pytest.mark.parametrize(
    ("cron", "interval"),
    [
        ("cron(0 1 ? * SUN *)", "7d"),
        ("cron(0 1 ? * 1 *)", "7d"),
        ("cron(30 2 * * ? *)", "1d"),
        ("0 2 1/1 * ? *", "1d"),
        ("cron(0 0/6 * * ? *)", "6h"),
        ("cron(0 1,13 * * ? *)", "12h"),
        ("cron(0 * * * ? *)", "1h"),
        ("cron(*/15 * * * ? *)", "15m"),
        ("cron(0 1 ? * 1-7 *)", "1d"),
        ("cron(0 1 1 * ? *)", None),  # months differ in length
        ("cron(0 1 ? * MON-FRI *)", None),
        ("cron(0 1 ? * MON#1 *)", None),
        ("cron(0 1 L * ? *)", None),
        ("cron(0 1 ? * MON,THU *)", None),
        ("cron(0 */5 * * ? *)", None),  # four hours from 20:00 to midnight
        ("cron(0 1 ? JAN SUN *)", None),
        ("cron(0 1 ? * SUN 2026)", None),
        ("cron(0 1 ? * WED *)", "7d"),
    ],
)
def test_a_cron_expression_with_one_interval(cron: str, interval: str | None) -> None:
    """An expression becomes an interval only if every pause between two runs is equally long."""
    assert every(cron) == interval


@pytest.mark.parametrize("text", ["rate(7 days)", "weekly", "cron(0 1 * *)", "cron(0 x * * ? *)", "cron(0 25 * * ? *)"])
def test_no_cron_expression(text: str) -> None:
    """Text that is not a cron expression of six fields is refused."""
    with pytest.raises(ValueError, match=r".*"):
        every(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [("365 days", "365d"), ("1 day", "1d"), ("12 hours", "12h"), ("2 weeks", "2w"), ("2 months", None), ("soon", None)],
)
def test_an_age(text: str, span: str | None) -> None:
    """An age of fixed length becomes a duration; a month has none."""
    assert age(text) == span
