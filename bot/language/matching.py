"""Ranking of a question against everything that the knowledge can be asked.

Phrasings vote for their labels by TF-IDF similarity (characters and words) to the question, with weights from a kernel
ridge, so that phrasings which confuse two labels count less; that is blended with a similarity that does not care about
word order. Up to ``SOLVED_UP_TO`` phrasings the ridge is solved once for all; beyond, for the phrasings nearest to each
question: as good on 760 rehearsal questions with 5,800 phrasings (top-1 94.0 % against 94.2 %), twice as fast to ask,
and without the cubic solve at every change of the knowledge.

Meaning joins as a second kernel where there is an encoder (``semantic``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.language.normalize import NO_TERMS, Terms, tokens
from bot.language.semantic import Meaning, SecondKernel, joined
from bot.language.spelling import Speller

Floats = NDArray[np.float64]

CHAR_SHARE = 0.75  # of the squared vector length; the rest belongs to words. The plateau is ±0.15 wide
GRAMS = (2, 3, 4)  # lengths of character n-grams, inside word boundaries
SOLVED_UP_TO = 2000  # phrasings; solving for all takes 0.2 s there and grows with the third power
NEIGHBOURS = 150  # phrasings that vote; 100-300 differ by under half a point of top-1 and recall@3
NEIGHBOURS_IN_MEANING = 600  # with an encoder more labels come near; 150 lose one point of top-1
RIDGE = 0.1  # regularisation; 0.1-0.3 differ by under half a point of top-1
ORDER_FREE = 0.2  # share of token_sort_ratio in the score
STEPS = 255  # a pairwise cosine is kept in one byte; 1/255 is far below the ridge
CLOSENESS = np.exp(np.arange(STEPS + 1) / STEPS - 1)  # of two phrasings, by the byte of their cosine
DENSE_FROM = 24  # a feature in more than 1/24 of all phrasings goes through the dense product when K is built
UNCOVERED = 0.2  # what a question without any word of the best label loses of its lead
DECIMALS = 6  # scores are rounded before they are compared, so that ties are ties on every machine


@dataclass(frozen=True, slots=True)
class Candidate:
    """A label with its score (0-1, higher is closer) and the phrasing of it that is nearest to the question."""

    label: str
    score: float
    utterance: str
    cosine: float
    covered: float = 1.0  # share of the question's words, by rarity, that the label's phrasings contain


@dataclass(frozen=True, slots=True)
class Ranking:
    """What the matcher makes of one question: candidates, best first, and how the words were read."""

    words: tuple[str, ...]
    repaired: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    known: float  # share of the words, 0-1, that the knowledge contains as typed or repaired

    def keep(self, eligible: Callable[[Candidate], bool]) -> Ranking:
        """The same ranking without the candidates that are not eligible."""
        return replace(self, candidates=tuple(c for c in self.candidates if eligible(c)))

    @property
    def confidence(self) -> float:
        """How far the best label leads, less what its phrasings do not cover: the measure that the cuts are set on.

        The lead alone lets 81 % of 760 rehearsal questions be answered at 99 % precision, with coverage 85 %: a
        question about something else often differs from an entry by one rare word ("bikin *ktp*, syaratnya apa").
        """
        if not self.candidates:
            return 0.0
        uncovered = 1 - self.candidates[0].covered
        return lead([candidate.score for candidate in self.candidates[:2]]) - UNCOVERED * uncovered


def lead(best_two: Sequence[float]) -> float:
    """Distance of the best score to the second; a single score leads by all of itself.

    With some 250 labels it tells right from wrong better than the score alone or score plus lead do: at 97 % precision
    it lets 87 % of 760 rehearsal questions be answered at once, against 78 % and 84.5 %.
    """
    if not best_two:
        return 0.0
    return best_two[0] - (best_two[1] if len(best_two) > 1 else 0.0)


@dataclass(frozen=True, slots=True)
class Postings:
    """A sparse matrix by feature: phrasings ``rows[start[f]:start[f+1]]`` hold feature f with ``values[…]``."""

    index: dict[str, int]
    idf: Floats
    start: NDArray[np.int64]
    rows: NDArray[np.int32]
    values: NDArray[np.float32]
    count: int  # of phrasings

    def vector(self, words: Sequence[str]) -> tuple[NDArray[np.int64], Floats]:
        """Feature numbers and weights of a text: two blocks (characters, words), each of fixed squared length."""
        numbers: list[int] = []
        weights: list[float] = []
        for block, share in zip(_features(words), (CHAR_SHARE, 1 - CHAR_SHARE), strict=True):
            found = [
                (self.index[f], (1 + math.log(n)) * self.idf[self.index[f]])
                for f, n in block.items()
                if f in self.index
            ]
            length = math.sqrt(sum(w * w for _, w in found))
            numbers.extend(f for f, _ in found)
            weights.extend(math.sqrt(share) * w / length for _, w in found)
        return np.asarray(numbers, np.int64), np.asarray(weights)

    def rarity(self, word: str) -> float:
        """Smoothed idf of a word, also of one that no phrasing contains."""
        number = self.index.get(f"={word}")
        return float(self.idf[number]) if number is not None else math.log(1 + self.count) + 1

    def cosines(self, words: Sequence[str]) -> Floats:
        """Similarity, 0-1, of a text to every phrasing."""
        numbers, weights = self.vector(words)
        if not len(numbers):
            return np.zeros(self.count)
        spans = [slice(self.start[f], self.start[f + 1]) for f in numbers]
        rows = np.concatenate([self.rows[s] for s in spans])
        parts = np.concatenate([self.values[s] * w for s, w in zip(spans, weights, strict=True)])
        return np.bincount(rows, weights=parts, minlength=self.count).astype(np.float64)


def _features(words: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    chars: dict[str, int] = {}
    for word in words:
        padded = f" {word} "
        for n in GRAMS:
            for i in range(len(padded) - n + 1):
                gram = padded[i : i + n]
                chars[gram] = chars.get(gram, 0) + 1
    whole: dict[str, int] = {}
    for unit in [*words, *(f"{a} {b}" for a, b in pairwise(words))]:
        key = f"={unit}"
        whole[key] = whole.get(key, 0) + 1
    return chars, whole


def index(texts: Sequence[Sequence[str]]) -> Postings:
    """Builds the postings of all phrasings, given as words. Smoothed idf as in scikit-learn's TfidfVectorizer."""
    blocks = [_features(words) for words in texts]
    frequency: dict[str, int] = {}
    for pair in blocks:
        for block in pair:
            for feature in block:
                frequency[feature] = frequency.get(feature, 0) + 1
    names = sorted(frequency)
    numbers = {name: i for i, name in enumerate(names)}
    idf = np.array([math.log((1 + len(texts)) / (1 + frequency[name])) + 1 for name in names])
    empty = Postings(numbers, idf, np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32), len(texts))
    vectors = [empty.vector(words) for words in texts]
    features = np.concatenate([f for f, _ in vectors])
    rows = np.concatenate([np.full(len(f), row, np.int32) for row, (f, _) in enumerate(vectors)])
    values = np.concatenate([w for _, w in vectors])
    order = np.argsort(features, kind="stable")
    start = np.searchsorted(features[order], np.arange(len(names) + 1))
    return Postings(numbers, idf, start, rows[order], values[order].astype(np.float32), len(texts))


