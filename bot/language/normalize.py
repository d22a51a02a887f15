"""From a message as typed to standard words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_WORD = re.compile(r"[a-z0-9]+")
_PLACEHOLDER = re.compile(r"[<{]([a-z]+)[>}]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_DRAWN_OUT = re.compile(r"(?<=..)([aiughkmnrt])\1$")  # "minn", "pakk": no Indonesian word ends so
_DOUBLED = re.compile(r"([a-z]{3,})2")
_GLUED_DIGITS = re.compile(r"(?<=[a-z]{3})(?=(?:19|20)\d\d)|(?<=(?:19|20)\d\d)(?=[a-z]{3})")
_NUMBERED = re.compile(r"(bimtek|tahap|buku|angkatan|fase|thp|gelombang)(\d)")
_YEAR = re.compile(r"20[1-3]\d")
_APOSTROPHE = re.compile(r"(?<=\w)['’`](?=\w)")

_ROMAN = {"ii": "2", "iii": "3", "iv": "4"}  # "tahap II" is "tahap 2"; a lone i or v is more often something else
_PARTICLES = """
    ji kodong iye nggih inggih njih enggeh monggo toh je lha yo mah teh atuh euy tah ceunah heula nian bah
    kwa dang pang bosku bosque bro sis kang akang teteh pakde bude bli daeng puang lae amang cuy ges gaes
"""
PARTICLES = frozenset(_PARTICLES.split())
"""Particles and forms of address of regional chat; they say nothing, and look like slips of words that do."""
_FILLERS = """
    ya yah dong deh sih nih tuh kok kan loh lho nah oh eh hai halo min admin kak kakak mas mbak bapak ibu bang gan
    mohon maaf izin tolong permisi tanya bertanya pun si lah kah nya dulu coba kira dan om tante abang dek adik
    the a an is of in for to please
"""
FILLERS = frozenset(_FILLERS.split())
"""Words that carry no question of their own."""
YEAR_WORD = "xtahun"  # stands before every year, so that phrasings of one year also match another
"""Placeholder tokens start with x: no Indonesian word of a question does."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The editors' list of abbreviations and spellings: words as typed → standard words.

    ``longest`` is the number of words of the longest typed form (1 where there is none).
    """

    forms: Mapping[tuple[str, ...], tuple[str, ...]]
    longest: int = 1

    @classmethod
    def compile(cls, terms: Mapping[str, str]) -> Terms:
        """Prepares a mapping such as ``{"gmn": "bagaimana", "smart city": "smartcity"}`` for look-up by words."""
        forms = {tuple(_WORD.findall(fold(typed))): tuple(_WORD.findall(fold(std))) for typed, std in terms.items()}
        forms.pop((), None)
        return cls(forms, max((len(form) for form in forms), default=1))

    def standard(self, words: list[str]) -> list[str]:
        """Replaces typed forms by standard words, the longest form first, each place once."""
        out: list[str] = []
        at = 0
        while at < len(words):
            for length in range(min(self.longest, len(words) - at), 0, -1):
                found = self.forms.get(tuple(words[at : at + length]))
                if found is not None:
                    out.extend(found)
                    at += length
                    break
            else:
                out.append(words[at])
                at += 1
        return out


NO_TERMS = Terms({})

SUFFIXES = ("nya", "kah", "lah", "pun")  # may stand behind any word
SHORTEST_STEM = 3  # letters that a suffix must leave


def fold(text: str) -> str:
    """Lower-cases, unifies full-width and styled characters and takes accents off.

    >>> fold("Kôta ＣＥＲＤＡＳ")
    'kota cerdas'
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def tokens(text: str, terms: Terms = NO_TERMS) -> tuple[str, ...]:
    """Splits a message into standard words.

    Stretched letters shrink ("masiiih" → "masih"), "daerah2" → "daerah", typed forms become standard words, a year
    gets ``YEAR_WORD`` before it and a placeholder such as ``<daerah>`` becomes one word ("xdaerah"). ``PARTICLES`` are
    left out where anything else is said.

    >>> tokens("Gmn syaratnyaaa utk <daerah> thn 2018?", Terms.compile({"gmn": "bagaimana", "thn": "tahun"}))
    ('bagaimana', 'syaratnya', 'utk', 'xdaerah', 'tahun', 'xtahun', '2018')
    """
    text = _PLACEHOLDER.sub(r" x\1 ", _APOSTROPHE.sub("", fold(text)))
    text = _NUMBERED.sub(r"\1 \2", _GLUED_DIGITS.sub(" ", text))
    words = [_shrink(word) for word in _WORD.findall(text)]
    standard = terms.standard(words)
    return tuple(_with_year_tokens([word for word in standard if word not in PARTICLES] or standard))


def stem(word: str) -> str:
    """The word without a suffix that changes neither what is asked nor of what.

    >>> stem("syaratnya"), stem("apakah"), stem("nyanya")
    ('syarat', 'apa', 'nya')
    """
    bare = next((bare for suffix in SUFFIXES if (bare := word.removesuffix(suffix)) != word), word)
    return bare if len(bare) >= SHORTEST_STEM else word


def _shrink(word: str) -> str:
    if word in _ROMAN:
        return _ROMAN[word]
    doubled = _DOUBLED.fullmatch(word)
    return _DRAWN_OUT.sub(r"\1", _STRETCHED.sub(r"\1", doubled[1] if doubled else word))


def _with_year_tokens(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        if _YEAR.fullmatch(word):
            yield YEAR_WORD
        yield word
