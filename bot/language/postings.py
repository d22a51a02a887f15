"""Texts as sparse vectors of letters and words (TF-IDF), and how close they are to each other.

A text is the n-grams of its words and the words with their pairs, each of the two kinds with a fixed share of the
squared length; the product of two vectors is their cosine, 0-1. Nothing here grows with the square of the texts:
100,000 of them take 8 s and, while they are indexed, 1.1 GB.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

CHAR_SHARE = 0.75  # of the squared vector length; the rest belongs to words. The plateau is ±0.15 wide
RARITY = 0.7  # power of the idf in a weight; 1 loses 0.4 points of top-1 on public question sets
GRAMS = (2, 3, 4)  # lengths of character n-grams, inside word boundaries
FREQUENT = 8  # a feature in more than every eighth text is kept for all texts: 166 of 43,000, four fifths of the work
WORD = "="  # begins the name of a feature that is a word or a pair of words; no n-gram holds it


class Vector(NamedTuple):
    """A sparse vector: numbers of features, each once, and their weights."""

    numbers: Numbers
    weights: Floats


def mean(one: Vector, other: Vector) -> Vector:
    """The vector half way between two."""
    numbers, place = np.unique(np.concatenate((one.numbers, other.numbers)), return_inverse=True)
    return Vector(numbers, np.bincount(place, np.concatenate((one.weights, other.weights)), len(numbers)) / 2)


@dataclass(frozen=True, slots=True)
class Lines:
    """A sparse matrix by line: line i holds ``values[start[i]:start[i+1]]`` in the columns ``columns[…]``."""

    start: Numbers
    columns: NDArray[np.int32]
    values: NDArray[np.float32]

    @classmethod
    def of(cls, lengths: Numbers, columns: NDArray[np.int32], values: NDArray[np.float32]) -> Lines:
        """A matrix whose lines have these lengths."""
        return cls(np.concatenate(([0], np.cumsum(lengths))), columns, values)

    def owners(self) -> Numbers:
        """The line of each value."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def turned(self, wanted: NDArray[np.bool_]) -> Lines:
        """The same matrix by column; a column that is not wanted becomes an empty line."""
        kept = np.flatnonzero(wanted[self.columns])
        order = kept[np.argsort(self.columns[kept], kind="stable")]
        lengths = np.bincount(self.columns[kept], minlength=len(wanted))
        return Lines.of(lengths, self.owners().astype(np.int32)[order], self.values[order])

    def take(self, which: Numbers) -> Lines:
        """Some of the lines, in this order."""
        lengths = self.start[which + 1] - self.start[which]
        begin = self.start[which] - (np.cumsum(lengths) - lengths)
        at = np.repeat(begin, lengths) + np.arange(lengths.sum())
        return Lines.of(lengths, self.columns[at], self.values[at])


