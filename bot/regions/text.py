"""The words of a text, each with the place where it stands."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+|\d+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters or of digits."""

    text: str  # folded: lower case, no accents, "lamongannn" → "lamongan"
    start: int
    end: int
    upper: bool  # written in CAPITALS
    capital: bool  # begins with a capital letter


def read_tokens(text: str) -> list[Token]:
    """Splits a text into words and numbers; letters and digits never share one.

    >>> [(t.text, t.start, t.end) for t in read_tokens("Kab. Lamongan2018")]
    [('kab', 0, 3), ('lamongan', 5, 13), ('2018', 13, 17)]
    """
    return [_token(match) for match in _WORD.finditer(text)]


def _token(match: re.Match[str]) -> Token:
    raw = match[0]
    folded = raw.lower()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if "a" <= c <= "z" or "0" <= c <= "9")
    return Token(_STRETCHED.sub(r"\1", folded), match.start(), match.end(), raw.isupper(), raw[0].isupper())


@dataclass(frozen=True, slots=True)
class Words:
    """A text and its words in order."""

    text: str
    tokens: tuple[Token, ...]

    def at(self, index: int) -> str:
        """The word at an index, "" outside of the text."""
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def gap_fits(self, pattern: re.Pattern[str], left: int) -> bool:
        """Tells whether what stands between the word ``left`` and the next one fits a pattern as a whole."""
        return pattern.fullmatch(self.text, self.tokens[left].end, self.tokens[left + 1].start) is not None

    @property
    def shouted(self) -> bool:
        """Whether all of the text is in CAPITALS, so that they say nothing about a single word."""
        return self.text.isupper()
