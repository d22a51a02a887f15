"""Questions that say nearly the same, put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.language.matching import DECIMALS
from bot.language.postings import Floats, index

ALIKE = 0.38
"""Mean cosine from which two groups become one.

At 0.38, 91 % of 254 rehearsal questions stand in a group of their own entry (0.35: 89 %; 0.42: 95 %, but with a third
fewer groups of several). Those questions are written to differ as much as possible; what people ask repeats itself
more. token_set_ratio, token_sort_ratio and mixtures with either put fewer right pairs together.
"""


def group(texts: Sequence[Sequence[str]], background: Sequence[Sequence[str]], cut: float = ALIKE) -> list[list[int]]:
    """Groups of the numbers of ``texts`` (each given as its words): average linkage on TF-IDF cosines.

    ``background`` are further texts of the same kind, which tell how rare a word is; ``cut`` (0-1) is the mean
    similarity that holds a group together. Every number is in one group; groups are in the order of their first
    number. Costs about two seconds for 1,500 texts.

    >>> group([["dana", "pusat"], ["kapan", "bimtek"], ["dana", "dari", "pusat"]], [])
    [[0, 2], [1]]
    """
    if not texts:
        return []
    alike = _similarities(texts, background)
    groups = [[number] for number in range(len(texts))]
    sizes = np.ones(len(texts))
    nearest = alike.max(axis=1)
    while nearest.max() >= cut:
        one = int(nearest.argmax())
        other = int(alike[one].argmax())
        groups[one] += groups[other]
        groups[other] = []
        joined = (alike[one] * sizes[one] + alike[other] * sizes[other]) / (sizes[one] + sizes[other])
        sizes[one] += sizes[other]
        touched = (nearest == alike[one]) | (nearest == alike[other])  # whose nearest was one of the two
        alike[one] = alike[:, one] = joined
        alike[other] = alike[:, other] = alike[one, one] = -1.0
        touched[[one, other]] = True
        nearest[touched] = alike[touched].max(axis=1)
    return sorted(sorted(numbers) for numbers in groups if numbers)


def _similarities(texts: Sequence[Sequence[str]], background: Sequence[Sequence[str]]) -> Floats:
    """Pairwise cosines, -1 with oneself."""
    postings = index([*texts, *background])
    rows = np.array([postings.cosines(postings.own(row))[: len(texts)] for row in range(len(texts))])
    alike: Floats = ((rows + rows.T) / 2).round(DECIMALS)
    np.fill_diagonal(alike, -1.0)
    return alike
