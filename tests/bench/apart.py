"""Whether two samples can be told apart: Mann–Whitney U and the two-sample Kolmogorov–Smirnov test, by their normal and
asymptotic approximations, good for samples of a few dozen and more."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Compared:
    """Two samples side by side. `sooner` is the chance that a random one of the first is the smaller (0.5: no telling)."""

    each: int
    first: float
    second: float
    u: float
    z: float
    u_p: float
    sooner: float
    d: float
    d_p: float


def compare(first: Sequence[float], second: Sequence[float]) -> Compared:
    """Medians and both statistics of two samples, in the samples' unit."""
    u, z, u_p = mann_whitney(first, second)
    d, d_p = kolmogorov_smirnov(first, second)
    sooner = 1 - u / (len(first) * len(second))
    return Compared(min(len(first), len(second)), median(first), median(second), u, z, u_p, sooner, d, d_p)


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> tuple[float, float, float]:
    """U of the first sample, z and the two-sided p, corrected for ties and continuity (Mann and Whitney, 1947)."""
    n, m = len(first), len(second)
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks, ties, begin = 0.0, 0, 0
    while begin < n + m:
        end = begin
        while end < n + m and ranked[end][0] == ranked[begin][0]:
            end += 1
        ranks += sum(1 for _, which in ranked[begin:end] if which == 0) * (begin + 1 + end) / 2
        ties += (end - begin) ** 3 - (end - begin)
        begin = end
    u, total = ranks - n * (n + 1) / 2, n + m
    spread = math.sqrt(n * m / 12 * (total + 1 - ties / (total * (total - 1))))
    if spread == 0:
        return u, 0.0, 1.0
    off = u - n * m / 2
    z = math.copysign(max(abs(off) - 0.5, 0), off) / spread
    return u, z, math.erfc(abs(z) / math.sqrt(2))


def kolmogorov_smirnov(first: Sequence[float], second: Sequence[float]) -> tuple[float, float]:
    """The largest distance D between the two distributions, and its p by Kolmogorov's series (Stephens, 1970)."""
    one, other = sorted(first), sorted(second)
    here = there = 0
    largest = 0.0
    while here < len(one) and there < len(other):
        value = min(one[here], other[there])
        while here < len(one) and one[here] == value:
            here += 1
        while there < len(other) and other[there] == value:
            there += 1
        largest = max(largest, abs(here / len(one) - there / len(other)))
    root = math.sqrt(len(one) * len(other) / (len(one) + len(other)))
    scaled = (root + 0.12 + 0.11 / root) * largest
    if scaled < 0.2:
        return largest, 1.0
    p = 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, 101))
    return largest, min(max(p, 0.0), 1.0)
