"""How far two samples of numbers are apart."""

from collections.abc import Sequence

import numpy as np


def kolmogorov_smirnov(a: Sequence[float], b: Sequence[float]) -> float:
    """The largest gap between the two shares of values up to any bound: 0 for the same values, 1 for values that don't mix."""
    places = np.concatenate([a, b])
    up_to = lambda values: np.searchsorted(np.sort(values), places, side='right') / len(values)
    return float(np.abs(up_to(a) - up_to(b)).max())


def chance_gap(count_a: int, count_b: int) -> float:
    """The gap that samples of one continuous distribution exceed 1 time in 20 (Smirnov's limit, for large samples)."""
    return 1.358 * ((count_a + count_b) / (count_a * count_b)) ** 0.5
