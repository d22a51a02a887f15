"""Where in a text names stand, written rightly or mistyped."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.regions import markers
from bot.regions.names import Name, NameTable
from bot.regions.ordinary_words import ORDINARY_WORDS
from bot.regions.text import Token, Words, read_tokens

BESIDE_A_NAME = re.compile(r"[ \t\u00a0.:\-/]*")  # between "kab." or "kab/kota" and the name
_INSIDE_A_NAME = re.compile(r"[ \t\u00a0.\-–'’`]*")  # between the words of one name
_YEAR = re.compile(r"20[12]\d")
_DI = "di"
_SHORTEST_TYPO = 3  # letters of a mistyped word
_SHORTEST_GLUED = 4  # letters of a name or first word written without a space after "kab" or "di"
_SHORTEST_STEM = 3  # letters left when "-nya" is taken off
_FAR = 3  # edits; more than a single mistyped word is ever repaired with
_MEMORY = 20_000  # words remembered with their distance from ordinary words


@dataclass(frozen=True, slots=True)
class Hit:
    """Words ``first`` to ``last`` (not included) of a text that read like one name, or like several equally."""

    first: int
    last: int
    names: tuple[Name, ...]
    exact: bool = True
    doubtful: bool = False  # mistyped, and an ordinary word is as near: "lhat" may be "lihat" or Lahat


class Finder:
    """Finds names in texts; it decides neither between namesakes nor whether "batu" is a stone.

    Arguments: the spellings, and words in lower case that are never taken for mistyped names.

    >>> from bot.model import Region, RegionType
    >>> finder = Finder(NameTable({"35.24": Region("35.24", RegionType.REGENCY, "Lamongan", "35")}, ()), ())
    >>> [(h.first, h.last, h.exact) for h in finder.hits(finder.read("lamongannya atau kab.lamngan"))]
    [(0, 1, True), (3, 4, False)]
    """

    def __init__(self, table: NameTable, common_words: Collection[str]) -> None:
        self._table = table
        self._ordinary = ORDINARY_WORDS.union(common_words)
        no_names = (word for word in self._ordinary if word.isalpha() and word not in table.exact)
        self._vocabulary = sorted(word for word in no_names if len(word) >= _SHORTEST_TYPO and word not in table.words)
        self._ordinary_edits = lru_cache(_MEMORY)(self._edits_from_ordinary)

    def read(self, text: str) -> Words:
        """The words of a text, with "kab" taken off "kabbandung" and "di" off "dilamongan", where a name is left."""
        tokens: list[Token] = []
        for token in read_tokens(text):
            cut = self._glued_prefix(token.text) if token.end - token.start == len(token.text) else 0
            if cut:
                middle = token.start + cut
                tokens.append(replace(token, text=token.text[:cut], end=middle))
                tokens.append(replace(token, text=token.text[cut:], start=middle))
            elif token.text:
                tokens.append(token)
        return Words(text, tuple(tokens))

    def hits(self, words: Words) -> list[Hit]:
        """All names of a text in order, without overlap.

        The longest exact name wins; a mistyped one may contain an exact one ("Banjar bru"), never share a part of it.
        """
        exact: list[Hit] = []
        at = 0
        while at < len(words.tokens):
            hit = self._longest_exact(words, at)
            if hit:
                exact.append(hit)
            at = hit.last if hit else at + 1
        return self._with_typos(words, exact)

    def _glued_prefix(self, word: str) -> int:
        table = self._table
        whole = table.exact.get(word)
        if (whole and not whole.ordinary and whole.codes) or word in table.words or word in self._ordinary:
            return 0
        for prefix in markers.GLUED_MARKERS:
            rest = word.removeprefix(prefix)
            if rest != word and len(rest) >= _SHORTEST_GLUED and (rest in table.exact or rest in table.first_words):
                return len(prefix)
        for prefix in markers.GLUED_PREPOSITIONS:
            rest = word.removeprefix(prefix)
            if rest != word and (self._can_follow_preposition(rest) or markers.type_of(rest)):
                return len(prefix)
        return 0

    def _can_follow_preposition(self, rest: str) -> bool:
        if len(rest) < _SHORTEST_GLUED or rest in ORDINARY_WORDS:
            return False
        name = self._table.exact.get(rest)
        return bool((name.codes or name.place) and not name.ordinary) if name else rest in self._table.first_words

    def _longest_exact(self, words: Words, first: int) -> Hit | None:
        for last in range(min(first + self._table.longest, len(words.tokens)), first, -1):
            name = self._spelt(tuple(token.text for token in words.tokens[first:last]))
            if name and _joined(words, first, last) and _means_a_place(words, name, first, last):
                return Hit(first, last, (name,))
        return None

    def _spelt(self, pieces: tuple[str, ...]) -> Name | None:
        """The name that these words spell, with or without "-nya"."""
        name = self._table.exact.get("".join(pieces))
        if name is None and pieces[-1] not in ORDINARY_WORDS and _stem(pieces[-1]) != pieces[-1]:
            pieces = (*pieces[:-1], _stem(pieces[-1]))
            name = self._table.exact.get("".join(pieces))
        return name if name and name.may_be_written(pieces) else None

    def _with_typos(self, words: Words, exact: list[Hit]) -> list[Hit]:
        """The exact hits, and mistyped names between them or, where longer, around them."""
        owner = {at: hit for hit in exact for at in range(hit.first, hit.last)}
        repaired: list[Hit] = []
        free = 0
        for suspect in range(len(words.tokens)):
            if suspect < free or suspect in owner:
                continue
            if not (self._suspicious(words, suspect) or self._left_over(words, suspect)):
                continue
            hit = self._repaired(words, suspect, free, owner)
            if hit:
                repaired.append(hit)
                free = hit.last
        taken = {at for hit in repaired for at in range(hit.first, hit.last)}
        return sorted(repaired + [hit for hit in exact if hit.first not in taken], key=lambda hit: hit.first)

    def _suspicious(self, words: Words, at: int) -> bool:
        """Tells whether a word is none that we know, so that it may be part of a mistyped name."""
        word = words.at(at)
        if len(word) < _SHORTEST_TYPO or not word.isalpha() or word in self._table.words:
            return False
        if any(form in self._ordinary for form in (word, _stem(word), _without_prefix(word))):
            return False
        if markers.type_of(word) or word in markers.TITLES or markers.is_office(word):
            return False
        return words.at(at - 1) not in markers.NOT_A_PLACE_AFTER

    def _left_over(self, words: Words, at: int) -> bool:
        """Tells whether a word is a part of names only, so that without its name the word beside it may be mistyped."""
        word = words.at(at)
        return (
            word in self._table.words and word.isalpha() and len(word) >= _SHORTEST_TYPO and word not in self._ordinary
        )

    def _repaired(self, words: Words, suspect: int, free: int, owner: Mapping[int, Hit]) -> Hit | None:
        """The longest run of words around a suspicious one that is a mistyped name."""
        runs = [
            (first, first + length)
            for length in range(self._table.longest - 1, 0, -1)
            for first in range(max(free, suspect - length + 1), suspect + 1)
        ]
        # A run that begins with "kota" comes last: "kota abtu" is Kota Batu rather than Kotabaru.
        for first, last in sorted(runs, key=lambda run: markers.type_of(words.at(run[0])) is not None):
            alone = last - first == 1 and not self._suspicious(words, first)
            if not alone and self._may_be_one_name(words, first, last, owner):
                names = self._nearest(words, first, last, owner)
                preferred = self._prefers_ordinary(words, first, last, names)
                if names and not preferred:
                    return Hit(first, last, names, exact=False, doubtful=preferred is None)
        return None

    def _prefers_ordinary(self, words: Words, first: int, last: int, names: tuple[Name, ...]) -> bool | None:
        """Tells whether a mistyped word is an ordinary one rather than a name; None where both are as near."""
        if not names or last - first > 1 or is_marked(words, first):
            return False
        forms = {words.at(first), _without_nya(words.at(first))}
        name = min(int(OSA.distance(form, names[0].key)) for form in forms)
        ordinary = min(self._ordinary_edits(form) for form in forms)
        return None if ordinary == name else ordinary < name

    def _edits_from_ordinary(self, word: str) -> int:
        near = process.extractOne(word, self._vocabulary, scorer=OSA.distance, score_cutoff=_FAR - 1)
        return int(near[1]) if near else _FAR

    def _may_be_one_name(self, words: Words, first: int, last: int, owner: Mapping[int, Hit]) -> bool:
        if last > len(words.tokens):
            return False
        for at in range(first, last):
            hit = owner.get(at)
            if hit and (hit.first < first or hit.last > last):
                return False
            if not hit and words.at(at) not in self._table.words and not self._suspicious(words, at):
                return False
        return _joined(words, first, last)

    def _nearest(self, words: Words, first: int, last: int, owner: Mapping[int, Hit]) -> tuple[Name, ...]:
        pieces = [token.text for token in words.tokens[first:last]]
        cue = is_marked(words, first) or any(_YEAR.fullmatch(words.at(at)) for at in (first - 1, last))
        inside = {name.key for at in range(first, last) if at in owner for name in owner[at].names}
        known = [word for at, word in enumerate(pieces, first) if at in owner or word in self._ordinary]
        for typed in dict.fromkeys(("".join(pieces), _without_nya("".join(pieces)))):
            names = tuple(
                name
                for name in self._table.nearest(typed, cue)
                if name.key not in inside and all(_keeps(name, word) for word in known)
            )
            if names:
                return names
        return ()


def is_marked(words: Words, first: int) -> bool:
    """Tells whether a marker such as "kab." or "bupati" stands right before a word."""
    before = words.at(first - 1)
    marker = markers.type_of(before) or before in markers.TITLES or markers.is_office(before)
    return bool(marker) and words.gap_fits(BESIDE_A_NAME, first - 1) and not is_smart_city(words, first - 1)


def is_smart_city(words: Words, at: int) -> bool:
    """Tells whether a word is the "city" of "smart city"."""
    return (words.at(at - 1), words.at(at)) == markers.SMART_CITY


def _joined(words: Words, first: int, last: int) -> bool:
    """Tells whether words may belong to one name: only spaces, hyphens, dots or apostrophes between them."""
    return all(words.gap_fits(_INSIDE_A_NAME, at) for at in range(first, last - 1))


def _means_a_place(words: Words, name: Name, first: int, last: int) -> bool:
    """Tells whether rightly written words are a name here and no part of something else."""
    tokens, marked = words.tokens[first:last], is_marked(words, first)
    if tokens[0].text == _DI and last - first > 1 and (words.shouted or not tokens[0].upper):
        return False  # "di Yogyakarta" is there, "DI Yogyakarta" the province
    if not name.codes and not name.place:  # an abbreviation such as TTS
        in_capitals = all(token.upper or token.text.isdigit() for token in tokens)
        return marked or (in_capitals and not (words.shouted and name.key in ORDINARY_WORDS))
    if marked:
        return True
    here, before, after = tokens[-1].text, words.at(first - 1), words.at(last)
    if before in markers.NOT_A_PLACE_AFTER or (here, _stem(after)) in markers.ORDINARY_PHRASES:
        return False
    return not name.ordinary or here not in (before, after)  # "buru-buru"


def _stem(word: str) -> str:
    for suffix in markers.SUFFIXES:
        stem = word.removesuffix(suffix)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            return stem
    return word


def _without_prefix(word: str) -> str:
    """A word that is written together with what stands before it ("antarnegara"), without that."""
    prefix = next((prefix for prefix in markers.PREFIXES if word.startswith(prefix)), "")
    return word.removeprefix(prefix)


def _without_nya(word: str) -> str:
    """A mistyped word may end in "-nya"; the other suffixes are too short to be told from a slip."""
    return word.removesuffix(markers.SUFFIXES[0])


def _keeps(name: Name, word: str) -> bool:
    """Tells whether a rightly written word is part of a name: typos are never looked for in it."""
    part = len(word) >= _SHORTEST_GLUED and (name.key.startswith(word) or name.key.endswith(word))
    return part or word in name.words
