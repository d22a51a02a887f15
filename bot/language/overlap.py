"""Phrasings of different labels that ask the same: by the words they share, and by what the matcher makes of them.

Character n-grams alone cannot tell "asesmen daring" from "bimtek daring"; a person compares the words that carry the
question. So near phrasings are looked up by their cosine and judged by the share of words, weighed by rarity, that both
have. With the figures below 104 of 106 near-duplicates planted in the real knowledge are found, and one pair of its own
210 entries is called alike without being so (``tests/planted_overlaps.py``, ``tests/curation/test_lint_recall.py``).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA

from bot.language.matching import Matcher
from bot.language.normalize import YEAR_WORD, stem
from bot.language.postings import Floats, Numbers

NEAR = 0.4  # cosine from which two phrasings are compared word by word; courtesies around a question cost up to half
SHARED = 0.75  # share of common words from which two phrasings ask the same
UNLIKE_QUESTION = 1.0  # weight, like that of a fairly common word, where only one of two asks "siapa", "kapan" …
TAKEN_NEAR = 0.5  # cosine to the taker's phrasing; further away the matcher only prefers something to nothing
TAKEN_LEAD = 0.35  # score (0-1) by which another label must be ahead of a phrasing's own

TYPO_FROM = 6  # letters of a word that may be another one misspelt; short ones differ on purpose (RPJMD, RPJMN)
TWO_TYPOS_FROM = 7  # letters

QUESTIONS: Mapping[str, str] = {  # words that decide what is asked; "apa" and "mana" alone do not
    "siapa": "who",
    "who": "who",
    "kapan": "when",
    "when": "when",
    "where": "where",
    "berapa": "number",
    "much": "number",
    "many": "number",
    "mengapa": "why",
    "why": "why",
    "bagaimana": "how",
    "how": "how",
}
PLACE_WORD = "mana"  # asks for a place only after one of these
PLACE_BEFORE = frozenset({"di", "ke", "dari"})

_FILLERS = """
    min kak pak bu bapak ibu gan bos admin mohon izin ijin maaf permisi numpang mengganggu selamat pagi siang sore
    malam assalamualaikum halo hai tolong info informasi bertanya tanya nanya menanyakan mau ingin dong ya sih nih deh
    kah itu yang apa apakah saja ada adakah punya memiliki dpt dapet terima kasih terimakasih please pencerahan
    penjelasan boleh tahu salam hormat kami saya kita di ke dari dan dengan untuk pada dalam dlm saat ketika bagi oleh
    adalah ini tersebut tentang para bahwa agar supaya juga the a an is are was were do does did of for to in on at we
    our i can you
"""
FILLERS = frozenset(_FILLERS.split())  # courtesies and small words, in their standard form (istilah.yaml)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two phrasings of different labels, as rows of the matcher, that ask (nearly) the same."""

    first: int
    second: int
    shared: float  # share of their words, by rarity, that both have
    identical: bool  # after terms and spellings are unified, not a word differs


@dataclass(frozen=True, slots=True)
class Taken:
    """A phrasing that goes to another label as soon as it is worded a little differently."""

    row: int
    label: str  # that takes it
    nearest: int  # the row of the taker's nearest phrasing
    lead: float  # by which the taker is ahead, 0-1


@dataclass(frozen=True, slots=True)
class _Said:
    words: Mapping[str, float]  # → rarity; without fillers and suffixes
    asks: frozenset[str]


class Near(NamedTuple):
    """The phrasings of other labels that are near to one: rows, and their cosines."""

    rows: Numbers
    cosines: Floats


def neighbours(matcher: Matcher) -> tuple[Near, ...]:
    """What is near to each phrasing: the costly part of what follows, 3 s for 10,000 of them."""
    found = []
    for row, own in enumerate(matcher.label_of):
        cosines = matcher.similar(row)
        near = np.flatnonzero((cosines >= NEAR) & (matcher.label_of != own))
        found.append(Near(near, cosines[near]))
    return tuple(found)


