"""The definitions of the offline metrics (docs/service/2 §9.2). `hits` says of each result whether it is relevant."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log2
from statistics import fmean

Hits = Sequence[bool]


def reciprocal_rank(hits: Hits, size: int) -> float:
    """Return 1 ÷ the position of the first hit; 0 without one among the first `size` results."""
    return next((1 / position for position, hit in enumerate(hits[:size], start=1) if hit), 0.0)


def discounted_gain(hits: Hits, size: int, relevant: int) -> float:
    """Return the normalized discounted cumulative gain; `relevant` is how many hits there could be."""
    gain = sum(1 / log2(1 + position) for position, hit in enumerate(hits[:size], start=1) if hit)
    ideal = sum(1 / log2(1 + position) for position in range(1, min(size, relevant) + 1))
    return gain / ideal if ideal else 0.0


def precision(hits: Hits, size: int) -> float:
    """Return the hits among the first `size` results ÷ `size`."""
    return sum(hits[:size]) / size


def precision_of_action(predicted: Collection[str], takers: Collection[str]) -> float:
    """Return the users who take an action ÷ those it is recommended to."""
    return len({*predicted} & {*takers}) / len(predicted) if predicted else 0.0


def recall_of_action(predicted: Collection[str], takers: Collection[str]) -> float:
    """Return the users who are predicted to take an action ÷ those who take it."""
    return len({*predicted} & {*takers}) / len(takers) if takers else 0.0


def area_under_curve(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the share of pairs in which the positive case has the greater score; equal scores count half."""
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    return fmean(pairs) if pairs else 0.0


def average_rewards(
    results: Sequence[str], relevant: Collection[str], rewards: Mapping[str, float], size: int
) -> float:
    """Return the reward of the relevant items among the `size` results of the highest reward ÷ that of all results."""
    of_all = sum(rewards.get(item, 0.0) for item in results if item in relevant)
    highest = sorted(results, key=lambda item: -rewards.get(item, 0.0))[:size]
    return sum(rewards.get(item, 0.0) for item in highest if item in relevant) / of_all if of_all else 0.0


def trend_accuracy(recommended: Iterable[str], growth: Mapping[str, float], size: int) -> float:
    """Return the growth of the recommended items ÷ that of the items that grow most; both at least 0."""
    best = sum(sorted((value for value in growth.values() if value > 0), reverse=True)[:size])
    got = sum(max(growth.get(item, 0.0), 0.0) for item in recommended)
    return got / best if best else 0.0


def mean(values: Iterable[float]) -> float:
    """Return the mean; 0 of nothing."""
    found = list(values)
    return fmean(found) if found else 0.0