def gram_matrix(postings: Postings) -> NDArray[np.float32]:
    """All pairwise cosines of the phrasings. Frequent features go through one dense product, rare ones pair by pair."""
    counts = np.diff(postings.start)
    frequent = np.flatnonzero(counts > max(1, postings.count // DENSE_FROM))
    dense = np.zeros((postings.count, len(frequent)), np.float32)
    for column, f in enumerate(frequent):
        span = slice(postings.start[f], postings.start[f + 1])
        dense[postings.rows[span], column] = postings.values[span]
    matrix = dense @ dense.T
    rare = np.setdiff1d(np.flatnonzero(counts), frequent)
    for f in rare:
        span = slice(postings.start[f], postings.start[f + 1])
        rows, values = postings.rows[span], postings.values[span]
        matrix[rows[:, None], rows] += values[:, None] * values
    return np.asarray(matrix, np.float32)


class Matcher:
    """Ranks labels for a question; fitted once, then immutable.

    ``utterances`` are phrasings as staff wrote them, ``labels`` their labels, in the same order. Fitting builds the
    postings and the pairwise cosines: about 2 s for 6,000 phrasings, 0.3 s for 1,700; with ``meaning``, an
    encoder, 1.5 ms more for each phrasing that it does not know.

    >>> m = Matcher(["apa syaratnya", "syarat seleksi", "siapa asesornya"], ["syarat", "syarat", "asesor"])
    >>> m.rank("syratnya apa?").candidates[0].label
    'syarat'
    """

    def __init__(
        self,
        utterances: Sequence[str],
        labels: Sequence[str],
        terms: Terms = NO_TERMS,
        meaning: Meaning | None = None,
    ) -> None:
        order = sorted(range(len(labels)), key=lambda i: (labels[i], i))
        self.labels = tuple(sorted(set(labels)))
        self.utterances = tuple(utterances[i] for i in order)
        self.terms = terms
        texts = [tokens(u, terms) for u in self.utterances]
        self.texts = tuple(" ".join(t) for t in texts)
        number = {label: i for i, label in enumerate(self.labels)}
        self.label_of = np.array([number[labels[i]] for i in order])
        self.first = np.searchsorted(self.label_of, np.arange(len(self.labels)))
        self.speller = Speller(w for t in texts for w in t)
        words: list[set[str]] = [set() for _ in self.labels]
        for label, text in zip(self.label_of, texts, strict=True):
            words[label].update(text)
        self.words_of = tuple(map(frozenset, words))
        self.postings = index(texts)
        self.second = SecondKernel.of(meaning, self.texts) if meaning else None
        self.voters = NEIGHBOURS_IN_MEANING if meaning else NEIGHBOURS
        kernel = gram_matrix(self.postings)
        if self.second:
            kernel = joined(kernel, self.second.matrix())
        self.kernel = np.rint(np.clip(kernel, 0, 1) * STEPS).astype(np.uint8)
        every = np.arange(len(texts))
        self.votes = self._solve(every, np.eye(len(self.labels))[self.label_of]) if len(texts) <= SOLVED_UP_TO else None

    def rank(self, text: str, most: int = 5) -> Ranking:
        """The ``most`` best labels for a message, ties by label."""
        words = tokens(text, self.terms)
        repaired = tuple(self.speller.repair(word) for word in words)
        cosines = self.postings.cosines(words)
        if repaired != words:
            # The mean keeps rare but right words while still gaining from the repair.
            cosines = (cosines + self.postings.cosines(repaired)) / 2
        if self.second and words:
            cosines = joined(cosines, self.second.cosines((" ".join(words), " ".join(repaired))))
        scores = self.scores(cosines, " ".join(repaired))
        best = np.argsort(-scores, kind="stable")[:most]
        known = sum(self.speller.knows(word) for word in repaired) / len(repaired) if repaired else 0.0
        candidates = tuple(self._candidate(int(b), scores, cosines, repaired) for b in best)
        return Ranking(words, repaired, candidates, known)

    def asked(self, row: int, *, without_label: bool = False) -> Floats:
        """Scores of a phrasing when it is asked while left out, alone or with its whole label."""
        cosines = self.kernel[row] / STEPS
        left_out = self.label_of == self.label_of[row] if without_label else np.arange(len(cosines)) == row
        near = _nearest(np.where(left_out, -1.0, cosines), self.voters)
        return self._blend(self._voted(cosines, near), near, self.texts[row])

    def scores(self, cosines: Floats, text: str) -> Floats:
        """Score of every label, given the cosines to every phrasing and the repaired text."""
        near = _nearest(cosines, self.voters)
        learned = self._voted(cosines, near) if self.votes is None else np.exp(cosines - 1) @ self.votes
        return self._blend(learned, near, text)

    def _solve(self, rows: NDArray[np.int64], wanted: Floats) -> Floats:
        """The votes of some phrasings, solved among themselves."""
        system = CLOSENESS[self.kernel[np.ix_(rows, rows)]]
        system.flat[:: len(rows) + 1] += RIDGE
        return np.asarray(np.linalg.solve(system, wanted), np.float64)

    def _voted(self, cosines: Floats, near: NDArray[np.int64]) -> Floats:
        # The system is symmetric, so it is solved once for the question instead of for each label.
        weights = self._solve(near, np.exp(cosines[near] - 1))
        votes = np.bincount(self.label_of[near], weights=weights, minlength=len(self.labels))
        return np.asarray(votes, np.float64)

    def _blend(self, learned: Floats, near: NDArray[np.int64], text: str) -> Floats:
        best = np.zeros(len(self.labels))
        if len(near) and text:
            ratios = process.cdist([text], [self.texts[i] for i in near], scorer=fuzz.token_sort_ratio, workers=1)[0]
            np.maximum.at(best, self.label_of[near], ratios / 100)
        scores: Floats = (1 - ORDER_FREE) * learned + ORDER_FREE * best
        return scores.round(DECIMALS)

    def _candidate(self, label: int, scores: Floats, cosines: Floats, words: Sequence[str]) -> Candidate:
        end = self.first[label + 1] if label + 1 < len(self.first) else len(self.label_of)
        nearest = int(self.first[label] + np.argmax(cosines[self.first[label] : end]))
        return Candidate(
            self.labels[label],
            float(scores[label]),
            self.utterances[nearest],
            round(float(cosines[nearest]), DECIMALS),
            self._covered(label, words),
        )

    def _covered(self, label: int, words: Sequence[str]) -> float:
        weights = [self.postings.rarity(word) for word in words]
        found = sum(w for word, w in zip(words, weights, strict=True) if word in self.words_of[label])
        return round(found / sum(weights), DECIMALS) if weights else 0.0


def _nearest(cosines: Floats, most: int) -> NDArray[np.int64]:
    """The rows of the ``most`` phrasings nearest to a question; those with a negative cosine take no part."""
    count = min(most, len(cosines))
    near = np.argpartition(-cosines, count - 1)[:count]
    return np.sort(near[cosines[near] >= 0])
