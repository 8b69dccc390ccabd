"""Shares of solved boards with their intervals, and how well q tells right rollouts from wrong ones."""

import math

import numpy as np


def wilson(right: float, n: int) -> tuple[float, float]:
    """95% interval of a share, in percent (Wilson 1927)."""
    if n == 0:
        return 0.0, 100.0
    z, p = 1.959964, right / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return round(100 * (middle - half), 1), round(100 * (middle + half), 1)


def auroc(q: np.ndarray, right: np.ndarray) -> float | None:
    """The chance that a right rollout has a larger q than a wrong one, ties counting half; None without both."""
    good, bad = q[right], q[~right]
    if len(good) == 0 or len(bad) == 0:
        return None
    _, place, tied = np.unique(np.concatenate([good, bad]), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(tied) - (tied - 1) / 2)[place]  # of those that are tied the middle
    return round((ranks[: len(good)].sum() - len(good) * (len(good) + 1) / 2) / (len(good) * len(bad)), 4)


def mode_of(answers: np.ndarray) -> np.ndarray:
    """[n]: of answers [n, K, cells], which rollout holds the one that most rollouts do."""
    found = np.zeros(len(answers), int)
    for i, of_puzzle in enumerate(answers):
        _, index, count = np.unique(of_puzzle, axis=0, return_index=True, return_counts=True)
        found[i] = index[count.argmax()]
    return found


def figures(right: np.ndarray, reached: np.ndarray, q: np.ndarray, mode: np.ndarray, best_step: np.ndarray) -> dict:
    """Shares in percent with intervals. right (at the end), reached (after some step) and q [n, K]; mode [n]: a rollout;
    best_step bool [n]: whether the answer with the largest q of all steps is right.
    """
    n = len(right)
    best, most = right[np.arange(n), q.argmax(1)], right[np.arange(n), mode]
    share = lambda found: {'percent': round(100 * found.mean(), 1), 'interval': wilson(found.sum(), n)}
    return {
        'n': n,
        'rollout': round(100 * right.mean(), 2),
        'pass': share(right.any(1)),
        'best_q': share(best),
        'mode': share(most),
        'reached': share(reached.any(1)),
        'best_step': share(best_step),
        'auroc': auroc(q.reshape(-1), right.reshape(-1)),
    }
