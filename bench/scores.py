"""Our matcher for benchmarks that bring their own questions and want one score per label.

    python run.py --matcher bench.scores:lexical
    python run.py --matcher bench.scores:with_meaning

Both are made of phrasings and the numbers of their labels. The list of spellings is what lies in ``BENCH_DATA``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.questions import slang
from bot.language.matching import Matcher
from bot.language.normalize import Terms
from bot.language.semantic import Meaning, load_encoder


class Scores:
    """Scores of every label for a question, as the matcher ranks by them."""

    def __init__(self, phrasings: Sequence[str], labels: Sequence[int], meaning: Meaning | None = None) -> None:
        folder = os.environ.get("BENCH_DATA")
        terms = Terms.compile(slang(Path(folder)) if folder else {})
        digits = len(str(max(labels)))
        self._matcher = Matcher(phrasings, [f"{label:0{digits}}" for label in labels], terms, meaning)
        self._count = max(labels) + 1

    def score(self, text: str) -> NDArray[np.float64]:
        """One score per label, 0-1, higher is closer."""
        scores = np.zeros(self._count)
        for candidate in self._matcher.rank(text, most=self._count).candidates:
            scores[int(candidate.label)] = candidate.standing
        return scores


def lexical(phrasings: Sequence[str], labels: Sequence[int]) -> Scores:
    """Letters and words only.

    >>> int(lexical(["apa syaratnya", "siapa asesornya"], [0, 1]).score("syarat").argmax())
    0
    """
    return Scores(phrasings, labels)


def with_meaning(phrasings: Sequence[str], labels: Sequence[int]) -> Scores:
    """With the encoder as a second kernel; raises OperatorError where its package is not installed."""
    return Scores(phrasings, labels, Meaning(load_encoder("use")))
