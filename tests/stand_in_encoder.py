"""An encoder for tests that is small, exact and the same everywhere: it counts words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.language.semantic import Vectors

BUCKETS = 64


@dataclass
class WordCounts:
    """Counts words in hashed buckets; the words of one group of ``synonyms`` count as its first.

    ``shift`` is added to every number of every vector, as the raw cosines of real encoders all lie close together.
    ``encoded`` remembers what was asked for.
    """

    synonyms: Iterable[Sequence[str]] = ()
    shift: float = 0.0
    version: str = "word-counts 1.0"
    encoded: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        rows = np.full((len(texts), BUCKETS), self.shift, np.float32)
        meant = {word: group[0] for group in self.synonyms for word in group}
        for row, text in zip(rows, texts, strict=True):
            for word in text.split():
                row[hashlib.blake2b(meant.get(word, word).encode()).digest()[0] % BUCKETS] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