def overlaps(matcher: Matcher, near: Sequence[Near] = ()) -> tuple[Overlap, ...]:
    """The pairs of phrasings of different labels that ask the same, the most similar first.

    ``near`` is ``neighbours(matcher)``, where that is known already.

    >>> texts = ["berapa lama MoU berlaku?", "MoU berlakunya berapa lama ya min", "siapa yang menandatangani MoU"]
    >>> [(o.first, o.second) for o in overlaps(Matcher(texts, ["durasi", "masa-berlaku", "penanda-tangan"]))]
    [(0, 1)]
    """
    weights = _rarities(matcher)
    said = [_said(text.split(), weights) for text in matcher.texts]
    found = []
    for first, (rows, _) in enumerate(near or neighbours(matcher)):
        for second in rows[rows > first].tolist():
            shared = _shared(said[first], said[second])
            if shared >= SHARED:
                found.append(Overlap(first, second, shared, matcher.texts[first] == matcher.texts[second]))
    return tuple(sorted(found, key=lambda pair: (-pair.shared, pair.first, pair.second)))


def taken(matcher: Matcher, labels: Collection[str], near: Sequence[Near] = ()) -> tuple[Taken, ...]:
    """The phrasings of ``labels`` that the rest of the knowledge surely gives to another label, in order.

    Each is asked while it is left out (``Matcher.asked``). Where phrasings of a label differ as they should, every
    third goes elsewhere then, so only those count that are near to a phrasing of the label that clearly takes them.
    ``near`` is ``neighbours(matcher)``, where that is known already.
    """
    found = []
    for row, (rows, cosines) in enumerate(near or neighbours(matcher)):
        own = matcher.label_of[row]
        if matcher.labels[own] not in labels or not (cosines >= TAKEN_NEAR).any():
            continue
        scores = matcher.asked(row)
        winner = int(scores.argmax())
        lead = float(scores[winner] - scores[own])
        theirs = matcher.label_of[rows] == winner
        if lead >= TAKEN_LEAD and theirs.any() and cosines[theirs].max() >= TAKEN_NEAR:
            nearest = int(rows[theirs][cosines[theirs].argmax()])
            found.append(Taken(row, matcher.labels[winner], nearest, lead))
    return tuple(found)


def never_first(matcher: Matcher, labels: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The labels that none of their own phrasings leads to when it is left out, each with what these lead to instead.

    What they lead to stands in the order of the phrasings, as often as it comes.
    """
    for number, label in enumerate(matcher.labels):
        if label not in labels:
            continue
        winners: list[str] = []
        for row in np.flatnonzero(matcher.label_of == number).tolist():
            winners.append(matcher.labels[int(matcher.asked(row).argmax())])
            if winners[-1] == label:
                break
        else:
            yield label, tuple(winners)


def _rarities(matcher: Matcher) -> dict[str, float]:
    """Weight of every word: the fewer labels use it, the more it says."""
    used: dict[str, int] = {}
    for words in matcher.words_of:
        for word in words:
            used[word] = used.get(word, 0) + 1
    return {word: math.log((1 + len(matcher.labels)) / (1 + count)) for word, count in used.items()}


def _said(tokens: Sequence[str], weights: Mapping[str, float]) -> _Said:
    words: dict[str, float] = {}
    asks: set[str] = set()
    for before, token in zip(("", *tokens), tokens, strict=False):
        if token in QUESTIONS:
            asks.add(QUESTIONS[token])
        elif token == PLACE_WORD and before in PLACE_BEFORE:
            asks.add("where")
        elif token not in FILLERS and token != YEAR_WORD:
            words.setdefault(stem(token), weights[token])
    return _Said(words, frozenset(asks))


def _shared(first: _Said, second: _Said) -> float:
    """Share of the words of two phrasings that both have; 0 where they ask for different things or numbers."""
    if first.asks and second.asks and first.asks.isdisjoint(second.asks):
        return 0.0
    numbers = [{word for word in said.words if word.isdigit()} for said in (first, second)]
    if all(numbers) and numbers[0].isdisjoint(numbers[1]):
        return 0.0
    common, alone = 0.0, UNLIKE_QUESTION * (bool(first.asks) != bool(second.asks))
    rest = dict(second.words)
    for word, weight in first.words.items():
        twin = word if word in rest else next((other for other in rest if _misspelt(word, other)), None)
        if twin is None:
            alone += weight
        else:
            common += min(weight, rest.pop(twin))
    alone += sum(rest.values())
    return common / (common + alone) if common else 0.0


def _misspelt(word: str, other: str) -> bool:
    """Whether one word is probably the other with a typing mistake; the first letter is hardly ever wrong."""
    longest = max(len(word), len(other))
    if longest < TYPO_FROM or word[0] != other[0] or word.isdigit() or other.isdigit():
        return False
    return OSA.distance(word, other) <= (2 if longest >= TWO_TYPOS_FROM else 1)
