"""Ranking of a question against everything that the knowledge can be asked.

Phrasings vote for their labels by TF-IDF similarity (characters and words) to the question, with weights from a kernel
ridge, so that phrasings which confuse two labels count less; that is blended with how near the question is to all
phrasings of a label together, and with a similarity that does not care about word order. Up to ``SOLVED_UP_TO``
phrasings the ridge is solved once for all; beyond, for the phrasings nearest to each question: as good on 760 rehearsal
questions with 5,800 phrasings (top-1 94.0 % against 94.2 %), and nothing that a fit makes grows with the square of the
phrasings: 5,800 are fitted in 0.4 s, 100,000 in 8 s.

Letters and words tell no more than this: affixes, n-grams across word gaps, latent semantics, naive Bayes, logistic
regression instead of the ridge or beside it, and a reranker learned from 21 features all stay within a point of it on
four public question sets (the best, logistic regression beside it: top-1 +0.3, recall@3 +0.1). What goes further is
meaning, as a second kernel, where there is an encoder (``semantic``): top-1 +3.6, recall@3 +2.4.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.language.normalize import NO_TERMS, Terms, tokens
from bot.language.postings import Floats, Numbers, index, mean
from bot.language.semantic import Meaning, SecondKernel, joined
from bot.language.spelling import Speller

SOLVED_UP_TO = 2000  # phrasings; solving for all takes 0.2 s there and grows with the third power
NEIGHBOURS = 150  # phrasings that vote; 100-300 differ by under half a point of top-1 and recall@3
NEIGHBOURS_IN_MEANING = 300  # with an encoder more labels come near; 150 lose one point of top-1, 600 cost 20 ms
RIDGE = 0.1  # regularisation; 0.1-0.3 differ by under half a point of top-1
ORDER_FREE = 0.2  # share of token_sort_ratio in the score
WHOLE = 0.4  # what a label loses whose phrasings together are further from the question, by their cosine, than those of
# another label: gains 0.6 points of top-1 on 760 rehearsal questions, 0.3 of top-1 and recall@3 on public question sets
UNCOVERED = 0.2  # what a question without any word of the best label loses of its lead, and
COVERED_MORE = 0.25  # what it gains where the best label has all of its words and no other label any
MISSING = 0.2
"""What a label falls behind that has none of a question's words in any of its phrasings: with 40 phrasings a label,
top-1 of 1,324 test questions rises from 94.4 to 96.2 %, recall@3 from 99.0 to 99.5 %; 0.1 gains half of it.
"""
FULL = 30  # phrasings of a label, in the mean, from which a word that none of them has tells so much; less, with fewer
LOOKED_AT = 32  # labels of the best score, and at least as many as are wanted, that are put in order by this
DECIMALS = 6  # scores are rounded before they are compared, so that ties are ties on every machine


@dataclass(frozen=True, slots=True)
class Candidate:
    """A label with its score (0-1, higher is closer) and the phrasing of it that is nearest to the question."""

    label: str
    score: float
    standing: float  # the score less what the words cost that no phrasing of the label has; candidates rank by it
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
    trust: float = 1.0  # 0-1: how much it tells that no phrasing of a label has a word; little, with few phrasings

    def keep(self, eligible: Callable[[Candidate], bool]) -> Ranking:
        """The same ranking without the candidates that are not eligible."""
        return replace(self, candidates=tuple(c for c in self.candidates if eligible(c)))

    @property
    def confidence(self) -> float:
        """How far the best label leads, and has more of the words than any other: the measure that the cuts are set on.

        The lead alone lets 81 % of 760 rehearsal questions be answered at 99 % precision, with coverage 85 %: a
        question about something else often differs from an entry by one rare word ("bikin *ktp*, syaratnya apa"). And
        one worded unlike any phrasing still shares its rare words with one label only: with that, 1,376 of 1,468 pass
        instead of 1,370, and 97.7 instead of 97.5 % of the direct answers are right.
        """
        if not self.candidates:
            return 0.0
        top, *others = self.candidates
        rival = max((other.covered for other in others), default=0.0)
        leading = lead([candidate.standing for candidate in self.candidates[:2]])
        return leading + self.trust * (COVERED_MORE * (top.covered - rival) - UNCOVERED * (1 - top.covered))


def in_order(candidate: Candidate) -> tuple[float, str]:
    """The key by which candidates rank: best standing first, ties by label."""
    return -candidate.standing, candidate.label


def lead(best_two: Sequence[float]) -> float:
    """Distance of the best score to the second; a single score leads by all of itself.

    With some 250 labels it tells right from wrong better than the score alone or score plus lead do: at 97 % precision
    it lets 87 % of 760 rehearsal questions be answered at once, against 78 % and 84.5 %.
    """
    if not best_two:
        return 0.0
    return best_two[0] - (best_two[1] if len(best_two) > 1 else 0.0)


class Matcher:
    """Ranks labels for a question; fitted once, then immutable.

    ``utterances`` are phrasings as staff wrote them, ``labels`` their labels, in the same order. Fitting
    takes 0.4 s for 6,000 phrasings; with ``meaning``, an encoder, 1.5 ms more for each phrasing that it does not know.

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
        ends = [*self.first[1:], len(texts)]
        self.lengths = np.array([self._length(np.arange(*rows)) for rows in zip(self.first, ends, strict=True)])
        self.trust = min(1.0, len(texts) / len(self.labels) / FULL) if texts else 0.0
        self.votes = self._all_votes() if len(texts) <= SOLVED_UP_TO else None

    def rank(self, text: str, most: int = 5) -> Ranking:
        """The ``most`` best labels for a message, ties by label."""
        words = tokens(text, self.terms)
        repaired = tuple(self.speller.repair(word) for word in words)
        vector = self.postings.vector(words)
        if repaired != words:
            # The mean keeps rare but right words while still gaining from the repair.
            vector = mean(vector, self.postings.vector(repaired))
        cosines = self.postings.cosines(vector)
        if self.second and words:
            cosines = joined(cosines, self.second.cosines((" ".join(words), " ".join(repaired))))
        scores = self.scores(cosines, " ".join(repaired))
        best = np.argsort(-scores, kind="stable")[: max(most, LOOKED_AT)]
        known = sum(self.speller.knows(word) for word in repaired) / len(repaired) if repaired else 0.0
        near = sorted((self._candidate(int(b), scores, cosines, repaired) for b in best), key=in_order)
        return Ranking(words, repaired, tuple(near[:most]), known, self.trust)

    def texts_of(self, label: str) -> tuple[str, ...]:
        """The phrasings of a label in standard words; none where it is not known."""
        number = bisect_left(self.labels, label)
        if self.labels[number : number + 1] != (label,):
            return ()
        return self.texts[self.first[number] : self.first[number + 1] if number + 1 < len(self.labels) else None]

    def similar(self, row: int) -> Floats:
        """Cosines of a phrasing to every phrasing."""
        cosines = self.postings.cosines(self.postings.own(row))
        return joined(cosines, self.second.similar(row)) if self.second else cosines

    def asked(self, row: int, *, without_label: bool = False) -> Floats:
        """Scores of a phrasing when it is asked while left out, alone or with its whole label."""
        cosines = self.similar(row)
        left_out = self.label_of == self.label_of[row] if without_label else np.arange(len(cosines)) == row
        near = _nearest(np.where(left_out, -1.0, cosines), self.voters)
        own, lengths = self.label_of[row], self.lengths.copy()
        lengths[own] = self._length(np.flatnonzero((self.label_of == self.label_of[row]) & ~left_out))
        whole = _whole(np.where(left_out, 0.0, cosines), self.label_of, lengths)
        return self._blend(self._voted(cosines, near), whole, near, self.texts[row])

    def covered(self, row: int, label: int) -> float:
        """Share of a phrasing's words, by rarity, that the other phrasings of a label, given by number, have: 0-1."""
        end = self.first[label + 1] if label + 1 < len(self.first) else len(self.label_of)
        others = (
            text.split() for at, text in enumerate(self.texts[self.first[label] : end], self.first[label]) if at != row
        )
        return self._share(self.texts[row].split(), frozenset().union(*others))

    def scores(self, cosines: Floats, text: str) -> Floats:
        """Score of every label, given the cosines to every phrasing and the repaired text."""
        near = _nearest(cosines, self.voters)
        learned = self._voted(cosines, near) if self.votes is None else np.exp(cosines - 1) @ self.votes
        return self._blend(learned, _whole(cosines, self.label_of, self.lengths), near, text)

    def _all_votes(self) -> Floats:
        """The votes of every phrasing for every label, solved for all of them at once."""
        cosines = np.array([self.similar(row) for row in range(len(self.texts))])
        return _solved(cosines, np.eye(len(self.labels))[self.label_of])

    def _voted(self, cosines: Floats, near: Numbers) -> Floats:
        """The votes that a question gets for every label from the phrasings near to it, solved among these."""
        among = self._among(near)
        # The system is symmetric, so it is solved once for the question instead of for each label.
        weights = _solved(among, np.exp(cosines[near] - 1))
        return np.asarray(np.bincount(self.label_of[near], weights, len(self.labels)), np.float64)

    def _among(self, rows: Numbers) -> NDArray[np.float32]:
        """Cosines of some of the phrasings to each other."""
        cosines = self.postings.among(rows)
        return joined(cosines, self.second.among(rows)) if self.second else cosines

    def _length(self, rows: Numbers) -> float:
        """The length of the sum of some phrasings; at least that of one."""
        return math.sqrt(max(1.0, float(self._among(rows).sum())))

    def _blend(self, learned: Floats, whole: Floats, near: Numbers, text: str) -> Floats:
        best = np.zeros(len(self.labels))
        if len(near) and text:
            ratios = process.cdist([text], [self.texts[i] for i in near], scorer=fuzz.token_sort_ratio, workers=1)[0]
            np.maximum.at(best, self.label_of[near], ratios / 100)
        scores: Floats = (1 - ORDER_FREE) * learned + ORDER_FREE * best - WHOLE * (whole.max() - whole)
        return scores.round(DECIMALS)

    def _candidate(self, label: int, scores: Floats, cosines: Floats, words: Sequence[str]) -> Candidate:
        end = self.first[label + 1] if label + 1 < len(self.first) else len(self.label_of)
        nearest = int(self.first[label] + np.argmax(cosines[self.first[label] : end]))
        covered = self._share(words, self.words_of[label])
        score = float(scores[label])
        return Candidate(
            self.labels[label],
            score,
            round(score - self.trust * MISSING * (1 - covered), DECIMALS),
            self.utterances[nearest],
            round(float(cosines[nearest]), DECIMALS),
            covered,
        )

    def _share(self, words: Sequence[str], known: frozenset[str]) -> float:
        """Share of some words, by rarity, that are known."""
        weights = [self.postings.rarity(word) for word in words]
        found = sum(w for word, w in zip(words, weights, strict=True) if word in known)
        return round(found / sum(weights), DECIMALS) if weights else 0.0


def _whole(cosines: Floats, label_of: Numbers, lengths: Floats) -> Floats:
    """Cosine of a question to the sum of each label's phrasings, given that to each of them."""
    return np.asarray(np.bincount(label_of, cosines, len(lengths)) / lengths, np.float64)


def _nearest(cosines: Floats, most: int) -> Numbers:
    """The rows of the ``most`` phrasings nearest to a question; those with a negative cosine take no part."""
    count = min(most, len(cosines))
    near = np.argpartition(-cosines, count - 1)[:count]
    return np.sort(near[cosines[near] >= 0])


def _solved(cosines: NDArray[np.floating], wanted: Floats) -> Floats:
    """The weights with which phrasings, given the cosines between them, come nearest to what is wanted of each."""
    system = np.exp(cosines.astype(np.float64) - 1)
    system.flat[:: len(system) + 1] += RIDGE
    return np.asarray(np.linalg.solve(system, wanted), np.float64)