@dataclass(frozen=True, slots=True)
class Postings:
    """The vectors of many texts, by text and by feature."""

    index: dict[str, int]  # name of a feature → its number
    whole: NDArray[np.bool_]  # features that are words or pairs of words
    idf: Floats
    by_text: Lines
    by_feature: Lines  # without the frequent ones
    frequent: NDArray[np.float32]  # a row for each frequent feature, a column for each text
    place: NDArray[np.int32]  # of each feature among the frequent ones; -1 for the others

    @property
    def count(self) -> int:
        """How many texts there are."""
        return len(self.by_text.start) - 1

    def vector(self, words: Sequence[str]) -> Vector:
        """The vector of a text, given as words, without features that none of the texts here has."""
        counted = Counter(number for name in _features(words) if (number := self.index.get(name)) is not None)
        numbers = np.fromiter(counted, np.int64, len(counted))
        times = np.fromiter(counted.values(), np.float64, len(counted))
        return Vector(numbers, _weighed(numbers, times, np.zeros_like(numbers), self.idf, self.whole))

    def own(self, row: int) -> Vector:
        """The vector of one of the texts."""
        line = self.by_text.take(np.array([row]))
        return Vector(line.columns.astype(np.int64), line.values.astype(np.float64))

    def rarity(self, word: str) -> float:
        """Smoothed idf of a word, also of one that no text has."""
        number = self.index.get(WORD + word)
        return float(self.idf[number]) if number is not None else math.log(1 + self.count) + 1

    def cosines(self, vector: Vector) -> Floats:
        """Similarity, 0-1, of a text to every text here."""
        place = self.place[vector.numbers]
        rare = place < 0
        found = self.by_feature.take(vector.numbers[rare])
        cosines = np.bincount(found.columns, found.values * vector.weights[rare][found.owners()], self.count)
        return cosines + vector.weights[~rare].astype(np.float32) @ self.frequent[place[~rare]]

    def among(self, rows: Numbers) -> NDArray[np.float32]:
        """Similarities, 0-1, of some of the texts to each other."""
        found = self.by_text.take(rows)
        shared = np.bincount(found.columns, minlength=len(self.idf)) > 1  # what only one has makes nobody similar
        kept = shared[found.columns]
        place = np.cumsum(shared) - 1
        dense = np.zeros((len(rows), int(shared.sum())), np.float32)
        dense[found.owners()[kept], place[found.columns[kept]]] = found.values[kept]
        alike = np.asarray(dense @ dense.T, np.float32)
        np.fill_diagonal(alike, 1)
        return alike


def index(texts: Sequence[Sequence[str]]) -> Postings:
    """Builds the vectors of all texts, given as words. Smoothed idf as in scikit-learn's TfidfVectorizer."""
    names: dict[str, int] = {}
    of_word: dict[str, list[int]] = {}
    columns, times, lengths = array("i"), array("i"), array("l")
    for words in texts:
        for word in words:
            if word not in of_word:
                of_word[word] = [names.setdefault(name, len(names)) for name in _features((word,))]
        numbers = [number for word in words for number in of_word[word]]
        numbers += [names.setdefault(pair, len(names)) for pair in _pairs(words)]
        counted = Counter(numbers)
        columns.extend(counted)
        times.extend(counted.values())
        lengths.append(len(counted))
    whole = np.fromiter((name.startswith(WORD) for name in names), np.bool_, len(names))
    rows = Lines.of(np.array(lengths, np.int64), np.array(columns, np.int32), np.zeros(0, np.float32))
    frequency = np.bincount(rows.columns, minlength=len(names))
    idf = np.log((1 + len(texts)) / (1 + frequency)) + 1
    values = _weighed(rows.columns, np.array(times, np.float64), rows.owners(), idf, whole)
    by_text = Lines(rows.start, rows.columns, values.astype(np.float32))
    often = frequency > len(texts) / FREQUENT
    place = np.where(often, np.cumsum(often) - 1, -1).astype(np.int32)
    frequent = np.zeros((int(often.sum()), len(texts)), np.float32)
    common = often[by_text.columns]
    frequent[place[by_text.columns[common]], by_text.owners()[common]] = by_text.values[common]
    return Postings(names, whole, idf, by_text, by_text.turned(~often), frequent, place)


def _features(words: Sequence[str]) -> Iterator[str]:
    """Names of everything in a text, as often as it comes."""
    for word in words:
        padded = f" {word} "
        for length in GRAMS:
            yield from (padded[at : at + length] for at in range(len(padded) - length + 1))
        yield WORD + word
    yield from _pairs(words)


def _pairs(words: Sequence[str]) -> Iterator[str]:
    return (f"{WORD}{one} {other}" for one, other in pairwise(words))


def _weighed(
    features: NDArray[np.integer], times: Floats, rows: Numbers, idf: Floats, whole: NDArray[np.bool_]
) -> Floats:
    """Weights of features by how often they come in their row: each kind makes its share of a row's squared length."""
    weights = (1 + np.log(times)) * idf[features] ** RARITY
    kind = 2 * rows + whole[features]
    length = np.sqrt(np.bincount(kind, weights * weights))
    return np.asarray(weights / length[kind] * np.sqrt((CHAR_SHARE, 1 - CHAR_SHARE))[kind % 2], np.float64)
