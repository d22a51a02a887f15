"""Repair of words that the knowledge does not contain."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.normalize import FILLERS, stem

SHORTEST = 3  # letters; shorter words have too many neighbours
SHORT_WORD = 5  # letters; below it one slip already costs a quarter of the similarity
CUT = 0.75  # normalised OSA similarity from which a known word counts as meant (matching.md, section 4, step 3)
CUT_SHORT = 0.66  # the same for words shorter than SHORT_WORD
MEMORY = 20_000  # repaired words remembered; a word costs about 0.3 ms
_TWICE = re.compile(r"([a-z])\1")


class Speller:
    """Finds the known word that a misspelt one most likely means.

    The nearest word wins by optimal string alignment (a swap of two letters counts as one slip); ties go to the word
    used more often, then by alphabet. Where none is near enough, the word with the same consonants is meant.

    >>> Speller(["syarat", "seleksi", "syarat"]).repair("syrat")
    'syarat'
    """

    def __init__(self, words: Iterable[str]) -> None:
        frequency: dict[str, int] = {}
        for word in words:
            frequency[word] = frequency.get(word, 0) + 1
        self._known = frozenset(frequency)
        # The first of equally near words is returned, so the order decides ties.
        self._order = sorted((w for w in frequency if not w.isdigit()), key=lambda w: (-frequency[w], w))
        self._memory: dict[str, str] = {}
        # The most frequent word of each skeleton; ``_order`` begins with the most frequent.
        self._by_consonants = {_consonants(word): word for word in reversed(self._order)}

    def __getstate__(self) -> dict[str, object]:
        """Without its memory: what people typed is kept nowhere."""
        return self.__dict__ | {"_memory": {}}

    def knows(self, word: str) -> bool:
        """Tells whether the word stands in the knowledge."""
        return word in self._known

    def repair(self, word: str) -> str:
        """The known word meant, or the word itself where none is near enough."""
        found = self._memory.get(word)
        if found is None:
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            found = self._memory[word] = self._nearest(word)
        return found

    def _nearest(self, word: str) -> str:
        if word in self._known or word in FILLERS or len(word) < SHORTEST or not word.isalpha():
            return word
        if stem(word) in self._known:
            return stem(word)  # rightly spelt: "dinasnya" is no slip of "ditanya"
        if (squeezed := _TWICE.sub(r"\1", word)) in self._known:
            return squeezed  # "siaap" is drawn out, and no slip of "siapa"
        cut = CUT_SHORT if len(word) < SHORT_WORD else CUT
        found = process.extractOne(word, self._order, scorer=OSA.normalized_similarity, score_cutoff=cut)
        if found:
            return found[0]
        return self._by_consonants.get(_consonants(word), word) if len(_consonants(word)) >= SHORTEST else word


def _consonants(word: str) -> str:
    """What is left of a word in a hurried chat: "slmt" of "selamat"."""
    return word[:1] + "".join(letter for letter in word[1:] if letter not in "aiueo")
