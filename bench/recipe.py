"""The recipe that our matcher began with, as a peer: kernel ridge on TF-IDF over all phrasings, solved once.

Character 2-4-grams inside words (0.6), words with their pairs (0.4), sublinear, smoothed idf; G = exp(K - 1) + 0.1 I,
A = G⁻¹ Y, S = 0.8 exp(k - 1) A + 0.2 of the best token_sort_ratio; unknown words repaired, and the vector as typed
averaged with the repaired one; confidence = best score + lead. Both cuts come from the phrasings, left out in closed
form one by one and entry by entry: answers must be right in 95 % (a quarter of the questions being left-out entries),
at most 5 % of left-out entries answered, 3 % of left-out phrasings declined.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.language.normalize import Terms, fold

Floats = NDArray[np.float64]
Vector = dict[str, float]

CHARS, WORDS, GRAMS = 0.6, 0.4, (2, 3, 4)
RIDGE, ORDER_FREE = 0.1, 0.2
SHORTEST, SHORT, NEAR, NEAR_SHORT = 3, 5, 0.75, 0.66  # repair: letters, letters, similarities
PRECISION, LEAKED, KEPT, UNANSWERABLE = 0.95, 0.05, 0.97, 0.25


class Recipe:
    """Fitted on ``phrasings`` with their labels, which are numbers from 0 on, each of them used."""

    def __init__(self, phrasings: Sequence[str], labels: Sequence[int], terms: Mapping[str, str]) -> None:
        order = np.argsort(labels, kind="stable")
        self._label = np.asarray(labels)[order]
        self._first = np.searchsorted(self._label, np.arange(self._label.max() + 1))
        self._terms = Terms.compile(terms)
        texts = [self._words(phrasings[i]) for i in order]
        self._texts = [" ".join(words) for words in texts]
        self._known = sorted({word for words in texts for word in words})
        self._is_known = set(self._known)
        blocks = [_features(words) for words in texts]
        often = Counter(feature for pair in blocks for block in pair for feature in block)
        self._idf = {feature: math.log((1 + len(texts)) / (1 + n)) + 1 for feature, n in often.items()}
        vectors = [self._vector(words) for words in texts]
        rows: dict[str, list[tuple[int, float]]] = {}
        for row, vector in enumerate(vectors):
            for feature, weight in vector.items():
                rows.setdefault(feature, []).append((row, weight))
        self._rows = {
            f: (np.array([r for r, _ in found]), np.array([w for _, w in found])) for f, found in rows.items()
        }
        self._fit(np.array([self._cosines(vector) for vector in vectors]))

    def scores(self, text: str) -> Floats:
        """Score of every label."""
        typed = self._words(text)
        meant = [self._repair(word) for word in typed]
        cosines = self._cosines(self._vector(typed))
        if meant != typed:
            cosines = (cosines + self._cosines(self._vector(meant))) / 2
        ratios = process.cdist([" ".join(meant)], self._texts, scorer=fuzz.token_sort_ratio)[0] / 100
        learned = np.exp(cosines - 1) @ self._votes
        blended: Floats = (1 - ORDER_FREE) * learned + ORDER_FREE * self._best(ratios)
        return blended

    @staticmethod
    def confidence(scores: Floats) -> Floats:
        """The best score and its lead, of one question or of many."""
        best = np.sort(scores, axis=-1)[..., -2:]
        return np.asarray(2 * best[..., 1] - best[..., 0])

    def _words(self, text: str) -> list[str]:
        words = (re.sub(r"([a-z])\1{2,}", r"\1", word) for word in re.findall("[a-z0-9]+", fold(text)))
        return self._terms.standard([re.sub(r"^([a-z]{3,})2$", r"\1", word) for word in words])

    def _vector(self, words: Sequence[str]) -> Vector:
        vector: Vector = {}
        for block, share in zip(_features(words), (CHARS, WORDS), strict=True):
            found = {f: (1 + math.log(n)) * self._idf[f] for f, n in block.items() if f in self._idf}
            length = math.sqrt(sum(weight * weight for weight in found.values()))
            vector |= {f: math.sqrt(share) * weight / length for f, weight in found.items()}
        return vector

    def _cosines(self, vector: Vector) -> Floats:
        cosines = np.zeros(len(self._texts))
        for feature, weight in vector.items():
            rows, weights = self._rows[feature]
            cosines[rows] += weight * weights
        return cosines

    def _repair(self, word: str) -> str:
        if word in self._is_known or len(word) < SHORTEST or word.isdigit():
            return word
        cut = NEAR_SHORT if len(word) < SHORT else NEAR
        found = process.extractOne(word, self._known, scorer=OSA.normalized_similarity, score_cutoff=cut)
        return found[0] if found else word

    def _best(self, ratios: Floats) -> Floats:
        return np.asarray(np.maximum.reduceat(ratios, self._first, axis=-1))

    def _fit(self, kernel: Floats) -> None:
        everyone = np.arange(len(self._label))
        truth = np.eye(len(self._first))[self._label]
        inverse = np.linalg.inv(np.exp(kernel - 1) + RIDGE * np.eye(len(everyone)))
        self._votes = inverse @ truth
        ratios = process.cdist(self._texts, self._texts, scorer=fuzz.token_sort_ratio, dtype=np.float32) / 100
        without_label = np.empty_like(truth)
        for label in range(len(self._first)):
            rows = np.flatnonzero(self._label == label)
            without_label[rows] = truth[rows] - np.linalg.solve(inverse[np.ix_(rows, rows)], self._votes[rows])
        unanswerable = (1 - ORDER_FREE) * without_label + ORDER_FREE * self._best(ratios)
        unanswerable[everyone, self._label] = -1
        np.fill_diagonal(ratios, 0)
        left_out = truth - self._votes / np.diag(inverse)[:, None]
        answerable = (1 - ORDER_FREE) * left_out + ORDER_FREE * self._best(ratios)
        self._cut(self.confidence(answerable), answerable.argmax(axis=1) == self._label, self.confidence(unanswerable))

    def _cut(self, answerable: Floats, right: NDArray[np.bool_], unanswerable: Floats) -> None:
        """Sets ``answer`` and ``decline``, the confidences from which is answered and below which is declined."""
        confidence = np.concatenate([answerable, unanswerable])
        shares = np.repeat([1 - UNANSWERABLE, UNANSWERABLE], len(answerable))
        order = np.argsort(-confidence, kind="stable")
        good = np.concatenate([right, np.zeros(len(right))])
        precise = np.cumsum((good * shares)[order]) / np.cumsum(shares[order]) >= PRECISION
        lowest = confidence[order][np.flatnonzero(precise)[-1]] if precise.any() else math.inf
        self.answer = float(max(lowest, np.quantile(unanswerable, 1 - LEAKED)))
        self.decline = min(self.answer, float(np.quantile(answerable, 1 - KEPT)))


def _features(words: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    padded = [f" {word} " for word in words]
    chars = Counter(word[i : i + n] for word in padded for n in GRAMS for i in range(len(word) - n + 1))
    whole = Counter([*(f"={word}" for word in words), *(f"={one} {other}" for one, other in pairwise(words))])
    return chars, whole
